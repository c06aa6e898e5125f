"""Which keys are numbers of persons, seen where keys are read: in a person record, in lists, in the directory."""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta
from pathlib import Path

import pytest

from feideprov.errors import InputError
from feideprov.feide.person import PersonRecord
from feideprov.intake import read_person_list

ON = date(2026, 11, 22)
BORN = date(2028, 3, 14)
"""Still to come: nobody has a number of this date."""
CASES = Path(__file__).parents[2] / "data" / "cases"


def is_key(text: str) -> bool:
    try:
        return PersonRecord(source_id=text, given_name="A", role="pupil").source_id == text
    except InputError:
        return False


@pytest.mark.parametrize(
    "key",
    [
        "56c11669-a4ba-4161-9309-0287a6ea2981",
        "{0F8FAD5B-D9CB-469F-A165-70867728950E}",
        "20260012345",
        "2026-0012345",
        "202600123456",
        "20240915-123",
        "S-2023-1234567",
        "31012345678",
        "310123-45678",
        "31.01.23.45678",
        "88888888888",
        "000000000000",
        "20211234567",
        "2012-12345678",
    ],
)
def test_a_key_that_only_has_many_digits_is_one(key):
    assert is_key(key)
    assert is_key(f"x-{key}")


@pytest.mark.parametrize(
    "key",
    [
        "0f8fad5bd9cb469fa16570867728950a",
        "b1234567890103121965c",
        "urn:collab:person:example.org:12-345-678-901",
        "010203-0405-06070",
        "S-1-5-21-3623811015-3361044348-30300820-1013",
        "10000012345",
        "99999912345",
        "2024/00123-4",
        "2026001234",
    ],
)
def test_these_were_keys_before(key):
    assert is_key(key)


SPELLINGS = {
    "digits": "{0}",
    "6+5 dash": "{1}-{2}",
    "6+5 space": "{1} {2}",
    "6+5 dot": "{1}.{2}",
    "6+5 minus": "{1}\N{MINUS SIGN}{2}",
    "6+5 en dash": "{1}\N{EN DASH}{2}",
    "6+5 no-break space": "{1}\N{NO-BREAK SPACE}{2}",
    "6+5 two signs": "{1} - {2}",
    "invisible marks": "\u200e{1}\u200b{2}\u2060",
    "6+3+2": "{1} {3} {4}",
    "2+2+2+5": "{5}.{6}.{7}-{2}",
    "in brackets": "({0})",
    "behind a source": "visma:{0}",
    "behind a dash": "elev-{0}",
    "behind a dash, 6+5": "elev-{1}-{2}",
    "behind letters": "fnr{0}",
    "before letters": "{0}no",
    "mail": "{0}@example.no",
    "uri": "urn:x:{0}",
}
OTHER_SPELLINGS = {
    "6+5 slash": "{1}/{2}",
    "6+5 low line": "{1}_{2}",
}
FORMS = {
    "F": {},
    "F 2032": {"rest": 2},
    "Tenor": {"plus_month": 80},
    "Tenor 2032": {"plus_month": 80, "rest": 3},
    "Dolly, H": {"plus_month": 40},
    "NHN": {"plus_month": 65},
}


def spelled(spelling: str, number: str) -> str:
    parts = (number[:6], number[6:], number[6:9], number[9:], number[:2], number[2:4], number[4:6])
    return spelling.format(number, *parts)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("sort", ["f", "d"])
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_number_is_no_key_however_it_is_spelled(make, spelling, sort, form):
    number = getattr(make, sort)(BORN, **FORMS[form])
    text = spelled(SPELLINGS[spelling], number)
    assert not is_key(text)
    for zero in "٠۰०０":
        assert not is_key("".join(chr(ord(zero) + int(c)) if c.isdecimal() else c for c in text))


@pytest.mark.parametrize("spelling", OTHER_SPELLINGS)
def test_other_spellings_of_it_are_none_either(make, spelling):
    assert not any(is_key(spelled(OTHER_SPELLINGS[spelling], make.f(BORN + timedelta(n)))) for n in range(5))


@pytest.mark.parametrize("form", [*FORMS.values(), {"plus_month": 50}, {"plus_month": 20}], ids=str)
def test_without_its_check_digits_or_its_date_it_may_be_a_key(make, form):
    number = make.f(BORN, **form)
    assert is_key(make.wrong(number))
    assert is_key("3202" + make.wrong(number)[4:])


@pytest.mark.parametrize("plus_month", [20, 50])
def test_numbers_that_others_gave_out_themselves_may_be_keys(make, plus_month):
    assert is_key(make.f(BORN, plus_month=plus_month))


def test_hospital_numbers_without_a_date_may_be_keys(make):
    assert is_key(next(make.every(date(2009, 3, 1), range(1000), plus_day=80)))


@pytest.mark.parametrize("spelling", ["{0}", "{1} {2} {3}", "{4} {3}", "duf:{0}", "{1}-{2}-{3}"])
def test_a_duf_number_is_no_key(make, spelling):
    number = make.duf(2099, 586975)
    text = spelling.format(number, number[:4], number[4:10], number[10:], number[:10])
    assert not is_key(text)


def test_a_number_without_its_leading_zero_is_no_key(make):
    number = make.f(date(2028, 3, 4))
    assert number[0] == "0"
    assert not is_key(number[1:])


def test_ten_digits_that_begin_with_a_year_are_a_case_number(make):
    numbers = (make.f(date(2028, 3, 2), range(iii, 1000)) for iii in range(0, 1000, 100))
    assert all(is_key(number[1:]) for number in numbers if number[1:5] == "2032")
    number = next(make.every(date(2026, 2, 2), range(1000)))
    assert number[1:5] == "2022"
    assert is_key(number[1:])


@pytest.mark.parametrize(("file", "keys"), [("uuid-keys", 4), ("case-number-keys", 13)])
def test_every_row_of_the_lists_is_read(file, keys):
    listed = read_person_list(CASES / f"{file}.csv", on=ON)
    assert (len(listed.records), listed.refusals) == (keys, ())


def test_a_school_and_a_group_have_keys_too(tmp_path):
    uuid = "e32a9e7b-c3c4-4754-bae7-25910259794a"
    path = tmp_path / "people.csv"
    path.write_text(f"source_id;given_name;school;role;groups\np1;Lina;{uuid}|b;elev;b:{uuid}:6A\n", encoding="utf-8")
    [record] = read_person_list(path, on=ON).records
    assert (record.schools[0], record.groups[0].id) == (uuid, uuid)


def test_a_number_is_neither_a_school_nor_a_group(tmp_path, make):
    path, number = tmp_path / "people.csv", make.f(BORN)
    head = "source_id;given_name;school;role;groups\n"
    for row in (f"p1;Lina;{number};elev;", f"p1;Lina;hylla;elev;b:{number}:6A", f"p1;Lina;hylla;elev;b:6a:{number}"):
        path.write_text(f"{head}{row}\n", encoding="utf-8")
        listed = read_person_list(path, on=ON)
        assert (listed.records, [one.code for one in listed.refusals]) == ((), ["R-NUMBER-MISPLACED"])
        assert number not in str(listed.refusals)


def test_the_digits_of_the_test_are_what_they_say():
    assert all(unicodedata.decimal(zero) == 0 for zero in "٠۰०０")
