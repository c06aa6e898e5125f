"""Groups as person lists write them."""

from __future__ import annotations

from datetime import date

import pytest

from feideprov import Group, InputError
from feideprov.feide.group import school_year

ON = date(2026, 11, 22)


def written(group: Group, organization: str = "NO987654325", role: str = "student") -> tuple[str, str]:
    membership = group.membership(organization, role, ON)
    return str(membership), str(membership.group_id)


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
    membership = Group.parse("b:6a:Klasse 6A").membership("NO912345688", "student", on)
    assert (membership.begins, membership.ends) == (first, last)


def test_a_group_is_written_as_in_feides_own_example():
    group = Group.parse("b:6a:Klasse 6A::2020-08-01:2021-06-15")
    assert written(group, "NO987654321") == (
        "urn:mace:feide.no:go:group:b::NO987654321:6a:2020-08-01:2021-06-15:student:Klasse%206A",
        "urn:mace:feide.no:go:groupid:b:NO987654321:6a:2020-08-01:2021-06-15",
    )


def test_the_local_id_of_a_group_id_is_lowered_first_then_encoded_with_upper_case_hex():
    _, group_id = written(Group("a", "PRJ-ÅRBOK", "Årbok"))
    assert group_id.split(":")[7] == "prj-%C3%A5rbok"


def test_what_would_part_a_group_is_encoded():
    group, group_id = written(Group("u", "a:b c%", "Norsk: 1/2", "NOR01-06"), role="faculty")
    assert group.split(":")[8:] == ["a%3Ab%20c%25", "2026-08-01", "2027-07-31", "faculty", "Norsk%3A%201%2F2"]
    assert group_id.split(":")[7:] == ["a%3Ab%20c%25", "2026-08-01", "2027-07-31"]


def test_a_group_whose_octets_are_no_utf8_is_refused():
    with pytest.raises(InputError, match="must be UTF-8"):
        Group.parse("b:%C5rbok:Klasse 6A")


def test_a_group_with_one_date_lies_in_the_school_year_of_that_date():
    group, _ = written(Group("b", "6a", "6A", begins=date(2027, 9, 1)))
    assert group.split(":")[9:11] == ["2027-09-01", "2028-07-31"]
    group, _ = written(Group("b", "6a", "6A", ends=date(2025, 6, 1)))
    assert group.split(":")[9:11] == ["2024-08-01", "2025-06-01"]


def test_a_colon_in_a_name_is_percent_encoded_in_lists():
    assert Group.parse("b:6a:Klasse%3A 6A").name == "Klasse: 6A"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("b:6a", "type:id:name"),
        ("b:6a:6A::2026-08-01", "type:id:name"),
        ("x:6a:6A", "must begin with its type"),
        ("b::6A", "a type, an id and a name"),
        ("b:6a: ", "a type, an id and a name"),
        ("u:6a:6A", "must have a Grep code"),
        ("b:6a:6A:NOR01-06", "must have a Grep code"),
        ("b:6a:6A::1.8.2026:31.7.2027", "2026-08-01"),
        ("b:6a:6A::20260801:20270731", "2026-08-01"),
        ("b:6a:6A::2027-08-01:2026-08-01", "last day of the group is before its first day"),
        ("b:6a~b:6A", "programs encode differently"),
        ("b:6a%28b%29:6A", "programs encode differently"),
    ],
)
def test_what_is_no_group_is_refused_with_a_sentence(text, sentence):
    with pytest.raises(InputError, match=sentence):
        Group.parse(text)


@pytest.mark.parametrize("text", ["b:3PBB/201:3PBB", "b:3PBB%2F201:3PBB", "b:3PBB%2f201:3PBB"])
def test_a_slash_in_an_id_is_written_in_feides_form_in_group_and_group_id(text):
    group, group_id = written(Group.parse(text))
    assert group.split(":")[8] == "3PBB%2F201"
    assert group_id.split(":")[7] == "3pbb%2F201"


@pytest.mark.parametrize(
    ("text", "local_id", "name"),
    [
        ("7A", "7a", "7A"),
        ("7a", "7a", "7A"),
        (" 7 A ", "7a", "7A"),
        ("7\u00a0a", "7a", "7A"),
        ("10B", "10b", "10B"),
        ("STA1", "sta1", "STA1"),
        ("1STA", "1sta", "1STA"),
        ("7", "7", "7"),
        ("8.1", "8.1", "8.1"),
        ("9-A", "9-a", "9-A"),
        ("Klasse 6A", "6a", "Klasse 6A"),
        ("klasse 6a", "6a", "klasse 6a"),
        ("Klasse 6 A", "6a", "Klasse 6 A"),
        ("VG1 ST A", "vg1sta", "VG1STA"),
        ("Norsk 1", "norsk1", "Norsk 1"),
        ("Rød 2", "rød2", "Rød 2"),
        ("nivå 3", "nivå3", "nivå 3"),
        ("Mottaksklassen", "mottaksklassen", "Mottaksklassen"),
        ("7A (norsk)", "7a-norsk", "7A (norsk)"),
        ("7A/B", "7a-b", "7A/B"),
        ("7%2FA", "7-a", "7/A"),
        ("7\u00c5", "7\u00e5", "7\u00c5"),
        ("7A\u030a", "7\u00e5", "7\u00c5"),
    ],
)
def test_a_text_without_a_colon_is_the_class_of_that_name(text, local_id, name):
    assert Group.parse(text) == Group("b", local_id, name)


def test_a_class_is_the_same_group_whichever_way_it_is_typed():
    assert written(Group.parse("7A")) == (
        "urn:mace:feide.no:go:group:b::NO987654325:7a:2026-08-01:2027-07-31:student:7A",
        "urn:mace:feide.no:go:groupid:b:NO987654325:7a:2026-08-01:2027-07-31",
    )
    assert len({written(Group.parse(text)) for text in ("7A", "7a", "7 A", "7 a", "b:7a:7A")}) == 1
    assert len({written(Group.parse(text))[1] for text in ("7A", "Klasse 7A", "klasse 7 a")}) == 1


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("7A, 7B", "between several groups"),
        ("7A;7B", "between several groups"),
        ("7A\n7B", "between several groups"),
        ("7A 7B", "between several groups"),
        ("-", "a letter or a digit"),
        ("\u0428\ufffd", "were lost"),
        ("Kl?sse", "were lost"),
        ("#I/T", "error of a spreadsheet"),
        ("NULL", "there is no value"),
        ("klasse", "the name of the class"),
    ],
)
def test_what_is_no_name_of_a_class_is_refused(text, sentence):
    with pytest.raises(InputError, match=sentence):
        Group.parse(text)
