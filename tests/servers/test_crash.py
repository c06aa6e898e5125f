"""A run is killed (SIGKILL) at a random moment; one more run, and everything is as if nothing had happened."""

from __future__ import annotations

import contextlib
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


def feideprov(folder: Path, *arguments: str, kill_after: float | None = None) -> int:
    process = subprocess.Popen(
        [sys.executable, "-m", "feideprov", *arguments],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        _, errors = process.communicate(timeout=kill_after or 120)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return -9
    assert "unexpected" not in errors, errors
    return process.returncode


def length_of(folder: Path, *arguments: str) -> float:
    begun = time.perf_counter()
    assert feideprov(folder, *arguments) in (0, 1)
    return time.perf_counter() - begun


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
    heading = "source_id,given_name,family_name,school,role\n"
    everybody = [f"k{n:03},Olena,Kovalenko{'' if n % 3 else 'a'},hylla,pupil\n" for n in range(PEOPLE * (KILLS + 1))]
    (folder / "people.csv").write_text(heading + "".join(everybody[:PEOPLE]))
    whole = length_of(folder, "apply", "people.csv", "--yes")
    killed = 0
    for round_ in range(1, KILLS + 1):
        (folder / "people.csv").write_text(heading + "".join(everybody[: PEOPLE * (round_ + 1)]))
        before = moments.uniform(0.45, 1.0) * whole
        begun = time.perf_counter()
        was_killed = feideprov(folder, "apply", "people.csv", "--yes", kill_after=before) == -9
        if not was_killed:  # the machine was slower when the first run was measured
            whole = time.perf_counter() - begun
        killed += was_killed
        assert feideprov(folder, "apply", "people.csv", "--yes") == 0
        assert_everybody_is_there_once(slapd, PEOPLE * (round_ + 1))
    assert killed > 0, "no run was killed: the moments are wrong"
    assert_passwords_let_in(slapd, passwords(folder), PEOPLE * (KILLS + 1), moments)


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
        for user in moments.sample(sorted(filter(None, users)), 20):
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
    whole = length_of(folder, "apply", "people.csv", "--yes")
    (folder / "people.csv").write_text(heading + "".join(everybody))
    command = [sys.executable, "-m", "feideprov", "apply", "people.csv", "--yes"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(moments.uniform(0.5, 0.95) * whole)
        for _ in range(signals):
            process.send_signal(signal.SIGINT)
        out, errors = process.communicate(timeout=120)
    # a signal that comes before the program has begun, or after its last word, ends it as signals do
    assert process.returncode in (0, 3, -signal.SIGINT), errors
    assert "unexpected" not in errors, errors
    if "Stopped after" in out:
        created = re.search(r"(\d+) created", out)
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
    whole = length_of(folder, "attach", "numbers.csv", "--yes")
    for _ in range(KILLS):
        take_numbers_away(slapd)
        feideprov(folder, "attach", "numbers.csv", "--yes", kill_after=moments.uniform(0.6, 1.0) * whole)
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
