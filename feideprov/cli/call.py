"""What is asked of one call of the program as a whole, before its command is known: colours, and what is said."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
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

    words: tuple[str, ...] = ()
    """The command, and what is given to it."""
    named: tuple[str, ...] = ()
    """The configuration and the language, as the command line gives them: the next command needs them too."""
    color: Color = Color.AUTO
    quiet: bool = False
    kept_back: list[Any] = field(default_factory=list)
    """With `--quiet`: what was not said, and is said if the command ends with another exit code than 0."""


_in_force: ContextVar[Call | None] = ContextVar("call", default=None)
_COLOR: Final = "--color"
_QUIET: Final = "--quiet"
_NAMED: Final = ("--config", "--lang")
_WITH_VALUE: Final = frozenset((*_NAMED, _COLOR))
"""The global options that a value follows."""


def call_in_force() -> Call:
    """What is asked of this call."""
    return _in_force.get() or Call()


def again(*more: str) -> tuple[str, ...]:
    """The words of the same command, with these."""
    return *call_in_force().words, *more


def without(words: Iterable[str], with_value: Collection[str], flags: Collection[str]) -> Iterator[str]:
    """The words of a command line without some options."""
    rest = iter(words)
    for word in rest:
        if word in with_value:
            next(rest, None)
        elif word not in flags and word.partition("=")[0] not in with_value:
            yield word


@contextmanager
def calling(arguments: Sequence[str]) -> Iterator[None]:
    """What this command line asks for is in force inside. A value that is none is left to typer, which refuses it."""
    options, left = global_options(arguments)
    color = next((one for one in Color if one == options.get(_COLOR)), Color.AUTO)
    named = tuple(word for name in _NAMED if name in options for word in (name, options[name]))
    before = _in_force.set(Call(left, named, color, _QUIET in options))
    try:
        yield
    finally:
        _in_force.reset(before)


def global_options(arguments: Sequence[str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """The options before the command, each with its value; and the rest of the command line. After the command,
    `--lang` is the command's own, as of `services ask`."""
    found: dict[str, str] = {}
    rest = list(arguments)
    while rest and rest[0].startswith("-"):
        name, assigned, value = rest.pop(0).partition("=")
        found[name] = rest.pop(0) if name in _WITH_VALUE and not assigned and rest else value
    return found, tuple(rest)


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
