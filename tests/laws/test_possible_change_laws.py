"""A change that a plan calls possible is not refused by a directory, whatever an entry is named by and holds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from size import size

from feideprov import DN, Client, Entry, LdapDirectory, MemoryDirectory, PersonRecord
from feideprov.directory.entry import Add, Delete, Write
from feideprov.directory.protocol import Directory
from feideprov.testing import example_entries, example_settings
from feideprov.testing.slapd import PrivateSlapd
from feideprov.testing.strategies import person_records

from .conftest import KEY, ON

BASE = "dc=skotthyll,dc=no"
PEOPLE = DN.parse(f"ou=people,{BASE}")
SETTING = {"directory": {"source_id_attribute": "description"}}
"""An account has no employeeNumber."""
NAMED_BY = ("uid", "cn", "sn", "givenName", "displayName", "mail", "mobile", "norEduPersonLegalName", "description")
PERSON = ("top", "person", "organizationalPerson", "inetOrgPerson", "eduPerson")
KINDS = {
    (*PERSON, "norEduPerson"): (),
    PERSON: ("norEduPerson",),
    ("top", "account", "eduPerson", "norEduPerson"): (
        "cn",
        "sn",
        "given",
        "display",
        "mail",
        "mobile",
        "preferred",
        "employee",
    ),
}
"""Object classes, and the beginnings of the names of attributes that they do not allow."""

rows = person_records(("hylla", "berg"), source_ids=st.just("p1"))
kinds, names = st.sampled_from(list(KINDS)), st.lists(st.sampled_from(NAMED_BY), min_size=1, max_size=2, unique=True)
lawful = settings(deadline=None, max_examples=size(10, 400))


def renamed(entry: Entry, classes: tuple[str, ...], named_by: list[str]) -> Entry:
    """The entry with other object classes, named by what it has of some attributes."""
    values = {name: held for name, held in entry.items() if not name.startswith((*KINDS[classes], "userPassword"))}
    values["description"] = entry.values("employeeNumber")
    rdn = tuple((name, values[name][0].decode()) for name in named_by if name in values)
    return Entry(DN((rdn or (("uid", entry.texts("uid")[0]),), *PEOPLE.rdns)), {**values, "objectClass": classes})


def refusals(directory: Directory, writes: list[Write]) -> list[str]:
    return [str(result.error) for result in directory.write(writes) if result.error is not None]


@pytest.fixture(scope="module")
def openldap(slapd: PrivateSlapd) -> Iterator[LdapDirectory]:
    bind = {"bind_dn": slapd.service_dn, "password": slapd.service_password, "ca_file": str(slapd.ca_file)}
    with LdapDirectory(slapd.ldaps, base=slapd.suffix, **bind) as directory:
        yield directory


@lawful
@given(rows, rows, kinds, names)
def test_what_is_possible_is_done_and_planned_no_more(house, openldap, before, after, classes, named_by):
    with house() as first:
        first.apply([before])
        entry = renamed(first.users()[0], classes, named_by)
        directory, described = (
            MemoryDirectory(BASE, [*example_entries(), entry]),
            example_settings(first.folder, **SETTING),
        )
        client = Client(described, directory=directory, journal=first.journal, keys=KEY, on=ON)
        people = [as_the_same_person(before, after)]
        plan = client.plan(people)
        assert refusals(openldap, [Add(entry)]) == []
        try:
            assert refusals(openldap, [change.write() for change in plan.changes if change.kind != "protect"]) == []
        finally:
            assert refusals(openldap, [Delete(entry.dn)]) == []
        assert not client.apply(plan).failures
        assert client.plan(people).changes == ()


def as_the_same_person(before: PersonRecord, after: PersonRecord) -> PersonRecord:
    return after.model_copy(update={"birth_date": before.birth_date or after.birth_date})
