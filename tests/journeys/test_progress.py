"""A run that a person watches, and stops."""

from __future__ import annotations

import re
import signal
from typing import TYPE_CHECKING

import pytest

from feideprov.cli.progress import VisibleRun
from feideprov.directory.memory import MemoryDirectory

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


def test_a_bar_is_shown_on_a_terminal_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with VisibleRun("apply", quiet=False) as run:
        run.report(1, 2)
    assert capsys.readouterr() == ("", "")
    for quiet in (True, False):
        monkeypatch.setattr("sys.stderr.isatty", lambda: True)
        monkeypatch.setenv("TERM", "xterm")
        with VisibleRun("apply", quiet=quiet) as run:
            run.report(1, 2)
            run.report(2, 2)
        shown = capsys.readouterr()
        assert shown.out == ""
        assert ("2/2" in shown.err) is not quiet


def test_a_terminal_that_is_gone_does_not_break_the_run_off(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object) -> int:
        raise BrokenPipeError

    monkeypatch.setattr("feideprov.cli.progress.os.write", gone)
    with VisibleRun("apply", quiet=True) as run:
        signal.raise_signal(signal.SIGTERM)
    assert run.stop.is_set()
