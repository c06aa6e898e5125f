"""How large a sheet may be. The library keeps the whole rectangle from the first cell to the last one in memory, also
where it is empty, and ends the program when there is not enough."""

from __future__ import annotations

from typing import Final

from feideprov.messages import Sentence
from feideprov.tables.unpacked import Unreadable

MOST_CELLS: Final = 10_000_000
"""In the rectangle of a sheet: 150,000 rows of 64 columns."""
MOST_TEXT: Final = 500_000_000
"""Letters in all cells of a file: a text that many cells share is kept once for each."""
_LONG_TEXTS: Final = Sentence(
    "the spreadsheet has very long texts in very many cells, which no list has. Copy the list alone into a new "
    "spreadsheet, save it, then run again."
)


def require_size(rows: int, columns: int) -> None:
    """Raise Unreadable when a sheet is too large whose last cells are in this row and this column, counted from 1."""
    if rows * columns > MOST_CELLS:
        raise Unreadable(
            Sentence(
                "a sheet has cells as far as row {row} and column {column}, which no list needs. Delete the rows and "
                "columns after the list, save the file, then run again.",
                row=rows,
                column=column_letters(columns),
            )
        )


def require_text(letters: int) -> None:
    """Raise Unreadable when the cells of a file have more letters than this together."""
    if letters > MOST_TEXT:
        raise Unreadable(_LONG_TEXTS)


def column_letters(column: int) -> str:
    """The name of a column, counted from 1.

    >>> [column_letters(column) for column in (1, 26, 27, 16_384)]
    ['A', 'Z', 'AA', 'XFD']
    """
    letters = ""
    while column > 0:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def column_number(letters: str) -> int:
    """The place of a column, counted from 1.

    >>> [column_number(letters) for letters in ("A", "Z", "aa", "XFD")]
    [1, 26, 27, 16384]
    """
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
