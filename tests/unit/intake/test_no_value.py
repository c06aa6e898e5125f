"""Cells that hold no value: errors of spreadsheets, and what programs write where there is nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from feideprov.intake import read_number_list, read_person_list
from feideprov.intake.columns import NUMBER_LIST, PERSON_LIST, REPLACEMENT_LIST, WITHDRAWAL_LIST
from feideprov.no_value import no_value
from tests.unit.intake.test_number_list import GOOD as GOOD_NUMBER
from tests.unit.intake.test_person_list import GOOD as GOOD_PERSON

from .conftest import ON, TENOR

CASES = Path(__file__).parents[2] / "data" / "cases"


MEANINGS = {
    "the look-up found nothing": "#I/T #N/A #n/a #NV #N/D #N/B #Н/Д #SAKNAS! #PUUTTUU! #YOK",
    "refers to a cell that is gone": "#REF! #REFERENCE! #REFERENS! #BEZUG! #ССЫЛКА! #¡REF!",
    "a value of the wrong kind": "#VERDI! #VALUE! #VÆRDI! #VÄRDEFEL! #WERT! #ARVO! #ЗНАЧ! #¡VALOR!",
    "a name that the spreadsheet does not know": "#NAVN? #NAMN? #NAME? #NOM? #NIMI? #¿NOMBRE? #ИМЯ?",
    "divides by zero": "#DIV/0! #DIVISION/0! #JAKO/0! #DEEL/0! #ДЕЛ/0! #¡DIV/0!",
    "no number that the spreadsheet can use": "#NUM! #TALL! #ZAHL! #OGILTIGT! #LUKU! #ЧИСЛО!",
    "no cell in common": "#NULL! #NUL! #SKÄRNING! #TYHJÄ! #LEEG! #ПУСТО!",
    "no room": "#SPILL! #OVERFLYT! #ÜBERLAUF! #PROPAGATION!",
    "had not fetched the data": "#GETTING_DATA #HENTER_DATA #BUSY! #CONNECT!",
    "an error": "#CALC! #FIELD! #UNKNOWN! #ERROR! #FEIL! #CYCLE! #PYTHON! Err:502 Feil:508 Fehler:504 Err: 522",
    "the column is too narrow": "### ##########",
    "where there is no value": "(null) undefined NULL null <null> [NULL] \\N NaN nan None nil <nil> NaT <NA> n/a N/A",
}
WORDS = [(word, meaning) for meaning, words in MEANINGS.items() for word in words.replace("Err: ", "Err:_").split()]

PERSON_CODES = {
    **dict.fromkeys(("given_name", "family_name", "legal_name", "nickname"), "R-NAME"),
    "source_id": "R-SOURCE-ID",
    "birth_date": "R-DATE",
    "school": "R-SCHOOL",
    "role": "R-ROLE",
    "protected": "R-PROTECTED-VALUE",
}
LEFT_OUT = {
    "grade": "R-GRADE",
    "groups": "R-GROUP",
    "mail": "R-MAIL",
    "mobile": "R-MOBILE",
    "language": "R-LANGUAGE",
}
NUMBER_CODES = {
    **dict.fromkeys(("source_id", "user", "duf_number"), "R-SOURCE-ID"),
    **dict.fromkeys(("birth_date", "seen_on"), "R-DATE"),
    **dict.fromkeys(("evidence", "seen_by"), "R-EVIDENCE"),
    **dict.fromkeys(("national_number", "old_number"), "R-NUMBER-MISSING"),
}


@pytest.fixture
def people(write):
    def read(**cells):
        row = GOOD_PERSON | cells
        return read_person_list(write(";".join(row) + "\n" + ";".join(row.values()) + "\n"), on=ON)

    return read


@pytest.fixture
def numbers(write):
    def read(layout=NUMBER_LIST, **cells):
        row = GOOD_NUMBER | {"old_number": TENOR} | cells
        path = write(";".join(row) + "\n" + ";".join(row.values()) + "\n", "numbers.csv")
        return read_number_list(path, on=ON, layout=layout)

    return read


@pytest.mark.parametrize(("word", "meaning"), WORDS, ids=[word for word, _ in WORDS])
def test_a_key_is_refused_with_what_the_program_means(people, word, meaning):
    listed = people(source_id=word.replace("_", " ") if word.startswith("Err:_") else word)
    [refusal] = listed.refusals
    assert (listed.records, refusal.code) == ((), "R-SOURCE-ID")
    assert refusal.sentence.startswith("Column source_id: ")
    assert meaning in refusal.sentence
    assert word not in refusal.sentence.split(" ")


def test_every_column_of_both_lists_is_tested():
    numbers = {"national_number", "duf_number"}
    assert {c.name for c in PERSON_LIST.columns} == PERSON_CODES.keys() | LEFT_OUT.keys() | numbers
    assert {c.name for c in NUMBER_LIST.columns} == NUMBER_CODES.keys()


@pytest.mark.parametrize("word", ["#I/T", "#NAVN?", "(null)", "undefined", "'#N/A", "Err:502"])
@pytest.mark.parametrize("column", PERSON_CODES)
def test_no_column_of_a_person_list_has_it_as_a_value(people, column, word):
    listed = people(**{column: word})
    [refusal] = listed.refusals
    assert (listed.records, refusal.code) == ((), PERSON_CODES[column])
    assert refusal.sentence.startswith(f"Column {column}: ")
    assert refusal.sentence.count("Column") == 1
    assert any(meaning in refusal.sentence for meaning in MEANINGS)


@pytest.mark.parametrize("word", ["#I/T", "NULL", "undefined"])
@pytest.mark.parametrize("column", LEFT_OUT)
def test_what_can_wait_is_left_out_and_reported_with_its_meaning(people, column, word):
    listed = people(**{column: word})
    [record], [refusal] = listed.records, listed.refusals
    assert (getattr(record, column) or "", refusal.code) == ("", LEFT_OUT[column])
    assert any(meaning in refusal.sentence for meaning in MEANINGS)
    assert refusal.sentence.startswith(f"Column {column}: ")
    assert refusal.sentence.endswith(("The value is not used.", "keeps those of before."))


@pytest.mark.parametrize(
    "cells",
    [
        {"school": "hylla|#I/T"},
        {"school": "#REF! | hylla"},
        {"given_name": "Lina #I/T"},
        {"legal_name": "#VERDI! Haddad"},
        {"source_id": "visma-#N/A"},
    ],
    ids=str,
)
def test_a_part_of_a_cell_counts_too(people, cells):
    listed = people(**cells)
    [refusal] = listed.refusals
    assert listed.records == ()
    assert any(meaning in refusal.sentence for meaning in MEANINGS)


@pytest.mark.parametrize("layout", [NUMBER_LIST, REPLACEMENT_LIST, WITHDRAWAL_LIST], ids=lambda one: one.what)
@pytest.mark.parametrize("column", NUMBER_CODES)
def test_no_column_of_a_number_list_has_it_as_a_value(numbers, layout, column):
    listed = numbers(layout, **{column: "#I/T"})
    [refusal] = listed.refusals
    assert (listed.rows, listed.unanswered, refusal.code) == ((), 0, NUMBER_CODES[column])
    assert refusal.sentence.startswith(f"Column {column}: ")
    assert "the look-up found nothing" in refusal.sentence


def test_a_row_without_a_number_tells_nothing_of_its_other_cells_but_a_broken_key(write):
    path = write("source_id;national_number;evidence\n#I/T;;\np2;;\n", "numbers.csv")
    listed = read_number_list(path, on=ON)
    assert ([one.code for one in listed.refusals], listed.unanswered) == (["R-SOURCE-ID"], 1)


REAL_NAMES = [
    *[("Jennifer", "Null"), ("JENNIFER", "NULL"), ("jennifer", "null"), ("Null", "Hansen")],
    *[("Ann", "None"), ("None", "Diop"), ("None", ""), ("Nil", "Yılmaz"), ("NIL", "YILMAZ"), ("nil", "yılmaz")],
    *[("Nan", "Aung"), ("nan", "aung"), ("Nan", "Nan"), ("Na", "Kim"), ("NA", "KIM"), ("Kim", "Na"), ("Nam", "Vo")],
    *[("", "Null"), ("Nil", ""), ("Nan", ""), ("O", "I"), ("Err", "Hansen"), ("Verdi", "Navn"), ("Undefined", "Dal")],
    *[("ምሕረት", ""), ("李", "娜"), ("N'Golo", "D’A"), ("Ng", "Ng")],
]


@pytest.mark.parametrize(("given", "family"), REAL_NAMES)
def test_a_real_name_is_never_refused(people, given, family):
    listed = people(given_name=given, family_name=family)
    assert listed.refusals == ()
    assert (listed.records[0].given_name, listed.records[0].family_name) == (given, family)


NO_NAMES = [
    *[("#I/T", "Haddad"), ("#N/A", "#REF!"), ("(null)", "(null)"), ("undefined", "undefined"), ("Lina", "(null)")],
    *[("undefined", "Haddad"), ("NULL", "NULL"), ("null", "null"), ("NULL", ""), ("", "null"), ("None", "None")],
    *[("nan", "nan"), ("NaN", "Haddad"), ("Lina", "NULL"), ("Lina", "null"), ("Lina", "nan"), ("Lina", "nil")],
    *[("[NULL]", "Haddad"), ("<null>", "Haddad"), ("\\N", "\\N"), ("<NA>", "Dal"), ("LINA", "null")],
    *[("0", "0"), ("0", "Haddad"), ("Lina", "0"), ("-", "-"), ("Lina", "-"), (".", "Haddad"), ("Lina", "…")],
    *[("***", "***"), ("7", "8"), ("-", ""), ("'", "Dal"), ("٠", "Dal")],
]


@pytest.mark.parametrize(("given", "family"), NO_NAMES)
def test_what_is_no_name_is_refused(people, given, family):
    listed = people(given_name=given, family_name=family)
    assert listed.records == ()
    assert {one.code for one in listed.refusals} == {"R-NAME"}
    assert "letters were lost" not in listed.refusals[0].sentence


@pytest.mark.parametrize("key", ["0", "000", "-", ".", "--", "0.0", "٠"])
def test_a_key_of_zeros_or_signs_is_refused(people, key):
    listed = people(source_id=key)
    assert (listed.records, [one.code for one in listed.refusals]) == ((), ["R-SOURCE-ID"])


@pytest.mark.parametrize("language", ["nan", "nil"])
def test_two_of_the_words_are_languages(people, language):
    listed = people(language=language)
    assert (listed.records[0].language, listed.refusals) == (language, ())


@pytest.mark.parametrize("key", ["NIL", "nAn", "NA", "#1", "err-502", "elev:502", "no", "00-1", "å", "null-1", "#6A"])
def test_other_keys_are_read(people, key):
    assert people(source_id=key).records[0].source_id == key


def test_the_two_lists_with_the_same_broken_key_have_no_record_at_all():
    for number in (1, 2):
        listed = read_person_list(CASES / f"spreadsheet-error-key-{number}.csv", on=ON)
        assert (listed.records, [one.code for one in listed.refusals]) == ((), ["R-SOURCE-ID"])


def test_no_row_of_the_list_of_errors_becomes_a_record():
    listed = read_person_list(CASES / "spreadsheet-errors.csv", on=ON)
    assert listed.records == ()
    codes = [one.code for one in listed.refusals]
    assert codes == [*["R-NAME"] * 4, "R-SOURCE-ID", "R-DATE", *["R-NAME"] * 3]


@pytest.mark.parametrize("text", ["NULL ", "  nan", "hylla | undefined", "#I/T  "])
def test_spaces_around_it_make_no_value_of_it(text):
    assert no_value(text) is not None
