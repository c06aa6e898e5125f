"""nightly, as cron starts it, and as an administrator looks at it."""

from __future__ import annotations

import os
import signal
import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from one_day import MORNING, one_day
from post_office import PostOffice

from feideprov.errors import JournalError
from feideprov.messages import Sentence

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.journeys.conftest import Office

TO = "feide@skotthyll.kommune.no"
SOURCES = """
[nightly]
recipient = "feide@skotthyll.kommune.no"
alive_file = "alive"

[[sources]]
name = "visma"
evidence = "letter"
confirmed_by = "Rektor"
confirmed_on = 2026-08-01
"""
OLENA = "ref-1;Olena;Kovalenko;1994-02-12;hylla;pupil;"
PROTECTED = (
    "source_id;given_name;family_name;birth_date;school;role;protected\nref-9;Hiwet;Tesfay;2012-01-02;hylla;pupil;ja\n"
)


@pytest.fixture
def town(office: Office) -> Office:
    """An office with one source."""
    office.config.write_text(office.config.read_text(encoding="utf-8") + SOURCES, encoding="utf-8")
    return office


def night(town: Office, *words: str, days: int = 0) -> Any:
    """A run so many days later."""
    with one_day(MORNING + timedelta(days=days)):
        return town("nightly", "--source", "visma", str(town.folder / "people.csv"), *words)


def test_the_first_night_says_what_is_new_and_the_next_one_is_quiet(town: Office) -> None:
    town.people(OLENA)
    first = night(town)
    assert (first.code, first.err) == (1, "")
    assert "people.csv): 1 created.\n" in first.out
    assert "\nNew:\n" in first.out
    assert "  1 user waits for a number.\n      feideprov --config " in first.out
    assert "olenkova" not in first.out
    again = night(town)
    assert (again.code, again.out, again.err) == (0, "", "")
    assert (town.folder / "alive").exists()


def test_on_a_terminal_a_quiet_night_is_shown_too(town: Office) -> None:
    town.people(OLENA)
    night(town)
    shown = town.screen("nightly", "--source", "visma", str(town.folder / "people.csv"))
    assert "nothing new" in shown
    assert "Remains:" in shown
    assert "New:" not in shown


def test_what_was_solved_and_comes_back_is_new(town: Office) -> None:
    """A row without a school is refused, then corrected, then wrong again. Its place in the list does not matter."""
    wrong = "ref-2;Anna;Berg;1994-02-12;nowhere;pupil;"
    town.people(OLENA, wrong)
    assert "1 row of visma is refused (R-SCHOOL)." in night(town).out
    town.people("ref-3;Per;Dal;1990-01-02;hylla;pupil;", OLENA, wrong)
    later = night(town, "--json").json
    assert [one["kind"] for one in later["new"] if one["place"] == "source visma"] == []
    town.people(OLENA)
    assert "R-SCHOOL" not in night(town).out
    town.people(OLENA, wrong)
    [new] = night(town, "--json").json["new"]
    assert (new["place"], new["kind"], new["count"]) == ("source visma", "R-SCHOOL", 1)
    assert new["command"].endswith("people.csv --source visma")


def test_json_says_steps_news_and_exit_code(town: Office) -> None:
    town.people(OLENA)
    found = night(town, "--json").json
    assert (found["command"], found["ok"], found["mailed"], found["alive"]) == ("nightly", False, False, None)
    assert [step["exit_code"] for step in found["steps"]] == [0, 0, 0, 0]
    assert found["steps"][0]["counts"]["created"] == 1
    assert found["counts"]["new"] == sum(one["count"] for one in found["new"]) > 0
    quiet = night(town, "--json").json
    assert (quiet["ok"], quiet["counts"]["new"], quiet["counts"]["remaining"]) == (True, 0, found["counts"]["new"])


def test_a_stopped_file_stops_no_other_step(town: Office) -> None:
    said = night(town)
    assert said.code == 2
    assert "There is no file people.csv in that folder. Check the path." in said.out
    assert "Directory (check)" in said.out
    assert not (town.folder / "alive").exists()
    town.people(OLENA)
    unknown = town("nightly", "--source", "flyt", str(town.folder / "people.csv"), "--json")
    assert unknown.code == 2
    assert "flyt" in unknown.json["error"]


def test_caps_hold_and_nothing_of_the_file_is_written(town: Office) -> None:
    town.set("\n[nightly]\n", "\n[caps]\nchanges = 0\npercent = 0\n\n[nightly]\n")
    town.people(OLENA)
    night(town)
    before = town.entries()
    town.people("ref-1;Olena;Shevchenko;1994-02-12;hylla;pupil;")
    said = night(town)
    assert said.code == 2
    assert "which is more than [caps] allows" in said.out
    assert town.entries() == before


def test_each_source_needs_a_file_and_each_file_a_source(town: Office) -> None:
    for words in (("--source", "visma"), (town.people(OLENA),)):
        said = town("nightly", *words)
        assert (said.code, said.out) == (2, "")
        assert "--source NAME FILE" in said.err


def test_what_cannot_be_told_is_said_before_anything_is_done(town: Office) -> None:
    town.people(OLENA)
    before = town.state()
    said = night(town, "--mail")
    assert (said.code, "[smtp] host" in said.err) == (2, True)
    town.set(f'recipient = "{TO}"\n', "")
    said = night(town, "--mail")
    assert (said.code, "[nightly] recipient is missing" in said.err) == (2, True)
    town.set('alive_file = "alive"', 'alive_url = "http://8.8.8.8/"')
    said = night(town)
    assert (said.code, "leads to an address on the internet" in said.err) == (2, True)
    assert town.state() == before


def test_the_mail_names_nobody_and_is_in_the_chosen_language(town: Office, tmp_path: Path) -> None:
    town.people(OLENA)
    assert town("apply", town.write("protected.csv", PROTECTED), "--only", "ref-9", "--yes").code == 0
    with PostOffice(tmp_path) as post:
        smtp = f'\n[smtp]\nhost = "localhost"\nport = {post.port}\nsecurity = "off"\n'
        town.config.write_text(town.config.read_text(encoding="utf-8") + smtp, encoding="utf-8")
        with one_day():
            said = town("--lang", "nb", "nightly", "--mail", "--source", "visma", str(town.folder / "people.csv"))
        [message] = post.messages
    assert said.code == 1
    assert message["To"] == TO
    assert message["Content-Language"] == "nb"
    content = message.get_content()
    assert "2 brukere venter på nummer." in content
    for name in ("Olena", "Kovalenko", "olenkova", "Hiwet", "Tesfay", "hiwe", "ref-9"):
        assert name not in content


KILLED = """
import os, signal, sys
from feideprov.nightly.steps import Steps
Steps._check = lambda self: os.kill(os.getpid(), signal.SIGKILL)
from feideprov.cli.app import run
run(sys.argv[1:])
"""


def test_after_a_kill_in_the_middle_the_next_night_goes_on_and_says_so(town: Office) -> None:
    import subprocess

    town.people(OLENA)
    command = ["--config", str(town.config), "nightly", "--source", "visma", str(town.folder / "people.csv")]
    killed = subprocess.run([sys.executable, "-c", KILLED, *command], check=False, env={**os.environ})
    assert killed.returncode == -signal.SIGKILL
    doctor = town("doctor", "--json").json
    [check] = [one for one in doctor["checks"] if one["name"] == "nightly"]
    assert check["sentence"] == "The nightly run of 2026-11-24 was interrupted, or has not ended yet."
    said = night(town, days=1)
    assert said.code == 1
    assert "people.csv): 1 unchanged.\n" in said.out
    assert "The nightly run of 2026-11-24 was interrupted." in said.out
    assert night(town, days=2).out == ""


@pytest.fixture
def post(town: Office, tmp_path: Path) -> Iterator[PostOffice]:
    """The mail server of the town."""
    with PostOffice(tmp_path) as server:
        smtp = f'\n[smtp]\nhost = "localhost"\nport = {server.port}\nsecurity = "off"\n'
        town.config.write_text(town.config.read_text(encoding="utf-8") + smtp, encoding="utf-8")
        yield server


def test_a_night_without_a_journal_is_mailed(town: Office, post: PostOffice) -> None:
    town.people(OLENA)
    night(town)
    (town.folder / "alive").unlink()
    (town.folder / "feideprov.key").rename(town.folder / "lost.key")
    said = night(town, "--mail")
    [message] = post.messages
    assert (said.code, said.out) == (2, "")
    assert message["Subject"].endswith(": 1 step was stopped or failed")
    assert message.get_content().startswith("Journal: ")
    assert not (town.folder / "alive").exists()


def test_a_journal_that_is_locked_is_mailed(town: Office, post: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    from contextlib import contextmanager

    from feideprov.journal.journal import Journal

    @contextmanager
    def busy(_: Journal) -> Iterator[None]:
        raise JournalError(Sentence("Another run uses it."))
        yield

    town.people(OLENA)
    monkeypatch.setattr(Journal, "run", busy)
    assert night(town, "--mail").code == 3
    [message] = post.messages
    assert message.get_content().splitlines() == ["Journal: Another run uses it."]


def test_a_step_that_crashes_is_mailed_and_the_next_night_says_so(
    town: Office, post: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.people(OLENA)
    with monkeypatch.context() as patch:
        patch.setattr("feideprov.nightly.steps.Steps._check", lambda _: {}["12345678901"])
        said = night(town, "--mail")
    [message] = post.messages
    assert (said.code, "Something unexpected happened: KeyError at" in said.err) == (3, True)
    assert "people.csv): 1 created." in message.get_content()
    assert "The run: Something unexpected happened" in message.get_content()
    assert "12345678901" not in message.get_content()
    assert not (town.folder / "alive").exists()
    assert "The nightly run of 2026-11-24 was interrupted." in night(town, days=1).out


def test_after_a_clock_that_was_years_ahead_a_missed_run_is_told_again(town: Office) -> None:
    town.people(OLENA)
    night(town, days=3000)
    [check] = [one for one in town("doctor", "--json").json["checks"] if one["name"] == "nightly"] or [None]
    assert check is None
    night(town)
    assert "No nightly run for 3 days." in night(town, days=3).out


def test_doctor_says_that_a_run_did_not_happen(town: Office) -> None:
    def said(days: int) -> list[str]:
        with one_day(MORNING + timedelta(days=days)):
            checks = town("doctor", "--json").json["checks"]
        return [one["sentence"] for one in checks if one["name"] == "nightly"]

    assert said(0) == []
    town.people(OLENA)
    night(town)
    assert said(1) == ["The last nightly run was on 2026-11-24."]
    [late] = said(3)
    assert late.startswith("No nightly run for 3 days. The last one began on 2026-11-24.")
    assert "No nightly run for 3 days." in night(town, days=3).out
    assert said(3) == ["The last nightly run was on 2026-11-27."]
    (town.folder / "people.csv").unlink()
    night(town, days=4)
    assert said(4) == ["In the nightly run of 2026-11-28, a step was stopped or failed (exit code 2)."]


def test_a_sign_of_life_that_cannot_be_given_is_told_and_stops_nothing(town: Office) -> None:
    town.set('alive_file = "alive"', 'alive_file = "no/alive"')
    town.people(OLENA)
    night(town)
    said = night(town)
    assert (said.code, said.out) == (0, "")
    assert "no/alive ([nightly] alive_file) cannot be written: No such file or directory." in said.err
