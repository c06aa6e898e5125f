"""Mail addresses as LDAP and mail take them: a domain in ASCII, and nothing else than ASCII before the “@”."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feideprov import ConfigurationError, Entry, HostOrganization, School
from feideprov.directory import rules
from feideprov.errors import DirectoryError, InputError
from feideprov.mail import with_ascii_domain
from feideprov.services.sources.entry import Entry as JsonEntry
from feideprov.testing import example_settings
from feideprov.wiring import organization_of

HEAD = "source_id;given_name;family_name;birth_date;school;role;mail"
PUNY = "kari@xn--skytehylla-1cb.no"
UNIT = {"name": "Hylla skole", "number": "NO912345688", "mail": "post@x.no", "dn": "ou=Hylla,dc=skotthyll,dc=no"}


@pytest.fixture
def listed(tmp_path):
    def write(mail):
        path = tmp_path / "people.csv"
        path.write_text(f"{HEAD}\np1;Kari;Kovalenko;2009-03-14;hylla;elev;{mail}\n", encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize("mail", ["kari@skøytehylla.no", "kari@SKØYTEHYLLA.no"])
def test_a_domain_is_written_in_ascii_once(client, listed, mail):
    client.apply(client.plan(listed(mail)))
    [entry] = [entry for entry in client.directory.entries() if entry.text("employeeNumber") == "p1"]
    assert entry.texts("mail") == [PUNY]
    for again in (mail, PUNY):
        assert client.plan(listed(again)).changes == ()


@pytest.mark.parametrize("mail", ["kåre@x.no", "kåre@skøytehylla.no", "olena", "kari@strasse-ß.no"])
def test_a_wrong_address_is_left_out_and_told(client, listed, mail):
    plan = client.plan(listed(mail))
    [create], [refusal] = plan.changes, plan.refusals
    assert "mail" not in create.user.values
    assert refusal.code == "R-MAIL"
    assert refusal.sentence.endswith("The value is not used.")


def test_a_text_without_a_domain_stays_as_it_is():
    assert [with_ascii_domain(text) for text in ("kåre", "", "å@", "@å")] == ["kåre", "", "å@", "@xn--5ca"]


def test_an_address_with_other_letters_in_the_directory_is_the_same(client, person):
    from feideprov.feide.attributes import STORED

    [row] = STORED["mail"]
    assert row.comparable("Kari@skøytehylla.no".encode()) == row.comparable(PUNY.encode())


def test_a_provider_may_have_such_a_domain():
    entry = JsonEntry("file", {"mail": "hjelp@blåbær.example"})
    [contact] = entry.mail("mail")
    assert (contact.mail, entry.left_out) == ("hjelp@xn--blbr-roah.example", [])


def test_a_provider_with_other_letters_before_the_at_is_told_what_to_write(client, tmp_path):
    path = tmp_path / "services.csv"
    path.write_text("id;name;activated;mail\n1;Lexin;yes;kåre@x.no\n", encoding="utf-8")
    [refusal] = client.services.import_(path).refusals
    assert "name@example.no, without æ, ø or å before the “@”" in refusal.sentence


def test_a_directory_in_memory_refuses_what_ldap_refuses():
    with pytest.raises(DirectoryError, match="mail must have ASCII"):
        rules.check_entry(Entry(School(**UNIT, id="x").dn, {"objectClass": ["top"], "mail": ["kåre@x.no"]}))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("mail", mail) for mail in ["rektør@x.no", "a@x..no", "a@-x.no", "<a@x.no>"]),
        ("postal_address", "Postboks 1\\2$8960 Skotthyll"),
        ("postal_address", "\u200b$8960 Skotthyll"),
        ("name", "  "),
        ("name", "\u200b"),
        ("dn", "ou=Hylla,dc=skøyte,dc=no"),
        ("dn", "ou=,dc=no"),
    ],
)
def test_what_ldap_refuses_is_refused_by_the_configuration(tmp_path, field, value):
    with pytest.raises(InputError, match=field):
        School(**(UNIT | {"id": "x", field: value}))
    raw = example_settings(tmp_path).model_dump()
    raw["schools"][0][field] = value
    with pytest.raises(ConfigurationError, match=field):
        organization_of(type(example_settings(tmp_path))(**raw))


@pytest.mark.parametrize(
    ("realm", "told"),
    [
        ("skøytehylla.kommune.no", "xn--skytehylla-1cb.kommune.no"),
        ("skоtthyll.kommune.no", "xn--"),
        ("straße.no", "a domain name"),
        ("skot_thyll.no", "a domain name"),
        ("skotthyll-.no", "a domain name"),
        ("a" * 64 + ".no", "a domain name"),
    ],
)
def test_a_realm_is_a_domain_name_of_dns(realm, told):
    with pytest.raises(InputError, match=told):
        HostOrganization(**(UNIT | {"realm": realm}))


@pytest.mark.parametrize("realm", ["skotthyll.kommune.no", "xn--skytehylla-1cb.no", "a1-b.no", "feide.example"])
def test_an_ordinary_realm(realm):
    assert HostOrganization(**(UNIT | {"realm": realm})).realm == realm


LONGEST = "a" * 64 + "@" + "b" * 62 + "." + "c" * 62 + "." + "d" * 60 + ".no"
"""254 characters, as RFC 5321 allows (errata 1690)."""


@pytest.mark.parametrize(
    "mail",
    [
        "a" * 65 + "@x.no",
        "a@" + "b" * 64 + ".no",
        "a@" + ".".join(["b" * 60] * 5) + ".no",
        LONGEST.replace(".no", "d.no"),
    ],
    ids=["local part", "label", "domain", "whole"],
)
def test_an_address_that_is_too_long_is_left_out_everywhere(client, listed, mail):
    [create], [refusal] = (plan := client.plan(listed(mail))).changes, plan.refusals
    assert ("mail" in create.user.values, refusal.code) == (False, "R-MAIL")
    with pytest.raises(InputError, match="mail"):
        School(**(UNIT | {"id": "x", "mail": mail}))
    assert JsonEntry("file", {"mail": mail}).mail("mail") == ()


def test_the_longest_address():
    from feideprov.mail import is_address

    assert (len(LONGEST), is_address(LONGEST), is_address(LONGEST.replace(".no", "d.no"))) == (254, True, False)


@pytest.mark.parametrize("mail", ["kåre@x.no", "a b@x.no", "a@x.no, b@x.no", "olena@x.no."])
def test_a_wrong_address_takes_nothing_from_a_user_who_has_one(client, listed, mail):
    client.apply(client.plan(listed("kari@x.no")))
    plan = client.plan(listed(mail))
    assert ([refusal.code for refusal in plan.refusals], plan.changes) == (["R-MAIL"], ())


def test_a_sender_with_other_letters_before_the_at(tmp_path):
    from feideprov.services.outbox.mail import sender_of

    raw = example_settings(tmp_path).model_dump() | {"smtp": {"sender": "kåre@x.no"}}
    with pytest.raises(ConfigurationError, match=r"\[smtp\] sender .* without æ, ø or å before the “@”"):
        sender_of(type(example_settings(tmp_path))(**raw))


def test_the_domain_of_a_school_is_written_in_ascii():
    school = School(**(UNIT | {"mail": "post@skøytehylla.no"}), id="x")
    assert school.entry().texts("mail") == ["post@xn--skytehylla-1cb.no"]


TEXTS = st.text(st.sampled_from("aø1 .@$\\\u200b\n+-é()"), max_size=12)


MAILS = TEXTS.map("a{}@x.no".format) | st.text("aø.-ß\u200b", max_size=5).map("post@{}.no".format)


@given(TEXTS, MAILS, st.just("") | TEXTS, st.just("") | TEXTS)
def test_every_school_of_a_configuration_makes_an_entry_that_ldap_takes(name, mail, phone, address):
    given_values = UNIT | {"name": name, "mail": mail, "phone": phone, "postal_address": address}
    for make in (lambda: School(**given_values, id="x").entry(), lambda: organization_entry(given_values)):
        try:
            entry = make()
        except InputError:
            continue
        rules.check_entry(entry)
        assert all(value.isascii() for kind in ("mail", "telephoneNumber") for value in entry.values(kind))


def organization_entry(values):
    organization = HostOrganization(**(values | {"realm": "x.no", "dn": "o=X,dc=skotthyll,dc=no"}))
    [entry] = [one for one in organization.entries(organization.dn.parent) if one.dn == organization.dn]
    return entry
