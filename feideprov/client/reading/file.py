"""What was understood of a file, before anything is planned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from feideprov.feide.person import PersonRecord
from feideprov.intake.file_facts import FileFacts
from feideprov.intake.number_list import NumberRow
from feideprov.issues import Refusal
from feideprov.text import shown

if TYPE_CHECKING:
    from feideprov.services.register.service import Service

_SHOWN: Final = 5
"""How many people are shown."""


class ListKind(StrEnum):
    """What a file is a list of."""

    PEOPLE = "people"
    NUMBERS = "numbers"
    REPLACEMENTS = "replacements"
    WITHDRAWALS = "withdrawals"
    SERVICES = "services"
    LEAVERS = "leavers"
    NIR = "nir"
    """Participation records for the introduction register."""


@dataclass(frozen=True)
class ReadFile:
    """What was understood of a file. It was compared with the configuration, and with nothing else: the directory may
    have more to say about a row.

    Parameters:
        name: the name of the file, without its folder.
        kind: what the file is a list of.
        file: its format, encoding or sheet, heading row and columns; of a file in XML, its source, and whom it leaves
            out.
        rows: how many rows, or people, it has.
        records: the people.
        number_rows: the rows of a list of numbers, replacements or withdrawals.
        services: the services.
        schools: the id of the first school of each of the people, in the order of `records`; empty where it is not in
            the configuration.
        numbers: how many numbers of each kind there are.
        refusals: what will be refused or held, in the order of the rows.
        ignored_columns: the headings of columns that were not read.
        notes: what should be known of the file, although it was read.
    """

    name: str
    kind: ListKind
    file: FileFacts = field(default_factory=FileFacts)
    rows: int = 0
    records: tuple[PersonRecord, ...] = field(default=(), repr=False)
    number_rows: tuple[NumberRow, ...] = field(default=(), repr=False)
    services: tuple[Service, ...] = field(default=(), repr=False)
    schools: tuple[str, ...] = field(default=(), repr=False)
    numbers: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    refusals: tuple[Refusal, ...] = ()
    ignored_columns: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def people(self) -> Mapping[tuple[str, str], int]:
        """How many people there are, by the id of their first school and their role."""
        of_schools = zip(self.schools, self.records, strict=True)
        return Counter((school, record.role.value) for school, record in of_schools if school)

    @property
    def groups(self) -> Mapping[tuple[str, str, str, str], int]:
        """How many people each group has, by the school's id and the type, id and name of the group."""
        of_schools = zip(self.schools, self.records, strict=True)
        return Counter(
            (school, group.type, group.id, group.name) for school, record in of_schools for group in record.groups
        )

    @property
    def protected(self) -> int:
        """How many people the file says are protected."""
        return sum(record.protected for record in self.records)

    @property
    def first(self) -> tuple[PersonRecord, ...]:
        """The first people, without protected ones."""
        return tuple([record for record in self.records if not record.protected][:_SHOWN])

    def as_dict(self) -> dict[str, Any]:
        """All of it but the refusals, as `read --json` shows it: it has no number, and nobody's who is protected.

        Returns: the object; its keys are those of docs/commands.md.

        Raises: nothing.
        """
        return {
            "file": self.name,
            "kind": self.kind.value,
            **_file_as_dict(self.file),
            "ignored_columns": [str(heading) for heading in self.ignored_columns],
            "counts": self._counts(),
            "people": [
                {"school": school, "role": role, "count": count}
                for (school, role), count in sorted(self.people.items())
            ],
            "groups": [
                {"school": school, "type": kind, "id": shown(key), "name": shown(name), "people": count}
                for (school, kind, key, name), count in sorted(self.groups.items())
            ],
            "numbers": dict(self.numbers),
            "first": list(map(_person_as_dict, self.first)),
            "notes": [str(note) for note in self.notes],
        }

    def _counts(self) -> dict[str, int]:
        held = {refusal.origin or number for number, refusal in enumerate(self.refusals) if refusal.held}
        refused = {refusal.origin or number for number, refusal in enumerate(self.refusals) if not refusal.held}
        return {
            "rows": self.rows,
            "protected": self.protected,
            "numbers": sum(self.numbers.values()),
            "services": len(self.services),
            "refused": len(refused),
            "held": len(held - refused),
        }


def _file_as_dict(file: FileFacts) -> dict[str, Any]:
    about: dict[str, Any] = {"format": file.format.value}
    if file.format.is_table:
        return about | {
            "encoding": file.encoding or None,
            "sheet": file.sheet or None,
            "heading_row": file.heading_row,
            "columns": {name: str(heading) for name, heading in file.columns.items()},
        }
    return about | {
        "datasource": shown(file.datasource),
        "source": file.source,
        "extent": file.extent.value if file.extent else None,
        "made_on": file.made_on.isoformat() if file.made_on else None,
        "schools": sorted(file.schools),
        "unknown_schools": [
            {"number": one.number, "name": shown(one.name), "people": one.people} for one in file.unknown_schools
        ],
        "left_out": dict(file.left_out),
        "deleted": len(file.deleted),
    }


def _person_as_dict(record: PersonRecord) -> dict[str, str]:
    return {
        "name": shown(record.full_name),
        "school": " | ".join(map(shown, record.schools)),
        "role": record.role.value,
        "grade": record.grade,
    }
