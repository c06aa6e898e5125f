"""What a file is, and what it says of itself: told by its content, never by its name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from feideprov.feide.group import Ended
from feideprov.tables.table import Table


class Format(StrEnum):
    """What kind of file it is."""

    CSV = "csv"
    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"
    PIFU = "pifu"
    """PIFU-IMS SAS 1.1 to 1.3."""
    IMS = "ims"
    """IMS Enterprise 1.1."""
    JSON = "json"
    """Of services: the Feide API, or clients."""
    SAML = "saml"
    """Metadata of services."""

    @property
    def is_table(self) -> bool:
        """Rows below a heading. A table never says that somebody has left."""
        return self in (Format.CSV, Format.XLSX, Format.XLS, Format.ODS)


class Extent(StrEnum):
    """How much of its source a file in XML says that it holds (`properties/type`)."""

    FULL = "full"
    DELTA = "delta"
    EVENT = "event"

    @property
    def is_part(self) -> bool:
        """It has only what changed: what it does not say is as before."""
        return self is not Extent.FULL


@dataclass(frozen=True)
class UnknownSchool:
    """An organization number in a file that is of no school in the configuration, and how many people it has there."""

    number: str
    name: str
    people: int


@dataclass(frozen=True)
class FileFacts:
    """What was understood of a file as a whole."""

    format: Format = Format.CSV
    encoding: str = ""
    """Of a CSV file: utf-8, cp1252, cp850 or cp865."""
    sheet: str = ""
    heading_row: int = 1
    columns: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """The headings of the file, by canonical name."""
    datasource: str = ""
    """Of a file in XML: which system it says that it comes from."""
    source: str | None = None
    """The configured source (`[[sources]]`) that has this datasource."""
    extent: Extent | None = None
    made_on: date | None = None
    """The day in Norway of `properties/datetime`."""
    people: int = 0
    """How many people of ours a file in XML has, before any was refused."""
    schools: frozenset[str] = frozenset()
    """The ids of the schools of which the file has pupils."""
    unknown_schools: tuple[UnknownSchool, ...] = ()
    left_out: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    """How many people become no users, by reason: guardian, after-school, kindergarten, inactive, external …"""
    serials: frozenset[str] = field(default=frozenset(), repr=False)
    """The source ids that are serials which the file has in place of a number (IMS)."""
    deleted: tuple[str, ...] = field(default=(), repr=False)
    """The source ids of people whom a delta file deletes."""
    elsewhere: tuple[str, ...] = field(default=(), repr=False)
    """The source ids of people who are only at schools that are not in the configuration."""
    former_keys: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    """Former source ids (sourcedidtype Old) by the source id that follows."""
    ended: Mapping[str, Ended] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    """What people are no longer in, by source id: where the file says so."""

    @classmethod
    def of_table(cls, table: Table) -> FileFacts:
        """What was understood of a list in rows."""
        facts = table.facts
        return cls(Format(facts.format), facts.encoding, facts.sheet, facts.heading_row, table.heading.own)
