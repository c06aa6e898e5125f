"""`docs/reference-commands.md`, made from the commands themselves: what their help says, as one page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import typer

from feideprov.cli.app import app
from feideprov.cli.help import parameters
from feideprov.cli.help.examples import examples_of
from feideprov.cli.help.rows import GROUPS, LISTED, NIR, Row, Section
from feideprov.cli.help.texts import meaning, paragraphs
from feideprov.reference.pages import cell, markdown_table

_HEAD: Final = """\
# Command reference

Made from the commands by `make docs`. `feideprov COMMAND --help` shows the same, in your language.
[Commands](commands.md) explains what each command does, with more examples.
"""


def page() -> str:
    """The page, in Markdown."""
    program: Any = typer.main.get_command(app)
    blocks = [_HEAD, "## Options of the program\n", "They stand before the command.\n", _table(program.params)]
    for section in (*LISTED, Section("Introduction register: `nir`", NIR[0].rows)):
        rows = [row for row in section.rows if row.path not in GROUPS]
        if rows:
            blocks += [f"## {section.title}\n", *(text for row in rows for text in _command(program, row))]
    return "\n".join(blocks)


def _command(program: Any, row: Row) -> Iterator[str]:
    group = program.commands[row.group] if row.group else program
    command = group.commands[row.name]
    yield f"### {row.path}\n"
    yield f"`feideprov {row.path} {_usage(command)}`\n"
    yield from (f"{_plain(text)}\n" for text in paragraphs(command.help))
    yield _table(command.params)
    examples = [(f"`feideprov {one.line}`", cell(one.meaning)) for one in examples_of(row.path)]
    yield markdown_table(("example", "what it is for"), examples)


def _usage(command: Any) -> str:
    words = ["[OPTIONS]"]
    for one in command.params:
        if parameters.is_argument(one):
            name = parameters.placeholder(one)
            words.append(name if one.required else f"[{name}]")
    return " ".join(words)


def _table(given: list[Any]) -> str:
    """The arguments, then the options."""
    ordered = sorted(given, key=lambda one: not parameters.is_argument(one))
    return markdown_table(("argument or option", "meaning"), map(_parameter, ordered))


def _parameter(one: Any) -> tuple[str, str]:
    more = []
    if (value := parameters.default(one)) is not None:
        more.append(f"Default: `{value}`.")
    if (limits := parameters.limits(one)) is not None:
        more.append("From {} to {}.".format(*limits))
    if one.required:
        more.append("Required.")
    return _name(one), " ".join((_plain(cell(meaning(one))), *more))


def _name(one: Any) -> str:
    """What is typed. Values to choose from stand apart: no renderer agrees with another on a “|” in a table."""
    words = parameters.placeholder(one).split("|") if parameters.takes_value(one) else []
    if not parameters.is_argument(one):
        names = ", ".join(sorted(one.opts, key=len))
        if len(words) < 2:
            return f"`{' '.join((names, *words))}`"
        words[0] = f"{names} {words[0]}"
    return " or ".join(f"`{word}`" for word in words)


def _plain(text: str) -> str:
    """A sentence of the help, whose brackets Markdown would read as a link."""
    return text.replace("[[", "\\[\\[").replace("]]", "\\]\\]")
