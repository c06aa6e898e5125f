"""One change of one entry, as the journal keeps it, and how far it has come."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple

from feideprov.numbers import Evidence


class State(StrEnum):
    """How far a change has come."""

    INTENDED = "intended"
    WRITTEN = "written"
    LOOKED = "looked"
    DONE = "done"
    NOT_DONE = "not done"  # found so after a crash
    REFUSED = "refused"  # by the directory
    TAKEN_BACK = "taken back"  # the look afterwards found somebody else


OPEN = (State.INTENDED, State.WRITTEN, State.LOOKED)
WAS_SO = (State.DONE, State.TAKEN_BACK)
"""It was so in the directory, if only for a moment."""
NAMING = ("create", "rename")
"""The changes that give a name to somebody."""
SEEN_ATTACH, SEEN_REPLACE, SEEN_WITHDRAW = "seen-attach", "seen-replace", "seen-withdraw"
"""The same by another hand: an observation found that a number had arrived, changed or gone."""
ABOUT_A_NUMBER = ("attach", "replace", "withdraw", SEEN_ATTACH, SEEN_REPLACE, SEEN_WITHDRAW)
"""The changes that services may have to be told of."""


@dataclass(frozen=True, slots=True)
class Event:
    """One change of one entry, as the journal keeps it.

    `kind`: create, update, attach, replace, withdraw, rename, take-back; protect; seen-attach, seen-replace,
    seen-withdraw (by another hand, `by` is who found it); and what people said: link (same-as), different,
    second-account. `other` is the second user that such an answer speaks about, or a rename's
    new name. `lifted` is the code of the doubt that the evidence lifted. `altered`: what the journal says of the
    evidence is not what was written, or is bound to another number, user or doubt. A user that was forgotten has no
    Feide name here.
    """

    kind: str
    feide_name: str
    dn: str
    source_id: str | None = None
    other: str | None = None
    number_mark: str | None = None
    old_number_mark: str | None = None
    input: str | None = None
    input_row: int | None = None
    evidence: Evidence | None = None
    lifted: str | None = None
    protected: bool = False
    state: State = State.INTENDED
    at: str = ""
    by: str = ""
    id: int = 0
    altered: bool = False

    @property
    def evidence_text(self) -> str | None:
        """The evidence in words."""
        return None if self.evidence is None else evidence_text(self.evidence)


@dataclass(frozen=True)
class Owed:
    """A notice that a service is to have about a change: the event's id, and since when it is owed."""

    change: int
    service: str
    at: str


class Fact(NamedTuple):
    """What an event says about people, without its evidence: quicker to read in great numbers."""

    kind: str
    feide_name: str
    dn: str
    source_id: str | None
    other: str | None
    protected: bool
    state: str
    at: str
    id: int


Debts = Callable[[Event], Iterable[str]]
"""The services that must be told of a change of a number, once it is done."""


def evidence_text(evidence: Evidence) -> str:
    """Evidence in words: source, who saw it, when."""
    note = f" ({evidence.note})" if evidence.note else ""
    return f"{evidence.source}, seen by {evidence.seen_by} on {evidence.seen_on}{note}"


def stamp(moment: datetime | None = None) -> str:
    """A moment, or now, to the second and in UTC (ISO 8601).

    >>> stamp(datetime(2026, 11, 23, 12, 30, tzinfo=UTC))
    '2026-11-23T12:30:00+00:00'
    """
    return (moment or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds")
