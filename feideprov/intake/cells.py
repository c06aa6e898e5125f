"""What cells of either list mean, and what is said about those that mean nothing.

A sentence names the column and what to do. It never quotes the cell.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from feideprov.issues import Origin, Refusal
from feideprov.numbers import number_shaped
from feideprov.tables.columns import Layout
from feideprov.tables.day import MIDNIGHT
from feideprov.tables.heading import Heading
from feideprov.tables.table import Row

MISPLACED: Final = (
    "this looks like an identity number, which belongs in the columns for numbers only. Move it or take it away."
)
SOURCE_ID_NUMBER: Final = (
    "this looks like an identity number. Write the key that the person has in your own system, never the number."
)


@dataclass(frozen=True)
class Problem:
    """What is wrong with one row, in one column or in several that belong together."""

    columns: tuple[str, ...]
    code: str
    words: str


def has_many_digits(text: str) -> bool:
    """Whether a name holds as many digits as tell a person's number, in one run or in pieces."""
    return sum(c.isdecimal() for c in text) >= 5


def misplaced(row: Row, layout: Layout) -> list[Problem]:
    """Cells that hold what looks like a person's number where none belongs."""
    return [
        Problem((column.name,), "R-SOURCE-ID", SOURCE_ID_NUMBER)
        if column.name == "source_id"
        else Problem((column.name,), "R-NUMBER-MISPLACED", MISPLACED)
        for column in layout.columns
        if not column.holds_number and _holds_number(column.name, row[column.name])
    ]


def _holds_number(column: str, text: str) -> bool:
    # With the country in front, a mobile number may have as many digits as an identity number.
    is_phone = column == "mobile" and text.startswith(("+", "00"))
    return not is_phone and number_shaped(MIDNIGHT.sub("", text))


def refusal(problems: Iterable[Problem], layout: Layout, heading: Heading, origin: Origin) -> Refusal:
    """One refusal for the row: the code of its first problem, and the sentences of all."""
    order = [column.name for column in layout.columns]
    ordered = sorted(problems, key=lambda problem: order.index(problem.columns[0]))
    sentence = " ".join(f"{heading.where(*problem.columns)}: {problem.words}" for problem in ordered)
    return Refusal(ordered[0].code, sentence, origin=origin)


def in_row_order(refusals: Iterable[Refusal]) -> tuple[Refusal, ...]:
    """Refusals as the rows stand in the file."""
    return tuple(sorted(refusals, key=lambda refusal: refusal.origin.row if refusal.origin else 0))
