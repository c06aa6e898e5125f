"""Lines that fit the terminal: a line that is too long goes on in the next one, and no word is cut."""

from __future__ import annotations

import os
import shutil
import sys
import unicodedata
from typing import Final

_FURTHER_IN: Final = 6
"""By how many columns a line is indented that continues another."""


def width() -> int:
    """How many columns a line may have: those of the terminal; 80 when it does not say, or there is none."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() or "COLUMNS" in os.environ else 80


def wrapped(line: str, columns: int) -> list[str]:
    """The line in lines of at most so many columns, unless a word alone is longer."""
    if _columns(line) <= columns:
        return [line]
    text = line.lstrip(" ")
    indent = " " * (len(line) - len(text))
    lines: list[str] = []
    for word in text.split(" "):
        if lines and _columns(f"{lines[-1]} {word}") <= columns:
            lines[-1] += f" {word}"
        else:
            lines.append(f"{indent}{' ' * _FURTHER_IN if lines else ''}{word}")
    return lines


def _columns(text: str) -> int:
    """How many columns of a terminal a text takes: letters of Chinese, Japanese and Korean take two, marks none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.category(c) in {"Mn", "Me", "Cf"} else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )
