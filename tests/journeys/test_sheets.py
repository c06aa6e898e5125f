"""Sheets that people fill in, the query sheet, and the folder where files for people go."""

from __future__ import annotations

import shutil
import stat
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from filled_in import filled_in
from python_calamine import CalamineWorkbook

if TYPE_CHECKING:
    from tests.journeys.conftest import Office

REALM = "skotthyll.kommune.no"
NUMBER = "57912075186"  # of Tenor
PEOPLE = ("a-1;Olena;Kovalenko;;hylla;elev;", "a-2;=Semhar;Tesfay;;hylla;elev;")
WITH_DATES = ("a-1;Olena;Kovalenko;17.11.2020;hylla;elev;", "a-3;Yusuf;Demir;2009-02-01;hylla;elev;")


def sheet(path: Path) -> list[list[Any]]:
    """The rows of the first sheet, with the explanations in the first one."""
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python(skip_empty_area=False)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize(
    "words", [("--lang", "nb", "sheet"), ("sheet", "--lang", "nb"), ("--lang", "en", "sheet", "--lang", "nb")]
)
def test_a_sheet_is_in_the_language_that_was_asked_for(office: Office, words: tuple[str, ...]) -> None:
    out = office.folder / "people.xlsx"
    answer = office(*words, "people", str(out), "--keys", "7", "--json")
    assert (answer.code, answer.err) == (0, "")
    assert answer.json == {
        **{"command": "sheet", "ok": True, "counts": {"keys": 7}, "sheet": "people"},
        **{"language": "nb", "file": str(out)},
    }
    assert sheet(out)[1][:2] == ["Kilde-ID", "Fornavn"]
    assert len(sheet(out)) == 9
    assert mode(out) == 0o600


@pytest.mark.parametrize(
    ("kind", "command"), [("people", "plan"), ("numbers", "attach"), ("services", "services import")]
)
def test_each_sheet_says_what_it_is_for(office: Office, kind: str, command: str) -> None:
    out = office.folder / "a sheet.xlsx"
    answer = office("sheet", kind, str(out))
    assert (answer.code, answer.out) == (
        0,
        f"The sheet is in {out}. When it is filled in, run: feideprov {command} '{out}'\n",
    )


def test_a_sheet_that_somebody_fills_in_is_not_replaced(office: Office, one_sentence: Any) -> None:
    out = office.folder / "people.xlsx"
    assert office("sheet", "people", str(out)).code == 0
    before = out.read_bytes()
    answer = office("sheet", "people", str(out))
    assert (answer.code, out.read_bytes()) == (2, before)
    assert "exists already" in one_sentence(answer)


@pytest.mark.parametrize(
    "words", [("pending", "--csv"), ("services", "list", "--answer-sheet"), ("services", "matrix", "--csv"),
              ("plan", "people.csv", "--ldif")],
)  # fmt: skip
def test_what_is_no_spreadsheet_is_not_named_xlsx(
    office: Office, words: tuple[str, ...], one_sentence: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.people(*PEOPLE)
    monkeypatch.chdir(office.folder)
    answer = office(*words, "x.xlsx")
    assert answer.code == 2
    assert "x.xlsx is not XLSX" in one_sentence(answer)
    assert not (office.folder / "x.xlsx").exists()


def test_another_ending_and_a_folder_that_is_missing_are_told(office: Office, one_sentence: Any) -> None:
    for name in ("people.csv", "people", "none/people.xlsx"):
        answer = office("sheet", "people", str(office.folder / name))
        assert answer.code == 2
        one_sentence(answer)
        assert not (office.folder / name).exists()


@pytest.fixture
def waiting(office: Office) -> Office:
    """An office with two users who wait for a number; nobody knows their birth dates."""
    assert office("apply", office.people(*PEOPLE), "--yes").code == 0
    return office


BACK = [("back.xlsx", ""), ("back.csv", "utf-8-sig"), ("back.csv", "cp1252")]
"""What Excel saves: XLSX, “CSV UTF-8” and, in Norway, CSV in Windows-1252."""


@pytest.mark.parametrize(("name", "encoding"), BACK)
def test_a_query_sheet_in_xlsx_comes_back_as_a_number_list(waiting: Office, name: str, encoding: str) -> None:
    out = waiting.folder / "ask.XLSX"
    answer = waiting("--lang", "nb", "pending", "--query-sheet", str(out), "--from", dates(waiting))
    assert answer.code == 1
    assert all(part in answer.out for part in ("dates.csv", "rad 3", "[R-NO-USER]", f"feideprov attach {out}"))
    assert mode(out) == 0o600
    _, heading, *rows = sheet(out)
    assert [row[:5] for row in rows] == [
        ["a-1", f"olenkova@{REALM}", "Olena", "Kovalenko", "2020-11-17"],
        ["a-2", f"semhtesf@{REALM}", "'=Semhar", "Tesfay", ""],
    ]
    number = heading.index("Fødselsnummer eller D-nummer") + 1
    cells = {(3, number): NUMBER, (3, number + 1): "asylsøkerbevis", (3, number + 2): "Kari Nordmann"}
    cells |= {(3, number + 3): date(2026, 11, 20), (4, number): "har ikke nummer ennå"}
    back = filled_in(out, waiting.folder / name, cells, encoding=encoding)
    done = waiting("attach", back, "--yes", "--json")
    assert (done.code, done.json["counts"]["attached"]) == (0, 1)
    assert "1 row has no number yet." in done.err
    assert waiting.entry("a-1").text("norEduPersonNIN") == NUMBER


def dates(office: Office) -> str:
    """A list with the birth date of one who waits, and with somebody who is no user."""
    path = office.people(*WITH_DATES)
    return str(shutil.move(path, office.folder / "dates.csv"))


def test_birth_dates_from_a_list_are_in_the_csv_too_and_rows_that_are_not_used_in_json(waiting: Office) -> None:
    out = waiting.folder / "ask.csv"
    answer = waiting("pending", "--query-sheet", str(out), "--from", dates(waiting), "--json")
    assert "a-1;olenkova@skotthyll.kommune.no;Olena;Kovalenko;2020-11-17;;;;" in out.read_text(encoding="utf-8-sig")
    assert (answer.code, answer.json["ok"]) == (1, False)
    assert [(one["source"], one["row"], one["code"]) for one in answer.json["refusals"]] == [
        ("dates.csv", 3, "R-NO-USER")
    ]


def test_options_of_a_list_go_with_a_list(waiting: Office, one_sentence: Any) -> None:
    for words in (("--source", "visma"), ("--sheet", "Elever"), ("--encoding", "cp850")):
        answer = waiting("pending", *words)
        assert (answer.code, answer.out) == (2, "")
        assert "--from" in one_sentence(answer)


def test_a_list_of_a_source_has_its_source_ids(office: Office) -> None:
    office.write("feideprov.toml", office.config.read_text(encoding="utf-8") + '\n[[sources]]\nname = "visma"\n'
                 'evidence = "register"\nconfirmed_by = "Kari"\nconfirmed_on = 2026-08-01\n')  # fmt: skip
    assert office("apply", office.people(*PEOPLE), "--source", "visma", "--yes").code == 0
    answer = office("pending", "--from", office.people(WITH_DATES[0]), "--source", "visma", "--json")
    assert (answer.code, answer.json["refusals"]) == (0, [])


@pytest.mark.parametrize(("name", "encoding"), BACK)
@pytest.mark.parametrize(("lang", "word"), [("en", "same"), ("nb", "samme"), ("nn", "same")])
def test_questions_in_xlsx_come_back_with_answers(
    office: Office, name: str, encoding: str, lang: str, word: str
) -> None:
    office("apply", office.people("a-1;Zoë;Ås;2009-02-01;hylla;elev;"), "--yes")
    listed = office.people("b-1;Zoë;Ås;2009-02-01;hylla;elev;")
    out = office.folder / "questions.xlsx"
    office("--lang", lang, "link", listed, "--questions", str(out))
    asked_by_link = sheet(out)
    assert office("apply", listed, "--yes").code == 1
    assert office("--lang", lang, "today", "--questions", str(out)).code == 0
    explanations, heading, row = sheet(out)
    assert asked_by_link[:2] == [explanations, heading]
    assert all(explanations)
    assert (row[4:7], row[-1]) == (["b-1", "Zoë Ås", "2009-02-01"], "")
    back = filled_in(out, office.folder / name, {(3, len(heading)): word}, encoding=encoding)
    done = office("resolve", back, "--yes", "--json")
    assert (done.code, done.json["counts"]["resolved"]) == (0, 1)


@pytest.mark.parametrize(("name", "encoding"), BACK)
def test_a_sheet_of_services_comes_back_to_the_register(office: Office, name: str, encoding: str) -> None:
    out = office.folder / "services.xlsx"
    assert office("sheet", "services", str(out), "--lang", "nb").code == 0
    cells = {
        (3, 1): "0711",
        (3, 2): "Bøkene",
        (3, 5): "ja",
        (3, 6): "ja",
        (3, 7): "Hylla skole",
        (3, 8): "elev | lærer",
    }
    back = filled_in(out, office.folder / name, cells, encoding=encoding)
    done = office("services", "import", back, "--json")
    assert (done.code, done.json["refusals"]) == (0, [])
    assert "Bøkene" in office("services", "list").out


NAMELESS = [
    ("sheet", "people", "x.xlsx"),
    ("pending", "--query-sheet", "x.xlsx"),
    ("pending", "--query-sheet", "x.csv"),
    ("pending", "--csv", "x.csv"),
    ("check", "--csv", "x.csv"),
    ("today", "--questions", "x.csv"),
    ("checklist", "--csv", "x.csv"),
    ("journal", "verify", "--csv", "x.csv"),
    ("history", f"olenkova@{REALM}", "--csv", "x.csv"),
    ("plan", "people.csv", "--csv", "x.csv"),
    ("plan", "people.csv", "--leavers-list", "x.xlsx"),
    ("link", "people.csv", "--questions", "x.xlsx"),
    ("services", "list", "--csv", "x.csv"),
    ("services", "list", "--answer-sheet", "x.csv"),
    ("services", "matrix", "--csv", "x.csv"),
    ("services", "matrix", "--html", "x.html"),
]


def test_files_for_people_without_a_folder_go_to_that_of_the_configuration(
    waiting: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting.write(
        "feideprov.toml", waiting.config.read_text(encoding="utf-8") + '\n[output]\nfolder = "ark/for folk"\n'
    )
    monkeypatch.chdir(waiting.folder)
    folder = waiting.folder / "ark" / "for folk"
    for words in NAMELESS:
        assert waiting(*words).code in (0, 1), words
        [made] = folder.iterdir()
        assert (made.name, mode(made), mode(folder), mode(folder.parent)) == (words[-1], 0o600, 0o700, 0o700)
        assert not (waiting.folder / words[-1]).exists()
        made.unlink()
    (waiting.folder / "given").mkdir()
    assert waiting("pending", "--csv", "given/x.csv").code == 0
    assert waiting("pending", "--query-sheet", str(waiting.folder / "here.xlsx")).code == 0
    assert list(folder.iterdir()) == []
    assert (waiting.folder / "given" / "x.csv").exists()
    assert (waiting.folder / "here.xlsx").exists()


def test_a_folder_that_cannot_be_made_is_told(waiting: Office, one_sentence: Any) -> None:
    waiting.write(
        "feideprov.toml", waiting.config.read_text(encoding="utf-8") + '\n[output]\nfolder = "people.csv/x"\n'
    )
    answer = waiting("pending", "--csv", "x.csv")
    assert answer.code == 2
    assert "[output] folder" in one_sentence(answer)


def test_a_sheet_that_is_not_there_is_answered_with_those_that_are_lists(office: Office) -> None:
    path = str(office.folder / "people.xlsx")
    office("--lang", "nb", "sheet", "people", path)
    answer = office("read", path, "--sheet", "Ark1")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.rstrip().endswith("with one of these after --sheet: Personer")
