"""`read`: what a file is understood as, before anything is planned; nothing is connected to, and nothing is written."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest
from enterprise_file import EnterpriseFile, Group, GroupKind, Membership, Person, RoleKind, SourcedId, UserId
from full_journal import SERVICE
from same_people import Somebody, as_xlsx

from feideprov import Client, ReadFile

if TYPE_CHECKING:
    from tests.journeys.conftest import Office

PEOPLE = """Elev-ID;Fornavn;Etternavn;Født;Skole;Rolle;Trinn;Gruppe;Fnr;DUF;Skjermet;Merknad
p-1;Olena;Kovalenko;17.11.2020;hylla;elev;1;1A;57912075186;;;
p-2;Semhar;;29.02.2020;hylla;elev;1;1A;;;;
p-3;Yusuf;Demir;;hylla;lærer;;u:mat:Matematikk:MAT01-05;;;;
p-4;Skjult;Navn;;solbakken;elev;;;;;ja;
p-5;Åse;Dal;;nowhere;elev;;;;;;
p-6;Per;Li;;solbakken;ansatt;;;12345678901;;;
p-6;Pål;Li;;solbakken;ansatt;;;;;;
p-7;;;;solbakken;ansatt;;;;;;
p-8;Skjult;To;;nowhere;elev;;;;;ja;
"""
SOMEBODY = Somebody("p1", "Olena", "Kovalenko", date(2020, 11, 17), "hylla", "elev", "1", "", "", "", "", "57912075186")
SCHOOL = SourcedId("visma-flyt", "hylla")
CLASS = SourcedId("visma-flyt", "1a")


@pytest.fixture
def unreachable(office: Office) -> Office:
    """Its directory does not answer, and has no journal or key yet."""
    office.set('url = "ldif:catalogue.ldif"', 'url = "ldaps://localhost:1"')
    return office


def enterprise(office: Office) -> str:
    person = Person(SourcedId("visma-flyt", "e1"), userids=((UserId.NUMBER, "57912075186"),), family="Kovalenko")
    file = EnterpriseFile(
        [person],
        [
            Group(SCHOOL, GroupKind.SCHOOL, "Hylla skole", number=_number_of_hylla(office)),
            Group(CLASS, GroupKind.CLASS, "1A", parents=(SCHOOL,)),
        ],
        {group: [(person.id, Membership(group, RoleKind.PUPIL))] for group in (SCHOOL, CLASS)},
    )
    return office.write("export.dat", file.text())


def _number_of_hylla(office: Office) -> str:
    with Client.open(office.config) as feide:
        return str(feide.organization.school("hylla").number).removeprefix("NO")


def test_a_person_list_is_shown(unreachable):
    office = unreachable
    before = sorted(office.folder.iterdir())
    said = office("read", office.write("people.csv", PEOPLE))
    assert said.code == 1
    assert sorted(office.folder.iterdir()) == sorted([*before, office.folder / "people.csv"])
    for line in (
        "people.csv is a list of people: CSV.",
        "The heading is row 1. These columns were found:",
        "  source_id (“Elev-ID”)",
        "The column Merknad is not known and was not read.",
        "9 rows were read.",
        "  hylla, pupil: 2",
        "  hylla, teacher: 1",
        "  solbakken, pupil: 1",
        "2 people are protected.",
        "Groups: 1 class, 1 teaching group.",
        "Numbers: 1 Tenor number (synthetic), 1 nothing known.",
        "  Olena Kovalenko, hylla, pupil, 1",
    ):
        assert line in said.out.splitlines(), line
    assert "nowhere” is not a school in the configuration" in said.out
    assert "rows 7 and 8 have the same source id" in said.out
    assert "Skjult" not in said.out + said.err
    assert "57912075186" not in said.out + said.err
    assert "12345678901" not in said.out + said.err


def test_the_same_for_a_program(unreachable):
    office = unreachable
    path = office.write("people.csv", PEOPLE)
    with Client.open(office.config) as feide:
        read = feide.read(path)
    assert isinstance(read, ReadFile)
    assert (read.kind, len(read.records), read.protected) == ("people", 8, 2)
    assert dict(read.numbers) == {"tenor": 1, "unknown": 1}
    said = office("read", path, "--json").json
    assert said["counts"] == {"rows": 9, "protected": 2, "numbers": 2, "services": 0, "refused": 5, "held": 0}
    assert {key: said[key] for key in read.as_dict() if key != "counts"} == {
        key: value for key, value in json.loads(json.dumps(read.as_dict())).items() if key != "counts"
    }
    assert [(one["row"], one["code"]) for one in said["refusals"]] == [
        *((6, "R-SCHOOL"), (7, "R-DUPLICATE"), (8, "R-DUPLICATE"), (9, "R-NAME"), (10, "R-SCHOOL")),
    ]
    assert [one["name"] for one in said["refusals"]] == ["Åse Dal", "Per Li", "Pål Li", None, None]
    assert said["columns"]["duf_number"] == "DUF"
    assert "Skjult" not in str(said)
    assert "57912075186" not in repr(read)


@pytest.mark.parametrize(
    ("text", "kind", "counts"),
    [
        ("user;fnr\nolena@x.no;57912075186\n", "numbers", (1, 1)),
        ("user;fnr;gammelt nummer\no@x.no;57912075186;69822075096\n", "replacements", (2, 0)),
        ("user;fnr;gammelt nummer\no@x.no;57912075186;\n", "numbers", (1, 1)),
        ("user;gammelt nummer\no@x.no;69822075096\n", "withdrawals", (1, 0)),
        ("id;navn;aktivert\nx;Lexin;ja\n", "services", (0, 0)),
        ("id;fornavn;etternavn;skole;rolle\nx;O;K;hylla;elev\n", "people", (0, 0)),
    ],
)
def test_what_a_table_is_a_list_of(unreachable, text, kind, counts):
    said = unreachable("read", unreachable.write("list.csv", text), "--json")
    assert (said.json["kind"], said.json["format"]) == (kind, "csv")
    assert said.json["counts"]["rows"] == 1
    assert said.json["counts"]["numbers"] == counts[0]
    assert said.code == int(kind in ("numbers", "replacements"))  # nothing says that the number is the user's
    assert "57912075186" not in said.out


def test_services_of_the_feide_api(unreachable):
    said = unreachable("read", unreachable.write("services.txt", json.dumps([SERVICE])), "--json")
    assert (said.json["kind"], said.json["format"]) == ("services", "json"), said.err


def test_a_file_in_pifu(unreachable):
    office = unreachable
    said = office("read", enterprise(office), "--json")
    assert (said.json["kind"], said.json["format"]) == ("people", "pifu"), said.err
    assert said.json["datasource"] == "visma-flyt@skotthyll.kommune.no"
    assert said.json["extent"] == "full"
    assert said.json["made_on"] == "2026-11-28"
    assert said.json["people"] == [{"school": "hylla", "role": "pupil", "count": 1}]
    assert said.json["numbers"] == {"tenor": 1}
    screen = office("read", enterprise(office)).out
    assert "export.dat is a list of people: PIFU-IMS." in screen
    assert "It has everybody of the source (full)." in screen
    assert "It has pupils of these schools: hylla." in screen
    guardian = Person(SourcedId("visma-flyt", "g1"), family="Kovalenko")
    school = Group(SCHOOL, GroupKind.SCHOOL, "Hylla skole", number=_number_of_hylla(office))
    path = office.write("guardian.xml", EnterpriseFile([guardian], [school], contacts=[guardian.id]).text())
    assert "Left out: guardians (1)." in office("read", path).out.splitlines()
    assert "57912075186" not in screen


def test_as_decides(office):
    path = office.write("list.csv", "id;fornavn;etternavn;skole;rolle;fnr\nx;O;K;hylla;elev;57912075186\n")
    assert office("read", path, "--as", "numbers", "--json").json["kind"] == "numbers"
    said = office("read", path, "--as", "services")
    assert said.code == 2
    assert "table of services" in said.err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the file is empty"),
        ("%PDF-1.7", "this is a PDF"),
        ("foo;bar\n1;2\n", "the first row has no known headings"),
        ("user;x\n1;2\n", "national_number"),
        ("fornavn;etternavn;skole\nA;B;hylla\n", "role"),
        ('{"enterprise": {}}', "PIFU that was converted to JSON"),
        ('{"feideprov_plan": 2}', "this is a saved plan"),
        ("<enterprise><person>", "export"),
    ],
)
def test_what_cannot_be_read(unreachable, text, words):
    said = unreachable("read", unreachable.write("export", text))
    assert said.code == 2
    assert words in said.err
    assert said.out == ""
    assert said.err.count("\n") == 1


def test_a_source_is_one_of_the_configuration(office):
    said = office("read", office.people("a;A;B;;hylla;elev;"), "--source", "nobody")
    assert said.code == 2
    assert "nobody" in said.err


def test_people_whom_the_journal_knows_as_protected_are_not_shown(office):
    assert office("protect", "p-2", "--yes").code == 0
    rows = PEOPLE.replace("ja;", ";")
    said = office("read", office.write("people.csv", rows))
    assert "Semhar" not in said.out
    assert "1 person is protected." in said.out
    assert "Olena Kovalenko, hylla" in said.out


def test_a_spreadsheet(unreachable):
    path = unreachable.folder / "list.csv"
    path.write_bytes(as_xlsx([SOMEBODY]))
    said = unreachable("read", str(path), "--json").json
    assert (said["format"], said["sheet"], said["heading_row"]) == ("xlsx", "Elever", 1)
    assert said["columns"]["source_id"] == "Elev-ID"
    assert said["first"] == [{"name": "Olena Kovalenko", "school": "hylla", "role": "pupil", "grade": "1"}]
    assert "Sheet: Elever." in unreachable("read", str(path)).out.splitlines()


def test_services_in_a_spreadsheet(unreachable):
    import xlsxwriter

    path = unreachable.folder / "services.dat"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["id", "navn", "aktivert"])
        sheet.write_row(1, 0, ["x1", "Lexin", "ja"])
    assert unreachable("read", str(path), "--json").json["kind"] == "services"
    assert unreachable("services", "import", str(path), "--json").json["counts"]["new"] == 1
