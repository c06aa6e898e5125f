"""Few keys of other systems are called a person's number, and no number is called a key. `make sweep` takes more."""

from __future__ import annotations

import random

import keys
from size import size

COUNT = size(2_000, 100_000)
CHANCE = {"serial of 10 digits": 0.002, "serial of 11 digits": 0.015, "serial of 12 digits": 0.001}
"""At most: about half as much again as is measured for a million."""
YEARS = {"year and 7 digits": 0.02, "year and 8 digits": 0.015}


def test_few_keys_are_called_a_number():
    rng = random.Random(1)
    for key in keys.KEYS:
        limit = CHANCE.get(key, YEARS.get(key, 0))
        assert keys.called_numbers(key, COUNT, rng) <= limit * COUNT, key


def test_no_number_is_called_a_key():
    assert not keys.missed_numbers(COUNT, random.Random(2))
