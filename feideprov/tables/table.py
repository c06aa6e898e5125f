"""A list as rows of named cells, each with the row number that a spreadsheet shows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from feideprov.encodings import what_is_damaged
from feideprov.issues import Origin, Refusal, code
from feideprov.look_alikes import visible
from feideprov.messages import Sentence
from feideprov.no_value import no_name, no_number_yet, no_value
from feideprov.progress import READING_ROWS, steps
from feideprov.tables.cells import text_of
from feideprov.tables.columns import Column, Layout
from feideprov.tables.csv_file import read_csv
from feideprov.tables.heading import Heading, HeadingReader
from feideprov.tables.listed_rows import ListedRows, TableFacts
from feideprov.tables.text_file import octets, read_text, require_no_lock_file, shown_name, spreadsheet_kind
from feideprov.tables.unseen import Unseen
from feideprov.text import normal_name

R_COLUMNS: Final = code(
    "R-COLUMNS",
    Sentence(
        "The row has more cells than the heading, or a cell contains the next rows. Cells are in the wrong columns."
    ),
    Sentence(
        "Correct the quotation marks in the row. Write quotation marks around each cell that contains a separator."
    ),
)

_EXCEL_FORMULA: Final = re.compile(r'="(.*)"', re.DOTALL)
_AROUND: Final = "\ufeff\u200b"
_LINE_BREAK: Final = re.compile(r"[\r\n]")
_OTHER_NAME: Final = {"given_name": "family_name", "family_name": "given_name"}
_LANGUAGES: Final = frozenset(("nan", "nil"))
"""Southern Min and Nila (ISO 639-3), which programs also write where there is no value."""


@dataclass(frozen=True)
class Row:
    """One row: its cells by canonical name, clean, and never shown."""

    origin: Origin
    cells: Mapping[str, str] = field(repr=False)
    without_value: Mapping[str, Sentence] = field(default_factory=dict)
    """By column, what is wrong with a cell that holds no value: an error of a spreadsheet, NULL, or damaged letters. No
    reader uses it."""

    def __getitem__(self, name: str) -> str:
        return self.cells.get(name, "")


@dataclass(frozen=True)
class Table:
    """A list as it was read. Blank rows are left out, but counted in the row numbers."""

    heading: Heading
    rows: tuple[Row, ...]
    refusals: tuple[Refusal, ...]
    """Rows whose cells are in the wrong columns (R-COLUMNS)."""
    notes: tuple[Sentence, ...] = ()
    """Which columns have characters that cannot be seen; there, they are not read."""
    facts: TableFacts = field(default_factory=lambda: TableFacts("csv"))


def read_table(
    path: Path,
    layout: Layout,
    *,
    mapped: Mapping[str, str] | None,
    encoding: str | None = None,
    sheet: str | None = None,
    sheet_can_be_told: bool = True,
) -> Table:
    """The rows of a list: a CSV file, or the sheet of a spreadsheet (XLSX, XLS, ODS), whatever its name is.

    A CSV file is in UTF-8 or Windows-1252, separated by `;`, `,` or tab; its lines end as on Windows, Unix or an old
    Mac. `mapped` gives the file's own heading for a canonical name; None: the configuration names none for this list.
    `encoding` is one that a person named (`feideprov.tables.encoding.CHOICES`), and so is `sheet`;
    `sheet_can_be_told`: the command has an option for it. The heading is the row with known headings, among the first
    rows. Rows are counted as in a spreadsheet: the first row of the file is 1, a cell with line breaks is one row.

    Raises InputError when the file is something else, its quotation marks do not match, or its headings lack a
    required column or name one twice; ConfigurationError when spreadsheets cannot be read here.
    """
    [table] = _tables(path, layout, mapped, encoding, sheet, sheet_can_be_told=sheet_can_be_told)
    return table


def read_tables(
    path: Path,
    layout: Layout,
    *,
    mapped: Mapping[str, str] | None,
    encoding: str | None = None,
    sheet: str | None = None,
) -> list[Table]:
    """The same, of every sheet that has the headings, where nobody named one. A CSV file is one table."""
    return _tables(path, layout, mapped, encoding, sheet, every=True)


def _tables(
    path: Path,
    layout: Layout,
    mapped: Mapping[str, str] | None,
    encoding: str | None,
    sheet: str | None,
    *,
    sheet_can_be_told: bool = True,
    every: bool = False,
) -> list[Table]:
    reader, file = HeadingReader(layout, mapped), shown_name(path)
    require_no_lock_file(path, file)
    data = octets(path)
    if kind := spreadsheet_kind(data):
        from feideprov.tables.spreadsheet import read_spreadsheet  # a CSV file needs none of it

        lists = read_spreadsheet(
            data, kind, reader, file, sheet=sheet, encoding=encoding, can_be_told=sheet_can_be_told, every=every
        )
    else:
        text, used = read_text(data, file, encoding, sheet=sheet, can_be_told=mapped is not None)
        lists = [read_csv(text, used, reader, file)]
    return [_table(one, {name: layout.column(name) for name in one.heading.places}) for one in lists]


def _table(found: ListedRows, columns: Mapping[str, Column]) -> Table:
    heading, separator = found.heading, found.separator
    unseen = Unseen(columns)
    unseen.look_at(found.facts.heading_row, {n: found.headings[i] for n, i in heading.places.items()})
    rows, refusals = [], []
    for number, record in steps(found.records, READING_ROWS, total=found.length):
        origin = Origin(found.file, number, found.sheet)
        if separator and any(cell.strip() for cell in record[heading.width :]):
            refusals.append(_shifted(origin))
            continue
        written = {n: record[i] for n, i in heading.places.items() if i < len(record)}
        if not separator:
            written = {n: text_of(cell, columns[n]) for n, cell in written.items()}
        elif any(separator in cell and _LINE_BREAK.search(cell) for cell in written.values()):
            refusals.append(_swallowed(origin))
            continue
        unseen.look_at(number, written)
        cells = {n: clean(cell, columns[n]) for n, cell in written.items()}
        without_value = {**_damaged(written, columns), **dict(_without_value(cells, columns))}
        rows.append(Row(origin, cells, without_value))
    return Table(heading, tuple(rows), tuple(refusals), tuple(unseen.notes(heading, found.file)), found.facts)


def clean(cell: str, column: Column) -> str:
    """A cell with single spaces, and without the signs by which spreadsheets keep text as text.

    Those are the wrapper of ="0123", and an apostrophe in front, except in the name of a person, which may begin
    with one. A number is not changed inside: it is for the judge; words that say that there is none yet are an empty
    cell. Elsewhere nothing remains that cannot be seen but, in
    words, the joiners.

    >>> clean(' ="0123" ', Column("grade")), clean("'0123", Column("grade"))
    ('0123', '0123')
    >>> clean("'Abd  Allah", Column("given_name", holds_name=True))
    "'Abd Allah"
    """
    cell = cell.strip().strip(_AROUND).strip()
    if not cell:
        return ""
    if wrapped := _EXCEL_FORMULA.fullmatch(cell):
        cell = wrapped[1].strip()
    if not column.holds_name and cell.startswith("'"):
        cell = cell[1:].strip()
    if column.holds_number:
        return "" if no_number_yet(cell) else cell
    return normal_name(cell if column.holds_name or column.holds_words else visible(cell))


def _without_value(cells: Mapping[str, str], columns: Mapping[str, Column]) -> Iterator[tuple[str, Sentence]]:
    for name, cell in cells.items():
        if not cell:
            continue
        if columns[name].holds_name:
            other = _OTHER_NAME.get(name)
            meaning = no_name(cell, None if other is None else cells.get(other, ""))
        else:
            meaning = None if name == "language" and cell in _LANGUAGES else no_value(cell)
        if meaning:
            yield name, meaning


def _damaged(written: Mapping[str, str], columns: Mapping[str, Column]) -> dict[str, Sentence]:
    """Cells with damaged letters, as they stand in the file: cleaning removes some of the signs that tell."""
    return {
        name: what
        for name, cell in written.items()
        if not (cell.isascii() and (not columns[name].holds_name or cell.isalpha() or not cell))
        and not columns[name].holds_number
        and (what := what_is_damaged(cell, is_name=columns[name].holds_name))
    }


def _shifted(origin: Origin) -> Refusal:
    return Refusal(
        R_COLUMNS,
        Sentence(
            "The row has more cells than the heading, so its cells are perhaps in the wrong columns. Write "
            "quotation marks around each cell that contains a separator."
        ),
        origin=origin,
    )


def _swallowed(origin: Origin) -> Refusal:
    return Refusal(
        R_COLUMNS,
        Sentence(
            "A cell contains line breaks and separators, so it probably contains the next rows. Correct the "
            "quotation marks in this row."
        ),
        origin=origin,
    )
