"""User names on a real server: races for one name, and renames."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from feideprov import Client, Outcome, PersonRecord
from feideprov.directory.entry import Entry
from feideprov.provision.plan.logins import plan_rename
from feideprov.provision.run.handover import HandoverFile
from feideprov.testing.slapd import PrivateSlapd

from .conftest import configuration, service

REALM = "skotthyll.kommune.no"
NAME, PRIOR = "eduPersonPrincipalName", "eduPersonPrincipalNamePrior"
OLENA = {"given_name": "Olena", "family_name": "Kovalenko", "school": "hylla", "role": "pupil"}
EACH = 6


@pytest.fixture
def offices(slapd: PrivateSlapd, skotthyll: Path) -> list[Path]:
    """Two offices of one organization, each with its own journal and hand-over file, on one directory."""
    folders = [skotthyll.parent / name for name in ("north", "south")]
    for folder in folders:
        folder.mkdir()
    return [configuration(slapd, folder) for folder in folders]


def users(slapd: PrivateSlapd) -> dict[str, Entry]:
    with service(slapd) as directory:
        return {entry.text(NAME) or "": entry for entry in directory.having(["employeeNumber"], ["*"])}


def assert_everybody_logs_in(slapd: PrivateSlapd, offices: list[Path], expected: int) -> None:
    found = users(slapd)
    rows = [HandoverFile(path.parent / "passwords.csv").passwords() for path in offices]
    assert len(found) == expected
    assert len({entry.text("employeeNumber") for entry in found.values()}) == expected
    assert sorted(name for some in rows for name in some) == sorted(found), "a row has nobody, or somebody has no row"
    with service(slapd) as directory:
        for some in rows:
            for name, password in some.items():
                assert directory.accepts_login(found[name].dn, password), name


def test_two_runs_that_take_the_same_names_at_the_same_moment(slapd: PrivateSlapd, offices: list[Path]) -> None:
    planned = Barrier(len(offices))

    def run(path: Path) -> Outcome:
        with Client.open(path) as client:
            people = [PersonRecord(source_id=f"{path.parent.name}-{n}", **OLENA) for n in range(EACH)]
            plan = client.plan(people)
            planned.wait(120)
            return client.apply(plan)

    with ThreadPoolExecutor(len(offices)) as pool:
        outcomes = list(pool.map(run, offices))
    assert [(outcome.counts["created"], outcome.refusals, outcome.failures) for outcome in outcomes] == [
        (EACH, (), ()),
        (EACH, (), ()),
    ]
    assert_everybody_logs_in(slapd, offices, 2 * EACH)


def test_two_processes_at_once(slapd: PrivateSlapd, offices: list[Path]) -> None:
    for path in offices:
        rows = [f"{path.parent.name}-{n},Olena,Kovalenko,hylla,pupil\n" for n in range(EACH)]
        (path.parent / "people.csv").write_text("source_id,given_name,family_name,school,role\n" + "".join(rows))
    command = [sys.executable, "-m", "feideprov", "apply", "people.csv", "--yes"]
    running = [subprocess.Popen(command, cwd=path.parent, stdout=subprocess.PIPE, text=True) for path in offices]
    said = [process.communicate(timeout=300)[0] for process in running]
    assert [process.returncode for process in running] == [0, 0], said
    assert_everybody_logs_in(slapd, offices, 2 * EACH)


def test_a_renamed_user_logs_in_and_is_found_by_the_new_name_alone(slapd: PrivateSlapd, offices: list[Path]) -> None:
    with Client.open(offices[0]) as client:
        client.apply(client.plan([PersonRecord(source_id="r1", **OLENA)]))
        before = users(slapd)[f"olenkova@{REALM}"]
        client.apply(
            plan_rename(
                client._context.builder(),
                client._context.build_options.names,
                REALM,
                f"olenkova@{REALM}",
                to="olena.berg",
            )
        )
        [(name, entry)] = users(slapd).items()
        assert name == f"olena.berg@{REALM}"
        assert str(entry.dn) == "uid=olena.berg,ou=people,dc=skotthyll,dc=no"
        assert (entry.texts("uid"), entry.texts(PRIOR)) == (["olena.berg"], [f"olenkova@{REALM}"])
        assert entry.values("userPassword") == before.values("userPassword")
        assert_everybody_logs_in(slapd, offices, 1)
        client.apply(client.plan([PersonRecord(source_id="r2", **OLENA)]))
        assert set(users(slapd)) == {f"olena.berg@{REALM}", f"olenkova2@{REALM}"}


def test_a_rename_to_a_name_that_another_office_gave_out_meanwhile(slapd: PrivateSlapd, offices: list[Path]) -> None:
    with Client.open(offices[0]) as north, Client.open(offices[1]) as south:
        north.apply(north.plan([PersonRecord(source_id="r1", **OLENA)]))
        renames = plan_rename(
            north._context.builder(), north._context.build_options.names, REALM, f"olenkova@{REALM}", to="annaberg"
        )
        anna = OLENA | {"given_name": "Anna", "family_name": "Berg"}
        south.apply(south.plan([PersonRecord(source_id="s1", **anna)]))
        assert [refusal.code for refusal in north.apply(renames).held] == ["R-NAME-TAKEN"]
    assert_everybody_logs_in(slapd, offices, 2)
