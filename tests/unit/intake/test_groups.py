"""The column groups: classes as people type them, and groups that are wrong."""

from __future__ import annotations

import pytest

from feideprov.feide.group import Group
from feideprov.intake import read_person_list

from .conftest import ON, TENOR

HEAD = "source_id;given_name;family_name;school;role;grade;groups;mobile"
A7 = Group("b", "7a", "7A")


@pytest.fixture
def read(write):
    def rows(groups: str, mobile: str = "", grade: str = ""):
        return read_person_list(write(f"{HEAD}\np1;Olena;Kovalenko;hylla;elev;{grade};{groups};{mobile}\n"), on=ON)

    return rows


def test_classes_are_typed_by_name(read):
    listed = read("7A | u:nor:Norsk:NOR01-06|7 a")
    assert listed.refusals == ()
    assert set(listed.records[0].groups) == {A7, Group("u", "nor", "Norsk", "NOR01-06")}


@pytest.mark.parametrize("cell", ["7A|b:7A:7A", "b:7a:7A|7A|b:7A:7A", "7A|b:7A:7A::2026-08-01:2027-07-31"])
def test_a_class_is_one_group_however_it_is_written(read, cell):
    listed = read(cell)
    assert (listed.refusals, listed.records[0].groups) == ((), (A7,))


@pytest.mark.parametrize("cell", ["7A og 7B", "7A & 7B", "7A + 7B", "10a OG 10b", "7A and 7B", "Klasse 7A og 7B"])
def test_two_classes_with_a_word_between_them_are_no_class(read, cell):
    [record], [refusal] = (listed := read(cell)).records, listed.refusals
    assert record.groups == ()
    assert "Write “|” between several groups." in refusal.sentence


@pytest.mark.parametrize(
    "cell", ["3PBB/201", "5 og 6", "5. og 6. trinn", "Blå og gul", "1STA/1STB", "Kor + band", "7og"]
)
def test_a_class_may_have_a_name_that_looks_like_two(read, cell):
    listed = read(cell)
    assert (listed.refusals, len(listed.records[0].groups)) == ((), 1)


WRONG = {
    "no type": ("x:7a:7A", "must begin with its type"),
    "no name": ("b:7a", "a group as type:id:name"),
    "no Grep code": ("u:nor:Norsk", "must have a Grep code"),
    "a Grep code too many": ("b:7b:7B:NOR01-06", "must have a Grep code"),
    "form of a date": ("b:7b:7B::1.8.2026:31.7.2027", "2026-08-01"),
    "order of dates": ("b:7b:7B::2027-08-01:2026-08-01", "before its first day"),
    "an error": ("b:#I/T:7B", "an error of a spreadsheet"),
    "an error alone": ("#I/T", "an error of a spreadsheet"),
    "nothing": ("undefined", "there is no value"),
    "no UTF-8": ("b:%C5:7B", "must be UTF-8"),
    "two in one": ("7B, 7C", "between several groups"),
    "the same id": ("b:7A:Another", "another name"),
    "the same id by its dates": ("b:7a:Another::2026-08-01:2027-07-31", "another name"),
}


@pytest.mark.parametrize(("wrong", "words"), WRONG.values(), ids=WRONG)
def test_a_wrong_group_is_refused_and_the_person_gets_the_others(read, wrong, words):
    listed = read(f"b:7a:7A|{wrong}|b:9c:9C")
    [record], [refusal] = listed.records, listed.refusals
    assert record.groups == (A7, Group("b", "9c", "9C"))
    assert not record.all_groups
    assert (refusal.code, refusal.held, refusal.origin.row) == ("R-GROUP", False, 2)
    assert refusal.sentence.startswith(f"Column groups: group 2 (“{wrong}”): ")
    assert words in refusal.sentence
    assert refusal.sentence.endswith("and the user keeps those of before.")


def test_a_person_whose_only_group_is_wrong_stays(read):
    listed = read("x:7a:7A")
    assert [record.groups for record in listed.records] == [()]
    assert "Column groups: group 1 (“x:7a:7A”): " in listed.refusals[0].sentence


def test_each_wrong_group_is_told(read):
    [refusal] = read("x:7a:7A|b:7b:7B|u:nor:Norsk").refusals
    assert refusal.sentence.count("Column groups") == 1
    assert refusal.sentence.index("group 1 (“x:7a:7A”)") < refusal.sentence.index("group 3 (“u:nor:Norsk”)")


def test_what_else_can_wait_leaves_the_groups_alone(read):
    listed = read("7A|x:7a:7A", mobile="ring far", grade="førskole")
    [record], [refusal] = listed.records, listed.refusals
    assert (record.groups, record.mobile, record.grade) == ((A7,), "", "")
    assert refusal.code == "R-GRADE"
    assert [refusal.sentence.count(f"Column {name}") for name in ("grade", "groups", "mobile")] == [1, 1, 1]
    [record] = read("7A|7B", mobile="ring far").records
    assert ([group.id for group in record.groups], record.all_groups) == (["7a", "7b"], True)


@pytest.mark.parametrize("text", ["b:{}:7B", "b:7b:{}", "b:7b:7B {}"])
def test_no_number_in_a_group_is_shown_or_written(read, text):
    listed = read(f"7A|{text.format(TENOR)}")
    [refusal] = listed.refusals
    assert [record.groups for record in listed.records] in ([(A7,)], [])
    assert TENOR not in refusal.sentence
    assert TENOR[:6] not in refusal.sentence


@pytest.mark.parametrize("grade", ["førskole", "14", "vg4", "#I/T"])
def test_a_wrong_grade_is_left_out_and_the_person_stays(read, grade):
    listed = read("7A", grade=grade)
    assert [(record.grade, record.groups) for record in listed.records] == [("", (A7,))]
    assert [refusal.code for refusal in listed.refusals] == ["R-GRADE"]
    assert listed.refusals[0].sentence.endswith("The value is not used.")
