"""What is kept of a content: days, yes and no, and what a rule reads.

The reasons of leave, absence and exemption can be data about somebody's health, so no part of them is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Final, Self

from feideprov.nir.contents import (
    Avslutning,
    Contents,
    Fravaer,
    Fritak,
    Given,
    Klage,
    Part,
    Permisjon,
    Tiltak,
    Timer,
    Vedtak,
)
from feideprov.nir.table.rules import Rules

ALL_FIELDS: Final = "*"
"""Declared by an adapter that needs every field."""
A_MEASURE: Final = "measure"
"""The kind of a measure that no rule names."""
_MEASURES: Final = "tiltak."


def is_declared(field: str, declared: Collection[str]) -> bool:
    """Whether an adapter that declares these fields needs a field. `tiltak` stands for `tiltak.KIND`, too."""
    return any(one in declared for one in (field, field.partition(".")[0], ALL_FIELDS))


@dataclass(frozen=True)
class ReadByRules:
    """Which contents the rules read: kinds of measures, and codes of fields (`norskmaal C1`)."""

    measures: frozenset[str]
    codes: frozenset[str]

    @classmethod
    def of(cls, rules: Rules) -> Self:
        """What these rules read."""
        fields = {rule.field for rule in rules.rules}
        named = {entry for row in rules.availability for entry in row.fields}
        return cls(
            frozenset(one.removeprefix(_MEASURES) for one in fields | named if one.startswith(_MEASURES)),
            frozenset(one for one in named if " " in one),
        )

    def kept(self, field: str, content: Contents) -> Contents:
        """What is kept of the content of a field."""
        match content:
            case bool() | date():
                return content
            case str():
                return content if f"{field} {content}" in self.codes else Given()
            case tuple():
                return tuple(map(self._part, content))
            case Vedtak() | Tiltak() | Timer() | Fravaer() | Permisjon() | Fritak() | Klage() | Avslutning():
                return self._part(content)
            case _:
                return Given()

    def _part(self, part: Part) -> Part:
        if isinstance(part, Tiltak):
            kind = part.kind if part.kind in self.measures else A_MEASURE
            return Tiltak(kind=kind, from_=part.from_, until=part.until)
        days = _DAYS.get(type(part))
        return Given() if days is None else days(part)


_DAYS: Final[dict[type[Part], Callable[..., Part]]] = {
    Vedtak: lambda part: Vedtak(kind=part.kind, date=part.date, start=part.start, end=part.end),
    Fravaer: lambda part: Fravaer(from_=part.from_, until=part.until),
    Permisjon: lambda part: Permisjon(from_=part.from_, until=part.until),
    Fritak: lambda part: Fritak(date=part.date),
    Klage: lambda part: Klage(date=part.date),
    Avslutning: lambda part: Avslutning(date=part.date),
}
"""The parts of which the days are kept. Of hours and of what is not written down, nothing is."""
