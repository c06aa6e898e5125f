"""Evidence says who, where and when, and nothing else."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from feideprov.errors import InputError
from feideprov.numbers import Evidence, EvidenceSource

DAY = date(2026, 11, 2)


@pytest.mark.parametrize("source", ["register", "letter", "card", "authority"])
def test_the_four_sources(source):
    evidence = Evidence(source, "Kari", DAY)
    assert evidence.source is EvidenceSource(source)
    assert Evidence(EvidenceSource(source), "Kari", DAY) == evidence


def test_names_are_kept_composed_and_trimmed():
    evidence = Evidence("letter", "  A\N{COMBINING RING ABOVE}se\N{NO-BREAK SPACE} Li\n", DAY, note=" sett \t her ")
    assert evidence.seen_by == "\N{LATIN CAPITAL LETTER A WITH RING ABOVE}se Li"
    assert evidence.note == "sett her"
    assert Evidence("letter", "Kari", DAY, note=" ").note is None


@pytest.mark.parametrize(
    ("source", "seen_by", "seen_on", "note"),
    [
        ("rumour", "Kari", DAY, None),
        ("12829499914", "Kari", DAY, None),
        (None, "Kari", DAY, None),
        ("letter", "", DAY, None),
        ("letter", " \n", DAY, None),
        ("letter", None, DAY, None),
        ("letter", "Kari 12829", DAY, None),
        ("letter", "Kari 128 294 99914", DAY, None),
        ("letter", "Kari １２８２９４", DAY, None),
        ("letter", "Kari", "2026-11-02", None),
        ("letter", "Kari", None, None),
        ("letter", "Kari", datetime(2026, 11, 2), None),
        ("letter", "Kari", DAY, "12829499914"),
        ("letter", "Kari", DAY, 7),
    ],
    ids=[f"case {n}" for n in range(1, 15)],
)
def test_a_wrong_value_is_one_sentence_without_digits(source, seen_by, seen_on, note):
    with pytest.raises(InputError) as caught:
        Evidence(source, seen_by, seen_on, note)
    assert str(caught.value).endswith(".")
    assert not any(character.isdigit() for character in str(caught.value))
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_it_speaks_for_one_number_unless_it_says_otherwise():
    assert Evidence("letter", "Kari", DAY).standing is False
    assert Evidence("register", "Kari", DAY, standing=True) != Evidence("register", "Kari", DAY)


def test_it_is_frozen():
    assert not hasattr(Evidence("letter", "Kari", DAY), "__dict__")
    with pytest.raises(AttributeError):
        Evidence("letter", "Kari", DAY).seen_by = "Ola"
