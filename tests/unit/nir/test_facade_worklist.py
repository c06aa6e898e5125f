"""The methods of `Client.nir` that show the worklist: from the register, the rules and the days of numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from feideprov import Client, Evidence, InputError
from feideprov.nir.model import Person
from feideprov.nir.register.content import Seen
from feideprov.nir.table.rules import Rules
from feideprov.nir.work_items import ItemKind
from feideprov.testing import example_directory, example_settings

NUMBERS = {"Ref-1": "12829499914", "ref-2": "45840375084", "skole:ref-3": "52829400197"}
NAMES = ("Amina", "Bilal", "Selam")
SEEN = Evidence("letter", "Kari", date(2026, 11, 1))


@pytest.fixture
def opened(tmp_path, journal, key, person):
    """Opens a client with more in its settings. Three users have got their numbers today."""
    directory = example_directory()
    with Client(example_settings(tmp_path), directory=directory, journal=journal, keys=key) as client:
        client.apply(client.plan([person(one, given_name=name) for one, name in zip(NUMBERS, NAMES, strict=True)]))
        for user, number in zip(sorted(one.user for one in client.pending()), NUMBERS.values(), strict=True):
            client.attach(user, number, evidence=SEEN)

    def open_client(*, nir=None, on=None, **sections):
        section = {"municipality": "9999", "retention": "P5Y", **(nir or {})}
        settings = example_settings(tmp_path, nir=section, **sections)
        return Client(settings, directory=directory, journal=journal, keys=key, on=on)

    return open_client


def recorded(client, *keys, seen=()):
    """People of the register, and the days on which their numbers were seen in NIR."""
    people = {key: Person(key=key) for key in keys}
    of_person = {key: {"number": Seen(key, day, "Kari")} for key, day in seen}
    client.nir.register.change(lambda before: replace(before, people=people, seen_of_person=of_person))


def test_a_number_is_asked_about_until_somebody_has_seen_it_in_nir_since(opened) -> None:
    client = opened()
    today, before = client.on, client.on - timedelta(1)
    for seen, asked in ((), {"ref-1", "ref-2"}), ((("ref-1", before), ("ref-2", today)), {"ref-1"}):
        recorded(client, "ref-1", "ref-2", "ref-3", seen=seen)
        items = client.nir.worklist().items
        assert {(item.person, item.kind, item.on) for item in items} == {(key, ItemKind.NUMBER, today) for key in asked}


def test_the_keys_of_a_source_stand_behind_its_name_where_there_are_several(opened) -> None:
    sources = [
        {"name": name, "evidence": "register", "confirmed_by": "Kari", "confirmed_on": "2026-08-01"}
        for name in ("skole", "annen")
    ]
    client = opened(nir={"source": "skole"}, sources=sources)
    recorded(client, "ref-1", "ref-3")
    assert [item.person for item in client.nir.worklist().items] == ["ref-3"]


def test_old_rules_are_told_once(opened) -> None:
    nir = opened(on=Rules.shipped().compiled + timedelta(400)).nir
    found = nir.worklist()
    assert len(found.notes) == 1
    assert nir.worklist().notes == found.notes, "nobody has read it yet"
    nir.told(found)
    assert nir.register.read().told == found.old_rules
    assert nir.worklist().notes == ()


def test_the_page_and_the_day_are_of_the_worklist(opened) -> None:
    client = opened()
    recorded(client, "ref-1")
    assert "ref-1" in client.nir.page("en")
    assert [task.kind for task in client.nir.today().tasks] == ["number"]
    assert client.nir.today().counts == client.nir.worklist().counts


def test_a_law_or_scheme_that_there_is_not_is_one_sentence(opened, tmp_path) -> None:
    nir = opened().nir
    with pytest.raises(InputError, match=r"no such law\. Write one of introduksjonsloven"):
        nir.channel("moon")
    with pytest.raises(InputError, match=r"no such scheme\. Write one of introduksjonsprogram"):
        nir.read(tmp_path / "list.csv", scheme="moon")
