"""First passwords of words: random enough, readable by children, and short only where the server locks."""

from __future__ import annotations

import itertools
import math
import re
import secrets

import pytest

from feideprov.feide.first_password.at_school import AtSchool
from feideprov.feide.first_password.style import SIX_WORDS, THREE_WORDS, PasswordStyle, password_words
from feideprov.feide.words import unfortunate

WORDS, LOCKED = PasswordStyle("words"), PasswordStyle("words", locks=True)


def test_the_entropy_and_the_alphabet_are_what_the_documentation_says():
    words = password_words()
    assert len(words) == len(set(words)) == 2048
    assert all(re.fullmatch("[a-z]{3,8}", word) for word in words)
    bits = math.log2(len(words))
    assert (SIX_WORDS * bits, THREE_WORDS * bits) == (66, 33)
    assert SIX_WORDS * bits + math.log2(9) > 69


def test_no_word_begins_another_and_five_letters_tell_them_apart():
    words = sorted(password_words())
    assert words == list(password_words())
    assert not [word for word, after in itertools.pairwise(words) if after.startswith(word)]
    assert len({word[:5] for word in words}) == len(words)


def test_no_word_is_unfortunate():
    assert not [word for word in password_words() if unfortunate().matches(word)]
    bodies_faith_war = {"arm", "hode", "kropp", "kirke", "gud", "bombe", "krig", "flukt", "grense", "telt", "vakt"}
    assert not bodies_faith_war & set(password_words())


@pytest.mark.parametrize(
    ("style", "grade", "count"),
    [
        (WORDS, "", 6),
        (WORDS, "1", 6),
        (LOCKED, "", 6),
        (LOCKED, "1", 3),
        (LOCKED, "4", 3),
        (LOCKED, "5", 6),
        (LOCKED, "vg1", 6),
        (LOCKED, "10", 6),
    ],
)
def test_three_words_are_for_young_children_where_the_server_locks(style, grade, count):
    for _ in range(20):
        text = style.new("Kari Berg", "kariberg", grade=grade).reveal()
        assert re.fullmatch(rf"[A-Z][a-z]{{2,7}}(-[a-z]{{3,8}}){{{count - 1}}}-[1-9]", text)
        assert {word.lower() for word in text.split("-")[:-1]} <= set(password_words())


def test_every_word_can_come_from_the_operating_systems_randomness(monkeypatch):
    asked = []
    choice = secrets.choice
    monkeypatch.setattr(secrets, "choice", lambda one: asked.append(one) or choice(one))
    WORDS.new()
    assert [len(one) for one in asked] == [2048] * 6 + [9]


def test_no_part_of_the_names_is_in_it():
    made = [WORDS.new("Sol Berg-Mel").reveal().lower() for _ in range(300)]
    assert not [text for text in made for part in ("sol", "berg", "mel") if part in text]


def test_a_user_is_where_the_entry_says():
    grep = "urn:mace:feide.no:go:grep:http://psi.udir.no/laereplan/aarstrinn/aarstrinn4"
    of_class = "urn:mace:feide.no:go:group:b::NO987654321:{}:{}:{}:{}:Klasse%20{}"
    entry = {
        "eduPersonPrimaryOrgUnitDN": ["ou=a"],
        "preferredLanguage": ["uk"],
        "eduPersonEntitlement": [
            grep,
            "urn:mace:feide.no:go:something-wrong",
            of_class.format("3a", "2025-08-01", "2026-07-31", "student", "3A"),
            of_class.format("4a", "2026-08-01", "2027-07-31", "student", "4A"),
            of_class.format("5a", "2027-08-01", "2028-07-31", "faculty", "5A"),
        ],
    }
    assert AtSchool.of(lambda name: entry.get(name, [])) == AtSchool("ou=a", "Klasse 4A", "4", "uk")
    assert AtSchool.of(lambda _: ()) == AtSchool()
