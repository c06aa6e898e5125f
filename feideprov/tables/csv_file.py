"""A CSV file as rows of text."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import chain, islice
from typing import Final

from feideprov.errors import InputError
from feideprov.messages import Sentence
from feideprov.tables.heading import HeadingReader
from feideprov.tables.listed_rows import TOP_ROWS, ListedRows, TableFacts

_SEPARATORS: Final = (";", ",", "\t")
_EXCEL_LINE: Final = re.compile(r"\A\"?sep=([;,\t])\"?(\r\n|\r|\n)", re.IGNORECASE)
_AFTER_QUOTATION: Final = re.compile(r'("(?:[^"]|"")*+")(?:[ \xa0]+(?=[;,\t\r\n]|\Z))?')
"""A cell in quotation marks, and spaces between it and the separator, which no reader of CSV allows."""


def read_csv(text: str, encoding: str, reader: HeadingReader, file: str) -> ListedRows:
    """The rows of a CSV file, which is separated by `;`, `,` or tab, whichever gives known headings.

    Raises InputError when its quotation marks do not match, or its headings lack a required column or name one twice.
    """
    text = _AFTER_QUOTATION.sub(r"\1", text)
    if said := _EXCEL_LINE.match(text):  # Excel reads this line as an instruction and shows no row for it
        text = text[said.end() :]
    separator = said[1] if said else _separator(text, reader)
    records = _records(text, separator, file)
    top = list(islice(records, 1)) or [(1, [""])]
    if not reader.is_complete(top[0][1]):
        top += islice(records, TOP_ROWS - 1)
    place = reader.find([cells for _, cells in top])
    number, headings = top[place]
    heading = reader.read(headings, file)
    facts = TableFacts("csv", encoding=encoding, heading_row=number)
    rows, length = chain(top[place + 1 :], records), text.rstrip().count("\n") + 1 - number
    return ListedRows(file, heading, headings, rows, facts, length, separator)


def _separator(text: str, reader: HeadingReader) -> str:
    """The separator that gives the most known headings in a row; of several, the one with most cells there."""

    def worth(separator: str) -> tuple[int, int]:
        best = (0, 0)
        with suppress(csv.Error):
            for row in islice((row for row in _reader(text, separator) if not _is_blank(row)), TOP_ROWS):
                best = max(best, (reader.known_in(row), len(row)))
                if reader.is_complete(row):
                    break
        return best

    return max(_SEPARATORS, key=worth)


def _reader(text: str, separator: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True, skipinitialspace=True)


def _is_blank(record: Sequence[str]) -> bool:
    return not any(cell.strip() for cell in record)


def _records(text: str, separator: str, file: str) -> Iterator[tuple[int, Sequence[str]]]:
    """Every row that is not blank, with its number."""
    number = 0
    try:
        for number, record in enumerate(_reader(text, separator), 1):
            if not _is_blank(record):
                yield number, record
    except csv.Error as error:
        too_long = "limit" in str(error)
    else:
        return
    raise InputError(
        Sentence(
            "{file}: row {row} has a cell that is too long, so the next rows cannot be read. Correct that "
            "row, or open the file in a spreadsheet and save it as “CSV UTF-8”. Then run again.",
            file=file,
            row=number + 1,
        )
        if too_long
        else Sentence(
            "{file}: row {row} has a quotation mark too few or too many, so the next rows cannot be read. "
            "Correct that row, or open the file in a spreadsheet and save it as “CSV UTF-8”. Then run again.",
            file=file,
            row=number + 1,
        )
    )
