"""The introduction register's people and records, as typed values. Nothing here reads a clock or a file.

The wire format of WS4 and the codes of NIR are not public; nothing here is theirs. Fields, facts, schemes and laws have
the names of the rules (`feideprov/nir/table/rules.toml`, shown in docs/nir-rules.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Final, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, field_validator

from feideprov.nir.contents import Content, Contents
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


class _Model(BaseModel, metaclass=GivenModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Number(_Model):
    """A number of a person: never shown. `source` is where it was seen."""

    kind: NumberKind
    value: SecretStr
    source: str = ""
    seen_on: date | None = None

    def __repr__(self) -> str:
        return f"<{self.kind.value}>"

    __str__ = __repr__


Basis = Annotated[str, BeforeValidator(lambda text: str(text).replace("§", "").strip().lower())]
"""A paragraph of utlendingsloven, without its sign."""


class Permit(_Model):
    """A residence permit. `basis` is the paragraph of utlendingsloven, such as `34` or `28`."""

    basis: Basis = ""
    granted: date


class Person(_Model):
    """A newly arrived person. `key` is the municipality's own key, never a number.

    `settled` is the day of settlement (bosatt), `search_out` the day on which the person was assigned (søkt ut),
    `register_municipality` the number of the municipality of the address in Folkeregisteret. What is not known is None.
    """

    key: str
    numbers: tuple[Number, ...] = ()
    permit: Permit | None = None
    arrived: date | None = None
    settled: date | None = None
    search_out: date | None = None
    register_municipality: str | None = None


FACTS_OF_PERSON: Final = tuple(name for name in Person.model_fields if name not in ("key", "numbers"))
"""What is known of a person beside the key and the numbers."""
SEEN_OF_PERSON: Final = ("settled", "number")
"""What somebody sees of a person in NIR, and not of a record: the settlement day, and the number."""


class SeenInNir(_Model):
    """Who saw it in NIR, and when."""

    on: date
    by: str


def _seen(value: Any) -> Any:
    return {"on": value[0], "by": value[1]} if isinstance(value, tuple | list) and len(value) == 2 else value


class Value(_Model):
    """What a field of a record holds.

    `content` is None where the value is there, but was not written down yet. `available_on` is the day on which it was
    there (foreligger): from it the two months count. `seen_in_nir` is who saw it in NIR, and when.
    """

    content: Contents | None = Field(default=None, repr=False)
    available_on: date | None = None
    entered_by: str = ""
    seen_in_nir: Annotated[SeenInNir | None, BeforeValidator(_seen)] = None

    @property
    def is_there(self) -> bool:
        """Whether the field is answered: `False` and 0 hours are answers, and what was seen in NIR is there."""
        return self.content is not None or self.seen_in_nir is not None


def _facts(given: Any) -> Any:
    """Facts with their days; a set of facts has none."""
    return given if isinstance(given, Mapping) or not isinstance(given, Iterable) else dict.fromkeys(given)


class Record(_Model):
    """One person in one scheme.

    `values` by field; `facts` what is so (`FACTS`), each with the day since when, or None where it is not known;
    `start` the day on which the training or programme began.
    """

    person: Person
    scheme: Scheme
    values: Mapping[str, Value] = Field(default_factory=dict)
    facts: Annotated[Mapping[str, date | None], BeforeValidator(_facts)] = Field(default_factory=dict)
    start: date | None = None

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
        if unknown := sorted(set(facts) - set(FACTS)):
            raise ValueError(f"there is no fact {unknown[0]}; the facts are {', '.join(FACTS)}")
        return facts


class Ready(_Model):
    """Since when the vendor's system transfers by WS4 for a law, and who said so."""

    on: date
    who: str = ""


class Closed(_Model):
    """A time in which IMDi has closed transfer for the municipality. `until` is the first day after it; None: open."""

    from_: date = Field(alias="from")
    until: date | None = None
    who: str = ""

    model_config = ConfigDict(populate_by_name=True)


def _ready(given: Any) -> Any:
    if not isinstance(given, Mapping):
        return given
    return {law: _pair(one, "on", "who") for law, one in given.items()}


def _closed(given: Any) -> Any:
    return [_pair(one, "from", "until", "who") for one in given] if isinstance(given, tuple | list) else given


def _pair(value: Any, *names: str) -> Any:
    if isinstance(value, date):
        return {names[0]: value}
    return dict(zip(names, value, strict=False)) if isinstance(value, tuple | list) else value


class Setting(_Model):
    """The municipality's own settings that decide a channel: nobody else knows them.

    `transfers`: it uses a case system for transfer to NIR (having one is not enough). `ready`: by law, since when the
    vendor's system is adapted to WS4, and who said so. `closed`: when IMDi had closed transfer. `municipality`: its
    number, four digits. `codes`: by field, the municipality's words and what they stand for.
    """

    transfers: bool = False
    ready: Annotated[Mapping[Law, Ready], BeforeValidator(_ready)] = Field(default_factory=dict)
    closed: Annotated[tuple[Closed, ...], BeforeValidator(_closed)] = ()
    municipality: str | None = None
    codes: Mapping[str, Mapping[str, str]] = Field(default_factory=dict)
    retention: str | None = None
