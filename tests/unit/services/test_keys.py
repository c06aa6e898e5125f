"""Ids of services: UUIDs are ids, and one that is a person's number leaves the others in the file alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from feideprov import InputError
from feideprov.services.sources import read_services
from feideprov.testing import example_settings
from feideprov.wiring import organization_of
from tests.unit.services.conftest import ON
from tests.unit.services.saved import save_in

CASES = Path(__file__).parents[2] / "data" / "cases"
NUMBER = "57912075186"
UUIDS = ("56c11669-a4ba-4161-9309-0287a6ea2981", "e32a9e7b-c3c4-4754-bae7-25910259794a")


@pytest.fixture
def read(tmp_path):
    organization, save = organization_of(example_settings(tmp_path)), save_in(tmp_path)

    def _read(content, name):
        return read_services(save(name, content), organization=organization, on=ON)

    return _read


def clients(*ids):
    return json.dumps([{"client_id": one, "client_name": "Lexin", "scope": "userid-nin"} for one in ids])


def feide(*ids):
    provider = {"id": "3", "name": "Språk AS"}
    return json.dumps([{"id": one, "name": "Lexin", "provider": provider, "attributes": []} for one in ids])


def organizations(*ids):
    return json.dumps([{"id": one, "realm": "x.no"} for one in ids])


def test_uuids_are_ids_of_clients(tmp_path):
    organization = organization_of(example_settings(tmp_path))
    listed = read_services(CASES / "uuid-clients.json", organization=organization, on=ON)
    assert [one.name() for one in listed.services] == ["Mattekassen", "Lesekassen"]
    assert (listed.complete, listed.notes, listed.refusals) == (True, (), ())


@pytest.mark.parametrize("content", [clients, feide], ids=["oidc", "feide"])
def test_uuids_are_ids_in_both_kinds_of_json(read, content):
    assert [one.id.partition(":")[2] for one in read(content(*UUIDS), "a.json").services] == list(UUIDS)


def test_uuids_are_ids_in_a_table(read):
    listed = read("id;activated\n" + "".join(f"{one};ja\n" for one in UUIDS), "a.csv")
    assert ([one.id for one in listed.services], listed.refusals) == (list(UUIDS), ())


def test_uuids_are_ids_of_organizations(read):
    assert [one.id for one in read(organizations(*UUIDS), "a.json").organizations] == list(UUIDS)


@pytest.mark.parametrize("content", [clients, feide, organizations], ids=["oidc", "feide", "organizations"])
def test_one_that_is_a_number_is_refused_and_the_others_are_read(read, content):
    listed = read(content("1", NUMBER, "2"), "a.json")
    [refusal] = listed.refusals
    assert [one.id.rpartition(":")[2] for one in (*listed.services, *listed.organizations)] == ["1", "2"]
    assert (refusal.code, listed.complete) == ("S-NUMBER-MISPLACED", False)
    assert refusal.sentence.startswith("a.json, entry 2, ")
    assert "id: this looks like an identity number, not like an id." in refusal.sentence
    assert NUMBER not in repr((listed, refusal))


@pytest.mark.parametrize("key", ["provider", "subscribers"])
def test_a_number_in_an_id_inside_refuses_that_service_only(read, key):
    value = {"provider": {"id": NUMBER, "name": "X"}, "subscribers": [NUMBER]}[key]
    wrong = json.loads(feide("2"))[0] | {key: value}
    listed = read(json.dumps([*json.loads(feide("1")), wrong]), "a.json")
    assert ([one.id for one in listed.services], len(listed.refusals)) == (["feide:1"], 1)


def test_an_id_that_is_missing_still_refuses_the_file(read):
    with pytest.raises(InputError, match="entry 2, client_id: the value is missing"):
        read('[{"client_id": "1", "scope": ""}, {"client_name": "x", "client_id": ""}]', "a.json")
