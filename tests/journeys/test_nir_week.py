"""A case worker's week: a list in, what is missing, a sheet back with days, what was seen in NIR, the year's end."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
import xlsxwriter
from one_day import one_day
from post_office import PostOffice
from python_calamine import CalamineWorkbook

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.journeys.conftest import Office

NIR = """
[nir]
municipality = "1899"
retention = "P5Y"
recipient = "introduksjon@skotthyll.kommune.no"
[nir.codes.norskmaal]
"nivå B1" = "B1"
[nir.columns]
key = "Klientnr"
"""
LIST = """Klientnr;Ordning;Grunnlag for opphold;Oppholdstillatelse gitt;Ankomst;Bosatt;Vedtaksdato;Startdato;\
Sluttdato;Morsmål i NIR;Norskmål;Opplæringsspråk i NIR;Utdanningsbakgrunn;Timer norsk;Timer samfunnskunnskap
k-1;Norsk og samfunnskunnskap;28;2026-03-10;2026-03-01;2026-08-03;2026-08-20;2026-09-01;;2026-10-05;nivå B1;\
2026-10-05;nei;;
k-2;Norsk og samfunnskunnskap;28;2026-03-10;2026-03-01;2026-08-03;2026-10-20;2026-11-02;;2026-11-16;nivå C7;\
2026-11-16;ja;120;0
k-3;Introduksjonsprogram;28;2025-01-10;2025-01-20;2025-03-03;2025-04-01;2025-04-14;2026-11-13;;;;;;
"""


@pytest.fixture
def monday(office: Office) -> Office:
    with office.config.open("a", encoding="utf-8") as file:
        file.write(NIR)
    office.write("liste.csv", LIST)
    return office


def missing(answer: Any) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for item in answer.json["items"]:
        for verdict in item["verdicts"]:
            if verdict["kind"] == "missing":
                found.setdefault(item["person"], set()).add(verdict["field"])
    return found


def filled_in(office: Office, *keys: str) -> str:
    """The sheet of the worklist, with a day for each line of these people."""
    path = office.folder / "nir" / "arbeidsliste.csv"
    text = path.read_text(encoding="utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    heading = rows[0]
    person, on, by = heading.index("Nøkkel"), heading.index("Sett dato"), heading.index("Sett av")
    for row in rows[1:]:
        if row[person] in keys:
            row[on], row[by] = "24.11.2026", "Kari Nordmann"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)
    return str(path)


def test_a_week_in_the_office(monday: Office) -> None:
    office = monday
    path = str(office.folder / "liste.csv")
    assert office("nir", "records", path).code == 1  # a code that is not mapped is a question
    assert not (office.folder / "nir").exists()
    recorded = office("nir", "records", path, "--yes", "--json")
    assert (recorded.code, recorded.json["counts"]["new"], recorded.json["counts"]["held"]) == (1, 3, 1)
    again = office("nir", "records", path, "--yes", "--json")
    assert (again.json["counts"]["new"], again.json["counts"]["unchanged"]) == (0, 3)

    tuesday = office("nir", "worklist", "--json")
    assert tuesday.code == 1
    assert missing(tuesday)["k-1"] == {"timer_norsk", "timer_samfunnskunnskap"}
    assert "k-2" not in missing(tuesday)  # 0 hours that somebody wrote is an answer
    assert "avslutningsaarsak" in missing(tuesday)["k-3"]
    assert tuesday.json["items"][0]["due"] == "2025-06-01"  # the oldest day stands first
    saved = office("--lang", "nb", "nir", "worklist", "--sheet", "arbeidsliste.csv")
    assert saved.code == 1

    thursday = office("nir", "seen", filled_in(office, "k-1", "k-2"), "--yes", "--json")
    assert (thursday.code, thursday.json["counts"]["refused"]) == (0, 0)
    friday = office("nir", "worklist", "--json")
    assert {item["person"] for item in friday.json["items"]} == {"k-3"}
    assert "k-3" not in office("nir", "today").out  # counts alone

    with one_day(datetime(2027, 2, 10, 9, 30, tzinfo=UTC)):
        close = office("nir", "worklist", "--json")
        [end] = close.json["year_ends"]
        assert (end["year"], end["last_day"], end["computed"]) == (2026, "2027-02-28", True)
        assert end["without_reason"] == ["k-3"]
        reason = ("nir", "seen", "k-3", "avslutningsaarsak", "--on", "2027-02-09", "--yes")
        assert office(*reason).code == 0
        [end] = office("nir", "worklist", "--json").json["year_ends"]
        assert end["without_reason"] == []


D_NUMBER = "69822075096"  # of Tenor
SECTIONS = """
[nir]
municipality = "1899"
retention = "P5Y"
recipient = "introduksjon@skotthyll.kommune.no"
[nir.person_list]
key = "Klientnr"
ended = "Avsluttet"
reason = "Årsak"
[smtp]
host = "localhost"
port = {port}
security = "off"
timeout = 5
"""
CODES = """
[nir.codes]
sluttmaal = { "jobb" = "arbeid" }
norskmaal = { "nivå B1" = "B1" }
tiltak = { "norskkurs" = "norsk" }
avslutningsaarsak = { "fikk jobb" = "arbeid" }
"""
PERSON = {
    "Grunnlag for opphold": "28",
    "Oppholdstillatelse gitt": "2025-11-01",
    "Ankomst": "2025-10-01",
    "Søkt ut": "2026-05-01",
    "Bosatt": "2026-06-01",
}
OLD = PERSON | {"Oppholdstillatelse gitt": "2020-03-01", "Ankomst": "2020-02-01"}
FILLED_IN = {
    "Introduksjonsprogram": [
        PERSON
        | {"Nøkkel": "p-1", "Vedtaksdato": "2026-08-20", "Tiltak": "norskkurs 2026-09-01/2026-12-18"}
        | {"Sluttmål": "jobb", "Integreringskontrakt": "ja"},
        PERSON | {"Nøkkel": "p-2", "Grunnlag for opphold": "§ 34", "Vedtaksdato": "2026-10-01"},
        OLD | {"Nøkkel": "p-3", "Vedtaksdato": "2026-10-20", "Sluttmål": "jobb"},
        PERSON | {"Nøkkel": "p-4", "Bosatt": "", "Vedtaksdato": "2026-10-20"},
        PERSON | {"Nøkkel": "p-5", "Vedtaksdato": "2026-02-02", "Startdato": "2026-02-16"},
    ],
    "Norsk og samfunnskunnskap": [
        PERSON | {"Nøkkel": "p-1", "Vedtaksdato": "2026-10-20", "Norskmål": "nivå B1", "Utdanningsbakgrunn": "nei"},
        PERSON | {"Nøkkel": "p-6", "Vedtaksdato": "2026-10-20", "Norskmål i NIR": "2026-11-01"},
    ],
    "Opplæring i mottak": [{"Nøkkel": "p-7", "Ankomst": "2026-09-01", "Vedtaksdato": "2026-10-01", "Morsmål": "dari"}],
    "Kvalifisering i mottak": [{"Nøkkel": "p-8", "Ankomst": "2026-09-01", "Livsmestring gjennomført": "nei"}],
}


@pytest.fixture
def post(tmp_path: Path) -> Iterator[PostOffice]:
    with PostOffice(tmp_path) as opened:
        yield opened


@pytest.fixture
def desk(office: Office, post: PostOffice) -> Office:
    """An office whose two first people are Feide users, and whose [nir] maps no words yet."""
    with office.config.open("a", encoding="utf-8") as file:
        file.write(SECTIONS.format(port=post.port))
    people = office.people("p-1;Olena;Kovalenko;2020-02-29;hylla;pupil;", "p-2;Selam;Tesfay;1990-01-01;hylla;pupil;")
    assert office("apply", people, "--yes").code == 0
    return office


def filled_in_sheets(office: Office) -> str:
    """The sheets of `sheet nir`, each with its people."""
    empty, path = office.folder / "nir.xlsx", office.folder / "utfylt.xlsx"
    assert office("--lang", "nb", "sheet", "nir", str(empty)).code == 0
    made = CalamineWorkbook.from_path(str(empty))
    with xlsxwriter.Workbook(path, {"in_memory": True}) as book:
        for name, rows in FILLED_IN.items():
            above, heading, *_ = made.get_sheet_by_name(name).to_python()
            cells = [above, heading, *([row.pop(one, "") for one in heading] for row in map(dict, rows))]
            sheet = book.add_worksheet(name)
            for number, row in enumerate(cells):
                sheet.write_row(number, 0, row)
    return str(path)


def kinds(answer: Any, kind: str) -> set[str]:
    return {item["person"] for item in answer.json["items"] if item["kind"] == kind}


def counts(answer: Any, *names: str) -> tuple[int, ...]:
    return tuple(answer.json["counts"].get(name, 0) for name in names)


def test_monday_to_friday_on_the_command_line(desk: Office, post: PostOffice) -> None:
    office, path = desk, filled_in_sheets(desk)
    # Monday: words that nobody has mapped, then the list as it is
    read = office("read", path, "--json")
    assert (read.code, read.json["kind"]) == (1, "nir")
    unmapped = office("nir", "records", path, "--json")
    assert (unmapped.code, counts(unmapped, "rows", "new", "held", "refused")) == (1, (9, 9, 4, 0))
    assert {one["code"] for one in unmapped.json["refusals"]} == {"R-NIR-CODE"}
    with office.config.open("a", encoding="utf-8") as file:
        file.write(CODES)
    assert office("nir", "records", path).code == 0
    assert not (office.folder / "nir").exists()
    recorded = office("nir", "records", path, "--yes", "--json")
    assert (recorded.code, counts(recorded, "new", "held")) == (0, (9, 0))
    assert office("nir", "channel", "--json").code == 0

    monday = office("nir", "worklist", "--json")
    assert (monday.code, kinds(monday, "settlement")) == (1, {"p-4"})
    assert counts(monday, "people", "forbidden", "not_known", "number") == (8, 1, 1, 0)
    screen = office("--lang", "nb", "nir", "worklist", "--html", "side.html", "--sheet", "arbeidsliste.csv")
    assert screen.code == 1
    assert "Skal ikke registreres: Sluttmål" in screen.out
    assert not any(word in screen.out for word in ("overdue", "channel", "Missing"))
    assert "p-3" in (office.folder / "nir" / "side.html").read_text(encoding="utf-8")

    # Wednesday: the sheet comes back, and what must not be registered is taken back
    seen = office("nir", "seen", filled_in(office, "p-1", "p-6"), "--yes", "--json")
    assert (seen.code, counts(seen, "refused")) == (0, (0,))
    taken_back = office.write("rett.csv", "Nøkkel;Ordning;Sluttmål\np-3;Introduksjonsprogram;fjern\n")
    assert counts(office("nir", "records", taken_back, "--json"), "changed", "removed") == (1, 1)
    removed = office("nir", "records", taken_back, "--yes")
    assert (removed.code, "1 value was removed." in removed.out) == (0, True)
    wednesday = office("nir", "worklist", "--json")
    assert counts(wednesday, "forbidden") == (0,)
    assert {item["person"] for item in wednesday.json["items"]} == {f"p-{n}" for n in (2, 3, 4, 5, 7, 8)}

    # Thursday: a number comes in Feide, and somebody looks in NIR
    number = f"source_id;national_number;birth_date\np-1;{D_NUMBER};2020-02-29\n"
    assert office("attach", office.write("nummer.csv", number), "--yes").code == 0
    assert kinds(office("nir", "worklist", "--json"), "number") == {"p-1"}
    assert office("nir", "seen", "p-1", "number", "--on", "2026-11-24", "--yes").code == 0
    assert kinds(office("nir", "worklist", "--json"), "number") == set()

    # Friday: two programmes end, one with a reason; the person list of NIR; a mail for those who register
    ends = office.write(
        "slutt.csv",
        "Nøkkel;Ordning;Sluttdato;Avslutningsårsak\np-1;Introduksjonsprogram;2026-11-20;fikk jobb\n"
        "p-5;Introduksjonsprogram;2026-11-20;\n",
    )
    assert counts(office("nir", "records", ends, "--yes", "--json"), "changed") == (2,)
    listed = "Klientnr;Avsluttet;Årsak\np-1;2026-11-20;arbeid\np-2;;\np-5;2026-11-20;\np-9;;\n"
    beside = office("nir", "reconcile", office.write("personliste.csv", listed), "--json")
    assert (beside.code, counts(beside, "in_nir", "only_in_nir", "not_in_nir")) == (1, (4, 1, 5))
    without = [one["person"] for one in beside.json["differences"] if one["kind"] == "ending_without_reason"]
    assert without == ["p-5"]
    mailed = office("--lang", "nb", "nir", "today", "--mail")
    assert (mailed.code, mailed.out, mailed.err) == (0, "", "")
    [mail] = post.messages
    assert mail["To"] == "introduksjon@skotthyll.kommune.no"
    assert "p-" not in mail.get_content().replace("--", "")

    for day, years in (((2026, 11, 30), []), ((2026, 12, 1), [2026]), ((2027, 1, 15), [2026]), ((2027, 3, 1), [])):
        with one_day(datetime(*day, 9, 30, tzinfo=UTC)):
            ended = office("nir", "worklist", "--json").json["year_ends"]
        assert [(end["year"], end["without_reason"]) for end in ended] == [(year, ["p-5"]) for year in years]
    assert D_NUMBER not in "".join(one.out for one in (monday, wednesday, beside)) + mail.get_content()
