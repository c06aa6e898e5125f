"""Days and months: until when something is registered at the latest.

IMDi: continuously, at the latest two months after the information is there (imdi.no, 2020-10-22; 2021-01-18;
2021-04-29; 2022-06-02).
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import Final

from feideprov.programs.arguments import checked

_LENGTH: Final = re.compile(r"P(?:(\d{1,3})Y)?(?:(\d{1,4})M)?", re.ASCII)
TWO_MONTHS: Final = 2


@checked
def due(day: date) -> date:
    """The last day for registering what was there on a day: two calendar months later, at most the month's last day.

    Parameters:
        day: the day on which it was there.

    Returns: the last day.

    Raises:
        OverflowError: there is no such day: it would be after the year 9999.
        InputError: an argument is of a wrong kind.

    >>> due(date(2026, 12, 31)), due(date(2021, 8, 2))
    (datetime.date(2027, 2, 28), datetime.date(2021, 10, 2))
    """
    return months_after(day, TWO_MONTHS)


def months_after(day: date, months: int) -> date:
    """The same day of a month that is so many months later (earlier, if negative), or that month's last day.

    Raises OverflowError when there is no such year.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        raise OverflowError
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def months_of(length: str) -> int:
    """The months of a length of time as ISO 8601 writes it, in years and months.

    Raises ValueError for anything else.

    >>> months_of("P2M"), months_of("P3Y"), months_of("P1Y6M")
    (2, 36, 18)
    """
    found = _LENGTH.fullmatch(length)
    if found is None or not any(found.groups()):
        raise ValueError(length)
    years, months = found.groups()
    return int(years or 0) * 12 + int(months or 0)
