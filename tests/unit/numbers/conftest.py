"""Numbers made from dates, so that none is committed. The arithmetic is the tests' own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest

ON = date(2026, 11, 22)
W1 = (3, 7, 6, 1, 8, 9, 4, 5, 2)
W2 = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
RNOKPP = (-1, 5, 7, 9, 4, 6, 10, 5, 7)
DUF = (4, 6, 3, 2, 4, 6, 3, 2, 7, 5)


def _sum(weights: tuple[int, ...], digits: str) -> int:
    return sum(w * int(d) for w, d in zip(weights, digits, strict=True))


def _luhn(nine: str) -> str:
    doubled = [int(d) * (2 - n % 2) for n, d in enumerate(nine)]
    return str(-sum(d // 10 + d % 10 for d in doubled) % 10)


def with_check_digits(nine: str, rest: int = 0) -> str | None:
    """Eleven digits, the first sum leaving `rest`; None where a digit would have to be 10."""
    k1 = (rest - _sum(W1, nine)) % 11
    if k1 == 10:
        return None
    k2 = -_sum(W2, f"{nine}{k1}") % 11
    return None if k2 == 10 else f"{nine}{k1}{k2}"


def numbers(day: date, iiis: range, *, plus_day: int = 0, plus_month: int = 0, rest: int = 0) -> Iterator[str]:
    """Every number of this date and these individual numbers that has check digits."""
    first = f"{day.day + plus_day:02d}{day.month + plus_month:02d}{day.year % 100:02d}"
    for iii in iiis:
        if (number := with_check_digits(f"{first}{iii:03d}", rest)) is not None:
            yield number


class Maker:
    """The first number of each sort."""

    on = ON

    def f(self, day: date, iiis: range = range(1000), *, rest: int = 0, plus_month: int = 0) -> str:
        return next(numbers(day, iiis, rest=rest, plus_month=plus_month))

    def d(self, day: date, iiis: range = range(1000), *, rest: int = 0, plus_month: int = 0) -> str:
        return next(numbers(day, iiis, plus_day=40, rest=rest, plus_month=plus_month))

    def every(self, day: date, iiis: range, **plus: int) -> Iterator[str]:
        return numbers(day, iiis, **plus)

    def duf(self, year: int, serial: int, off: int = 0) -> str:
        first = f"{year}{serial:06d}"
        return f"{first}{(_sum(DUF, first) + off) % 11:02d}"

    def rnokpp(self, born: date, serial: str = "0001") -> str:
        nine = f"{(born - date(1899, 12, 31)).days:05d}{serial}"
        return nine + str(_sum(RNOKPP, nine) % 11 % 10)

    def rnokpp_holds(self, ten: str) -> bool:
        return int(ten[9]) == _sum(RNOKPP, ten[:9]) % 11 % 10

    def swedish(self, born: date, serial: str = "001", *, plus_day: int = 0) -> str:
        """Twelve digits; the last ten are the other way to write it."""
        return self.swedish_of(f"{born:%Y%m}{born.day + plus_day:02d}", serial)

    def swedish_of(self, yyyymmdd: str, serial: str = "001") -> str:
        return yyyymmdd + serial + _luhn(yyyymmdd[2:] + serial)

    def danish(self, born: date, century: str, *, plus_day: int = 0) -> str:
        """The first whose digits no other country's check accepts."""
        tens = (f"{born.day + plus_day:02d}{born:%m%y}{century}{serial:03d}" for serial in range(1000))
        return next(n for n in tens if not self.rnokpp_holds(n) and _luhn(n[:9]) != n[9])

    def wrong(self, number: str) -> str:
        """The same with its last digit changed: no check digits hold, by either rule."""
        return number[:-1] + str((int(number[-1]) + 1) % 10)

    def first(self, candidates: Iterator[str], wanted: Callable[[str], bool]) -> str:
        return next(c for c in candidates if wanted(c))


@pytest.fixture
def make() -> Maker:
    return Maker()
