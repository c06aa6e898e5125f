"""A case worker's week: a list in, what is missing, a sheet back with days, what was seen in NIR, the year's end."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from one_day import one_day

if TYPE_CHECKING:
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
