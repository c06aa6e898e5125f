"""Lines of help: they are broken between words, and a word is never cut."""

from __future__ import annotations

import re
import shutil
import textwrap
from collections.abc import Iterable, Sequence
from typing import Final

_WIDEST: Final = 80
_NARROWEST: Final = 40
INDENT: Final = 2
TOGETHER: Final = "\N{NO-BREAK SPACE}"
"""A space where no line ends. It is shown as any other."""
_WORD: Final = re.compile(r"""(?:'[^']*'|"[^"]*"|\S)+""")


def width() -> int:
    """How many columns a page of help has: those of the terminal, and not more than can be read with ease."""
    return min(max(shutil.get_terminal_size((_WIDEST, 24)).columns, _NARROWEST), _WIDEST)


def broken(text: str, first: str = "", further: str = "") -> list[str]:
    """A text as lines. `first` stands before the first of them, `further` before the others."""
    lines = textwrap.TextWrapper(
        width(), initial_indent=first, subsequent_indent=further, break_long_words=False, break_on_hyphens=False
    ).wrap(text)
    return [line.replace(TOGETHER, " ") for line in lines]


def paragraph(text: str, indent: int = INDENT) -> list[str]:
    """A text as indented lines."""
    return broken(text, " " * indent, " " * indent)


def definitions(rows: Sequence[tuple[str, str]], others: Iterable[str] = ()) -> list[str]:
    """Names and, in a second column, what they mean. A name that is wide has a line of its own.

    `others` are names of other lists of the page, whose second column begins at the same place.
    """
    most = width() * 3 // 8
    names = [*others, *(name for name, _ in rows)]
    column = INDENT + max((len(name) for name in names if len(name) <= most), default=0) + 2
    lines: list[str] = []
    for name, meaning in rows:
        begun = f"{'':{INDENT}}{name}"
        if len(begun) + 2 > column:
            lines.append(begun)
            begun = ""
        lines += broken(meaning, f"{begun:{column}}", " " * column) or [begun]
    return lines


def command(line: str, indent: int) -> list[str]:
    """A command to copy. What does not fit is continued as a shell continues it."""
    lines: list[str] = []
    for word in _WORD.findall(line):
        if lines and len(f"{lines[-1]} {word} \\") <= width():
            lines[-1] += f" {word}"
        else:
            lines.append(f"{'':{indent + (INDENT if lines else 0)}}{word}")
    return [*(f"{one} \\" for one in lines[:-1]), *lines[-1:]]
