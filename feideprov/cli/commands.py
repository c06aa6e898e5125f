"""Which commands there are, and the module of each. A module is imported when its command is used."""

from __future__ import annotations

from collections import UserDict
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar, Final, NamedTuple

import typer
from typer.core import TyperGroup


class Row(NamedTuple):
    """A command, as the help of its group lists it."""

    name: str
    function: str
    """The function that carries it out: its module below `feideprov.cli`, a colon, its name."""
    summary: str
    """The beginning of the function's docstring, which is the help of the command itself."""


class Section(NamedTuple):
    """Commands that the help shows together."""

    title: str
    rows: Sequence[Row]


SERVICES: Final = (
    Section(
        "Commands",
        (
            Row("list", "services.list_services:list_services", "Show services that get the number, and the answers."),
            Row("answer", "services.answer:answer", "Record what providers answered, and the notices that follow."),
            Row("import", "services.import_services:import_services", "Import services from files."),
            Row("ask", "services.ask:ask", "Ask providers whether their services need the number."),
            Row(
                "matrix",
                "services.matrix:matrix",
                "Show which users without a number have problems, and with which services.",
            ),
        ),
    ),
)
JOURNAL: Final = (
    Section(
        "Commands",
        (
            Row("verify", "care.journal:verify", "Compare the journal with the directory."),
            Row("gone", "care.journal:gone", "Record that missing users were deleted from the directory on purpose."),
            Row("begin", "care.journal:begin", "Go on with a journal that is new, or older than the last run."),
        ),
    ),
)
NIR: Final = (
    Section(
        "Commands",
        (
            Row("channel", "nir.channel:channel", "Show through which channel something is registered, and why."),
            Row("records", "nir.records:records", "Take participation records from a list, and hand them over."),
            Row("worklist", "nir.worklist:worklist", "Show what is missing, forbidden or asked, and by when."),
            Row("reconcile", "nir.reconcile:reconcile", "Compare NIR's person list with the records and the users."),
            Row("seen", "nir.seen:seen", "Record what somebody saw in NIR."),
            Row("today", "nir.today:today", "Show what there is to register today."),
        ),
    ),
)
COMMANDS: Final = (
    Section(
        "Set-up",
        (
            Row("demo", "care.demo:demo", "Show the whole story on synthetic data."),
            Row(
                "init", "care.init:init", "Write a configuration file to fill in, or create the organization's entries."
            ),
            Row("setup", "care.setup:setup", "Write files and a page that set up a new server."),
            Row("doctor", "care.doctor:doctor", "Check the set-up, and rehearse a login as Feide does it."),
        ),
    ),
    Section(
        "Users",
        (
            Row(
                "sheet",
                "people.sheet:sheet",
                "Write a sheet to fill in: people, numbers, services or participation records (XLSX).",
            ),
            Row("read", "people.read:read", "Show what a file is understood as, before anything is planned."),
            Row("plan", "people.plan:plan", "Show what apply would do."),
            Row("apply", "people.apply:apply", "Create and update users."),
            Row("pending", "people.pending:pending", "Show who has no number, and since when."),
            Row("resolve", "people.resolve:resolve", "Say who a user is, so that a held row can go on."),
            Row("protect", "people.protect:protect", "Mark people as protected, before or after they are users."),
            Row("link", "people.link:link", "Make users ours who are in the directory already."),
            Row("release", "people.link:release", "Hand users to another system: they are no longer ours."),
            Row("history", "people.history:history", "Show what was done to a user."),
            Row("close", "people.logins:close", "Close users: they cannot log in any more."),
            Row("reopen", "people.logins:reopen", "Let closed users log in again."),
            Row("password", "people.logins:password", "Give users a new first password."),
            Row("rename", "people.logins:rename", "Give a user another Feide name."),
        ),
    ),
    Section(
        "Numbers",
        (
            Row("judge", "people.judge:judge", "Judge numbers from standard input."),
            Row("attach", "people.numbers:attach", "Register numbers that have arrived."),
            Row("replace", "people.numbers:replace", "Replace numbers by others."),
            Row("withdraw", "people.numbers:withdraw", "Remove wrong numbers."),
            Row("checklist", "people.checklist:checklist", "Show where else a number must be changed."),
        ),
    ),
    Section(
        "Services",
        (
            Row("services", "commands:services", "See who needs the number, ask providers, and record their answers."),
            Row(
                "notify", "services.notify:notify", "Tell providers about numbers that were added, changed or removed."
            ),
        ),
    ),
    Section(
        "Introduction register",
        (Row("nir", "commands:nir", "See what must be registered in NIR, and by when."),),
    ),
    Section(
        "Directory and journal",
        (
            Row("check", "care.check:check", "Find what is wrong in the directory."),
            Row("observe", "people.observe:observe", "Find numbers that were changed outside this tool."),
            Row("today", "care.today:today", "Show what there is to do today."),
            Row("nightly", "care.nightly:nightly", "Do what a night needs, and tell what is new."),
            Row("journal", "commands:journal", "Look at the journal as a whole."),
        ),
    ),
)


class LoadedCommands(UserDict[str, Any]):
    """Commands by name. Only a command that is asked for is imported."""

    def __init__(self, sections: Sequence[Section]) -> None:
        super().__init__()
        self.data = {row.name: row for section in sections for row in section.rows}

    def __getitem__(self, name: str) -> Any:
        if isinstance(row := self.data[name], Row):
            self.data[name] = load(row)
        return self.data[name]


class Group(TyperGroup):
    """A command that has commands of its own."""

    sections: ClassVar[Sequence[Section]] = COMMANDS

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.commands = LoadedCommands(self.sections)

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        """The names, in the order of the help."""
        return list(self.commands)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        """Write the list of commands of the help: their modules are not needed for it."""
        for section in self.sections:
            with formatter.section(section.title):
                formatter.write_dl([(row.name, row.summary) for row in section.rows])


class _Services(Group):
    sections = SERVICES


class _Journal(Group):
    sections = JOURNAL


class _Nir(Group):
    sections = NIR


def services() -> None:
    """See who needs the number, ask providers, and record their answers."""


def journal() -> None:
    """Look at the journal as a whole."""


def nir() -> None:
    """See what must be registered in NIR, and by when.

    The wire format of WS4 is not public, so nothing is sent to NIR by this tool itself.
    """


_GROUPS: Final = {"services": _Services, "journal": _Journal, "nir": _Nir}


def load(row: Row) -> Any:
    """The command of a row."""
    module, _, name = row.function.partition(":")
    function: Callable[..., None] = getattr(import_module(f"feideprov.cli.{module}"), name)
    if group := _GROUPS.get(row.name):
        made = new_app(row.name, cls=group)
        made.callback()(function)
    else:
        made = new_app(row.name)
        made.command(row.name)(function)
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


def names(sections: Sequence[Section] = COMMANDS) -> Iterator[str]:
    """The names of all commands."""
    return (row.name for section in sections for row in section.rows)
