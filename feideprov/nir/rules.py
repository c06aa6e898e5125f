"""The rules as dated data: what must, may and must not be registered, under which law, and where each rule comes from.

The table `rules.toml` is part of the package. A municipality replaces rows, or adds rows, in a file of its own.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field

from feideprov.nir.model import Law, Scheme

SHIPPED: Final = Path(__file__).with_name("rules.toml")


class Effect(StrEnum):
    """What a rule does."""

    FORBIDDEN = "forbidden"
    REQUIRED = "required"
    ALLOWED = "allowed"


class DatedBy(StrEnum):
    """Which day the dates of a rule are compared with."""

    REGISTRATION = "registration"
    FACT = "fact"
    """The day of the thing itself."""


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, populate_by_name=True)


class _Dated(_Row):
    from_: date | None = Field(default=None, alias="from")
    until: date | None = None

    def in_force(self, day: date) -> bool:
        """Whether the row holds on a day. A bound that is not known is open."""
        return (self.from_ is None or self.from_ <= day) and (self.until is None or day < self.until)


class Rule(_Dated):
    """One field, in one scheme (`*`: all), under one law. `when` is the fact that makes it apply; `always`: none is
    needed. `seen_on`: when somebody last compared a row of a municipality's own with its source, and `seen_by` who."""

    id: str
    scheme: Scheme | str
    law: Law
    field: str
    effect: Effect
    when: str = "always"
    deadline: str | None = None
    dated_by: DatedBy = DatedBy.REGISTRATION
    source: str
    source_date: date
    confidence: str = "direct"
    note: str = ""
    own: bool = False
    seen_by: str = ""
    seen_on: date | None = None


class LawRow(_Dated):
    """Which law applies to whom, on which days. All that a row names must fit."""

    id: str
    law: Law
    basis: str | None = None
    schemes: tuple[Scheme, ...] = ()
    permit_from: date | None = None
    permit_until: date | None = None
    arrived_from: date | None = None
    arrived_until: date | None = None
    source: str
    source_date: date | None = None
    note: str = ""
    own: bool = False
    seen_by: str = ""
    seen_on: date | None = None


class ChannelRow(_Row):
    """A row of the decision table of channels."""

    id: str
    channel: str
    source: str
    confidence: str = "direct"


class Availability(_Row):
    """Since when NIR itself can take fields: before `not_before` it cannot, from `known_by` it surely can."""

    law: Law
    fields: tuple[str, ...]
    not_before: date
    known_by: date
    source: str


class AnnualRow(_Row):
    """The last day for registering what belongs to a year, as IMDi announced it."""

    year: int
    last_day: date
    source: str


class Completion(_Row):
    """The time limit of the training itself."""

    law: Law
    scheme: Scheme
    if_utdanningsbakgrunn: bool | None = None
    limit: str
    anchor: str = ""
    extended_by: str = ""
    source: str
    confidence: str = "direct"


class Extended(_Row):
    """What decisions on extended training (integreringsloven § 43 g) are compared with."""

    window_before: str
    window_after: str
    length_max: str
    total_max_with_vgo: str
    decisions_max_with_vgo: int
    decisions_max_without_vgo: int
    source: str


class Source(_Row):
    """A page, and the day that it has."""

    url: str = ""
    title: str = ""
    updated: date
    seen: str = ""


class SchemeRow(_Row):
    """Which role may register a scheme."""

    role: str
    source: str


@dataclass(frozen=True)
class Rules:
    """The whole table. `compiled` is the day on which its sources were last looked at."""

    compiled: date
    scope_from: date
    deadline_default: str
    schemes: Mapping[Scheme, SchemeRow]
    laws: tuple[LawRow, ...]
    rules: tuple[Rule, ...]
    channels: Mapping[str, ChannelRow]
    availability: tuple[Availability, ...]
    annual: tuple[AnnualRow, ...]
    completion: tuple[Completion, ...]
    extended: Extended
    sources: Mapping[str, Source]

    @classmethod
    def shipped(cls) -> Rules:
        """The table of the package."""
        return _shipped()

    def about(self, scheme: Scheme, law: Law) -> Sequence[Rule]:
        """The rules of a law that are about a scheme, of all days."""
        return self._by_law.get((scheme, law), ())

    @cached_property
    def _by_law(self) -> Mapping[tuple[Scheme, Law], Sequence[Rule]]:
        table: dict[tuple[Scheme, Law], list[Rule]] = {}
        for rule in self.rules:
            for scheme in Scheme if rule.scheme == "*" else (Scheme(rule.scheme),):
                table.setdefault((scheme, rule.law), []).append(rule)
        return table

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> Self:
        """The table with this content, as a TOML file has it."""
        many = {key: tuple(model.model_validate(row) for row in content.get(key, ())) for key, model in _MANY.items()}
        return cls(
            compiled=content["compiled"],
            scope_from=content["scope_from"],
            deadline_default=content["deadline_default"],
            schemes={Scheme(name): SchemeRow.model_validate(row) for name, row in content["scheme"].items()},
            laws=many["law"],
            rules=many["rule"],
            channels={row.id: row for row in many["channel"]},
            availability=many["availability"],
            annual=many["annual"],
            completion=many["completion"],
            extended=Extended.model_validate(content["extended"]),
            sources={name: Source.model_validate(row) for name, row in content["source"].items()},
        )

    def with_own(self, path: Path) -> Rules:
        """The table with the rows of a municipality's own file: a row with the same id replaces one, others are added.

        Raises ConfigurationError when the file cannot be read, a row is wrong, or two rows of one field overlap.
        """
        raise NotImplementedError

    def source_of(self, key: str) -> tuple[str, str]:
        """A source in words (its title and day), and its address."""
        raise NotImplementedError


_MANY: Final[Mapping[str, Any]] = {
    "law": LawRow,
    "rule": Rule,
    "channel": ChannelRow,
    "availability": Availability,
    "annual": AnnualRow,
    "completion": Completion,
}


@cache
def _shipped() -> Rules:
    return Rules.of(tomllib.loads(SHIPPED.read_text(encoding="utf-8")))


def rows_of_a_year_ago(rules: Rules, on: date) -> Sequence[Rule | LawRow]:
    """The rows that nobody has compared with their sources for a year."""
    raise NotImplementedError
