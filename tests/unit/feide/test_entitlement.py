"""The values of eduPersonEntitlement (info_go 2018-03)."""

from __future__ import annotations

from datetime import date

import pytest

from feideprov import InputError
from feideprov.feide.entitlement import Grep, GroupId, GroupMembership, grade_number, read_entitlement


@pytest.mark.parametrize(
    ("text", "grade"),
    [("1", 1), ("10", 10), ("6.", 6), ("6. trinn", 6), ("Trinn 7", 7), ("10. klasse", 10), (" 3 ", 3)],
)
def test_a_grade_is_read(text, grade):
    assert grade_number(text) == grade


@pytest.mark.parametrize("text", ["0", "14", "-1", "six", "vg4", "6 7", ""])
def test_what_is_no_grade_is_refused(text):
    with pytest.raises(InputError, match="A grade must be a number from 1 to 10"):
        grade_number(text)


def test_a_grade_is_the_grep_code_of_the_national_curriculum():
    assert str(Grep.of_grade(6)) == "urn:mace:feide.no:go:grep:http://psi.udir.no/laereplan/aarstrinn/aarstrinn6"


GROUP = "urn:mace:feide.no:go:group:"
GROUP_ID = "urn:mace:feide.no:go:groupid:"
DATES = "2020-08-01:2021-06-15"
CLASS = f"{GROUP}b::NO987654321:6a:{DATES}:student:Klasse%206A"
CLASS_ID = f"{GROUP_ID}b:NO987654321:6a:{DATES}"


def test_feides_own_examples_are_read():
    group, group_id = read_entitlement(CLASS), read_entitlement(CLASS_ID)
    assert group == GroupMembership(
        "b", "", "NO987654321", "6a", date(2020, 8, 1), date(2021, 6, 15), "student", "Klasse 6A"
    )
    assert group.group_id == group_id
    assert (str(group), str(group_id)) == (CLASS, CLASS_ID)


@pytest.mark.parametrize(
    ("reference", "grade"),
    [
        ("http://psi.udir.no/laereplan/aarstrinn/aarstrinn1", 1),
        ("https://psi.udir.no/laereplan/aarstrinn/aarstrinn10", 10),
        ("http://psi.udir.no/laereplan/programomraade/stusp2", None),
        ("uuid:6b1e6c0a-2f1d-4e7a-9f0b-3c5d7e9fa1b2", None),
    ],
)
def test_a_grep_value_is_read_with_its_grade(reference, grade):
    grep = read_entitlement(f"urn:mace:feide.no:go:grep:{reference}")
    assert (grep, grep.grade) == (Grep(reference), grade)


@pytest.mark.parametrize("text", ["", "urn:mace:feide.no:spid:all", "urn:mace:example.no:go:group:b", "urn:mace"])
def test_what_is_none_of_feides_for_schools_is_left_alone(text):
    assert read_entitlement(text) is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("urn:mace:feide.no:go:gruppe:b", "grep, group or groupid"),
        ("urn:mace:feide.no:go:grep:", "must end with a URL"),
        ("urn:mace:feide.no:go:grep:http://example.no/laereplan", "must end with a URL"),
        ("urn:mace:feide.no:go:grep:uuid:6b1e6c0a", "must end with a URL"),
        ("urn:mace:feide.no:go:grep:http://psi.udir.no/laereplan/aarsgrade/aarsgrade6", "aarstrinn1 to aarstrinn10"),
        ("urn:mace:feide.no:go:grep:http://psi.udir.no/laereplan/aarstrinn/aarstrinn11", "aarstrinn1 to aarstrinn10"),
        (CLASS.replace("::", ":"), "thirteen parts"),
        (f"{CLASS}: norsk", "thirteen parts"),
        (CLASS.replace("group:b", "group:k"), "type of a group"),
        (CLASS.replace("NO987654321", "987654321"), "“NO” and nine digits"),
        (CLASS.replace(":6a:", "::"), "local id of the group is missing"),
        (CLASS.replace("2020-08-01", "20200801"), "2026-08-01"),
        (CLASS.replace("2020-08-01", "2020-W01-1"), "2026-08-01"),
        (CLASS.replace("2020-08-01", "2021-08-01"), "last day of the group is before its first day"),
        (CLASS.replace("student", "pupil"), "role in a group"),
        (CLASS.replace("%20", "%FF"), "must be UTF-8"),
        (CLASS_ID.replace("groupid:b:", "groupid:b::"), "ten parts"),
        (CLASS_ID.replace(":6a:", "::"), "local id of the group is missing"),
        (CLASS_ID.replace(":6a:", ":6%C3:"), "must be UTF-8"),
    ],
)
def test_what_begins_as_feides_and_is_none_is_told_with_a_sentence(text, sentence):
    with pytest.raises(InputError, match=sentence):
        read_entitlement(text)


def test_a_group_that_lacks_its_grep_code_can_be_read():
    assert read_entitlement(CLASS.replace("group:b", "group:u")).grep_code == ""


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("prj-%C3%A5rbok", "prj-%C3%A5rbok"),
        ("PRJ-%C3%85RBOK", "prj-%C3%A5rbok"),
        ("prj-%c3%a5rbok", "prj-%C3%A5rbok"),
        ("prj-årbok", "prj-%C3%A5rbok"),
        ("6a/b", "6a%2Fb"),
        ("6A", "6a"),
    ],
)
def test_a_group_id_knows_whether_it_was_written_in_canonical_form(written, canonical):
    read = GroupId.parse(f"{GROUP_ID}a:NO987654321:{written}:{DATES}")
    assert str(read) == f"{GROUP_ID}a:NO987654321:{written}:{DATES}"
    assert read.is_canonical is (written == canonical)
    assert str(read.canonical()) == f"{GROUP_ID}a:NO987654321:{canonical}:{DATES}"


def test_the_last_day_of_a_group_counts_as_out():
    group = GroupMembership.parse(CLASS)
    days = [date(2020, 7, 31), date(2020, 8, 1), date(2021, 6, 14), date(2021, 6, 15)]
    assert [group.is_valid_on(day) for day in days] == [False, True, True, False]


@pytest.mark.parametrize(("text", "level"), [("vg1", 1), ("VG 3", 3), ("11", 1), ("13", 3)])
def test_a_level_of_upper_secondary_has_a_grep_code(text, level):
    grep = Grep.of_grade(grade_number(text))
    assert str(grep) == f"urn:mace:feide.no:go:grep:http://psi.udir.no/laereplan/aarstrinn/vg{level}"
    assert grep.grade == grade_number(text) == 10 + level


@pytest.mark.parametrize("grade", [0, 14, -1])
def test_there_is_no_grep_code_of_another_grade(grade):
    with pytest.raises(InputError, match="grade"):
        Grep.of_grade(grade)


@pytest.mark.parametrize(
    ("reference", "grade"),
    [
        ("http://psi.udir.no/laereplan/aarstrinn/vg1", 11),
        ("https://psi.udir.no/laereplan/aarstrinn/vg3", 13),
        ("http://psi.udir.no/kl06/vg1", None),
        ("http://psi.udir.no/kl06/STUSP1----", None),
        ("http://psi.udir.no/ontologi/utdanningsprogram/studiespesialisering", None),
        ("https://data.udir.no/kl06/v201906/NOR1211", None),
        ("http://udir.no/kl06/ST", None),
        ("uuid:5c682a18-585d-4a6b-bef9-bcd95c73714e", None),
    ],
)
def test_what_counties_register_is_read_and_written_as_it_was(reference, grade):
    text = f"urn:mace:feide.no:go:grep:{reference}"
    grep = read_entitlement(text)
    assert (str(grep), grep.grade) == (text, grade)


@pytest.mark.parametrize("reference", ["http://udir.no.example.com/x", "http://notudir.no/x", "vg1", "NOR1211"])
def test_what_is_no_address_of_udir_is_no_grep_code(reference):
    with pytest.raises(InputError, match="must end with a URL"):
        read_entitlement(f"urn:mace:feide.no:go:grep:{reference}")
