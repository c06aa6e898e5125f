"""Evidence for a whole list, and the proof afterwards which number it was about."""

from __future__ import annotations

import io
import sqlite3
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.journeys.conftest import Answer, Office

USER = "olenkova@skotthyll.kommune.no"
TENOR = "52829400197"  # born 1994-02-12
OTHER = "45840375084"  # born 2003-04-05
SEEN = ("--evidence", "register", "--seen-by", "Kari Nordmann", "--seen-on", "2026-11-02")


@pytest.fixture
def waiting(office: Office) -> Office:
    """An office with one pending user."""
    made = office("apply", office.people("ref-1;Olena;Kovalenko;;hylla;pupil;"), "--yes")
    assert made.code == 0
    return office


def numbers(office: Office, row: str = f"ref-1;{TENOR};;;", name: str = "arrived.csv") -> str:
    return office.write(name, f"source_id;national_number;evidence;seen_by;seen_on\n{row}\n")


def codes(answer: Answer) -> list[str]:
    return [refusal["code"] for refusal in answer.json["refusals"]]


def about(office: Office, monkeypatch: pytest.MonkeyPatch, number: str, *words: str) -> Answer:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(f"{number}\n".encode())))
    return office("history", USER, "--about", *words)


def test_a_row_with_neither_evidence_nor_birth_date_is_held_until_the_list_has_evidence(waiting: Office) -> None:
    assert codes(waiting("attach", numbers(waiting), "--yes", "--json")) == ["R-EVIDENCE"]
    attached = waiting("attach", numbers(waiting), "--yes", *SEEN)
    assert attached.code == 0
    assert "evidence: register, seen by Kari Nordmann on 2026-11-02" in waiting("history", USER).out


def test_a_rows_own_evidence_goes_first(waiting: Office) -> None:
    listed = numbers(waiting, f"ref-1;{TENOR};brev;Per Hansen;1.10.2026")
    assert waiting("attach", listed, "--yes", *SEEN).code == 0
    assert "evidence: letter, seen by Per Hansen on 2026-10-01" in waiting("history", USER).out


def test_evidence_of_a_person_list_holds_for_its_numbers(office: Office) -> None:
    people = office.people(f"ref-1;Olena;Kovalenko;1994-02-13;hylla;pupil;{TENOR}")
    assert codes(office("apply", people, "--yes", "--json")) == ["N-DATE"]
    plan = office.write("plan.json", "")
    assert office("plan", people, "-o", plan, *SEEN).code == 0
    assert office("apply", plan, "--yes").code == 0
    events = office("history", USER, "--json").json["events"]
    assert (events[-1]["kind"], events[-1]["lifted"]) == ("attach", "N-DATE")
    assert events[-1]["evidence"] == "register, seen by Kari Nordmann on 2026-11-02"


def test_a_source_in_the_configuration_is_evidence_for_a_number_list(waiting: Office) -> None:
    source = (
        '[[sources]]\nname = "visma"\nevidence = "register"\nconfirmed_by = "Rektor"\nconfirmed_on = 2001-01-01\n\n'
    )
    waiting.set("[login]", f"{source}[login]")
    # Older than the number can be, if it were about this number: it speaks about the whole source.
    born_later = numbers(waiting, f"ref-1;{OTHER};;;")
    assert waiting("attach", born_later, "--yes", "--source", "visma").code == 0
    assert "register, seen by Rektor on 2001-01-01 (source visma)" in waiting("history", USER).out


def test_evidence_older_than_the_number_is_no_evidence(waiting: Office) -> None:
    old = ("--evidence", "letter", "--seen-by", "Kari", "--seen-on", "2003-04-04")
    answer = waiting("attach", numbers(waiting, f"ref-1;{OTHER};;;"), "--yes", "--json", *old)
    assert (answer.code, codes(answer)) == (1, ["N-EVIDENCE-OLD"])
    assert answer.json["counts"]["held"] == 1


@pytest.mark.parametrize(
    "words",
    [
        SEEN[:2],
        SEEN[2:],
        (*SEEN[:5], "soon"),
        (*SEEN[:5], "2999-01-01"),
        ("--evidence", "rumour", *SEEN[2:]),
        (*SEEN[:3], "Kari 12829", *SEEN[4:]),
    ],
    ids=["half", "other half", "no date", "future", "no source", "digits"],
)
def test_half_or_wrong_evidence_stops_with_a_sentence(waiting: Office, one_sentence, words: tuple[str, ...]) -> None:
    before = waiting.state()
    answer = waiting("attach", numbers(waiting), "--yes", *words)
    assert answer.code == 2
    assert one_sentence(answer)
    assert waiting.state() == before


def test_the_journal_proves_which_number_its_evidence_is_about(
    waiting: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting("attach", numbers(waiting), "--yes", *SEEN)
    right, wrong = about(waiting, monkeypatch, f" {TENOR[:6]} {TENOR[6:]}"), about(waiting, monkeypatch, OTHER)
    assert [line.endswith("; about this number") for line in right.out.splitlines()] == [False, True]
    assert [line.endswith("; not about this number") for line in wrong.out.splitlines()] == [True, True]
    found = about(waiting, monkeypatch, TENOR, "--json").json["events"]
    assert [event["about"] for event in found] == [False, True]
    assert "about" not in waiting("history", USER, "--json").json["events"][0]
    assert TENOR not in right.out + right.err


@pytest.mark.parametrize(
    "change",
    [
        "evidence_seen_by = 'Per Hansen'",
        "evidence_seen_on = '2026-11-01'",
        "evidence_source = 'letter'",
        "evidence_note = 'and more'",
        "evidence_standing = 1",
        "lifted = 'N-OLD'",
        "number_mark = 'of another number'",
        "feide_name = 'other@skotthyll.kommune.no'",
        "evidence_seal = NULL",
        "evidence_source = NULL",
    ],
    ids=lambda change: change.partition(" ")[0],
)
def test_evidence_that_was_altered_is_told(waiting: Office, change: str) -> None:
    waiting("attach", numbers(waiting), "--yes", *SEEN)
    with sqlite3.connect(waiting.journal) as database:
        database.execute(f"UPDATE change SET {change} WHERE kind = 'attach'")
    database.close()
    user = "other@skotthyll.kommune.no" if change.startswith("feide_name") else USER
    answer = waiting("history", user)
    assert answer.code == 1
    assert "This evidence was changed after it was written down" in answer.out.splitlines()[-1]
    assert waiting("history", user, "--json").json["events"][-1]["altered"] is True
