"""Which number may follow a D-number."""

from __future__ import annotations

from datetime import date

import pytest

from feideprov.numbers import NumberPolicy, judge_number
from feideprov.numbers.d_number import follows_d_number, is_d_number

ON = date(2026, 11, 22)
F, D = "13097248022", "53097248016"  # published by NAV (tests/data/public-numbers.csv)
TENOR_F, TENOR_D = "12829499914", "52829400197"
DUF = "202212345608"


def follows(number: str, held: str) -> bool:
    test = number.startswith(("12829", "52829"))
    accepted = judge_number(number, on=ON, policy=NumberPolicy(test=test)).number
    assert accepted is not None
    return follows_d_number(accepted, held, ON)


@pytest.mark.parametrize("place", range(2))
def test_a_fodselsnummer_follows_a_d_number_however_it_is_spelled(place):
    number, held = ((F, D), (TENOR_F, TENOR_D))[place]
    assert [follows(number, one) for one in (held, f" {held[:6]} {held[6:]}", number)] == [True, True, False]
    assert (follows(held, number), follows(held, held)) == (False, False)


@pytest.mark.parametrize("place", range(6))
def test_it_follows_nothing_else(place):
    held = ("", "invented 123", DUF, f"{D[:10]}0", TENOR_D, f"{D}{D}")[place]
    assert not follows(F, held)


def test_d_numbers_are_known_by_their_form():
    assert [is_d_number(one, ON) for one in (D, TENOR_D)] == [True, True]
    assert not [one for one in (F, TENOR_F, DUF, f"{D[:10]}0", "") if is_d_number(one, ON)]
