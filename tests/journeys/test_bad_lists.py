"""Bad input in lists and files: one clear sentence, the right exit code, nothing half-written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.journeys.conftest import Answer, Office

GOOD = "a-1;Anna;Berg;2010-01-01;hylla;pupil;"
DUF = "201017238203"


# --- a wrong row: refused with its row, its column and a sentence; the others go on


@pytest.mark.parametrize(
    ("row", "code", "words"),
    [
        ("a-2;Åse;Dal;;nowhere;pupil;", "R-SCHOOL", "Column school: “nowhere” is not a school in the configuration"),
        ("a-2;Åse;Dal;;;pupil;", "R-SCHOOL", "Column school"),
        ("a-2;Åse;Dal;31.02.2010;hylla;pupil;", "R-DATE", "Column birth_date: this date does not exist"),
        ("a-2;Åse;Dal;2010-13-01;hylla;pupil;", "R-DATE", "Column birth_date: this date does not exist"),
        ("a-2;Åse;Dal;02/03/2010;hylla;pupil;", "R-DATE", "Write the date as 2008-12-31 or 31.12.2008"),
        ("a-2;Åse;Dal;2999-01-01;hylla;pupil;", "R-DATE", "is in the future"),
        ("a-2;;;;hylla;pupil;", "R-NAME", "Columns given_name and family_name: the person has no name"),
        ("a-2; ; ;;hylla;pupil;", "R-NAME", "the person has no name"),
        (";Åse;Dal;;hylla;pupil;", "R-SOURCE-ID", "Column source_id: the cell is empty"),
        ("s:45840375084;Åse;Dal;;hylla;pupil;", "R-SOURCE-ID", "this looks like an identity number"),
        ("a-2;Åse;Dal;;hylla;pope;", "R-ROLE", "Column role: this is not a role"),
    ],
    ids=[
        *("unknown school", "no school", "day that is none", "month that is none", "slashes", "future", "no name"),
        *("name of spaces", "no source id", "number in the source id", "role that is none"),
    ],
)  # fmt: skip
def test_wrong_row_is_refused_and_the_others_go_on(office: Office, row: str, code: str, words: str) -> None:
    answer = office("apply", office.people(row, GOOD), "--yes", "--json")
    assert (answer.code, answer.json["counts"]["created"], answer.json["counts"]["refused"]) == (1, 1, 1)
    [refusal] = answer.json["refusals"]
    assert (refusal["source"], refusal["row"], refusal["code"]) == ("people.csv", 2, code)
    assert words in refusal["sentence"]
    assert list(office.handed_over()) == ["annaberg@skotthyll.kommune.no"]
    assert "45840375084" not in answer.out + answer.err


@pytest.mark.parametrize(
    "number",
    ["1091212345", DUF[:11], DUF[1:], "99999", "0109121234A", "15108695077"],
    ids=["ten digits", "DUF without its end", "DUF without its beginning", "five digits", "a letter", "wrong check"],
)
def test_number_that_is_none_makes_the_user_without_it(office: Office, number: str) -> None:
    answer = office("apply", office.people(f"a-2;Åse;Dal;;hylla;pupil;{number}"), "--yes", "--json")
    assert (answer.code, answer.json["counts"]["created"]) == (1, 1)
    [refusal] = answer.json["refusals"]
    assert refusal["code"].startswith("N-")
    assert refusal["row"] == 2
    assert office.entry("a-2").values("norEduPersonNIN") == ()
    said = answer.out + answer.err + office.catalogue.read_text(encoding="utf-8")
    assert number not in said


def test_number_list_rows_are_refused_with_row_and_reason(office: Office) -> None:
    office("apply", office.people(GOOD), "--yes")
    before = office.state()
    rows = [
        "nobody;;57912075186;2020-11-17;;;",
        ";nobody@skotthyll.kommune.no;57912075186;2020-11-17;;;",
        "a-1;;57912075186;;;;",
        "a-1;;57912075186;;letter;;",
        "a-1;;57912075186;;rumour;Kari;2026-10-05",
        "a-1;;57912075186;30.02.2020;;;",
        "a-1;;1091212345;;;;",
        ";;57912075186;;;;",
        "57912075186;;45840375084;2003-04-05;;;",
    ]
    heading = "source_id;user;national_number;birth_date;evidence;seen_by;seen_on"
    answer = office("attach", office.write("n.csv", "\n".join([heading, *rows])), "--yes", "--json")
    assert answer.code == 1
    assert {r["row"]: r["code"] for r in answer.json["refusals"] if not r["code"].startswith("N-")} == {
        2: "R-NO-USER",
        3: "R-NO-USER",
        4: "R-EVIDENCE",
        5: "R-EVIDENCE",
        6: "R-EVIDENCE",
        7: "R-DATE",
        9: "R-SOURCE-ID",
        10: "R-NO-USER",
    }
    assert [r["row"] for r in answer.json["refusals"] if r["code"].startswith("N-")] == [8]
    assert office.state() == before


def test_same_source_id_twice_is_refused_twice(office: Office) -> None:
    answer = office("apply", office.people(GOOD, "A-1;Anna;Vik;;hylla;pupil;"), "--yes", "--json")
    assert [(r["row"], r["code"]) for r in answer.json["refusals"]] == [(2, "R-DUPLICATE"), (3, "R-DUPLICATE")]
    assert answer.json["counts"]["created"] == 0


def test_one_number_in_two_rows_goes_to_neither(office: Office) -> None:
    rows = [f"{name};{name};Berg;2003-04-05;hylla;pupil;45840375084" for name in ("Anna", "Berit")]
    answer = office("apply", office.people(*rows), "--yes", "--json")
    assert [(r["row"], r["code"]) for r in answer.json["refusals"]] == [(2, "R-NUMBER-TWICE"), (3, "R-NUMBER-TWICE")]
    assert answer.json["counts"]["created"] == 2
    assert all("norEduPersonNIN" not in entry for entry in office.entries().values())


def test_two_rows_that_may_be_one_person_make_one_user_until_a_person_says(office: Office) -> None:
    people = office.people(*(f"a-{n};Anna;Berg;2003-04-05;hylla;pupil;" for n in (1, 2)))
    answer = office("apply", people, "--yes", "--json")
    assert [(r["row"], r["code"], r["held"]) for r in answer.json["refusals"]] == [(3, "R-SAME-PERSON", True)]
    assert office("resolve", "annaberg@skotthyll.kommune.no", "--different", "--yes").code == 0
    assert office("apply", people, "--yes", "--json").json["counts"]["created"] == 1


# --- a file that is not what it should be


def refused_whole(office: Office, one_sentence: Any, *words: str) -> str:
    before = office.state()
    answer = office(*words)
    assert (answer.code, answer.out) == (2, "")
    assert office.state() == before
    return str(one_sentence(answer))


@pytest.mark.parametrize("command", ["plan", "apply", "attach"])
def test_file_that_is_not_there(office: Office, one_sentence: Any, command: str) -> None:
    said = refused_whole(office, one_sentence, command, str(office.folder / "nowhere.csv"))
    assert "nowhere.csv" in said


@pytest.mark.parametrize("command", ["plan", "apply", "attach"])
def test_folder_in_place_of_a_file(office: Office, one_sentence: Any, command: str) -> None:
    (office.folder / "lists").mkdir()
    assert "lists" in refused_whole(office, one_sentence, command, str(office.folder / "lists"))


@pytest.mark.parametrize("command", ["plan", "apply", "attach"])
def test_link_to_nothing(office: Office, one_sentence: Any, command: str) -> None:
    (office.folder / "link.csv").symlink_to(office.folder / "gone.csv")
    assert "link.csv" in refused_whole(office, one_sentence, command, str(office.folder / "link.csv"))


@pytest.mark.parametrize("command", ["plan", "apply", "attach"])
def test_spreadsheet_called_csv(office: Office, one_sentence: Any, command: str) -> None:
    path = office.folder / "people.csv"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
    said = refused_whole(office, one_sentence, command, str(path), "--yes" if command != "plan" else "--exit-code")
    assert said.startswith("people.csv: the spreadsheet is damaged, or only a part of it was copied. Open it in Excel")


def test_list_without_a_required_column(office: Office, one_sentence: Any) -> None:
    path = office.write("people.csv", "source_id;given_name;school\na-1;Anna;hylla\n")
    assert "lacks a column that every person list must have: role" in refused_whole(
        office, one_sentence, "apply", path, "--yes"
    )


def test_number_list_in_place_of_a_person_list_and_the_other_way_round(office: Office, one_sentence: Any) -> None:
    numbers, people = (str(office.folder / name) for name in ("numbers.csv", "refugees.csv"))
    assert "lacks columns that every person list must have" in refused_whole(
        office, one_sentence, "apply", numbers, "--yes"
    )
    office("apply", people, "--yes")
    plan = str(office.folder / "plan.json")
    office("plan", people, "-o", plan)
    before = office.state()
    answer = office("attach", plan, "--yes")
    assert (answer.code, office.state()) == (2, before)
    one_sentence(answer)


def test_file_that_this_user_may_not_read(office: Office) -> None:
    """As an ordinary user in a process of its own: root may read everything."""
    path = office.folder / "people.csv"
    path.write_text("secret")
    path.chmod(0)
    program = (
        "import sys\nfrom pathlib import Path\nfrom feideprov.errors import InputError\n"
        "from feideprov.intake import read_person_list\nimport os\n"
        "if os.geteuid() == 0: os.setuid(65534)\n"
        "try: read_person_list(Path(sys.argv[1]).name)\nexcept InputError as error: print(error, error.exit_code)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)], cwd=office.folder, capture_output=True, text=True, check=True
    )
    assert done.stdout == (
        "The user who runs this program has no right to read people.csv. Give the user that right, then run again. 2\n"
    )


@pytest.mark.parametrize("option", ["-o", "--ldif"])
def test_output_that_cannot_be_written(office: Office, one_sentence: Any, option: str) -> None:
    people = office.people(GOOD)
    for path in (office.folder / "nowhere" / "plan", office.folder):
        said = refused_whole(office, one_sentence, "plan", people, option, str(path))
        assert f"{path} cannot be written: " in said


def test_query_sheet_that_cannot_be_written(office: Office, one_sentence: Any) -> None:
    path = office.folder / "nowhere" / "sheet.csv"
    said = refused_whole(office, one_sentence, "pending", "--query-sheet", str(path))
    assert f"{path} cannot be written: " in said


# --- plan files


@pytest.fixture
def plan(office: Office) -> str:
    path = str(office.folder / "plan.json")
    assert office("plan", str(office.folder / "refugees.csv"), "-o", path).code == 1
    return path


def test_altered_plan_is_not_applied(office: Office, plan: str, one_sentence: Any) -> None:
    content = json.loads((office.folder / "plan.json").read_text())
    content["changes"][0]["attributes"]["eduPersonAffiliation"] = ["staff"]
    office.write("plan.json", json.dumps(content))
    assert "was changed afterwards" in refused_whole(office, one_sentence, "apply", plan, "--yes")


def test_plan_of_another_configuration_is_not_applied(office: Office, plan: str, one_sentence: Any) -> None:
    office.set('name = "Hylla skole"', 'name = "Hylla barneskole"')
    assert "was made with another configuration" in refused_whole(office, one_sentence, "apply", plan, "--yes")


def test_plan_of_another_version_is_not_applied(office: Office, plan: str, one_sentence: Any) -> None:
    content = json.loads((office.folder / "plan.json").read_text())
    office.write("plan.json", json.dumps(content | {"feideprov_plan": 99}))
    assert "another version of feideprov" in refused_whole(office, one_sentence, "apply", plan, "--yes")


def test_plan_that_is_cut_off_is_told(office: Office, plan: str, one_sentence: Any) -> None:
    path = office.folder / "plan.json"
    path.write_bytes(path.read_bytes()[:500])
    refused_whole(office, one_sentence, "apply", plan, "--yes")


def test_number_that_left_the_input_after_the_plan_is_held_alone(office: Office, plan: str) -> None:
    path = office.folder / "refugees.csv"
    path.write_text(path.read_text(encoding="utf-8-sig").replace("50846202355", ""), encoding="utf-8")
    answer = office("apply", plan, "--yes", "--json")
    assert answer.json["counts"]["created"] == 11
    assert [r["row"] for r in answer.json["refusals"] if r["code"] == "R-INPUT-CHANGED"] == [7]
    assert office.entry("ref-06").values("norEduPersonNIN") == ()


def test_plan_whose_input_is_gone_is_not_applied(office: Office, plan: str, one_sentence: Any) -> None:
    (office.folder / "refugees.csv").unlink()
    assert "refugees.csv" in refused_whole(office, one_sentence, "apply", plan, "--yes")


def test_plan_overtaken_by_events_is_held_row_by_row(office: Office, plan: str) -> None:
    people = office.people("other;Olena;Kovalenko;;hylla;pupil;", "ref-02;Anna;Berg;;hylla;pupil;")
    assert office("apply", people, "--yes").code == 0
    answer: Answer = office("apply", plan, "--yes", "--json")
    held = {r["row"]: r["code"] for r in answer.json["refusals"] if r["held"]}
    assert held == {2: "R-NAME-TAKEN", 3: "R-MADE-MEANWHILE", 13: "R-PROTECTED"}
    assert answer.json["counts"]["created"] == 9
    assert len(office.handed_over()) == 11  # the two made first, and nine


# --- usage


@pytest.mark.parametrize(
    "words",
    [
        ("no-such-command",),
        ("plan",),
        ("plan", "a.csv", "--yes"),
        ("apply", "a.csv", "--allow-changes", "many"),
        ("--lang", "de", "pending"),
    ],
    ids=["command", "missing argument", "unknown option", "no number", "unknown language"],
)
def test_wrong_usage(office: Office, one_sentence: Any, words: tuple[str, ...]) -> None:
    said = refused_whole(office, one_sentence, *words)
    command = words[0] if words[0] in ("plan", "apply") else ""
    assert said.endswith(f"See: feideprov {command} --help".replace("  ", " "))


def test_number_on_the_command_line_is_not_repeated(office: Office) -> None:
    for words in (("history", "45840375084", "x"), ("45840375084",), ("pending", "--older-than", "45840375084x")):
        answer = office(*words)
        assert (answer.code, "45840375084" in answer.out + answer.err) == (2, False)


def test_reader_that_goes_away_is_no_crash(office: Office) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    words = ["--config", str(office.config), "plan", str(office.folder / "refugees.csv")]
    done = subprocess.run(
        [sys.executable, "-m", "feideprov", *words], stdout=writing, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (3, "")
