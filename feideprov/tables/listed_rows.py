"""A list as it was found in a file, before its cells are cleaned: the heading, and the rows below it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from feideprov.tables.heading import Heading

TableFormat = Literal["csv", "xlsx", "xls", "ods"]
Record = tuple[int, Sequence[Any]]
"""A row that is not blank: its number, as the file has it, and its cells."""
TOP_ROWS: Final = 50
"""In how many rows with content the heading is looked for."""


@dataclass(frozen=True)
class TableFacts:
    """What was understood of the file as a whole. `encoding` is of a CSV file, `sheet` of a spreadsheet. `unread` are
    the other sheets with content."""

    format: TableFormat
    encoding: str = ""
    sheet: str = ""
    heading_row: int = 1
    unread: tuple[str, ...] = ()


@dataclass(frozen=True)
class ListedRows:
    """A list in a file.

    `headings` are the cells of the heading row. `length` is about how many records there are: it counts blank rows, and
    each line of a cell with several. `separator` is of a CSV file, whose cells are all text; the cells of a
    spreadsheet have the types of Python. `sheet` is named in messages: empty when the file has only one.
    """

    file: str
    heading: Heading
    headings: Sequence[str]
    records: Iterator[Record]
    facts: TableFacts
    length: int
    separator: str = ""
    sheet: str = ""
