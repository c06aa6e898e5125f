"""The oracle against examples that a person can work out from the tables.

Numbers are made from dates when the test runs, so none is committed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import oracle
import pytest
from oracle import FROM_2032, SERIES, expect

ON = date(2026, 11, 22)


def numbers(series: str, day: date, iiis: range, rest1: int = 0) -> Iterator[str]:
    """Every number of this date and these individual numbers."""
    head = f"{day.day + SERIES[series]:02d}{day:%m%y}"
    ends = oracle.tails(*oracle.partial_sums(head), rest1)
    yield from (head + end for end in ends[iiis.start : iiis.stop] if end)


def sorts(series: str, day: date, iiis: range, on: date = ON, rest1: int = 0) -> set[tuple[str, tuple[int, ...]]]:
    """The codes (of a refusal the decision) and birth years to expect; fillers left out."""
    verdicts = (expect(n, on) for n in numbers(series, day, iiis, rest1) if n[6:] not in oracle.FILLERS)
    return {(v.code or v.decision, tuple(born.year for born in v.dates)) for v in verdicts}


def test_arithmetic_of_the_control_digits() -> None:
    # Tenor numbers that Skatteetaten and the National Archives publish: synthetic, nobody's (month + 80).
    for tenor in ("12829499914", "02898597531"):
        assert oracle.rests(tenor) == (0, 0)
        assert oracle.rests(tenor[:-1] + str((int(tenor[-1]) + 1) % 10)) == (0, 1)
        # One more in the first control digit is one more in the first sum, two more in the second.
        assert oracle.rests(tenor[:9] + str(int(tenor[9]) + 1) + tenor[10]) == (1, 2)


@pytest.mark.parametrize("rest1", range(4))
def test_a_control_pair_leaves_the_rests_asked_for(rest1: int) -> None:
    made = list(numbers("D", date(2031, 5, 17), range(1000), rest1))
    assert {oracle.rests(n) for n in made} == {(rest1, 0)}
    assert 750 < len(made) < 900  # (10/11)² of them: no control digit is 10


@pytest.mark.parametrize(
    ("series", "day", "iiis", "expected"),
    [
        # Each row of the F table, at both ends, and what no row holds.
        ("F", date(1954, 3, 9), range(500, 750), ("N-OLD", (1854,))),
        ("F", date(1999, 3, 9), range(500, 750), ("N-OLD", (1899,))),
        ("F", date(1953, 3, 9), range(500, 900), ("refuse", ())),
        ("F", date(1954, 3, 9), range(750, 900), ("refuse", ())),
        ("F", date(1915, 3, 9), range(500), ("N-OLD", (1915,))),
        ("F", date(1916, 3, 9), range(500), ("N-OK", (1916,))),
        ("F", date(1999, 3, 9), range(500), ("N-OK", (1999,))),
        ("F", date(1940, 3, 9), range(900, 1000), ("N-OK", (1940,))),
        ("F", date(2026, 11, 22), range(500, 1000), ("N-OK", (2026,))),
        ("F", date(2026, 11, 23), range(500, 1000), ("refuse", ())),
        ("F", date(2039, 3, 9), range(500, 1000), ("refuse", ())),
        # The D table of 2021, beside the F table.
        ("D", date(1958, 3, 9), range(500, 600), ("N-OLD", (1858,))),
        ("D", date(1957, 3, 9), range(500, 600), ("N-OLD", (1857,))),
        ("D", date(1953, 3, 9), range(500, 600), ("refuse", ())),
        ("D", date(1953, 3, 9), range(600, 900), ("N-OK", (1953,))),
        ("D", date(1954, 3, 9), range(600, 750), ("N-OK", (1854, 1954))),
        ("D", date(1954, 3, 9), range(750, 900), ("N-OK", (1954,))),
        ("D", date(1954, 3, 9), range(900, 1000), ("N-D-900", (1954,))),
        ("D", date(2010, 3, 9), range(200), ("N-OLD", (1910,))),
        ("D", date(2010, 3, 9), range(200, 500), ("N-OK", (1910, 2010))),
        ("D", date(2010, 3, 9), range(500, 900), ("N-OK", (2010,))),
        ("D", date(2010, 3, 9), range(900, 1000), ("N-D-900", (2010,))),
        ("D", date(2030, 3, 9), range(200, 500), ("N-OK", (1930,))),
        ("D", date(2030, 3, 9), range(500, 1000), ("refuse", ())),
        # 1900 had no 29 February.
        ("F", date(2000, 2, 29), range(500), ("refuse", ())),
        ("D", date(2000, 2, 29), range(200, 500), ("N-OK", (2000,))),
    ],
    ids=lambda value: f"{value.start}-{value.stop - 1}" if isinstance(value, range) else None,
)
def test_rows_of_the_tables(series: str, day: date, iiis: range, expected: tuple[str, tuple[int, ...]]) -> None:
    assert sorts(series, day, iiis) == {expected}


@pytest.mark.parametrize("series", SERIES)
@pytest.mark.parametrize("rest1", oracle.NEW_RESTS)
def test_the_new_rule_counts_from_2032(series: str, rest1: int) -> None:
    day, eve = date(1954, 3, 9), date(2031, 12, 31)
    assert sorts(series, day, range(1000), eve, rest1) == {("refuse", ())}
    assert sorts(series, day, range(1000), FROM_2032, rest1) == {("N-OK", (1854, 1954))}
    assert sorts(series, day, range(1000), date(2054, 3, 9), rest1) == {("N-OK", (1854, 1954, 2054))}


def test_from_2032_a_number_of_the_old_rule_can_mean_every_century() -> None:
    day = date(1954, 3, 9)
    assert sorts("F", day, range(1000), FROM_2032) == {("N-OK", (1854, 1954))}
    assert sorts("D", day, range(900, 1000), FROM_2032) == {("N-D-900", (1854, 1954))}
    assert sorts("F", date(1932, 1, 1), range(1000), FROM_2032) == {("N-OK", (1932, 2032))}
    assert sorts("F", date(1932, 1, 2), range(1000), FROM_2032) == {("N-OK", (1932,))}


def test_fillers_that_keep_the_rule_are_asked_about_first() -> None:
    days = [date(year, month, day) for year in (1910, 1970) for month in range(1, 13) for day in range(1, 29)]
    found = [n for day in days for n in numbers("F", day, range(1000)) if n[6:] in oracle.FILLERS]
    codes = {expect(n, ON).code for n in found}
    assert len(found) > 20
    assert codes == {"N-FILLER-VALID", ""}  # 777 and 888 of 1970 are in no row: refused
    assert {expect(n, ON).code for n in found if n[6] == "0"} == {"N-FILLER-VALID"}  # N-OLD and N-OK else


def test_look_alikes_and_wrong_digits_are_refused() -> None:
    right = next(numbers("F", date(2027, 3, 9), range(500)))  # 1927, or nobody's yet
    assert expect(right, ON).decision == "accept"
    assert expect(right[:-1] + str((int(right[-1]) + 1) % 10), ON) == oracle.REFUSED
    for tenor in ("12829499914", "02898597531"):
        assert expect(tenor, ON) == oracle.REFUSED


@pytest.mark.parametrize("on", [ON, FROM_2032])
@pytest.mark.parametrize("head", ["010170", "410110", "290200", "310411", "721370", "018170"])
def test_a_row_says_the_same_as_one_by_one(head: str, on: date) -> None:
    for rest1 in range(4):
        row = oracle.expect_row(head, rest1, on)
        assert all(expect(head + end, on) == expected for end, expected in row if end)
