"""A page of the Norwegian guide, followed word for word: commands are run, files are written, and screens compared.

A page has blocks, each after a line that ends with a colon:

- `sh`: commands, as a person copies them
- `text`: what the screen shows after the commands before it. A line with `…` alone stands for lines that are left out
- `csv`: a file, whose name the line before has in backticks
- `toml`: a part of the configuration, in place of the tables that it names
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

GUIDE = Path(__file__).parents[2] / "docs" / "nb"
LEFT_OUT = "…"
_BLOCK = re.compile(r"(?m)^(?P<before>\S.*:)\n\n```(?P<language>\w+)\n(?P<text>(?:.*\n)*?)```$")
_TABLE = re.compile(r"(?m)^(?=\[)")


@dataclass(frozen=True)
class Block:
    """A block of a page, and the line before it."""

    before: str
    language: str
    text: str

    @property
    def file(self) -> str:
        """The name in backticks in the line before."""
        return self.before.rpartition("`")[0].rpartition("`")[2]

    @property
    def commands(self) -> list[str]:
        return self.text.splitlines()


def blocks(page: str) -> list[Block]:
    """The blocks of a page, in order."""
    found = [Block(match["before"], match["language"], match["text"]) for match in _BLOCK.finditer(page)]
    assert len(found) == len(re.findall("(?m)^```", page)) // 2, "a block has no line with a colon before it"
    return found


def followed(page: str, run: Callable[[Block], str]) -> list[tuple[str, str]]:
    """Follow a page: what it says that the screen shows, and what was shown. `run` is given each block that is not a
    screen, and gives what it shows."""
    shown, screens = "", []
    for block in blocks(page):
        if block.language == "text":
            screens.append((block.text, shown.strip("\n") + "\n"))
            shown = ""
        else:
            shown += run(block)
    return screens


def with_screens(page: str, screens: list[tuple[str, str]], alike: Callable[[str], str]) -> str:
    """The page with what was shown, for who writes it. Screens with lines that are left out stay, and so do those that
    are the same but for what differs each time."""
    for said, shown in screens:
        if LEFT_OUT not in said.splitlines() and differs(said, shown, alike):
            page = page.replace(f"```text\n{said}```", f"```text\n{shown}```", 1)
    return page


def differs(said: str, shown: str, alike: Callable[[str], str] = str) -> str | None:
    """What of a screen was not shown, in this order; None when all of it was. Where lines are broken says nothing.
    `alike` takes away what differs each time."""
    parts = [alike(_one_line(part)) for part in re.split(rf"(?m)^{LEFT_OUT}$", said)]
    rest = alike(_one_line(shown))
    if len(parts) == 1:
        return None if parts == [rest] else f"{said}\n--- shown:\n{shown}"
    for part in parts:
        _, found, rest = rest.partition(part) if part else ("", "-", rest)
        if not found:
            return f"{part}\n--- shown:\n{shown}"
    return None


def _one_line(text: str) -> str:
    return " ".join(text.replace("\\\n", "\n").split())  # a command that goes on in the next line


def configured(text: str, part: str) -> str:
    """A configuration with the tables of a part in place of its own of the same names."""
    own, new = _TABLE.split(text), _TABLE.split(part)
    names = {_name(table) for table in new}
    kept = [table for table in own if _name(table) not in names]
    return "".join((kept[0], part.rstrip("\n") + "\n\n", *kept[1:]))


def _name(table: str) -> str:
    """The heading of a table, without the comment behind it."""
    first = table.partition("\n")[0].partition("#")[0].strip()
    return first if first.startswith("[") else "before the first table" if table else ""
