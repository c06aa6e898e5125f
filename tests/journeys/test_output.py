"""Output that cannot be written: a full disk, a closed stream, a reader that has gone. What was done is not changed."""

from __future__ import annotations

import contextlib
import gc
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from commands import PATIENCE
from size import size

import feideprov.cli
from feideprov.cli import app, report
from feideprov.cli.help.rows import JOURNAL, SERVICES, names
from feideprov.errors import InputError
from feideprov.messages import Sentence

if TYPE_CHECKING:
    from tests.journeys.conftest import Answer, Office

FULL = "Standard output cannot be written: No space left on device."
CLOSED = "Standard output cannot be written: it is closed."
STREAMS = ["full", "closed", "shut", "unread"]


@contextlib.contextmanager
def stream(kind: str) -> Iterator[Any]:
    """A stream that takes nothing: on a full disk, closed before the program began, closed since, without a reader."""
    if kind == "closed":
        yield None
    elif kind == "shut":
        shut = io.StringIO()
        shut.close()
        yield shut
    else:
        if kind == "full":
            opened = os.open("/dev/full", os.O_WRONLY)
        else:
            reading, opened = os.pipe()
            os.close(reading)
        # What Python does with a stream that is still full at its end: it says so, and ends with exit code 120.
        with open(opened, "w", encoding="utf-8") as file:  # noqa: PTH123 - a descriptor
            yield file


def without(kind: str, office: Office, *words: str, stream_name: str = "stdout") -> Answer:
    """One command whose standard output (or another stream) takes nothing."""
    with pytest.MonkeyPatch.context() as patch, stream(kind) as taken:
        patch.setattr(sys, stream_name, taken)
        return office(*words)


def every_help() -> Iterator[tuple[str, ...]]:
    yield from (("--help",), ("--version",))
    for sections, group in ((None, ()), (SERVICES, ("services",)), (JOURNAL, ("journal",))):
        yield from ((*group, name, "--help") for name in (names(sections) if sections else names()))


@pytest.mark.parametrize("kind", size(STREAMS[:1], STREAMS))
def test_help_that_cannot_be_written(office: Office, kind: str) -> None:
    for words in every_help():
        answer = without(kind, office, *words)
        if kind == "unread":  # `| head` has what it wants
            assert (answer.code, answer.err) == (3, ""), words
        else:
            reason = FULL if kind == "full" else CLOSED
            said = f"{reason} Correct this, then run the same command again.\n"
            assert (answer.code, answer.err) == (3, said), words


ONLY_SHOWN = [
    ("pending",),
    ("pending", "--json"),
    ("plan", "refugees.csv"),
    ("check", "--json"),
    ("today",),
    ("apply", "refugees.csv"),
    ("services", "list", "--json"),
    ("journal", "verify"),
]


@pytest.mark.parametrize("kind", ["full", "shut", "unread"])
def test_what_a_command_only_shows(office: Office, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.chdir(office.folder)
    for words in ONLY_SHOWN:
        usual = office(*words)
        answer = without(kind, office, *words)
        if kind == "unread":
            assert (answer.code, answer.err) == (3, usual.err), words
        else:
            assert answer.code == 3, words
            assert answer.err.startswith(usual.err)
            said = answer.err.removeprefix(usual.err)
            reason = FULL if kind == "full" else CLOSED
            assert said == f"{reason} Correct this, then run the same command again.\n", words


@pytest.mark.parametrize(
    ("kind", "words"), [("full", ()), ("full", ("--json",)), ("closed", ()), ("unread", ("--json",))]
)
def test_what_was_done_decides_the_exit_code(office: Office, kind: str, words: tuple[str, ...]) -> None:
    answer = without(kind, office, "apply", str(office.folder / "refugees.csv"), "--yes", *words)
    assert answer.code == 1  # three numbers are refused
    assert len(office.handed_over()) == 11
    assert {state for _, state, _ in office.journaled()} == {"done"}
    told = answer.err.splitlines()[-1] if answer.err else ""
    if kind == "unread":
        assert "cannot be written" not in answer.err
    else:
        assert told.startswith(FULL if kind == "full" else CLOSED)
        assert told.endswith(" The command has ended all the same; its exit code (1) says what was done.")
    attached = without(kind, office, "attach", str(office.folder / "numbers.csv"), "--yes", *words)
    assert attached.code == 1
    assert office("pending", "--json").json["counts"]["pending"] == 5
    assert without(kind, office, "observe", *words).code == 0
    assert without(kind, office, "close", "olenkova@skotthyll.kommune.no", "--yes", *words).code == 0


@pytest.mark.parametrize("kind", ["full", "closed"])
def test_files_that_were_written_although_it_cannot_be_said(office: Office, kind: str) -> None:
    assert without(kind, office, "setup", "openldap", "--out", str(office.folder / "setup")).code == 0
    assert (office.folder / "setup" / "setup.md").exists()
    office.config.rename(office.folder / "old.toml")
    assert without(kind, office, "init").code == 0
    assert office.config.exists()
    answer = without(kind, office, "init")
    assert answer.code == 2
    assert "exists already" in answer.err


@pytest.mark.parametrize("kind", STREAMS)
def test_messages_that_cannot_be_written(office: Office, kind: str) -> None:
    assert without(kind, office, "pending", "--none", stream_name="stderr").code == 2
    answer = without(kind, office, "pending", "--none", "--json", stream_name="stderr")
    assert (answer.code, answer.json["ok"]) == (2, False)
    heading = "source_id;given_name;family_name;school;role;shoe_size"
    people = office.write("people.csv", f"{heading}\na-1;Anna;Berg;hylla;pupil;38\na-2;Åse;Dal;hylla;pupil;39\n")
    assert "shoe_size" in office("plan", people).err  # a column that is not read
    done = without(kind, office, "apply", people, "--yes", "--json", stream_name="stderr")
    assert (done.code, done.json["counts"]["created"]) == (0, 2)


def test_an_error_of_which_nothing_can_be_shown(office: Office) -> None:
    for words, code in ((("pending", "--none", "--json"), 2), (("pending",), 3)):
        with pytest.MonkeyPatch.context() as patch, stream("full") as out, stream("full") as errors:
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", errors)
            assert office(*words).code == code


def test_an_error_that_is_said_is_enough(office: Office) -> None:
    """A refusal keeps its exit code, although its object cannot be written."""
    office.write("services.csv", "id;name;provider;activated\ns-1;Oria;Sikt;yes\n")
    assert office("services", "import", str(office.folder / "services.csv")).code == 0
    answer = without("full", office, "services", "answer", "s-1", "can-serve", "--json")
    assert (answer.code, answer.err.count("\n")) == (1, 1)
    assert answer.err.startswith("The source is missing.")


@pytest.mark.parametrize("encoding", ["ascii", "cp437", "latin-1"])
def test_json_is_json_in_every_encoding(office: Office, encoding: str) -> None:
    people = office.people("a-1;Åse;Øye-Коваль𝔸;;hylla;pupil;")
    usual = office("plan", people, "--json")
    octets = io.BytesIO()
    with pytest.MonkeyPatch.context() as patch:
        stdout = io.TextIOWrapper(octets, encoding=encoding, errors="backslashreplace")
        patch.setattr(sys, "stdout", stdout)
        assert app.run(["--config", str(office.config), "plan", people, "--json"]) == usual.code
        stdout.flush()
        assert json.loads(octets.getvalue().decode(encoding)) == usual.json
        octets.truncate(0), octets.seek(0)
        app.run(["--config", str(office.config), "plan", "Øye𝔸.csv", "--json"])
        stdout.flush()
        assert "Øye𝔸.csv" in json.loads(octets.getvalue().decode(encoding))["error"]
        octets.truncate(0), octets.seek(0)
        assert app.run(["--config", str(office.config), "plan", people]) == usual.code
        stdout.flush()
        assert "create " in octets.getvalue().decode(encoding)


# --- files that the command line names


def test_a_table_of_what_was_done_that_cannot_be_saved(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk fills up while the command writes: the table of the plan was saved, that of what was done is not."""
    saved = list[str]()
    save = report.save

    def once(path: Path, content: bytes) -> None:
        if saved:
            raise InputError(Sentence("{path} cannot be written: {reason}.", path=path, reason="it is full"))
        saved.append(path.name)
        save(path, content)

    monkeypatch.setattr(report, "save", once)
    words = ("apply", str(office.folder / "refugees.csv"), "--yes", "--csv", str(office.folder / "done.csv"), "--json")
    answer = office(*words)
    assert (answer.code, answer.json["counts"]["created"], answer.json["ok"]) == (1, 11, False)
    assert "done.csv cannot be written: it is full." in answer.err
    assert "What the command did is done" in answer.err


def test_a_file_that_cannot_be_saved_after_something_was_done(office: Office) -> None:
    """Exit code 2 means that nothing was written."""
    people = str(office.folder / "refugees.csv")
    nowhere = str(office.folder / "nowhere" / "file.csv")
    office.set("[journal]\n", '[checklist]\nplaces = ["the library"]\n\n[journal]\n')
    assert office("apply", people, "--yes").code == 1
    assert office("attach", str(office.folder / "numbers.csv"), "--yes").code == 1
    for looking, doing in (
        (("checklist", "--csv", nowhere), ("checklist", "--done", "all", "--csv", nowhere)),
        (("today", "--questions", nowhere), ("today", "--questions", nowhere, "--solved", people)),
    ):
        assert office(*looking).code == 2
        answer = office(*doing, "--json")
        assert (answer.code, answer.json["ok"]) == (1, False), doing
        assert answer.json["error"] == answer.err.rstrip("\n")
        assert answer.err == f"{nowhere} cannot be written: No such file or directory. What the command did is done.\n"
    assert office("checklist", "--json").json["counts"]["places"] == 0


# --- standard input


@pytest.mark.parametrize(
    "words",
    [("judge",), ("history", "a@skotthyll.kommune.no", "--about"), ("setup", "openldap", "--server", "-")],
    ids=lambda words: words[0],
)
def test_standard_input_that_cannot_be_read(office: Office, one_sentence: Any, words: tuple[str, ...]) -> None:
    said = one_sentence(without("closed", office, *words, stream_name="stdin"))
    assert said.startswith("Standard input cannot be read: it is closed.")
    for kind in ("shut", "full"):
        answer = without(kind, office, *words, stream_name="stdin")
        assert (answer.code, answer.out) == (2, "")
        assert one_sentence(answer).startswith("Standard input cannot be read: ")


def test_standard_input_that_is_no_text(office: Office, one_sentence: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for octets in (b"\xff\xfe\xe5\n", b"", b"\n"):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(octets), encoding="utf-8"))
        answer = office("history", "a@skotthyll.kommune.no", "--about")
        assert (answer.code, answer.out) == (2, "")
        assert one_sentence(answer).startswith("Standard input ")


def test_no_password_is_read_where_there_is_no_input(office: Office) -> None:
    assert office("apply", str(office.folder / "refugees.csv"), "--yes").code == 1
    answer = without("closed", office, "doctor", "--user", "olenkova@skotthyll.kommune.no", stream_name="stdin")
    assert "unexpected" not in answer.err
    assert answer.code in (0, 1)


# --- as a process


def process(office: Office, redirections: str, *words: str, program: tuple[str, ...] = ("-m", "feideprov")) -> Answer:
    """One command, begun by a shell with these redirections."""
    command = ["bash", "-c", f'set -o pipefail; exec 9>&1; "$@" {redirections}', "bash", sys.executable, *program]
    done = subprocess.run(
        [*command, *words], cwd=office.folder, capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    return replace(office("--version"), code=done.returncode, out=done.stdout, err=done.stderr)


def test_a_process_with_no_stream_at_all(office: Office) -> None:
    """No file that the program opens may take the place of a stream: messages would be written into it."""
    before = office("apply", str(office.folder / "refugees.csv"), "--json").json["counts"]
    answer = process(office, "0<&- 1>&- 2>&-", "apply", "refugees.csv", "--yes")
    assert (answer.code, answer.out, answer.err) == (1, "", "")
    assert len(office.handed_over()) == before["created"] == 11
    assert office("check", "--json").json["counts"]["error"] == 0
    assert office("journal", "verify").code == 0


def test_the_places_of_closed_streams_are_taken(office: Office) -> None:
    program = (
        "import os, sys\nfrom feideprov import cli\n"
        "try:\n    cli.main()\nfinally:\n"
        "    os.write(9, str([os.path.samestat(os.fstat(n), os.stat(os.devnull)) for n in range(3)]).encode())\n"
    )
    answer = process(office, "0<&- 1>&- 2>&-", "--version", program=("-c", program))
    assert (answer.code, answer.out, answer.err) == (3, "[True, True, True]", "")


def test_a_process_whose_output_is_full_or_not_read(office: Office) -> None:
    """Python itself says nothing at its end, and the exit code stays."""
    full = process(office, ">/dev/full", "pending", "--json")
    assert (full.code, full.err) == (3, f"{FULL} Correct this, then run the same command again.\n")
    done = process(office, "| true", "apply", "refugees.csv", "--yes")
    assert (done.code, done.err) == (1, "")


def test_ctrl_c_while_the_program_is_loaded(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(app, "run", interrupted)
    monkeypatch.setattr(gc, "disable", lambda: None)
    with pytest.raises((SystemExit, KeyboardInterrupt)) as ended:
        feideprov.cli.main()
    assert ended.value.args == (3,)
    assert capsys.readouterr() == ("", "")
