"""How lists are read: what the configuration, the command and the day say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from feideprov.feide.organization import HostOrganization
from feideprov.journal.keys import MarkKey
from feideprov.settings.sections import SourceSection


@dataclass(frozen=True)
class Reading:
    """How a list is read.

    Parameters:
        on: the day on which it is read.
        columns: the configuration's own headings, by canonical name.
        encoding: the encoding of a CSV file that a person named.
        sheet: the sheet of a spreadsheet that a person named.
        source: the source that a person named.
        sources: the configured sources, one of which a file in XML may name.
        organization: whose schools the people belong to.
        key: makes source ids for people whose key is a number; without it, such a row is refused.
    """

    on: date
    columns: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    encoding: str | None = None
    sheet: str | None = None
    source: str | None = None
    sources: Sequence[SourceSection] = ()
    organization: HostOrganization | None = None
    key: MarkKey | None = None
