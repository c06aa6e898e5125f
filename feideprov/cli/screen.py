"""Texts on a terminal: line breaks stand between words."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rich.console import Console

_FURTHER_IN: Final = 4
"""By how many columns a line is indented that continues another."""
_NARROWEST: Final = 20
"""Columns. A terminal that says that it has fewer is taken to have so many."""


def fitted(text: str, *, err: bool = False) -> str:
    """A text for standard output (or standard error). In a terminal no line is wider, with line breaks between words;
    what continues a line is indented. Elsewhere lines are not broken: programs read them."""
    if not (sys.stderr if err else sys.stdout).isatty() or 2 * len(text) <= (width := terminal_width()):
        return text
    from rich.console import Console

    console = Console(width=width)
    return "\n".join(_continued(line, console) for line in text.split("\n"))


def terminal_width() -> int:
    """How many columns the terminal has."""
    return max(shutil.get_terminal_size().columns, _NARROWEST)


def _continued(line: str, console: Console) -> str:
    indent = len(line) - len(line.lstrip(" "))
    first, *others = wrapped(line[indent:], console, console.width - indent - _FURTHER_IN) if line.strip() else [""]
    return "\n".join((f"{'':{indent}}{first}", *(f"{'':{indent + _FURTHER_IN}}{other}" for other in others)))


def wrapped(text: str, console: Console, width: int) -> list[str]:
    """The text in lines of this width. Only a word that is longer than a line is cut."""
    from rich.text import Text

    return [line.plain.rstrip() for line in Text(text).wrap(console, width)]
