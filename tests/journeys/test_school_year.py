"""The August turn on the command line: groups on the screen, every change in --json and --csv, and one question."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.journeys.conftest import Office

NAMES = ("Anna", "Berit", "Cecilie", "Dina", "Eva", "Frida", "Guro")
HEADING = "source_id;given_name;family_name;school;role;grade;groups;protected\n"


def listed(office: Office, grade: str, group: str, *, school: str = "hylla") -> str:
    rows = [f"k{n};{name};Nordmann;{school};pupil;{grade};{group};" for n, name in enumerate(NAMES)]
    rows[6] += "yes"
    return office.write("people.csv", HEADING + "".join(f"{row}\n" for row in rows))


def test_a_new_school_year_on_the_screen_and_in_files(office: Office) -> None:
    people, table = listed(office, "5", "5A"), office.folder / "plan.csv"
    assert office("apply", people, "--yes").code == 1  # the protected one is made alone
    assert office("apply", people, "--only", "k6", "--yes").code == 0
    people = listed(office, "6", "6A")
    text = (office.folder / "people.csv").read_text(encoding="utf-8")
    office.write("people.csv", text.replace("k1;Berit;Nordmann;hylla", "k1;Berit;Nordmann;solbakken"))
    told = office("plan", people, "--csv", str(table))
    lines = told.out.splitlines()
    assert lines[0] == "This would be done:"
    assert lines[1].startswith("  update berinord@skotthyll.kommune.no:")
    assert "A new school year, for 6 users (--json and --csv have each of them):" in lines
    assert lines[-5:-2] == [
        "  grade 5 → 6: 6 users of Hylla skole",
        "  class 5A → 6A: 6 users of Hylla skole",
        "",
    ]
    assert "Guro" not in told.out
    changes = office("plan", people, "--json").json["changes"]
    assert [change["row"] for change in changes] == [2, 3, 4, 5, 6, 7, 8]
    with table.open(encoding="utf-8-sig", newline="") as file:
        assert {row["row"] for row in csv.DictReader(file, delimiter=";")} == set("2345678")
    office.config.write_text(office.config.read_text(encoding="utf-8") + "\n[caps]\nchanges = 3\n", encoding="utf-8")
    stopped = office("apply", people, "--yes")
    assert stopped.code == 2
    assert "Of these, 6 are a new school year: grade 5 → 6: 6 users of Hylla skole; class 5A → 6A" in stopped.err
    assert "--allow-changes 7" in stopped.err
    done = office("apply", people, "--yes", "--allow-changes", "7").out.splitlines()
    assert (done[0], done.count("  grade 5 → 6: 6 users of Hylla skole")) == ("Done:", 1)
    assert office("plan", people, "--exit-code").code == 0
