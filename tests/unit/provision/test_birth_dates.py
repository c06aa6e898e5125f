"""Birth dates for a query sheet: from a list, by source id or Feide name, and never of somebody else."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from feideprov import Client, PersonRecord
from feideprov.directory.entry import Entry
from feideprov.directory.memory import MemoryDirectory
from feideprov.issues import Origin
from feideprov.provision.birth_dates import BirthDates
from feideprov.provision.pending import query_rows
from feideprov.testing import example_directory, example_settings

REALM = "skotthyll.kommune.no"
OLENA = f"olenkova@{REALM}"
BORN = date(2009, 2, 1)


def person(source_id: str = "p1", given: str = "Olena", family: str = "Kovalenko", **more: Any) -> PersonRecord:
    return PersonRecord(source_id=source_id, given_name=given, family_name=family, school="hylla", role="pupil", **more)


@pytest.fixture
def directory() -> MemoryDirectory:
    return example_directory()


@pytest.fixture
def feide(tmp_path: Path, directory: MemoryDirectory) -> Client:
    """Olena, of whom neither the directory nor the journal knows when she was born."""
    feide = Client(example_settings(tmp_path), directory=directory)
    assert feide.apply(feide.plan([person()])).counts["created"] == 1
    return feide


def found(feide: Client, *records: PersonRecord) -> BirthDates:
    listed = [one.model_copy(update={"origin": Origin("list.csv", row)}) for row, one in enumerate(records, 2)]
    return feide.numbers.birth_dates(feide.pending(), listed)


def told(said: BirthDates) -> list[tuple[str, int]]:
    return [(one.code, one.origin.row) for one in said.refusals if one.origin]


@pytest.mark.parametrize("key", ["p1", "P1", OLENA, OLENA.upper()])
def test_the_row_is_found_by_source_id_or_feide_name(feide: Client, key: str) -> None:
    said = found(feide, person(key, birth_date=BORN), person("p1"))
    assert (dict(said.days), said.refusals) == ({OLENA: BORN}, ())
    [row] = query_rows(map(said.added_to, feide.pending()))
    assert row == ("p1", OLENA, "Olena", "Kovalenko", "2009-02-01")


def test_a_source_id_that_was_linked_is_the_users_too(feide: Client) -> None:
    feide.users.resolve(OLENA, same_as="q9")
    assert found(feide, person("q9", birth_date=BORN)).days == {OLENA: BORN}


def test_a_row_of_nobody_is_told(feide: Client) -> None:
    said = found(feide, person("p2", birth_date=BORN), person("p3"))
    assert (dict(said.days), told(said)) == ({}, [("R-NO-USER", 2), ("R-NO-USER", 3)])


def test_a_row_of_two_users_is_told(feide: Client, directory: MemoryDirectory) -> None:
    feide.apply(feide.plan([person("p2", "Dmytro", "Tkachenko")]))
    entries = [
        Entry(e.dn, {**dict(e.items()), "employeeNumber": [b"p1"]}) if e.text("employeeNumber") == "p2" else e
        for e in directory.having(["objectClass"], ["*"])
    ]
    other = MemoryDirectory(directory.base, entries)
    again = Client(feide.settings, directory=other)
    said = found(again, person(birth_date=BORN))
    assert (dict(said.days), told(said)) == ({}, [("R-TWO-USERS", 2)])


def test_a_row_with_another_name_is_told(feide: Client) -> None:
    said = found(feide, person("p1", "Semhar", "Tesfay", birth_date=BORN))
    assert (dict(said.days), told(said)) == ({}, [("R-OTHER-NAME", 2)])


def test_another_spelling_is_no_other_name(feide: Client) -> None:
    assert found(feide, person("p1", "KOVALENKO", "Olena Ivanivna", birth_date=BORN)).days == {OLENA: BORN}


def test_two_rows_with_different_dates_are_told(feide: Client) -> None:
    said = found(feide, person(birth_date=BORN), person(OLENA, birth_date=date(2009, 1, 1)))
    assert (dict(said.days), told(said)) == ({}, [("R-TWO-ROWS", 2), ("R-TWO-ROWS", 3)])


@pytest.mark.parametrize("in_directory", [True, False], ids=["by the directory", "by the journal"])
def test_a_birth_date_of_another_year_is_told(tmp_path: Path, in_directory: bool) -> None:
    settings = example_settings(tmp_path, feide={"birth_date": in_directory})
    feide = Client(settings, directory=example_directory())
    feide.apply(feide.plan([person(birth_date=date(2009, 12, 31))]))
    said = found(feide, person(birth_date=date(2010, 1, 1)))
    assert (dict(said.days), told(said)) == ({}, [("R-OTHER-YEAR", 2)])
    assert found(feide, person(birth_date=BORN)).refusals == ()
    [row] = query_rows(map(found(feide, person(birth_date=BORN)).added_to, feide.pending()))
    assert row[-1] == ("2009-12-31" if in_directory else "2009-02-01")


def test_whom_the_list_protects_is_in_no_sheet(feide: Client) -> None:
    said = found(feide, person(birth_date=BORN, protected=True))
    users = list(map(said.added_to, feide.pending()))
    assert [user.protected for user in users] == [True]
    assert list(query_rows(users)) == []


def test_somebody_with_a_number_is_passed_over(feide: Client) -> None:
    waiting = [user for user in feide.pending() if user.user != OLENA]
    said = feide.numbers.birth_dates(waiting, [person("p1", "Semhar", "Tesfay", birth_date=BORN)])
    assert (dict(said.days), said.refusals) == ({}, ())
