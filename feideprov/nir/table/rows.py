"""The rows of the table of rules, as typed values. The table itself is `feideprov.nir.table.rules.Rules`."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from feideprov.messages import Sentence, listed
from feideprov.nir.deadlines import months_of
from feideprov.nir.model import FACTS, Basis, Law, Scheme

ALWAYS: Final = "always"
"""In place of a fact: the rule needs none."""
EVERY_SCHEME: Final = "*"
_MOST_MONTHS: Final = 1200
_ID: Final = re.compile(r"[A-Za-z0-9][\w.-]*", re.ASCII)
_FIELD: Final = re.compile(r"[a-zæøå][a-zæøå0-9_]*(?:\.[a-zæøå0-9_]+)?")


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


def _day(given: Any) -> Any:
    if type(given) is not date:
        raise ValueError(Sentence("this must be a day, without quotation marks, such as 2027-01-31"))
    return given


def _length(text: str) -> str:
    with suppress(ValueError):
        if months_of(text) <= _MOST_MONTHS:
            return text
    raise ValueError(Sentence("this must be a length of time in years and months, such as P2M or P1Y6M"))


def _names(given: Any) -> Any:
    """Names, in a list or with commas between them."""
    return list(filter(None, map(str.strip, given.split(",")))) if isinstance(given, str) else given


def _fact(text: str) -> str:
    if text not in (ALWAYS, *FACTS):
        raise ValueError(Sentence("this must be one of {facts}", facts=listed((ALWAYS, *FACTS))))
    return text


def _scheme(given: Any) -> Any:
    if given not in (EVERY_SCHEME, *Scheme):
        raise ValueError(Sentence("this must be * or one of {schemes}", schemes=listed(one.value for one in Scheme)))
    return given


def _known(law: Law) -> Law:
    if law is Law.NOT_KNOWN:
        raise ValueError(Sentence("this must be a law; only a row of [[law]] may say not_known"))
    return law


def is_id(text: str) -> bool:
    """Whether a text has the form of an id of a row."""
    return _ID.fullmatch(text) is not None


def _id(text: str) -> str:
    if not is_id(text):
        raise ValueError(Sentence("this must be letters from a to z, digits, and the signs - _ and ."))
    return text


def _field(text: str) -> str:
    if not _FIELD.fullmatch(text):
        raise ValueError(Sentence("this must be small letters, digits and _, with at most one dot between them"))
    return text


def _address(text: str) -> str:
    if text and not text.startswith(("https://", "http://")):
        raise ValueError(Sentence("this must begin with https://"))
    return text


Day = Annotated[date, BeforeValidator(_day)]
Length = Annotated[str, AfterValidator(_length)]
KnownLaw = Annotated[Law, AfterValidator(_known)]
Id = Annotated[str, AfterValidator(_id)]
Text = Annotated[str, Field(min_length=1)]
Confidence = Literal["direct", "indirect"]


class Row(BaseModel):
    """What all rows have in common: their keys are known, and a wrong value is not quoted."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, populate_by_name=True)


class _Dated(Row):
    from_: Day | None = Field(default=None, alias="from")
    until: Day | None = None

    def in_force(self, day: date) -> bool:
        """Whether the row holds on a day. A bound that is not known is open.

        Parameters:
            day: the day.

        Returns: whether it is on `from` or later, and before `until`.

        Raises: nothing.
        """
        return within(day, self.from_, self.until)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        require_order(("from", self.from_), ("until", self.until))
        return self


class Rule(_Dated):
    """One field, in one scheme (`*`: all), under one law. `when` is the fact that makes it apply; `always`: none is
    needed. `seen_on`: when somebody last compared a row of a municipality's own with its source, and `seen_by` who."""

    id: Id
    scheme: Annotated[Scheme | Literal["*"], BeforeValidator(_scheme)]
    law: KnownLaw
    field: Annotated[str, AfterValidator(_field)]
    effect: Effect
    when: Annotated[str, AfterValidator(_fact)] = ALWAYS
    deadline: Length | None = None
    dated_by: DatedBy = DatedBy.REGISTRATION
    source: Text
    source_date: Day
    confidence: Confidence = "direct"
    note: str = ""
    own: bool = False
    seen_by: str = ""
    seen_on: Day | None = None


class LawRow(_Dated):
    """Which law applies to whom, on which days. All that a row names must fit."""

    id: Id
    law: Law
    basis: Basis | None = None
    schemes: tuple[Scheme, ...] = ()
    permit_from: Day | None = None
    permit_until: Day | None = None
    arrived_from: Day | None = None
    arrived_until: Day | None = None
    source: Text
    source_date: Day | None = None
    note: str = ""
    own: bool = False
    seen_by: str = ""
    seen_on: Day | None = None

    @model_validator(mode="after")
    def _days_in_order(self) -> Self:
        require_order(("permit_from", self.permit_from), ("permit_until", self.permit_until))
        require_order(("arrived_from", self.arrived_from), ("arrived_until", self.arrived_until))
        return self

    @property
    def people(self) -> tuple[object, ...]:
        """Whom the row is about."""
        return (
            *(self.basis, frozenset(self.schemes)),
            *(self.permit_from, self.permit_until, self.arrived_from, self.arrived_until),
        )


class OwnLawRow(LawRow):
    """A row on the law that a municipality added: somebody has seen in the source which law applies."""

    seen_by: Text
    seen_on: Day


class ChannelRow(Row):
    """A row of the decision table of channels."""

    id: Id
    channel: str
    test: str = ""
    warn: str = ""
    source: Text
    confidence: Confidence = "direct"
    note: str = ""


class Availability(Row):
    """Since when NIR itself can take fields: before `not_before` it cannot, from `known_by` it surely can."""

    law: KnownLaw
    fields: Annotated[tuple[str, ...], BeforeValidator(_names)] = Field(min_length=1)
    not_before: Day
    known_by: Day
    source: Text
    note: str = ""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.known_by < self.not_before:
            raise ValueError(Sentence("known_by must not be before not_before"))
        return self


class AnnualRow(Row):
    """The last day for registering what belongs to a year, as IMDi announced it."""

    year: int = Field(strict=True, ge=2000, le=9998)
    last_day: Day
    source: Text
    note: str = ""

    @model_validator(mode="after")
    def _after_the_year(self) -> Self:
        if self.last_day <= date(self.year, 12, 31):
            raise ValueError(Sentence("last_day must be after the end of the year"))
        return self


class Completion(Row):
    """The time limit of the training itself."""

    law: KnownLaw
    scheme: Scheme
    if_utdanningsbakgrunn: bool | None = None
    limit: Length
    anchor: str = ""
    extended_by: str = ""
    source: Text
    confidence: Confidence = "direct"
    note: str = ""


class Extended(Row):
    """What decisions on extended training (integreringsloven § 43 g) are compared with."""

    window_before: Length
    window_after: Length
    length_max: Length
    total_max_with_vgo: Length
    decisions_max_with_vgo: int
    decisions_max_without_vgo: int
    source: Text
    note: str = ""


class Source(Row):
    """A page, and the day that it has. `dated`: it has a day itself; otherwise only the year is known. `seen`: how much
    of it was read (`whole`, or the `start`)."""

    url: Annotated[str, AfterValidator(_address)] = ""
    title: str = ""
    updated: Day
    dated: bool = True
    seen: Literal["whole", "start", ""] = ""
    note: str = ""

    @model_validator(mode="after")
    def _has_a_name(self) -> Self:
        if not self.title and not self.url:
            raise ValueError(Sentence("a source needs a title or a url"))
        return self

    @property
    def words(self) -> str:
        """The title (or the address) and the day; the year alone, for a page without a day."""
        day = self.updated.isoformat() if self.dated else str(self.updated.year)
        return Sentence("{title}, {day}", title=self.title or self.url, day=day)


class SchemeRow(Row):
    """Which role may register a scheme."""

    role: Text
    source: Text


def within(day: date, first: date | None, until: date | None) -> bool:
    """Whether a day is between two others: the first one counts, the last one does not. None is open."""
    return (first is None or first <= day) and (until is None or day < until)


def require_order(first: tuple[str, date | None], until: tuple[str, date | None]) -> None:
    """Raises ValueError when the day `until` is not after the first one."""
    if first[1] and until[1] and until[1] <= first[1]:
        raise ValueError(Sentence("{until} must be after {first}", until=until[0], first=first[0]))
