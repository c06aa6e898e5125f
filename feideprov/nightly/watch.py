"""What `doctor` says of the nights: whether the last one was in time, ended, and did all that it was to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from typing import Final

from feideprov.check.examination import Check, good, warning, wrong
from feideprov.errors import ConfigurationError, JournalError
from feideprov.installation import page
from feideprov.issues import code
from feideprov.messages import Sentence
from feideprov.nightly.past import AHEAD, PastNight, no_run_since
from feideprov.tables.day import day_in_norway

NIGHT: Final = code(
    "D-NIGHT",
    Sentence("Warning: `nightly` did not run for longer than configured, was interrupted, or did not do all of it."),
    Sentence("Check the timer or cron, and what the last run said ({page}).", page=page(Sentence("nightly.md"))),
)
_NAME: Final = "nightly"


def night_checks(read: Callable[[], list[PastNight]], now: datetime, every_days: int) -> Iterator[Check]:
    """The check of the last of the nights that `read` returns; none where `nightly` was never used, or the journal
    cannot be read: another check says that."""
    nights = list[PastNight]()
    with suppress(ConfigurationError, JournalError, OSError):
        nights = [night for night in read() if night.began <= now + AHEAD]
    if not nights:
        return
    last = nights[-1]
    day = day_in_norway(last.began)
    if late := no_run_since(last.began, now, every_days):
        yield wrong(_NAME, warning(NIGHT, late))
    elif last.ended is None:
        sentence = Sentence("The nightly run of {day} was interrupted, or has not ended yet.", day=day)
        yield wrong(_NAME, warning(NIGHT, sentence))
    elif last.exit_code in (2, 3):
        sentence = Sentence(
            "In the nightly run of {day}, a step was stopped or failed (exit code {code}).",
            day=day,
            code=last.exit_code,
        )
        yield wrong(_NAME, warning(NIGHT, sentence))
    else:
        yield good(_NAME, Sentence("The last nightly run was on {day}.", day=day))
