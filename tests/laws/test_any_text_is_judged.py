"""Texts of any sort, 80,000 of them (a million in `make sweep`): none raises, and each verdict is whole.

Hypothesis looks for the text that breaks a law; this goes for the mass. A failure tells the number of the text, with
which it can be made again, and not the text.
"""

from __future__ import annotations

import functools
import random
import sys
import unicodedata
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from size import size

from feideprov.numbers import SENTENCES, Decision, Evidence, NumberPolicy, judge_number, number_shaped

ON = date(2026, 11, 22)
SEEN = Evidence("card", "Kari", date(2026, 1, 1))
POLICIES = (NumberPolicy(), NumberPolicy(test=True), NumberPolicy(duf="nin"), NumberPolicy(duf="nin", test=True))
EACH = size(20_000, 250_000)
SEPARATORS = [c for c in map(chr, range(0x3100)) if unicodedata.category(c) in {"Zs", "Pd", "Cf"}]

Chance = random.Random


@functools.cache
def zeros() -> list[str]:
    """The zero of every script."""
    return [chr(c) for c in range(sys.maxunicode) if unicodedata.decimal(chr(c), None) == 0]


def any_characters(chance: Chance) -> str:
    """Of all planes, lone surrogates too."""
    return "".join(chr(chance.randrange(sys.maxunicode + 1)) for _ in range(chance.randrange(15)))


def digits_and_signs(chance: Chance) -> str:
    return "".join(chance.choices("0123456789 -./,+='\"\t\n\x00eE", k=chance.randrange(16)))


def digits_of_one_script(chance: Chance) -> str:
    zero = chance.choice(zeros())
    digits = [chr(ord(zero) + chance.randrange(10)) for _ in range(chance.choice((10, 11, 11, 12, 13)))]
    digits.insert(chance.randrange(len(digits)), chance.choice(SEPARATORS))
    return "".join(digits)


def dates_and_digits(chance: Chance) -> str:
    day = date(1850, 1, 1) + timedelta(days=chance.randrange(70_000))
    plus_day, plus_month = chance.choice((0, 40)), chance.choice((0, 0, 0, 40, 50, 65, 80))
    return f"{day.day + plus_day:02d}{day.month + plus_month:02d}{day:%y}{chance.randrange(10**5):05d}"


@pytest.mark.parametrize("made", [any_characters, digits_and_signs, digits_of_one_script, dates_and_digits])
def test_a_million_texts_raise_nothing(made: Callable[[Chance], str]) -> None:
    chance = random.Random(made.__name__)
    for nth in range(EACH):
        text, policy = made(chance), POLICIES[nth % 4]
        try:
            verdict = judge_number(text, birth_date=ON if nth % 3 else None, on=ON, policy=policy)
            if nth % 8 == 0:
                judge_number(text, on=ON, evidence=SEEN, policy=policy)
                number_shaped(text)
        except Exception as error:  # noqa: BLE001 - any at all is the failure
            pytest.fail(f"text {nth} raised {type(error).__name__}", pytrace=False)
        assert verdict.code in SENTENCES, nth
        assert (verdict.number is not None) is (verdict.decision is Decision.ACCEPT), nth
