"""The host organization and its schools: what is refused, and how a school is called."""

from __future__ import annotations

import pytest

from feideprov import DN, HostOrganization, School
from feideprov.errors import InputError

ORGANIZATION = {
    "realm": "skotthyll.kommune.no",
    "name": "Skotthyll kommune",
    "number": "NO987654325",
    "mail": "post@skotthyll.kommune.no",
    "dn": "o=Skotthyll kommune,dc=skotthyll,dc=no",
}
HYLLA = {
    "id": "hylla",
    "name": "Hylla skole",
    "number": "NO912345688",
    "mail": "hylla@skotthyll.kommune.no",
    "dn": "ou=Hylla skole,o=Skotthyll kommune,dc=skotthyll,dc=no",
}
BERG = HYLLA | {"id": "berg", "name": "Berg skole", "number": "NO923456783", "dn": "ou=Berg,dc=skotthyll,dc=no"}


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("realm", "Skotthyll.kommune.no", "lower case"),
        ("realm", "skotthyll", "a domain name"),
        ("realm", "-a.no", "a domain name"),
        ("number", "987654325", "“NO” and nine digits"),
        ("number", "NO 987654325", "“NO” and nine digits"),
        ("number", "NO٩٨٧٦٥٤٣٢٥", "nine digits|check digit"),
        ("number", "NO987654321", "check digit"),
        ("mail", "post", "a mail address must look like"),
        ("dn", "", "this must be a distinguished name"),
        ("dn", "Skotthyll kommune", "is not a distinguished name"),
        ("name", "", "must not be empty"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(field, value, sentence):
    with pytest.raises(InputError, match=sentence):
        HostOrganization(**(ORGANIZATION | {field: value}))


@pytest.mark.parametrize("field", ["id", "dn"])
def test_two_schools_are_told_apart(field):
    same = BERG | {field: HYLLA[field].upper()}
    with pytest.raises(InputError, match="two schools have the same id or the same dn"):
        HostOrganization(**ORGANIZATION, schools=(School(**HYLLA), School(**same)))


def test_people_stand_beside_the_organization_unless_the_settings_say_otherwise():
    assert HostOrganization(**ORGANIZATION).people == DN.parse("ou=people,dc=skotthyll,dc=no")
    elsewhere = HostOrganization(**ORGANIZATION, users_dn="ou=brukere,dc=no")
    assert elsewhere.people == DN.parse("ou=brukere,dc=no")


@pytest.mark.parametrize(
    "text",
    [
        "hylla",
        " HYLLA ",
        "NO912345688",
        "912345688",
        "Hylla  skole",
        "hylla SKOLE",
        "ou=Hylla skole,o=Skotthyll kommune,dc=skotthyll,dc=no",
        "OU=hylla skole, o=Skotthyll Kommune, dc=skotthyll, dc=no",
    ],
)
def test_a_school_is_known_by_id_number_name_and_dn(text):
    organization = HostOrganization(**ORGANIZATION, schools=(School(**BERG), School(**HYLLA)))
    assert organization.school(text).id == "hylla"


@pytest.mark.parametrize("text", ["", "hyll", "ou=Hylla skole", "=", "98765"])
def test_what_is_no_school_is_none(text):
    assert HostOrganization(**ORGANIZATION, schools=(School(**HYLLA),)).school(text) is None


def test_an_id_goes_before_the_name_of_another_school():
    named_like_it = School(**(BERG | {"name": "Hylla"}))
    organization = HostOrganization(**ORGANIZATION, schools=(named_like_it, School(**HYLLA)))
    assert organization.school("hylla").id == "hylla"


def test_a_name_that_two_schools_have_means_neither():
    organization = HostOrganization(
        **ORGANIZATION, schools=(School(**HYLLA), School(**(BERG | {"name": "Hylla skole"})))
    )
    assert organization.school("Hylla skole") is None
    assert organization.school("berg").id == "berg"


def test_a_postal_address_has_single_spaces():
    organization = HostOrganization(**ORGANIZATION, postal_address="Postboks  1 $ 8960 \t Skotthyll")
    assert organization.postal_address == "Postboks 1$8960 Skotthyll"


NONE = (
    "NO000000000",  # all of these keep the check digit
    "NO100000008",
    "NO222222222",
    "NO333333333",
    "NO888888888",
    "NO999999999",
    "NO412345673",
    "NO712345675",
)
SYNTHETIC = ("NO212345679", "NO310211036", "NO312701103")  # brreg/docs, and one made
REAL = ("NO987654325", "NO912345688", "NO889640782")


@pytest.mark.parametrize("number", NONE)
def test_a_number_of_no_series_is_no_organization_number(number):
    with pytest.raises(InputError, match="not an organization number"):
        HostOrganization(**(ORGANIZATION | {"number": number}))
    with pytest.raises(InputError, match="not an organization number"):
        School(**(HYLLA | {"number": number}))


@pytest.mark.parametrize("number", [*REAL, *SYNTHETIC])
def test_real_and_synthetic_organizations_have_numbers(number):
    assert HostOrganization(**(ORGANIZATION | {"number": number})).number == number
