"""One door for lists of people: what a file is, is told by its content."""

from __future__ import annotations

from pathlib import Path

from feideprov.intake.person_list import PersonList, read_person_list
from feideprov.intake.reading import Reading


def read_people(path: Path, reading: Reading) -> PersonList:
    """The people in a file of any format.

    Raises InputError when the file as a whole cannot be read as a list of people, ConfigurationError when the
    configuration's own headings cannot be used.
    """
    return read_person_list(
        path, columns=reading.columns, on=reading.on, encoding=reading.encoding, sheet=reading.sheet
    )
