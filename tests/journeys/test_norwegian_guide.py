"""The steps of the Norwegian guide, `docs/nb/steg-1.md` to `steg-5.md`, followed word for word in one office.

`make guide` follows them and writes what is shown now into the pages.
"""

from __future__ import annotations

import os
import re
import shlex
import tempfile
from contextlib import chdir
from pathlib import Path
from typing import Any

import pytest
import typer
from as_terminal import shown
from guide_page import GUIDE, Block, blocks, configured, differs, followed, with_screens
from one_day import one_day

from feideprov import installation
from feideprov.cli.app import app

STEPS = tuple(GUIDE / f"steg-{number}.md" for number in range(1, 6))
OFFICE = "/home/kari/trening"
QUICK = '\n[login]\npassword_hash = "ssha"\n'


def follow(office: Path) -> dict[Path, list[tuple[str, str]]]:
    """Follow the pages, one after the other, in a new office. Returns what each says is shown, and what was."""
    config = office / "feideprov.toml"

    def run(block: Block) -> str:
        if block.language == "csv":
            office.joinpath(block.file).write_text(block.text, encoding="utf-8")
            return ""
        if block.language == "toml":
            config.write_text(configured(config.read_text(encoding="utf-8"), block.text + QUICK), encoding="utf-8")
            return ""
        assert block.language == "sh"
        screens = []
        for command in filter(re.compile("feideprov ").match, block.commands):
            code, screen = shown(shlex.split(command)[1:])
            assert code in (0, 1), f"{command}\n{screen}"
            screens.append(screen)
        return "".join(screens).replace(str(office), OFFICE).replace(installation.FOLDER, "/home/kari/feideprov/docs")

    with pytest.MonkeyPatch.context() as patch, chdir(office), one_day():
        for name in [name for name in os.environ if name.startswith("FEIDEPROV_")]:
            patch.delenv(name)
        patch.setenv("FEIDEPROV_LANG", "nb")
        return {page: followed(page.read_text(encoding="utf-8"), run) for page in STEPS}


def alike(text: str) -> str:
    """A screen without how long it took, and without names that are made at random: of users, files and notices."""
    text = re.sub(r"\b\d+,\d s\b", "TID", text)
    text = re.sub(r"-[a-z]{8}(?=[.]eml)|\[[a-z]{26}\]", "TILFELDIG", text)
    return re.sub(r"\b[a-z]{8}(?=@)(?<!olenkova|dmytkova|selatesf)", "TILFELDIG", text)


@pytest.mark.parametrize("page", STEPS, ids=lambda page: page.stem)
def test_a_step_is_followed_word_for_word(page: Path, steps: dict[Path, list[tuple[str, str]]]) -> None:
    assert [told for said, screen in steps[page] if (told := differs(said, screen, alike))] == []


@pytest.fixture(scope="module")
def steps() -> dict[Path, list[tuple[str, str]]]:
    """What the pages say is shown, and what was."""
    with tempfile.TemporaryDirectory() as folder:  # its path is short: a long one is broken into two lines
        return follow(Path(folder))


def test_every_command_of_the_guide_is_understood() -> None:
    program: Any = typer.main.get_command(app)
    parent = program.make_context("feideprov", [], obj=None, resilient_parsing=True)
    lines = [
        line.rpartition("| ")[2]
        for page in sorted(GUIDE.glob("*.md"))
        if page.name != "skjermbilder.md"  # it is made of screens
        for block in blocks(page.read_text(encoding="utf-8"))
        if block.language == "sh"
        for line in block.commands
        if "feideprov " in line and line.rpartition("| ")[2].startswith("feideprov ")
    ]
    for line in lines:
        command, words = program, shlex.split(line)[1:]
        while hasattr(command, "commands"):
            command = command.commands[words.pop(0)]
        command.make_context(command.name, words, parent=parent)
    assert len(lines) > 50


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        for page, screens in follow(Path(folder)).items():
            page.write_text(with_screens(page.read_text(encoding="utf-8"), screens, alike), encoding="utf-8")
