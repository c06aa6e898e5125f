"""A run that a person watches, and stops."""

from __future__ import annotations

import re
import signal
from contextlib import redirect_stderr, redirect_stdout
from typing import TYPE_CHECKING
from unittest.mock import Mock

import pytest

from feideprov import Client, Work, watched
from feideprov.cli.app import run
from feideprov.cli.progress import ProgressLine, VisibleRun, progress_of
from feideprov.directory.ldap.directory import LdapDirectory
from feideprov.directory.memory import MemoryDirectory
from feideprov.journal.presence import expected_entries
from feideprov.messages import Sentence
from feideprov.progress import steps
from tests.journeys.conftest import Terminal

if TYPE_CHECKING:
    from tests.journeys.conftest import Office


def refugees(office: Office) -> str:
    return str(office.folder / "refugees.csv")


def signalled(monkeypatch: pytest.MonkeyPatch, *, at: int, times: int = 1, sent: signal.Signals) -> None:
    """The signal comes with the write number `at`."""
    carry_out, count = MemoryDirectory._carry_out, [0]

    def with_signal(self: MemoryDirectory, write: object) -> object:
        count[0] += 1
        for _ in range(times if count[0] == at else 0):
            signal.raise_signal(sent)
        return carry_out(self, write)

    monkeypatch.setattr(MemoryDirectory, "_carry_out", with_signal)


def everybody_can_log_in(office: Office, count: int) -> None:
    made = {e["eduPersonPrincipalName"][0].decode() for e in office.entries().values() if "employeeNumber" in e}
    assert len(made) == count
    assert set(office.handed_over()) == made


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_stops_cleanly_and_says_how_to_go_on(
    office: Office, monkeypatch: pytest.MonkeyPatch, sent: signal.Signals
) -> None:
    before = signal.getsignal(sent)
    with monkeypatch.context() as patch:
        signalled(patch, at=4, sent=sent)
        answer = office("apply", refugees(office), "--yes")
    assert answer.code == 3
    assert answer.out.endswith(
        "\nStopped after 4 of 11 changes. Run the same command again. Changes that were made are not made twice.\n"
    )
    assert re.search(
        r"\nOf 12 rows: 4 users were created; 1 row made no user \(1 held\); 7 rows were not reached, in \d+\.\d s\.\n",
        answer.out,
    )
    assert signal.getsignal(sent) is before
    everybody_can_log_in(office, 4)
    assert {state for _, state, _ in office.journaled()} == {"done", "not done"}
    again = office("apply", refugees(office), "--yes", "--json")
    assert (again.code, again.json["counts"]["created"], again.json["stopped"], again.err) == (1, 7, "", "")
    everybody_can_log_in(office, 11)


def test_a_stopped_run_says_so_in_its_json_too(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    signalled(monkeypatch, at=1, sent=signal.SIGINT)
    answer = office("apply", refugees(office), "--yes", "--json")
    assert (answer.code, answer.json["ok"]) == (3, False)
    assert answer.json["stopped"].startswith("Stopped after 1 of 11 changes.")


def test_the_second_signal_ends_the_run_at_once_and_the_next_one_goes_on(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        signalled(patch, at=4, times=2, sent=signal.SIGINT)
        answer = office("apply", refugees(office), "--yes")
    assert (answer.code, answer.out) == (3, "")
    assert "Interrupted. What was done is in the journal" in answer.err
    again = office("apply", refugees(office), "--yes", "--json")
    assert again.json["counts"]["created"] == 11  # nothing of an LDIF file that was not replaced
    everybody_can_log_in(office, 11)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Progress is shown from the beginning, and every time."""
    monkeypatch.setattr("feideprov.cli.progress._PATIENCE", 0.0)
    monkeypatch.setattr("feideprov.cli.progress._PAUSE", 0.0)


@pytest.mark.usefixtures("impatient")
def test_progress_is_shown_on_a_terminal_alone_and_erased_at_the_end(office: Office) -> None:
    def errors(*words: str) -> str:
        with redirect_stdout(Terminal()), redirect_stderr(Terminal()) as err:
            run(["--config", str(office.config), *words])
        return err.getvalue()

    people = refugees(office)
    assert "\rReading rows: 12 of 12" in errors("plan", people)
    assert "\rComparing people with the directory: 12 of 12" in errors("plan", people)
    assert "\rLeser inn rader: 12 av 12" in errors("--lang", "nb", "plan", people)
    for words in (("plan", people, "--json"), ("--quiet", "plan", people)):
        assert "\r" not in errors(*words), words
    assert "\r" not in office("plan", people).err
    said = errors("apply", people, "--yes")
    assert "\rWriting changes: 11 of 11" in said
    for words in (("check",), ("journal", "verify"), ("observe",), ("pending",)):
        assert "\rReading the directory: " in errors(*words) or "\rChecking users: " in errors(*words), words
    for words in (("check",), ("observe",), ("pending",), ("journal", "verify"), ("plan", people)):
        assert re.search(r"\r(Reading the directory|Checking users|Comparing numbers): \d+ of \d+", errors(*words)), (
            words
        )
    *_, last = said.split("\r")
    assert last.strip(" ") == ""
    assert not any(line.strip() for line in said.split("\r")[-2:])


def test_progress_waits_for_two_seconds(office: Office) -> None:
    with redirect_stdout(Terminal()), redirect_stderr(Terminal()) as err:
        run(["--config", str(office.config), "plan", refugees(office)])
    assert "\r" not in err.getvalue()


def test_progress_says_the_rate_and_the_time_that_is_left() -> None:
    what = Sentence("Checking users")
    assert (
        progress_of(Work(what, 20_000, 12_000), 2.0) == "Checking users: 12,000 of 20,000, 6,000 per second, 1 s left"
    )
    assert progress_of(Work(what, None, 12_000), 2.0) == "Checking users: 12,000, 6,000 per second"
    assert progress_of(Work(what, 40, 4), 80.0) == "Checking users: 4 of 40, 12 min left"
    assert progress_of(Work(what, 40, 40), 0.0) == "Checking users: 40 of 40"
    assert progress_of(Work(what, 40, 41), 1.0) == "Checking users: 41, 41 per second"  # fewer were expected
    shown = progress_of(Work(what, 20_000, 12_000), 2.0).in_language("nb")
    assert shown.replace("\xa0", " ") == "Kontrollerer brukere: 12 000 av 20 000, 6 000 per sekund, 1 s igjen"


@pytest.mark.usefixtures("impatient")
def test_of_work_in_other_work_the_outer_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    with redirect_stderr(Terminal()) as err, watched(ProgressLine().watch):
        inner = steps(range(3), Sentence("inner"))
        assert [*steps(inner, Sentence("outer"), total=3)] == [0, 1, 2]
    assert "outer: 3 of 3" in err.getvalue()
    assert "inner" not in err.getvalue()


def test_what_the_last_observation_saw_is_expected_of_a_server(office: Office) -> None:
    office("apply", refugees(office), "--yes")
    with Client.open(office.config) as feide:
        journal, server = feide.journal._context.journal, Mock(spec=LdapDirectory)
        assert expected_entries(server, journal) is None
        feide.observe()
        assert expected_entries(server, journal) == 11
    assert expected_entries(server, None) is None


def test_a_program_can_watch_without_the_command_line(office: Office) -> None:
    seen: list[tuple[str, int, bool]] = []
    with watched(lambda work: seen.append((work.what, work.done, work.ended))), Client.open(office.config) as feide:
        feide.plan(refugees(office))
    assert ("Comparing people with the directory", 12, True) in seen
    before = len(seen)
    with Client.open(office.config) as feide:
        feide.plan(refugees(office))
    assert len(seen) == before


def test_a_terminal_that_is_gone_does_not_break_the_run_off(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object) -> int:
        raise BrokenPipeError

    monkeypatch.setattr("feideprov.cli.progress.os.write", gone)
    with VisibleRun() as visible:
        signal.raise_signal(signal.SIGTERM)
    assert visible.stop.is_set()
