"""Groups and grades of a list: what an update takes away, and what a plan tells of them."""

from __future__ import annotations

import re

import pytest

from feideprov import Client, Plan
from feideprov.feide.group import Group
from feideprov.testing import example_directory, example_settings
from tests.unit.conftest import ON

HEAD = "source_id;given_name;family_name;school;role;grade;groups"
HYLLA = {
    "id": "hylla",
    "name": "Hylla skole",
    "number": "NO912345688",
    "mail": "hylla@skotthyll.kommune.no",
    "dn": "ou=Hylla skole,o=Skotthyll kommune,dc=skotthyll,dc=no",
}


@pytest.fixture
def client(tmp_path, journal, key) -> Client:
    return Client(example_settings(tmp_path), directory=example_directory(), journal=journal, keys=key, on=ON)


@pytest.fixture
def listed(tmp_path):
    """A person list with these rows: source id, school, role, grade, groups."""

    def path(*rows: str):
        names = ["Olena;Kovalenko", "Semhar;Tesfay", "Yusuf;Demir", "Amina;Haddad", "Li;Na", "Kari;Lie", "Ola;By"]
        lines = [one.replace(";", f";{name};", 1) for one, name in zip(rows, names, strict=False)]
        file = tmp_path / "people.csv"
        file.write_text("\n".join([HEAD, *lines]) + "\n", encoding="utf-8")
        return file

    return path


@pytest.fixture
def applied(client, listed):
    def carry_out(*rows: str):
        outcome = client.apply(client.plan(listed(*rows)))
        assert outcome.failures == ()
        return outcome

    return carry_out


def held(client) -> list[str]:
    """The ids and names of the groups of the one user, and how many group-IDs."""
    [user] = [entry for entry in client.directory.entries() if entry.values("uid")]
    values = user.texts("eduPersonEntitlement")
    groups = [value.split(":") for value in values if ":group:" in value]
    assert sum(":groupid:" in value for value in values) == len(groups)
    return sorted(f"{group[8]} {group[12]}" for group in groups)


def test_a_user_is_created_with_the_groups_that_are_right(client, applied):
    outcome = applied("p1;hylla;elev;7;7A|u:nor:Norsk")
    assert held(client) == ["7a 7A"]
    assert (outcome.counts["created"], outcome.counts["refused"]) == (1, 1)


def test_an_update_with_a_wrong_group_adds_and_takes_none_away(client, applied):
    applied("p1;hylla;elev;7;b:7a:7A|b:kor:Kor")
    outcome = applied("p1;hylla;elev;7;b:7a:7A|b:musikk:Musikk|b:kor")
    assert held(client) == ["7a 7A", "kor Kor", "musikk Musikk"]
    assert (outcome.counts["updated"], outcome.counts["refused"]) == (1, 1)
    applied("p1;hylla;elev;7;b:7a:7A|b:musikk:Musikk")
    assert held(client) == ["7a 7A", "musikk Musikk"]


def test_a_group_of_the_row_replaces_its_own_other_value(client, applied):
    applied("p1;hylla;elev;7;b:7a:Klasse 7A|b:kor:Kor")
    applied("p1;hylla;elev;7;b:7a:7A|x:kor:Kor")
    assert held(client) == ["7a 7A", "kor Kor"]


def test_who_has_a_new_role_loses_the_groups_of_the_old_one(client, applied):
    applied("p1;hylla;elev;7;b:7a:7A|b:kor:Kor")
    applied("p1;hylla;lærer;;b:7b:7B|x:kor:Kor")
    assert held(client) == ["7b 7B"]


def test_who_leaves_a_school_leaves_its_groups(client, applied):
    applied("p1;hylla|berg;lærer;;b:7a:7A|b:kor:Kor")
    applied("p1;berg|hylla;lærer;;")
    assert held(client) == ["7a 7A", "kor Kor"]
    applied("p1;berg;lærer;;")
    assert held(client) == []


@pytest.mark.parametrize(("role", "stays"), [("elev", True), ("deltaker", False)])
def test_a_pupil_of_another_school_keeps_the_grade_and_a_student_does_not(client, applied, role, stays):
    applied("p1;hylla;elev;7;b:7a:7A")
    applied(f"p1;berg;{role};;")
    assert held(client) == []
    [user] = [entry for entry in client.directory.entries() if entry.values("uid")]
    assert any(value.endswith("aarstrinn7") for value in user.texts("eduPersonEntitlement")) is stays


def test_a_grade_that_is_wrong_leaves_the_grade_of_the_user(client, applied):
    applied("p1;hylla;elev;7;b:7a:7A")
    outcome = applied("p1;hylla;elev;førskole;b:7a:7A")
    assert outcome.counts["unchanged"] == 1
    [user] = [entry for entry in client.directory.entries() if entry.values("uid")]
    assert any(value.endswith("aarstrinn7") for value in user.texts("eduPersonEntitlement"))


GRADES = {
    "primary": ("1 7 8 10", "vg1 vg3"),
    "secondary": ("8 9 10", "1 7 vg1"),
    "upper-secondary": ("vg1 vg2 vg3", "1 7 10"),
    "adult-education": ("", "1 10 vg1"),
}


@pytest.fixture
def school(tmp_path, journal, key):
    """A client whose school is of a kind."""

    def of(kind: str, **more: str) -> Client:
        schools = [HYLLA | {"kind": kind} | more]
        settings = example_settings(tmp_path, schools=schools)
        return Client(settings, directory=example_directory(), journal=journal, keys=key, on=ON)

    return of


@pytest.mark.parametrize("kind", GRADES)
def test_a_grade_that_the_kind_of_school_does_not_have_is_told(school, listed, kind):
    right, wrong = (grades.split() for grades in GRADES[kind])
    client = school(kind)
    assert client.plan(listed(*(f"p{n};hylla;elev;{grade};7A" for n, grade in enumerate(right)))).notes == ()
    plan = client.plan(listed(*(f"p{n};hylla;elev;{grade};7A" for n, grade in enumerate(wrong))))
    assert (len(plan.creates), plan.refusals) == (len(wrong), ())
    [note] = plan.notes
    assert "Hylla skole" in note
    rows = re.search(r": rows? ([0-9, and]+)\. The grade", note)
    assert [int(row) for row in re.findall(r"\d+", rows[1])] == [*range(2, 2 + len(wrong))]


def test_one_row_is_told_in_the_singular_and_many_are_counted(school, listed):
    [note] = school("secondary").plan(listed("p1;hylla;elev;7;7A")).notes
    assert note.startswith("1 row has a grade that Hylla skole does not have")
    assert "row 2" in note
    [note] = school("secondary").plan(listed(*(f"p{n};hylla;elev;7;7A" for n in range(7)))).notes
    assert note.startswith("7 rows have a grade that Hylla skole does not have")
    assert "rows 2, 3, 4, 5, 6 and 2 more" in note


def test_it_is_told_again_when_nothing_changes(school, listed):
    client, path = school("secondary"), listed("p1;hylla;elev;7;7A")
    client.apply(client.plan(path))
    assert client.plan(path).counts["unchanged"] == 1
    assert len(client.plan(path).notes) == 1


def test_one_school_that_has_the_grade_is_enough(client, listed):
    assert client.plan(listed("p1;hylla|berg;elev;7;7A", "p2;berg|hylla;elev;7;7A")).notes == ()
    [note] = client.plan(listed("p1;berg;elev;7;7A")).notes
    assert "Berg voksenopplæring" in note


def test_a_grade_of_somebody_who_gets_none_is_not_told(school, listed):
    assert school("secondary").plan(listed("p1;hylla;ansatt;7;7A")).notes == ()


def test_new_teachers_without_groups_are_told(client, listed, applied):
    rows = ["p1;hylla;lærer;;", "p2;hylla;lærer;;7A", "p3;hylla;elev;7;", "p4;hylla;ansatt;;"]
    [note] = client.plan(listed(*rows)).notes
    assert note.startswith("1 new teacher has no groups (row 2).")
    applied(*rows)
    assert client.plan(listed(*rows)).notes == ()


def test_many_teachers_without_groups_are_counted(client, listed):
    [note] = client.plan(listed(*(f"p{n};hylla;lærer;;" for n in range(7)))).notes
    assert note.startswith("7 new teachers have no groups (rows 2, 3, 4, 5, 6 and 2 more).")


def test_a_teacher_whose_only_group_is_wrong_has_none(client, listed):
    [note] = client.plan(listed("p1;hylla;lærer;;x:7a:7A")).notes
    assert note.startswith("1 new teacher has no groups")


def test_teachers_of_a_program_have_no_rows(client, person):
    assert client.plan([person(role="teacher")]).notes[0].startswith("1 new teacher has no groups.")


def test_a_saved_plan_tells_of_teachers_too(client, listed, tmp_path):
    path = listed("p1;hylla;lærer;;")
    client.plan(path).save(tmp_path / "plan.json", client=client, source=path)
    [note] = Plan.load(tmp_path / "plan.json", client=client).notes
    assert note.startswith("1 new teacher has no groups (row 2).")


@pytest.mark.parametrize("exists", [False, True], ids=["new", "there"])
def test_two_groups_of_one_id_in_a_program_refuse_the_second_alone(client, person, applied, exists):
    if exists:
        applied("p1;hylla;elev;7;b:9c:9C")
    groups = (Group("b", "7a", "7A"), Group("b", "7A", "Klasse 7A"), Group("b", "8b", "8B"))
    plan = client.plan([person("p1", given_name="Olena", family_name="Kovalenko", groups=groups)])
    assert [(one.code, one.held) for one in plan.refusals] == [("R-GROUP", False)]
    client.apply(plan)
    assert held(client) == ["7a 7A", "8b 8B", *(["9c 9C"] if exists else [])]


def test_one_group_twice_in_a_program_is_one_group(client, person):
    plan = client.plan([person("p1", groups=(Group("b", "7a", "7A"), Group("b", "7A", "7A")))])
    client.apply(plan)
    assert (plan.refusals, held(client)) == ((), ["7a 7A"])
