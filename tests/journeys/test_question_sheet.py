"""Many questions about who is who are answered in one sheet, by people who know the pupils."""

from __future__ import annotations

import csv
import io
import stat
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.journeys.conftest import Office

FIRST = (
    "a-1;Anna;Berg;2003-04-05;hylla;pupil;",
    "a-2;Åse;Dal;2004-05-06;hylla;pupil;",
    "a-3;Lina;Moe;2005-06-07;hylla;pupil;",
)
LATER = (
    "0042;Anna;Berg;2003-04-05;solbakken;pupil;",
    "b-2;Åse;Dal;2004-05-06;solbakken;pupil;",
    "a-3;Omar;Saleh;2001-01-01;hylla;pupil;",
)
ANNA, ASE = "annaberg@skotthyll.kommune.no", "asedal@skotthyll.kommune.no"


@pytest.fixture
def asked(office: Office) -> Office:
    """An office with three users, and a list with three questions."""
    assert office("apply", office.people(*FIRST), "--yes").code == 0
    assert office("apply", office.people(*LATER), "--yes").code == 1
    return office


def sheet(office: Office) -> list[dict[str, str]]:
    """The questions, as a spreadsheet shows them."""
    path = office.folder / "questions.csv"
    answer = office("today", "--questions", str(path), "--json")
    assert answer.code == 0, answer.err
    text = path.read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert answer.json["counts"].get("questions", 0) == len(rows)
    return rows


def given(office: Office, rows: list[dict[str, str]], *words: str, name: str = "back.csv") -> str:
    """The sheet, with an answer in each row."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0])[::-1], delimiter=",")  # a spreadsheet moved the columns
    writer.writeheader()
    writer.writerows(row | {"answer": word} for row, word in zip(rows, words, strict=True))
    return office.write(name, out.getvalue())


def test_the_sheet_shows_whom_each_question_is_about(asked: Office) -> None:
    rows = sheet(asked)
    assert [row["code"] for row in rows] == ["R-SAME-PERSON", "R-SAME-PERSON", "R-OTHER-PERSON"]
    first = rows[0]
    assert (first["list"], first["row"], first["source_id"]) == ("people.csv", "2", "0042")
    assert (first["name"], first["birth_date"]) == ("Anna Berg", "2003-04-05")
    assert first["school"] == "Solbakken læringssenter"
    assert (first["user"], first["user_name"], first["user_school"]) == (ANNA, "Anna Berg", "Hylla skole")
    assert first["user_since"] == "2026-11-24"
    assert {row["answer"] for row in rows} == {""}
    assert "same / new / don't know" in first["answers"]
    assert stat.S_IMODE((asked.folder / "questions.csv").stat().st_mode) == 0o600


def test_what_is_refused_in_a_row_that_goes_on_is_told(office: Office) -> None:
    assert office("apply", office.people(*FIRST), "--yes").code == 0
    assert office("apply", office.people(f"{LATER[-1]}1"), "--yes").code == 1
    rows = sheet(office)
    assert [row["code"] for row in rows] == ["R-OTHER-PERSON"]
    for words in ((), ("--yes",)):
        done = office("resolve", given(office, rows, "same"), *words, "--json")
        assert (done.code, done.json["counts"]["resolved"]) == (1, 1)
        assert [one["code"] for one in done.json["refusals"]] == ["N-LENGTH"]


def test_answers_are_carried_out_with_yes_and_only_once(asked: Office) -> None:
    back = given(asked, sheet(asked), "same", "ny", "samme")
    before = asked.state()
    dry = asked("resolve", back, "--json")
    assert (dry.code, dry.json["dry"], dry.json["counts"]["resolved"]) == (0, True, 3)
    assert asked("resolve", back).out.endswith("\n3 would be resolved.\n")
    assert asked.state() == before
    done = asked("resolve", back, "--yes", "--json")
    counts = {"resolved": 3, "unchanged": 0, "open": 0, "refused": 0, "held": 0, "failed": 0}
    assert (done.code, done.json["counts"]) == (0, counts)
    assert asked.entry("a-3").text("displayName") == "Omar Saleh"
    again = asked("resolve", back, "--yes", "--json")
    assert (again.code, again.json["counts"]) == (0, counts | {"resolved": 0, "unchanged": 3})
    people = asked.people(*LATER)
    applied = asked("apply", people, "--yes", "--json").json["counts"]
    assert (applied["created"], applied["updated"], applied["held"]) == (1, 1, 0)
    assert sheet(asked) == []


MORE = ("usikker", "Ukjent", "vet ikkje", "Vetikke", "do not know", "I don’t know", "Not sure.", "unsure", "unknown")


@pytest.mark.parametrize("word", ["", "don't know", "Vet ikke", "veit ikkje", "?", "–", *MORE])
def test_what_nobody_knows_stays_open(asked: Office, word: str) -> None:
    back = given(asked, sheet(asked), word, "SAME", word)
    done = asked("resolve", back, "--yes", "--json")
    assert (done.code, done.json["counts"]["resolved"], done.json["counts"]["open"]) == (1, 1, 2)
    assert len(sheet(asked)) == 2


def swap_users(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return [rows[0] | {"user": rows[1]["user"]}, rows[1] | {"user": rows[0]["user"]}, *rows[2:]]


def swap_keys(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return [rows[0] | {"source_id": rows[1]["source_id"]}, rows[1] | {"source_id": rows[0]["source_id"]}, *rows[2:]]


def other_ids(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return [row | {"question_id": "abcdabcdabcdabcd"} for row in rows[:2]] + rows[2:]


def twice(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return [rows[0], rows[0], rows[2]]


@pytest.mark.parametrize("change", [swap_users, swap_keys, other_ids, twice])
def test_a_line_that_was_changed_hits_nobody(
    asked: Office, change: Callable[[list[dict[str, str]]], list[dict[str, str]]]
) -> None:
    back = given(asked, change(sheet(asked)), "same", "new", "")
    before = asked.state()
    done = asked("resolve", back, "--yes", "--json")
    assert (done.code, done.json["counts"]["refused"], done.json["counts"]["open"]) == (1, 2, 1)
    assert [refusal["row"] for refusal in done.json["refusals"]] == [2, 3]
    assert asked.state() == before


def test_a_number_as_excel_writes_it_is_the_same_key(asked: Office) -> None:
    rows = sheet(asked)
    back = given(asked, [rows[0] | {"source_id": "42"}, *rows[1:]], "same", "", "")
    assert asked("resolve", back, "--yes", "--json").json["counts"]["resolved"] == 1


def test_another_word_is_refused_with_the_choices(asked: Office) -> None:
    before = asked.state()
    done = asked("resolve", given(asked, sheet(asked), "ja", "", ""), "--yes", "--json")
    [refusal] = done.json["refusals"]
    assert (done.code, refusal["row"], refusal["code"]) == (1, 2, "R-ANSWER")
    assert "same, new, don't know" in refusal["sentence"]
    assert asked.state() == before


def test_a_new_person_with_the_key_of_another_needs_a_key_of_their_own(asked: Office) -> None:
    done = asked("resolve", given(asked, sheet(asked), "", "", "new"), "--yes", "--json")
    [refusal] = done.json["refusals"]
    assert (done.code, refusal["held"], refusal["code"]) == (1, True, "R-OTHER-PERSON")
    assert "source id of their own" in refusal["sentence"]


def test_a_list_that_is_gone_is_told(asked: Office) -> None:
    back = given(asked, sheet(asked), "same", "new", "")
    (asked.folder / "people.csv").unlink()
    path = asked.folder / "questions.csv"
    answer = asked("today", "--questions", str(path))
    assert "people.csv" in answer.err
    assert answer.code == 1
    before = asked.state()
    assert asked("resolve", back, "--yes", "--json").json["counts"]["refused"] == 2
    assert asked.state() == before


def test_protected_people_are_left_out(office: Office) -> None:
    assert office("apply", office.people(*FIRST), "--yes").code == 0
    rows = "".join(f"{row}{protected}\n" for row, protected in zip(LATER, (";ja", ";nei", ";nei"), strict=True))
    heading = "source_id;given_name;family_name;birth_date;school;role;national_number;protected\n"
    people = office.write("people.csv", heading + rows)
    office("apply", people, "--yes")
    assert "Anna Berg" not in {row["name"] for row in sheet(office)}


def test_the_screen_says_the_next_step(asked: Office) -> None:
    path: Path = asked.folder / "questions.csv"
    said = asked("today", "--questions", str(path)).out
    assert "3 questions" in said
    assert f"feideprov resolve {path} --yes" in said


def test_when_nothing_is_asked_the_screen_says_so(office: Office) -> None:
    assert office("apply", office.people(*FIRST), "--yes").code == 0
    path = office.folder / "questions.csv"
    said = office("today", "--questions", str(path)).out
    assert "No question about who is who is open" in said
    assert "feideprov resolve" not in said


def test_the_command_that_applies_the_list_again_reads_it_as_before(office: Office) -> None:
    people = Path(office.people(*FIRST))
    assert office("apply", str(people), "--yes").code == 0
    people.write_bytes(Path(office.people(*LATER)).read_bytes().decode().encode("cp850"))
    assert office("apply", str(people), "--encoding", "cp850", "--yes").code == 1
    done = office("resolve", given(office, sheet(office), "same", "same", ""), "--yes")
    assert f"feideprov apply {people} --encoding cp850 --yes" in done.out


def test_the_questions_of_a_saved_plan_are_those_of_its_list(office: Office) -> None:
    text = office.config.read_text(encoding="utf-8")
    office.config.write_text(text + SOURCE.format("visma") + SOURCE.format("oppad"), encoding="utf-8")
    assert office("apply", office.people(*FIRST), "--source", "oppad", "--yes").code == 0
    people, plan = office.people(*LATER[:2]), str(office.folder / "plan.json")
    assert office("plan", people, "--source", "visma", "--output", plan).code == 1
    assert office("apply", plan, "--yes").code == 1
    assert [row["source_id"] for row in sheet(office)] == ["visma:0042", "visma:b-2"]
    assert f"plan {people} --source visma" in office("today").out


def test_one_user_is_not_two_rows_of_one_list(office: Office) -> None:
    assert office("apply", office.people(FIRST[0]), "--yes").code == 0
    twice = office.people("c-1;Anna;Berg;2003-04-05;hylla;pupil;", "c-2;Anna;Berg;2003-04-05;solbakken;pupil;")
    assert office("apply", twice, "--yes").code == 1
    before = office.state()
    done = office("resolve", given(office, sheet(office), "same", "same"), "--yes", "--json")
    assert (done.code, done.json["counts"]["refused"], office.state()) == (1, 2, before)
    assert "one row" in done.json["refusals"][0]["sentence"]
    done = office("resolve", given(office, sheet(office), "same", "new"), "--yes", "--json")
    assert done.json["counts"]["resolved"] == 2


@pytest.mark.parametrize("name", ["back.txt", "back"])
def test_a_sheet_may_have_any_name(asked: Office, name: str) -> None:
    back = given(asked, sheet(asked), "same", "", "", name=name)
    assert asked("resolve", back, "--json").json["counts"]["resolved"] == 1


def test_half_a_workbook_is_one_sentence(asked: Office, one_sentence: Callable[..., str]) -> None:
    (asked.folder / "back.xlsx").write_bytes(b"PK\x03\x04[Content_Types].xml")
    answer = asked("resolve", str(asked.folder / "back.xlsx"))
    assert answer.code == 2
    assert one_sentence(answer).startswith("back.xlsx: the spreadsheet is damaged, or only a part of it was copied.")


@pytest.mark.parametrize("name", ["back.csv", "back.xlsx", "back.ODS"])
def test_a_sheet_that_is_not_there_is_no_user(asked: Office, one_sentence: Callable[..., str], name: str) -> None:
    answer = asked("resolve", str(asked.folder / name), "--yes")
    assert (answer.code, one_sentence(answer)) == (2, f"There is no file {name} in that folder. Check the path.")


def test_until_the_list_is_applied_today_counts_the_rows_and_says_why(asked: Office) -> None:
    done = asked("resolve", given(asked, sheet(asked), "same", "new", ""), "--yes")
    assert "Until then, today shows these rows as held." in done.out
    assert "3 rows are held" in asked("today").out
    assert asked("apply", asked.people(*LATER), "--yes").code == 1
    assert "1 row is held" in asked("today").out


def test_options_do_not_go_with_a_sheet(asked: Office, one_sentence: Callable[..., str]) -> None:
    back = given(asked, sheet(asked), "same", "new", "")
    answer = asked("resolve", back, "--different")
    assert (answer.code, answer.out) == (2, "")
    one_sentence(answer)


SOURCE = """
[[sources]]
name = "{}"
evidence = "register"
confirmed_by = "Kari"
confirmed_on = 2026-08-01
"""


def test_no_cell_is_a_formula_and_the_source_is_remembered(office: Office) -> None:
    text = office.config.read_text(encoding="utf-8")
    office.config.write_text(text + SOURCE.format("visma") + SOURCE.format("oppad"), encoding="utf-8")
    assert office("apply", office.people(*FIRST), "--source", "oppad", "--yes").code == 0
    people = office.people("-7;=Anna;Berg;2003-04-05;hylla;pupil;", "-8;Åse;Dal;2004-05-06;hylla;pupil;")
    office("apply", people, "--source", "visma", "--yes")
    rows = sheet(office)
    assert [row["source_id"] for row in rows] == ["visma:-7", "visma:-8"][-len(rows) :]
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]
    done = office("resolve", given(office, rows, *["same"] * len(rows)), "--yes")
    assert done.code == 0
    assert "people.csv --source visma --yes" in done.out


def test_one_row_is_not_two_users(office: Office) -> None:
    assert office("apply", office.people(FIRST[0]), "--yes").code == 0
    twin = office.people(FIRST[0], "c-1;Anna Marie;Berg;2003-04-05;hylla;pupil;")
    assert office("apply", twin, "--only", "c-1", "--new-person", "--yes").code == 0
    assert office("apply", office.people("d-1;Anna;Berg;2003-04-05;hylla;pupil;"), "--yes").code == 1
    rows = sheet(office)
    assert len({row["user"] for row in rows}) == len(rows) == 2
    before = office.state()
    less = [{name: cell for name, cell in row.items() if name not in {"source_id", "user"}} for row in rows]
    for shown in (rows, less):
        done = office("resolve", given(office, shown, "same", "same"), "--yes", "--json")
        assert (done.code, done.json["counts"]["refused"], office.state()) == (1, 2, before)
    assert office("resolve", given(office, rows, "same", "new"), "--yes", "--json").json["counts"]["resolved"] == 2


def test_mode_watch_writes_no_answers(asked: Office) -> None:
    back = given(asked, sheet(asked), "same", "new", "same")
    asked.set('url = "ldif:catalogue.ldif"', 'url = "ldif:catalogue.ldif"\nmode = "watch"')
    before = asked.state()
    assert [asked("resolve", back, *yes).code for yes in ((), ("--yes",))] == [2, 2]
    assert asked.state() == before
