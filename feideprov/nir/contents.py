"""What is registered in a field of NIR, as typed values.

The names are those of the laws and of NIR (imdi.no, 2021-01-18, 2021-04-29, 2022-06-02). NIR's own codes are not
public: where a content has a code, it is a word of the municipality, mapped in its configuration.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date as Day  # noqa: N812 - a field is called date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Final, get_args

from pydantic import BaseModel, ConfigDict, Field, Strict, ValidationError, ValidatorFunctionWrapHandler

from feideprov.messages import Sentence, listed
from feideprov.programs.models import GivenModel


class Content(BaseModel, metaclass=GivenModel):
    """A content of several parts. Its `repr` shows none of them: they are about a person."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    __str__ = __repr__


class VedtakKind(StrEnum):
    """What a decision (vedtak) decides."""

    OFFER = "tilbud"
    GRANT = "tildeling"
    REFUSAL = "avslag"
    STOP = "stans"
    EXTENDED = "utvidet"
    LEAVE = "permisjon"


class Vedtak(Content):
    """A decision. `date` is its day; `start` and `end` those of what it grants; `kind` is None where nobody said it."""

    kind: VedtakKind | None = None
    date: Day
    start: Day | None = None
    end: Day | None = None
    reason: str | None = None


class Tiltak(Content):
    """A measure of a programme, with its days (`until` is the last one) and its extent."""

    kind: str
    from_: Day = Field(alias="from")
    until: Day | None = None
    extent: str | None = None

    model_config = ConfigDict(populate_by_name=True)


class Timer(Content):
    """Hours of training on these days."""

    from_: Day | None = Field(default=None, alias="from")
    until: Day | None = None
    hours: Decimal = Field(ge=0)

    model_config = ConfigDict(populate_by_name=True)


class Fravaer(Content):
    """Absence on these days. `allowed` is None where nobody said it."""

    from_: Day = Field(alias="from")
    until: Day | None = None
    allowed: bool | None = None

    model_config = ConfigDict(populate_by_name=True)


class Permisjon(Content):
    """Leave on these days (`until` is the last one), decided on a day."""

    from_: Day = Field(alias="from")
    until: Day | None = None
    kind: str | None = None
    decided: Day | None = None

    model_config = ConfigDict(populate_by_name=True)


class Fritak(Content):
    """An exemption, with its legal basis (rettsgrunnlag)."""

    kind: str | None = None
    rettsgrunnlag: str | None = None
    date: Day


class Klage(Content):
    """A complaint, and its outcome once there is one."""

    date: Day
    outcome: str | None = None


class Avslutning(Content):
    """The end of a programme, and its reason (avslutningsårsak): one code, of the municipality's own words."""

    date: Day
    code: str | None = None


class Given(Content):
    """A value was given, and is not kept: no rule reads it."""


Part = Vedtak | Tiltak | Timer | Fravaer | Permisjon | Fritak | Klage | Avslutning | Given
"""One content of several parts."""
_OF_FIELDS: Final[Mapping[str, type[Content]]] = {
    "vedtak": Vedtak,
    "tiltak": Tiltak,
    "timer": Timer,
    "fravaer": Fravaer,
    "permisjon": Permisjon,
    "fritak": Fritak,
    "klage": Klage,
    "avslutningsaarsak": Avslutning,
}


def made_for(field: str, content: Any) -> Any:
    """A content, or several, where dicts are what the name of the field says, such as `vedtak` and `timer_norsk`."""
    if isinstance(content, list | tuple):
        return tuple(made_for(field, one) for one in content)
    kind = next((kind for begin, kind in _OF_FIELDS.items() if field.startswith(begin)), None)
    return kind(**content) if kind is not None and isinstance(content, Mapping) else content


Contents = Annotated[bool, Strict()] | Decimal | Annotated[Day, Strict()] | str | Part | tuple[Part, ...]
"""What a field may hold: yes or no, hours, a day, a code, one content, or several."""


def content_given(given: Any, read: ValidatorFunctionWrapHandler) -> Any:
    """What a field may hold. A dict does not say which content it is."""
    many = given if isinstance(given, list | tuple | set | frozenset) else (given,)
    if not any(isinstance(one, Mapping) for one in many):
        with suppress(ValidationError):
            return read(given)
    raise ValueError(
        Sentence(
            "this must be True or False, hours, a day, a text, or one or several of {kinds}",
            kinds=listed(f"{kind.__name__}(…)" for kind in get_args(Part)),
        )
    )
