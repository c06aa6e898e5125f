"""User names: lower-case ASCII from any script, each given out once, cheaply."""

from __future__ import annotations

import pytest

from feideprov.feide.name_policy import NamePolicy
from feideprov.feide.user_name import UserNames

stem, latin = NamePolicy.parse().stem, NamePolicy.parse().latin


@pytest.mark.parametrize(
    ("given", "family", "expected"),
    [
        ("Olena", "Kovalenko", "olenkova"),
        ("Олена", "Коваленко", "olenkova"),
        ("Ірина", "Щербак", "irinshch"),
        ("Юлія", "Єршова", "yuliiers"),
        ("محمد", "الأحمد", "mhmdlhmd"),
        ("زهرا", "کریمی", "zhrkrym"),
        ("ሰላም", "ተስፋይ", "selatesf"),
        ("Bjørn", "Ødegård", "bjorodeg"),
        ("Åse", "Lie", "aselie"),
        ("José", "Núñez", "josenune"),
        ("Anne-Grete", "O’Hara", "anneohar"),
        ("", "ሰላም", "selam"),
        ("Mohammed", "", "mohammed"),
        ("Maximilianus", "", "maximili"),
        ("Li", "Wu", "liwu"),
        ("123", "—", "bruker"),
    ],
)
def test_a_name_in_any_script_becomes_eight_letters(given, family, expected):
    assert stem(given, family) == expected


def test_a_legal_name_in_latin_letters_is_taken_where_the_names_are_in_others():
    assert stem("محمد", "الأحمد", "Mohammad Alahmad") == "mohaalah"
    assert stem("ሰላም", "", "Selam") == "selam"
    assert stem("Олена", "Коваленко", "Olena Anna Kovalenko") == "olenkova"


def test_a_name_in_latin_letters_is_taken_before_the_legal_name():
    assert stem("Lena", "Koval", "Olena Kovalenko") == "lenakova"


def test_composed_and_decomposed_letters_are_the_same_name():
    assert latin("A\N{COMBINING RING ABOVE}se") == latin("Åse") == "ase"


def test_names_are_numbered_from_two():
    names = UserNames()
    assert [names.claim("olenkova") for _ in range(3)] == ["olenkova", "olenkova2", "olenkova3"]


def test_a_plain_set_of_taken_names_is_left_alone():
    taken = {"olenkova", "olenkova2"}
    assert UserNames(taken).claim("olenkova") == "olenkova3"
    assert taken == {"olenkova", "olenkova2"}


def test_a_gap_never_gives_a_name_twice():
    names = UserNames({"a", "a3", "a4"})
    given = [names.claim("a") for _ in range(5)]
    assert len(set(given)) == 5
    assert not set(given) & {"a", "a3", "a4"}


class Counting(set):
    """Counts how often it is asked."""

    asked = 0

    def __contains__(self, name: object) -> bool:
        self.asked += 1
        return super().__contains__(name)


def test_the_thousandth_name_of_a_stem_costs_no_more_than_the_second():
    taken = Counting()
    names = UserNames(taken)
    names.claim("olenkova")
    cost = []
    for _ in range(1000):
        before = taken.asked
        names.claim("olenkova")
        cost.append(taken.asked - before)
    assert cost[-1] == cost[0] == 1


def test_a_new_run_behind_thousands_of_a_stem_asks_a_few_times():
    taken = Counting(["a", *(f"a{n}" for n in range(2, 5001))])
    assert UserNames(taken).claim("a") == "a5001"
    assert taken.asked < 40


def test_a_neutral_name_says_nothing_and_is_given_once():
    names = UserNames()
    given = {names.claim_neutral() for _ in range(200)}
    assert len(given) == 200
    assert all(len(name) == 8 and name[0] == "u" and not set(name[1:]) & set("aeiouy0123456789") for name in given)
