"""One door for lists of people: what a file is, is told by its content."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from feideprov.files import Largest, opened, require_file
from feideprov.intake.ims.recognition import is_enterprise
from feideprov.intake.person_list import PersonList, read_person_list
from feideprov.intake.reading import Reading

_HEAD: Final = 4096


def read_people(path: Path, reading: Reading) -> PersonList:
    """The people in a file of any format.

    Raises InputError when the file as a whole cannot be read as a list of people, ConfigurationError when the
    configuration's own headings cannot be used.
    """
    if is_enterprise(_head(path)):
        from feideprov.intake.ims.reader import read_enterprise  # a table needs no reader of XML

        return read_enterprise(path, reading)
    return read_person_list(path, columns=reading.columns, on=reading.on, encoding=reading.encoding)


def _head(path: Path) -> bytes:
    """How a file begins; nothing of a pipe, which can be read once, and of what cannot be opened: its reader says why."""
    try:
        require_file(path, Largest.LARGE_FILE)
        with opened(path, Largest.LARGE_FILE) as file:
            return file.read(_HEAD)
    except (OSError, ValueError):
        return b""
