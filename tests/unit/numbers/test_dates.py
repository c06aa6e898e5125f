"""The calendar of two-digit years, and the years that a table allows, against Python's own calendar."""

from __future__ import annotations

from datetime import date

import pytest

from feideprov.numbers.dates import can_live, existing_dates, is_day, years_of_any_century


def exists(day, month, year):
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("yy", [0, 1, 2, 3, 4, 96, 99])
def test_a_day_exists_when_it_does_in_one_century(yy):
    wrong = [
        (day, month)
        for day in range(100)
        for month in range(-80, 100)
        if is_day(day, month, yy) is not any(exists(day, month, century + yy) for century in (1800, 1900, 2000))
    ]
    assert wrong == []


def test_only_dates_that_exist_are_given():
    years = (1800, 1896, 1900, 1904, 2000, 2023, 2024, 2100)
    assert [day.year for day in existing_dates(29, 2, years)] == [1896, 1904, 2000, 2024]
    assert existing_dates(28, 2, years) == tuple(date(year, 2, 28) for year in years)
    assert [day.year for day in existing_dates(29, 3, years)] == list(years)


def test_a_year_of_any_century_is_1854_at_the_earliest():
    assert years_of_any_century(53, 2060) == (1953, 2053)
    assert years_of_any_century(54, 2060) == (1854, 1954, 2054)
    assert years_of_any_century(60, 2060) == (1860, 1960, 2060)
    assert years_of_any_century(61, 2060) == (1861, 1961)


def test_a_person_lives_from_birth_to_a_year_110_years_later():
    on = date(2026, 6, 15)
    assert [can_live(day, on) for day in (on, date(2026, 6, 16), date(1916, 1, 1), date(1915, 12, 31))] == [
        *(True, False),
        *(True, False),
    ]
