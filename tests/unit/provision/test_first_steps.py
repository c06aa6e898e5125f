"""The shortest way for a program to try the library: an empty directory in memory."""

from __future__ import annotations

import pytest

from feideprov import Add, Client, ConfigurationError, Entry, InputError, MemoryDirectory
from feideprov.directory.dn import DN
from feideprov.testing import example_settings


def test_an_empty_directory_in_memory_is_enough(tmp_path, person):
    directory = MemoryDirectory()
    with Client(example_settings(tmp_path), directory=directory, keys=b"a key for trying things out") as feide:
        outcome = feide.apply(feide.plan([person()]))
    assert outcome.counts["created"] == 1
    units = [entry.dn for entry in directory.entries() if entry.values("norEduOrgUnitUniqueIdentifier")]
    assert set(units) == {school.dn for school in feide.organization.schools}
    assert directory.read(feide.organization.dn).texts("norEduOrgNIN") == ["NO987654325"]


def test_a_directory_that_holds_something_is_left_as_it_is(tmp_path, person):
    base = Entry(DN.parse("dc=skotthyll,dc=no"), {"objectClass": ["domain"], "dc": ["skotthyll"]})
    directory = MemoryDirectory(base.dn, [base])
    feide = Client(example_settings(tmp_path), directory=directory, keys=b"a key for trying things out")
    with feide, pytest.raises(ConfigurationError, match="below which users are created"):
        feide.plan([person()])
    assert list(directory.entries()) == [base]


def test_the_entries_of_an_organization_stand_below_each_other(client):
    base = DN.parse("dc=no")
    directory = MemoryDirectory(base)
    written = list(directory.write([Add(entry) for entry in client.organization.entries(base)]))
    assert [one.error for one in written] == [None] * len(written)


def test_a_container_of_another_kind_is_made_by_hand(client):
    organization = client.organization.model_copy(update={"users_dn": DN.parse("cn=users,dc=skotthyll,dc=no")})
    with pytest.raises(InputError, match="Create this entry yourself"):
        organization.entries(DN.parse("dc=skotthyll,dc=no"))
