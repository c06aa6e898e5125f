"""Files are read: person lists to person records, number lists to numbers with evidence.

    read_person_list(path) -> PersonList    records, refused rows, columns that were not read
    read_number_list(path) -> NumberList    rows with a number, refused rows, how many rows have no number

A file that is not a list is an InputError, and nothing is read. A wrong row is refused with its row number, its column
and a sentence; the other rows are read. No sentence quotes a cell: only headings are quoted.
"""

from __future__ import annotations

from feideprov.intake.number_list import NumberList, NumberRow, read_number_list
from feideprov.intake.person_list import PersonList, read_person_list

__all__ = ["NumberList", "NumberRow", "PersonList", "read_number_list", "read_person_list"]
