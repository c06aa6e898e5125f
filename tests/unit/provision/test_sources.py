"""Several sources: what stands before the source ids of each, and which source a file says that it is from."""

from __future__ import annotations

from datetime import date

import pytest

from feideprov import Client, ConfigurationError
from feideprov.client.lists import listed_people
from feideprov.intake.file_facts import FileFacts, Format
from feideprov.intake.number_list import NumberRow
from feideprov.intake.person_list import PersonList
from feideprov.issues import Origin
from feideprov.testing import example_settings

TENOR, BORN = "57912075186", date(2020, 11, 17)
CONFIRMED = {"evidence": "register", "confirmed_by": "Kari", "confirmed_on": "2026-08-01"}


@pytest.fixture
def with_sources(tmp_path, client, journal, key):
    def made(*sources: dict[str, object]) -> Client:
        answered = {"people": "none"}
        settings = example_settings(tmp_path, sources=[one | CONFIRMED for one in sources], protection=answered)
        return Client(settings, directory=client.directory, journal=journal, keys=key, on=client.on)

    return made


def test_a_source_that_keeps_its_keys_bare_leaves_its_users_and_holds_nobody_of_a_second(with_sources, client, person):
    client.apply(client.plan([person("1042", birth_date=BORN)]))
    two = with_sources({"name": "visma", "prefix": ""}, {"name": "flyvo"})
    assert two.plan([person("1042", birth_date=BORN)], source="visma").counts["unchanged"] == 1
    plan = two.plan([person("1042", given_name="Selam", birth_date=date(2019, 1, 1))], source="flyvo")
    assert (plan.refusals, [change.source_id for change in plan.changes]) == ((), ["flyvo:1042"])
    assert two.apply(plan).counts["created"] == 1
    assert two.plan([person("1042", birth_date=BORN)], source="visma").counts["unchanged"] == 1


@pytest.mark.parametrize("only", ["p1", "fv:p1", "FV:P1"])
def test_one_person_is_named_by_the_key_of_the_list_or_by_the_one_that_is_shown(with_sources, person, only):
    two = with_sources({"name": "visma", "prefix": ""}, {"name": "flyvo", "prefix": "fv"})
    people = [person("p1", protected=True), person("p2", given_name="Selam")]
    [held] = two.plan(people, source="flyvo").refusals
    assert "--only p1 --source flyvo --yes" in held.sentence
    assert [c.source_id for c in two.plan(people, source="flyvo", only=only).changes] == ["fv:p1"]


def test_a_changed_key_of_one_source_is_never_that_of_a_user_of_another(with_sources, person):
    two = with_sources({"name": "visma", "prefix": "", "full": True}, {"name": "flyvo"})
    two.apply(two.plan([person("f1", birth_date=BORN)], source="flyvo"))
    plan = two.plan([person("v1", birth_date=BORN)], source="visma")
    assert [one.code for one in plan.refusals] == ["R-SAME-PERSON"]
    two.apply(two.plan([person("v2", given_name="Selam", birth_date=BORN)], source="visma"))
    plan = two.plan([person("v3", given_name="Selam", birth_date=BORN)], source="visma")
    assert [change.kind for change in plan.changes] == ["link"]


@pytest.mark.parametrize("source_id", ["p1", "visma:p1", "Visma:p1"])
def test_a_number_list_names_a_user_by_the_key_of_the_list_or_by_the_one_that_is_shown(with_sources, person, source_id):
    two = with_sources({"name": "visma"}, {"name": "flyvo"})
    two.apply(two.plan([person("p1")], source="visma"))
    plan = two.numbers.plan_attach([NumberRow(TENOR, source_id=source_id)], source="visma")
    assert ([change.kind for change in plan.changes], plan.refusals) == (["attach"], ())


def test_a_file_that_names_its_source_has_its_evidence_and_its_prefix(with_sources, person, monkeypatch, tmp_path):
    two = with_sources({"name": "visma", "datasource": "Visma Flyt Skole"}, {"name": "flyvo"})
    record = person(national_number=TENOR, origin=Origin("export.xml", 2))
    facts = FileFacts(Format.PIFU, datasource="Visma Flyt Skole", source="visma")
    monkeypatch.setattr(listed_people, "read_people", lambda path, reading: PersonList((record,), (), (), file=facts))
    plan = two.plan(tmp_path / "export.xml")
    assert ([change.source_id for change in plan.changes], plan.refusals) == (["visma:p1"], ())
    assert plan.changes[0].evidence.note == "source visma"


@pytest.mark.parametrize(
    ("sources", "said"),
    [
        (({"name": "a", "prefix": ""}, {"name": "b", "prefix": ""}), "the same prefix"),
        (({"name": "a"}, {"name": "b", "prefix": "A"}), "the same prefix"),
        (({"name": "a", "datasource": "Visma"}, {"name": "b", "datasource": " visma"}), "the same datasource"),
        (({"name": "a", "prefix": "a:b"},), "a prefix has at most 32 letters"),
        (({"name": "a", "prefix": "a b"},), "a prefix has at most 32 letters"),
        (({"name": "a", "prefix": TENOR},), "a prefix has at most 32 letters"),
    ],
)
def test_sources_that_cannot_be_told_apart_are_refused_in_the_settings(with_sources, sources, said):
    with pytest.raises(ConfigurationError, match=said):
        with_sources(*sources)
