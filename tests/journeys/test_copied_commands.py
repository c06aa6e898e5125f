"""A command on a screen can be copied: it stands in one line, or is continued as a shell continues it."""

from __future__ import annotations

import io
import re
import shlex
from contextlib import redirect_stdout

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from feideprov.cli.screen import fitted, wrapped
from feideprov.cli.table import show_rows

TOLD = (
    "leilnord@skotthyll.kommune.no exists already. If the password is lost, run: "
    "feideprov password leilnord@skotthyll.kommune.no. If it is a new person, run: "
    "feideprov apply 'autumn list.csv' --only ny-51 --new-person --yes [R-SAME-PERSON]"
)
COMMAND = "feideprov apply 'autumn list.csv' --only ny-51 --new-person --yes"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal without colours (TERM=dumb), for standard output."""
    monkeypatch.setenv("TERM", "dumb")
    return Terminal()


@pytest.mark.parametrize("width", [50, 60, 70])
def test_a_command_that_fits_stands_in_one_line(screen: Terminal, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    with redirect_stdout(screen):
        lines = fitted(TOLD).split("\n")
    assert max(map(len, lines)) <= width
    assert any("feideprov password leilnord@skotthyll.kommune.no." in line for line in lines) is (width > 50)
    assert any(COMMAND in line for line in lines) is (len(COMMAND) + 4 <= width)
    assert " ".join(line.strip().removesuffix(" \\") for line in lines) == TOLD


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_a_table_does_not_break_commands(screen: Terminal, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    with redirect_stdout(screen):
        show_rows(("what", "what to do"), [(TOLD[:46], TOLD)], folded=("what", "what to do"))
    lines = screen.getvalue().splitlines()
    assert max(map(cell_len, lines)) <= width
    assert any(COMMAND in line for line in lines) is (width > 60)


@given(
    st.lists(st.text("abæ'\" $\\", min_size=1, max_size=30), min_size=1, max_size=8),
    st.sampled_from(["", ". If not, wait for it.", " [R-SAME-PERSON]"]),
    st.integers(20, 90),
)
def test_a_shell_reads_a_copied_command_as_it_was_meant(words: list[str], after: str, width: int) -> None:
    lines = wrapped(f"Nobody has it. Run: feideprov apply {shlex.join(words)}{after}", width)
    copied = re.split(r"[.\[]", "\n".join(lines).split("Run:")[1])[0].strip()
    assert shlex.split(copied.replace(" \\\n", " ")) == ["feideprov", "apply", *words]
    for line in copied.split("\n")[:-1]:
        assert line.endswith(" \\")
        assert cell_len(line) <= width or len(shlex.split(line.removesuffix(" \\"))) == 1


@given(st.lists(st.text("ab数 ø", min_size=1, max_size=12), max_size=12), st.integers(4, 40))
def test_lines_are_no_wider_and_nothing_is_lost(words: list[str], width: int) -> None:
    text = " ".join(words)
    lines = wrapped(text, width)
    assert all(cell_len(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())
