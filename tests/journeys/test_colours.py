"""Colours on a terminal only, and never alone; `--quiet` says nothing when all is well."""

from __future__ import annotations

import json
import re
from contextlib import chdir, redirect_stderr, redirect_stdout
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

from feideprov.cli.app import run
from tests.journeys.conftest import Terminal

if TYPE_CHECKING:
    from tests.journeys.conftest import Office

RED, YELLOW = "\x1b[31m", "\x1b[33m"
COLOUR = re.compile(r"\x1b\[[\d;]*m")
REFUSED = "a-4;;;2010-01-01;hylla;pupil;"
HELD = "a-5;Anna;Berg;2003-04-05;hylla;pupil;52829400197"  # Tenor's, with another birth date
GOOD = "a-1;Olena;Kovalenko;1994-02-12;hylla;pupil;"
PUPILS = (GOOD, "a-2;Anna;Berg;2003-04-05;solbakken;student;")

SURROUNDINGS = {"a terminal": {}, "NO_COLOR": {"NO_COLOR": "1"}, "TERM=dumb": {"TERM": "dumb"}}


@pytest.fixture(autouse=True)
def _terminal_of_80_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "80")


def shown(office: Office, *words: str) -> tuple[str, str]:
    """What a terminal gets: standard output and standard error."""
    with chdir(office.folder), redirect_stdout(Terminal()) as out, redirect_stderr(Terminal()) as err:
        run(words)
    return out.getvalue(), err.getvalue()


def lines_in(colour: str, text: str) -> str:
    return " ".join(line for line in text.split("\n") if line.startswith(colour))


def test_red_is_what_stops_and_yellow_what_is_held(office: Office) -> None:
    out, _ = shown(office, "apply", office.people(GOOD, REFUSED, HELD))
    assert "Refused:" in lines_in(RED, out)
    assert "[R-NAME" in lines_in(RED, out)
    assert "Used only in part:" in lines_in(YELLOW, out)
    assert "Kovalenko" not in lines_in(RED, out) + lines_in(YELLOW, out)
    _, err = shown(office, "plan", "nothing.csv")
    assert COLOUR.sub("", err).split()[0] in lines_in(RED, err)


def test_a_table_has_the_colour_of_what_matters(office: Office) -> None:
    assert office("apply", office.people(GOOD), "--yes").code == 0
    office.catalogue.write_bytes(office.catalogue.read_bytes().replace(b"mail: post@", b"mail: post"))
    for width in ("120", "40"):  # a table, and one line for each column
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("COLUMNS", width)
            out, _ = shown(office, "check")
        assert f"{RED}error" in out


def test_the_words_and_the_lines_are_the_same_without_colours(office: Office) -> None:
    office.people(GOOD, REFUSED, HELD)
    for words in (("apply", "people.csv"), ("check",), ("doctor",), ("journal", "verify")):
        coloured = "".join(shown(office, *words))
        plain = "".join(shown(office, "--color", "never", *words))
        assert COLOUR.search(plain) is None
        assert COLOUR.sub("", coloured) == plain
        too_wide = [line for line in plain.splitlines() if cell_len(line) > 80]
        assert [line for line in too_wide if not re.fullmatch(r" *(/\S+)", line)] == []  # a path is not cut


@pytest.mark.parametrize("name", SURROUNDINGS)
def test_a_terminal_can_say_that_it_wants_no_colours(
    office: Office, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for variable, value in SURROUNDINGS[name].items():
        monkeypatch.setenv(variable, value)
    people = office.people(REFUSED)
    for words in (("plan", people), ("plan", "nothing.csv")):
        assert bool(COLOUR.search("".join(shown(office, *words)))) is (name == "a terminal"), words
    assert RED in shown(office, "--color=always", "plan", people)[0]


def test_a_pipe_and_json_have_no_colours(office: Office) -> None:
    people = office.people(REFUSED)
    answer = office("plan", people)
    assert not COLOUR.search(answer.out + answer.err + office("plan", "nothing.csv").err)
    assert RED in office("--color", "always", "plan", people).out
    out, _ = shown(office, "--color", "always", "plan", people, "--json")
    assert not COLOUR.search(out)
    assert json.loads(out)["refusals"]
    wrong = office("--color", "pink", "pending")
    assert (wrong.code, "auto" in wrong.err) == (2, True)


# --- quiet

SAID_NOTHING = ("", "")


def test_a_quiet_command_that_did_everything_says_nothing(office: Office) -> None:
    for words in (
        ("apply", office.people(*PUPILS), "--yes"),
        ("check", "--only", "P-NAME-CASE"),
        ("journal", "verify"),
        ("observe",),
    ):
        answer = office("--quiet", *words)
        assert (answer.code, answer.out, answer.err) == (0, *SAID_NOTHING), words
    assert len(office.handed_over()) == len(PUPILS)


def test_a_quiet_command_shows_what_was_asked_for(office: Office) -> None:
    people = office.people(GOOD)
    assert office("--quiet", "plan", people).out == office("plan", people).out != ""
    assert office("apply", people, "--yes").code == 0
    assert office("--quiet", "pending").out == office("pending").out != ""


@pytest.mark.parametrize("words", [("apply", "--yes"), ("plan",)])
def test_a_quiet_command_says_everything_when_something_is_refused(office: Office, words: tuple[str, ...]) -> None:
    command, *more = words
    people = office.people(REFUSED, "a-6;Per;Dahl;2010-01-01;hylla;pupil;12345678901")
    loud, quiet = office(command, people, *more), office("--quiet", command, people, *more)
    assert (quiet.code, quiet.err) == (1, loud.err)
    assert "[R-NAME" in quiet.out
    assert office("--quiet", command, "nothing.csv").err == office(command, "nothing.csv").err != ""


def test_notes_are_kept_back_when_all_is_well(office: Office) -> None:
    people = office.write(
        "notes.csv", "source_id;given_name;family_name;school;role;colour\na-1;Per;Dahl;hylla;pupil;x\n"
    )
    loud = office("plan", people)
    assert loud.err
    assert office("--quiet", "plan", people).err == ""
    assert office("--quiet", "plan", people, "--json").out == office("plan", people, "--json").out
