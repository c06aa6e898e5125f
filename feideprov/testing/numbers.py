"""Hypothesis strategies: numbers in the form that the authorities use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

from hypothesis import strategies as st
from stdnum.no.fodselsnummer import calc_check_digit1, calc_check_digit2

from feideprov.errors import InputError
from feideprov.messages import Sentence
from feideprov.numbers.checks import duf_check
from feideprov.numbers.dates import D_TABLE, F_TABLE, CenturyRow
from feideprov.numbers.forms import TENOR_OFFSET

Born = tuple[str, date]
"""A number, and the birth date in it."""

EARLIEST: Final = date(1950, 1, 1)
LATEST: Final = date(2020, 12, 31)


def birth_dates() -> st.SearchStrategy[date]:
    """Birth dates of people who go to school or work there."""
    return st.dates(EARLIEST, LATEST)


def fodselsnumre(born: st.SearchStrategy[date] | None = None, *, synthetic: bool = True) -> st.SearchStrategy[str]:
    """Fødselsnumre: eleven digits, for birth dates from `born` (default: `birth_dates()`).

    Synthetic ones have the form of Skatteetaten's test data (Tenor, month + 80), and nobody has them: accepted in a
    test directory (`NumberPolicy(test=True)`), with and without the birth date, and refused as N-TENOR elsewhere.

    With `synthetic=False` they have the form of real ones, from every row of Skatteetaten's table, and **can equal a
    living person's: never print, log or store one**. Outside a test directory they are accepted or need evidence,
    never refused.

    People over 110 years (N-OLD) need evidence in both. Drawing raises InputError for a birth date that is in no
    table: before 1854, or after 2039.
    """
    return _national(_or_any(born), F_TABLE, 0, TENOR_OFFSET if synthetic else 0)


def d_numbers(born: st.SearchStrategy[date] | None = None, *, synthetic: bool = True) -> st.SearchStrategy[str]:
    """D-numbers (day + 40): eleven digits, for birth dates from `born`. All else is as in `fodselsnumre`.

    They come from every row of both tables: that of fødselsnumre, which older D-numbers follow, and that of
    2021-11-16. With `synthetic=False` those with 900–999 after the date need evidence (N-D-900), because counties'
    own numbers look the same.
    """
    return _national(_or_any(born), F_TABLE + D_TABLE, 40, TENOR_OFFSET if synthetic else 0)


@st.composite
def with_birth_date(
    draw: st.DrawFn,
    numbers: Callable[[st.SearchStrategy[date]], st.SearchStrategy[str]] | None = None,
    born: st.SearchStrategy[date] | None = None,
) -> Born:
    """Numbers, each with the birth date that it was made for: `with_birth_date(d_numbers)`.

    `numbers` makes numbers from a strategy of birth dates, as `fodselsnumre` and `d_numbers` do (default: both,
    synthetic). The number alone is not always enough: some D-numbers fit two dates, a hundred years
    apart.
    """
    day = draw(_or_any(born))
    return draw((numbers or _either)(st.just(day))), day


def duf_numbers(years: st.SearchStrategy[int] | None = None) -> st.SearchStrategy[str]:
    """DUF numbers: twelve digits with right check digits, registered in `years` (default: 2013 to this year).

    Accepted with `NumberPolicy(duf="nin")`; by default refused as N-DUF-NOT-WRITTEN. Those of 2001 to 2012 can also
    be read as a birth date, and need evidence (N-DUF-LOCAL).

    UDI publishes no test series. The serials are 900000 to 999999, far above every published example; [open] whether
    UDI ever issues them, so never print one. The rule of the check digits: statisticsnorway/kostra-kontrollprogram;
    tonneask/norsk-nummer-validering.
    """
    if years is None:
        years = st.integers(2013, date.today().year)  # noqa: DTZ011 - a day in Norway
    return st.builds(_duf, years, st.integers(900_000, 999_999))


def with_check_digits(prefix: str, series: Sequence[int], first: int) -> str:
    """A number: the six digits, the first individual number of the series from `first` on that has check digits, and
    the check digits.

    About one in six individual numbers has none. Hypothesis would otherwise discard those examples.
    """
    start = series.index(first)
    for individual in (*series[start:], *series[:start]):
        nine = f"{prefix}{individual:03d}"
        ten = nine + calc_check_digit1(nine)
        if len(ten) == 10 and len(number := ten + calc_check_digit2(ten)) == 11:
            return number
    raise AssertionError("every hundred individual numbers hold some that have check digits")


def prefix_of(day: date, plus_day: int = 0, plus_month: int = 0) -> str:
    """DDMMYY."""
    return f"{day.day + plus_day:02d}{day.month + plus_month:02d}{day.year % 100:02d}"


@st.composite
def _national(
    draw: st.DrawFn, born: st.SearchStrategy[date], tables: Sequence[CenturyRow], plus_day: int, plus_month: int
) -> str:
    day = draw(born)
    century, yy = divmod(day.year, 100)
    rows = [row.iii for row in tables if row.century == century * 100 and yy in row.yy]
    if not rows:
        raise InputError(Sentence("Skatteetaten's tables only have numbers for people born from 1854 to 2039."))
    series = draw(st.sampled_from(rows))
    return with_check_digits(prefix_of(day, plus_day, plus_month), series, draw(st.sampled_from(series)))


def _either(born: st.SearchStrategy[date]) -> st.SearchStrategy[str]:
    return fodselsnumre(born) | d_numbers(born)


def _or_any(born: st.SearchStrategy[date] | None) -> st.SearchStrategy[date]:
    return birth_dates() if born is None else born


def _duf(year: int, serial: int) -> str:
    return f"{year}{serial}{duf_check(f'{year}{serial}')}"
