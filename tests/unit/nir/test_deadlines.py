"""Two months, and other lengths of time."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feideprov.nir.deadlines import due, months_after, months_of

DAYS = st.dates(date(1900, 1, 1), date(9999, 10, 31))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2021, 8, 2), date(2021, 10, 2)),
        (date(2021, 12, 31), date(2022, 2, 28)),
        (date(2023, 12, 31), date(2024, 2, 29)),
        (date(2023, 12, 29), date(2024, 2, 29)),
        (date(2026, 7, 31), date(2026, 9, 30)),
        (date(2026, 11, 1), date(2027, 1, 1)),
    ],
)
def test_two_months_later(day, expected):
    assert due(day) == expected


def test_the_last_day_of_a_year_gives_the_last_of_february():
    for year in range(1999, 2101):
        last = due(date(year, 12, 31))
        assert (last.year, last.month, (last + timedelta(1)).month) == (year + 1, 2, 3)


@given(DAYS, DAYS)
def test_a_later_day_is_never_due_earlier(one, other):
    first, second = sorted((one, other))
    assert due(first) <= due(second)


@given(DAYS, st.integers(0, 600))
def test_it_is_the_same_day_or_the_last_of_the_month(day, months):
    try:
        later = months_after(day, months)
    except OverflowError:
        assert day.year * 12 + day.month + months > 9999 * 12 + 12
        return
    assert (later.year - day.year) * 12 + later.month - day.month == months
    if later.day != day.day:
        assert later.day < day.day
        assert (later + timedelta(1)).day == 1
    earlier = months_after(later, -months)
    assert earlier == day or earlier.day == later.day < day.day


@pytest.mark.parametrize(("text", "months"), [("P2M", 2), ("P3Y", 36), ("P1Y6M", 18), ("P0M", 0), ("P12M", 12)])
def test_lengths(text, months):
    assert months_of(text) == months


@pytest.mark.parametrize("text", ["", "P", "2M", "P2", "P2D", "P6M1Y", "p2m", "P2M ", "P-2M", "P2M\n", "P٢M"])
def test_what_is_no_length(text):
    with pytest.raises(ValueError):  # noqa: PT011 - the text is in it, and nothing else
        months_of(text)
