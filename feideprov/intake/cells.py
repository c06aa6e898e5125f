"""What cells of a list mean, and what is said about those that cannot be read.

A sentence names the column and what to do. It never quotes the cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from feideprov.issues import Origin, Refusal, code
from feideprov.messages import Sentence, joined
from feideprov.numbers import key_is_number, number_shaped
from feideprov.numbers.reading import ascii_digit
from feideprov.tables.columns import Layout
from feideprov.tables.day import MIDNIGHT
from feideprov.tables.heading import Heading
from feideprov.tables.table import Row

R_SOURCE_ID: Final = code(
    "R-SOURCE-ID",
    Sentence(
        "The source id is missing, looks like an identity number, is an error of a spreadsheet (#I/T), or was "
        "shortened by one (1,2E+10). In a number list: the row has neither source_id nor user."
    ),
    Sentence("In the column source_id, write the key that the person has in your own system."),
)
R_NUMBER_MISPLACED: Final = code(
    "R-NUMBER-MISPLACED",
    Sentence("A cell looks like an identity number, but its column is not for numbers."),
    Sentence("Move the number to a column for numbers, or remove it."),
)

MISPLACED: Final = Sentence(
    "this looks like an identity number, but the column is not for numbers. Move the number to a "
    "column for numbers, or remove it."
)
SOURCE_ID_NUMBER: Final = Sentence(
    "this looks like an identity number. Write the key that the person has in your own system, never "
    "an identity number."
)


OWN_KEYS: Final = frozenset(("source_id", "key"))
"""Columns with the key that a person has in the municipality's own system."""
_KEYS: Final = OWN_KEYS | {"school", "groups"}
"""Columns with keys of other systems, which may have many digits."""
NO_KEY: Final = Sentence(
    "this is no key: it has no letter and no digit but zero, as an empty cell of a spreadsheet may have it. Write the "
    "key that the person has in your own system."
)
YES_NO: Final = dict.fromkeys(("yes", "y", "ja", "j", "true", "sann", "1", "x"), True) | dict.fromkeys(
    ("no", "n", "nei", "false", "usann", "0"), False
)
"""The words for yes and no, in small letters."""


@dataclass(frozen=True)
class Problem:
    """What is wrong with one row, in one column or in several that belong together. `words` follow the column."""

    columns: tuple[str, ...]
    code: str
    words: Sentence


def has_many_digits(text: str) -> bool:
    """Whether a name contains five digits or more, in one run or in pieces: enough to recognize a person's number."""
    return sum(c.isdecimal() for c in text) >= 5


def misplaced(row: Row, layout: Layout) -> list[Problem]:
    """Cells that contain what looks like an identity number in a column for something else."""
    return [
        Problem((column.name,), R_SOURCE_ID, SOURCE_ID_NUMBER)
        if column.name in OWN_KEYS
        else Problem((column.name,), R_NUMBER_MISPLACED, MISPLACED)
        for column in layout.columns
        if not column.holds_number
        and (cell := row[column.name])
        and column.name not in row.without_value
        and _holds_number(column.name, cell)
    ]


def _holds_number(column: str, text: str) -> bool:
    if column in _KEYS:
        return key_is_number(text)
    # With the country in front, a mobile number may have as many digits as an identity number.
    is_phone = column == "mobile" and text.startswith(("+", "00"))
    return not is_phone and number_shaped(MIDNIGHT.sub("", text))


def without_value(row: Row, codes: Mapping[str, str]) -> list[Problem]:
    """Cells that hold no value, such as an error of a spreadsheet, and a source id of zeros or signs alone."""
    problems = [Problem((name,), codes[name], meaning) for name, meaning in row.without_value.items() if name in codes]
    return problems + [
        Problem((name,), R_SOURCE_ID, NO_KEY)
        for name in sorted(OWN_KEYS)
        if (key := row[name])
        and name not in row.without_value
        and not any(c.isalnum() and ascii_digit(c) != "0" for c in key)
    ]


def refusal(problems: Iterable[Problem], layout: Layout, heading: Heading, origin: Origin) -> Refusal:
    """One refusal for the row: the code of its first problem, and the sentences of all."""
    order = [column.name for column in layout.columns]
    ordered = sorted(problems, key=lambda problem: order.index(problem.columns[0]))
    sentences = (Sentence("{where}: {words}", where=heading.where(*p.columns), words=p.words) for p in ordered)
    return Refusal(ordered[0].code, joined(sentences), origin=origin)
