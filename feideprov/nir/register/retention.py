"""Whose records ended longer ago than the municipality keeps them."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import TypeVar

from feideprov.nir.contents import Avslutning
from feideprov.nir.deadlines import months_after, months_of
from feideprov.nir.model import Record
from feideprov.nir.register.content import Content

_Key = TypeVar("_Key")
_Thing = TypeVar("_Thing")


def kept_too_long(content: Content, retention: str, on: date) -> tuple[str, ...]:
    """The keys of the people all of whose records have ended, the last one longer ago than `retention` (`P5Y`).

    Whose end is not known is not among them.
    """
    months = months_of(retention)
    ends: dict[str, list[date | None]] = {}
    for record in content.records.values():
        ends.setdefault(record.person.key, []).append(end_of(record))
    return tuple(sorted(person for person, days in ends.items() if _is_over(days, months, on)))


def end_of(record: Record) -> date | None:
    """The day on which what is recorded ended, as far as it is known."""
    days = [part.date for part in record.parts("avslutningsaarsak", Avslutning)]
    if (fact := record.facts.get("ended")) is not None:
        days.append(fact)
    return max(days, default=None)


def forget(content: Content, keys: Iterable[str]) -> Content:
    """The content without some people: their records, marks, what was seen and what was handed over."""
    gone = frozenset(keys)
    return replace(
        content,
        people=_without(content.people, gone),
        records={place: one for place, one in content.records.items() if place[0] not in gone},
        marks=_without(content.marks, gone),
        seen_of_person=_without(content.seen_of_person, gone),
        handed_over=tuple(one for one in content.handed_over if one.person not in gone),
        contents={place: text for place, text in content.contents.items() if place[0] not in gone},
    )


def _is_over(days: list[date | None], months: int, on: date) -> bool:
    known = [day for day in days if day is not None]
    if len(known) < len(days):
        return False
    try:
        return months_after(max(known), months) < on
    except OverflowError:  # it is kept for longer than there are years
        return False


def _without(things: Mapping[_Key, _Thing], gone: Container[_Key]) -> dict[_Key, _Thing]:
    return {key: thing for key, thing in things.items() if key not in gone}
