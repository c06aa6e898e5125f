"""Many organizations in one program: four threads and two processes, each client with settings of its own, and an
environment that names a wrong directory. Everybody is in the right journal and directory, and nothing of an
organization is in another's files, logs or errors."""

from __future__ import annotations

import logging
import multiprocessing
import os
import traceback
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from private_postgres import PrivatePostgres
from size import size

from feideprov import Client, FeideProvError, PersonRecord, Settings
from feideprov.directory import ldif
from feideprov.testing import example_entries

ORGANIZATIONS, PEOPLE = size((4, 3), (50, 60))
THREADS, PROCESSES = 4, 2
BASE = "dc=skotthyll,dc=no"


def letters(number: int) -> str:
    return "".join("abcdefghij"[int(digit)] for digit in f"{number:03}")


def canary(number: int) -> str:
    """A word that stands in every name and key of one organization, and nowhere else."""
    return f"kanari{letters(number)}fugl"


def realm_of(number: int) -> str:
    return f"{canary(number)}.kommune.no"


def sections(number: int, folder: Path, database: str | None) -> dict[str, Any]:
    unit = {"number": "NO987654325", "mail": f"post@{realm_of(number)}"}
    organization = unit | {"realm": realm_of(number), "name": canary(number), "dn": f"o=Skotthyll kommune,{BASE}"}
    school = unit | {"id": "hylla", "name": "Hylla skole", "number": "NO912345688"}
    return {
        "organization": organization,
        "schools": [school | {"dn": f"ou=Hylla skole,o=Skotthyll kommune,{BASE}"}],
        "directory": {
            "url": "ldif:catalogue.ldif",
            "users_dn": f"ou=people,{BASE}",
            "base_dn": BASE,
            "source_id_attribute": "employeeNumber",
        },
        "numbers": {"test": True},
        "login": {"password_hash": "ssha"},
        "journal": {"url": database or "sqlite:///feideprov.db", "key_file": "feideprov.key"},
    }


def people(number: int) -> list[PersonRecord]:
    return [
        PersonRecord(
            source_id=f"{canary(number)}-{one}",
            given_name=f"Olena {letters(one)}",
            family_name=canary(number).title(),
            school="hylla",
            role="pupil",
        )
        for one in range(PEOPLE)
    ]


def work(database: str | None, root: Path, number: int) -> list[str]:
    """What one organization does. Returns what its errors say."""
    folder = root / canary(number)
    logging.getLogger(f"tenant.{number}").addHandler(logging.FileHandler(folder / "log"))
    said: list[str] = []
    with Client(Settings.of(sections(number, folder, database), folder=folder), actor=canary(number)) as feide:
        assert feide.apply(feide.plan(people(number))).counts["created"] == PEOPLE
        for wrong in (
            lambda: feide.attach(f"nobody@{realm_of(number)}", "57912075186"),
            lambda: feide.plan("nothing.csv"),
            lambda: feide.users.close(7),
            lambda: feide.plan([], source="nothing"),
        ):
            try:
                wrong()
            except FeideProvError as error:
                logging.getLogger(f"tenant.{number}").exception("refused")
                said += [str(error.realm), str(error), str(error.as_dict()), "".join(traceback.format_exception(error))]
        assert feide.apply(feide.plan(people(number))).counts["unchanged"] == PEOPLE
    return said


def work_in_threads(wrong: Mapping[str, str], database: str | None, root: Path, numbers: list[int]) -> list[list[str]]:
    os.environ.update(wrong)
    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(partial(work, database, root), numbers))


@pytest.fixture(scope="module")
def processes() -> Iterator[ProcessPoolExecutor]:
    """The same processes for all tests: their start takes longer than the work of a few organizations."""
    with ProcessPoolExecutor(PROCESSES, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield pool


@pytest.mark.parametrize("where", ["sqlite", "postgres"])
def test_everybody_is_in_the_right_journal_and_directory(
    where: str,
    tmp_path: Path,
    processes: ProcessPoolExecutor,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    database = None
    if where == "postgres":
        server: PrivatePostgres = request.getfixturevalue("postgres")
        database = server.database()
    (tmp_path / "wrong.ldif").write_text("version: 1\n\n" + "".join(map(ldif.dump, example_entries())))
    untouched = (tmp_path / "wrong.ldif").read_bytes()
    wrong = {
        "FEIDEPROV_DIRECTORY__URL": f"ldif:{tmp_path / 'wrong.ldif'}",
        "FEIDEPROV_JOURNAL__URL": f"sqlite:///{tmp_path / 'wrong.db'}",
        "FEIDEPROV_ORGANIZATION__REALM": "feil.kommune.no",
    }
    for name, value in wrong.items():
        monkeypatch.setenv(name, value)
    for number in range(ORGANIZATIONS):
        (tmp_path / canary(number)).mkdir()
        (tmp_path / canary(number) / "catalogue.ldif").write_bytes(untouched)
    shares = [list(range(number, ORGANIZATIONS, PROCESSES)) for number in range(PROCESSES)]
    results = list(processes.map(partial(work_in_threads, wrong, database, tmp_path), shares))
    said = {
        number: told
        for share, tolds in zip(shares, results, strict=True)
        for number, told in zip(share, tolds, strict=True)
    }

    assert (tmp_path / "wrong.ldif").read_bytes() == untouched
    assert not (tmp_path / "wrong.db").exists()
    canaries = {number: canary(number).encode() for number in range(ORGANIZATIONS)}
    for number in range(ORGANIZATIONS):
        folder = tmp_path / canary(number)
        with Client(Settings.of(sections(number, folder, database), folder=folder)) as feide:
            users = {pending.user for pending in feide.pending()}
            assert len(users) == PEOPLE
            assert {event.feide_name for event in feide.journal.events()} == users
            assert {user.rpartition("@")[2] for user in users} == {realm_of(number)}
            assert not feide.journal.verify()
        texts = "".join(said[number])
        assert f"{realm_of(number)}: There is no user" in texts
        content = b"".join(path.read_bytes() for path in sorted(folder.iterdir())) + texts.lower().encode()
        content = content.lower()
        assert canaries[number] in content
        assert not [other for other, word in canaries.items() if other != number and word in content]
