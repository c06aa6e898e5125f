"""A disk that fills up, a folder that may not be written to, a second run at the same time.

A limit on the size of files stands for the full disk: the write that crosses it fails, as it would there.
"""

from __future__ import annotations

import fcntl
import json
import os
import resource
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from feideprov.directory import ldif_file
from feideprov.journal import journal
from feideprov.provision.run import handover

if TYPE_CHECKING:
    from pathlib import Path

    from tests.journeys.conftest import Answer, Office

REFUGEES = "refugees.csv"


def with_room_for(office: Office, octets: int, *words: str) -> Answer:
    """One command in a process whose files cannot grow beyond so many octets."""
    limit = (octets, octets)
    return office.process(
        *words,
        cwd=office.folder,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit),
    )


def the_next_run_makes_everybody(office: Office) -> None:
    """What was cut off is found again: everybody is there once, and has a password that works."""
    again = office("apply", str(office.folder / REFUGEES), "--yes", "--json")
    assert (again.code, again.json["counts"]["created"]) == (1, 11)
    made = {e["eduPersonPrincipalName"][0].decode() for e in office.entries().values() if "employeeNumber" in e}
    assert len(made) == 11
    assert set(office.handed_over()) == made


def test_full_disk_for_the_journal(office: Office, one_sentence: Any) -> None:
    assert office("observe").code == 0  # the journal is there, and empty
    before = office.state()
    answer = with_room_for(office, 4096, "apply", REFUGEES, "--yes")
    assert (answer.code, answer.out) == (3, "")
    said = one_sentence(answer)
    assert said.startswith(f"The journal ({office.journal}) cannot be used: ")
    assert "Correct this, then run again" in said
    assert office.state() == before
    the_next_run_makes_everybody(office)


def test_full_disk_for_the_journal_that_is_to_be_begun(office: Office, one_sentence: Any) -> None:
    before = office.state()
    answer = with_room_for(office, 1024, "apply", REFUGEES, "--yes")
    assert (answer.code, answer.out) == (3, "")
    assert "journal" in one_sentence(answer)
    assert office.catalogue.read_bytes() == before[0]
    assert not office.passwords.exists()
    the_next_run_makes_everybody(office)


def test_full_disk_for_the_directory(office: Office, one_sentence: Any) -> None:
    filler = b"# " + b"x" * 70 + b"\n"
    office.catalogue.write_bytes(office.catalogue.read_bytes() + b"\n" + filler * 4000)
    before = office.catalogue.read_bytes()
    answer = with_room_for(office, len(before) - 1000, "apply", REFUGEES, "--yes")
    assert (answer.code, answer.out) == (3, "")
    said = one_sentence(answer)
    assert said == f"The LDIF directory {office.catalogue} cannot be written: File too large. Nothing was changed."
    assert office.catalogue.read_bytes() == before
    assert [path.name for path in office.folder.iterdir() if path.name.endswith(".new")] == []
    assert {state for _, state, _ in office.journaled()} == {"intended"}
    the_next_run_makes_everybody(office)
    assert {state for _, state, _ in office.journaled()} == {"not done", "done"}


def test_full_disk_for_the_hand_over_file(office: Office, one_sentence: Any) -> None:
    handed_over = "user;name;school;password\r\n" + "".join(
        f"old{n}@skotthyll.kommune.no;Old;Hylla skole;Old-pass-{n}\r\n" for n in range(4000)
    )
    office.passwords.write_text(handed_over, encoding="utf-8-sig", newline="")
    catalogue, before = office.catalogue.read_bytes(), office.passwords.read_bytes()
    answer = with_room_for(office, len(before) - 1000, "apply", REFUGEES, "--yes")
    assert (answer.code, answer.out) == (3, "")
    assert one_sentence(answer).startswith(f"The hand-over file {office.passwords} cannot be written: File too large.")
    assert (office.catalogue.read_bytes(), office.passwords.read_bytes()) == (catalogue, before)
    again = office("apply", str(office.folder / REFUGEES), "--yes", "--json")
    assert again.json["counts"]["created"] == 11
    assert len(office.handed_over()) == 4011


def test_full_disk_for_a_plan(office: Office, one_sentence: Any) -> None:
    letters = "abcdefghijkl"
    people = office.people(*(f"{a}-{b};An{a};Be{b};;hylla;pupil;" for a in letters for b in letters))
    office("plan", people)  # begins the journal, which is larger than what is left for the plan
    before = office.state()
    answer = with_room_for(office, 50_000, "plan", people, "-o", "plan.json")
    assert (answer.code, answer.out) == (2, "")
    assert one_sentence(answer) == "The plan plan.json cannot be written: File too large."
    assert not (office.folder / "plan.json").exists()
    assert office.state() == before


def test_full_disk_for_a_configuration(office: Office, one_sentence: Any) -> None:
    office.config.unlink()
    answer = with_room_for(office, 1024, "init")
    assert (answer.code, answer.out) == (2, "")
    assert one_sentence(answer) == f"{office.config} cannot be written: File too large."
    assert not office.config.exists()
    assert office("init").code == 0


def test_full_disk_for_the_demonstration(office: Office, one_sentence: Any) -> None:
    answer = with_room_for(office, 100, "demo", "--dir", "story")
    assert (answer.code, answer.out) == (2, "")
    assert one_sentence(answer) == "story/catalogue.ldif cannot be used: File too large."
    answer = with_room_for(office, 0, "demo")
    assert (answer.code, answer.out) == (2, "")
    assert one_sentence(answer).startswith("The folder for temporary files cannot be used: ")


# --- places that cannot be written to


@pytest.mark.parametrize("place", ["nowhere/feideprov.db", "/proc/feideprov.db"], ids=["missing", "read-only"])
def test_journal_in_a_folder_that_takes_none(office: Office, one_sentence: Any, place: str) -> None:
    office.set("[journal]", f'[journal]\nurl = "sqlite:///{place}"')
    before = office.state()
    answer = office("apply", str(office.folder / REFUGEES), "--yes")
    assert (answer.code, answer.out) == (3, "")
    assert "cannot be used: No such file or directory" in one_sentence(answer)
    assert office.state() == before


def test_journal_that_is_none(office: Office, one_sentence: Any) -> None:
    office.write("feideprov.key", "ab" * 32)
    office.write("feideprov.db", "this is no database, and long enough to be taken for a damaged one" * 20)
    answer = office("apply", str(office.folder / REFUGEES), "--yes")
    assert (answer.code, answer.out) == (3, "")
    assert "file is not a database" in one_sentence(answer)
    assert not office.passwords.exists()


def test_journal_url_that_is_none(office: Office, one_sentence: Any) -> None:
    office.set("[journal]", '[journal]\nurl = "feideprov.db"')
    answer = office("apply", str(office.folder / REFUGEES), "--yes")
    assert (answer.code, answer.out) == (2, "")
    assert "sqlite:///feideprov.db" in one_sentence(answer)


def test_hand_over_file_that_is_a_folder(office: Office, one_sentence: Any) -> None:
    office.passwords.mkdir()
    before = office.catalogue.read_bytes()
    answer = office("apply", str(office.folder / REFUGEES), "--yes")
    assert (answer.code, answer.out) == (3, "")
    assert one_sentence(answer).startswith(f"The hand-over file {office.passwords} cannot be read: Is a directory.")
    assert office.catalogue.read_bytes() == before


def test_hand_over_file_that_a_spreadsheet_saved_in_other_letters(office: Office, one_sentence: Any) -> None:
    office.passwords.write_bytes("user;name;school;password\r\nåse@x.no;Åse;Hylla;Pass\r\n".encode("cp1252"))
    catalogue, before = office.catalogue.read_bytes(), office.passwords.read_bytes()
    answer = office("apply", str(office.folder / REFUGEES), "--yes")
    assert (answer.code, answer.out) == (3, "")
    assert "passwords.csv" in one_sentence(answer)
    assert (office.catalogue.read_bytes(), office.passwords.read_bytes()) == (catalogue, before)


# --- two runs at once


def test_second_run_names_the_holder_of_the_journal(
    office: Office, one_sentence: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "WAIT", 0.2)
    assert office("pending").code == 0
    before = office.state()
    with locked(office.journal):
        answer = office("apply", str(office.folder / REFUGEES), "--yes")
    assert (answer.code, answer.out) == (3, "")
    assert one_sentence(answer) == (
        "feideprov.db is in use by kari (process 4711, since 2026-11-22T10:00:00+00:00). "
        "Wait until that run has ended, then run again."
    )
    assert office.state() == before


@pytest.mark.parametrize("name", ["catalogue.ldif", "passwords.csv"])
def test_second_run_names_the_holder_of_a_file(
    office: Office, one_sentence: Any, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(ldif_file, "LOCK_WAIT", 0.2)
    monkeypatch.setattr(handover, "WAIT", 0.2)
    before = office.catalogue.read_bytes()
    with locked(office.folder / name):
        answer = office("apply", str(office.folder / REFUGEES), "--yes")
    assert (answer.code, answer.out) == (3, "")
    assert one_sentence(answer).startswith(f"{name} is in use by kari (process 4711, ")
    assert office.catalogue.read_bytes() == before
    the_next_run_makes_everybody(office)


def test_reading_does_not_wait_for_a_run_that_writes(office: Office) -> None:
    assert office("pending").code == 0
    with locked(office.journal), locked(office.catalogue):
        assert office("pending").code == 0
        assert office("plan", str(office.folder / REFUGEES)).code == 1
        assert office("apply", str(office.folder / REFUGEES)).code == 1


def test_lock_of_a_run_that_died_holds_nobody_up(office: Office) -> None:
    program = (
        "import os, sys\nfrom pathlib import Path\nfrom feideprov import files\n"
        "with files.exclusive(Path(sys.argv[1]), wait=0, holder='dead'): os._exit(9)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(office.journal)], check=False)
    assert done.returncode == 9
    assert "dead" in office.journal.with_name("feideprov.db.lock").read_text()
    assert office("apply", str(office.folder / REFUGEES), "--yes").code == 1


class locked:  # noqa: N801 - reads as a sentence
    """The lock of a file, held as another run would hold it."""

    def __init__(self, path: Path) -> None:
        self.path = path.with_name(path.name + ".lock")

    def __enter__(self) -> None:
        self.file = self.path.open("w")
        fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        json.dump({"holder": "kari", "process": 4711, "since": "2026-11-22T10:00:00+00:00"}, self.file)
        self.file.flush()

    def __exit__(self, *exc: object) -> None:
        self.file.truncate(0)
        self.file.close()
