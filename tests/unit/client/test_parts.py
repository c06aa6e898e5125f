"""A file that has only what changed: what it does not say stays."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from enterprise_file import EnterpriseFile, Group, GroupKind, Membership, Person, Properties, RoleKind, SourcedId

from feideprov import Client
from feideprov.provision.plan.plan import Outcome
from feideprov.testing import example_directory, example_settings
from tests.unit.conftest import ON

Role = tuple[str, str, RoleKind, bool]
"""Who is what in which group, and whether that is so now."""


def sid(text: str) -> SourcedId:
    return SourcedId("V", text)


GROUPS = (
    Group(sid("hylla"), GroupKind.SCHOOL, "Hylla", number="912345688"),
    Group(sid("berg"), GroupKind.SCHOOL, "Berg", number="923456783"),
    Group(sid("t6"), GroupKind.GRADE, "6. trinn", parents=(sid("hylla"),)),
    *(Group(sid(one), GroupKind.CLASS, one.upper(), parents=(sid("hylla"),)) for one in ("6a", "6b")),
    Group(sid("b1"), GroupKind.CLASS, "B1", parents=(sid("berg"),)),
    Group(sid("norsk"), GroupKind.OTHER, "Norsk", parents=(sid("hylla"),)),
)
PEOPLE = (
    Person(sid("p1"), family="Kovalenko", given="Olena", birth_date="2014-02-28"),
    Person(sid("t1"), family="Dal", given="Kari", birth_date="1980-01-01"),
)
PUPIL, TEACHER = RoleKind.PUPIL, RoleKind.TEACHER


@pytest.fixture
def apply(tmp_path, journal, key) -> Callable[..., Outcome]:
    """Applies a file with these roles."""
    settings = example_settings(tmp_path, protection={"people": "none"})
    client = Client(settings, directory=example_directory(), journal=journal, keys=key, on=ON)

    def applied(kind: str, *roles: Role, people: Iterable[Person] = PEOPLE) -> Outcome:
        members: dict[SourcedId, list[tuple[SourcedId, Membership]]] = {}
        for who, group, role, is_active in roles:
            members.setdefault(sid(group), []).append((sid(who), Membership(sid(group), role, is_active)))
        named = {who for who, *_ in roles}
        file = EnterpriseFile(
            [one for one in people if one.id.id in named], GROUPS, members, Properties("V", kind, str(ON))
        )
        (tmp_path / "night.xml").write_text(file.text(), encoding="utf-8")
        applied.plan = client.plan(tmp_path / "night.xml")
        return client.apply(applied.plan, allow_changes=100)

    applied.client = client
    applied(
        "full",
        *[("p1", group, PUPIL, True) for group in ("t6", "6a")],
        *[("t1", group, TEACHER, True) for group in ("6a", "hylla", "berg")],
    )
    return applied


def state(apply, source_id: str) -> tuple[list[str], list[str]]:
    """The schools of a user, the primary one first, and the ids of the groups; the grade is one of them."""
    users = apply.client.directory.having(["uid"], ["*"])
    [entry] = [one for one in users if one.text("employeeNumber") == source_id]
    school = apply.client.organization.school
    dns = [*entry.values("eduPersonPrimaryOrgUnitDN"), *entry.values("eduPersonOrgUnitDN")]
    values = [value.decode() for value in entry.values("eduPersonEntitlement")]
    groups = [value.split(":")[8] for value in values if ":go:group:" in value]
    grades = [value.rpartition("/")[2] for value in values if ":grep:" in value]
    return list(dict.fromkeys(school(dn.decode()).id for dn in dns)), sorted(groups + grades)


@pytest.mark.parametrize("kind", ["delta", "event", "melding"])
def test_a_new_group_leaves_class_grade_and_school(apply, kind):
    apply(kind, ("p1", "norsk", PUPIL, True))
    assert state(apply, "p1") == (["hylla"], ["6a", "aarstrinn6", "norsk"])


def test_a_full_file_says_all(apply):
    apply("full", ("p1", "norsk", PUPIL, True))
    assert "6a" not in state(apply, "p1")[1]


def test_a_class_that_ended_goes(apply):
    apply("delta", ("p1", "norsk", PUPIL, True))
    apply("delta", ("p1", "6a", PUPIL, False), ("p1", "6b", PUPIL, True))
    assert state(apply, "p1") == (["hylla"], ["6b", "aarstrinn6", "norsk"])


def test_a_pupil_who_moves_has_the_new_school_alone(apply):
    apply("delta", ("p1", "6a", PUPIL, False), ("p1", "b1", PUPIL, True))
    schools, groups = state(apply, "p1")
    assert (schools, [one for one in groups if one != "aarstrinn6"]) == (["berg"], ["b1"])


def test_a_group_at_the_second_school_leaves_the_first(apply):
    before = state(apply, "t1")
    apply("delta", ("t1", "b1", TEACHER, True))
    assert state(apply, "t1") == before == (["hylla", "berg"], ["6a"])


def test_a_teacher_leaves_a_school_with_the_school_itself(apply):
    apply("delta", ("t1", "6a", TEACHER, False), ("t1", "b1", TEACHER, True))
    assert state(apply, "t1")[0] == ["hylla", "berg"]
    apply("delta", ("t1", "hylla", TEACHER, False), ("t1", "b1", TEACHER, True))
    assert state(apply, "t1") == (["berg"], ["b1"])


def test_a_person_alone_is_told(apply):
    apply("delta", ("p1", "unknown", PUPIL, True))
    assert [note for note in apply.plan.notes if "1 person in it without a role at a school" in note]
