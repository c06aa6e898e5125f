"""Reads lists of numbers in every format: what a file is, is told by its content."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from feideprov.errors import InputError
from feideprov.feide.person import PersonRecord
from feideprov.files import beginning_of
from feideprov.intake.columns import PERSON_LIST, REPLACEMENT_LIST, WITHDRAWAL_LIST
from feideprov.intake.ims.recognition import is_enterprise
from feideprov.intake.number_list import NumberList, NumberRow, read_number_list
from feideprov.intake.people import read_people
from feideprov.intake.reading import Reading
from feideprov.messages import Sentence
from feideprov.tables.columns import Layout, heading_key
from feideprov.tables.text_file import shown_name

_OF_PEOPLE: Final = frozenset(
    heading_key(heading) for column in PERSON_LIST.columns for heading in (column.name, *column.headings)
)
"""The headings of a person list, which may be given in place of a number list."""


def read_numbers(path: Path, reading: Reading, layout: Layout) -> NumberList:
    """The numbers in a file of any format, not judged: of a file in XML, those of its people.

    `layout` says what the numbers are for: NUMBER_LIST, REPLACEMENT_LIST, FOLLOWING_LIST or WITHDRAWAL_LIST. A file in
    XML never says which number somebody had before, so it replaces numbers only if there is evidence for all of it.
    Raises InputError when the file as a whole cannot be read as such a list, ConfigurationError when its
    headings in the configuration cannot be used.
    """
    if is_enterprise(beginning_of(path)):
        listed = _numbers_of_people(path, reading)
        if layout is WITHDRAWAL_LIST or (layout is REPLACEMENT_LIST and listed.file.source is None):
            raise InputError(Sentence("{file}: {what}", file=shown_name(path), what=_no_such_list(layout)))
        return listed
    listed = read_number_list(
        path,
        columns=reading.columns,
        on=reading.on,
        layout=layout,
        encoding=reading.encoding,
        key=reading.key,
        sheet=reading.sheet,
    )
    ignored = tuple(heading for heading in listed.ignored_columns if heading_key(heading) not in _OF_PEOPLE)
    return replace(listed, ignored_columns=ignored)


def _numbers_of_people(path: Path, reading: Reading) -> NumberList:
    people = read_people(path, reading)
    rows = tuple(row for record in people.records if (row := _row_of(record)) is not None)
    unanswered = len(people.records) - len(rows)
    return NumberList(
        rows, people.refusals, unanswered, people.ignored_columns, people.notes, people.file, of_people=True
    )


def _row_of(record: PersonRecord) -> NumberRow | None:
    """The number of a person. A DUF number counts where there is no other."""
    number = record.national_number or record.duf_number
    if number is None:
        return None
    return NumberRow(number, record.origin, source_id=record.source_id, birth_date=record.birth_date)


def _no_such_list(layout: Layout) -> Sentence:
    if layout is REPLACEMENT_LIST:
        return Sentence(
            "this is a file of people in XML, which does not say what their numbers were before, and there is no "
            "evidence for its numbers. Say with --source or --evidence where they were seen, or give a list "
            "(spreadsheet or CSV) with the old and the new numbers."
        )
    return Sentence(
        "this is a file of people in XML, and it does not say which numbers are wrong. Give a list (spreadsheet or "
        "CSV) of the numbers that must be removed."
    )
