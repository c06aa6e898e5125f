"""A sheet to fill in, as data: its columns, what stands above each, and what may be written below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum


class Cells(Enum):
    """What the cells of a column are to a spreadsheet."""

    TEXT = "text"
    """Text, as it was typed: a spreadsheet changes nothing in it."""
    DATE = "date"
    """A day that is not in the future."""
    ANY_DATE = "any date"
    """A day, also one to come."""


@dataclass(frozen=True)
class FormColumn:
    """A column.

    Parameters:
        heading: a heading that the readers know.
        explanation: stands above the heading, and is shown when a cell is chosen.
        width: in characters.
        cells: what the cells are.
        choices: what can be chosen from a list.
        others: whether something else than the choices may be written.
        word: a word that a column of days takes as well.
    """

    heading: str
    explanation: str
    width: int = 16
    cells: Cells = Cells.TEXT
    choices: tuple[str, ...] = ()
    others: bool = False
    word: str = ""


@dataclass(frozen=True)
class Form:
    """A sheet to fill in.

    Parameters:
        title: the name of the sheet.
        columns: its columns.
        refused: what a spreadsheet says where something is written that the column does not take.
        rows: the cells that are filled in already.
    """

    title: str
    columns: Sequence[FormColumn]
    refused: str
    rows: Sequence[Sequence[str | None]] = field(default=(), repr=False)
