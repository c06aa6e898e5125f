"""The judge beside the oracle: whole years, the borders of all years, and judges that are broken on purpose.

`make sweep` takes all years; see sweep.py for what it covers.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import oracle
import pytest
import sweep
from size import size

from feideprov.numbers import Decision, Verdict, judge_number

# Two leap years that lie in every row of both tables. 08: III 200-499 can be 1908 or 2008, and 1908 is over 110 years
# ago; 60: III 500-599 of both tables, 600-749 of 1860 and 1960.
YEARS = [8, 60]
BORDERS = sorted({iii for edge in oracle.EDGES for iii in range(edge - 2, edge + 2) if 0 <= iii <= 999})
# Days at which something changes: the day judged, 29 February, the first and last day of a year.
BORDER_DAYS = [(1, 1), (2, 1), (29, 2), (22, 11), (23, 11), (31, 12)]


@pytest.mark.parametrize("yy", YEARS, ids=lambda yy: f"YY{yy:02d}")
def test_days_and_every_individual_number_of_a_year(yy: int) -> None:
    days = sweep.DAYS[:: size(6, 1)]
    tally = sweep.sweep_year(yy, days=days, thin=8)
    assert tally.expected.total() > 900 * len(days)
    assert not tally.mismatches, tally.report()


def test_the_years_lie_in_every_row_of_both_tables() -> None:
    rows = [row for table in oracle.TABLES.values() for row in table]
    assert all(any(yy in row.yy for yy in YEARS) for row in rows)


@pytest.mark.parametrize("on", [sweep.TODAY, sweep.EVE, sweep.FIRST], ids=str)
def test_borders_of_the_tables_in_all_years(on: date) -> None:
    tally = sweep.Tally()
    for yy in range(100):
        for day, month in BORDER_DAYS:
            for plus in oracle.SERIES.values():
                head = f"{day + plus:02d}{month:02d}{yy:02d}"
                for rest1 in (oracle.OLD_REST, *oracle.NEW_RESTS):
                    row = oracle.expect_row(head, rest1, on)
                    sweep.check(judge_number, head, [row[iii] for iii in BORDERS], on, tally)
    assert tally.expected.total() > 80_000
    assert not tally.mismatches, tally.report()


# --- the sweep finds mistakes -----------------------------------------------------------------------------------------


def rule_of_2032_too_early(digits: str, *, on: date) -> Verdict:
    return judge_number(digits, on=max(on, oracle.FROM_2032))


def rule_of_2032_never(digits: str, *, on: date) -> Verdict:
    return judge_number(digits, on=min(on, sweep.EVE))


def no_day_judged(digits: str, *, on: date) -> Verdict:
    return judge_number(digits, on=date(2040, 1, 1) if on >= oracle.FROM_2032 else date(2029, 12, 31))


def one_century_only(digits: str, *, on: date) -> Verdict:
    verdict = judge_number(digits, on=on)
    return replace(verdict, birth_dates=verdict.birth_dates[-1:])


def county_numbers_pass(digits: str, *, on: date) -> Verdict:
    verdict = judge_number(digits, on=on)
    return replace(verdict, decision=Decision.ACCEPT) if verdict.code == "N-D-900" else verdict


def another_number(digits: str, *, on: date) -> Verdict:
    verdict, other = judge_number(digits, on=on), judge_number("12829499914", on=on)
    return replace(verdict, number=other.number)


def one_band_refused(digits: str, *, on: date) -> Verdict:
    """As python-stdnum refuses D-numbers with III 750-899."""
    verdict = judge_number(digits, on=on)
    return judge_number("", on=on) if digits[0] > "3" and "750" <= digits[6:9] < "900" else verdict


def failing_digits_pass(digits: str, *, on: date) -> Verdict:
    verdict = judge_number(digits, on=on)
    return replace(verdict, decision=Decision.ACCEPT) if verdict.code == "N-CHECK" else verdict


def raises(digits: str, *, on: date) -> Verdict:
    raise ValueError(digits)


@pytest.mark.parametrize(
    "broken",
    [
        rule_of_2032_too_early,
        rule_of_2032_never,
        no_day_judged,
        one_century_only,
        county_numbers_pass,
        another_number,
        one_band_refused,
        failing_digits_pass,
        raises,
    ],
)
def test_the_sweep_finds_a_broken_judge_and_shows_no_number(broken: Callable[..., Verdict]) -> None:
    yy = 28 if broken is no_day_judged else 8
    tally = sweep.sweep_year(yy, broken, days=[(17, 5)], no_days=False)
    assert tally.mismatches
    report = tally.report()
    assert re.search(
        rf"^\d+ × YY {yy:02d}, [FD], III \dxx, .+, judged on 20\d\d-\d\d-\d\d: expected .+, got .+", report
    )
    assert not re.search(r"\d{5}", report)


def test_the_sweep_finds_one_wrong_verdict_in_a_year() -> None:
    wrong = next(end for end, _ in oracle.expect_row("570508", 0, sweep.TODAY)[300:] if end)

    def broken(digits: str, *, on: date) -> Verdict:
        return judge_number("" if digits == f"570508{wrong}" else digits, on=on)

    tally = sweep.sweep_year(8, broken, days=[(16, 5), (17, 5), (18, 5)], no_days=False)
    assert {(m.yy, m.series, m.band, m.rule) for m in tally.mismatches} == {(8, "D", "III 3xx", "old rule")}
    assert 1 <= tally.mismatches.total() <= 2  # judged today, and perhaps on another day


def test_look_alikes_that_pass_are_found() -> None:
    real = next(end for end, _ in oracle.expect_row("570508", 0, sweep.TODAY)[300:] if end)

    def broken(digits: str, *, on: date) -> Verdict:
        no_date = oracle.read_stem(digits) is None
        return judge_number(f"570508{real}" if no_date else digits, on=on)

    tally = sweep.sweep_year(8, broken, days=[])
    assert tally.mismatches.total() == tally.expected.total() > 20_000
    assert {m.series for m in tally.mismatches} == {"no date"}
    assert not re.search(r"\d{5}", tally.report())
