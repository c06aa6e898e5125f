"""An entry becomes a user and an entry again, exactly, wherever it was kept in between."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from size import size

from feideprov import (
    DN,
    Add,
    Delete,
    Entry,
    FeideUser,
    HostOrganization,
    InputError,
    LdapDirectory,
    LdifDirectory,
    MemoryDirectory,
    School,
)
from feideprov.directory import ldif, rules
from feideprov.directory.protocol import Directory
from feideprov.testing import example_entries, example_settings
from feideprov.testing.strategies import user_entries

SETTINGS = example_settings(Path())
ORGANIZATION = HostOrganization(
    **SETTINGS.organization.model_dump(),
    schools=tuple(School(**school.model_dump()) for school in SETTINGS.schools),
    users_dn=SETTINGS.directory.users_dn,
)
NIN = "norEduPersonNIN"

lawful = settings(deadline=None, max_examples=size(15, 150))
few = settings(deadline=None, max_examples=size(15, 40))

entries = user_entries(ORGANIZATION)
unknown = st.dictionaries(
    st.sampled_from(["x-local", "cn;lang-nb", "userCertificate;binary", "memberOf", "entryUUID"]),
    st.lists(st.binary(min_size=1, max_size=60) | st.text(min_size=1, max_size=20).map(str.encode), min_size=1),
)
foreign_entries = st.builds(lambda entry, more: Entry(entry.dn, dict(entry.items()) | more), entries, unknown)


def assert_same(entry: Entry, other: Entry | None) -> None:
    """Octet by octet, value order aside; the DN as it is written."""
    assert other is not None
    assert str(other.dn) == str(entry.dn)
    assert {n.lower(): sorted(v) for n, v in other.items()} == {n.lower(): sorted(v) for n, v in entry.items()}


@lawful
@given(entries | foreign_entries)
def test_an_entry_becomes_a_user_and_the_same_entry_again(entry):
    user = FeideUser.from_entry(entry)
    assert_same(entry, user.to_entry())
    assert FeideUser.from_entry(user.to_entry()) == user


@lawful
@given(entries)
def test_a_user_who_was_read_is_a_user_who_can_be_asked(entry):
    user = FeideUser.from_entry(entry, "description")
    assert user.feide_name == f"{user.user_name}@{ORGANIZATION.realm}"
    assert user.attributes()["uid"] == [user.user_name]
    assert user.source_id == (entry.text("description") or "")
    assert (user.number.reveal() if user.number else None) == entry.text(NIN)
    assert (NIN in user.attributes()) is bool(entry.values(NIN))
    assert NIN not in user.values
    assert "userPassword" not in user.attributes()


@lawful
@given(foreign_entries)
def test_no_repr_of_a_user_shows_a_digit_of_a_number_or_a_value(entry):
    user = FeideUser.from_entry(entry, "norEduPersonLIN")
    assert re.fullmatch(rf"FeideUser\('{user.feide_name}', number=(None|<number as written>)\)", repr(user))
    assert str(user) == f"{user}" == repr(user)


def test_a_user_whose_name_is_a_number_is_shown_without_it():
    dn = ORGANIZATION.people.child("uid", "17432012345")
    user = FeideUser.from_entry(Entry(dn, {"eduPersonPrincipalName": ["17432012345@skotthyll.kommune.no"]}))
    assert repr(user) == "FeideUser('…@skotthyll.kommune.no', number=None)"


@pytest.mark.parametrize(
    "values",
    [
        {"uid": ["olena"]},
        {"eduPersonPrincipalName": ["olena@example.no"], NIN: ["57912075186", "69822075096"]},
        {"eduPersonPrincipalName": ["olena@example.no"], NIN: [b"\xff"]},
    ],
    ids=["no-name", "two-numbers", "octets-for-a-number"],
)
def test_what_is_no_user_is_refused_without_quoting_it(values):
    with pytest.raises(InputError) as raised:
        FeideUser.from_entry(Entry(ORGANIZATION.people.child("uid", "olena"), values))
    assert not re.search(r"\d", str(raised.value))


@lawful
@given(foreign_entries)
def test_a_user_written_as_ldif_is_read_back(entry):
    [record] = ldif.records(FeideUser.from_entry(entry).to_ldif().encode())
    assert_same(entry, record.entry)


def kept(directory: Directory, entry: Entry) -> Entry | None:
    """Written as a user, and read back."""
    assert not [w.error for w in directory.write([Add(FeideUser.from_entry(entry).to_entry())]) if w.error]
    found = directory.read(entry.dn)
    return found and FeideUser.from_entry(found).to_entry()


@lawful
@given(foreign_entries)
def test_memory_keeps_a_user_exactly(entry):
    assert_same(entry, kept(MemoryDirectory("dc=skotthyll,dc=no", example_entries()), entry))


@few
@given(foreign_entries)
def test_an_ldif_file_keeps_a_user_exactly(entry):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "catalogue.ldif"
        path.write_text("version: 1\n\n" + "".join(map(ldif.dump, example_entries())))
        assert_same(entry, kept(LdifDirectory(path), entry))
        assert_same(entry, LdifDirectory(path).read(entry.dn))


@pytest.fixture(scope="module")
def server(slapd) -> Iterator[LdapDirectory]:
    """As the service account, which may read passwords."""
    with LdapDirectory(
        slapd.ldaps,
        base=slapd.suffix,
        bind_dn=slapd.service_dn,
        password=slapd.service_password,
        ca_file=str(slapd.ca_file),
    ) as directory:
        directory.check()
        yield directory


@settings(deadline=None, max_examples=size(20, 60))
@given(entries)
def test_openldap_keeps_a_user_exactly(server, entry):
    try:
        assert_same(entry, kept(server, entry))
    finally:
        for _ in server.write([Delete(entry.dn)]):
            pass


@lawful
@given(entries)
def test_every_entry_is_as_info_go_has_it(entry):
    rules.check_entry(entry)
    mandatory = ("cn", "displayName", "norEduPersonLegalName", "givenName", "sn", "uid", "eduPersonAffiliation")
    assert [name for name in (*mandatory, "eduPersonPrincipalName", "eduPersonOrgDN") if not entry.values(name)] == []
    units = [DN.parse(text) for text in entry.texts("eduPersonOrgUnitDN")]
    assert [DN.parse(text) for text in entry.texts("eduPersonPrimaryOrgUnitDN")] == units[:1]
    affiliations = set(entry.texts("eduPersonAffiliation"))
    assert set(entry.texts("eduPersonPrimaryAffiliation")) <= affiliations
    assert "member" in affiliations or not affiliations & {"student", "faculty", "staff", "employee"}
