"""What a server would refuse is not planned: an entry keeps the values of its own name, and the rules of its schema."""

from __future__ import annotations

from datetime import date

import pytest

from feideprov import DN, Client, Entry, LdifDirectory, MemoryDirectory, NumberText
from feideprov.directory import ldif
from feideprov.directory.conditions import holds
from feideprov.directory.entry import Modification, Modify
from feideprov.intake.number_list import NumberRow
from feideprov.issues import Origin
from feideprov.testing import example_entries, example_settings
from tests.unit.conftest import ON

BASE = "dc=skotthyll,dc=no"
PEOPLE = f"ou=people,{BASE}"
USER = "olenkova@skotthyll.kommune.no"
TENOR, BORN = NumberText("57912075186"), date(2020, 11, 17)
MAIL = {"mail": "olena@example.no"}
CODE = "R-SCHEMA"


class House:
    """One client on a directory in memory or in a file, in which the user's entry can be exchanged."""

    def __init__(self, folder, journal, key) -> None:
        self._given = {"journal": journal, "keys": key, "on": ON}
        self._folder = folder
        self.directory = MemoryDirectory(BASE, example_entries())

    def client(self, **sections) -> Client:
        return Client(example_settings(self._folder, **sections), directory=self.directory, **self._given)

    def plan(self, *people):
        return self.client().plan(people)

    def apply(self, *people, **sections):
        client = self.client(**sections)
        outcome = client.apply(client.plan(people))
        assert not outcome.failures
        return outcome

    @property
    def user(self) -> Entry:
        [entry] = [e for e in self.directory.entries() if e.values("eduPersonPrincipalName") or e.values("uid")]
        return entry

    def becomes(self, rdn: str, **values: list[str]) -> None:
        """The user's entry gets another name, and other values."""
        attributes = {**dict(self.user.items()), **values}
        entry = Entry(DN.parse(f"{rdn},{PEOPLE}"), {name: held for name, held in attributes.items() if held})
        self.directory = MemoryDirectory(BASE, [*example_entries(), entry])

    def to_file(self) -> None:
        path = self._folder / "catalogue.ldif"
        path.write_text("version: 1\n\n" + "".join(map(ldif.dump, self.directory.entries())), encoding="utf-8")
        self.directory = LdifDirectory(path, password_scheme="ssha")


@pytest.fixture
def house(tmp_path, journal, key) -> House:
    return House(tmp_path, journal, key)


NAMES = [
    "cn=Олена Коваленко",
    "CN=олена  КОВАЛЕНКО",
    "commonName=Олена Коваленко",
    "2.5.4.3=Олена Коваленко",
    "sn=Коваленко",
    "surname=коваленко",
    "givenName=Олена",
    "gn=Олена+uid=olenkova",
    "cn=Олена Коваленко+uid=olenkova",
    "cn=Олена Коваленко+sn=Коваленко+mail=OLENA@example.no",
    "mail=olena@example.no",
    r"mobile=\+47 90 12 34 56",
]


@pytest.mark.parametrize("in_file", [False, True], ids=["memory", "file"])
@pytest.mark.parametrize("rdn", NAMES)
def test_an_update_keeps_the_values_of_the_entrys_own_name(house, person, rdn, in_file):
    before = {**MAIL, "mobile": "90123456"}
    after = {"given_name": "Ольга", "family_name": "Петренко", "mail": "olha@example.no", "mobile": "90123457"}
    house.apply(person(**before))
    house.becomes(rdn)
    if in_file:
        house.to_file()
    plan = house.plan(person(**after))
    assert [change.kind for change in plan.changes] == ["update"]
    house.apply(person(**after))
    for kind, value in house.user.dn.rdns[0]:
        name = {"commonname": "cn", "2.5.4.3": "cn", "surname": "sn", "gn": "givenName"}.get(kind.lower(), kind)
        assert holds(house.user, name, value)
    for name, value in {"cn": "Ольга Петренко", "sn": "Петренко", "givenName": "Ольга", "mail": after["mail"]}.items():
        assert value in house.user.texts(name)
        assert len(house.user.texts(name)) <= 2
    assert house.user.texts("displayName") == ["Ольга Петренко"]
    again = house.plan(person(**after))
    assert (again.changes, again.refusals, again.unchanged) == ((), (), 1)


@pytest.mark.parametrize("rdn", ["cn=Олена Коваленко", "mail=olena@example.no"])
def test_only_the_value_in_the_name_stays_when_the_row_changes_again(house, person, rdn):
    house.apply(person(**MAIL))
    house.becomes(rdn)
    house.apply(person(family_name="Петренко", mail="second@example.no"))
    house.apply(person(family_name="Шевченко", mail="third@example.no"))
    in_name = rdn.startswith("cn")
    assert house.user.texts("cn") == ["Олена Коваленко", "Олена Шевченко"][0 if in_name else 1 :]
    assert house.user.texts("mail") == ["olena@example.no", "third@example.no"][1 if in_name else 0 :]


def test_a_second_address_of_the_persons_own_stays_beside_the_one_in_the_name(house, person):
    house.apply(person(**MAIL))
    house.becomes("mail=olena@example.no", mail=["olena@example.no", "own@example.no"])
    plan = house.plan(person(**MAIL))
    assert (plan.changes, plan.unchanged) == ((), 1)


def test_a_name_in_other_letters_is_written_in_the_letters_of_the_row(house, person):
    house.apply(person())
    house.becomes("cn=ОЛЕНА КОВАЛЕНКО", cn=["ОЛЕНА КОВАЛЕНКО"], displayName=["ОЛЕНА КОВАЛЕНКО"])
    house.apply(person())
    assert house.user.texts("cn") == ["Олена Коваленко"]


def test_a_value_that_a_server_takes_for_the_new_one_is_not_added_beside_it(house, person):
    house.apply(person())
    house.becomes("uid=olenkova", cn=["олена коваленко", "olenkova"])
    plan = house.plan(person())
    assert (plan.changes, plan.unchanged) == ((), 1)


@pytest.mark.parametrize("rdn", ["displayName=Олена Коваленко", "norEduPersonLegalName=Олена Коваленко+uid=olenkova"])
def test_a_name_that_has_one_value_only_cannot_change(house, person, rdn):
    house.apply(person())
    house.becomes(rdn)
    before = dict(house.user.items())
    plan = house.plan(person(family_name="Петренко"))
    assert plan.changes == ()
    assert [(r.code, r.held, r.user) for r in plan.refusals] == [(CODE, True, USER)]
    for part in (USER, rdn.partition("=")[0], "one value", str(house.user.dn)):
        assert part in plan.refusals[0].sentence
    house.apply(person(family_name="Петренко"))
    assert dict(house.user.items()) == before


def test_a_number_comes_also_where_the_name_cannot_change(house, person):
    house.apply(person())
    house.becomes("displayName=Олена Коваленко")
    plan = house.plan(person(family_name="Петренко", national_number=TENOR, birth_date=BORN))
    assert [change.kind for change in plan.changes] == ["attach"]
    assert [r.code for r in plan.refusals] == [CODE]


ACCOUNT = {
    "objectClass": ["top", "account", "eduPerson", "norEduPerson"],
    **{name: [] for name in ("cn", "sn", "givenName", "displayName", "mail", "employeeNumber", "userPassword")},
}


def test_an_entry_of_a_class_without_names_gets_none(house, person):
    described = {"directory": {"source_id_attribute": "description"}}
    house.apply(person(), **described)
    house.becomes("uid=olenkova", **ACCOUNT)
    plan = house.client(**described).plan([person()])
    assert plan.changes == ()
    assert [(r.code, r.held, r.user) for r in plan.refusals] == [(CODE, True, USER)]
    for name in ("cn", "displayName", "givenName", "sn"):
        assert name in plan.refusals[0].sentence


def test_a_number_is_not_planned_where_the_classes_do_not_allow_it(house, person):
    house.apply(person(birth_date=BORN))
    house.becomes("uid=olenkova", objectClass=["top", "person", "organizationalPerson", "inetOrgPerson", "eduPerson"])
    house.becomes("uid=olenkova", norEduPersonLegalName=[])
    numbers = house.client().numbers
    plan = numbers.plan_attach([NumberRow(TENOR, Origin("numbers.csv", 2), user=USER, birth_date=BORN)])
    assert plan.changes == ()
    assert [(r.code, r.held, r.user) for r in plan.refusals] == [(CODE, True, USER)]
    assert "norEduPersonNIN" in plan.refusals[0].sentence
    assert TENOR.reveal()[-5:] not in plan.refusals[0].sentence


def test_the_class_that_an_update_adds_counts_for_the_number_of_the_row(house, person):
    house.apply(person(birth_date=BORN))
    house.becomes("uid=olenkova", objectClass=["top", "person", "organizationalPerson", "inetOrgPerson", "eduPerson"])
    house.becomes("uid=olenkova", norEduPersonLegalName=[])
    row = person(birth_date=BORN, national_number=TENOR)
    assert [change.kind for change in house.plan(row).changes] == ["update", "attach"]
    assert len(house.apply(row).changes) == 2


def test_a_source_id_in_an_attribute_that_users_do_not_have_holds_every_row(house, person):
    plan = house.client(directory={"source_id_attribute": "norEduOrgAcronym"}).plan([person(), person("p2")])
    assert plan.changes == ()
    assert [(r.code, r.held) for r in plan.refusals] == [(CODE, True)] * 2
    assert "norEduOrgAcronym" in plan.refusals[0].sentence


def test_a_feide_name_in_the_entrys_own_name_is_not_taken_away(house, person):
    house.apply(person())
    house.becomes(f"eduPersonPrincipalName={USER}")
    client = house.client(login={"by": "entra"})
    for plan in (client.users.plan_close([USER]), client.users.plan_rename(USER, to="olena")):
        assert plan.changes == ()
        assert [(r.code, r.held, r.user) for r in plan.refusals] == [(CODE, True, USER)]


@pytest.mark.parametrize("kind", ["userid", "0.9.2342.19200300.100.1.1"])
def test_a_user_name_in_a_dn_that_spells_uid_otherwise_is_renamed(house, person, kind):
    house.apply(person())
    house.becomes(f"{kind}=olenkova")
    client = house.client()
    assert not client.apply(client.users.plan_rename(USER, to="olena")).failures
    assert house.user.dn == DN.parse(f"{kind}=olena,{PEOPLE}")
    assert house.user.texts("uid") == ["olena"]


@pytest.mark.parametrize(("kind", "value"), [("commonName", "Олена Коваленко"), ("2.5.4.4", "Коваленко")])
def test_a_directory_in_memory_keeps_the_name_in_every_spelling(house, person, kind, value):
    house.apply(person())
    house.becomes(f"{kind}={value}")
    name = "cn" if kind == "commonName" else "sn"
    swap = Modification("delete", name, (value.encode(),)), Modification("add", name, ("Інша".encode(),))
    [written] = house.directory.write([Modify(house.user.dn, swap)])
    assert written.error is not None
    assert written.error.code == 67
