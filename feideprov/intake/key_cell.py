"""The source ids of rows whose key is a number, or which have a number and no key.

An office for refugees has the DUF number and nothing else. In place of the number stands a keyed digest of it, which
says nothing about the number, and is the same in every list.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from feideprov.intake.cells import R_SOURCE_ID, Problem
from feideprov.intake.columns import TO_GET_KEYS
from feideprov.journal.keys import MarkKey
from feideprov.messages import Sentence
from feideprov.numbers import key_is_number
from feideprov.numbers.reading import digits_of
from feideprov.tables.table import Row

IN_PLACE_OF_KEY: Final = ("duf_number", "national_number")
"""The columns whose number can stand in place of a key. The DUF number first: it stays when a D-number arrives."""
_LENGTHS: Final = (11, 12)
"""Of a national number, and of a DUF number."""
_UNUSABLE: Final = Sentence(
    "the row has no key, and its number cannot stand in place of one: it does not have the 11 digits of a national "
    "number or the 12 digits of a DUF number, or all its digits are the same. Correct the number, or write the key "
    "that the person has in your own system. {to_get_keys}",
    to_get_keys=TO_GET_KEYS,
)
_WRONG_DIGIT: Final = Sentence(
    "other keys in this column are identity numbers, and this one is nearly one: a digit is wrong or missing. Correct "
    "it."
)


@dataclass(frozen=True)
class KeyedRow:
    """A row with the source id that is used, and what is wrong with it."""

    row: Row
    problem: Problem | None = None
    made: bool = False
    """The source id was made of a number."""


def with_keys(rows: Sequence[Row], key: MarkKey | None, *, instead: Sequence[str] = IN_PLACE_OF_KEY) -> list[KeyedRow]:
    """The rows, each with a digest in place of a source id that is a number, or that is missing beside a number.

    Without `key`, the rows are as they were. `instead` are the columns whose numbers can stand in place of a key.
    """
    if key is None:
        return list(map(KeyedRow, rows))
    numbers_as_keys = any(_is_whole_number(row["source_id"]) for row in rows)
    return [_with_key(row, key, instead, numbers_as_keys=numbers_as_keys) for row in rows]


def made_of_numbers(count: int) -> tuple[Sentence, ...]:
    """A note about the source ids that were made of numbers: in how many rows."""
    if not count:
        return ()
    return (
        Sentence(
            "In {count} row, letters stand in place of a source id that is a number or is missing. They are made of "
            "the number with the key of the journal, say nothing about the number, and are the same in every list that "
            "has it.",
            plural="In {count} rows, letters stand in place of a source id that is a number or is missing. They are "
            "made of the number with the key of the journal, say nothing about the number, and are the same in every "
            "list that has it.",
            count=count,
        ),
    )


def of_a_new_key(source_ids: Iterable[str]) -> tuple[Sentence, ...]:
    """A note about source ids that were made of numbers with a key that is not kept yet."""
    if not any(map(MarkKey.is_in_place_of_key, source_ids)):
        return ()
    return (
        Sentence(
            "There is no key of the journal yet. It is made when a list is first carried out, or a plan is saved. "
            "Until then, each run has other letters in place of the same number, so do not copy them."
        ),
    )


def _with_key(row: Row, key: MarkKey, instead: Sequence[str], *, numbers_as_keys: bool) -> KeyedRow:
    source_id = row["source_id"]
    if source_id:
        if _is_whole_number(source_id):
            return KeyedRow(_replaced(row, key, source_id), made=True)
        if numbers_as_keys and _has_length(source_id):
            return KeyedRow(row, Problem(("source_id",), R_SOURCE_ID, _WRONG_DIGIT))
        return KeyedRow(row)
    if "source_id" in row.without_value or row["user"]:
        return KeyedRow(row)
    numbers = [row[name] for name in instead if row[name] and name not in row.without_value]
    if usable := next(filter(_has_length, numbers), None):
        return KeyedRow(_replaced(row, key, usable), made=True)
    return KeyedRow(row, Problem(("source_id",), R_SOURCE_ID, _UNUSABLE) if numbers else None)


def _replaced(row: Row, key: MarkKey, number: str) -> Row:
    """The row with the digest of a number as its source id. A DUF number that was the key of a list without a column
    for it is also the person's DUF number; any other number goes nowhere."""
    cells = dict(row.cells) | {"source_id": key.in_place_of_key(number)}
    if row["source_id"] and len(_digits(number)) == max(_LENGTHS):
        cells.setdefault("duf_number", number)
    return replace(row, cells=cells)


def _is_whole_number(text: str) -> bool:
    """Whether a source id is a number and nothing else."""
    return key_is_number(text) and _has_length(text)


def _has_length(text: str) -> bool:
    digits = _digits(text)
    return len(digits) in _LENGTHS and len(set(digits)) > 1


def _digits(text: str) -> str:
    return digits_of(text)[0]
