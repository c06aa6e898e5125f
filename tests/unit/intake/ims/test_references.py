"""References whose source is written otherwise than that of the person or group itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from feideprov.intake.ims.model import Group, Membership, SourcedId
from feideprov.intake.ims.vocabulary import GroupKind, RoleKind

from .conftest import CLASS, GROUPS, HYLLA, file_of, person, sid

PUPIL = Membership(sid("6a"), RoleKind.PUPIL)


def other(text: str, source: str = "another") -> SourcedId:
    return SourcedId(source, text)


@pytest.mark.parametrize("source", ["another", ""])
@pytest.mark.parametrize("what", ["person", "group", "parent"])
@pytest.mark.parametrize("order", ["pgm", "mgp"])
def test_the_id_alone_is_enough_where_the_source_is_no_other_system(read, what, source, order):
    group, member, groups = CLASS.id, person().id, GROUPS
    if what == "person":
        member = other("p1", source)
    elif what == "group":
        group = other("6a", source)
    else:
        groups = (HYLLA._replace(parents=()), CLASS._replace(parents=(other("hylla", source),)))
    file = file_of(person(), groups=groups)
    people = read(replace(file, members={group: [(member, PUPIL)]}).text(order))
    [record] = people.records
    assert (record.schools, [one.id for one in record.groups]) == (("hylla",), ["6a"])
    assert len([note for note in people.notes if "by the id alone" in note]) == 1
    assert not [note for note in people.notes if "not in eksport.xml" in note]


def test_nobody_is_taken_for_a_person_of_another_system(read):
    """Staff 1 and 2 of another system are not in the file; pupil 1 is somebody else."""
    staff = [
        (other("1"), Membership(sid("hylla"), RoleKind.STAFF)),
        (other("2"), Membership(sid("hylla"), RoleKind.STAFF)),
    ]
    file = file_of(person("1"))
    people = read(replace(file, members={sid("hylla"): staff}))
    assert people.records == ()
    assert "2 memberships are of people or groups that are not in eksport.xml" in " ".join(people.notes)


def test_an_id_of_two_people_is_nobody_s(read):
    two = [person("1"), person("1")._replace(id=other("1"))]
    file = file_of(*two)
    assert read(replace(file, members={sid("6a"): [(other("1", "third"), PUPIL)]})).records == ()


def test_a_source_that_has_people_of_its_own_is_another_system(read):
    two = [person("1"), person("9")._replace(id=other("9"))]
    file = file_of(*two)
    assert read(replace(file, members={sid("6a"): [(other("1"), PUPIL)]})).records == ()


def test_groups_of_two_spellings_are_one(read):
    file = file_of(person())
    members = {CLASS.id: [(sid("p1"), PUPIL)], other("6a"): [(sid("p1"), PUPIL)]}
    [record] = read(replace(file, groups=(*file.groups, Group(sid("x"), GroupKind.UNUSED)), members=members)).records
    assert [one.id for one in record.groups] == ["6a"]
