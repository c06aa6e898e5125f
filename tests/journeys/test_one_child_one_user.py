"""One child, one user; one user, one child: by commands, with small lists as they come."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.journeys.conftest import Office

CASES = Path(__file__).parents[1] / "data" / "cases"
REALM = "skotthyll.kommune.no"


def case(office: Office, name: str) -> str:
    shutil.copy(CASES / name, office.folder / name)
    return str(office.folder / name)


def test_the_same_people_in_other_spellings_are_a_question_each(office: Office) -> None:
    assert office("apply", case(office, "same-people-1.csv"), "--yes").code == 0
    answer = office("apply", case(office, "same-people-2.csv"), "--yes", "--json")
    held = {refusal["row"]: refusal["code"] for refusal in answer.json["refusals"]}
    assert held == dict.fromkeys(range(2, 11), "R-SAME-PERSON")
    assert (answer.code, answer.json["counts"]["created"]) == (1, 0)


def test_a_new_person_is_made_by_one_command(office: Office) -> None:
    office("apply", case(office, "same-people-1.csv"), "--yes")
    people = case(office, "same-people-2.csv")
    made = office("apply", people, "--only", "r4", "--new-person", "--yes", "--json")
    assert (made.code, made.json["counts"]["created"]) == (0, 1)
    answer = office("plan", people, "--json")
    assert 5 not in [refusal["row"] for refusal in answer.json["refusals"]]


def test_new_person_needs_the_row(office: Office, one_sentence) -> None:
    answer = office("apply", case(office, "same-people-1.csv"), "--new-person")
    assert answer.code == 2
    assert "--only" in one_sentence(answer)


def test_resolve_different_takes_the_source_id(office: Office) -> None:
    office("apply", case(office, "same-people-1.csv"), "--yes")
    people = case(office, "same-people-2.csv")
    [user] = [r["user"] for r in office("plan", people, "--json").json["refusals"] if r["row"] == 5]
    assert office("resolve", user, "--different", "r4", "--yes").code == 0
    assert office("apply", people, "--yes", "--json").json["counts"]["created"] == 1


def test_a_key_that_is_used_again_changes_nobody(office: Office) -> None:
    assert office("apply", case(office, "key-used-again-1.csv"), "--yes").code == 0
    before = office.state()
    answer = office("apply", case(office, "key-used-again-2.csv"), "--yes", "--json")
    assert [(r["row"], r["code"], r["held"]) for r in answer.json["refusals"]] == [(2, "R-OTHER-PERSON", True)]
    assert office.entry("1042").text("displayName") == "Lina Haddad"
    assert "Lina" not in answer.out + answer.err
    assert office.state()[0] == before[0]
