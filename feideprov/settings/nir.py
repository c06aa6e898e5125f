"""The section `[nir]`: the introduction register has another purpose and other people than Feide, so its file, folder,
key and recipient are its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from feideprov.messages import Sentence
from feideprov.settings.sections import Hidden, Section

_LENGTH: Final = re.compile(r"P(?=\d*[1-9]|\d+Y\d*[1-9])(?:\d{1,3}Y)?(?:\d{1,4}M)?", re.ASCII)
_MUNICIPALITY: Final = re.compile(r"\d{4}", re.ASCII)
LawName = Literal["introduksjonsloven", "integreringsloven", "kap6a"]
RoleName = Literal["kommunenorskbruker", "kommuneintrobruker"]


def _length(text: str) -> str:
    if not _LENGTH.fullmatch(text):
        raise ValueError(Sentence("this must be a length of time in years and months, such as “P5Y” or “P18M”"))
    return text


def _municipality(text: str) -> str:
    if not _MUNICIPALITY.fullmatch(text):
        raise ValueError(Sentence("this must be the number of the municipality, four digits"))
    return text


class NirReadySection(Section):
    """Since when the vendor's system transfers by WS4 for a law, and who said so."""

    on: date
    who: str = Field(min_length=1)


class NirClosedSection(Section):
    """A time in which IMDi has closed transfer for the municipality. `until` is the first day after it."""

    from_: date = Field(alias="from")
    until: date | None = None
    who: str = Field(min_length=1)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.until is not None and self.until <= self.from_:
            raise ValueError(Sentence("until must be after from: it is the first day after the time"))
        return self


class NirSection(Section):
    """The introduction register (NIR). `municipality`: its number. `retention`: how long records are kept after they
    ended: the municipality's own answer, so it has no default. `transfers`: a case system is used for transfer to NIR;
    `ready`: by law, since when it is adapted to WS4; `closed`: when IMDi had closed transfer. `roles`: who has which
    role in NIR. `source`: the source (`[[sources]]`) whose keys the lists have. `rules`: a file with rows of your own.
    `columns`, `codes`: your own headings and code values; `person_list`: the headings of NIR's person list. `outbox`:
    the adapter that takes records. `recipient`: who gets the mail of `nir today`."""

    municipality: Annotated[str, AfterValidator(_municipality)]
    retention: Annotated[str, AfterValidator(_length)]
    file: Path = Path("nir/nir.json")
    folder: Path = Path("nir")
    key_file: Annotated[Path, Hidden] = Path("nir/nir.key")
    recipient: str = ""
    transfers: bool = False
    ready: Mapping[LawName, NirReadySection] = Field(default_factory=dict)
    closed: tuple[NirClosedSection, ...] = ()
    roles: Mapping[RoleName, tuple[str, ...]] = Field(default_factory=dict)
    source: str = ""
    rules: Path | None = None
    outbox: str = ""
    columns: Mapping[str, str] = Field(default_factory=dict)
    codes: Mapping[str, Mapping[str, str]] = Field(default_factory=dict)
    person_list: Mapping[str, str] = Field(default_factory=dict)
