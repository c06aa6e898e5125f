"""Some mutated inputs of every kind that is read; `make fuzz` reads 100,000 of each."""

from __future__ import annotations

import pytest
from fuzz import run
from kinds import KINDS
from mutator import TOKENS, mutated

COUNTS = {"journal": 20, "template": 30, "LDIF": 50, **dict.fromkeys(("PIFU", "IMS Enterprise", "XLSX", "ODS"), 250)}
"""Fewer where an input takes long, more where a file comes from another system."""
MOST = 120


@pytest.mark.parametrize("name", KINDS)
def test_each_input_is_read_or_refused_with_a_documented_exception(name):
    count = COUNTS.get(name, MOST)
    result = run(name, 0, count)
    assert not result.faults
    assert result.whole == -(-count // 10)


def test_a_number_gives_the_same_input_again():
    whole = b"source_id;given_name\np1;Olena\n"
    assert [mutated(whole, "x", n) for n in range(200)] == [mutated(whole, "x", n) for n in range(200)]
    assert len({mutated(whole, "x", n) for n in range(200)}) > 150
    assert any(token in mutated(whole, "x", n) for n in range(200) for token in TOKENS[-8:])
