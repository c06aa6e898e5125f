"""The rates of same_person.py, on fewer years. The seed is fixed, so they are the same each time."""

from __future__ import annotations

import pytest
import same_person
from same_person import MODELS, PROBABLE, SEED, TOWNS, WORST
from size import size

MUNICIPALITY, CITY = TOWNS


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
def test_a_municipality_meets_a_false_question_less_than_once_a_year(model):
    assert same_person.rates(MUNICIPALITY, model, size(1, 20), SEED)[0] < MUNICIPALITY.most / 4


def test_a_city_meets_fewer_than_ten_a_year():
    """In a quick run a tenth of the city: the rate is a hundredth, as both the users and the arrivals are a tenth."""
    part = size(10, 1)
    city = CITY._replace(users=CITY.users // part, arrivals=CITY.arrivals // part)
    assert same_person.rates(city, PROBABLE, 10, SEED)[0] < CITY.most / 2 / part
    assert same_person.rates(city, WORST, 10, SEED)[0] < 2 * CITY.most / part


def test_what_is_caught_of_a_person_who_is_written_a_second_time():
    count = size(200, 2_000)
    caught = same_person.caught(count, SEED)
    asked = {name: answers["question"] / count for name, answers in caught.items()}
    noted = {name: answers["note"] / count for name, answers in caught.items()}
    always = ("the same", "another keyboard", "Latin letters in a Cyrillic name", "a further given", "given and family")
    assert [name for name in asked if name.startswith(always) and asked[name] < 1] == []
    assert asked["both names in one column"] == 1
    assert asked["one of two given names"] > 0.7  # of Thi Ha, Ha alone is too short
    assert noted["a letter of the given name doubled"] > 0.8
    assert asked["a mistyped given name"] + noted["a mistyped given name"] > 0.8
    assert noted["the given name transliterated otherwise (Olena, Elena)"] > 0.4
