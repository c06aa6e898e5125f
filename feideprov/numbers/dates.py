"""Which years a number can mean: the tables of Skatteetaten, and the calendar.

Sources:

* fødselsnummer: Skatteetaten, "Fødselsnummer" (skatteetaten.no, individual numbers by year of birth), and the
  regulation to the population register act, section 2-2.
* D-number issued from 2021-11-16: Skatteetaten/folkeregisteret-api-dokumentasjon,
  src/nyheter/2021-06-24-Utvide-dnr-serie.md. Older D-numbers follow the table of fødselsnummer, and nothing
  in the digits tells when a number was issued, so a D-number can mean what either table says.
* from 2032-01-01: the same repository, src/om-tjenestene/nyttfnr2032.md: the individual number no longer
  tells the century.
"""

from __future__ import annotations

from calendar import isleap
from datetime import date
from functools import cache
from typing import Final, NamedTuple


class CenturyRow(NamedTuple):
    """One row of a table: individual numbers III and two-digit years YY (both inclusive), and the century."""

    iii: range
    yy: range
    century: int


F_TABLE: Final = (
    CenturyRow(range(500, 750), range(54, 100), 1800),
    CenturyRow(range(500), range(100), 1900),
    CenturyRow(range(900, 1000), range(40, 100), 1900),
    CenturyRow(range(500, 1000), range(40), 2000),
)

D_TABLE: Final = (
    CenturyRow(range(500, 600), range(58, 100), 1800),
    CenturyRow(range(200), range(40), 1900),
    CenturyRow(range(500), range(40, 100), 1900),
    CenturyRow(range(600, 1000), range(40, 100), 1900),
    CenturyRow(range(200, 1000), range(40), 2000),
)

_BAND: Final = 50
"""Every row begins and ends at a multiple of 50, so the years of one band are looked up once."""

FIRST_YEAR: Final = 1854
"""The earliest birth year any table knows."""

D_TABLE_FROM: Final = date(2021, 11, 16)
"""From this day D-numbers are issued by their own table (2021-06-24-Utvide-dnr-serie.md)."""

NEW_RULE_FROM: Final = date(2032, 1, 1)
"""From this day numbers are issued by the new control rule (nyttfnr2032.md)."""

OLDEST: Final = 110
"""A person born longer ago than this many years, by the year, is a question."""

_DAYS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def possible_years(iii: int, yy: int, *, d_number: bool) -> tuple[int, ...]:
    """The birth years the tables allow, in order; empty where no row fits.

    >>> possible_years(218, 10, d_number=True)
    (1910, 2010)
    >>> possible_years(218, 10, d_number=False)
    (1910,)
    """
    return _years_of_band(iii // _BAND, yy, d_number)


@cache
def _years_of_band(band: int, yy: int, d_number: bool) -> tuple[int, ...]:
    tables = F_TABLE + D_TABLE if d_number else F_TABLE
    return tuple(sorted({row.century + yy for row in tables if band * _BAND in row.iii and yy in row.yy}))


def years_of_any_century(yy: int, last_year: int) -> tuple[int, ...]:
    """The birth years a number by the new rule can mean: from 1854 to the year it is judged in.

    >>> years_of_any_century(32, 2033)
    (1932, 2032)
    """
    return tuple(year for year in range(1800 + yy, last_year + 1, 100) if year >= FIRST_YEAR)


def is_day(day: int, month: int, yy: int) -> bool:
    """Whether DDMMYY is a date in at least one century. Only 29 February asks for the year.

    >>> is_day(29, 2, 0), is_day(29, 2, 1), is_day(31, 4, 0)
    (True, False, False)
    """
    if not (1 <= month <= 12 and 1 <= day <= _DAYS[month - 1]):
        return False
    return (day, month) != (29, 2) or yy % 4 == 0  # 2000 was a leap year, so 29.02.00 has one century


def existing_dates(day: int, month: int, years: tuple[int, ...]) -> tuple[date, ...]:
    """The dates among these years that the calendar has. `day` and `month` have passed `is_day`."""
    leap_day = (day, month) == (29, 2)
    return tuple(date(year, month, day) for year in years if not leap_day or isleap(year))


def can_live(born: date, on: date) -> bool:
    """Whether somebody of this birth date is born on this day, and at most 110 years old by the year."""
    return born <= on and on.year - born.year <= OLDEST


def first_issued(born: date, iii: int, *, d_number: bool, old_rule: bool) -> date:
    """The first day on which a number with this date in it can have been issued.

    The date in a number, of birth or of registration, is never after the day it is issued. A D-number that only the
    table of 2021 explains was issued under that table, and what no table explains, from 2032.

    >>> first_issued(date(2009, 3, 14), 500, d_number=True, old_rule=True)
    datetime.date(2009, 3, 14)
    >>> first_issued(date(2009, 3, 14), 300, d_number=True, old_rule=True)
    datetime.date(2021, 11, 16)
    >>> first_issued(date(2009, 3, 14), 300, d_number=False, old_rule=True)
    datetime.date(2032, 1, 1)
    """
    yy = born.year % 100
    if old_rule and born.year in possible_years(iii, yy, d_number=False):
        return born
    if old_rule and d_number and born.year in possible_years(iii, yy, d_number=True):
        return max(born, D_TABLE_FROM)
    return max(born, NEW_RULE_FROM)
