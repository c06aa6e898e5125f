"""The page that `feideprov setup` writes, carried out as a person does it: each block, where it says, word for word."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path

from private_machine import PrivateMachine

PROGRAM = f'#!/bin/sh\nexec {sys.executable} -m feideprov "$@"\n'
"""`feideprov`, as a program of the private machine."""
_BLOCK = re.compile(r"(?m)^(?P<where>\S.*:)\n\n```(?P<language>\w+)\n(?P<lines>(?:.*\n)*?)```$")


@dataclass(frozen=True)
class Block:
    """Commands, or lines of the configuration, and the sentence before them."""

    where: str
    language: str
    text: str

    @property
    def is_for_server(self) -> bool:
        return not self.where.startswith(("Where feideprov runs", "Der feideprov kjører"))


def blocks(page: Path) -> list[Block]:
    """The blocks of a page, in order."""
    text = page.read_text(encoding="utf-8")
    found = [Block(m["where"], m["language"], m["lines"]) for m in _BLOCK.finditer(text)]
    assert len(found) == len(re.findall("(?m)^```", text)) // 2, "a block has no sentence before it"
    return found


def carry_out(machine: PrivateMachine, office: Path, page: Path, *, leave_out: str) -> str:
    """Run all blocks of a page that are for `sh`, except those with the command `leave_out`, which installs a package.
    `office` is the folder with the configuration. Returns what was printed."""
    printed = []
    for block in blocks(page):
        if block.language == "toml":
            _change(office / "feideprov.toml", block.text.splitlines())
        elif block.language == "sh" and leave_out not in block.text:
            for line in block.text.splitlines():
                folder = page.parent if block.is_for_server else office
                printed += [f"$ {line}", machine.run(line, folder, typed=f"{_first_password(office)}\n")]
    return "\n".join(printed)


def _first_password(office: Path) -> str:
    """The password in passwords.csv, as soon as there is one."""
    handed = office / "passwords.csv"
    return handed.read_text(encoding="utf-8").splitlines()[-1].split(";")[-1] if handed.exists() else ""


def _change(path: Path, lines: list[str]) -> None:
    """Give [directory] these keys, in place of those that it has."""
    config = path.read_text(encoding="utf-8")
    for line in lines:
        key = line.partition(" ")[0]
        config = re.sub(rf"(?m)^{key} = .*\n", "", config)
        config = config.replace("[directory]\n", f"[directory]\n{line}\n")
    path.write_text(config, encoding="utf-8")
