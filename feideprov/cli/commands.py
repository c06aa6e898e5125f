"""Which commands there are, and the module of each. A module is imported when its command is used."""

from __future__ import annotations

from collections import UserDict
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar

import typer
from typer.core import TyperCommand, TyperGroup

from feideprov.cli.help.rows import COMMANDS, GROUPS, Row, Section

# Newer versions of typer have a click of their own, older ones use click itself: this is the one that typer raises.
UsageError: type[Exception] = next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "UsageError")


class NoSuchCommand(Exception):
    """A word stands where a command must stand. `ctx` is typer's context of the group, `words` is the word and what
    follows it."""

    def __init__(self, context: Any, words: Sequence[str]) -> None:
        super().__init__()
        self.ctx, self.words = context, words


class LoadedCommands(UserDict[str, Any]):
    """Commands by name. Only a command that is asked for is imported."""

    def __init__(self, sections: Sequence[Section]) -> None:
        super().__init__()
        self.data = {row.name: row for section in sections for row in section.rows}

    def __getitem__(self, name: str) -> Any:
        if isinstance(row := self.data[name], Row):
            self.data[name] = load(row)
        return self.data[name]


class _Explained:
    """What a command and a group of commands have in common: a page of help, and errors that know their command."""

    def get_help(self, ctx: Any) -> str:
        """The page of help."""
        from feideprov.cli.help.page import help_of

        return help_of(self, ctx)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the words of a command line."""
        try:
            left: list[str] = super().parse_args(ctx, args)  # type: ignore[misc]  # of typer's class
        except UsageError as error:
            if getattr(error, "ctx", None) is None:
                error.ctx = ctx  # type: ignore[attr-defined]
            raise
        return left


class Command(_Explained, TyperCommand):
    """A command."""


class Group(_Explained, TyperGroup):
    """A command that has commands of its own."""

    sections: ClassVar[Sequence[Section]] = COMMANDS

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.commands = LoadedCommands(self.sections)

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        """The names, in the order of the help."""
        return list(self.commands)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command of the first word. Raises NoSuchCommand when there is none."""
        if args[0] not in self.commands and not ctx.resilient_parsing:
            raise NoSuchCommand(ctx, args)
        return super().resolve_command(ctx, args)


def services() -> None:
    """See who needs the number, ask providers, and record their answers."""


def journal() -> None:
    """Look at the journal as a whole."""


def nir() -> None:
    """See what must be registered in NIR, and by when.

    The wire format of WS4 is not public, so nothing is sent to NIR by this tool itself.
    """


def load(row: Row) -> Any:
    """The command of a row."""
    module, _, name = row.function.partition(":")
    function: Callable[..., None] = getattr(import_module(f"feideprov.cli.{module}"), name)
    if sections := GROUPS.get(row.path):
        made = new_app(row.name, cls=type("_OwnGroup", (Group,), {"sections": sections}))
        made.callback()(function)
    else:
        made = new_app(row.name)
        made.command(row.name, cls=Command)(function)
    return quick(typer.main.get_command(made))


def quick(command: Any) -> Any:
    """The command, whose values are converted only when they have to be.

    Typer 0.29 imports a large part of pydantic to convert a text to a text (80 ms of CPU).
    """
    for parameter in command.get_params(typer.Context(command)):  # with --help
        if hasattr(parameter, "_runtime_param"):
            parameter._runtime_param = _Conversion()
    return command


class _Conversion:
    """In place of typer's own (`RuntimeParam`), which it falls back on."""

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        """The value of a parameter, converted to its type."""
        wanted, several = param.type_descriptor.annotation, param.multiple or param.nargs == -1
        if value is None:
            return () if several else None
        if value == param.default or (isinstance(wanted, type) and isinstance(value, wanted)):
            return value
        if wanted is Path and isinstance(value, str):
            return Path(value)
        param._runtime_param = None
        return param.get_runtime_param().coerce(value, param=param, ctx=ctx)


def new_app(name: str, **options: Any) -> typer.Typer:
    """A Typer program whose help is plain text: rich costs as much time as all the rest."""
    if "cls" in options:
        options["no_args_is_help"] = True
    return typer.Typer(
        name=name,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,  # they show local variables, and among those are numbers
        **options,
    )
