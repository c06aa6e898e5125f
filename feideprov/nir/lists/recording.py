"""What becomes of a list of participation records that is written down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from feideprov.nir.model import Record, Scheme
from feideprov.nir.register.content import Content
from feideprov.nir.register.removal import how_many_removed
from feideprov.nir.verdict import Verdict, VerdictKind


@dataclass(frozen=True)
class Recorded:
    """What was written down, or would be.

    Parameters:
        new, changed, unchanged: how many records there are of each. One is changed, too, when something new is known of
            its person.
        verdicts: how many verdicts of each kind these records have.
        removed: how many values, days and facts they took away.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    verdicts: Mapping[VerdictKind, int] = field(default_factory=lambda: MappingProxyType({}))
    removed: int = 0


def recorded(
    before: Content, after: Content, listed: Iterable[Record], verdicts_of: Callable[[Record], Iterable[Verdict]]
) -> Recorded:
    """What became of the records of a list.

    Parameters:
        before, after: what the register held, and holds.
        listed: the records of the list.
        verdicts_of: gives the verdicts on a record.
    """
    given = {(one.person.key, one.scheme): one.removed for one in listed}
    places = list(given)
    counts = Counter(_what(before, after, place) for place in places)
    verdicts = Counter(verdict.kind for place in places for verdict in verdicts_of(after.records[place]))
    removed = sum(how_many_removed(before, after, place, names) for place, names in given.items())
    return Recorded(counts["new"], counts["changed"], counts["unchanged"], verdicts, removed)


def stored(content: Content, verdicts_of: Callable[[Record], Iterable[Verdict]]) -> Recorded:
    """What the register holds: every record is unchanged."""
    return recorded(content, content, content.records.values(), verdicts_of)


def _what(before: Content, after: Content, place: tuple[str, Scheme]) -> str:
    if place not in before.records:
        return "new"
    return "unchanged" if _all_of(before, place) == _all_of(after, place) else "changed"


def _all_of(content: Content, place: tuple[str, Scheme]) -> tuple[object, ...]:
    """All that is known of a record and its person."""
    person = place[0]
    contents = {key: text for key, text in content.contents.items() if key[:2] == place}
    return content.records[place], content.marks.get(person), content.seen_of_person.get(person), contents
