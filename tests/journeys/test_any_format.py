"""The lists of numbers and services in other formats than their own."""

from __future__ import annotations

import os
from datetime import date
from typing import TYPE_CHECKING

import pytest
from same_people import Somebody, as_csv, as_enterprise

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.journeys.conftest import Office

OLENA = Somebody("p1", "Olena", "Kovalenko", date(2020, 11, 17), "hylla", "elev", "1", "", "", "", "", "57912075186")
SEMHAR = Somebody("p2", "Semhar", "", date(2020, 2, 29), "hylla", "elev", "1", "", "", "", "", "")
NUMBER = b"57912075186"


@pytest.fixture
def with_users(office: Office) -> Office:
    """Olena and Semhar are users without numbers."""
    people = [one._replace(number="") for one in (OLENA, SEMHAR)]
    (office.folder / "people.csv").write_bytes(as_csv(people))
    assert office("apply", str(office.folder / "people.csv"), "--yes").code == 0
    return office


@pytest.mark.parametrize("write", [as_csv, as_enterprise], ids=["person list", "PIFU"])
def test_numbers_arrive_in_a_list_of_people(with_users: Office, write: Callable[[list[Somebody]], bytes]) -> None:
    path = with_users.folder / "export"
    path.write_bytes(write([OLENA, SEMHAR]))
    dry = with_users("attach", str(path), "--json")
    assert dry.json["counts"] | {"attached": 1} == dry.json["counts"], dry.err
    assert "not known" not in dry.err
    assert "1 row has no number yet." in dry.err
    done = with_users("attach", str(path), "--yes")
    assert done.code == 0
    assert with_users.entry("p1").values("norEduPersonNIN") == (NUMBER,)
    assert with_users.entry("p2").values("norEduPersonNIN") == ()
    assert NUMBER.decode() not in done.out + done.err


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("replace", "does not say what their numbers were before"),
        ("close", "not a table"),
        ("withdraw", "does not say which numbers are wrong"),
        ("services import", "PIFU-IMS or IMS Enterprise"),
    ],
)
def test_a_file_of_people_in_xml_is_no_such_list(office: Office, command: str, words: str) -> None:
    path = office.folder / "export.csv"
    path.write_bytes(as_enterprise([OLENA]))
    before = office.state()
    said = office(*command.split(), str(path))
    assert said.code == 2
    assert words in said.err
    assert said.err.startswith("export.csv: ")
    assert office.state() == before


SOURCE = """
[[sources]]
name = "visma"
datasource = "visma-flyt@skotthyll.kommune.no"
prefix = ""
evidence = "register"
confirmed_by = "Rektor"
confirmed_on = 2026-08-01
"""
D_NUMBER, FOLLOWS = "52829400197", "12829499914"  # Tenor's, of one birth date
EVIDENCE = ("--evidence", "register", "--seen-by", "Kari Nordmann", "--seen-on", "2026-11-02")


@pytest.mark.parametrize("named", ["datasource", "evidence"])
def test_numbers_are_replaced_by_those_of_a_file_that_has_evidence(office: Office, named: str) -> None:
    """The file has nobody's number of before, and people who are no users."""
    if named == "datasource":
        office.config.write_text(office.config.read_text("utf-8") + SOURCE, encoding="utf-8")
    born = date(1994, 2, 12)
    before = OLENA._replace(birth_date=born, number=D_NUMBER)
    (office.folder / "people.csv").write_bytes(as_csv([before, SEMHAR]))
    assert office("apply", str(office.folder / "people.csv"), "--yes").code == 0
    path = office.folder / "export"
    path.write_bytes(as_enterprise([before._replace(number=FOLLOWS), OLENA._replace(source_id="p9"), SEMHAR]))
    done = office("replace", str(path), "--yes", "--json", *(EVIDENCE if named == "evidence" else ()))
    assert done.code == 0, done.err
    assert {name: count for name, count in done.json["rows"].items() if count} == {"read": 2, "replaced": 1, "empty": 1}
    assert "1 person with a number is no user yet." in done.err
    assert office.entry("p1").values("norEduPersonNIN") == (FOLLOWS.encode(),)
    assert office.entry("p2").values("norEduPersonNIN") == ()


def test_people_of_an_export_who_are_no_users_are_counted(with_users: Office) -> None:
    path = with_users.folder / "export"
    path.write_bytes(as_enterprise([OLENA, *(OLENA._replace(source_id=f"n{n}") for n in range(3))]))
    said = with_users("attach", str(path), "--json")
    assert said.code == 0
    assert (said.json["refusals"], said.json["rows"]["read"]) == ([], 1)
    assert "3 people with numbers are no users yet." in said.err


def test_a_list_of_numbers_has_only_users(with_users: Office) -> None:
    said = with_users("attach", with_users.write("numbers.csv", f"source_id;fnr\nn1;{OLENA.number}\n"), "--json")
    assert [one["code"] for one in said.json["refusals"]] == ["R-NO-USER"]


@pytest.mark.parametrize("option", [("--sheet", "Elever"), ("--encoding", "cp1252")])
@pytest.mark.parametrize("command", ["read", "plan", "attach", "link"])
def test_what_is_no_table_has_no_sheet_and_no_encoding(office: Office, command: str, option: tuple[str, str]) -> None:
    path = office.folder / "export"
    path.write_bytes(as_enterprise([OLENA]))
    said = office(command, str(path), *option)
    assert (said.code, said.out) == (2, "")
    assert said.err == f"export is not a table, so {option[0]} cannot be used for it. Run again without {option[0]}.\n"


def _book(path: Path, **sheets: list[list[str]]) -> str:
    import xlsxwriter

    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for place, row in enumerate(rows):
                sheet.write_row(place, 0, row)
    return str(path)


def test_services_in_one_of_several_sheets(office: Office) -> None:
    services = [["id", "navn", "aktivert"], ["x1", "Lexin", "ja"]]
    path = _book(office.folder / "services.xlsx", I_fjor=services, I_år=services)
    said = office("services", "import", path)
    assert (said.code, "Run again with --sheet and the name of one" in said.err) == (2, True)
    assert office("services", "import", path, "--sheet", "I_år", "--json").json["counts"]["new"] == 1
    said = office("services", "import", office.write("services.json", "[]"), "--sheet", "I_år")
    assert (said.code, "cannot be used for it" in said.err) == (2, True)


def test_a_file_with_lists_of_people_and_of_numbers(office: Office) -> None:
    """As a list of numbers it has two sheets, but as one of people only one: `read` says what `plan` says."""
    people = [["id", "fornavn", "etternavn", "skole", "rolle", "fnr"], ["p1", "O", "K", "hylla", "elev", ""]]
    path = _book(office.folder / "lists.xlsx", Elever=people, Nummer=[["id", "fnr"], ["p1", OLENA.number]])
    said = office("read", path, "--json").json
    assert (said["kind"], said["sheet"]) == ("people", "Elever")
    assert office("plan", path, "--json").json["counts"]["created"] == 1
    assert office("read", path, "--as", "numbers").code == 2
    assert office("read", path, "--sheet", "Nummer", "--json").json["kind"] == "numbers"


def test_a_list_of_leavers_is_told(office: Office) -> None:
    path = _book(office.folder / "list.xlsx", Ark=[["bruker", "siste dag"], ["olena@x.no", "2026-12-31"]])
    said = office("read", path)
    assert (said.code, said.out.splitlines()[0]) == (0, "list.xlsx is a list of leavers: spreadsheet (XLSX).")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('{"url": "https://docs.google.com/spreadsheets/d/x", "doc_id": "x"}', "only a link to a spreadsheet"),
        ('<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "a spreadsheet in XML"),
        ("\0\0\0\x18ftypmif1", "a picture"),
    ],
)
@pytest.mark.parametrize("command", ["read", "plan", "services import"])
def test_other_files_are_told_as_the_same_everywhere(office: Office, command: str, content: str, words: str) -> None:
    said = office(*command.split(), office.write("list.xlsx", content))
    assert (said.code, f"list.xlsx: this is {words}" in said.err) == (2, True), said.err


def test_a_spreadsheet_that_is_not_there_is_no_feide_name(office: Office) -> None:
    for name in ("sheet.xlsx", "sheet.ods", "sheet.csv"):
        said = office("resolve", name)
        assert (said.code, said.err) == (2, f"There is no file {name} in that folder. Check the path.\n")


@pytest.mark.parametrize("form", [as_csv, as_enterprise], ids=["CSV", "PIFU"])
def test_a_pipe_is_read_once(office: Office, form: Callable[[list[Somebody]], bytes]) -> None:
    reading, writing = os.pipe()
    os.write(writing, form([OLENA]))
    os.close(writing)
    try:
        said = office("read", f"/dev/fd/{reading}")
    finally:
        os.close(reading)
    assert (said.code, "is a pipe, which can be read only once" in said.err) == (2, True)
