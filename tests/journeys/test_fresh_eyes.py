"""What somebody reads who did not write the list: whom it is about, who is protected, and counts in plain words."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from feideprov.cli.changes import PLAN_COLUMNS

if TYPE_CHECKING:
    from tests.journeys.conftest import Office

HEADING = "source_id;given_name;family_name;birth_date;school;role;mail;groups;protected\n"
ANNA = "a-1;Жанна;Olsen;2010-01-01;hylla;pupil;;;"


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines(), delimiter=";"))


def listed(office: Office, *rows: str) -> str:
    return office.write("list.csv", HEADING + "".join(f"{row}\n" for row in rows))


@pytest.mark.parametrize("before", ["new", "unchanged", "changed"])
def test_what_is_left_out_of_a_row_says_which_user_it_is_about(office: Office, before: str) -> None:
    first = "hans" if before == "changed" else "olse"
    if before != "new":
        family_name = "Hansen" if before == "changed" else "Olsen"
        assert office("apply", listed(office, ANNA.replace("Olsen", family_name)), "--yes").code == 0
    row = ANNA.replace(";pupil;;", ";pupil;kåre@skole.no;b:4b")
    [refusal] = office("plan", listed(office, row), "--json").json["refusals"]
    assert (refusal["name"], refusal["user"]) == ("Жанна Olsen", f"zhan{first}@skotthyll.kommune.no")


@pytest.mark.parametrize(
    "row",
    [
        ANNA.replace(";pupil;;", ";pupil;kåre@skole.no;b:4b"),
        ANNA.replace(";pupil;", ";nobody;"),
        ANNA.replace("2010-01-01", "2010-02-30"),
        ANNA.replace("hylla", "nowhere"),
    ],
)
def test_a_user_who_is_protected_is_not_named_when_the_list_does_not_say_so(office: Office, row: str) -> None:
    assert office("apply", listed(office, f"{ANNA}yes"), "--only", "a-1", "--yes").code == 0
    people, path = listed(office, row), office.folder / "plan.csv"
    said = office("plan", people, "--csv", str(path))
    assert said.code == 1
    for text in (said.out, said.err, path.read_text(encoding="utf-8"), office("plan", people, "--json").out):
        assert not re.search("Жанна|Olsen", text)


def test_ldif_has_no_name_of_a_protected_user(office: Office) -> None:
    assert office("apply", listed(office, f"{ANNA}yes"), "--only", "a-1", "--yes").code == 0
    path = office.folder / "plan.ldif"
    assert office("plan", listed(office, ANNA.replace("Olsen", "Hansen")), "--ldif", str(path)).code == 0
    text = path.read_text(encoding="utf-8")
    assert "sn" in text
    assert not re.search("Olsen|Hansen|changetype", text)


def test_one_user_is_not_one_of_these_users(office: Office) -> None:
    people = office.people("a-1;Kari;Berg;2010-01-01;hylla;pupil;")
    assert "\nThis user would have no number.\n" in office("plan", people).out
    assert "\nThis user has no number.\n" in office("apply", people, "--yes").out
    assert office("plan", people).out == "\nOf 1 row: 1 user is unchanged.\nThis user would have no number.\n"


@pytest.mark.parametrize("command", ["plan", "apply", "attach"])
def test_a_list_without_rows_says_so(office: Office, command: str) -> None:
    heading = "feide_name;national_number\n" if command == "attach" else HEADING
    said = office(command, office.write("empty.csv", heading))
    assert (said.code, said.out) == (0, "\nThe list has no rows.\n")


def test_what_was_done_and_would_be_done_is_saved_in_csv(office: Office) -> None:
    path = office.folder / "all.csv"
    people = office.people("a-1;Kari;Berg;2010-01-01;hylla;pupil;", "a-2;;;2010-01-01;hylla;pupil;")
    for yes in ((), ("--yes",)):
        office("apply", people, *yes, "--csv", str(path))
        found = rows_of(path)
        assert list(found[0]) == list(PLAN_COLUMNS)
        assert [(one["row"], one["kind"], one["name"]) for one in found] == [
            ("2", "create", "Kari Berg"),
            ("3", "refused", ""),
        ]
        path.unlink()


def test_a_list_of_numbers_is_saved_in_csv(office: Office) -> None:
    path = office.folder / "all.csv"
    assert office("apply", office.people("a-2;Mona;Berg;2003-04-05;hylla;pupil;"), "--yes").code == 0
    heading = "source_id;national_number;birth_date\n"
    numbers = office.write(
        "numbers.csv", f"{heading}a-2;45840375084;2003-04-05\na-3;45840375084;2003-04-05\n"
    )  # Tenor's
    office("attach", numbers, "--csv", str(path))
    assert [(one["row"], one["kind"]) for one in rows_of(path)] == [("2", "attach"), ("3", "refused")]
    assert "45840375084" not in path.read_text(encoding="utf-8")


def test_nothing_is_written_when_the_csv_file_cannot_be(office: Office) -> None:
    people = office.people("a-1;Kari;Berg;2010-01-01;hylla;pupil;")
    assert office("apply", people, "--yes", "--csv", str(office.folder / "nowhere" / "all.csv")).code == 2
    assert office("plan", people, "--json").json["counts"]["created"] == 1


def test_today_shows_who_waits_in_columns(office: Office) -> None:
    assert office("apply", office.people("a-1;Kari;Berg;2010-01-01;hylla;pupil;"), "--yes").code == 0
    with office.catalogue.open("a", encoding="utf-8") as file:
        file.write("\ndn: uid=other,ou=people,dc=skotthyll,dc=no\nobjectClass: norEduPerson\nuid: other\n")
        file.write("eduPersonPrincipalName: other@skotthyll.kommune.no\n")
    shown = [line for line in office("today").out.splitlines() if "@" in line]
    assert shown == [
        "  kariberg@skotthyll.kommune.no  since 2026-11-24, 0 days",
        "  other@skotthyll.kommune.no     not known",
    ]
