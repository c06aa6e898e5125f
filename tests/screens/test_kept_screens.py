"""The screens in docs/screens/nb are what the program shows, of every command, as wide as it, in Norwegian."""

from __future__ import annotations

import os
import pty
import re
import select
import sys
from pathlib import Path

import pytest
from norwegian import english_words
from rich.cells import cell_len

from feideprov.cli.help.rows import GROUPS, every_row
from tests.screens.play import PAGE, SCENES, SCREENS, WIDTHS, page, play

NAMES = [scene.name for scene in SCENES]
COMMANDS = [row.path for row in every_row() if row.path not in GROUPS]
NOTHING_NEXT = {
    "doctor": "nothing is wrong",
    "wrong-file": "the list is corrected first",
    "judge": "it says nothing about a user",
    "history": "it only tells",
    "check": "nothing unexpected was found",
    "observe": "nothing was found",
    "journal-verify": "nothing differs",
    "journal-gone": "nobody is missing",
    "journal-begin": "there is nothing to do",
    "close-yes": "nothing follows",
    "nir-channel": "what to do stands in it",
    "nir-reconcile": "each difference is corrected by a person, in NIR or in the records",
    "setup": "setup.md has the commands",
}
"""Screens that end without a command, and why."""
NOT_PROSE = {"completion": "a script", "feideprov": "names commands", "help": "too"}


def kept(name: str, width: int) -> str:
    return (SCREENS / f"{name}.{width}.txt").read_text(encoding="utf-8")


def test_every_command_has_a_screen_of_both_widths_and_nothing_else_is_kept() -> None:
    assert [path for path in COMMANDS if not any(scene.is_of(path) for scene in SCENES)] == []
    assert {path.name for path in SCREENS.iterdir()} == {f"{name}.{width}.txt" for name in NAMES for width in WIDTHS}
    assert len(set(NAMES)) == len(NAMES)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_screens_are_what_the_program_shows(tmp_path: Path, width: int) -> None:
    """If this is meant to be different: `python tests/screens/make.py`."""
    for scene, shown in play(tmp_path, width):
        assert shown == kept(scene.name, width), scene.name


def test_the_page_has_the_screens() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


@pytest.mark.parametrize("width", WIDTHS)
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    for name in NAMES:
        lines = kept(name, width).splitlines()[1:]
        wide = [line for line in lines if cell_len(line) > width and not re.match(r" *https://\S+$", line)]
        assert wide == [] or name == "completion", name


@pytest.mark.parametrize("width", WIDTHS)
def test_a_screen_is_norwegian(width: int) -> None:
    for name in NAMES:
        text = kept(name, width).partition("\n")[2]
        prose = re.sub(r"(?<=feideprov) --config \S+", "", re.sub(r" \\\n *", " ", text))
        assert english_words(prose) == [] or name in NOT_PROSE, name


def test_a_screen_ends_with_the_next_command_where_there_is_one() -> None:
    with_one = {name for name in NAMES if "feideprov " in kept(name, 80).partition("\n")[2]}
    assert set(NAMES) - with_one == set(NOTHING_NEXT)


def test_a_real_terminal_shows_the_same(tmp_path: Path) -> None:
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(tmp_path)
        surroundings = {"COLUMNS": "60", "FEIDEPROV_LANG": "nb", "TERM": "xterm", "NO_COLOR": "1"}
        os.execve(
            sys.executable, [sys.executable, "-m", "feideprov", "utfør", "flyktninger.csv"], os.environ | surroundings
        )
    shown = b""
    while select.select([terminal], [], [], 60)[0]:
        try:
            shown += os.read(terminal, 4096)
        except OSError:  # its end
            break
    os.waitpid(child, 0)
    os.close(terminal)
    wanted = kept("wrong-command", 60).partition("\n")[2]
    assert shown.decode().replace("\r\n", "\n") == wanted
