"""Fourteen nights of a municipality with two sources, and what goes wrong in six of them: docs/nightly.md says of each
what is printed and mailed, and this test plays them on a real slapd and a real mail server."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from commands import here
from one_day import one_day
from post_office import PostOffice

from feideprov.testing.slapd import PrivateSlapd

from .test_a_school_year import OTHERS, PUPILS, nightly_file

PAGE = Path(__file__).parents[2] / "docs" / "nightly.md"
TO = "feide@skotthyll.kommune.no"
SETTINGS = """
[login]
password_hash = "ssha"

[protection]
people = "none"

[nightly]
recipient = "feide@skotthyll.kommune.no"
alive_file = "alive"

[smtp]
host = "localhost"
port = {port}
security = "off"
timeout = 5

[[sources]]
name = "visma"
datasource = "flyt@skotthyll.kommune.no"
prefix = ""
evidence = "register"
confirmed_by = "Rektor"
confirmed_on = 2026-08-01

[[sources]]
name = "refugees"
evidence = "letter"
confirmed_by = "Kari Nordmann"
confirmed_on = 2026-08-01
"""
COMMAND = ("nightly", "--mail", "--source", "visma", "visma.xml", "--source", "refugees", "refugees.csv")
KILLED = """
import os, signal, sys
from feideprov.nightly.steps import Steps
Steps._notify = lambda self: os.kill(os.getpid(), signal.SIGKILL)
from feideprov.cli.app import run
run(sys.argv[1:])
"""
HEADING = "source_id;given_name;family_name;birth_date;school;role\n"
FIRST = "r-1;Yusuf;Demir;2014-02-12;hylla;elev\nr-2;Semhar;Tesfay;2011-11-17;solbakken;deltaker\n"
WRONG = "r-3;Olena;Kovalenko;2012-02-12;nowhere;elev\n"
WRONG_TOO = "r-4;Ali;Demir;2013-02-12;nowhere;elev\n"


class Row(NamedTuple):
    """A night, as the page tells it."""

    day: int
    exit_code: str
    printed: str
    mail: str


def told_by_the_page() -> list[Row]:
    table = PAGE.read_text(encoding="utf-8").partition("## Fourteen nights")[2]
    rows = re.findall(r"^\| (\d+) \|[^|]*\| ([^|]*?) \| ([^|]*?) \| ([^|]*?) \|$", table, re.MULTILINE)
    return [Row(int(day), *cells) for day, *cells in rows]


class Town:
    """Its folder, and what its files say."""

    def __init__(self, folder: Path, post: PostOffice) -> None:
        self.folder, self.post = folder, post
        self.people = [*PUPILS.values(), *OTHERS.values()]
        self.refugees = FIRST
        self.visma = True
        self.environment: dict[str, str] = {}

    def night(self, day: int, run: Callable[[], tuple[int, str]]) -> Row:
        """What comes of a night."""
        moment = datetime(2026, 9, day, 3, 30, tzinfo=UTC)
        (self.folder / "visma.xml").write_text(nightly_file(f"{moment:%Y-%m-%d}", self.people), encoding="utf-8")
        if not self.visma:
            (self.folder / "visma.xml").unlink()
        (self.folder / "refugees.csv").write_text(HEADING + self.refugees, encoding="utf-8")
        before = len(self.post.taken)
        with one_day(moment):
            code, out = run()
        mails = self.post.messages[before:]
        assert all(mail["To"] == TO for mail in mails)
        subjects = [mail["Subject"].rpartition(": ")[2] for mail in mails]
        return Row(day, str(code), "summary" if out else "nothing", subjects[0] if subjects else "none")

    def run(self) -> tuple[int, str]:
        code, out, errors = here(self.folder, *COMMAND, environment=self.environment)
        assert "unexpected" not in errors, errors
        return code, out

    def killed(self) -> tuple[int, str]:
        command = [sys.executable, "-c", KILLED, *COMMAND]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)
        assert done.returncode == -signal.SIGKILL, done.stderr
        return done.returncode, done.stdout


def test_each_night_prints_and_mails_what_the_page_says(skotthyll: Path, slapd: PrivateSlapd) -> None:
    expected = told_by_the_page()
    assert len(expected) == 14
    with PostOffice(skotthyll.parent) as post:
        text = skotthyll.read_text(encoding="utf-8") + SETTINGS.format(port=post.port)
        skotthyll.write_text(text, encoding="utf-8")
        town = Town(skotthyll.parent, post)
        for row in expected:
            HAPPENS.get(row.day, as_always)(town)
            if row.exit_code == "no run":
                continue
            found = town.night(row.day, town.killed if row.exit_code == "killed" else town.run)
            assert found == row._replace(exit_code=row.exit_code.replace("killed", "-9")), post.messages[-1:]
        bodies = {int(re.findall(r"\d+", mail["Subject"])[2]): mail.get_content() for mail in post.messages}
    for day, words in SAID.items():
        assert all(word in bodies[day] for word in words), bodies[day]
    for body in bodies.values():
        assert not any(name in body for name in ("Yusuf", "Kovalenko", "nordmann", "@skotthyll.kommune.no.")), body
        assert not re.search(r"\d{11}", body)
    alive = (skotthyll.parent / "alive").stat().st_mtime
    assert datetime.fromtimestamp(alive, UTC) > datetime(2026, 9, 14, tzinfo=UTC)


def as_always(town: Town) -> None:
    town.visma, town.people, town.environment = True, [*PUPILS.values(), *OTHERS.values()], {}


def _a_row_is_refused(town: Town) -> None:
    as_always(town)
    town.refugees = FIRST + WRONG


def _no_file(town: Town) -> None:
    town.visma = False


def _far_fewer(town: Town) -> None:
    as_always(town)
    town.people = [PUPILS["Anna"], PUPILS["Berit"]]


def _no_directory(town: Town) -> None:
    as_always(town)
    town.environment = {"FEIDEPROV_DIRECTORY__URL": "ldaps://localhost:1"}


def _no_mail_server(town: Town) -> None:
    as_always(town)
    town.refugees = FIRST + WRONG + WRONG_TOO
    town.environment = {"FEIDEPROV_SMTP__PORT": "1"}


HAPPENS: Mapping[int, Callable[[Town], None]] = {
    3: _a_row_is_refused,
    4: _no_file,
    6: _far_fewer,
    7: _no_directory,
    9: _no_mail_server,
}
"""What is not as it always is. A row that is refused stays so."""
SAID = {
    1: ("9 users wait for a number.", "feideprov", "pending"),
    3: ("1 row of refugees is refused (R-SCHOOL).",),
    4: ("There is no file visma.xml in that folder. Check the path.", "refugees (refugees.csv): "),
    6: ("visma.xml is a full file with 2 people, and the last one", "had 8: that is fewer than", "--allow-fewer 2"),
    7: ("The directory ldaps://localhost does not respond.",),
    10: ("1 row of refugees is refused (R-SCHOOL).", "The mail about the night of 2026-09-09 could not be sent."),
    14: ("No nightly run for 3 days.", "The nightly run of 2026-09-11 was interrupted."),
}
"""What the mail of a night says."""
