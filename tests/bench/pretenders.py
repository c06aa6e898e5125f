"""Numbers that a directory should not hold: for each code of the judge as many as you like, made from a generator.

Some can equal a living person's. They are made when they are needed, go into a private directory, and are never shown,
printed or kept.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta

from stdnum import luhn
from stdnum.ua import rntrc
from town import ON, with_checks

from feideprov.numbers import judge_number
from feideprov.numbers.checks import duf_check
from feideprov.numbers.kinds import FILLER_ENDINGS

Make = Callable[[random.Random], str]

_ENDINGS = sorted(FILLER_ENDINGS)


def _born(rng: random.Random, first: int = 1950, last: int = 2019) -> date:
    return date(first, 1, 1) + timedelta(rng.randrange((last - first + 1) * 365))


def _digits(rng: random.Random, count: int) -> str:
    return f"{rng.randrange(10**count):0{count}d}"


def _checked(
    month: int = 0, day: int = 0, born: tuple[int, int] = (1950, 2019), iii: tuple[int, int] = (0, 999)
) -> Make:
    """A date, with something added to its day and month, and three digits of a range; the check digits hold."""

    def make(rng: random.Random) -> str:
        one = _born(rng, *born)
        head = f"{one.day + day:02d}{one.month + month:02d}{one.year % 100:02d}"
        return with_checks(f"{head}{rng.randint(*iii):03d}") or ""

    return make


def _dated(rng: random.Random, ending: str) -> str:
    return f"{_born(rng):%d%m%y}{ending}"


def _duf(rng: random.Random, year: int) -> str:
    ten = f"{year}{rng.randrange(900_000, 1_000_000)}"
    return ten + duf_check(ten)


def _swedish(rng: random.Random, century: str, first: int, last: int) -> str:
    nine = f"{_born(rng, first, last):%y%m%d}{rng.randint(1, 999):03d}"
    return f"{century}{nine}{luhn.calc_check_digit(nine)}"


def _rnokpp(rng: random.Random) -> str:
    nine = f"{(_born(rng) - date(1899, 12, 31)).days:05d}{_digits(rng, 4)}"
    return nine + str(rntrc.calc_check_digit(nine))


_REAL = _checked(iii=(500, 899), born=(2008, 2019))
_WORDS = "abcdefghijklmnop"

MAKES: dict[str, Make] = {
    "N-FILLER-VALID": lambda rng: _dated(rng, rng.choice(_ENDINGS)),
    "N-OLD": _checked(born=(1902, 1914), iii=(0, 499)),
    "N-D-900": _checked(day=40, born=(2001, 2019), iii=(900, 999)),
    "N-DUF-SWEDISH": lambda rng: _swedish(rng, "19", 1986, 1999),
    "N-DUF-LOCAL": lambda rng: f"{rng.randint(19, 20)}{rng.randint(1, 12):02d}{_digits(rng, 8)}",
    "N-DUF-CHECK": lambda rng: f"{rng.randint(2013, 2026)}{_digits(rng, 8)}",
    "N-EMPTY": lambda rng: " " * rng.randint(1, 5_000),
    "N-LETTERS": lambda rng: "ukjent " + "".join(rng.choices(_WORDS, k=8)),
    "N-NO-VALUE": lambda rng: rng.choice(("#I/T", "#N/A", "#REF!", "NULL", "NaN")) + " " * rng.randint(0, 5_000),
    "N-DECIMAL": lambda rng: f"{_digits(rng, 11)}.0",
    "N-TEN-DIGITS": lambda rng: _REAL(rng)[1:],
    "N-RNOKPP": _rnokpp,
    "N-SWEDISH": lambda rng: _swedish(rng, "19", 1950, 1984),
    "N-DANISH": lambda rng: f"{_born(rng, 1950, 1999):%d%m%y}{rng.randint(0, 3)}{_digits(rng, 3)}",
    "N-LENGTH": lambda rng: _digits(rng, rng.choice([7, 8])),
    "N-LOCAL-LONG": lambda rng: _dated(rng, _digits(rng, 7)),
    "N-ALIKE": lambda rng: rng.choice("123456789") * rng.randint(13, 900),
    "N-FILLER": lambda rng: _dated(rng, rng.choice(_ENDINGS)),
    "N-H": _checked(month=40),
    "N-FH": lambda rng: with_checks(f"{rng.choice('89')}{_digits(rng, 8)}") or "",
    "N-S": _checked(month=50),
    "N-NPID": _checked(month=20),
    "N-NHN": _checked(month=65),
    "N-TENOR": _checked(month=80, born=(2008, 2019), iii=(500, 899)),
    "N-REAL-IN-TEST": _REAL,
    "N-DUF-CUT": lambda rng: _duf(rng, rng.randint(2013, 2026))[:11],
    "N-DUF-NOT-WRITTEN": lambda rng: _duf(rng, rng.randint(2013, 2026)),
    "N-2032": lambda rng: _dated(rng, _digits(rng, 5)),
    "N-CHECK": lambda rng: _dated(rng, _digits(rng, 5)),
    "N-NO-DATE": lambda rng: with_checks(f"{rng.randint(1, 28):02d}{rng.randint(13, 20)}{_digits(rng, 5)}") or "",
    "N-CENTURY": _checked(born=(1940, 1999), iii=(750, 899)),
    "N-FUTURE": _checked(born=(2028, 2038), iii=(500, 999)),
}
"""For each code, what makes texts that often get it from the judge; those that get another are not used."""


class Pretenders:
    """Gives out texts with a verdict, none of them twice."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._given: set[str] = set()

    def __call__(self, code: str) -> str:
        while True:
            text = MAKES[code](self._rng)
            told = "N-OK" if code == "N-REAL-IN-TEST" else code
            if text and text not in self._given and judge_number(text, on=ON).code == told:
                self._given.add(text)
                return text
