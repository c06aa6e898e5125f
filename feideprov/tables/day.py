"""The day that a cell means."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Final

FIRST_YEAR: Final = 1900
"""Nobody at school was born before; a spreadsheet shows an empty date as one around it."""
DATE_FORMS: Final = "Write it as 2008-12-31 or 31.12.2008."
MIDNIGHT: Final = re.compile(r"[ T]00:00(:00)?\Z")
"""What a spreadsheet puts behind a day."""
_ISO: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_NORWEGIAN: Final = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")


def as_date(text: str, on: date) -> date | str:
    """The date that a cell means, or what is wrong with it.

    ISO (`2008-12-31`) or Norwegian (`31.12.2008`, `1.2.2008`); a spreadsheet's midnight behind it is let through.
    Slashes are not read: they stand for day first in one country and month first in another.
    """
    text = MIDNIGHT.sub("", text)
    if found := _ISO.fullmatch(text):
        year, month, day = map(int, found.groups())
    elif found := _NORWEGIAN.fullmatch(text):
        day, month, year = map(int, found.groups())
    else:
        return f"this is not a date that can be read for certain. {DATE_FORMS}"
    try:
        meant = date(year, month, day)
    except ValueError:
        return "there is no such day. Correct it."
    if meant > on:
        return "the day lies in the future. Correct it."
    if meant.year < FIRST_YEAR:
        return f"the day lies before {FIRST_YEAR}. Correct it."
    return meant


def day_of(stamp: str) -> date | None:
    """The day that a text of the form YYYYMMDD… begins with, such as a generalized time (RFC 4517, 3.3.13)."""
    try:
        return datetime.strptime(stamp[:8], "%Y%m%d").replace(tzinfo=UTC).date()
    except ValueError:
        return None
