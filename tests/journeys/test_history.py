"""history, as it is shown: local time, the evidence that counted, what an update changed."""

from __future__ import annotations

import csv
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from one_day import one_day

if TYPE_CHECKING:
    from tests.journeys.conftest import Office

USER = "olenkova@skotthyll.kommune.no"
HEADING = "source_id;given_name;family_name;birth_date;school;role;mail;national_number\n"


def apply(office: Office, row: str) -> None:
    said = office("apply", office.write("list.csv", f"{HEADING}{row}\n"), "--yes")
    assert said.code == 0, said.out + said.err


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        ("2026-11-24T09:30:00+00:00", "2026-11-24 10:30:0"),
        ("2026-07-31T22:30:00+00:00", "2026-08-01 00:30:0"),
        ("2026-12-31T23:30:00+00:00", "2027-01-01 00:30:0"),
    ],
)
def test_the_time_is_that_in_norway_with_its_offset(office: Office, moment: str, shown: str) -> None:
    with one_day(datetime.fromisoformat(moment)):
        apply(office, "r-1;Olena;Kovalenko;1994-02-12;hylla;pupil;;")
        said = office("history", USER).out
        [event] = office("history", USER, "--json").json["events"]
    at = said.partition("  ")[0]
    assert at.startswith(shown)
    assert at.endswith("+02:00" if "-08-" in at else "+01:00")
    assert datetime.fromisoformat(at) == datetime.fromisoformat(event["at"])
    assert datetime.fromisoformat(event["at"]).tzinfo is not None


def test_history_says_what_counted_and_what_changed(office: Office) -> None:
    apply(office, "r-1;Olena;Kovalenko;1994-02-12;hylla;pupil;;52829400197")
    apply(office, "r-1;Olena;Bondarenko;1994-02-12;hylla;pupil;o@example.no;52829400197")
    made, updated = office("history", USER).out.splitlines()
    assert made.endswith(", from list.csv row 2; evidence: equals the recorded birth date")
    assert updated.endswith(", from list.csv row 2; changed: name, mail")
    events = office("history", USER, "--json").json["events"]
    assert [event["evidence"] for event in events] == ["equals the recorded birth date", None]
    assert [event.get("changed") for event in events] == [None, ["name", "mail"]]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "changed: name, school, role, mail"),
        ("nb", "endret: navn, skole, rolle, e-post"),
        ("nn", "endra: namn, skule, rolle, e-post"),
    ],
)
def test_what_changed_has_the_name_of_its_column_in_each_language(office: Office, language: str, said: str) -> None:
    apply(office, "r-1;Olena;Kovalenko;1994-02-12;hylla;pupil;;")
    apply(office, "r-1;Olena;Bondarenko;1994-02-12;solbakken;teacher;o@example.no;")
    assert office("--lang", language, "history", USER).out.splitlines()[-1].endswith(f"; {said}")


def test_a_former_feide_name_is_not_shown(office: Office) -> None:
    apply(office, "r-1;Olena;Kovalenko;1994-02-12;hylla;pupil;;")
    assert office("rename", USER, "--to", "olena.berg", "--yes").code == 0
    assert office("rename", "olena.berg@skotthyll.kommune.no", "--to", "olena.dahl", "--yes").code == 0
    said = office("history", "olena.dahl@skotthyll.kommune.no")
    assert "olena.berg" not in said.out
    assert "olenkova" not in said.out
    assert "  rename: done, by " in said.out
    assert "  rename to olena.dahl@skotthyll.kommune.no: done, by " in said.out


def test_an_answer_about_who_is_who_says_about_which_source_id(office: Office) -> None:
    apply(office, "r-1;Olena;Kovalenko;1994-02-12;hylla;pupil;;")
    for words in (["--same-as", "r-7"], ["--different", "r-8"], ["--undo", "r-7"], ["--different"]):
        assert office("resolve", USER, *words, "--yes").code == 0
    _, link, different, undone, general = office("history", USER).out.splitlines()
    assert [line.partition("; ")[2] for line in (link, different, undone)] == [
        "source id: r-7",
        "source id: r-8",
        "source id: r-7",
    ]
    assert "source id" not in general
    table = office.folder / "history.csv"
    events = office("history", USER, "--csv", str(table), "--json").json["events"]
    assert [line.split(";")[4] for line in table.read_text(encoding="utf-8").splitlines()[1:3]] == ["", "r-7"]
    assert [event.get("source_id") for event in events] == [None, "r-7", "r-8", "r-7", None]


def test_the_table_has_what_changed(office: Office) -> None:
    apply(office, "r-1;Olena;Kovalenko;1994-02-12;hylla;pupil;;")
    apply(office, "r-1;Olena;Bondarenko;1994-02-12;hylla;pupil;o@example.no;")
    assert office("history", USER, "--csv", str(office.folder / "history.csv")).code == 0
    with (office.folder / "history.csv").open(encoding="utf-8-sig", newline="") as table:
        rows = list(csv.DictReader(table, delimiter=";"))
    assert [(row["kind"], row["changed"]) for row in rows] == [("create", ""), ("update", "name | mail")]
