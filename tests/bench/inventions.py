"""How often an invented number passes, and whether a genuine one is ever refused: this judge beside python-stdnum.

    .venv/bin/python tests/bench/inventions.py [--count 1000000] [--genuine 100000] [--seed 2026] [--json]

The same numbers, made by a seeded generator, are given to `judge_number` (on 2026-11-22) and to `is_valid` of
`stdnum.no.fodselsnummer`, which judges by the clock of the day the script runs. Numbers are counted, never shown.

- Inventions: any eleven digits; and the six digits of a person's true birth date (2000-01-01 to 2026-11-22), with day
  + 40 for a D-number, and five random digits. The birth date is given to the judge as the recorded one.
- Genuine forms: each row of the F table (Skatteetaten, «Fødselsnummer») and of the D table of 2021 (Skatteetaten/
  folkeregisteret-api-dokumentasjon, `src/nyheter/2021-06-24-Utvide-dnr-serie.md`), each birth date and individual
  number as likely as any other, right control digits, the birth date given. None may be refused: exit status 1.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from stdnum.no import fodselsnummer

from feideprov.numbers import judge_number

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sweep"))
from oracle import D_TABLE_2021, F_TABLE, SERIES, Row, control_pair, partial_sums

ON = date(2026, 11, 22)
FIRST_BIRTH = date(2000, 1, 1)
COUNT, GENUINE, SEED = 1_000_000, 100_000, 2026

Made = tuple[str, date | None]  # a number, and the recorded birth date
Source = Callable[[random.Random], Made]


def head(series: str, born: date) -> str:
    return f"{born.day + SERIES[series]:02d}{born:%m%y}"


def any_digits(rng: random.Random) -> Made:
    return f"{rng.randrange(10**11):011d}", None


def right_date(series: str) -> Source:
    """The person's own date, and five digits out of the air."""
    days = (ON - FIRST_BIRTH).days + 1

    def make(rng: random.Random) -> Made:
        born = FIRST_BIRTH + timedelta(rng.randrange(days))
        return f"{head(series, born)}{rng.randrange(10**5):05d}", born

    return make


def genuine(series: str, table: tuple[Row, ...]) -> Source:
    """A number that the table allows, of somebody who is born."""
    rows = [(row, date(row.century + row.yy.start, 1, 1), date(row.century + row.yy.stop - 1, 12, 31)) for row in table]
    spans = [(row.iii, first, (min(last, ON) - first).days + 1) for row, first, last in rows]
    weights = [len(iii) * days for iii, _, days in spans]

    def make(rng: random.Random) -> Made:
        while True:
            iii, first, days = rng.choices(spans, weights)[0]
            born = first + timedelta(rng.randrange(days))
            nine = f"{head(series, born)}{rng.choice(iii):03d}"
            if (pair := control_pair(*partial_sums(nine), 0)) is not None:
                return nine + pair, born

    return make


class Counted(NamedTuple):
    """What became of the numbers of one sort."""

    sort: str
    genuine: bool
    count: int
    accepted: int
    held: int
    refused: int
    stdnum_accepted: int
    stdnum_misdated: int | None  # accepted, but with another birth date than the right one


def misdated(number: str, born: date | None) -> bool:
    return born is not None and fodselsnummer.get_birth_date(number) != born


def count(sort: str, make: Source, number: int, seed: int, *, genuine: bool = False) -> Counted:
    rng = random.Random(f"{seed} {sort}")
    ours: Counter[str] = Counter()
    stdnum_accepted = stdnum_misdated = 0
    for _ in range(number):
        digits, born = make(rng)
        ours[judge_number(digits, birth_date=born, on=ON).decision] += 1
        if fodselsnummer.is_valid(digits):
            stdnum_accepted += 1
            stdnum_misdated += misdated(digits, born)
    answers = ours["accept"], ours["needs-evidence"], ours["refuse"]
    known_date = stdnum_misdated if sort != ANY else None
    return Counted(sort, genuine, number, *answers, stdnum_accepted, known_date)


ANY = "any 11 digits"


def inventions(number: int, seed: int) -> Iterator[Counted]:
    yield count(ANY, any_digits, number, seed)
    yield count("right birth date + 5 digits, F", right_date("F"), number, seed)
    yield count("right birth date + 5 digits, D", right_date("D"), number, seed)


def genuine_forms(number: int, seed: int) -> Iterator[Counted]:
    yield count("F table, right control digits", genuine("F", F_TABLE), number, seed, genuine=True)
    yield count("D table of 2021, right control digits", genuine("D", D_TABLE_2021), number, seed, genuine=True)


def percent(part: int, whole: int) -> str:
    """Four significant digits: 0.4130 %, 82.60 %."""
    share = 100 * part / whole
    if part in (0, whole):
        return f"{share:.0f} %"
    digits = 4
    for limit in (0.1, 1, 10, 100):
        if share < limit:
            break
        digits -= 1
    return f"{share:.{digits + 1}f} %"


def markdown(rows: list[Counted]) -> str:
    """The table for the docs."""
    lines = [
        "| numbers | count | accepted | held | refused | stdnum accepts | with another birth date | stdnum refuses |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for row in rows:
        share = [percent(part, row.count) for part in (row.accepted, row.held, row.refused, row.stdnum_accepted)]
        dated = "–" if row.stdnum_misdated is None else percent(row.stdnum_misdated, row.count)
        cells = [row.sort, f"{row.count:,}", *share, dated, percent(row.count - row.stdnum_accepted, row.count)]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def main(given: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="How often an invented number passes, beside python-stdnum.")
    parser.add_argument("--count", type=int, default=COUNT, help="inventions of each sort")
    parser.add_argument("--genuine", type=int, default=GENUINE, help="numbers of each official table")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--json", action="store_true", help="the counts as JSON")
    options = parser.parse_args(given)
    rows = [*inventions(options.count, options.seed), *genuine_forms(options.genuine, options.seed)]
    print(json.dumps([row._asdict() for row in rows], indent=2) if options.json else markdown(rows))
    refused = sum(row.refused for row in rows if row.genuine)
    if refused:
        print(f"{refused} numbers of the official tables were refused", file=sys.stderr)
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
