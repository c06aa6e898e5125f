"""How many keys of other systems are called a person's number, and whether any number is called a key.

    .venv/bin/python tests/sweep/keys.py [--count 1000000]

No identity number is shown, whatever goes wrong: numbers that are missed are only counted, by spelling.
"""

from __future__ import annotations

import argparse
import random
import sys
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from oracle import control_pair, partial_sums

from feideprov.numbers import key_is_number

Make = Callable[[random.Random], str]


def _serial(digits: int) -> Make:
    return lambda rng: f"{rng.randrange(10**digits):0{digits}d}"


def _year(between: str, digits: int) -> Make:
    serial = _serial(digits)
    return lambda rng: f"{rng.randint(2000, 2030)}{between}{serial(rng)}"


KEYS: dict[str, Make] = {
    "UUID": lambda rng: str(uuid.UUID(int=rng.getrandbits(128), version=4)),
    "32 hexadecimal digits": lambda rng: f"{rng.getrandbits(128):032x}",
    **{f"serial of {digits} digits": _serial(digits) for digits in range(7, 13)},
    **{f"year and {digits} digits": _year("", digits) for digits in range(4, 9)},
    **{f"year, dash and {digits} digits": _year("-", digits) for digits in range(4, 9)},
}
"""Keys as they are found in other systems, each made at random."""

SPELLINGS: dict[str, Callable[[str], str]] = {
    "digits": lambda n: n,
    "6+5, space": lambda n: f"{n[:6]} {n[6:]}",
    "6+5, dash": lambda n: f"{n[:6]}-{n[6:]}",
    "6+5, dot": lambda n: f"{n[:6]}.{n[6:]}",
    "6+5, no-break space": lambda n: f"{n[:6]}\N{NO-BREAK SPACE}{n[6:]}",
    "6+5, en dash": lambda n: f"{n[:6]}\N{EN DASH}{n[6:]}",
    "6+3+2": lambda n: f"{n[:6]} {n[6:9]} {n[9:]}",
    "2+2+2+5": lambda n: f"{n[:2]}.{n[2:4]}.{n[4:6]}-{n[6:]}",
    "full-width": lambda n: n.translate({ord("0") + d: ord("０") + d for d in range(10)}),
    "Arabic": lambda n: n.translate({ord("0") + d: ord("٠") + d for d in range(10)}),
    "invisible marks": lambda n: f"\ufeff{n[:6]}\u200b{n[6:]}\u200e",
    "behind a source": lambda n: f"visma:{n}",
    "behind letters": lambda n: f"fnr{n}",
}
MONTHS = {"real": 0, "Tenor": 80, "Dolly, H": 40, "NHN": 65}


def called_numbers(key: str, count: int, rng: random.Random) -> int:
    """How many of `count` such keys are called a person's number."""
    make = KEYS[key]
    return sum(key_is_number(make(rng)) for _ in range(count))


def missed_numbers(count: int, rng: random.Random) -> Counter[str]:
    """How many numbers are called a key, by spelling; `count` numbers, the spellings in turn."""
    missed: Counter[str] = Counter()
    names = list(SPELLINGS)
    for turn, number in zip(range(count), _numbers(rng), strict=False):
        spelling = names[turn % len(names)]
        missed[spelling] += not key_is_number(SPELLINGS[spelling](number))
    return +missed


def _numbers(rng: random.Random) -> Iterator[str]:
    """Numbers of any date, as F and D, of the register and of the synthetic series, by both control rules."""
    while True:
        day = date(1900, 1, 1) + timedelta(rng.randrange(146_000))
        month = day.month + rng.choice(list(MONTHS.values()))
        head = f"{day.day + rng.choice((0, 40)):02d}{month:02d}{day.year % 100:02d}"
        nine = f"{head}{rng.randrange(1000):03d}"
        if pair := control_pair(*partial_sums(nine), rng.choice((0, 0, 0, 1, 2, 3))):
            yield nine + pair


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=1_000_000)
    count = parser.parse_args().count
    rng = random.Random(20261129)
    for key in KEYS:
        called = called_numbers(key, count, rng)
        print(f"{key:<30} {called:>7,} of {count:,} are called a number: {called / count:.4%}")
    missed = missed_numbers(count, rng)
    print(f"{missed.total():,} of {count:,} numbers are called a key. {dict(missed) or ''}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
