"""The judge beside python-stdnum: time for the same numbers, in the same run, alternating.

    .venv/bin/python tests/bench/speed.py [--numbers N] [--rounds N]

The numbers are fødselsnumre and D-numbers that `stdnum.no.fodselsnummer` accepts, made from random birth dates; they
are neither printed nor kept. Prints the median of the ratios of each round: judge_number / is_valid.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable
from datetime import date, timedelta
from statistics import median
from time import perf_counter

from stdnum.no import fodselsnummer

from feideprov.numbers import judge_number

ON = date(2026, 11, 22)
FIRST = date(1940, 1, 1)


def valid_numbers(count: int) -> list[tuple[str, date]]:
    """Numbers that python-stdnum accepts, each with the birth date that it reads from them."""
    chance, made = random.Random(3), []
    while len(made) < count:
        born = FIRST + timedelta(days=chance.randrange((ON - FIRST).days))
        plus_day = chance.choice((0, 40))
        nine = f"{born.day + plus_day:02d}{born:%m%y}{chance.randrange(1000):03d}"
        ten = nine + fodselsnummer.calc_check_digit1(nine)
        number = ten + fodselsnummer.calc_check_digit2(ten)
        if fodselsnummer.is_valid(number):
            made.append((number, fodselsnummer.get_birth_date(number)))
    return made


def seconds(work: Callable[[], object]) -> float:
    begun = perf_counter()
    work()
    return perf_counter() - begun


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--numbers", type=int, default=100_000)
    options.add_argument("--rounds", type=int, default=7)
    given = options.parse_args()
    numbers = valid_numbers(given.numbers)

    def stdnum() -> None:
        for number, _ in numbers:
            fodselsnummer.is_valid(number)

    def judge() -> None:
        for number, _ in numbers:
            judge_number(number)

    def judge_with_birth_date() -> None:
        for number, born in numbers:
            judge_number(number, birth_date=born, on=ON)

    rounds = [tuple(map(seconds, (stdnum, judge, judge_with_birth_date))) for _ in range(given.rounds)]
    print(f"{given.numbers} valid numbers, median of {given.rounds} alternating rounds, as a multiple of is_valid:")
    for column, name in ((1, "judge_number(number)"), (2, "judge_number(number, birth_date=…, on=…)")):
        ratios = sorted(taken[column] / taken[0] for taken in rounds)
        print(f"  {name:42} {median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})")
    print(f"  is_valid takes {1e6 * median(taken[0] for taken in rounds) / given.numbers:.1f} µs a number")


if __name__ == "__main__":
    main()
