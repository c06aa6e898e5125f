"""`protect`: people who are protected by their source ids, before a list says so, in every format."""

from __future__ import annotations

from datetime import date

import pytest

from feideprov import Client, ConfigurationError, InputError
from feideprov.client.lists import listed_people
from feideprov.intake.file_facts import FileFacts, Format
from feideprov.intake.person_list import PersonList
from feideprov.testing import example_settings

TENOR = "57912075186"
OLENA = "olenkova@skotthyll.kommune.no"
CONFIRMED = {"evidence": "register", "confirmed_by": "Kari", "confirmed_on": "2026-08-01"}


@pytest.fixture
def opened(tmp_path, client, journal, key):
    def made(**sections) -> Client:
        settings = example_settings(tmp_path, **sections)
        return Client(settings, directory=client.directory, journal=journal, keys=key, on=client.on)

    return made


@pytest.fixture
def from_file(monkeypatch, tmp_path):
    def read(people, format_=Format.PIFU, **facts):
        found = PersonList(tuple(people), (), (), file=FileFacts(format_, **facts))
        monkeypatch.setattr(listed_people, "read_people", lambda path, reading: found)
        return tmp_path / "export.xml"

    return read


def test_a_marked_person_is_created_alone_and_says_nothing(client, person):
    planned = client.users.plan_protect(["P1", "p9"])
    assert (planned.keys, planned.unchanged, planned.changes) == (("P1", "p9"), 0, ())
    assert client.plan([person()]).counts["created"] == 1
    client.users.protect(["P1", "p9"])
    [held] = client.plan([person()]).refusals
    assert (held.code, held.name) == ("R-PROTECTED", "")
    [created] = client.apply(client.plan([person()], only="p1")).changes
    assert (created.protected, "olen" in created.feide_name) == (True, False)
    assert client.users.protect(["p1"]).unchanged == 1


def test_a_user_who_is_there_becomes_protected(client, person):
    client.apply(client.plan([person(), person("p2", given_name="Selam")]))
    planned = client.users.plan_protect(["p1"])
    assert [change.feide_name for change in planned.changes] == [OLENA]
    assert not client.users.plan_protect(["p2"], undo=True).keys
    client.users.protect(["p1"])
    assert [user.protected for user in client.pending()].count(True) == 1
    again = client.users.protect(["p1"])
    assert (again.keys, again.changes, again.unchanged) == ((), (), 1)
    taken_back = client.users.protect(["p1"], undo=True)
    assert (taken_back.keys, taken_back.still_protected) == (("p1",), 1)
    assert "stays protected" in taken_back.notes[0]


@pytest.mark.parametrize("given", ["1042", "visma:1042"])
@pytest.mark.parametrize("prefix", [None, "", "v"])
def test_with_and_without_the_prefix_of_a_source(opened, person, given, prefix):
    first = {"name": "visma"} | CONFIRMED | ({} if prefix is None else {"prefix": prefix})
    feide = opened(sources=[first, {"name": "flyvo"} | CONFIRMED])
    feide.users.protect([given])
    plan = feide.plan([person("1042"), person("1043", given_name="Selam")], source="visma")
    assert ([one.code for one in plan.refusals], len(plan.creates)) == (["R-PROTECTED"], 1)
    feide.users.protect([given], undo=True)
    assert len(feide.plan([person("1042")], source="visma").creates) == 1


def test_no_source_id_and_no_number_is_kept_or_told(client, key, journal, tmp_path):
    planned = client.users.protect([TENOR, "p-secret-1"])
    assert planned.keys == (key.in_place_of_key(TENOR), "p-secret-1")
    journal.close()
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    assert b"p-secret-1" not in kept
    assert key.in_place_of_key(TENOR).encode() not in kept
    assert TENOR.encode() not in kept
    assert "p-secret-1" not in repr(planned)


@pytest.mark.parametrize("wrong", [[], [""], ["a", " "], [f"visma:{TENOR}"]])
def test_what_is_no_source_id_is_refused_without_being_told(client, wrong):
    with pytest.raises(InputError) as refused:
        client.users.protect(wrong)
    assert TENOR[:6] not in str(refused.value)


@pytest.mark.parametrize("format_", [Format.PIFU, Format.IMS])
def test_no_user_is_made_from_such_a_file_before_it_is_answered_who_is_protected(opened, person, from_file, format_):
    path = from_file([person()], format_)
    with pytest.raises(ConfigurationError, match=r"\[protection\].*none.*feideprov protect KEY.*marked"):
        opened(protection={}).plan(path)
    assert opened(protection={"people": "none"}).plan(path).counts["created"] == 1
    marked = opened(protection={"people": "marked"})
    plan = marked.plan(path)
    assert (plan.counts["created"], "no source id is marked" in plan.notes[-1]) == (1, True)
    marked.users.protect(["p1"])
    plan = marked.plan(path)
    assert ([one.code for one in plan.refusals], plan.notes) == (["R-PROTECTED"], ())
    assert marked.plan(path, only="p1").creates[0].protected


def test_a_row_that_is_refused_shows_no_name_of_a_marked_person(client, tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("source_id;given_name;school;role\np1;Olena;hylla;x\np2;Selam;hylla;x\n", encoding="utf-8")
    client.users.protect(["p1"])
    assert [one.name for one in client.plan(path).refusals] == ["", "Selam"]


def test_a_table_needs_no_answer_and_a_file_without_new_people_neither(opened, person, from_file):
    feide = opened(protection={})
    feide.apply(feide.plan(from_file([person()], Format.CSV)))
    plan = feide.plan(from_file([person(mail="ny@example.no", birth_date=date(2020, 11, 17))]))
    assert [change.kind for change in plan.changes] == ["update"]
