"""Reads lists of people in every format: what a file is, is told by its content."""

from __future__ import annotations

from pathlib import Path

from feideprov.files import beginning_of
from feideprov.intake.ims.recognition import is_enterprise
from feideprov.intake.person_list import PersonList, read_person_list
from feideprov.intake.reading import Reading
from feideprov.tables.text_file import require_no_choice


def read_people(path: Path, reading: Reading) -> PersonList:
    """The people in a file of any format.

    Raises InputError when the file as a whole cannot be read as a list of people, ConfigurationError when the
    configuration's own headings cannot be used.
    """
    if is_enterprise(beginning_of(path)):
        from feideprov.intake.ims.reader import read_enterprise  # a table needs no reader of XML

        require_no_choice(path, encoding=reading.encoding, sheet=reading.sheet)
        return read_enterprise(path, reading)
    return read_person_list(
        path,
        columns=reading.columns,
        on=reading.on,
        encoding=reading.encoding,
        sheet=reading.sheet,
        key=reading.key,
    )
