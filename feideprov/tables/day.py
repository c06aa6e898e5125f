"""Days: the day that a cell means, and the day that it is in Norway."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from feideprov.issues import code
from feideprov.messages import Sentence

R_DATE: Final = code(
    "R-DATE",
    Sentence("The text is not a date, or the date does not exist, is in the future or is before 1900."),
    Sentence("Write the date as 2008-12-31 or 31.12.2008."),
)
FIRST_YEAR: Final = 1900
"""Nobody at school was born before; a spreadsheet shows an empty date as a day around 1900."""
MIDNIGHT: Final = re.compile(r"[ T]00:00(:00)?\Z")
"""What a spreadsheet writes after a day."""
_ISO: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_TIME: Final = re.compile(
    r"([0-9]{8})([0-9]{2})(?:([0-5][0-9])([0-5][0-9]|60)?)?(?:[.,]([0-9]+))?(Z|[+-](?:[01][0-9]|2[0-3])(?:[0-5][0-9])?)?"
)
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
        return Sentence(
            "this is not a date, or it can be read in several ways. Write the date as 2008-12-31 or 31.12.2008."
        )
    try:
        meant = date(year, month, day)
    except ValueError:
        return Sentence("this date does not exist. Correct it.")
    if meant > on:
        return Sentence("the date is in the future. Correct it.")
    if meant.year < FIRST_YEAR:
        return Sentence("the date is before {year}. Correct it.", year=FIRST_YEAR)
    return meant


def day_of(stamp: str) -> date | None:
    """The day of a text of the form YYYYMMDD, or the day in Norway of a generalized time (RFC 4517, 3.3.13).

    >>> day_of("20261231"), day_of("20261231233000Z"), day_of("202701010029.5+0100")
    (datetime.date(2026, 12, 31), datetime.date(2027, 1, 1), datetime.date(2027, 1, 1))
    """
    try:
        if len(stamp) > 8:
            return _day_of_time(stamp)
        return datetime.strptime(stamp, "%Y%m%d").replace(tzinfo=UTC).date() if len(stamp) == 8 else None
    except (ValueError, OverflowError):  # the latter: in UTC, it is before the year 1
        return None


def _day_of_time(stamp: str) -> date | None:
    """The day in Norway of a generalized time, which is in UTC when it has no offset; None for another text. Raises
    ValueError for a time that cannot be."""
    found = _TIME.fullmatch(stamp)
    if found is None:
        return None
    day, hour, minute, second, fraction, zone = found.groups()
    start = datetime.strptime(day + hour + (minute or "00"), "%Y%m%d%H%M").replace(tzinfo=UTC)
    if second is not None:
        rest = timedelta(seconds=int(second))  # 60 is a leap second
    else:  # the fraction is one of an hour or of a minute
        rest = timedelta(**{"minutes" if minute else "hours": float(f"0.{fraction or 0}")})
    offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[3:] or 0)) if zone not in (None, "Z") else timedelta(0)
    return day_in_norway(start + rest + (offset if zone and zone[0] == "-" else -offset))


def day_in_norway(moment: datetime | str) -> date:
    """The day that it is in Norway at a moment (or its text in ISO 8601; UTC when it has no offset).

    >>> day_in_norway("2026-07-31T22:30:00+00:00")
    datetime.date(2026, 8, 1)
    """
    return moment_in_norway(moment).date()


def time_in_norway(moment: datetime | str) -> datetime:
    """A moment, as for `day_in_norway`, for a sentence: the time in Norway to the second, with its offset.

    >>> str(time_in_norway("2026-07-31T22:30:00+00:00"))
    '2026-08-01 00:30:00+02:00'
    """
    return moment_in_norway(moment).replace(microsecond=0)


def moment_in_norway(moment: datetime | str) -> datetime:
    """A moment, as for `day_in_norway`, by the clocks of Norway."""
    moment = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(_norway())
    except OverflowError:  # a clock that was wrong: in Norway, it is after the year 9999
        return moment


def today_in_norway() -> date:
    """The day that it is in Norway now."""
    return day_in_norway(datetime.now(UTC))


@lru_cache
def _norway() -> tzinfo | None:
    try:
        return ZoneInfo("Europe/Oslo")
    except ZoneInfoNotFoundError:  # a machine without time zones: its own is used
        return None
