"""`docs/nb/index.md`, followed word for word on a machine with an empty slapd: from `feideprov init` to slips.

What installs the program is left out: it is installed. `make guide` follows the page and
writes what is shown now into it.
"""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import as_terminal
import pytest
from debian_slapd import machine_with_slapd
from filled_in import filled_in
from guide_page import GUIDE, Block, blocks, configured, differs, followed, with_screens
from private_machine import PrivateMachine
from setup_page import carry_out

from feideprov import installation

PAGE = GUIDE / "index.md"
OFFICE = "/home/kari/feide"
DOCS = "/home/kari/feideprov/.venv/lib/python3.11/site-packages/feideprov/docs"
"""The folders on the screens of the page."""
INSTALLS = ("apt-get", "pip", "profile", "mkdir")
"""Words of the commands that install the program, make it known to the shell, and make the folder."""
RESULTS = {"feideprov doctor": (0, 2)}
"""Exit codes of commands that may end with another one than 0: the first `doctor` shows an error, as the page says."""
HEADINGS = 2
"""Rows of the sheet above the first person."""


def follow() -> list[tuple[str, str]]:
    """Follow the page on a machine with Debian's slapd, whose database is as the page names it. Returns what it says is
    shown, and what was."""
    with (
        machine_with_slapd("", dc="skotthyll", suffix="dc=skotthyll,dc=no") as machine,
        tempfile.TemporaryDirectory() as folder,  # its path is short: a long one is broken into two lines
        machine.begun([sys.executable, as_terminal.__file__], Path(folder), {"FEIDEPROV_LANG": "nb"}) as feideprov,
    ):
        page = PAGE.read_text(encoding="utf-8")
        reader = Reader(machine, feideprov, Path(folder), page)
        return [(said, shown.replace(folder, OFFICE)) for said, shown in followed(page, reader.follow)]


@dataclass(frozen=True)
class Reader:
    """Does what the page says. `office` is the new folder of the page."""

    machine: PrivateMachine
    feideprov: subprocess.Popen[str]
    office: Path
    page: str

    def follow(self, block: Block) -> str:
        """What a block shows."""
        if block.language == "toml":
            config = self.office / "feideprov.toml"
            config.write_text(configured(config.read_text(encoding="utf-8"), block.text), encoding="utf-8")
            return ""
        commands = (line for line in block.commands if line.startswith("feideprov "))
        return "".join(map(self.command, commands))

    def command(self, line: str) -> str:
        """What a command of the program shows."""
        if line.startswith("feideprov read"):
            fill_in(self.office / line.split()[-1], self.page)
        assert self.feideprov.stdin
        assert self.feideprov.stdout
        self.feideprov.stdin.write(f"{json.dumps([line.split()[1:], first_password(self.office)])}\n")
        self.feideprov.stdin.flush()
        code, screen = json.loads(self.feideprov.stdout.readline())
        assert code in RESULTS.get(line, (0,)), f"{line}\n{screen}"
        if line.startswith("feideprov setup"):
            self.set_up(self.office / "setup-openldap" / "setup.md")
        return str(screen)

    def set_up(self, whole: Path) -> None:
        """Follow the page of `setup`, as far as the guide says."""
        part = whole.with_name("part.md")
        part.write_text(whole.read_text(encoding="utf-8").partition("## 11.")[0], encoding="utf-8")
        carry_out(self.machine, self.office, part, leave_out="apt-get")


def fill_in(sheet: Path, page: str) -> None:
    """Write the people of the page's table into the sheet."""
    from python_calamine import CalamineWorkbook

    headings = CalamineWorkbook.from_path(str(sheet)).get_sheet_by_index(0).to_python()[HEADINGS - 1]
    table = page.partition("| Fornavn |")[2].partition("\n\n")[0].splitlines()
    names = ["Fornavn", *(cell.strip() for cell in table[0].strip("| ").split("|"))]
    cells: dict[tuple[int, int], str | date] = {}
    for row, line in enumerate(table[2:], HEADINGS + 1):
        for name, cell in zip(names, line.strip().strip("|").split("|"), strict=True):
            day = re.fullmatch(r"(\d\d)\.(\d\d)\.(\d{4})", cell.strip())
            value = date(*map(int, day.groups()[::-1])) if day else cell.strip()
            cells[row, headings.index(name) + 1] = value
    filled_in(sheet, sheet, cells)


def first_password(office: Path) -> str:
    """What stands on the slip of the first user."""
    handed = office / "passwords.csv"
    if not handed.exists():
        return ""
    rows = csv.DictReader(handed.read_text(encoding="utf-8-sig").splitlines(), delimiter=";")
    return next(row for row in rows if "olenkova" in row["user"])["password"]


def alike(text: str) -> str:
    """A screen without what differs each time: days, how long it took, keys of people, and folders."""
    text = text.replace(installation.FOLDER, DOCS)
    text = re.sub(r"\b\d{1,2}\.\d{1,2}\.20[2-9]\d\b|\b20[2-9]\d-\d\d-\d\d\b", "DAG", text)
    text = re.sub(r"\b\d+,\d s\b", "TID", text)
    return re.sub(r"\b[a-z]{12}\b", "NØKKEL", text)


def test_the_page_is_followed_word_for_word() -> None:
    assert [told for said, shown in follow() if (told := differs(said, shown, alike))] == []


@pytest.mark.parametrize("word", INSTALLS)
def test_what_is_left_out_stands_before_the_first_command_of_the_program(word: str) -> None:
    commands = [line for block in blocks(PAGE.read_text(encoding="utf-8")) for line in block.commands]
    first = next(place for place, line in enumerate(commands) if line.startswith("feideprov "))
    assert any(word in line for line in commands[:first])
    assert not any(word in line for line in commands[first:])


if __name__ == "__main__":
    told = [(said, shown.replace(installation.FOLDER, DOCS)) for said, shown in follow()]
    PAGE.write_text(with_screens(PAGE.read_text(encoding="utf-8"), told, alike), encoding="utf-8")
