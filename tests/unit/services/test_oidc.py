"""What the register of OIDC clients tells of services."""

from __future__ import annotations

import pytest

from feideprov import InputError
from feideprov.services.register.service import Way
from feideprov.services.sources import read_services
from feideprov.testing import example_settings
from feideprov.wiring import organization_of
from tests.unit.services.conftest import ON
from tests.unit.services.saved import save_in

FEIDE = {
    "id": "9dd084a3-c497-4d4c-9832-a5096371a4c9",
    "name": "Bokklubben",
    "scopes": ["openid", "userid-nin"],
    "scopes_requested": ["openid"],
    "redirect_uri": ["https://example.no/callback"],
    "client_secret": "hemmelig",
    "organization": {"id": "fc:org:leverandor.no", "name": "Leverandør AS", "realm": "leverandor.no"},
    "support_email": "hjelp@leverandor.no",
}
RFC_7591 = {
    "client_id": "s6BhdRkqt3",
    "client_name": "My Example",
    "client_name#nb": "Mitt eksempel",
    "scope": "openid userid-nin",
    "contacts": ["ve7jtb@example.org", "no address"],
    "activated": True,
}


@pytest.fixture
def read(tmp_path):
    organization = organization_of(example_settings(tmp_path))
    save = save_in(tmp_path)
    return lambda content: read_services(save("clients.json", content), organization=organization, on=ON)


def test_a_client_of_feides_administration(read):
    listed = read([FEIDE])
    [service] = listed.services
    assert (listed.kind, listed.complete, listed.origin) == ("oidc", True, "OIDC clients")
    assert service.id == "oidc:9dd084a3-c497-4d4c-9832-a5096371a4c9"
    assert (service.name(), service.ways, service.activated) == ("Bokklubben", (Way.OIDC,), None)
    assert (service.provider.id, service.provider.name) == ("fc:org:leverandor.no", "Leverandør AS")
    assert [one.mail for one in service.contacts] == ["hjelp@leverandor.no"]
    assert "hemmelig" not in service.model_dump_json()
    assert service.other["scopes_requested"] == ["openid"]


def test_a_client_of_rfc_7591(read):
    listed = read(RFC_7591)
    [service] = listed.services
    assert (service.id, service.name("nb"), service.name("")) == ("oidc:s6BhdRkqt3", "Mitt eksempel", "My Example")
    assert (service.ways, service.activated) == ((Way.OIDC,), True)
    assert [one.mail for one in service.contacts] == ["ve7jtb@example.org"]
    assert listed.notes == ("clients.json, contacts: this is not a mail address. The value was left out.",)
    assert service.provider.id == "oidc:s6BhdRkqt3"


def test_a_scope_that_was_asked_for_and_not_given_is_no_way(read):
    assert read([FEIDE | {"scopes": ["openid"], "scopes_requested": ["userid-nin"]}]).services[0].ways == ()


def test_a_longer_scope_is_another_one(read):
    assert read([RFC_7591 | {"scope": "userid-nin-x"}]).services[0].ways == ()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"scope": 7}, "clients.json, entry 1, scope: this must be a list."),
        ({"activated": "yes"}, "clients.json, entry 1, activated: this must be true or false."),
        ({"client_id": []}, "clients.json, entry 1, client_id: this must be text."),
        ({"provider": 7}, "clients.json, entry 1, provider: this must be an object."),
    ],
    ids=["scope", "activated", "id", "provider"],
)
def test_facts_of_another_type_are_refused_with_their_place(read, fields, words):
    with pytest.raises(InputError) as caught:
        read([RFC_7591 | fields])
    assert str(caught.value).startswith(words)
