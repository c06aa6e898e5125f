"""The nightly file of a school administration system, and a list of who has left, at the command line."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
from enterprise_file import EnterpriseFile
from filled_in import filled_in
from one_day import MORNING, one_day

from feideprov.intake.ims.model import Group, Membership, Person, Properties, SourcedId
from feideprov.intake.ims.vocabulary import GroupKind, RoleKind

from .conftest import Office

HYLLA = SourcedId("flyt", "hylla")
SCHOOL = Group(HYLLA, GroupKind.SCHOOL, "Hylla skole", number="912345688")
NAMES = ("Anna", "Berit", "Cecilie", "Dina", "Eva", "Frida")


@pytest.fixture
def nights(office: Office) -> Office:
    """An office that has answered who is protected."""
    office.config.write_text(office.config.read_text(encoding="utf-8") + '\n[protection]\npeople = "none"\n')
    return office


def night(office: Office, day: int, pupils: str, extent: str = "full", *, said: str | None = None) -> str:
    """A file of pupils, by their first letters; gives its path."""
    people = [
        Person(SourcedId("flyt", f"key-{name[0]}"), family="Nordmann", given=name, birth_date=f"2012-05-{number:02}")
        for number, name in enumerate(NAMES, 1)
        if name[0] in pupils
    ]
    members = {HYLLA: [(one.id, Membership(HYLLA, RoleKind.PUPIL)) for one in people]}
    properties = Properties("flyt@skotthyll.kommune.no", extent, f"2026-11-{day:02}T02:00:00" if said is None else said)
    return office.write(f"night-{day}.xml", EnterpriseFile(people, [SCHOOL], members, properties).text())


def test_who_is_missing_in_two_full_files_is_closed(nights: Office) -> None:
    assert nights("apply", night(nights, 16, "ABCDEF"), "--yes").code == 0
    told = nights("plan", night(nights, 17, "ABC"))
    assert "night-17.xml: 3 of the 6 users of this source and these schools are not in it." in told.err
    before = nights.state()
    assert nights("apply", night(nights, 17, "ABC"), "--leavers").code == 0
    assert nights.state() == before
    assert nights("apply", night(nights, 17, "ABC"), "--leavers", "--yes").code == 0
    assert "close" not in [kind for kind, *_ in nights.journaled()]
    dry = nights("plan", night(nights, 18, "ABC"), "--leavers", "--json").json
    assert dry["leavers"] == {
        **{"users": 6, "missing": 3, "protected": 0, "alone": 0, "deleted": 0, "may_close": 3, "closed": 3}
    }
    done = nights("apply", night(nights, 18, "ABC"), "--leavers", "--yes", "--json")
    assert (done.code, done.json["leavers"]["closed"]) == (0, 3)
    assert sorted(change["kind"] for change in done.json["changes"]) == ["close"] * 3
    back = nights("apply", night(nights, 19, "ABCDEF"), "--leavers", "--yes", "--json").json
    assert [one["code"] for one in back["refusals"]] == ["R-CLOSED"] * 3


@pytest.mark.parametrize("said", ["", "2099-01-01T02:00:00"], ids=["undated", "of a day to come"])
def test_a_file_without_a_day_that_comes_again_is_no_second_file(nights: Office, said: str) -> None:
    def leavers(day: int, pupils: str) -> tuple[int, int]:
        with one_day(MORNING + timedelta(days=day)):
            told = nights("apply", night(nights, day, pupils, said=said), "--leavers", "--yes", "--json")
        return told.json["leavers"]["missing"], told.json["leavers"]["closed"]

    assert leavers(1, "ABCDEF") == (0, 0)
    assert leavers(2, "ABCD") == (2, 0)
    assert leavers(3, "ABCD") == (2, 0)
    assert leavers(4, "ABC") == (3, 2)


def test_far_fewer_people_stop_the_run(nights: Office) -> None:
    assert nights("apply", night(nights, 16, "ABCDEF"), "--yes").code == 0
    assert "apply would stop" in nights("plan", night(nights, 17, "AB")).err
    stopped = nights("apply", night(nights, 17, "AB"), "--yes")
    assert stopped.code == 2
    assert "night-17.xml is a full file with 2 people, and the last one, of 2026-11-16, had 6" in stopped.err
    assert nights("apply", night(nights, 17, "AB"), "--yes", "--allow-fewer", "2").code == 0


def test_a_saved_plan_closes_too(nights: Office) -> None:
    nights("apply", night(nights, 16, "ABCDEF"), "--yes")
    nights("apply", night(nights, 17, "ABC"), "--yes")
    plan = str(nights.folder / "plan.json")
    assert nights("plan", night(nights, 18, "ABC"), "--leavers", "-o", plan).code == 0
    assert nights("apply", plan, "--leavers").code == 2
    done = nights("apply", plan, "--yes", "--json").json
    assert (done["leavers"]["closed"], done["counts"]["updated"]) == (3, 3)
    again = nights("apply", plan, "--yes", "--json").json
    assert (again["counts"]["updated"], again["counts"]["held"], again["counts"]["failed"]) == (0, 0, 0)


def test_a_list_of_leavers_comes_back_to_close(nights: Office) -> None:
    nights("apply", night(nights, 16, "ABCDEF"), "--yes")
    path = nights.folder / "left.csv"
    told = nights("plan", night(nights, 17, "ABC"), "--leavers-list", str(path))
    assert told.code == 0
    assert f"3 users who may have left are in {path}. Delete the rows of those who have not." in told.out
    assert path.stat().st_mode & 0o777 == 0o600
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert [list(row) for row in rows] == [["source_id", "user", "reason", "last_day"]] * 3
    assert [row["source_id"] for row in rows] == [f"key-{letter}" for letter in "DEF"]
    assert all("may be a shielded pupil" in row["reason"] for row in rows)
    assert not any(name in path.read_text(encoding="utf-8-sig") for name in (*NAMES, "Nordmann", "Hylla"))
    dry = nights("close", str(path))
    assert (dry.code, dry.out.count("close "), dry.err) == (0, 3, "")
    assert nights("close", str(path), "--yes", "--json").json["counts"]["closed"] == 3
    assert nights("close", str(path), "--yes", "--json").json["counts"] == {
        **{"closed": 0, "unchanged": 3, "refused": 0, "held": 0, "failed": 0}
    }


@pytest.mark.parametrize(("name", "encoding"), [("back.xlsx", ""), ("back.csv", "utf-8-sig"), ("back.csv", "cp1252")])
def test_a_list_of_leavers_in_xlsx_comes_back_as_excel_saves_it(nights: Office, name: str, encoding: str) -> None:
    nights("apply", night(nights, 16, "ABCDEF"), "--yes")
    path = nights.folder / "left.xlsx"
    assert nights("--lang", "nb", "plan", night(nights, 17, "ABC"), "--leavers-list", str(path)).code == 0
    assert path.stat().st_mode & 0o777 == 0o600
    strings = ZipFile(path).read("xl/sharedStrings.xml").decode()
    assert all(word in strings for word in ("key-F", "Kilde-ID", "Siste dag", "kan være en skjermet elev"))
    assert not any(name in strings for name in (*NAMES, "Nordmann"))
    cells = {(3, 4): date(2026, 11, 1), (4, 4): date(2099, 6, 20)}
    back = filled_in(path, nights.folder / name, cells, encoding=encoding)
    assert nights("close", back, "--yes", "--json").json["counts"]["closed"] == 2


def test_a_list_of_leavers_is_given_alone(nights: Office, tmp_path: Path) -> None:
    listed = nights.write("left.csv", "bruker;siste dag\nanna@skotthyll.kommune.no;2026-11-01\n")
    assert nights("close", listed, "anna@skotthyll.kommune.no").code == 2
    assert nights("close", "anna@skotthyll.kommune.no", "--encoding", "utf-8").code == 2
    assert "missing.csv" in nights("close", str(tmp_path / "missing.csv")).err
    assert nights("close", str(tmp_path)).code == 2
    assert nights("close", listed).code == 1
