"""What can go wrong around a run: one clear sentence, exit code 3, and one more run ends as if nothing had happened."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from audit import Left
from private_postgres import PrivatePostgres
from proxy import ADMIN_LIMIT, BUSY, REFERRAL, UNAVAILABLE, Proxy
from scene import IN_MEMORY, Scene, Size, Slapd
from size import size

from feideprov import files

TINY = Size(create=24, attach=12, update=4, replace=2, withdraw=2, login=1, rename=1)
SHORT = {"patience": 0.5}
"""Seconds that are waited here, so that the tests need not wait as long as a run in earnest."""
SILENT = {"silence": 2, **SHORT}
"""The same, for a server that will say nothing any more."""


@dataclass
class Trial:
    """One scene, and what is done with it."""

    scene: Scene
    unhurt: Left
    proxy: Proxy

    def run(
        self,
        *,
        at_write: int = 0,
        meanwhile: Callable[[], None] | None = None,
        code: int = 3,
        **ills: float,
    ) -> str:
        """All commands, until one does not get through; `meanwhile` at a write. Gives what was said, one sentence."""
        with self.scene.victim(("write", at_write), **ills) as victim:
            victim.begin(self.scene.commands)
            if meanwhile is not None:
                assert victim.until("hit")
                meanwhile()
                victim.let_go()
            assert victim.wait() == code, victim.said
            said = "\n".join(line for line in victim.said.splitlines() if _NOT_IN_LIST not in line).strip()
            said = said or _failures(victim.reported)
        assert "Traceback" not in said
        assert "Something unexpected" not in said
        if code == 0:
            return said
        *told_before, last = said.splitlines()
        assert last.endswith((".", "?")), said
        assert all(line.startswith(("An earlier run", "people.csv row")) for line in told_before), said
        assert not re.search(r"\d{7}", last), "digits like those of a number"
        return last

    def goes_on(self) -> None:
        """One more run, and everything is as an unhurt run leaves it."""
        self.scene.configure(self.scene.slapd.url)
        with self.scene.victim() as victim:
            victim.begin(self.scene.commands)
            assert victim.wait() in (0, 1), victim.said
        assert list(self.left().faults(self.unhurt)) == []

    def left(self) -> Left:
        left = Left.of(self.scene)
        left.rows = [row for row in left.rows if not row[0].startswith("old")]
        return left

    def restart_with(self, *lines: str) -> None:
        """slapd goes on under another configuration; without lines, under its own."""
        self.scene.slapd.stop_process()
        self.scene.slapd.configure(lines)
        self.scene.slapd.restart()


_NOT_IN_LIST = "of this source and these schools"
"""What is told of users whom the list does not have."""


def _failures(report: str) -> str:
    """What the report of a run says of changes that failed: the first of them."""
    failed = (line.strip() for line in report.splitlines() if line.endswith("[R-FAILED]"))
    return next(failed, "").removesuffix("[R-FAILED]").strip()


@pytest.fixture(scope="module")
def scene() -> Iterator[tuple[Scene, Left]]:
    with (
        tempfile.TemporaryDirectory(prefix="torture-", dir=IN_MEMORY) as name,
        Slapd(folder=Path(name) / "slapd") as slapd,
    ):
        scene = Scene(slapd, Path(name), "directory", TINY)
        with scene.victim() as victim:
            victim.begin(scene.commands)
            assert victim.wait() == 0, victim.said
        yield scene, Left.of(scene)


@pytest.fixture
def trial(scene: tuple[Scene, Left]) -> Iterator[Trial]:
    """Everything as before the first run; the way to slapd leads through a proxy."""
    stage, unhurt = scene
    with Proxy.before(stage.slapd.url) as proxy:
        stage.reset(proxy.url)
        yield Trial(stage, unhurt, proxy)
        stage.slapd.configure(())


# --- disks


@pytest.mark.parametrize("octets", size([30_000], [4_096, 30_000, 60_000, 90_000]))
def test_the_disk_of_the_journal_is_full(trial: Trial, octets: int) -> None:
    said = trial.run(file_size=octets)
    assert "cannot be used" in said or "cannot be written" in said
    trial.goes_on()


@pytest.mark.parametrize("pages", size([1], [0, 1, 2]))
def test_the_journal_takes_no_more(trial: Trial, pages: int) -> None:
    said = trial.run(journal_pages=pages)
    assert said.startswith("The journal (")
    assert "full" in said
    trial.goes_on()


def test_the_disk_of_the_hand_over_file_is_full(trial: Trial) -> None:
    rows = "".join(f"old{n}@skotthyll.kommune.no;Old;Hylla skole;Old-pass-{n}\r\n" for n in range(8000))
    path = trial.scene.office / "passwords.csv"
    with path.open("a", encoding="utf-8", newline="") as file:
        file.write(rows)
    said = trial.run(file_size=path.stat().st_size)
    assert said.startswith(f"The hand-over file {path} cannot be written: File too large.")
    trial.goes_on()


def test_the_disk_is_full_when_the_key_is_made(trial: Trial) -> None:
    """A journal is begun with a key; where none can be kept, nothing is begun."""
    for name in ("feideprov.key", "feideprov.db"):
        (trial.scene.office / name).unlink()
    said = trial.run(file_size=16, code=2)
    assert "feideprov.key cannot be used: File too large." in said
    assert not (trial.scene.office / "feideprov.key").exists()
    assert [path.name for path in trial.scene.office.iterdir() if path.name.endswith(".new")] == []


# --- the server does not do what it is asked


@pytest.mark.parametrize("at_write", size([10], [1, 10, 40]))
def test_the_directory_becomes_read_only(trial: Trial, at_write: int) -> None:
    said = trial.run(at_write=at_write, meanwhile=lambda: trial.restart_with("readonly on"))
    assert "is it read-only?" in said
    trial.restart_with()
    trial.goes_on()


@pytest.mark.parametrize("attribute", size(["norEduPersonNIN"], ["norEduPersonNIN", "entry"]))
def test_the_right_to_write_is_taken_away(trial: Trial, attribute: str) -> None:
    rule = f'access to attrs={attribute} by dn.exact="{trial.scene.slapd.service_dn}" read by * none'
    said = trial.run(at_write=6, meanwhile=lambda: trial.restart_with(rule))
    assert "no right" in said
    trial.restart_with()
    trial.goes_on()


def test_some_writes_are_denied(trial: Trial) -> None:
    trial.proxy.answer("add", 50, skip=5, times=8)
    trial.proxy.answer("modify", 50, skip=3, times=3)
    assert "no right" in trial.run()
    trial.proxy.answer_no_more()
    trial.goes_on()


def test_the_server_cuts_the_look_short(trial: Trial) -> None:
    limit = f'limits dn.exact="{trial.scene.slapd.service_dn}" size=10'
    trial.restart_with(limit)
    said = trial.run()
    assert "ended the search early (a size limit)" in said
    trial.restart_with()
    trial.goes_on()


@pytest.mark.parametrize("code", size([BUSY, REFERRAL], [BUSY, UNAVAILABLE, ADMIN_LIMIT, REFERRAL]))
def test_the_server_answers_nothing_else(trial: Trial, code: int) -> None:
    for request in ("add", "modify"):
        trial.proxy.answer(request, code, skip=4)
    said = trial.run(**SHORT)
    assert f"({code})" in said or "refers to another server" in said
    trial.proxy.answer_no_more()
    trial.goes_on()


@pytest.mark.parametrize("code", size([BUSY], [BUSY, UNAVAILABLE]))
def test_the_server_has_no_time_for_a_moment(trial: Trial, code: int) -> None:
    for request in ("add", "modify"):
        trial.proxy.answer(request, code, skip=4, times=3)
    trial.run(code=0)
    assert list(trial.left().faults(trial.unhurt)) == []


# --- the way there


def test_a_slow_server_is_only_slow(trial: Trial) -> None:
    trial.proxy.delay = 0.01
    trial.run(code=0)
    assert list(trial.left().faults(trial.unhurt)) == []


@pytest.mark.parametrize("at_write", size([30], [3, 30]))
def test_the_server_falls_silent(trial: Trial, at_write: int) -> None:
    said = trial.run(at_write=at_write, meanwhile=trial.proxy.stall, **SILENT)
    assert "same command again" in said or "does not respond" in said
    trial.proxy.flow()
    trial.goes_on()


def test_the_server_is_gone(trial: Trial) -> None:
    said = trial.run(at_write=20, meanwhile=trial.proxy.refuse, **SHORT)
    assert "same command again" in said or "does not respond" in said
    trial.goes_on()


@pytest.mark.parametrize("octets", size([3_000], [20, 3_000, 9_000]))
def test_the_connection_ends_in_the_middle_of_a_message(trial: Trial, octets: int) -> None:
    def cut_soon() -> None:
        trial.proxy.octets_left = octets

    trial.run(at_write=2, meanwhile=cut_soon, code=0)
    assert list(trial.left().faults(trial.unhurt)) == []


# --- others


def test_another_run_has_the_journal(trial: Trial) -> None:
    journal = trial.scene.office / "feideprov.db"
    with files.exclusive(journal, wait=1, holder="kari"):
        said = trial.run(journal_wait=0.2)
    assert said.startswith("feideprov.db is in use by kari")
    trial.goes_on()


@pytest.fixture(scope="module")
def postgres() -> Iterator[PrivatePostgres]:
    with PrivatePostgres() as server:
        yield server


@pytest.mark.parametrize("at_write", size([12], [1, 12, 24]))
def test_the_database_of_the_journal_goes_away(trial: Trial, postgres: PrivatePostgres, at_write: int) -> None:
    """A journal of its own, so there is nobody of ours yet; the users of the list that are there are held."""
    office = trial.scene.office
    (office / "people.csv").write_text(
        "source_id,given_name,family_name,school,role\n"
        + "".join(f"pg{n},Olena,Koval{chr(ord('a') + n)},hylla,pupil\n" for n in range(24))
    )
    (office / "passwords.csv").unlink()
    (office / "feideprov.key.mark").unlink()  # of the journal that the office had before
    config = office / "feideprov.toml"
    url = f'\n[journal]\nurl = "{postgres.database()}"\n'
    config.write_text(config.read_text() + url)
    trial.scene.commands, commands = [["apply", "people.csv", "--yes"]], trial.scene.commands
    try:
        with ExitStack() as stack:
            stack.callback(postgres.start)
            said = trial.run(at_write=at_write, meanwhile=postgres.kill)
        assert "journal" in said
        with trial.scene.victim() as victim:
            victim.begin(trial.scene.commands)
            assert victim.wait() == 0, victim.said
    finally:
        trial.scene.commands = commands
    with trial.scene.directory() as directory:
        made = list(directory.having(["employeeNumber"], ["employeeNumber", "eduPersonPrincipalName"]))
    ours = [entry for entry in made if (entry.text("employeeNumber") or "").startswith("pg")]
    assert len(ours) == len({entry.text("employeeNumber") for entry in ours}) == 24
    rows = (office / "passwords.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
    assert sorted(row.split(";")[0] for row in rows) == sorted(e.text("eduPersonPrincipalName") for e in ours)
