"""What a saved answer of the Feide API tells of services."""

from __future__ import annotations

import json

import pytest

from feideprov import InputError
from feideprov.services.register.service import Way
from feideprov.services.sources import read_services
from feideprov.testing import example_settings
from tests.unit.services.conftest import ON
from tests.unit.services.saved import PROVIDER, SELF, organization_object, save_in, service_object

NUMBER = "57912075186"


@pytest.fixture
def save(tmp_path):
    return save_in(tmp_path)


@pytest.fixture
def read(save, tmp_path):
    from feideprov.wiring import organization_of

    organization = organization_of(example_settings(tmp_path))

    def _read(content, name="sp.json", **options):
        return read_services(save(name, content), organization=organization, on=ON, **options)

    return _read


def test_a_list_is_the_whole_list(read):
    listed = read([service_object(1), service_object(2, nin=False)])
    assert (listed.kind, listed.complete, listed.origin) == ("feide", True, "Feide API")
    assert [(one.id, one.ways) for one in listed.services] == [("feide:1", (Way.FEIDE,)), ("feide:2", ())]


def test_one_object_is_a_part(read):
    listed = read(service_object(1))
    assert [one.id for one in listed.services] == ["feide:1"]
    assert listed.complete is False


def test_objects_one_after_the_other_are_the_whole_list(read):
    listed = read("\n".join(json.dumps(service_object(n)) for n in (1, 2)) + "\n")
    assert [one.id for one in listed.services] == ["feide:1", "feide:2"]
    assert listed.complete is True


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_encodings_of_windows_are_read(read, encoding):
    listed = read(json.dumps([service_object(1, name={"nb": "Ærlig"})], ensure_ascii=False).encode(encoding))
    assert listed.services[0].name() == "Ærlig"


def test_what_is_not_understood_is_kept(read):
    listed = read([service_object(1, payment_model="free", demo={"deep": [1, 2.5, None, True]})])
    other = listed.services[0].other
    assert (other["payment_model"], other["demo"]) == ("free", {"deep": [1, 2.5, None, True]})
    assert other["login_url"] == "https://example.no/login"


def test_each_fact_tells_where_it_comes_from_and_when(read):
    said = read([service_object(1)]).services[0].said
    assert {one.source for one in said.values()} == {"Feide API"}
    assert {one.on for one in said.values()} == {ON}
    assert set(said) == {"names", "provider", "ways", "other"}


@pytest.mark.parametrize(
    "attribute",
    ["norEduPersonNIN", "NOREDUPERSONNIN", "userid-nin", "urn:oid:1.3.6.1.4.1.2428.90.1.5", "1.3.6.1.4.1.2428.90.1.5"],
)
def test_the_number_has_several_names(read, attribute):
    assert read([service_object(1, attributes=["mail", attribute])]).services[0].ways == (Way.FEIDE,)


def test_without_a_list_of_attributes_nothing_is_said_of_the_number(read):
    listed = read([service_object(1, attributes=None)])
    assert "ways" not in listed.services[0].said
    assert listed.notes == (
        (
            "sp.json: 1 of 1 entries has no list of attributes, so the file does not say whether this service "
            "gets the number."
        ),
    )


def test_a_service_without_a_provider_stands_by_itself(read):
    service = read([service_object(1, provider=None)]).services[0]
    assert (service.provider.id, service.provider.name) == ("feide:1", "Tjeneste 1")


def test_ids_may_be_written_as_numbers(read):
    listed = read([service_object(1, id=4711, subscribers=None) | {"subscribers": [7, "8", {"id": 9}]}])
    assert listed.services[0].id == "feide:4711"
    assert listed.services[0].other["subscribers"] == ["7", "8", "9"]


def test_organizations_are_read_with_their_addresses(read):
    people = [{"eduPersonPrincipalName": "kari@x.no", "name": "Kari", "email": "drift@leverandor.no"}, {"id": 3}]
    listed = read([organization_object("100", "Leverandor.no", "hjelp@leverandor.no", contacts_technical=people)])
    [found] = listed.organizations
    assert (listed.services, found.id, found.realm) == ((), "100", "leverandor.no")
    assert [(one.kind, one.mail) for one in found.contacts] == [
        ("support", "hjelp@leverandor.no"),
        ("technical", "drift@leverandor.no"),
    ]
    assert "Kari" not in repr(found)


def test_services_and_organizations_may_stand_in_one_file(read):
    listed = read([SELF, service_object(1), PROVIDER])
    assert (len(listed.services), len(listed.organizations)) == (1, 2)


def test_an_address_that_no_mail_can_be_sent_to_is_left_out_and_told(read):
    listed = read([organization_object("100", "x.no", "a@b.no\r\nBcc: c@d.no")])
    assert listed.organizations[0].contacts == ()
    assert listed.notes == ("sp.json, entry 1, support_email: this is not a mail address. The value was left out.",)


def test_what_looks_like_a_number_is_left_out_and_told(read):
    listed = read([service_object(1, notes=f"ring {NUMBER}", contact={NUMBER: 1}, name={"nb": NUMBER})])
    service = listed.services[0]
    assert NUMBER not in service.model_dump_json() + "".join(listed.notes)
    assert "sp.json, entry 1, notes: this looks like an identity number. The value was left out." in listed.notes
    assert len(listed.notes) == 3


def test_secrets_are_not_kept(read):
    other = read([service_object(1, client_secret="x", api={"access_token": "y", "kind": "z"})]).services[0].other
    assert other["api"] == {"kind": "z"}
    assert "client_secret" not in other


def test_notes_are_few(read):
    listed = read([service_object(n, notes=NUMBER) for n in range(1, 41)])
    assert len(listed.notes) == 6
    assert listed.notes[-1] == "sp.json: 35 more values were left out for reasons like these."


HOSTILE = {
    "no JSON": ('[{"id": "1"', "sp.json, line 1, column 12: this is not JSON."),
    "trailing comma": ('[{"id": "1",\n}]', "sp.json, line 2, column 1: this is not JSON."),
    "control character": ('[{"id": "1\n"}]', "sp.json, line 1, column 11: this is not JSON."),
    "a key twice": (
        '[{"id": "1", "provider": {}}, {"id": "2", "id": "3"}]',
        ("sp.json, entry 2: the same key is there twice"),
    ),
    "a key twice inside": (
        '{"id": "1", "provider": {"id": "1", "id": "2"}}',
        "sp.json, provider: the same key is there twice",
    ),
    "NaN": ('[{"id": "1", "attributes": [NaN]}]', "sp.json, entry 1, attributes: NaN and Infinity are not numbers"),
    "minus infinity": (
        '[{"id": "1", "x": -Infinity}]',
        "sp.json, entry 1, x: NaN and Infinity are not numbers in JSON.",
    ),
    "a huge number": ('[{"id": ' + "9" * 5000 + "}]", "sp.json, entry 1, id: a numeric value has too many digits."),
    "a huge power": ('[{"id": "1", "x": 1e999}]', "sp.json, entry 1, x: a number is too large."),
    "without end": ("[" * 100_000 + "]" * 100_000, "sp.json is nested too deeply"),
    "deep": (
        '[{"id": "1", "x": ' + "[" * 60 + "]" * 60 + "}]",
        ("sp.json, entry 1, x: the values are nested too deeply."),
    ),
    "half a letter": ('[{"id": "1", "x": "\\ud800"}]', "sp.json, entry 1, x: a text contains a broken character"),
    "half a letter in a key": ('[{"id": "1", "\\ud800": 1}]', "sp.json, entry 1: a text contains a broken character"),
    "numbers": ("[1, 2]", "sp.json, entry 1: this must be an object"),
    "lists": ("[[]]", "sp.json, entry 1: this must be an object"),
    "text": ('{"id": "1"} "x"', "sp.json, line 1: this must be an object"),
    "an empty list": ("[]", "sp.json has no entries. Nothing was changed. Download the file again."),
    "something else": ('[{"id": "1"}]', "It is not clear what the JSON file sp.json contains"),
    "not UTF-8": (b'[{"id": "\xe6"}]', "sp.json is not UTF-8"),
    "lines": ('{"id": "1", "provider": {}}\n\n{"id": NaN}', "sp.json, line 3, id: NaN"),
}


@pytest.mark.parametrize(("content", "words"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_files_are_one_sentence_with_file_and_place(read, content, words):
    with pytest.raises(InputError) as caught:
        read(content)
    assert str(caught.value).startswith(words)
    assert len(str(caught.value)) < 250


WRONG = {
    "no id": ({"id": None}, "entry 1, id: the value is missing"),
    "id is true": ({"id": True}, "entry 1, id: this must be text"),
    "id is a fraction": ({"id": 1.5}, "entry 1, id: this must be text"),
    "id is an object": ({"id": {}}, "entry 1, id: this must be text"),
    "id is long": ({"id": "x" * 1_000_000}, "entry 1, id: this is longer than 500 characters"),
    "name is a list": ({"name": []}, "entry 1, name: this must be text"),
    "name is a list by language": ({"name": {"nb": []}}, "entry 1, name, nb: this must be text"),
    "name is a megabyte": ({"name": {"nb": "x" * 1_000_000}}, "entry 1, name, nb: this is longer"),
    "provider is text": ({"provider": "x"}, "entry 1, provider: this must be an object"),
    "provider has no id": ({"provider": {"name": "x"}}, "entry 1, provider, id: the value is missing"),
    "attributes is text": ({"attributes": "norEduPersonNIN"}, "entry 1, attributes: this must be a list"),
    "attributes hold objects": ({"attributes": [{}]}, "entry 1, attributes: this must be text"),
    "subscribers is an object": ({"subscribers": {}}, "entry 1, subscribers: this must be a list"),
    "subscribers hold lists": ({"subscribers": [[]]}, "entry 1, subscribers: this must be a list of objects"),
    "a subscriber has no id": ({"subscribers": [{}]}, "entry 1, subscribers, id: the value is missing"),
    "twice": ({"id": "2"}, "entry 2, id: an entry above has the same id"),
}


@pytest.mark.parametrize(("fields", "words"), WRONG.values(), ids=WRONG)
def test_facts_of_another_type_are_refused_with_their_place(read, fields, words):
    with pytest.raises(InputError) as caught:
        read([service_object(1) | fields, service_object(2)])
    assert str(caught.value).startswith(f"sp.json, {words}")
    assert NUMBER not in str(caught.value)
    assert len(str(caught.value)) < 200


def test_a_file_whose_name_is_a_number_is_told_of_without_it(read):
    with pytest.raises(InputError) as caught:
        read("[", name=f"{NUMBER}.json")
    assert "579" not in str(caught.value)


def test_a_file_that_is_not_there(tmp_path, read):
    with pytest.raises(InputError, match=r"There is no file missing\.json"):
        read_services(tmp_path / "missing.json", organization=None, on=ON)  # type: ignore[arg-type]
