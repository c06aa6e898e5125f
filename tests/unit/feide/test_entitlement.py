"""Grades and groups (info_go chapter 5)."""

from __future__ import annotations

from datetime import date

import pytest

from feideprov import Group, InputError
from feideprov.feide.entitlement import grade_number, grep_entitlement, school_year

ON = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "grade"),
    [("1", 1), ("10", 10), ("6.", 6), ("6. trinn", 6), ("Trinn 7", 7), ("10. klasse", 10), (" 3 ", 3)],
)
def test_a_grade_is_read(text, grade):
    assert grade_number(text) == grade


@pytest.mark.parametrize("text", ["vg1", "VG 3", "11", "13"])
def test_upper_secondary_has_no_grade_code(text):
    assert grade_number(text) is None


@pytest.mark.parametrize("text", ["0", "14", "-1", "six", "vg4", "6 7", ""])
def test_what_is_no_grade_is_refused(text):
    with pytest.raises(InputError, match="A grade is a number from 1 to 10"):
        grade_number(text)


def test_a_grade_is_the_grep_code_of_the_national_curriculum():
    assert grep_entitlement(6) == "urn:mace:feide.no:go:grep:http://psi.udir.no/laereplan/aarstrinn/aarstrinn6"


@pytest.mark.parametrize(
    ("on", "first", "last"),
    [
        (date(2026, 7, 31), date(2025, 8, 1), date(2026, 7, 31)),
        (date(2026, 8, 1), date(2026, 8, 1), date(2027, 7, 31)),
        (date(2026, 12, 31), date(2026, 8, 1), date(2027, 7, 31)),
        (date(2027, 1, 1), date(2026, 8, 1), date(2027, 7, 31)),
    ],
)
def test_the_school_year_turns_on_the_first_of_august(on, first, last):
    assert school_year(on) == (first, last)
    group, group_id = Group.parse("b:6a:Klasse 6A").entitlements("NO912345688", "student", on)
    assert group.split(":")[9:11] == group_id.split(":")[8:10] == [str(first), str(last)]


def test_a_group_is_written_as_in_feides_own_example():
    group = Group.parse("b:6a:Klasse 6A::2020-08-01:2021-06-15")
    assert group.entitlements("NO987654321", "student", ON) == (
        "urn:mace:feide.no:go:group:b::NO987654321:6a:2020-08-01:2021-06-15:student:Klasse%206A",
        "urn:mace:feide.no:go:groupid:b:NO987654321:6a:2020-08-01:2021-06-15",
    )


def test_the_local_id_of_a_group_id_is_lowered_first_then_encoded_with_upper_case_hex():
    _, group_id = Group("a", "PRJ-ÅRBOK", "Årbok").entitlements("NO987654325", "student", ON)
    assert group_id.split(":")[7] == "prj-%C3%A5rbok"


def test_what_would_part_a_group_is_encoded():
    group, group_id = Group("u", "a:b/c%", "Norsk: 1", "NOR01-06").entitlements("NO987654325", "faculty", ON)
    assert len(group.split(":")) == 13
    assert len(group_id.split(":")) == 10
    assert group.split(":")[8] == "a%3Ab%2Fc%25"


def test_a_group_with_one_date_lies_in_the_school_year_of_that_date():
    group, _ = Group("b", "6a", "6A", begins=date(2027, 9, 1)).entitlements("NO987654325", "student", ON)
    assert group.split(":")[9:11] == ["2027-09-01", "2028-07-31"]
    group, _ = Group("b", "6a", "6A", ends=date(2025, 6, 1)).entitlements("NO987654325", "student", ON)
    assert group.split(":")[9:11] == ["2024-08-01", "2025-06-01"]


def test_a_colon_in_a_name_is_percent_encoded_in_lists():
    assert Group.parse("b:6a:Klasse%3A 6A").name == "Klasse: 6A"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("b:6a", "type:id:name"),
        ("b:6a:6A::2026-08-01", "type:id:name"),
        ("x:6a:6A", "begins with its type"),
        ("b::6A", "a type, an id and a name"),
        ("b:6a: ", "a type, an id and a name"),
        ("u:6a:6A", "has a Grep code"),
        ("b:6a:6A:NOR01-06", "has a Grep code"),
        ("b:6a:6A::1.8.2026:31.7.2027", "2026-08-01"),
        ("b:6a:6A::2027-08-01:2026-08-01", "ends after it begins"),
    ],
)
def test_what_is_no_group_is_refused_with_a_sentence(text, sentence):
    with pytest.raises(InputError, match=sentence):
        Group.parse(text)
