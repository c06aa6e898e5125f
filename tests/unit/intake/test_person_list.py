"""What a row of a person list means, and which rows are refused."""

from __future__ import annotations

from datetime import date

import pytest

from feideprov.feide.group import Group
from feideprov.feide.person import PersonRecord, Role
from feideprov.intake import read_person_list
from feideprov.intake.cells import MISPLACED, SOURCE_ID_NUMBER
from feideprov.intake.columns import PERSON_LIST
from feideprov.intake.person_list import _OF_FIELD
from feideprov.issues import Origin
from feideprov.numbers import NumberText, number_shaped

from .conftest import HEAD, OLENA, ON, TENOR, WRONG

GOOD = {
    "source_id": "p1",
    "given_name": "Olena",
    "family_name": "Kovalenko",
    "legal_name": "",
    "birth_date": "2009-03-14",
    "school": "hylla",
    "role": "elev",
    "grade": "9",
    "groups": "b:9a:9A",
    "mobile": "+47 12 34 56 78",
    "mail": "olena@example.no",
    "language": "uk",
    "national_number": TENOR,
    "duf_number": "",
    "protected": "nei",
}


@pytest.fixture
def read(write):
    def _read(**cells):
        row = GOOD | cells
        return read_person_list(write(";".join(row) + "\n" + ";".join(row.values()) + "\n"), on=ON)

    return _read


def refused(listed):
    assert listed.records == ()
    (refusal,) = listed.refusals
    assert refusal.origin == Origin("people.csv", 2)
    assert refusal.sentence.endswith(".")
    assert not refusal.held
    return refusal


def test_a_row_becomes_a_record(read):
    listed = read(school="hylla | NO912345688", duf_number="as written")
    assert listed.records == (
        PersonRecord(
            source_id="p1",
            given_name="Olena",
            family_name="Kovalenko",
            birth_date=date(2009, 3, 14),
            school="hylla | NO912345688",
            role=Role.PUPIL,
            grade="9",
            groups=(Group("b", "9a", "9A"),),
            mobile="+4712345678",
            mail="olena@example.no",
            language="uk",
            national_number=NumberText(TENOR),
            duf_number=NumberText("as written"),
            origin=Origin("people.csv", 2),
        ),
    )
    assert listed.refusals == ()


def test_an_empty_cell_says_nothing(read):
    empty = dict.fromkeys(set(GOOD) - {"source_id", "given_name", "school", "role"}, "")
    (record,) = read(**empty).records
    assert record.model_fields_set == {"source_id", "given_name", "school", "role", "origin"}


@pytest.mark.parametrize("number", [WRONG, "1234567890", "12345", "ikke ennå"], ids=["sum", "ten", "five", "words"])
def test_a_wrong_number_does_not_refuse_the_row(read, number):
    assert read(national_number=number).records[0].national_number.reveal() == number


@pytest.mark.parametrize(
    "text", ["2008-12-31", "31.12.2008", "31.12.2008 00:00", "2008-12-31T00:00:00", "'31.12.2008"], ids=range(5)
)
def test_dates_that_are_read(read, text):
    assert read(birth_date=text).records[0].birth_date == date(2008, 12, 31)


def test_dates_without_leading_zeros(read):
    assert read(birth_date="1.2.2008").records[0].birth_date == date(2008, 2, 1)


def test_no_midnight_makes_a_date_look_like_a_number(read):
    text = "11.10.1965 00:00"
    assert number_shaped(text)
    assert read(birth_date=text).records[0].birth_date == date(1965, 10, 11)


def test_a_country_in_front_makes_a_mobile_number_of_what_looks_like_another(read):
    assert number_shaped("+46 701234567")
    assert read(mobile="+46 701234567").records[0].mobile == "+46701234567"
    assert refused(read(mobile="46 701234567")).code == "R-NUMBER-MISPLACED"
    assert refused(read(school=f"+{TENOR}")).code == "R-NUMBER-MISPLACED"


def test_a_cell_is_blamed_once(read):
    assert refused(read(source_id=TENOR)).sentence == f"Column source_id: {SOURCE_ID_NUMBER}"
    assert refused(read(given_name=TENOR, family_name="")).sentence == f"Column given_name: {MISPLACED}"
    assert refused(read(role=TENOR)).sentence == f"Column role: {MISPLACED}"


REFUSED_DATES = {
    "slash": "31/12/2008",
    "short-iso": "2008-2-1",
    "short-year": "31.12.08",
    "serial": "39813",
    "february": "2008-02-30",
    "month": "31.13.2008",
    "year": "0000-01-01",
    "word": "yesterday",
    "tomorrow": "2026-11-23",
    "old": "01.01.1800",
    "noon": "31.12.2008 12:00",
}


@pytest.mark.parametrize("text", REFUSED_DATES.values(), ids=REFUSED_DATES.keys())
def test_dates_that_are_refused(read, text):
    refusal = refused(read(birth_date=text))
    assert refusal.code == "R-DATE"
    assert refusal.sentence.startswith("Column birth_date: ")


def test_born_today(read):
    assert read(birth_date="22.11.2026").records


@pytest.mark.parametrize("word", ["yes", "Ja", "TRUE", "sann", "1", "x", "J", "y", "Strengt  fortrolig"], ids=str)
def test_protected(read, word):
    assert read(protected=word).records[0].protected is True


@pytest.mark.parametrize("word", ["no", "Nei", "FALSE", "USANN", "0", "", "ugradert"], ids=lambda w: w or "empty")
def test_not_protected(read, word):
    assert read(protected=word).records[0].protected is False


@pytest.mark.parametrize(
    "word", ["pupil", "student", "teacher", "staff", "elev", "deltaker", "lærer", "ansatt"], ids=str
)
def test_the_roles_that_the_refusal_names(read, word):
    assert read(role=word.upper()).records
    assert word in _OF_FIELD["role"][1]


@pytest.mark.parametrize(
    ("cells", "code", "words"),
    [
        ({"source_id": ""}, "R-SOURCE-ID", "Column source_id: the cell is empty"),
        ({"source_id": TENOR}, "R-SOURCE-ID", "Column source_id: this looks like an identity number"),
        ({"source_id": f"elev-{TENOR}"}, "R-SOURCE-ID", "Column source_id: this looks like an identity number"),
        ({"source_id": "1,23E+10"}, "R-SOURCE-ID", "Column source_id: a spreadsheet"),
        ({"given_name": "", "family_name": " "}, "R-NAME", "Columns given_name and family_name: the person has no"),
        ({"given_name": "\u200f", "family_name": ""}, "R-NAME", "Columns given_name and family_name: the person has"),
        ({"given_name": "Olena 123456"}, "R-NAME", "Column given_name: a name must not contain a number"),
        ({"family_name": "K 12/34 5"}, "R-NAME", "Column family_name: a name must not contain a number"),
        ({"family_name": "Коваленко".encode("cp1252", "replace").decode()}, "R-NAME", "Column family_name: letters"),
        ({"legal_name": "Bj\ufffdrn"}, "R-NAME", "Column legal_name: letters"),
        ({"school": ""}, "R-SCHOOL", "Column school: the cell is empty"),
        ({"school": " | "}, "R-SCHOOL", "Column school: the cell is empty"),
        ({"role": ""}, "R-ROLE", "Column role: the cell is empty. Write pupil"),
        ({"role": "rektor"}, "R-ROLE", "Column role: this is not a role. Write pupil"),
        ({"mobile": "90 12 34 56"}, None, ""),
        ({"language": "nb_NO"}, None, ""),
        ({"protected": "kanskje"}, "R-PROTECTED-VALUE", "Column protected: this is neither yes nor no"),
        *(
            ({column: f"{TENOR[:6]} {TENOR[6:]}"}, "R-NUMBER-MISPLACED", f"Column {column}: this looks like")
            for column in sorted(set(GOOD) - {"source_id", "national_number", "duf_number"})
        ),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_rows_that_are_refused(read, cells, code, words):
    listed = read(**cells)
    if code is None:
        assert listed.records
        return
    refusal = refused(listed)
    assert refusal.code == code
    assert refusal.sentence.startswith(words)


@pytest.mark.parametrize(
    ("column", "wrong", "code"),
    [
        ("mobile", "ring far", "R-MOBILE"),
        ("mobile", "12345", "R-MOBILE"),
        ("language", "ukrainsk", "R-LANGUAGE"),
        ("grade", "førskole", "R-GRADE"),
        ("mail", "æøå@x.no", "R-MAIL"),
    ],
)
def test_what_can_wait_is_left_out_and_the_person_stays(read, column, wrong, code):
    listed = read(**{column: wrong})
    (record,), (refusal,) = listed.records, listed.refusals
    assert (refusal.code, refusal.sentence.endswith(" The value is not used.")) == (code, True)
    assert dict(record) == dict(read(**{column: ""}).records[0])


def test_a_row_that_is_refused_leaves_nothing_out(read):
    listed = read(mobile="ring far", birth_date="ingen")
    assert listed.records == ()
    assert "not used" not in listed.refusals[0].sentence


def test_a_sentence_gives_the_files_own_heading(write):
    path = write("Elev-ID;Fornavn;Etternavn;Fødselsdato;Skole;Rolle\np1;;;31.2.2009;hylla;elev\n")
    (refusal,) = read_person_list(path).refusals
    assert refusal.code == "R-NAME"
    assert "Columns given_name (“Fornavn”) and family_name (“Etternavn”): the person has no name." in refusal.sentence
    assert "Column birth_date (“Fødselsdato”): this date does not exist." in refusal.sentence


def test_a_row_is_refused_once_with_all_that_is_wrong(read):
    refusal = refused(
        read(
            source_id="", given_name=WRONG, birth_date="x", role="x", grade="x", groups="x:", mobile="x", protected="?"
        )
    )
    assert refusal.code == "R-SOURCE-ID"
    names = ["source_id", "given_name", "birth_date", "role", "grade", "groups", "mobile", "protected"]
    places = [refusal.sentence.index(f"Column {name}") for name in names]
    assert places == sorted(places)
    assert refusal.sentence.count("Column") == len(names)


def test_the_other_rows_go_on(write):
    text = f"{HEAD}\n{OLENA}\n;Ola;N;;hylla;elev\n{OLENA};x\n{OLENA}\n\np9;Kari;N;x;hylla;elev\n"
    listed = read_person_list(write(text))
    assert [record.origin.row for record in listed.records] == [2, 5]
    assert [(r.origin.row, r.code) for r in listed.refusals] == [(3, "R-SOURCE-ID"), (4, "R-COLUMNS"), (7, "R-DATE")]


def test_a_list_with_one_name_column(write):
    listed = read_person_list(write("id;navn på pass;etternavn;skole;rolle\n1;x;Kovalenko;h;elev\n2;x;;h;elev\n"))
    assert listed.records[0].full_name == "Kovalenko"
    assert listed.refusals[0].sentence.startswith("Column family_name (“etternavn”): the person has no name")


def test_today_is_the_day_unless_said(write):
    path = write(f"{HEAD}\n{OLENA.replace('2009', '9009')}\n")
    assert read_person_list(path).refusals[0].code == "R-DATE"
    assert read_person_list(path, on=date(9010, 1, 1)).records


def test_there_is_a_sentence_for_every_field_that_can_fail():
    handled_here = {"groups", "protected", "national_number", "duf_number"}
    assert set(_OF_FIELD) == {column.name for column in PERSON_LIST.columns} - handled_here
    assert set(PersonRecord.model_fields) - {"origin", "all_groups"} == {column.name for column in PERSON_LIST.columns}


@pytest.mark.parametrize("key", ["bcdfghjkmnpq", "p2"], ids=["of a sheet to fill in", "of another system"])
def test_a_key_with_nobody_beside_it_is_an_empty_row(write, key):
    listed = read_person_list(write(f"{HEAD}\n{key};;;;;\n{OLENA}\n{key};;;;\n"), on=ON)
    assert ([record.source_id for record in listed.records], listed.refusals) == (["p1"], ())
    assert listed.notes == (
        () if key.isalpha() else ("2 rows have a source id and nothing else. They count as empty rows.",)
    )


def test_a_number_with_nobody_beside_it_is_refused(write):
    listed = read_person_list(write(f"{HEAD}\n{TENOR};;;;;\n"), on=ON)
    assert [refusal.code for refusal in listed.refusals] == ["R-SOURCE-ID"]


@pytest.mark.parametrize(
    "words", ["har ikke nummer ennå", "Har ikkje nummer enno.", "has no number  yet", "'har ikke nummer"]
)
def test_words_that_say_that_there_is_no_number_yet_are_no_number(read, words):
    (record,) = read(national_number=words, duf_number=words).records
    assert (record.national_number, record.duf_number) == (None, None)


def test_other_words_in_a_cell_for_a_number_are_judged(read):
    (record,) = read(national_number="har ikke nummer ennå?").records
    assert record.national_number is not None
