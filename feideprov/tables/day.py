"""The day that a cell means."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Final

from feideprov.issues import code
from feideprov.messages import Sentence

R_DATE: Final = code(
    "R-DATE",
    Sentence("The text is not a date, there is no such day, or the day is in the future or before 1900."),
    Sentence("Write the day as 2008-12-31 or 31.12.2008."),
)
FIRST_YEAR: Final = 1900
"""Nobody at school was born before; a spreadsheet shows an empty date as a day around 1900."""
MIDNIGHT: Final = re.compile(r"[ T]00:00(:00)?\Z")
"""What a spreadsheet writes after a day."""
_ISO: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_NORWEGIAN: Final = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")


def as_date(text: str, on: date) -> date | Sentence:
    """The date that a cell means, or what is wrong with it. `on` is the day when it is read.

    ISO (`2008-12-31`) or Norwegian (`31.12.2008`, `1.2.2008`); a spreadsheet's midnight after it is ignored.
    Dates with slashes are refused: some countries write the day first, others the month.
    """
    text = MIDNIGHT.sub("", text)
    if found := _ISO.fullmatch(text):
        year, month, day = map(int, found.groups())
    elif found := _NORWEGIAN.fullmatch(text):
        day, month, year = map(int, found.groups())
    else:
        return Sentence("this is not a date that can be read for certain. Write it as 2008-12-31 or 31.12.2008.")
    try:
        meant = date(year, month, day)
    except ValueError:
        return Sentence("there is no such day. Correct it.")
    if meant > on:
        return Sentence("the day is in the future. Correct it.")
    if meant.year < FIRST_YEAR:
        return Sentence("the day is before {year}. Correct it.", year=FIRST_YEAR)
    return meant


def day_of(stamp: str) -> date | None:
    """The day that a text of the form YYYYMMDD… begins with, such as a generalized time (RFC 4517, 3.3.13)."""
    try:
        return datetime.strptime(stamp[:8], "%Y%m%d").replace(tzinfo=UTC).date()
    except ValueError:
        return None
