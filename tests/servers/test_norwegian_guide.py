"""`docs/nb/index.md`, followed word for word on a machine with an empty slapd: from `feideprov init` to slips.

What installs packages is left out: they are installed. `python tests/servers/test_norwegian_guide.py` follows the page
and writes what is shown now into it.
"""

from __future__ import annotations

import csv
import re
import sys
import tempfile
from contextlib import AbstractContextManager
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
PROGRAM = f'#!/bin/sh\nFEIDEPROV_LANG=nb exec {sys.executable} {as_terminal.__file__} "$@"\n'
OFFICE = "/home/kari/feide"
DOCS = "/home/kari/feideprov/docs"
"""The folders on the screens of the page."""
INSTALLS = ("apt-get", "pip", "profile")
"""Words of the commands that install the program, and make it known to the shell."""
RESULTS = {"feideprov doctor": (0, 2)}
"""Exit codes of commands that may end with another one than 0: the first `doctor` shows an error, as the page says."""
HEADINGS = 2
"""Rows of the sheet above the first person."""


def new_machine() -> AbstractContextManager[PrivateMachine]:
    """A machine with Debian's slapd, whose database is as the page names it."""
    return machine_with_slapd(PROGRAM, dc="skotthyll", suffix="dc=skotthyll,dc=no")


def follow(machine: PrivateMachine, office: Path) -> list[tuple[str, str]]:
    """Follow the page in this folder, which is the new one of the page. Returns what it says is shown, and what was."""
    page = PAGE.read_text(encoding="utf-8")

    def run(block: Block) -> str:
        if block.language == "toml":
            config = office / "feideprov.toml"
            config.write_text(configured(config.read_text(encoding="utf-8"), block.text), encoding="utf-8")
            return ""
        return "".join(command(line) for line in block.commands if not any(word in line for word in INSTALLS))

    def command(line: str) -> str:
        if line.startswith(("cd ", "mkdir ")):
            return ""
        if line.startswith("feideprov read"):
            fill_in(office / line.split()[-1], page)
        done = machine.ended(line, office, typed=f"{first_password(office)}\n")
        assert done.returncode in RESULTS.get(line, (0,)), f"{line}\n{done.stdout}"
        if line.startswith("feideprov setup"):
            whole = office / "setup-openldap" / "setup.md"
            part = whole.with_name("part.md")
            part.write_text(whole.read_text(encoding="utf-8").partition("## 11.")[0], encoding="utf-8")
            carry_out(machine, office, part, leave_out="apt-get")
        return done.stdout

    return followed(page, run)


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


def test_the_page_is_followed_word_for_word(tmp_path: Path) -> None:
    with new_machine() as machine:
        screens = [(said, shown.replace(str(tmp_path), OFFICE)) for said, shown in follow(machine, tmp_path)]
    assert [told for said, shown in screens if (told := differs(said, shown, alike))] == []


@pytest.mark.parametrize("word", INSTALLS)
def test_what_is_left_out_stands_before_the_first_command_of_the_program(word: str) -> None:
    commands = [line for block in blocks(PAGE.read_text(encoding="utf-8")) for line in block.commands]
    first = next(place for place, line in enumerate(commands) if line.startswith("feideprov "))
    assert any(word in line for line in commands[:first])
    assert not any(word in line for line in commands[first:])


if __name__ == "__main__":
    with new_machine() as slapd, tempfile.TemporaryDirectory() as folder:
        shown = [
            (said, screen.replace(folder, OFFICE).replace(installation.FOLDER, DOCS))
            for said, screen in follow(slapd, Path(folder))
        ]
    PAGE.write_text(with_screens(PAGE.read_text(encoding="utf-8"), shown), encoding="utf-8")
