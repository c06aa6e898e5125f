"""The rows of the person list that NIR lets one download as CSV.

Its columns are not public, so the configuration names them (`[nir.person_list]`), and nothing is assumed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Final

from feideprov.errors import ConfigurationError
from feideprov.installation import page
from feideprov.intake.cells import R_SOURCE_ID, YES_NO, Problem, misplaced, refusal, without_value
from feideprov.intake.columns import check_mapping
from feideprov.issues import Origin, Refusal, code
from feideprov.messages import Sentence
from feideprov.no_value import no_value
from feideprov.tables.columns import Column, Layout, heading_key
from feideprov.tables.day import as_date
from feideprov.tables.heading import Heading
from feideprov.tables.table import Row, read_table

R_NIR_LISTED_NOBODY: Final = code(
    "R-NIR-LISTED-NOBODY",
    Sentence("A row of NIR's person list has neither a key nor a number."),
    Sentence("Look the row up in NIR."),
)
R_NIR_LISTED_NUMBER: Final = code(
    "R-NIR-LISTED-NUMBER",
    Sentence("A number in NIR's person list is no fødselsnummer, D-number or DUF number, or two of ours have it."),
    Sentence("Look the row up in NIR. A number of another kind is compared only with an equal one."),
)
_COLUMN: Final = {
    column.name: column
    for column in (
        Column("key"),
        Column("number", holds_number=True),
        Column("ended", holds_date=True),
        Column("reason", holds_words=True),
    )
}
COLUMNS: Final = tuple(_COLUMN)
"""What `[nir.person_list]` names the headings of."""
NO_REASON: Final = "no_reason"
"""A text of the column `reason`, not a heading, that also stands for no reason."""
SYSTEM_VALUE: Final = "avslutningsårsak ikke registrert"
"""What NIR itself writes as the reason when nobody has given one (imdi.no, 2021-01-21)."""
_SECTION: Final = "[nir.person_list]"


@dataclass(frozen=True)
class NirPersonRow:
    """One row. `ended`: a programme or training has ended; `without_reason`: and no reason is registered."""

    origin: Origin
    key: str = field(default="", repr=False)
    number: str = field(default="", repr=False)
    without_reason: bool = False


@dataclass(frozen=True)
class NirPersonList:
    """The list as it was read."""

    heading: Heading
    rows: tuple[NirPersonRow, ...]
    refusals: tuple[Refusal, ...]
    notes: tuple[Sentence, ...] = ()


def read_nir_person_list(
    path: Path,
    columns: Mapping[str, str],
    on: date | None = None,
    *,
    encoding: str | None = None,
    sheet: str | None = None,
) -> NirPersonList:
    """Read the list, in any format that lists have (CSV, XLSX, XLS, ODS).

    Parameters:
        path: the downloaded list.
        columns: its headings, by name (`COLUMNS`, and `NO_REASON`).
        on: the day that counts as today: what ends later has not ended.
        encoding, sheet: as for other lists.

    Raises:
        ConfigurationError: the columns are not configured.
        InputError: the file cannot be read, or lacks a column that is configured.
    """
    layout = _layout(columns)
    mapped = {column.name: columns[column.name] for column in layout.columns}
    table = read_table(path, layout, mapped=mapped, encoding=encoding, sheet=sheet)
    rows, refusals = list[NirPersonRow](), list(table.refusals)
    none = frozenset(map(heading_key, ("", SYSTEM_VALUE, columns.get(NO_REASON, ""))))
    for row in table.rows:
        if problems := list(_problems(row, layout)):
            refusals.append(refusal(problems, layout, table.heading, row.origin))
        else:
            without = "reason" in columns and _without_reason(row, none, on or date.max)
            rows.append(NirPersonRow(row.origin, row["key"], row["number"], without))
    return NirPersonList(table.heading, tuple(rows), tuple(refusals), table.notes)


def _layout(columns: Mapping[str, str]) -> Layout:
    """The columns that the configuration names, and no others. Raises ConfigurationError."""
    headings = {name: heading for name, heading in columns.items() if name != NO_REASON}
    check_mapping(headings, COLUMNS, _SECTION)
    if not {"key", "number"} & headings.keys():
        raise ConfigurationError(
            Sentence(
                "The configuration does not say by what NIR's person list names people: its columns are not public. "
                "Write the headings of the list into the section {section}: key = “…” or number = “…”, or both, and "
                "ended = “…” with reason = “…” where the list has them. See {page}.",
                section=_SECTION,
                page=page("nir.md"),
            )
        )
    names = [name for name in COLUMNS if name in headings]
    return Layout(
        Sentence("person list of NIR"),
        tuple(replace(_COLUMN[name], headings=(headings[name],)) for name in names),
        required=tuple((name,) for name in names),
        section=_SECTION,
    )


def _problems(row: Row, layout: Layout) -> Iterator[Problem]:
    yield from without_value(row, {"key": R_SOURCE_ID, "number": R_NIR_LISTED_NUMBER})
    yield from misplaced(row, layout)
    if not row["key"] and not row["number"] and not row.without_value:
        words = Sentence("the row has neither a key nor a number. Look it up in NIR.")
        yield Problem(tuple(name for name in ("key", "number") if name in row.cells), R_NIR_LISTED_NOBODY, words)


def _without_reason(row: Row, none: frozenset[str], on: date) -> bool:
    """Whether something has ended and has no reason. NIR's own words for “no reason” say that it has ended."""
    reason = heading_key(row["reason"])
    if reason not in none and no_value(row["reason"]) is None:
        return False
    if "reason" in row.cells and reason == heading_key(SYSTEM_VALUE):
        return True
    ended = row["ended"]
    if not ended or YES_NO.get(ended.casefold()) is False or no_value(ended):
        return False
    day = as_date(ended, date.max)
    return isinstance(day, Sentence) or day <= on
