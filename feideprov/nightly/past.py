"""The nights before: which run did not happen, was interrupted, or could not tell anybody what was new."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from feideprov.installation import page
from feideprov.messages import Sentence, Template
from feideprov.nightly.matter import Matter
from feideprov.tables.day import day_in_norway

PLACE: Final = "nights"
_MARGIN: Final = timedelta(hours=6)
"""So much later than planned a run may begin."""
_DAY: Final = timedelta(days=1)
AHEAD: Final = _DAY
"""A night that began so much later than now was written down while the clock was wrong."""

NO_RUN: Final = Template("No nightly run for {count} day.", "No nightly run for {count} days.")
_SINCE: Final = Template("{no_run} The last one began on {day}. Check the timer, or cron ({page}).")
INTERRUPTED: Final = Template(
    "The nightly run of {day} was interrupted. What it did is in the journal, and this run went on from there."
)
_NOT_SENT: Final = Template("The mail about the night of {day} could not be sent.")


@dataclass(frozen=True)
class PastNight:
    """A run of `nightly`, as the journal keeps it."""

    began: datetime
    ended: datetime | None
    """None: it was interrupted, or has not ended yet."""
    exit_code: int | None
    told: bool
    """Whether a person was told all that was new until then."""


def no_run_since(last: datetime, now: datetime, every_days: int) -> Sentence | None:
    """That no run began for more days than are configured; None when that is not so."""
    passed = now - last
    if passed <= every_days * _DAY + _MARGIN:
        return None
    days = NO_RUN.filled(count=max(1, round(passed / _DAY)))
    return _SINCE.filled(no_run=days, day=day_in_norway(last), page=page(Sentence("nightly.md")))


def matters_of_nights(
    nights: Sequence[PastNight], now: datetime, every_days: int, mark: Callable[..., str]
) -> Iterator[Matter]:
    """What is to be said of the nights since the last one of which a person was told, which is the first of them, until
    now. Nothing before `nightly` was ever used. `mark` makes marks."""
    for before, began in pairwise([*(night.began for night in nights), now]):
        if late := no_run_since(before, began, every_days):
            yield _matter("no-run", before, late, mark)
    for night in nights:
        if night.ended is None:
            yield _matter("interrupted", night.began, INTERRUPTED.filled(day=day_in_norway(night.began)), mark)
        elif not night.told:
            yield _matter("not-sent", night.began, _NOT_SENT.filled(day=day_in_norway(night.began)), mark)


def _matter(kind: str, moment: datetime, sentence: Sentence, mark: Callable[..., str]) -> Matter:
    return Matter(PLACE, kind, frozenset({mark(kind, moment.isoformat())}), lambda _: sentence)


def since_told(nights: Iterable[PastNight]) -> list[PastNight]:
    """Of nights in their order, the last one of which a person was told, and those after it; all when there is none."""
    since = list[PastNight]()
    for night in nights:
        if night.told:
            since.clear()
        since.append(night)
    return since
