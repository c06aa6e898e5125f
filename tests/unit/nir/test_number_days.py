"""On which day a number came, by key and day alone."""

from __future__ import annotations

from datetime import date

from feideprov import Client, Evidence
from feideprov.nir.register.number_days import number_days, of_keys
from feideprov.testing import example_directory, example_settings

REALM, D_NUMBER, FOLLOWS = "skotthyll.kommune.no", "12829499914", "45840375084"
SEEN = Evidence("letter", "Kari", date(2026, 11, 1))


def test_a_number_that_was_registered_or_replaced_has_its_day_and_a_withdrawn_one_none(tmp_path, journal, key, person):
    with Client(example_settings(tmp_path), directory=example_directory(), journal=journal, keys=key) as client:
        client.apply(client.plan([person("K-1"), person("k-2", given_name="Selam")], new_person=False))
        [first, _] = sorted(user.user for user in client.pending())
        today = client.on
        assert number_days(journal) == {}
        client.attach(first, D_NUMBER, evidence=SEEN)
        assert list(number_days(journal).values()) == [today]
        [key_of_first] = number_days(journal)
        assert key_of_first in ("k-1", "k-2")
        client.replace(first, D_NUMBER, FOLLOWS, evidence=SEEN)
        assert number_days(journal) == {key_of_first: today}
        client.withdraw(first, FOLLOWS)
        assert number_days(journal) == {}


def test_keys_are_those_of_the_register() -> None:
    days = {"visma:k-1": date(2026, 3, 2), "k-2": date(2026, 5, 4)}
    assert of_keys(days, {"K-1": "Visma:K-1", "k-3": "k-3"}) == {"K-1": date(2026, 3, 2)}
