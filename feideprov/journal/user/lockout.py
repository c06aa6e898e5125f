"""Whether the server locks users after wrong passwords, as `doctor` has seen it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from feideprov.journal.events import Event, Fact, Kind, State
from feideprov.journal.journal import Journal
from feideprov.tables.day import day_in_norway

SEEN_FOR: Final = timedelta(days=90)
"""What was seen counts so long: a policy can be changed, and nobody tells this program."""
_KINDS: Final = (Kind.LOCKOUT, Kind.NO_LOCKOUT)


def locks_users(journal: Journal | None, on: date) -> bool:
    """Whether the server was seen to lock users, at the last look, which was not long before this day."""
    last = _last(journal) if journal is not None else None
    return last is not None and last.kind == Kind.LOCKOUT and on - day_in_norway(last.at) <= SEEN_FOR


def keep_lockout(journal: Journal, users: str, on: date, *, locks: bool) -> None:
    """Write down what was seen of the server with these users (a DN): once a day, and when it is not as before. That it
    does not lock them is written only after it did."""
    last, kind = _last(journal), Kind.LOCKOUT if locks else Kind.NO_LOCKOUT
    known = last is not None and last.kind == kind and (not locks or day_in_norway(last.at) >= on)
    if not known and (locks or last is not None):
        journal.note(Event(kind, "", users))


def _last(journal: Journal) -> Fact | None:
    seen = [fact for fact in journal.facts(_KINDS) if fact.kind in _KINDS and fact.state == State.DONE]
    return seen[-1] if seen else None
