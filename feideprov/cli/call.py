"""What is asked of one call of the program as a whole, before its command is known: colours, and what is said."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Any, Final


class Color(StrEnum):
    """When colours are shown."""

    AUTO = "auto"
    """On a terminal, unless NO_COLOR is set or the terminal has none (TERM=dumb)."""
    ALWAYS = "always"
    NEVER = "never"


class Tone(Enum):
    """What a line or a cell is about. The number is that of the colour (ECMA-48, SGR)."""

    STOPS = 31
    """An error, something that failed or is refused: red."""
    WAITS = 33
    """Something that is held, or a warning: yellow."""


@dataclass(frozen=True)
class Call:
    """What the global options ask for."""

    color: Color = Color.AUTO
    quiet: bool = False
    kept_back: list[Any] = field(default_factory=list)
    """With `--quiet`: what was not said, and is said if the command ends with another exit code than 0."""


_in_force: ContextVar[Call | None] = ContextVar("call", default=None)
_COLOR: Final = "--color"
_QUIET: Final = "--quiet"
_WITH_VALUE: Final = frozenset(("--config", "--lang", _COLOR))
"""The global options that a value follows."""


def call_in_force() -> Call:
    """What is asked of this call."""
    return _in_force.get() or Call()


@contextmanager
def calling(arguments: Sequence[str]) -> Iterator[None]:
    """What this command line asks for is in force inside. A value that is none is left to typer, which refuses it."""
    options = global_options(arguments)
    color = next((one for one in Color if one == options.get(_COLOR)), Color.AUTO)
    before = _in_force.set(Call(color, _QUIET in options))
    try:
        yield
    finally:
        _in_force.reset(before)


def global_options(arguments: Sequence[str]) -> dict[str, str]:
    """The options before the command, each with its value. After the command, `--lang` is the command's own, as of
    `services ask`."""
    found: dict[str, str] = {}
    rest = iter(arguments)
    for argument in rest:
        if not argument.startswith("-"):
            break
        name, assigned, value = argument.partition("=")
        found[name] = next(rest, "") if name in _WITH_VALUE and not assigned else value
    return found


def is_terminal(*, err: bool = False) -> bool:
    """Whether standard output, or standard error, is a terminal."""
    return (sys.stderr if err else sys.stdout).isatty()


def is_coloured(*, err: bool = False) -> bool:
    """Whether colours are shown on standard output, or on standard error.

    NO_COLOR counts when it is not empty (https://no-color.org, read 2026-07-30).
    """
    color = call_in_force().color
    if color is not Color.AUTO:
        return color is Color.ALWAYS
    return is_terminal(err=err) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def painted(text: str, tone: Tone | None, *, err: bool = False) -> str:
    """A text with its colour, line by line, if colours are shown. Whatever it is about stands in its words too."""
    if tone is None or not is_coloured(err=err):
        return text
    return "\n".join(f"\x1b[{tone.value}m{line}\x1b[0m" if line else line for line in text.split("\n"))
