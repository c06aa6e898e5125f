"""Laws of the comparison of names. Each name is the law."""

from __future__ import annotations

import string
import unicodedata

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from size import size

from feideprov.feide.name_comparison import ComparedName, agree, nearly_agree, share_word, skeleton
from feideprov.testing.strategies import names

lawful = settings(deadline=None, max_examples=size(30, 300))

ANY_NAME = names() | st.text(max_size=12)
COMPARED = st.builds(ComparedName.of, ANY_NAME, st.just("") | ANY_NAME, st.just("") | ANY_NAME)
INVISIBLE = st.sampled_from("\u200b\u200c\u200d\u200e\u2060\ufeff\u00ad\u034f\ufe0f")
APOSTROPHES = st.sampled_from("'‘’ʼʻ`´′＇")


def put_in(text: str, sign: str, place: int) -> str:
    place %= len(text) + 1
    return text[:place] + sign + text[place:]


@lawful
@given(ANY_NAME)
def test_the_skeleton_of_a_skeleton_is_itself(name):
    assert skeleton(skeleton(name)) == skeleton(name)


@lawful
@given(ANY_NAME)
def test_case_makes_no_difference(name):
    assert skeleton(name.upper()) == skeleton(name.lower()) == skeleton(name.casefold()) == skeleton(name)


@lawful
@given(ANY_NAME)
def test_the_form_of_unicode_makes_no_difference(name):
    forms = {skeleton(unicodedata.normalize(form, name)) for form in ("NFC", "NFD", "NFKC", "NFKD")}
    assert forms == {skeleton(name)}


@lawful
@given(names(), INVISIBLE | APOSTROPHES, st.integers(0, 30))
def test_what_is_not_seen_and_apostrophes_make_no_difference(name, sign, place):
    assert skeleton(put_in(name, sign, place)) == skeleton(name)


@lawful
@given(names(), names(), st.sampled_from("-‐‑–—−\u00a0"))
def test_every_hyphen_divides_as_a_space_does(one, two, hyphen):
    assert ComparedName.of(f"{one}{hyphen}{two}", "Lie") == ComparedName.of(f"{one} {two}", "Lie")


@lawful
@given(st.text(string.ascii_letters), st.text(string.ascii_letters))
def test_latin_words_of_other_letters_are_never_one(one, two):
    assert (skeleton(one) == skeleton(two)) == (one.lower() == two.lower())


@lawful
@given(COMPARED, COMPARED)
def test_no_comparison_has_a_direction(one, other):
    for compare in (agree, nearly_agree, share_word):
        assert compare(one, other) == compare(other, one)
    assert not (agree(one, other) and nearly_agree(one, other))
    if agree(one, other):
        assert share_word(one, other)


@lawful
@given(names(), st.just("") | names(), st.just("") | names())
def test_a_name_agrees_with_itself_and_swapped(given_name, family_name, legal_name):
    name = ComparedName.of(given_name, family_name, legal_name)
    assert agree(name, name)
    assert agree(name, ComparedName.of(family_name, given_name))
    assert agree(name, ComparedName.of(given_name.upper(), unicodedata.normalize("NFD", family_name)))
    assert name.whole == ComparedName.of(family_name, given_name, legal_name).whole


@lawful
@given(names(), names(), names())
def test_a_further_given_name_changes_no_answer(given_name, family_name, further):
    assume(all(len(skeleton(word)) > 2 for word in given_name.split()))
    name = ComparedName.of(given_name, family_name)
    assert agree(name, ComparedName.of(f"{given_name} {further}", family_name))
