"""Users are taken over from another tool, and handed to another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.journeys.test_question_sheet import given

if TYPE_CHECKING:
    from tests.journeys.conftest import Office

THERE = (
    "a-1;Anna;Berg;2003-04-05;hylla;pupil;",
    "a-2;Åse;Dal;2004-05-06;hylla;pupil;",
    "a-3;Lina;Moe;2005-06-07;hylla;pupil;",
)
LATER = (
    "a-1;Anna;Berg;2003-04-05;solbakken;pupil;",
    "a-2;Omar;Saleh;2004-05-06;hylla;pupil;",
    "b-3;Lina;Moe;2005-06-07;hylla;pupil;",
    "b-4;Ny;Elev;2006-07-08;hylla;pupil;",
)
ANNA, ASE, LINA = (f"{name}@skotthyll.kommune.no" for name in ("annaberg", "asedal", "linamoe"))


@pytest.fixture
def handed(office: Office) -> Office:
    """An office whose three users were handed to another system."""
    assert office("apply", office.people(*THERE), "--yes").code == 0
    answer = office("release", "--all", "--yes", "--json")
    assert (answer.code, answer.json["counts"]) == (
        0,
        {"released": 3, "unchanged": 0, "refused": 0, "held": 0, "failed": 0},
    )
    return office


def test_who_was_handed_over_is_not_changed_and_is_told(handed: Office) -> None:
    answer = handed("apply", handed.people(*LATER[:1]), "--yes", "--json")
    assert (answer.code, [one["code"] for one in answer.json["refusals"]]) == (1, ["R-NOT-OURS"])
    assert "released to another system" in answer.json["refusals"][0]["sentence"]
    assert handed("release", ANNA, "--yes", "--json").json["counts"]["unchanged"] == 1
    assert [event["kind"] for event in handed("history", ANNA, "--json").json["events"]] == ["create", "release"]
    assert handed("pending", "--ours", "--json").json["users"] == []
    assert handed("journal", "verify").code == 0
    assert handed("close", ANNA, "--yes").code == 1


def test_users_are_taken_back_in_one_plan_and_one_sheet(handed: Office) -> None:
    people, sheet = handed.people(*LATER), handed.folder / "questions.csv"
    dry = handed("link", people)
    assert "1 user would be linked" in dry.out
    answer = handed("link", people, "--yes", "--questions", str(sheet), "--json")
    assert answer.code == 1
    assert {name: answer.json["counts"][name] for name in ("linked", "unchanged", "held")} == {
        "linked": 1,
        "unchanged": 0,
        "held": 2,
    }
    assert [one["code"] for one in answer.json["refusals"]] == ["R-LINK-DOUBT", "R-SAME-PERSON"]
    assert "2 questions about who is who are in" in answer.err
    assert "1 row is about a person who has no user" in answer.err
    rows = read(sheet)
    assert [row["user"] for row in rows] == [ASE, LINA]
    done = handed("resolve", given(handed, rows, "same", "same"), "--yes", "--json")
    assert (done.code, done.json["counts"]["resolved"]) == (0, 2)
    again = handed("link", people, "--yes", "--json")
    assert (again.code, again.json["counts"]["linked"], again.json["counts"]["held"]) == (0, 0, 0)
    applied = handed("apply", people, "--yes", "--json")
    assert (applied.code, applied.json["counts"]["created"]) == (0, 1)


def read(sheet) -> list[dict[str, str]]:
    import csv

    with sheet.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def test_what_is_missing_on_the_command_line_is_told(office: Office) -> None:
    for words, said in (
        (("link",), "give a list of people, or --source NAME"),
        (("release",), "either Feide names, or --all"),
        (("release", ANNA, "--all"), "either Feide names, or --all"),
        (("link", "--source", "visma", "--questions", "out.csv"), "about the rows of a list"),
        (("link", "--source", "visma"), "there is no source"),
    ):
        answer = office(*words)
        assert (answer.code, said.lower() in answer.err.lower()) == (2, True), answer.err
