"""Nobody gets a school whose entry is not in the directory: a Feide user must not point to a DN that leads nowhere."""

from __future__ import annotations

from datetime import date

import pytest

from feideprov import DN, Client, Entry, LdifDirectory, MemoryDirectory, NumberText, PersonRecord, Plan
from feideprov.directory import ldif
from feideprov.directory.entry import Delete
from feideprov.testing import example_entries, example_settings
from tests.unit.conftest import ON

BASE = "dc=skotthyll,dc=no"
SKOTTHYLL = f"o=Skotthyll kommune,{BASE}"
HYLLA, BERG = f"ou=Hylla skole,{SKOTTHYLL}", f"ou=Berg voksenopplæring,{SKOTTHYLL}"
CODE = "R-SCHOOL-NOWHERE"
TENOR, BORN = NumberText("57912075186"), date(2020, 11, 17)


def without(*dns: str) -> list[Entry]:
    return [entry for entry in example_entries() if str(entry.dn) not in dns]


def held(plan: Plan) -> list[tuple[str, bool]]:
    return [(refusal.code, refusal.held) for refusal in plan.refusals]


@pytest.fixture
def open_client(tmp_path, journal, key):
    def make(directory, **sections: object) -> Client:
        return Client(example_settings(tmp_path, **sections), directory=directory, journal=journal, keys=key, on=ON)

    return make


def delete(directory: MemoryDirectory, dn: str) -> None:
    [result] = directory.write([Delete(DN.parse(dn))])
    assert result.error is None


@pytest.mark.parametrize("school", ["berg", "NO923456783", "Berg voksenopplæring", BERG])
def test_a_row_whose_school_has_no_entry_is_held(open_client, person, school):
    plan = open_client(MemoryDirectory(BASE, without(BERG))).plan(
        [person(school=school), person("p2", given_name="Ada")]
    )
    assert [create.source_id for create in plan.creates] == ["p2"]
    assert held(plan) == [(CODE, True)]
    for part in ("Column school", "Berg voksenopplæring", BERG, "feideprov init --directory", "dn in [[schools]]"):
        assert part in plan.refusals[0].sentence


def test_a_second_school_counts_too(open_client, person):
    plan = open_client(MemoryDirectory(BASE, without(BERG))).plan([person(school=("hylla", "berg"))])
    assert (plan.changes, held(plan)) == ((), [(CODE, True)])


def test_a_row_with_two_schools_that_have_no_entry_is_held_once(open_client, person):
    plan = open_client(MemoryDirectory(BASE, without(HYLLA, BERG))).plan([person(school=("hylla", "berg"))])
    assert held(plan) == [(CODE, True)]
    assert HYLLA in plan.refusals[0].sentence
    assert BERG in plan.refusals[0].sentence


def test_no_row_goes_through_while_the_organization_has_no_entry(open_client, person, tmp_path):
    schools = [school.model_dump() for school in example_settings(tmp_path).schools]
    moved = [school | {"dn": f"ou={school['id']},{BASE}"} for school in schools]
    units = [Entry(DN.parse(s["dn"]), {"objectClass": ["organizationalUnit"], "ou": [s["id"]]}) for s in moved]
    plan = open_client(MemoryDirectory(BASE, [*without(SKOTTHYLL, HYLLA, BERG), *units]), schools=moved).plan(
        [person()]
    )
    assert (plan.changes, held(plan)) == ((), [(CODE, True)])
    assert "The organization's" in plan.refusals[0].sentence
    assert SKOTTHYLL in plan.refusals[0].sentence


def test_a_user_is_not_moved_to_a_school_without_an_entry(open_client, person):
    directory = MemoryDirectory(BASE, without(BERG))
    client = open_client(directory)
    client.apply(client.plan([person()]))
    before = [dict(entry.items()) for entry in directory.entries()]
    moved = person(school="berg", family_name="Petrenko", national_number=TENOR, birth_date=BORN)
    outcome = client.apply(client.plan([moved]))
    assert (outcome.changes, [r.code for r in outcome.held]) == ((), [CODE])
    assert [dict(entry.items()) for entry in directory.entries()] == before


def test_an_entry_that_is_no_unit_is_no_school(open_client, person):
    values = {"objectClass": ["person"], "cn": ["Berg"], "sn": ["Berg"], "ou": ["Berg voksenopplæring"]}
    plan = open_client(MemoryDirectory(BASE, [*without(BERG), Entry(DN.parse(BERG), values)])).plan(
        [person(school="berg")]
    )
    assert (plan.changes, held(plan)) == ((), [(CODE, True)])
    assert "not an organizational unit" in plan.refusals[0].sentence


@pytest.mark.parametrize("spelling", [BERG.upper(), BERG.replace(",o=", " ,  O="), BERG.replace("B", r"\42")])
def test_an_entry_in_another_spelling_is_the_schools(open_client, person, spelling):
    there = Entry(DN.parse(spelling), {"objectClass": ["OrganizationalUnit"], "ou": ["berg voksenopplæring"]})
    plan = open_client(MemoryDirectory(BASE, [*without(BERG), there])).plan([person(school="berg")])
    assert (len(plan.creates), held(plan)) == (1, [])


def test_a_school_that_no_row_names_holds_nothing(open_client, person):
    plan = open_client(MemoryDirectory(BASE, without(BERG))).plan([person()])
    assert (len(plan.creates), held(plan)) == (1, [])


class Counting(MemoryDirectory):
    """Counts how often single entries are read."""

    def read(self, dn, attributes=("*",)):
        self.reads = [*getattr(self, "reads", []), dn]
        return super().read(dn, attributes)


def test_a_plan_reads_each_unit_once(open_client, person):
    directory = Counting(BASE, example_entries())
    client = open_client(directory)
    client.plan([])
    directory.reads = []
    client.plan([person(f"p{n}", given_name=f"Ada{'abcdefghij'[n]}", school=("hylla", "berg")) for n in range(10)])
    assert len(directory.reads) <= 3


def test_a_school_that_is_gone_when_the_plan_is_applied_gets_nobody(open_client, person):
    directory = MemoryDirectory(BASE, example_entries())
    client = open_client(directory)
    client.apply(client.plan([person("p1", given_name="Ada")]))
    moved = person("p1", given_name="Ada", school="berg", national_number=TENOR, birth_date=BORN)
    plan = client.plan([moved, person("p2", school="berg"), person("p3", given_name="Eva")])
    assert {change.kind for change in plan.changes} >= {"create", "update"}
    delete(directory, BERG)
    outcome = client.apply(plan)
    assert [change.source_id for change in outcome.changes] == ["p3"]
    assert [r.user for r in outcome.held if r.code == CODE] == [plan.updates[0].feide_name, plan.creates[0].feide_name]
    assert not outcome.failures
    assert not [e for e in directory.entries() if BERG in e.texts("eduPersonOrgUnitDN")]


def test_a_saved_plan_says_so_before_it_is_applied(open_client, tmp_path, person):
    directory = MemoryDirectory(BASE, example_entries())
    client = open_client(directory)
    rows = tmp_path / "people.csv"
    rows.write_text("source_id;given_name;family_name;school;role\np1;Olena;Kovalenko;berg;pupil\n", encoding="utf-8")
    client.plan(rows).save(tmp_path / "plan.json", client=client, source=rows)
    delete(directory, BERG)
    plan = Plan.load(tmp_path / "plan.json", client=client)
    assert plan is not None
    assert (plan.changes, held(plan)) == ((), [(CODE, True)])
    assert (plan.refusals[0].origin, plan.refusals[0].user) != (None, None)
    assert client.apply(plan).counts["held"] == 1


def test_init_directory_makes_the_entry_and_the_row_goes_through(tmp_path, journal, key, person):
    path = tmp_path / "catalogue.ldif"
    path.write_text("version: 1\n\n" + "".join(map(ldif.dump, without(BERG))), encoding="utf-8")
    client = Client(example_settings(tmp_path), journal=journal, keys=key, on=ON)
    row: PersonRecord = person(school="berg")
    assert held(client.plan([row])) == [(CODE, True)]
    assert client.organization_units.apply().counts["created"] == 1
    plan = client.plan([row])
    assert (len(plan.creates), held(plan)) == (1, [])
    assert client.apply(plan).counts["created"] == 1
    assert [e for e in LdifDirectory(path).entries() if BERG in e.texts("eduPersonOrgUnitDN")]
