"""What people said about who is who, and what they took back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final, TypeVar

from feideprov.journal.events import Event, Fact, Kind, State

ANSWERS: Final = frozenset((Kind.LINK, Kind.SOURCE_ID, Kind.DIFFERENT, Kind.SECOND_ACCOUNT))
"""The kinds of answers."""
UNDOING: Final = frozenset(kind for kind in Kind if kind.undoes is not None)
"""The kinds that take an answer back."""

_Said = TypeVar("_Said", bound=Event | Fact)


def standing(events: Iterable[_Said]) -> Sequence[_Said]:
    """The events without the answers that were taken back, and without those that took them back.

    What takes an answer back has the names and the source id of that answer: the last one that stands.
    """
    events = list(events)
    if not any(event.kind in UNDOING for event in events):
        return events
    undone, kept = Counter[tuple[str | None, ...]](), list[_Said]()
    for event in reversed(events):
        about: tuple[str | None, ...] = (event.feide_name, event.source_id, event.other)
        if event.state == State.DONE and event.kind in UNDOING:
            undone[Kind(event.kind).undoes, *about] += 1
        elif event.state == State.DONE and undone[event.kind, *about]:
            undone[event.kind, *about] -= 1
        else:
            kept.append(event)
    return kept[::-1]
