"""The texts of the help: how they are said in the language of the call, and all of them, for the catalogues."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from feideprov.cli.help import parameters
from feideprov.cli.help.examples import EXAMPLES
from feideprov.cli.help.rows import LISTED, NIR, every_row
from feideprov.cli.language import language_in_force
from feideprov.messages import catalogue_in

HELP_OPTION: Final = "--help"
_FOLDER: Final = "feideprov/cli/help/"


def translated(text: str) -> str:
    """A text of the help in the language of the call."""
    language = language_in_force()
    return text if language == "en" or not text else catalogue_in(language).gettext(text)


def paragraphs(text: str | None) -> list[str]:
    """The paragraphs of a docstring, each in one line."""
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n", text or "") if part.strip()]


def meaning(parameter: Any) -> str:
    """What an option or an argument means, in English."""
    return " ".join((parameter.help or "").split())


def texts_of_help(program: Any) -> Iterator[tuple[str, str]]:
    """All texts of the help in English, each with the file that it stands in.

    `program` is the whole program, as a command of typer. Raises ValueError for a word of the help without a text.
    """
    for section in (*LISTED, *NIR):
        yield section.title, f"{_FOLDER}rows.py"
    for row in every_row():
        yield row.summary, f"{_FOLDER}rows.py"
    for example in EXAMPLES:
        yield example.meaning, f"{_FOLDER}examples.py"
    for command, file in _commands(program):
        yield from ((text, file) for text in _texts_of_command(command))


def _commands(program: Any) -> Iterator[tuple[Any, str]]:
    yield program, "feideprov/cli/app.py"
    for row in every_row():
        group = program.commands[row.group] if row.group else program
        module = row.function.partition(":")[0].replace(".", "/")
        yield group.commands[row.name], f"feideprov/cli/{module}.py"


def _texts_of_command(command: Any) -> Iterator[str]:
    """The help of a command, of its arguments and its options, and the words that stand for their values."""
    yield from paragraphs(command.help)
    for parameter in command.params:
        if not meaning(parameter):
            raise ValueError(f"{command.name}: {parameter.name} has no help")
        yield meaning(parameter)
        if parameters.takes_value(parameter) and not parameters.choices(parameter):
            yield parameters.placeholder(parameter)
