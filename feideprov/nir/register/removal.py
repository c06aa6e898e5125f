"""What a list takes away: a value or a day of it, a fact, or what is known of the person."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from feideprov.nir.model import FACTS_OF_PERSON, IN_NIR, SINCE, Person, Scheme, Value
from feideprov.nir.register.content import Content

_OF_A_VALUE: Final = {"available_on": SINCE, "seen_in_nir": IN_NIR}


def values_without(values: Mapping[str, Value], removed: Collection[str]) -> dict[str, Value]:
    """The values without those that are named, and without the days that are named (`_since`, `_in_nir`)."""
    kept: dict[str, Value] = {}
    for name, value in values.items():
        days = dict.fromkeys(day for day, suffix in _OF_A_VALUE.items() if name + suffix in removed)
        one = value.model_copy(update=days) if days else value
        if name not in removed and any(_parts(name, one)):
            kept[name] = one
    return kept


def person_without(person: Person, removed: Collection[str]) -> Person:
    """The person without what is named."""
    gone = dict.fromkeys(name for name in FACTS_OF_PERSON if name in removed)
    return person.model_copy(update=gone) if gone else person


def how_many_removed(before: Content, after: Content, place: tuple[str, Scheme], removed: Collection[str]) -> int:
    """How much of what is named was known of a record and its person before, and is not known any more."""
    if not removed:
        return 0
    return len(set(removed).intersection(_known(before, place)).difference(_known(after, place)))


def _known(content: Content, place: tuple[str, Scheme]) -> Iterator[str]:
    """The names of all that is known of a record and its person."""
    person = content.people.get(place[0])
    yield from (name for name in FACTS_OF_PERSON if getattr(person, name, None) is not None)
    yield from content.marks.get(place[0], ())
    yield from (name + IN_NIR for name in content.seen_of_person.get(place[0], ()))
    if (record := content.records.get(place)) is not None:
        yield from record.facts
        yield from () if record.start is None else ("start",)
        for name, value in record.values.items():
            yield from _parts(name, value)


def _parts(name: str, value: Value) -> Iterator[str]:
    """The names of what a value has: it is known at all, since when it was there, and when it was seen."""
    parts: dict[str, Any] = {name + suffix: getattr(value, day) for day, suffix in _OF_A_VALUE.items()}
    there = [part for part, day in parts.items() if day is not None]
    if there or value.content is not None:
        yield name
    yield from there
