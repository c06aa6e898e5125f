"""Moments as XML writes them (xs:dateTime, XML Schema 1.1 part 2, 3.3.7)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

_MOMENT: Final = re.compile(
    r"(-?(?:[1-9][0-9]{4,}|[0-9]{4}))-([0-9]{2}-[0-9]{2})T(?:([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9])(\.[0-9]+)?"
    r"|24:00:00(?:\.0+)?)(Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?"
)
_EARLIEST: Final = datetime.min.replace(tzinfo=UTC)
_LATEST: Final = datetime.max.replace(tzinfo=UTC)


def moment_of(text: str) -> datetime:
    """The moment, in UTC where no time zone is given. 24:00:00 is the first moment of the next day.

    What is before year 1 or after year 9999 is the first or the last moment that Python knows. Raises ValueError for a
    text that is no moment.

    >>> [str(moment_of(text)) for text in ("2026-11-30T24:00:00Z", "2026-12-01T02:00:00+02:00")]
    ['2026-12-01 00:00:00+00:00', '2026-12-01 00:00:00+00:00']
    """
    found = _MOMENT.fullmatch(" ".join(text.split()))
    if found is None:
        raise ValueError
    year, day, hour, minute, second, fraction, zone = found.groups()
    known = 0 < int(year) < 10_000
    # Years of 400 repeat: the same days exist.
    start = datetime.strptime(f"{year if known else int(year) % 400 + 2000}-{day}", "%Y-%m-%d").replace(tzinfo=UTC)
    if not known:
        return _EARLIEST if int(year) < 1 else _LATEST
    of_day = (
        timedelta(hours=24)
        if hour is None
        else timedelta(hours=int(hour), minutes=int(minute), seconds=float(second + (fraction or "")))
    )
    try:
        return start + of_day - _offset(zone)
    except OverflowError:
        return _LATEST if start.year > 1 else _EARLIEST


def _offset(zone: str | None) -> timedelta:
    if zone is None or zone == "Z":
        return timedelta(0)
    return timedelta(hours=int(zone[1:3]), minutes=int(zone[4:])) * (-1 if zone[0] == "-" else 1)
