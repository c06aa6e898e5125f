"""A run is killed (SIGKILL) at a random moment; one more run, and everything is as if nothing had happened."""

from __future__ import annotations

import csv
import io
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from commands import here

from feideprov.directory.entry import Modification, Modify
from feideprov.testing.slapd import PrivateSlapd

from .conftest import service

KILLS = int(os.environ.get("KILLS", "2"))  # `make torture` takes 100
PEOPLE = 20
# Tenor's numbers, with the birth dates in them
NUMBERS = {
    "57912075186": "2020-11-17",
    "69822075096": "2020-02-29",
    "45840375084": "2003-04-05",
    "52829400197": "1994-02-12",
    "50846202355": "1962-04-10",
    "41819077302": "1990-01-01",
}


def feideprov(folder: Path, *arguments: str) -> int:
    """A run to its end, in this process; gives its exit code."""
    code, _, errors = here(folder, *arguments)
    assert "unexpected" not in errors, errors
    return code


class Run:
    """A process, and how many writes slapd has taken since it began, by slapd's log."""

    def __init__(self, slapd: PrivateSlapd, folder: Path, *arguments: str) -> None:
        self._log, self._begun = slapd.log_file, slapd.log_file.stat().st_size
        command = [sys.executable, "-m", "feideprov", *arguments]
        self.process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def until(self, writes: int) -> None:
        """Wait for so many writes, or for its end."""
        while self.process.poll() is None and self._writes() < writes:
            time.sleep(0.001)

    def _writes(self) -> int:
        with self._log.open("rb") as log:
            log.seek(self._begun)
            return len(re.findall(rb" (?:ADD|MOD) dn=", log.read()))

    def end(self) -> tuple[int, str]:
        """Its exit code and what it printed."""
        out, errors = self.process.communicate()
        assert "unexpected" not in errors, errors
        return self.process.returncode, out

    def kill(self, after: float) -> int:
        """SIGKILL after so many seconds; gives the exit code, -9 when it had not ended."""
        time.sleep(after)
        self.process.kill()
        return self.end()[0]


def passwords(folder: Path) -> dict[str, str]:
    text = (folder / "passwords.csv").read_text(encoding="utf-8-sig")
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=";")
    return {row["user"]: row["password"] for row in rows}


@pytest.fixture
def moments() -> random.Random:
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    return random.Random(seed)


def test_killed_while_making_users(slapd: PrivateSlapd, skotthyll: Path, moments: random.Random) -> None:
    folder = skotthyll.parent
    rows, killed = ["source_id,given_name,family_name,school,role\n"], 0
    while killed < KILLS:
        there = len(rows) - 1
        more = range(there, there + PEOPLE)
        rows += [f"k{n:05},Olena,Kovalenko{'' if n % 3 else 'a'},hylla,pupil\n" for n in more]
        (folder / "people.csv").write_text("".join(rows))
        run = Run(slapd, folder, "apply", "people.csv", "--yes")
        run.until(moments.randrange(PEOPLE))
        killed += run.kill(after=moments.uniform(0, 0.02)) == -9
        assert feideprov(folder, "apply", "people.csv", "--yes") == 0
        assert_everybody_is_there_once(slapd, there + PEOPLE)
        assert there < 10 * KILLS * PEOPLE, "hardly a run is killed: the moments are wrong"
    assert_passwords_let_in(slapd, passwords(folder), len(rows) - 1, moments)


def assert_everybody_is_there_once(slapd: PrivateSlapd, expected: int) -> None:
    with service(slapd) as directory:
        entries = list(directory.having(["employeeNumber"], ["employeeNumber", "uid", "eduPersonPrincipalName"]))
    source_ids = Counter(entry.text("employeeNumber") for entry in entries)
    assert len(source_ids) == expected
    assert set(source_ids.values()) == {1}
    assert len({entry.text("eduPersonPrincipalName") for entry in entries}) == expected


def assert_passwords_let_in(
    slapd: PrivateSlapd, handed_over: dict[str, str], expected: int, moments: random.Random
) -> None:
    with service(slapd) as directory:
        users = {e.text("eduPersonPrincipalName"): e.dn for e in directory.having(["employeeNumber"], ["*"])}
        assert set(handed_over) == set(users), "somebody has no hand-over row, or a row has nobody"
        assert len(users) == expected
        # each bind costs an argon2 hash: a sample
        for user in moments.sample(sorted(filter(None, users)), 10):
            assert directory.accepts_login(users[user], handed_over[user]), user


@pytest.mark.parametrize("signals", [1, 2])
def test_interrupted_while_making_users(
    slapd: PrivateSlapd, skotthyll: Path, moments: random.Random, signals: int
) -> None:
    """Ctrl-C once or twice at a random moment: what the run says it has done is there, and the next one goes on."""
    folder = skotthyll.parent
    heading, letters = "source_id,given_name,family_name,school,role\n", "abcdefghijklmnopqrst"
    everybody = [f"i{n:03},Olena,Ko{letters[n % 20]}{letters[n // 20]},hylla,pupil\n" for n in range(PEOPLE * 2)]
    (folder / "people.csv").write_text(heading + "".join(everybody[:PEOPLE]))
    assert feideprov(folder, "apply", "people.csv", "--yes") == 0
    (folder / "people.csv").write_text(heading + "".join(everybody))
    run = Run(slapd, folder, "apply", "people.csv", "--yes")
    run.until(moments.randrange(1, PEOPLE))
    for _ in range(signals):
        run.process.send_signal(signal.SIGINT)
    code, out = run.end()
    # a signal that comes before the program has begun, or after its last word, ends it as signals do
    assert code in (0, 3, -signal.SIGINT)
    if "Stopped after" in out:
        created = re.search(r"(\d+) users? (?:was|were) created", out)
        with service(slapd) as directory:
            assert len(list(directory.having(["employeeNumber"], ["uid"]))) == PEOPLE + int(
                created[1] if created else 0
            )
    assert feideprov(folder, "apply", "people.csv", "--yes") == 0
    assert_everybody_is_there_once(slapd, PEOPLE * 2)
    assert_passwords_let_in(slapd, passwords(folder), PEOPLE * 2, moments)


def test_killed_while_attaching(slapd: PrivateSlapd, skotthyll: Path, moments: random.Random) -> None:
    folder = skotthyll.parent
    rows = [f"a{n},Mohammad,Alahmad,{birth},hylla,pupil\n" for n, birth in enumerate(NUMBERS.values())]
    (folder / "people.csv").write_text("source_id,given_name,family_name,birth_date,school,role\n" + "".join(rows))
    assert feideprov(folder, "apply", "people.csv", "--yes") == 0
    listed = [f"a{n},{number},{birth}\n" for n, (number, birth) in enumerate(NUMBERS.items())]
    (folder / "numbers.csv").write_text("source_id,national_number,birth_date\n" + "".join(listed))
    assert feideprov(folder, "attach", "numbers.csv", "--yes") == 0
    for _ in range(KILLS):
        take_numbers_away(slapd)
        run = Run(slapd, folder, "attach", "numbers.csv", "--yes")
        run.until(moments.randrange(len(NUMBERS)))
        run.kill(after=moments.uniform(0, 0.02))
        assert feideprov(folder, "attach", "numbers.csv", "--yes") == 0
        with service(slapd) as directory:
            held = {e.text("employeeNumber"): e.texts("norEduPersonNIN") for e in directory.having(["uid"], ["*"])}
        assert held == {f"a{n}": [number] for n, number in enumerate(NUMBERS)}


def take_numbers_away(slapd: PrivateSlapd) -> None:
    with service(slapd) as directory:
        entries = list(directory.having(["norEduPersonNIN"], ["norEduPersonNIN"]))
        steps = [(e.dn, Modification("delete", "norEduPersonNIN", e.values("norEduPersonNIN"))) for e in entries]
        writes = [Modify(dn, (step,)) for dn, step in steps]
        assert all(written.error is None for written in directory.write(writes))
