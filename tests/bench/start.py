"""How much CPU time a command takes to start, beside what it cannot do without, measured in turns.

    python tests/bench/start.py [rounds]

The targets are ratios, because a busy machine slows both sides down. Exits 1 when one of them is missed.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from pathlib import Path

from feideprov.cli.care import demo

ROUNDS = 15
PROGRAM = [sys.executable, "-m", "feideprov"]
LDAP3 = [sys.executable, "-c", "import ldap3"]
LIBRARIES = [sys.executable, "-c", "import typer, pydantic_settings, sqlalchemy"]
HEADING = "source_id;given_name;family_name;birth_date;school;role\n"
PEOPLE = 20


def cpu(command: list[str], folder: Path) -> float:
    """Seconds of CPU time, user and system, of one process."""
    pid = os.fork()
    if pid == 0:
        os.chdir(folder)
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nothing, stream)
        os.execv(command[0], command)
    _, status, used = os.wait4(pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0, command
    return used.ru_utime + used.ru_stime


def office(folder: Path) -> Path:
    """A configuration with an LDIF directory, a journal that exists, and a list of twenty people."""
    (folder / "catalogue.ldif").write_bytes(demo.STORY.joinpath("base.ldif").read_bytes())
    (folder / "feideprov.toml").write_text(demo.configuration('url = "ldif:catalogue.ldif"'), encoding="utf-8")
    rows = (f"p{n};Anna{n};Berg{n};2010-01-{n + 1:02};hylla;pupil\n" for n in range(PEOPLE))
    (folder / "people.csv").write_text(HEADING + "".join(rows), encoding="utf-8")
    return folder


def main() -> int:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    with tempfile.TemporaryDirectory() as name, tempfile.TemporaryDirectory() as empty:
        folder = office(Path(name))
        cases = (
            ("--help", [*PROGRAM, "--help"], Path(empty), LDAP3, 2.0),
            ("judge, without a configuration", [*PROGRAM, "judge"], Path(empty), LDAP3, 2.0),
            (f"plan of {PEOPLE} rows", [*PROGRAM, "plan", "people.csv"], folder, LIBRARIES, 1.5),
        )
        missed = 0
        for title, command, where, yardstick, most in cases:
            cpu(command, where)  # compiles modules, and creates the journal
            pairs = [(cpu(command, where), cpu(yardstick, where)) for _ in range(rounds)]
            ours, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
            missed += ours / theirs > most
            print(
                f"{title}: {ours * 1000:.0f} ms of CPU, {ours / theirs:.2f} × “{yardstick[-1]}” "
                f"({theirs * 1000:.0f} ms); at most {most} ×"
            )
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
