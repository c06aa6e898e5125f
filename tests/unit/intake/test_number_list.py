"""Numbers that have arrived, and the evidence for them."""

from __future__ import annotations

from datetime import date

import pytest

from feideprov.intake import NumberRow, read_number_list
from feideprov.issues import Origin
from feideprov.numbers import Evidence, EvidenceSource, NumberText

from .conftest import ON, TENOR, WRONG

GOOD = {
    "source_id": "p1",
    "user": "Olena@Skotthyll.kommune.no",
    "national_number": TENOR,
    "old_number": "",
    "birth_date": "14.3.2009",
    "evidence": "letter",
    "seen_by": "Kari Nordmann",
    "seen_on": "2026-11-02",
}


@pytest.fixture
def read(write):
    def _read(**cells):
        row = GOOD | cells
        return read_number_list(write(";".join(row) + "\n" + ";".join(row.values()) + "\n", "numbers.csv"), on=ON)

    return _read


def test_a_row_is_a_number_a_user_and_evidence(read):
    listed = read(old_number="as it was")
    assert listed.rows == (
        NumberRow(
            NumberText(TENOR),
            Origin("numbers.csv", 2),
            source_id="p1",
            user="olena@skotthyll.kommune.no",
            old_number=NumberText("as it was"),
            birth_date=date(2009, 3, 14),
            evidence=Evidence("letter", "Kari Nordmann", date(2026, 11, 2)),
        ),
    )
    assert (listed.refusals, listed.unanswered, listed.ignored_columns) == ((), 0, ())


def test_a_number_alone_is_enough_for_the_intake(write):
    (row,) = read_number_list(write(f"Bruker,Fødselsnummer/D-nummer\nOlena@x.no,'{TENOR}\n")).rows
    assert (row.user, row.source_id, row.birth_date, row.evidence, row.old_number) == (
        "olena@x.no",
        "",
        None,
        None,
        None,
    )
    assert row.national_number.reveal() == TENOR


def test_norwegian_headings(write):
    path = write(
        "Kilde-ID;Feide-navn;D-nummer;Tidligere nummer;Fødselsdato;Grunnlag;Kontrollert av;Kontrollert dato\n"
        f"p1;;{TENOR};x;14.3.2009;Asylsøkerbevis;Kari;2.11.2026\n"
    )
    (row,) = read_number_list(path, on=ON).rows
    assert row.evidence == Evidence("card", "Kari", date(2026, 11, 2))


@pytest.mark.parametrize(
    ("word", "source"),
    [
        ("register", "register"),
        ("Registeroppslag", "register"),
        ("folkeregisteret", "register"),
        ("letter", "letter"),
        ("BREV", "letter"),
        ("card", "card"),
        ("kort", "card"),
        ("asylsøkerbevis", "card"),
        ("authority", "authority"),
        ("myndighet", "authority"),
        ("etat", "authority"),
    ],
    ids=str,
)
def test_the_words_for_evidence(read, word, source):
    assert read(evidence=word).rows[0].evidence.source is EvidenceSource(source)


def test_rows_without_a_number_are_counted_not_refused(write):
    text = f"id;fnr;grunnlag;dato\np1;;;\np2;{TENOR};;\np3; ;rykte;32.1.2026\n\n;;;\n;;letter;\n"
    listed = read_number_list(write(text))
    assert [row.origin.row for row in listed.rows] == [3]
    assert listed.unanswered == 3
    assert listed.refusals == ()


@pytest.mark.parametrize(
    ("cells", "code", "words"),
    [
        ({"source_id": "", "user": ""}, "R-SOURCE-ID", "Columns source_id and user: the row does not say which user"),
        ({"source_id": TENOR}, "R-SOURCE-ID", "Column source_id: this looks like"),
        ({"birth_date": "31.2.2009"}, "R-DATE", "Column birth_date: this date does not exist"),
        ({"seen_on": "2026-11-23"}, "R-DATE", "Column seen_on: the date is in the future"),
        ({"evidence": "rykte"}, "R-EVIDENCE", "Column evidence: this is not a source of evidence"),
        ({"seen_by": "Kari, 12 34 56 78"}, "R-EVIDENCE", "Column seen_by: this must be the name of the person"),
        ({"evidence": ""}, "R-EVIDENCE", "Columns evidence, seen_by and seen_on: all three must be filled in"),
        ({"seen_by": ""}, "R-EVIDENCE", "Columns evidence, seen_by and seen_on: all three must be filled in"),
        ({"seen_on": ""}, "R-EVIDENCE", "Columns evidence, seen_by and seen_on: all three must be filled in"),
        (
            {"evidence": "", "seen_by": ""},
            "R-EVIDENCE",
            "Columns evidence, seen_by and seen_on: all three must be filled in",
        ),
        *(
            ({column: WRONG}, "R-NUMBER-MISPLACED", f"Column {column}: this looks like")
            for column in ("user", "birth_date", "evidence", "seen_by", "seen_on")
        ),
        ({"seen_by": WRONG, "national_number": ""}, "R-NUMBER-MISPLACED", "Column seen_by: this looks like"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_rows_that_are_refused(read, cells, code, words):
    listed = read(**cells)
    assert listed.rows == ()
    (refusal,) = listed.refusals
    assert (refusal.code, refusal.origin) == (code, Origin("numbers.csv", 2))
    assert refusal.sentence.startswith(words)


def test_everything_wrong_is_said_at_once(read):
    (refusal,) = read(source_id="", user="", birth_date="x", evidence="x", seen_on="x").refusals
    assert [refusal.sentence.count(name) for name in ("Column birth_date", "Column evidence", "Column seen_on")] == [
        1
    ] * 3


@pytest.mark.parametrize("number", [WRONG, "1234567890", "utlending"], ids=["sum", "ten", "word"])
def test_numbers_are_not_judged(read, number):
    assert read(national_number=number).rows[0].national_number.reveal() == number


def test_a_row_shows_neither_number_nor_birth_date(read):
    shown = repr(read(old_number=WRONG).rows[0])
    assert "<number as written>" in shown
    assert "2009" not in shown
    assert WRONG[-5:] not in shown


@pytest.mark.parametrize("words", ["har ikke nummer ennå", "HAR IKKJE NUMMER ENNO", "has no number yet"])
def test_words_that_say_that_there_is_no_number_yet_are_no_number(read, words):
    listed = read(national_number=words, evidence="", seen_by="", seen_on="")
    assert (listed.rows, listed.refusals, listed.unanswered) == ((), (), 1)
