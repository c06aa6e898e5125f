"""First passwords: random enough, readable aloud, never shown."""

from __future__ import annotations

import copy
import math
import pickle
import re
from dataclasses import asdict, astuple, dataclass

import pytest

from feideprov.feide import initial_password
from feideprov.feide.initial_password import RANDOM_BITS, InitialPassword


@dataclass
class Row:
    password: InitialPassword


FORM = re.compile(r"[B-V][aeiou][a-z][aeiou](-([bdfghjklmnprstv][aeiou]){2}){4}-[1-9]")


def test_it_is_syllables_and_a_digit():
    for _ in range(200):
        assert FORM.fullmatch(InitialPassword.new().reveal())


def test_its_random_bits_are_as_many_as_are_claimed_and_at_least_sixty():
    consonants, vowels = initial_password._CONSONANTS, initial_password._VOWELS
    assert len(set(consonants)) == len(consonants)
    syllables = initial_password._GROUPS * initial_password._SYLLABLES
    bits = syllables * math.log2(len(consonants) * len(vowels)) + math.log2(9)
    assert math.floor(bits) == RANDOM_BITS >= 60


def test_every_syllable_comes_and_no_two_passwords_are_equal():
    made = [InitialPassword.new().reveal() for _ in range(2000)]
    assert len(set(made)) == 2000
    syllables = {part.lower()[i : i + 2] for text in made for part in text.split("-")[:5] for i in (0, 2)}
    assert len(syllables) == 75
    assert {text[-1] for text in made} == set("123456789")


def test_no_part_of_the_names_is_in_it():
    """Active Directory would refuse it; of 75 passwords one has `ida` in it."""
    made = [InitialPassword.new("Ida Eli-Oda", "adabako").reveal().lower() for _ in range(3000)]
    assert not [text for text in made for part in ("ida", "eli", "oda") if part in text]
    parts = {text[i : i + 2] for text in made for i in (0, 2)}
    assert len(parts) == 75  # names of two letters, and syllables of longer ones, come still


def test_nothing_shows_it():
    password = InitialPassword.new()
    shown = f"{password!r} {password} {password:>40} {[password]} {asdict(Row(password))} {astuple(Row(password))}"
    assert password.reveal() not in shown
    assert password.reveal()[:9] not in shown


def test_it_is_frozen_and_equal_by_value_and_a_copy_is_itself():
    password = InitialPassword("Bako-rime")
    assert password == InitialPassword("Bako-rime") != InitialPassword("Bako-rima")
    assert password != "Bako-rime"
    assert len({password, InitialPassword("Bako-rime")}) == 1
    assert copy.copy(password) is copy.deepcopy(password) is password
    with pytest.raises(AttributeError):
        password._text = "x"
    with pytest.raises(AttributeError):
        del password._text
    assert not hasattr(password, "__dict__")


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_no_pickle_is_made(protocol):
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(Row(InitialPassword.new()), protocol)


def test_it_comes_from_the_operating_systems_randomness(monkeypatch):
    import secrets

    asked = []
    choice = secrets.choice
    monkeypatch.setattr(secrets, "choice", lambda letters: asked.append(letters) or choice(letters))
    InitialPassword.new()
    assert len(asked) == 21
