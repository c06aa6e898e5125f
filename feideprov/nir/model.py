"""The introduction register's people and records, as typed values. Nothing here reads a clock or a file.

The wire format of WS4 and the codes of NIR are not public; nothing here is theirs. Fields, facts, schemes and laws have
the names of the rules (`feideprov/nir/table/rules.toml`, shown in docs/nir-rules.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Final, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    WrapValidator,
    field_validator,
    model_validator,
)

from feideprov.errors import InputError
from feideprov.messages import Sentence, joined, listed
from feideprov.nir.contents import Content, Contents, content_given, made_for
from feideprov.numbers import key_is_number, number_shaped
from feideprov.programs.models import GivenModel

_Part = TypeVar("_Part", bound=Content)


class Law(StrEnum):
    """Which law a person's training is registered under."""

    INTRODUKSJONSLOVEN = "introduksjonsloven"
    INTEGRERINGSLOVEN = "integreringsloven"
    KAP6A = "kap6a"
    """Integreringsloven chapter 6A: collective protection (utlendingsloven § 34)."""
    NOT_KNOWN = "not_known"
    """The sources do not say which law applies, or the day of the permit is not known."""


class Scheme(StrEnum):
    """What is registered: each scheme has its fields, and the role that may register it."""

    INTRODUKSJONSPROGRAM = "introduksjonsprogram"
    NORSK = "norsk_og_samfunnskunnskap"
    MOTTAK_OPPLAERING = "mottak_opplaering"
    """Training for asylum seekers in a reception centre."""
    MOTTAK_KVALIFISERING = "mottak_kvalifisering"
    """Other integration measures in a reception centre."""

    @property
    def in_reception_centre(self) -> bool:
        """Whether it is registered for those who live in a reception centre, and have no settlement day."""
        return self in (Scheme.MOTTAK_OPPLAERING, Scheme.MOTTAK_KVALIFISERING)


_Names = TypeVar("_Names", Law, Scheme)


def named(names: type[_Names], text: str) -> _Names:
    """The law, or the scheme, with this name. Raises InputError when there is none."""
    try:
        return names(text)
    except ValueError:
        known = listed(name for name in names if name is not Law.NOT_KNOWN)
        what = Sentence("law") if names is Law else Sentence("scheme")
        raise InputError(Sentence("There is no such {what}. Write one of {names}.", what=what, names=known)) from None


class NumberKind(StrEnum):
    """The kinds of numbers that NIR may hold (integreringsforskriften § 46 b)."""

    FNR = "fnr"
    DNR = "dnr"
    DUF = "duf"
    MOTTAK = "mottak"
    """The registration number of a reception centre."""
    PASS = "pass"
    """A passport number."""


FACTS: Final = (
    "ended",
    "leave",
    "absent",
    "complaint",
    "exempted_training",
    "exempted_test",
    "claimed",
    "care_leave_training",
    "fulltid_vgo",
    "in_programme",
    "extended",
)
"""What can be so for a record, and makes more fields required."""


IN_NIR, SINCE = "_in_nir", "_since"
"""What stands behind the name of a field: the day of its registering, and the day since when it was there."""


def _key(text: str) -> str:
    if not text.strip():
        raise ValueError(Sentence("the key is empty. Give the key that the person has with you"))
    if key_is_number(text):
        raise ValueError(Sentence("this looks like an identity number. Give the key that the person has with you"))
    return text


def _no_number(text: str) -> str:
    if number_shaped(text):
        raise ValueError(Sentence("this looks like an identity number. Remove it"))
    return text


Key = Annotated[str, AfterValidator(_key)]
Text = Annotated[str, AfterValidator(_no_number)]
"""A text that is shown or kept as it is: no number is in it."""


class _Model(BaseModel, metaclass=GivenModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Number(_Model):
    """A number of a person: never shown. `source` is where it was seen."""

    kind: NumberKind
    value: SecretStr
    source: Text = ""
    seen_on: date | None = None

    def __repr__(self) -> str:
        return f"<{self.kind.value}>"

    __str__ = __repr__


_PARAGRAPH: Final = re.compile(
    r"(?:utlendingslov(?:en|a)|utl\.?)?[\s,]*§?\s*([0-9]{1,3})(?:\s?([a-z])\b)?"
    r"((?:[\s,]+(?:\([0-9]+\)|[0-9]+\. ledd|[a-zæøå]+ ledd|bokstav [a-z]))*)",
    re.IGNORECASE,
)


def paragraph_of(text: str) -> str | None:
    """The paragraph of utlendingsloven that a text names, without its sign and its parts (ledd); None for another."""
    found = _PARAGRAPH.fullmatch(text.strip())
    return f"{found[1]}{found[2] or ''}".lower() if found else None


def _basis(given: Any) -> str:
    text = str(given).strip()
    found = _PARAGRAPH.fullmatch(text)
    return "".join(filter(None, found.groups()) if found else text).lower()


Basis = Annotated[Text, BeforeValidator(_basis)]
"""A paragraph of utlendingsloven, or a part of one, without its sign."""


class Permit(_Model):
    """A residence permit. `basis` is the paragraph of utlendingsloven, such as `34` or `28`."""

    basis: Basis = ""
    granted: date

    def is_under(self, paragraph: str) -> bool:
        """Whether the basis is a paragraph, or a part of it such as its first ledd.

        Parameters:
            paragraph: the paragraph of utlendingsloven, without its sign.

        Returns: whether it is.

        Raises: nothing.
        """
        return paragraph in (self.basis, paragraph_of(self.basis))


class Person(_Model):
    """A newly arrived person. `key` is the municipality's own key, never a number.

    `settled` is the day of settlement (bosatt), `search_out` the day on which the person was assigned (søkt ut),
    `register_municipality` the number of the municipality of the address in Folkeregisteret. What is not known is None.
    """

    key: Key
    numbers: tuple[Number, ...] = ()
    permit: Permit | None = None
    arrived: date | None = None
    settled: date | None = None
    search_out: date | None = None
    register_municipality: Text | None = None


FACTS_OF_PERSON: Final = tuple(name for name in Person.model_fields if name not in ("key", "numbers"))
"""What is known of a person beside the key and the numbers."""
SEEN_OF_PERSON: Final = ("settled", "number")
"""What somebody sees of a person in NIR, and not of a record: the settlement day, and the number."""


class SeenInNir(_Model):
    """Who saw it in NIR, and when."""

    on: date
    by: Text


def _seen(value: Any) -> Any:
    return {"on": value[0], "by": value[1]} if isinstance(value, tuple | list) and len(value) == 2 else value


class Value(_Model):
    """What a field of a record holds.

    `content` is None where the value is there, but was not written down yet. `available_on` is the day on which it was
    there (foreligger): from it the two months count. `seen_in_nir` is who saw it in NIR, and when.
    """

    content: Annotated[Contents | None, WrapValidator(content_given)] = Field(default=None, repr=False)
    available_on: date | None = None
    entered_by: Text = ""
    seen_in_nir: Annotated[SeenInNir | None, BeforeValidator(_seen)] = None

    @property
    def is_there(self) -> bool:
        """Whether the field is answered: `False` and 0 hours are answers, and what was seen in NIR is there."""
        return self.content is not None or self.seen_in_nir is not None


def _facts(given: Any) -> Any:
    """Facts with their days; a set of facts has none. True is a fact without a day, False is none."""
    if isinstance(given, Mapping):
        return {fact: None if day is True else day for fact, day in given.items() if day is not False}
    if isinstance(given, str):
        return {given: None}
    return dict.fromkeys(given) if isinstance(given, Iterable) else given


def _values(given: Any) -> Any:
    """Values by field: a dict of parts is the content that the field has."""
    if not isinstance(given, Mapping):
        return given
    return {
        field: {**value, "content": made_for(field, value.get("content"))} if isinstance(value, Mapping) else value
        for field, value in given.items()
    }


class Record(_Model):
    """One person in one scheme.

    `values` by field; `facts` what is so (`FACTS`), each with the day since when, or None where it is not known;
    `start` the day on which the training or programme began. `removed` is what a list takes away of what was written
    down: the names of fields, of their days (`_in_nir`, `_since`), of facts, and of what is known of the person.
    """

    person: Person
    scheme: Scheme
    values: Annotated[Mapping[Text, Value], BeforeValidator(_values)] = Field(default_factory=dict)
    facts: Annotated[Mapping[str, date | None], BeforeValidator(_facts)] = Field(default_factory=dict)
    start: date | None = None
    removed: frozenset[str] = frozenset()

    def parts(self, field: str, kind: type[_Part]) -> list[_Part]:
        """The contents of a field that are of one kind, such as its decisions: a field may hold one, or several.

        Parameters:
            field: the field.
            kind: the kind, such as `Vedtak`.

        Returns: the contents, in their order.

        Raises: nothing.
        """
        content = self.values[field].content if field in self.values else None
        return [part for part in (content if isinstance(content, tuple) else (content,)) if isinstance(part, kind)]

    @field_validator("facts")
    @classmethod
    def _known(cls, facts: Mapping[str, date | None]) -> Mapping[str, date | None]:
        if not set(facts) <= set(FACTS):
            raise ValueError(Sentence("there is no such fact; the facts are: {facts}", facts=joined(FACTS, ", ")))
        return facts


class Ready(_Model):
    """Since when the vendor's system transfers by WS4 for a law, and who said so."""

    on: date
    who: Text = ""


class Closed(_Model):
    """A time in which IMDi has closed transfer for the municipality. `until` is the first day after it; None: open."""

    from_: date = Field(alias="from")
    until: date | None = None
    who: Text = ""

    model_config = ConfigDict(populate_by_name=True)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.until is not None and self.until <= self.from_:
            raise ValueError(Sentence("until must be after from: it is the first day after the time"))
        return self


def _ready(given: Any) -> Any:
    if not isinstance(given, Mapping):
        return given
    return {law: _pair(one, "on", "who") for law, one in given.items()}


def _closed(given: Any) -> Any:
    return [_pair(one, "from", "until", "who") for one in given] if isinstance(given, tuple | list) else given


def _pair(value: Any, *names: str) -> Any:
    if isinstance(value, date):
        return {names[0]: value}
    if isinstance(value, tuple | list) and len(value) <= len(names):
        return dict(zip(names, value, strict=False))
    return value


class Setting(_Model):
    """The municipality's own settings that decide a channel: nobody else knows them.

    `transfers`: it uses a case system for transfer to NIR (having one is not enough). `ready`: by law, since when the
    vendor's system is adapted to WS4, and who said so. `closed`: when IMDi had closed transfer. `municipality`: its
    number, four digits. `codes`: by field, the municipality's words and what they stand for. `retention`: how long
    records are kept after they ended, such as `P5Y`.
    """

    transfers: bool = False
    ready: Annotated[Mapping[Law, Ready], BeforeValidator(_ready)] = Field(default_factory=dict)
    closed: Annotated[tuple[Closed, ...], BeforeValidator(_closed)] = ()
    municipality: str | None = None
    codes: Mapping[str, Mapping[str, str]] = Field(default_factory=dict)
    retention: str | None = None
