"""What is said of a whole list adds up to its rows; a dry run says what would be; a plan tells what stops apply."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.journeys.conftest import Answer, Office

PEOPLE = (
    "a-1;Anna;Berg;2010-01-01;hylla;pupil;",
    "a-2;Olena;Kovalenko;2020-11-17;hylla;pupil;57912075186",  # Tenor's D-number of that birth date
    "a-3;Fatemeh;Rahimi;1990-01-01;solbakken;student;12345678901",
    "a-4;;;2010-01-01;hylla;pupil;",
    "a-5;Berit;Dal;2010-01-01;nowhere;pupil;",
    "a-6;Cecilie;Dal;2010-01-01;hylla;pupil;",
    "a-6;Cecilie;Lie;2010-01-01;hylla;pupil;",
)
DRY = (
    "Of 7 rows: 3 users would be created; 4 rows would make no user (2 refused, 2 held).\n"
    "2 of these 3 users would have no number.\n"
    "1 row would be used only in part: see above.\n"
    "When the list is corrected, use it again: nothing is done twice.\n"
)
DONE = (
    r"Of 7 rows: 3 users were created; 4 rows made no user \(2 refused, 2 held\), in \d+\.\d s\.\n"
    r"2 of these 3 users have no number\.\n"
    r"1 row was used only in part: see above\.\n"
    r"When the list is corrected, use it again: nothing is done twice\.\n"
)
ROWS = {
    "read": 7,
    "created": 3,
    "updated": 0,
    "unchanged": 0,
    "refused": 2,
    "held": 2,
    "empty": 0,
    "failed": 0,
    "not_reached": 0,
    "without_number": 2,
    "in_part": 1,
}


@pytest.fixture
def people(office: Office) -> str:
    return office.people(*PEOPLE)


def add_up(answer: Answer) -> dict[str, int]:
    """The rows of an answer, which add up."""
    rows: dict[str, int] = answer.json["rows"]
    assert rows["read"] == sum(n for name, n in rows.items() if name not in {"read", "without_number", "in_part"})
    return rows


@pytest.mark.parametrize("command", ["plan", "apply"])
def test_a_dry_run_says_what_would_be_of_every_row(office: Office, people: str, command: str) -> None:
    assert office(command, people).out.endswith(f"\n\n{DRY}")
    assert add_up(office(command, people, "--json")) == ROWS


def test_a_run_says_what_became_of_every_row(office: Office, people: str) -> None:
    done = office("apply", people, "--yes")
    assert re.search(rf"\n\n{DONE}", done.out)
    assert "would" not in done.out


def test_a_list_that_is_applied_again_adds_up_too(office: Office, people: str) -> None:
    office("apply", people, "--yes")
    again = office("apply", people, "--yes")
    assert again.out.endswith(
        "Of 7 rows: 3 users are unchanged; 4 rows made no user (2 refused, 2 held).\n"
        "2 of these 3 users have no number.\n"
        "1 row was used only in part: see above.\n"
        "When the list is corrected, use it again: nothing is done twice.\n"
    )
    assert add_up(office("plan", people, "--json")) == ROWS | {"created": 0, "unchanged": 3}


def test_a_saved_plan_adds_up_as_the_list_did(office: Office, people: str) -> None:
    plan = str(office.folder / "plan.json")
    office("plan", people, "-o", plan)
    assert office("apply", plan).out.endswith(f"\n\n{DRY}")
    assert add_up(office("apply", plan, "--yes", "--json")) == ROWS
    assert add_up(office("apply", plan, "--yes", "--json")) == ROWS | {"created": 0, "unchanged": 3}


def test_a_number_that_comes_is_no_longer_counted_as_missing(office: Office, people: str) -> None:
    office("apply", people, "--yes")
    numbered = PEOPLE[0][:-1] + ";57912075186"
    moved = PEOPLE[1].replace("hylla", "solbakken").removesuffix("57912075186")
    rows = add_up(office("plan", office.people(numbered, moved), "--json"))
    assert (rows["read"], rows["updated"] + rows["unchanged"]) == (2, 2)
    assert rows["without_number"] == 1  # Olena has a number that the row does not give; Anna's is Olena's, so held
    assert rows["in_part"] == 1


def test_one_person_of_the_list_is_one_row(office: Office, people: str) -> None:
    assert add_up(office("apply", people, "--only", "a-1", "--json")) == ROWS | {
        "read": 1,
        "created": 1,
        "refused": 0,
        "held": 0,
        "without_number": 1,
        "in_part": 0,
    }
    assert "Of 1 row: 1 user would be created.\nThis user would have no number.\n" in (
        office("apply", people, "--only", "a-1").out
    )


NUMBERS = "user;source_id;national_number;birth_date\n"


def test_a_list_of_numbers_adds_up_too(office: Office, people: str) -> None:
    office("apply", people, "--yes")
    rows = (";a-1;57912075186;2020-11-17", ";a-2;57912075186;", ";a-3;45840375084;2003-04-05", ";a-9;1;", ";a-1;;")
    numbers = office.write("arrived.csv", NUMBERS + "".join(f"{row}\n" for row in rows))
    said = office("attach", numbers)
    assert said.out.endswith(
        "Of 5 rows: 1 number would be attached; 1 row would change nothing; 2 rows would be left out (1 refused, "
        "1 held); 1 row has no number yet.\nWhen the list is corrected, use it again: nothing is done twice.\n"
    )
    found = add_up(office("attach", numbers, "--json"))
    assert (found["read"], found["attached"], found["unchanged"], found["empty"]) == (5, 1, 1, 1)
    done = office("attach", numbers, "--yes").out
    assert re.search(
        r"Of 5 rows: 1 number was attached; 1 row changed nothing; 2 rows were left out \(1 refused, 1 held\); 1 row "
        r"has no number yet, in \d+\.\d s\.\n",
        done,
    )
    assert "would" not in done


def test_commands_about_users_say_what_would_be(office: Office, people: str) -> None:
    office("apply", people, "--yes")
    user = "annaberg@skotthyll.kommune.no"
    for words, would, was in (
        (("rename", user, "--to", "anna"), "1 would be renamed.", "1 renamed"),
        (("close", "anna@skotthyll.kommune.no"), "1 would be closed.", "1 closed"),
        (("reopen", "anna@skotthyll.kommune.no"), "1 would be reopened.", "1 reopened"),
        (("password", "anna@skotthyll.kommune.no"), "1 would be renewed.", "1 renewed"),
    ):
        assert office(*words).out.endswith(f"\n{would}\n")
        assert f"\n{was}" in office(*words, "--yes").out


def test_what_is_refused_is_told_in_the_order_of_the_rows(office: Office, people: str) -> None:
    for command in ("plan", "apply"):
        told = [one["row"] for one in office(command, people, "--json").json["refusals"]]
        assert told == [4, 5, 6, 7, 8]
        rows = re.findall(r"row (\d+)", office(command, people).out)
        assert rows == sorted(rows)
    made = json.loads(office("apply", people, "--yes", "--json").out)
    assert [one["row"] for one in made["refusals"]] == [4, 5, 6, 7, 8]


@pytest.fixture
def moving(office: Office) -> str:
    """A list that changes more users than the configuration allows."""
    office.set("[numbers]", "[caps]\nchanges = 1\npercent = 5\n\n[numbers]")
    rows = [f"a-{n};{name};Berg;;{{}};student;" for n, name in enumerate(("Anna", "Berit", "Cecilie"))]
    assert office("apply", office.people(*(row.format("hylla") for row in rows)), "--yes").code == 0
    return office.people(*(row.format("solbakken") for row in rows))


def test_plan_tells_that_the_caps_will_stop_apply(office: Office, moving: str) -> None:
    said = office("plan", moving)
    assert said.code == 0
    assert said.err.startswith("apply would stop and change nothing: The plan changes 3 of 3 users")
    assert "--allow-changes 3" in said.err
    found: dict[str, Any] = office("plan", moving, "--json").json
    assert (found["ok"], found["apply_stops"]) == (True, said.err.strip())


def test_plan_tells_that_nothing_may_be_written(office: Office, people: str) -> None:
    office.set("[directory]\n", '[directory]\nmode = "watch"\n')
    said = office("plan", people)
    assert (said.code, said.err.startswith("apply would stop and change nothing: ")) == (1, True)


def test_plan_warns_of_nothing_when_apply_may_go_on(office: Office, people: str) -> None:
    assert office("plan", people).err == ""
    assert office("plan", people, "--json").json["apply_stops"] is None
