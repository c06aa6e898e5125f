"""What the judge must say of eleven digits, told a second time, from the sources alone.

Nothing of `feideprov` is imported here: the tables are data, the calendar is Python's, the arithmetic is written
out. A slip of the library's and a slip of the oracle's are then two slips, and the sweep shows each of them.

Sources: Skatteetaten, «Fødselsnummer» (the F table, the control digits); Skatteetaten/folkeregisteret-api-
dokumentasjon, `src/nyheter/2021-06-24-Utvide-dnr-serie.md` (the D table of 2021) and `src/om-tjenestene/
nyttfnr2032.md` (the rule of 2032). The doubts and their order: docs/numbers.md.

The questions are those of a directory that is no test directory, without a recorded birth date and evidence.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

W1 = (3, 7, 6, 1, 8, 9, 4, 5, 2)
W2 = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
OLD_REST, NEW_RESTS = 0, (1, 2, 3)
FROM_2032 = date(2032, 1, 1)
OLDEST_YEAR, OLDEST_AGE = 1854, 110
# The last five digits that people write where they know no number; 00X00 is SAP's, for any X.
FILLERS = {"55555", "77777", "88888", "99999", *(f"00{x}00" for x in range(10))}
SERIES = {"F": 0, "D": 40}  # what is added to the day


class Row(NamedTuple):
    """One row of a table: these individual numbers with these two-digit years were born in this century."""

    iii: range
    yy: range
    century: int


F_TABLE = (
    Row(range(500, 750), range(54, 100), 1800),
    Row(range(0, 500), range(0, 100), 1900),
    Row(range(900, 1000), range(40, 100), 1900),
    Row(range(500, 1000), range(0, 40), 2000),
)
D_TABLE_2021 = (
    Row(range(500, 600), range(58, 100), 1800),
    Row(range(0, 200), range(0, 40), 1900),
    Row(range(0, 500), range(40, 100), 1900),
    Row(range(600, 1000), range(40, 100), 1900),
    Row(range(200, 1000), range(0, 40), 2000),
)
# A D-number older than 2021-11-16 follows the F table, and no digit tells its age.
TABLES = {"F": F_TABLE, "D": F_TABLE + D_TABLE_2021}
# Within a band of individual numbers every rule says the same: the tables' edges, and 900 of the counties' numbers.
EDGES = sorted({edge for row in TABLES["D"] for edge in (row.iii.start, row.iii.stop)} | {0, 900, 1000})
BANDS = [range(first, stop) for first, stop in pairwise(EDGES)]


class Expected(NamedTuple):
    """The verdict to come. For a refusal every code of a refusal will do, so `code` is empty then."""

    decision: str
    code: str = ""
    dates: tuple[date, ...] = ()


REFUSED = Expected("refuse")


class Stem(NamedTuple):
    """What nine digits say: series, day and month as a calendar has them, two-digit year, individual number."""

    series: str
    day: int
    month: int
    yy: int
    iii: int


def read_stem(digits: str) -> Stem | None:
    """None where day and month are no date's of either series: a look-alike, or nothing at all."""
    day, month, yy, iii = int(digits[:2]), int(digits[2:4]), int(digits[4:6]), int(digits[6:9])
    for series, plus in SERIES.items():
        if 1 <= day - plus <= 31 and 1 <= month <= 12:
            return Stem(series, day - plus, month, yy, iii)
    return None


# --- control digits -------------------------------------------------------------------------------------------------


def partial_sums(digits: str, first: int = 0) -> tuple[int, int]:
    """What these digits, from place `first` of the number on, give to the two sums before the control digits."""
    one, two = (sum(w[first + i] * int(d) for i, d in enumerate(digits)) % 11 for w in (W1, W2))
    return one, two


def control_pair(sum1: int, sum2: int, rest1: int, rest2: int = 0) -> str | None:
    """The two control digits with which the sums leave these rests; None where one of them would be 10."""
    k1 = (rest1 - sum1) % 11
    k2 = (rest2 - sum2 - W2[9] * k1) % 11
    return None if 10 in (k1, k2) else f"{k1}{k2}"


def rests(digits: str) -> tuple[int, int]:
    """What (Σw1·d + k1) and (Σw2·d + k2) leave, modulo 11."""
    sum1, sum2 = partial_sums(digits[:9])
    k1, k2 = int(digits[9]), int(digits[10])
    return (sum1 + k1) % 11, (sum2 + W2[9] * k1 + k2) % 11


INDIVIDUAL = [(f"{iii:03d}", *partial_sums(f"{iii:03d}", 6)) for iii in range(1000)]


@lru_cache(maxsize=121 * 4)
def tails(sum1: int, sum2: int, rest1: int) -> list[str | None]:
    """The last five digits by individual number, after six digits with these sums; the second sum leaves 0."""
    pairs = ((iii, control_pair(sum1 + add1, sum2 + add2, rest1)) for iii, add1, add2 in INDIVIDUAL)
    return [pair and iii + pair for iii, pair in pairs]


# --- birth dates ----------------------------------------------------------------------------------------------------


def years(stem: Stem, on: date) -> Iterator[int]:
    """The birth years that the digits can mean, on this day; from 2032 the individual number tells none."""
    if on >= FROM_2032:
        yield from (year for year in range(OLDEST_YEAR, on.year + 1) if year % 100 == stem.yy)
    else:
        yield from {row.century + stem.yy for row in TABLES[stem.series] if stem.iii in row.iii and stem.yy in row.yy}


def birth_dates(stem: Stem, on: date) -> tuple[date, ...]:
    """All dates that exist and do not lie after the day judged, sorted."""

    def existing() -> Iterator[date]:
        for year in years(stem, on):
            try:
                yield date(year, stem.month, stem.day)
            except ValueError:  # 29 February of a common year, 31 April
                continue

    return tuple(sorted(day for day in existing() if day <= on))


# --- the verdict ----------------------------------------------------------------------------------------------------


def expect_stem(stem: Stem, rest1: int, on: date, *, filler: bool = False) -> Expected:
    """The verdict on a number of this stem whose first sum leaves `rest1`, and whose second leaves 0."""
    old_rule = rest1 == OLD_REST
    if not old_rule and not (rest1 in NEW_RESTS and on >= FROM_2032):
        return REFUSED
    dates = birth_dates(stem, on)
    if not dates:
        return REFUSED
    if filler:
        return Expected("needs-evidence", "N-FILLER-VALID", dates)
    if all(on.year - born.year > OLDEST_AGE for born in dates):
        return Expected("needs-evidence", "N-OLD", dates)
    # A county's numbers keep the old rule: they were never made by another.
    if old_rule and stem.series == "D" and stem.iii >= 900:
        return Expected("needs-evidence", "N-D-900", dates)
    return Expected("accept", "N-OK", dates)


def expect(digits: str, on: date) -> Expected:
    """The verdict on eleven digits, judged on this day."""
    stem = read_stem(digits)
    rest1, rest2 = rests(digits)
    if stem is None or rest2 != 0:
        return REFUSED
    return expect_stem(stem, rest1, on, filler=digits[6:] in FILLERS)


def expect_row(head: str, rest1: int, on: date) -> list[tuple[str | None, Expected]]:
    """For the six digits of a date: by individual number the last five digits, and the verdict on them.

    The same as `expect` for each of them (a test says so), but asked once for each band instead of a thousand times.
    """
    ends = tails(*partial_sums(head), rest1)
    verdicts: list[Expected] = []
    for band in BANDS:
        stem = read_stem(f"{head}{band.start:03d}")
        verdicts += [REFUSED if stem is None else expect_stem(stem, rest1, on)] * len(band)
    row = list(zip(ends, verdicts, strict=True))
    for filler in FILLERS:
        if ends[iii := int(filler[:3])] == filler:
            row[iii] = filler, expect(head + filler, on)
    return row
