"""Laws of text that others wrote: a name stays the name it is, and what is shown is one plain line without a number."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from feideprov.numbers import number_shaped
from feideprov.testing.strategies import SCRIPTS, d_numbers, names
from feideprov.text import Addresses, normal_name, shown

JOINERS = "\u200c\u200d"
SIGNS = st.sampled_from(
    "\u202e\u2066\u200f\x00\x1b\ufeff\u200b\u200c\u200d\u00ad\u2028\x85\t\r\n  .-–０１٣aÅل 157912075186"
)
TEXTS = st.one_of(st.text(max_size=60), st.text(SIGNS, max_size=40))
PERSIAN, MALAYALAM = "می\u200cنا", "ക്\u200dഷ"


def categories(text: str) -> set[str]:
    return {unicodedata.category(character) for character in text if character not in JOINERS}


def is_one_line(text: str) -> bool:
    return text == " ".join(text.split()) and not categories(text) & {"Cc", "Cf", "Zl", "Zp"}


@given(TEXTS)
def test_a_name_is_cleaned_once_and_for_all(text: str) -> None:
    assert normal_name(normal_name(text)) == normal_name(text)


@given(TEXTS)
def test_a_name_is_one_composed_line(text: str) -> None:
    name = normal_name(text)
    assert is_one_line(name)
    assert unicodedata.is_normalized("NFC", name)
    assert not name or name.strip(JOINERS + " ")


@given(TEXTS, st.none() | st.integers(2, 30))
@example("579120 75186", None)
@example("5\u200b7912075186", None)
@example("5–7–9–1–2–0–7–5–1–8–6", None)
@example("5791207518612345", 12)
def test_what_is_shown_is_one_short_line_without_a_number(text: str, longest: int | None) -> None:
    line = shown(text, longest)
    assert shown(line, longest) == line
    assert is_one_line(line)
    assert not categories(line) & {"Cs", "Co", "Cn"}
    assert not number_shaped(line)
    assert longest is None or len(line) <= longest


@given(TEXTS)
def test_numbers_are_left_only_where_that_is_asked_for(text: str) -> None:
    line = shown(text, hide_numbers=False)
    assert shown(line) == shown(text)
    assert number_shaped(line) or line == shown(text)


@given(d_numbers(), st.sampled_from(["", " ", ".", "-", "–", "\u200b", "\u00a0", "\x00"]), TEXTS)
def test_no_number_is_shown_however_it_is_written(number: str, between: str, after: str) -> None:
    assert not number_shaped(shown(between.join(number)))
    assert number not in shown(f"{number} {after}")


@given(names())
def test_a_persons_name_is_stored_and_shown_as_it_is(name: str) -> None:
    composed = unicodedata.normalize("NFC", " ".join(name.replace("\N{RIGHT-TO-LEFT MARK}", "").split()))
    assert normal_name(name) == composed
    assert shown(composed) == composed


@pytest.mark.parametrize("script", SCRIPTS)
def test_letters_of_every_script_stay(script: str) -> None:
    letters = "".join(SCRIPTS[script])
    assert normal_name(letters) == unicodedata.normalize("NFC", letters)
    assert shown(letters) == letters


@pytest.mark.parametrize("clean", [normal_name, shown])
@pytest.mark.parametrize("name", [PERSIAN, MALAYALAM])
def test_joiners_stay_wherever_text_is_cleaned(clean, name) -> None:
    assert clean(name) == name
    assert clean(f"\u200f{name}\u202c ") == name
    assert clean(JOINERS) == clean(f" {JOINERS} ") == ""


ADDRESSES = st.text("ab@ .", max_size=6)


@given(st.lists(ADDRESSES, max_size=5), st.text("ab@ .", max_size=20))
@example(["a@b"], "ba@bb")
@example(["a@b@b", "b"], "a@a@b@b")
def test_addresses_are_found_wherever_they_stand(addresses: list[str], text: str) -> None:
    assert Addresses(addresses).stand_in(text) is any(address in text for address in addresses)
