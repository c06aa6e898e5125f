"""Messages: no run of five digits gets through."""

from __future__ import annotations

import pytest

from feideprov.errors import scrub


@pytest.mark.parametrize(
    "text",
    ["57912075186", "579120 75186", "579120-75186", "5.7.9.1.2", "value <57912075186> exists", "12345", "x12345y"],
    ids=["whole", "space", "dash", "dots", "quoted", "five", "inside"],
)
def test_five_digits_or_more_are_taken_out(text):
    shown = scrub(text)
    assert "…" in shown
    assert sum(character.isdigit() for character in shown) < 5


@pytest.mark.parametrize("text", ["row 12", "1234", "code 68", "vg1", "6a, 6b, 7a, 8b, 9c"])
def test_short_numbers_stay(text):
    assert scrub(text) == text
