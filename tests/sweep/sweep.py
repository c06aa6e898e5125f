"""Every date, every individual number: the judge beside the oracle.

    .venv/bin/python tests/sweep/sweep.py [--years 8,60] [--workers 2] [--every]

For each two-digit year all days, as F and as D, with all 1,000 individual numbers: 74.4 million stems of nine digits
(73.2 million with 366 days; here each month has 31). Full coverage means:

- Each stem's number that keeps the old control rule (83 % of the stems have one) is judged on 2026-11-22. That is
  every number that could have been issued until then, and none is left out.
- Each stem is also judged in one of the other `CASES` (numbers that keep the new rule only, with each rest; numbers
  that keep neither; other days). The case moves on by one each day, so each year, series and individual number meets
  each case on 28 days or more, and each row of a table meets each rest thousands of times. `--every` judges each stem
  in every case instead, in about seven times the time.
- 30 and 31 February, 31 April and the like, and 29 February of a common year, are judged like any day, and must be
  refused. Each of the 9,256 other pairs of day and month (look-alikes, and nothing at all) is judged with a few
  individual numbers.

Both directions count: what the oracle accepts must be accepted with exactly its birth dates, what it asks about must
be asked about for the same reason, and what it refuses must be refused.

A mismatch is told by year, series, hundred of individual numbers, rule and day judged. No identity number is shown,
whatever goes wrong.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

import oracle
from oracle import REFUSED, SERIES, Expected

from feideprov.numbers import Verdict, judge_number

Judge = Callable[..., Verdict]
Row = list[tuple[str | None, Expected]]  # the last five digits, where there are any, and the verdict to come

TODAY = date(2026, 11, 22)
EVE, FIRST, LATER = date(2031, 12, 31), date(2032, 1, 1), date(2047, 6, 30)
# 31 days for every month: those that the calendar does not have must be refused like any other.
DAYS = [(day, month) for month in range(1, 13) for day in range(1, 32)]
NO_DAYS = [
    f"{day:02d}{month:02d}"
    for day in range(100)
    for month in range(100)
    if oracle.read_stem(f"{day:02d}{month:02d}00000") is None
]


class Case(NamedTuple):
    """Which control digits, judged when. `rest1` None: each new rest in turn; -1: digits that keep neither rule."""

    rest1: int | None
    on: date


FAILING = -1
# Thirteen: a prime that does not divide 1,000, so that the cases wander over all individual numbers.
CASES = (
    *(Case(rest, TODAY) for rest in oracle.NEW_RESTS),
    *(Case(rest, FIRST) for rest in oracle.NEW_RESTS),
    Case(None, EVE),
    Case(None, LATER),
    *(Case(0, day) for day in (EVE, FIRST, LATER)),
    *(Case(FAILING, day) for day in (TODAY, FIRST)),
)
# What the two sums leave when the control digits keep neither rule.
FAILING_RESTS = [(one, two) for one in range(11) for two in range(11) if two or one > max(oracle.NEW_RESTS)]


class Mismatch(NamedTuple):
    """Where judge and oracle differ, without a digit that would tell whose number it is."""

    yy: int
    series: str
    band: str
    rule: str
    on: date
    expected: str
    got: str

    def __str__(self) -> str:
        where = f"YY {self.yy:02d}, {self.series}, {self.band}, {self.rule}, judged on {self.on}"
        return f"{where}: expected {self.expected}, got {self.got}"


@dataclass
class Tally:
    """How many verdicts were expected of each sort, and where the judge gave another."""

    expected: Counter[Expected] = field(default_factory=Counter)
    mismatches: Counter[Mismatch] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        self.expected.update(other.expected)
        self.mismatches.update(other.mismatches)

    def report(self, limit: int = 40) -> str:
        """The mismatches, the most frequent first."""
        lines = [f"{count} × {mismatch}" for mismatch, count in self.mismatches.most_common(limit)]
        if (more := len(self.mismatches) - limit) > 0:
            lines.append(f"… and {more} sorts more")
        return "\n".join(lines)


# --- one number -----------------------------------------------------------------------------------------------------


def told(decision: str, code: str, dates: Iterable[date]) -> str:
    """A verdict in words; of the birth dates the centuries only."""
    return " ".join([decision, code, *(f"{born.year // 100}YY" for born in dates)]).replace("  ", " ").strip()


def ask(judge: Judge, digits: str, on: date) -> Verdict | str:
    try:
        return judge(digits, on=on)
    except Exception as error:  # noqa: BLE001 - raising is a wrong answer too, and a traceback could show the digits
        return f"an exception, {type(error).__name__}"


def fits(verdict: Verdict | str, expected: Expected, digits: str) -> bool:
    decision, code, dates = expected
    if isinstance(verdict, str) or verdict.decision != decision or verdict.birth_dates != dates:
        return False
    if code and verdict.code != code:
        return False
    if decision == "accept":
        return verdict.number is not None and verdict.number.reveal() == digits
    return verdict.number is None


def mismatch(digits: str, on: date, expected: Expected, verdict: Verdict | str) -> Mismatch:
    stem = oracle.read_stem(digits)
    rest1, rest2 = oracle.rests(digits)
    rule = "keeps neither rule"
    if rest2 == 0 and rest1 <= max(oracle.NEW_RESTS):
        rule = f"new rule, rest {rest1}" if rest1 else "old rule"
    got = verdict if isinstance(verdict, str) else told(verdict.decision, verdict.code, verdict.birth_dates)
    if got == told(*expected):
        got += " but with another number"
    series = stem.series if stem else "no date"
    return Mismatch(int(digits[4:6]), series, f"III {digits[6]}xx", rule, on, told(*expected), got)


def check(judge: Judge, head: str, row: Row, on: date, tally: Tally) -> None:
    """The judge's verdicts on six digits with each of these ends, beside the expected ones."""
    asked = [(head + end, expected) for end, expected in row if end is not None]
    tally.expected.update(expected for _, expected in asked)
    for digits, expected in asked:
        verdict = ask(judge, digits, on)
        if not fits(verdict, expected, digits):
            tally.mismatches[mismatch(digits, on, expected, verdict)] += 1


# --- one year -------------------------------------------------------------------------------------------------------


def failing_row(head: str, iiis: range, turn: int) -> Row:
    """Ends that keep neither rule; which rests they leave changes with the individual number and the day."""
    sum1, sum2 = oracle.partial_sums(head)
    row: Row = []
    for n in iiis:
        iii, add1, add2 = oracle.INDIVIDUAL[n]
        pair = oracle.control_pair(sum1 + add1, sum2 + add2, *FAILING_RESTS[(n + turn) % len(FAILING_RESTS)])
        row.append((pair and iii + pair, REFUSED))
    return row


def case_row(head: str, case: Case, iiis: range, turn: int) -> Row:
    if case.rest1 == FAILING:
        return failing_row(head, iiis, turn)
    rest1 = oracle.NEW_RESTS[turn // len(CASES) % 3] if case.rest1 is None else case.rest1
    return oracle.expect_row(head, rest1, case.on)[iiis.start :: iiis.step]


def check_day(judge: Judge, head: str, turn: int, thin: int, tally: Tally) -> None:
    """All 1,000 individual numbers of six digits: the right pair of each, and other cases `thin` numbers apart.

    `turn` moves each case to the next individual number, day by day. `thin` 0 is every case for each of them.
    """
    check(judge, head, oracle.expect_row(head, oracle.OLD_REST, TODAY), TODAY, tally)
    step = len(CASES) * thin or 1
    for place, case in enumerate(CASES):
        iiis = range((place * thin + turn) % step, 1000, step)
        check(judge, head, case_row(head, case, iiis, turn), case.on, tally)


def check_no_days(judge: Judge, yy: int, tally: Tally, iiis: int = 4) -> None:
    """Day and month that are no date's: refused, whatever the control digits."""
    for n, day_month in enumerate(NO_DAYS):
        head = f"{day_month}{yy:02d}"
        ends = oracle.tails(*oracle.partial_sums(head), n % 4)
        some = [(ends[(n * 7 + k * 251) % 1000], REFUSED) for k in range(iiis)]
        check(judge, head, some, TODAY if n // 4 % 2 else FIRST, tally)


def sweep_year(
    yy: int, judge: Judge = judge_number, *, days: Iterable[tuple[int, int]] = DAYS, thin: int = 1, no_days: bool = True
) -> Tally:
    """One two-digit year. `days` as (day, month); `thin` as in `check_day`."""
    tally = Tally()
    for turn, (day, month) in enumerate(days):
        for plus in SERIES.values():
            check_day(judge, f"{day + plus:02d}{month:02d}{yy:02d}", turn, thin, tally)
    if no_days:
        check_no_days(judge, yy, tally)
    return tally


# --- all of them ----------------------------------------------------------------------------------------------------


def sweep_years(years: list[int], workers: int, thin: int) -> Iterator[tuple[int, Tally]]:
    with ProcessPoolExecutor(workers) as pool:
        jobs = {pool.submit(sweep_year, yy, thin=thin): yy for yy in years}
        for job in as_completed(jobs):
            yield jobs[job], job.result()


def summary(tally: Tally, seconds: float) -> str:
    by_sort: Counter[tuple[str, str, int]] = Counter()
    for (decision, code, dates), count in tally.expected.items():
        by_sort[decision, code, len(dates)] += count
    lines = [f"{'expected':16}{'code':18}{'birth dates':>12}{'numbers':>14}"]
    lines += [
        f"{decision:16}{code:18}{dates:>12}{count:>14,}" for (decision, code, dates), count in sorted(by_sort.items())
    ]
    wrong = tally.mismatches.total()
    return "\n".join([*lines, f"{tally.expected.total():,} verdicts in {seconds:.0f} s, {wrong:,} mismatches"])


def arguments(given: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Every date and individual number: the judge beside the oracle.")
    parser.add_argument("--years", default="", help="two-digit years, as 8,60; default: all")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--every", action="store_true", help="every case for each stem")
    return parser.parse_args(given)


def main(given: list[str] | None = None) -> int:
    options = arguments(given)
    years = [int(yy) for yy in options.years.split(",")] if options.years else list(range(100))
    start, tally = time.monotonic(), Tally()
    for done, (yy, of_year) in enumerate(sweep_years(years, options.workers, 0 if options.every else 1), 1):
        tally.add(of_year)
        spent = time.monotonic() - start
        state = f"YY {yy:02d}, {done} of {len(years)}, {spent:.0f} s, {tally.mismatches.total()} mismatches"
        print(state, file=sys.stderr, flush=True)
    print(summary(tally, time.monotonic() - start))
    if tally.mismatches:
        print(tally.report())
    return 1 if tally.mismatches else 0


if __name__ == "__main__":
    sys.exit(main())
