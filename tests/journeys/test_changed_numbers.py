"""A number that changes, and one that was wrong, on the command line: from the list to the history."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.journeys.conftest import Answer, Office

USER = "olenkova@skotthyll.kommune.no"
D_NUMBER, FOLLOWS = "52829400197", "45840375084"  # Tenor's
SEEN = ("--evidence", "register", "--seen-by", "Kari Nordmann", "--seen-on", "2026-11-02")


@pytest.fixture
def numbered(office: Office) -> Office:
    """An office with one user who has a number, and one who has none."""
    people = office.people(
        f"ref-1;Olena;Kovalenko;1994-02-12;hylla;pupil;{D_NUMBER}", "ref-2;Yusuf;Demir;;hylla;pupil;"
    )
    assert office("apply", people, "--yes").code == 0
    return office


def changed(office: Office, *rows: str) -> str:
    return office.write("changed.csv", "user;old_number;national_number\n" + "".join(f"{row}\n" for row in rows))


def wrong(office: Office, *rows: str) -> str:
    return office.write("wrong.csv", "Kilde-ID;Gammelt nummer\n" + "".join(f"{row}\n" for row in rows))


def codes(answer: Answer) -> list[tuple[str, int, bool]]:
    return [(r["code"], r["row"], r["held"]) for r in answer.json["refusals"]]


def number_of(office: Office, source_id: str) -> str | None:
    return office.entry(source_id).text("norEduPersonNIN")


def test_a_replacement_is_shown_first_and_carried_out_with_yes(numbered: Office) -> None:
    listed, before = changed(numbered, f"{USER};{D_NUMBER};{FOLLOWS}"), numbered.state()
    shown = numbered("replace", listed, *SEEN)
    assert shown.code == 0
    assert shown.out.splitlines()[:2] == [
        "This would be done (add --yes to do it):",
        f"  replace the number of {USER} with <Tenor number> (Olena Kovalenko, Hylla skole, row 2)",
    ]
    assert numbered.state() == before
    done = numbered("replace", listed, *SEEN, "--yes", "--json")
    assert list(done.json)[:7] == ["command", "ok", "language", "counts", "changes", "refusals", "dry"]
    assert done.json["counts"] == {"replaced": 1, "unchanged": 0, "refused": 0, "held": 0, "failed": 0}
    assert done.json["changes"][0]["kind"] == "replace"
    assert number_of(numbered, "ref-1") == FOLLOWS
    again = numbered("replace", listed, *SEEN, "--yes")
    assert (again.code, again.out.strip()) == (0, "Of 1 row: 1 row changed nothing.")
    event = numbered("history", USER, "--json").json["events"][-1]
    assert (event["kind"], event["outcome"], event["row"]) == ("replace", "done", 2)
    assert event["evidence"] == "register, seen by Kari Nordmann on 2026-11-02"
    for said in (shown, done, again):
        assert D_NUMBER not in said.out + said.err
        assert FOLLOWS not in said.out + said.err


def test_a_wrong_number_goes_and_the_user_is_pending(numbered: Office) -> None:
    listed, before = wrong(numbered, f"ref-1;{D_NUMBER[:6]} {D_NUMBER[6:]}"), numbered.state()
    assert numbered("withdraw", listed).code == 0
    assert numbered.state() == before
    done = numbered("withdraw", listed, "--yes", "--json")
    assert (done.code, done.json["counts"]["withdrawn"], done.json["dry"]) == (0, 1, False)
    assert number_of(numbered, "ref-1") is None
    waiting = {user["user"]: user for user in numbered("pending", "--json").json["users"]}
    assert waiting[USER]["since"] == datetime.now(UTC).date().isoformat()
    assert waiting[USER]["since_source"] == "journal"
    assert "withdraw: done, by" in numbered("history", USER).out
    assert numbered("withdraw", listed, "--yes").out.strip() == "Of 1 row: 1 row changed nothing."
    arrives = numbered.write("arrives.csv", f"source_id;national_number\nref-1;{FOLLOWS}\n")
    assert numbered("attach", arrives, "--yes", *SEEN).code == 0
    assert number_of(numbered, "ref-1") == FOLLOWS


def test_the_evidence_of_a_withdrawal_is_bound_to_the_number_that_went(numbered: Office) -> None:
    assert numbered("withdraw", wrong(numbered, f"ref-1;{D_NUMBER}"), "--yes", *SEEN).code == 0
    assert "evidence: register, seen by Kari Nordmann on 2026-11-02" in numbered("history", USER).out
    with sqlite3.connect(numbered.journal) as database:
        database.execute("UPDATE change SET old_number_mark = 'of another number' WHERE kind = 'withdraw'")
    database.close()
    answer = numbered("history", USER)
    assert answer.code == 1
    assert "This evidence was changed after it was written down" in answer.out


def test_rows_that_are_held_or_refused_are_told_with_their_row(numbered: Office) -> None:
    yusuf = "yusudemi@skotthyll.kommune.no"
    listed = changed(
        numbered,
        f"{yusuf};{D_NUMBER};{FOLLOWS}",  # holds none
        f"{USER};{FOLLOWS};69822075096",  # holds another one
        f"{USER};;{FOLLOWS}",
        f"{USER};{D_NUMBER};",
        f"{USER};{D_NUMBER};15108695077",  # invented
        f"nobody@skotthyll.kommune.no;{D_NUMBER};{FOLLOWS}",
    )
    answer = numbered("replace", listed, "--yes", "--json", *SEEN)
    assert answer.code == 1
    told = codes(answer)
    assert told[:2] == [("R-NO-NUMBER", 2, True), ("R-OLD-NUMBER", 3, True)]
    assert told[2:4] == [("R-NUMBER-MISSING", 4, False), ("R-NUMBER-MISSING", 5, False)]
    assert told[4][0].startswith("N-")
    assert told[5] == ("R-NO-USER", 7, False)
    assert number_of(numbered, "ref-1") == D_NUMBER
    listed = numbered.write(
        "wrong.csv",
        "user;old_number;national_number\n"
        f"{USER};;\n{USER};{D_NUMBER};{FOLLOWS}\n{USER};;{FOLLOWS}\n{yusuf};;{D_NUMBER}\n",
    )
    answer = numbered("withdraw", listed, "--yes", "--json")
    assert codes(answer) == [("R-NUMBER-MISSING", 2, False), ("R-TWO-NUMBERS", 3, False), ("R-OLD-NUMBER", 4, True)]
    assert answer.json["counts"] == {"withdrawn": 0, "unchanged": 1, "refused": 2, "held": 1, "failed": 0}


@pytest.mark.parametrize(("command", "heading"), [("replace", "user;national_number"), ("withdraw", "user;birth_date")])
def test_a_list_without_the_column_is_no_list(
    numbered: Office, one_sentence: Callable[[Answer], str], command: str, heading: str
) -> None:
    answer = numbered(command, numbered.write("list.csv", f"{heading}\n{USER};x\n"), "--yes")
    assert answer.code == 2
    assert f"is no list of {command.removesuffix('e')}" in one_sentence(answer) or "old_number" in answer.err


def test_a_person_list_with_another_number_says_replace(numbered: Office) -> None:
    people = numbered.people(f"ref-1;Olena;Kovalenko;2003-04-05;hylla;pupil;{FOLLOWS}")
    answer = numbered("apply", people, "--yes")
    assert answer.code == 1
    assert f"{USER} already has a different number. Find out which number is right." in answer.out
    assert number_of(numbered, "ref-1") == D_NUMBER


def test_a_plan_that_the_directory_moved_under_is_carried_out_but_for_that_change(
    numbered: Office,
) -> None:
    people = numbered.people("ref-1;Olena;Kovalenko;;hylla;teacher;", "ref-2;Yusuf;Demir;;hylla;teacher;")
    plan = str(numbered.folder / "plan.json")
    assert numbered("plan", people, "-o", plan).code == 0
    assert numbered("apply", numbered.people("ref-1;Olena;Kovalenko;;hylla;staff;"), "--yes").code == 0
    numbered.people("ref-1;Olena;Kovalenko;;hylla;teacher;", "ref-2;Yusuf;Demir;;hylla;teacher;")
    for words in ((), ("--yes",)):
        answer = numbered("apply", plan, "--json", *words)
        assert answer.code == 1
        assert codes(answer) == [("R-MOVED", 2, True)]
        assert [change["user"] for change in answer.json["changes"]] == ["yusudemi@skotthyll.kommune.no"]
    again = numbered("apply", plan, "--json", "--yes")
    assert (again.json["changes"], codes(again)) == ([], [("R-MOVED", 2, True)])


def test_an_altered_plan_is_refused_with_a_sentence(numbered: Office, one_sentence: Callable[[Answer], str]) -> None:
    people = numbered.people("ref-3;Amina;Ali;;hylla;pupil;")
    plan = numbered.folder / "plan.json"
    assert numbered("plan", people, "-o", str(plan)).code == 0
    before = numbered.state()
    for text in (plan.read_text().replace("pupil", "teacher"), plan.read_text()[:100]):
        plan.write_text(text)
        answer = numbered("apply", str(plan), "--yes")
        assert answer.code == 2
        assert "was changed afterwards, or is incomplete. Make the plan again." in one_sentence(answer)
    assert numbered.state() == before


def test_numbers_are_replaced_and_withdrawn_on_a_server(office: Office, on_server: Any) -> None:
    on_server()
    people = office.people(f"ref-1;Olena;Kovalenko;1994-02-12;hylla;pupil;{D_NUMBER}")
    assert office("apply", people, "--yes").code == 0
    listed = changed(office, f"{USER};{D_NUMBER};{FOLLOWS}")
    assert office("replace", listed, "--yes", *SEEN).code == 0
    assert number_of(office, "ref-1") == FOLLOWS
    assert office("withdraw", wrong(office, f"ref-1;{FOLLOWS}"), "--yes").code == 0
    assert number_of(office, "ref-1") is None


def test_a_saved_plan_holds_what_has_moved_on_a_server_too(office: Office, on_server: Any) -> None:
    on_server()
    rows = "ref-1;Olena;Kovalenko;;hylla;{};", f"ref-2;Yusuf;Demir;1994-02-12;hylla;{{}};{D_NUMBER}"
    assert (
        office(
            "apply",
            office.people(*(row.format("pupil") for row in rows[:1]), "ref-2;Yusuf;Demir;;hylla;pupil;"),
            "--yes",
        ).code
        == 0
    )
    people, plan = office.people(*(row.format("teacher") for row in rows)), str(office.folder / "plan.json")
    assert office("plan", people, "-o", plan).code == 0
    assert D_NUMBER not in (office.folder / "plan.json").read_text()
    assert office("apply", office.people(rows[0].format("staff")), "--yes").code == 0
    office.people(*(row.format("teacher") for row in rows))
    answer = office("apply", plan, "--yes", "--json")
    assert codes(answer) == [("R-MOVED", 2, True)]
    assert [change["kind"] for change in answer.json["changes"]] == ["update", "attach"]
    assert number_of(office, "ref-2") == D_NUMBER
    again = office("apply", plan, "--yes", "--json")
    assert (again.json["changes"], again.json["counts"]["unchanged"], codes(again)) == ([], 2, [("R-MOVED", 2, True)])
