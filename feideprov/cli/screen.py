"""Texts on a terminal: line breaks stand between words, and a command can be copied."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import typer

from feideprov.cli.call import Tone, call_in_force, is_coloured, is_terminal, painted
from feideprov.cli.language import said
from feideprov.cli.streams import everything_is_encoded
from feideprov.errors import scrub_path
from feideprov.messages import Sentence

_FURTHER_IN: Final = 4
"""By how many columns a line is indented that continues another."""
_NARROWEST: Final = 20
"""Columns. A terminal that says that it has fewer is taken to have so many."""
_WORD: Final = r"""(?:'[^']*'|"[^"]*"|[^\s'"”])+"""
"""A word of a command, as a shell reads it."""
_COMMAND: Final = rf"(?:(?<=: )|(?<=“)|^)feideprov(?: (?!\[){_WORD}(?<![.,;:]))+[^\s]*"
"""A command in a sentence (“run: feideprov …”), up to the end of the sentence or the code that follows it."""
_COPIED: Final = re.compile(r"(?:(?<=: )|(?<=“)|^)feideprov(?= [a-z])", re.MULTILINE)
"""The beginning of a command that has no options of the program yet."""
_NUMBER: Final = r"\d[\d,.]* (?:s|min|kB)\b[.,]?|(?:row|rad) \d+\S*"
"""A number with its unit, or a row."""
_UNIT: Final = re.compile(rf"(\s*)({_COMMAND}|{_NUMBER}|\S+)")
"""What a line break does not divide, and the blanks before it."""
_ONE_COMMAND: Final = re.compile(_COMMAND)
_PLACEHOLDER: Final = re.compile(r"[A-ZÆØÅ][A-ZÆØÅ_\d]*(?:\.[a-z]+)?")
"""A word that a person must replace: LIST, SOURCE_ID, OUT.csv, in each language."""
_ONE_WORD: Final = re.compile(_WORD)


class Toned(NamedTuple):
    """A line or a cell with what it is about."""

    text: str
    tone: Tone | None = None


def toned(text: str | Toned) -> Toned:
    """A text that may have a tone."""
    return text if isinstance(text, Toned) else Toned(text)


def say(line: str | Toned, *, err: bool = False) -> None:
    """Print a line on standard output or standard error, as `fitted` breaks it, in the colour of its tone."""
    text, tone = toned(line)
    typer.echo(painted(fitted(text, err=err), tone, err=err), err=err, color=is_coloured(err=err) or None)


def remark(line: str | Toned) -> None:
    """Print on standard error what a person should know. With `--quiet` it is kept back, unless it is about something
    that stops."""
    call = call_in_force()
    if call.quiet and toned(line).tone is not Tone.STOPS:
        call.kept_back.append(line)
    else:
        say(line, err=True)


def say_what_was_kept_back() -> None:
    """Print the remarks of a quiet call after all."""
    kept = call_in_force().kept_back
    while kept:
        say(kept.pop(0), err=True)


def next_lines(words: Sequence[str], *, apart: bool = True) -> Iterable[str]:
    """The next command, for a person at a terminal: programs read what goes elsewhere. `words` stand after
    `feideprov`; there are none when there is nothing to do next. `apart`: after an empty line."""
    if not words or call_in_force().quiet or not is_terminal():
        return ()
    command = " ".join(shlex.quote(scrub_path(word)) for word in ("feideprov", *words))
    line = Sentence("Next: {command}", command=command)
    return ("", line) if apart else (line,)


def fitted(text: str, *, err: bool = False) -> str:
    """A text for standard output (or standard error). In a terminal no line is wider, with line breaks between words;
    what continues a line is indented. Elsewhere lines are not broken: programs read them. A sentence is said in the
    language of the call."""
    if not is_terminal(err=err):
        return said(text)
    text = with_options(said(text))
    if 2 * len(text) <= (width := terminal_width()):
        return text
    return "\n".join(_continued(line, width) for line in text.split("\n"))


def with_options(text: str) -> str:
    """A text whose commands have the configuration and the language of this call, so that they can be copied."""
    if not (named := call_in_force().named):
        return text
    words = shlex.join(map(scrub_path, named))
    return _COPIED.sub(lambda _: f"feideprov {words}", text)


def terminal_width() -> int:
    """How many columns the terminal has."""
    return max(shutil.get_terminal_size().columns, _NARROWEST)


def _continued(line: str, width: int) -> str:
    indent = len(line) - len(line.lstrip(" "))
    first, *others = wrapped(line[indent:], width - indent - _FURTHER_IN)
    return "\n".join((f"{'':{indent}}{first}", *(f"{'':{indent + _FURTHER_IN}}{other}" for other in others)))


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of this width. A word that is wider is cut, but no address and no path; a command that is wider
    is continued as a shell continues it, with a backslash at the end of the line, and its words are not cut."""
    from rich.cells import cell_len

    lines = [""]
    for blanks, unit in units(text):
        if cell_len(lines[-1] + blanks + unit) <= width:
            lines[-1] += blanks + unit
        else:
            pieces = _pieces(unit, width)
            lines[-1:] = [*filter(None, lines[-1:]), *pieces]
    return lines


def commands_in(text: str) -> Iterator[list[str]]:
    """The words of each command in a sentence that can be run as it stands, without `feideprov`."""
    for found in _ONE_COMMAND.finditer(text):
        _, *words = shlex.split(found[0])
        if not any(map(_PLACEHOLDER.fullmatch, words)):
            yield words


def units(text: str) -> Iterator[tuple[str, str]]:
    """The words and commands of a text, each with the blanks before it."""
    for found in _UNIT.finditer(text.rstrip()):
        yield found[1], found[2]


def _pieces(unit: str, width: int) -> list[str]:
    """A word or a command, in as few lines as it needs."""
    from rich.cells import cell_len, chop_cells

    if cell_len(unit) <= width or unit.startswith(("https://", "/")):  # cut, an address or a path cannot be copied
        return [unit]
    if " " not in unit:
        return chop_cells(unit, width)
    lines: list[str] = []
    for word in _ONE_WORD.findall(unit):
        if lines and cell_len(f"{lines[-1]} {word} \\") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return [*(f"{line} \\" for line in lines[:-1]), lines[-1]]


_NOT_ASCII: Final = re.compile(r"[^\n -~]")


def json_text(found: Any, *, indent: int | None = None) -> str:
    """An object in JSON. Characters that cannot be seen are escaped: a mark that turns the direction of writing would
    turn what a terminal or a browser shows after it. So are all letters that standard output may not have. Sentences
    are said in the language of the call."""
    text = json.dumps(_spoken(found), ensure_ascii=not everything_is_encoded(), indent=indent)
    return _NOT_ASCII.sub(lambda one: one[0] if one[0].isprintable() else json.dumps(one[0])[1:-1], text)


def _spoken(found: Any) -> Any:
    """An object with its sentences in the language of the call."""
    match found:
        case Sentence():
            return said(found)
        case Mapping():
            return {name: _spoken(value) for name, value in found.items()}
        case list() | tuple():
            return [_spoken(value) for value in found]
        case _:
            return found
