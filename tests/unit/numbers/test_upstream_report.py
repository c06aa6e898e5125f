"""The report to python-stdnum (docs/upstream): what it says is what happens, and the proposed code does what it should.

The tables and the check digits are the test's own: the report is not asked about itself.
"""

from __future__ import annotations

import contextlib
import datetime
import doctest
import io
import re
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from unittest import mock

import pytest
from stdnum.exceptions import ValidationError
from stdnum.no import fodselsnummer

REPORT = Path(__file__).parents[3] / "docs" / "upstream" / "python-stdnum-d-number.md"
WRITTEN_ON = datetime.date(2026, 11, 22)
SEEN_WITH = "2.2"
SETTLED = (
    f"python-stdnum {version('python-stdnum')} does not do what the report says of {SEEN_WITH}. If it reads D-numbers "
    "by the table of 2021 now, the report is settled: take it and this test away, and change docs/numbers.md."
)

# Individual numbers and years of birth: Skatteetaten, 2021-06-24-Utvide-dnr-serie.md, and «Fødselsnummer».
D_2021 = (
    (range(500, 600), range(1858, 1900)),
    (range(200), range(1900, 1940)),
    (range(500), range(1940, 2000)),
    (range(600, 1000), range(1940, 2000)),
    (range(200, 1000), range(2000, 2040)),
)
F = (
    (range(500, 750), range(1854, 1900)),
    (range(500), range(1900, 2000)),
    (range(900, 1000), range(1940, 2000)),
    (range(500, 1000), range(2000, 2040)),
)
Series = tuple[tuple[range, range], ...]

W1 = (3, 7, 6, 1, 8, 9, 4, 5, 2)
W2 = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


def check_digits(nine: str) -> str | None:
    k1 = -sum(w * int(d) for w, d in zip(W1, nine, strict=True)) % 11
    k2 = -sum(w * int(d) for w, d in zip(W2, f"{nine}{k1}", strict=True)) % 11 if k1 < 10 else 10
    return f"{k1}{k2}" if k2 < 10 else None


def made(
    series: Series, *, month_day: tuple[int, int] = (1, 1), plus_day: int = 0, step: int = 7
) -> Iterator[tuple[str, int]]:
    """Numbers of the series that are born by WRITTEN_ON, with the year of birth."""
    month, day = month_day
    for iiis, years in series:
        for year in years:
            if datetime.date(year, month, day) <= WRITTEN_ON:
                for iii in iiis[year % step :: step]:
                    nine = f"{day + plus_day:02d}{month:02d}{year % 100:02d}{iii:03d}"
                    if (digits := check_digits(nine)) is not None:
                        yield nine + digits, year


class Clock(datetime.date):
    """A clock that stands still on the day the report was written."""

    @classmethod
    def today(cls) -> Clock:
        return cls(WRITTEN_ON.year, WRITTEN_ON.month, WRITTEN_ON.day)


@pytest.fixture(scope="module")
def report() -> str:
    return REPORT.read_text(encoding="utf-8")


def blocks(report: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", report, re.MULTILINE | re.DOTALL)


def block(report: str, language: str, holding: str) -> str:
    (found,) = [b for b in blocks(report, language) if holding in b]
    return found


def patched(*code: str) -> ModuleType:
    """stdnum's module with these definitions after its own."""
    assert fodselsnummer.__file__ is not None
    source = Path(fodselsnummer.__file__).read_text(encoding="utf-8")
    module = ModuleType("stdnum.no.fodselsnummer")
    exec(compile("\n\n".join((source, *code)), "<patched fodselsnummer>", "exec"), module.__dict__)
    return module


@pytest.fixture(scope="module")
def first(report: str) -> ModuleType:
    return patched(block(report, "python", "def get_birth_date"))


@pytest.fixture(scope="module")
def both(report: str) -> ModuleType:
    return patched(block(report, "python", "def get_birth_date"), block(report, "python", "def validate"))


def failures(text: str, module: ModuleType, names: dict[str, object] | None = None) -> str:
    """What a doctest of the text prints when it fails, with this module as `stdnum.no.fodselsnummer`."""
    globs = {"__name__": "report", **(names or {})}
    test = doctest.DocTestParser().get_doctest(text, globs, "report", None, 0)
    assert test.examples
    out: list[str] = []
    options = doctest.IGNORE_EXCEPTION_DETAIL | doctest.NORMALIZE_WHITESPACE  # as in stdnum's setup.cfg
    with mock.patch("stdnum.no.fodselsnummer", module):
        doctest.DocTestRunner(optionflags=options).run(test, out=out.append, clear_globs=False)
    if names is not None:
        names.update(test.globs)
    return "".join(out)


# What the report says of python-stdnum.


def test_the_report_names_the_version_it_was_seen_with(report: str) -> None:
    assert f"python-stdnum {SEEN_WITH}." in report


def test_stdnum_does_what_the_report_says(report: str) -> None:
    names: dict[str, object] = {}
    for text in blocks(report, "pycon"):
        if "complete(" not in text:  # that one is for the proposed code
            failed = failures(text, fodselsnummer, names)
            assert not failed, f"{SETTLED}\n{failed}"


def test_the_script_prints_the_counts_of_the_report(report: str) -> None:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(block(report, "python", "def d_numbers"), {"__name__": "report"})
    (printed,) = blocks(report, "text")
    assert out.getvalue() == printed, SETTLED
    assert re.findall(r"[\d.]+ %", printed) == re.findall(
        r"[\d.]+ %", report.split("## The rule")[0].replace("\n", " ")
    )


def test_the_shares_are_those_of_the_whole_table() -> None:
    """Counted without check digits, by the ranges that the report names."""
    pairs = [(iii, year) for iiis, born in D_2021 for year in born if year <= WRITTEN_ON.year for iii in iiis]
    middle = [(iii, year) for iii, year in pairs if 600 <= iii < 750 and year >= 1940]
    refused = [iii for iii, year in pairs if 750 <= iii < 900 and year in range(1940, 2000)]
    refused += [iii for iii, year in middle if year in range(1940, 1954)]
    misdated = [iii for iii, year in pairs if 200 <= iii < 500 and year >= 2000]
    misdated += [iii for iii, year in middle if year in range(1954, 2000)]
    assert f"{len(refused) / len(pairs):.1%}" == "12.6%"
    assert f"{len(misdated) / len(pairs):.1%}" == "17.1%"


def test_stdnum_refuses_the_student_numbers_of_ten_months() -> None:
    for month in range(51, 63):
        digits = next(d for iii in range(100, 140) if (d := check_digits(nine := f"01{month}70{iii:03d}")))
        assert fodselsnummer.is_valid(f"{nine}{digits}") == (month <= 52), SETTLED


# The tables.


def tables(report: str) -> list[list[list[str]]]:
    found = re.findall(r"^\| individual number \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", report, re.MULTILINE)
    return [[[cell.strip() for cell in row.strip("|").split("|")] for row in rows.splitlines()] for rows in found]


def span(text: str) -> range:
    low, high = text.split("–")
    return range(int(low), int(high) + 1)


def test_the_table_is_the_source_s(report: str) -> None:
    rule, _ = tables(report)
    assert {(span(iii), span(born)) for iii, _, born in rule} == set(D_2021)
    assert all([year % 100 for year in span(born)] == list(span(yy)) for _, yy, born in rule)


def years(series: Series, iii: int, yy: int) -> set[int]:
    return {year for iiis, born in series if iii in iiis for year in range(1800 + yy, 2100, 100) if year in born}


def test_the_two_ranges_with_two_years_are_all_of_them(report: str) -> None:
    _, twofold = tables(report)
    said = {
        (iii, yy): {older, newer}
        for row in twofold
        for iii in span(row[0])
        for yy, older, newer in zip(*map(span, row[1:]), strict=True)
    }
    every = {(iii, yy): years(F + D_2021, iii, yy) for iii in range(1000) for yy in range(100)}
    assert said == {pair: found for pair, found in every.items() if len(found) > 1}


def test_the_tables_of_the_proposed_code_are_the_source_s(first: ModuleType) -> None:
    for rows, series in ((first._series, F), (first._d_series, D_2021)):
        assert {
            (range(low, high + 1), range(century + begin, century + end + 1)) for low, high, begin, end, century in rows
        } == set(series)


# No number in the report can be anybody's.


def test_no_number_of_the_report_can_be_in_use(report: str) -> None:
    numbers = set(re.findall(r"(?<![0-9a-f])\d{11}(?![0-9a-f])", report))
    assert len(numbers) > 10
    upstream_s_own = "45014054018"  # in its doctests; no century by either table
    synthetic = kept = impossible = 0
    for number in numbers - {upstream_s_own}:
        day, month, yy, iii = (int(number[a:b]) for a, b in ((0, 2), (2, 4), (4, 6), (6, 9)))
        if 81 <= month <= 92:  # Skatteetaten's test data
            synthetic += 1
            assert years(D_2021, iii, yy) & {1940, 2000}
            assert not fodselsnummer.is_valid(number)
        elif check_digits(number[:9]) is None:
            impossible += 1
        else:
            kept += 1
            series, day = (D_2021, day - 40) if day > 40 else (F, day)
            month -= 50 if month > 50 else 40 if month > 40 else 0
            (year,) = years(series, iii, yy)
            assert datetime.date(year, month, day) > WRITTEN_ON
    assert (synthetic, impossible, kept) == (6, 7, 3)
    day, yy, iii = (int(upstream_s_own[a:b]) for a, b in ((0, 2), (4, 6), (6, 9)))
    assert day > 40
    assert not years(F + D_2021, iii, yy)


def test_no_number_is_written_in_parts(report: str) -> None:
    assert not re.findall(r"\d{6}[ -]\d{5}", report)


def test_stdnum_takes_the_future_d_numbers_for_old_ones(report: str) -> None:
    numbers = re.findall(r"'(\d{11})'", block(report, "pycon", "'1938-09-12'"))
    with mock.patch("datetime.date", Clock):
        assert [fodselsnummer.get_birth_date(n).year for n in numbers] == [1938, 1939], SETTLED
    for number in numbers:
        pairs = (check_digits(f"{number[:6]}{iii}") for iii in range(200, 500))
        alike = [f"{number[:6]}{iii}{pair}" for iii, pair in zip(range(200, 500), pairs, strict=True) if pair]
        assert all(map(fodselsnummer.is_valid, alike)), SETTLED


# The proposed code.


def test_the_proposed_tests_pass(report: str, first: ModuleType, both: ModuleType) -> None:
    text = block(report, "pycon", "complete(")
    assert not failures(text, first)
    assert not failures(text, both)


@pytest.mark.parametrize("proposal", ["first", "both"])
def test_the_module_s_own_tests_still_pass(proposal: str, request: pytest.FixtureRequest) -> None:
    module = request.getfixturevalue(proposal)
    assert not failures(module.__doc__, module, dict(vars(module)))


@pytest.mark.parametrize("month_day", [(1, 1), (6, 30)], ids=["first-of-january", "end-of-june"])
@pytest.mark.parametrize("proposal", ["first", "both"])
def test_every_d_number_of_the_table_is_accepted(
    proposal: str, month_day: tuple[int, int], request: pytest.FixtureRequest
) -> None:
    module = request.getfixturevalue(proposal)
    numbers = list(made(D_2021, month_day=month_day, plus_day=40, step=23))
    assert len(numbers) > 2000
    with mock.patch("datetime.date", Clock):
        assert [year for number, year in numbers if not module.is_valid(number)] == []
        dated = [(module.get_birth_date(number).year, year) for number, year in numbers]
    assert [pair for pair in dated if pair[0] != pair[1]] == []


def test_every_older_d_number_is_accepted_and_dated_by_either_table(first: ModuleType) -> None:
    numbers = list(made(F, plus_day=40, step=23))
    with mock.patch("datetime.date", Clock):
        for number, year in numbers:
            iii, yy = int(number[6:9]), int(number[4:6])
            possible = {y for y in years(F + D_2021, iii, yy) if y <= WRITTEN_ON.year}
            assert year in possible
            assert first.get_birth_date(first.validate(number)).year == max(possible)


def test_a_fodselsnummer_is_judged_as_before(first: ModuleType, both: ModuleType) -> None:
    """Every year and, spread out, every individual number, whether the table knows it or not."""
    every: Series = ((range(1000), range(1900, 2000)),)
    numbers = [number for number, _ in made(every, month_day=(5, 17), step=29)]
    assert len(numbers) > 2000
    with mock.patch("datetime.date", Clock):
        for number in numbers:
            accepted = fodselsnummer.is_valid(number)
            assert first.is_valid(number) == both.is_valid(number) == accepted
            if accepted:
                assert first.get_birth_date(number) == fodselsnummer.get_birth_date(number)


def test_nothing_that_passes_today_is_refused_by_the_first_proposal(first: ModuleType) -> None:
    every: Series = ((range(1000), range(1900, 2000)),)
    with mock.patch("datetime.date", Clock):
        passed = [n for n, _ in made(every, plus_day=40, step=29) if fodselsnummer.is_valid(n)]
        assert len(passed) > 1000
        assert all(first.is_valid(number) for number in passed)


def test_with_the_clock_past_them_the_future_numbers_have_the_years_of_the_table(
    report: str, first: ModuleType
) -> None:
    text = block(report, "pycon", "'1938-09-12'").replace("'1938", "'2038").replace("'1939", "'2039")
    assert not failures(">>> from stdnum.no import fodselsnummer\n" + text, first)


def test_the_second_proposal_refuses_h_numbers_and_student_numbers_only(report: str, both: ModuleType) -> None:
    numbers = re.findall(r"'(\d{11})'", block(report, "pycon", "H-number"))
    assert len(numbers) == 3
    later = type("Later", (datetime.date,), {"today": classmethod(lambda cls: cls(2040, 1, 1))})
    with mock.patch("datetime.date", later):
        for number in numbers:
            with pytest.raises(ValidationError, match="H-number"):
                both.validate(number)


# The text.


def test_lines_are_short_and_only_the_links_are_long(report: str) -> None:
    long = [line for line in report.splitlines() if len(line) > 120 and not re.fullmatch(r"\[\w+\]: \S+", line)]
    assert not long
