"""The commands, as the help lists them: by the five steps of Feide's advice, what is needed most first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple


class Row(NamedTuple):
    """A command, as the help of its group lists it."""

    name: str
    function: str
    """The function that carries it out: its module below `feideprov.cli`, a colon, its name."""
    summary: str
    """The beginning of the function's docstring, which is the help of the command itself."""
    group: str = ""
    """The command that it belongs to, if it is not one of the program itself."""

    @property
    def path(self) -> str:
        """What is typed after `feideprov`."""
        return f"{self.group} {self.name}".lstrip()


class Section(NamedTuple):
    """Commands that the help shows together."""

    title: str
    rows: Sequence[Row]


LISTED: Final = (
    Section(
        "Every day",
        (
            Row("today", "care.today:today", "Show what there is to do today."),
            Row("pending", "people.pending:pending", "Show who has no number, and since when."),
            Row("history", "people.history:history", "Show what was done to a user."),
            Row("password", "people.logins:password", "Give users a new first password."),
            Row(
                "slips",
                "people.slips.command:slips",
                "Print slips with first passwords, for the users to whom they were not given yet.",
            ),
        ),
    ),
    Section(
        "1. Give people without a number a user",
        (
            Row("plan", "people.plan:plan", "Show what apply would do."),
            Row("apply", "people.apply:apply", "Create and update users."),
            Row("resolve", "people.resolve:resolve", "Say who a user is, so that a held row can go on."),
            Row("protect", "people.protect:protect", "Mark people as protected, before or after they are users."),
            Row("read", "people.read:read", "Show what a file is understood as, before anything is planned."),
            Row(
                "sheet",
                "people.sheet:sheet",
                "Write a sheet to fill in: people, numbers, services or participation records (XLSX).",
            ),
        ),
    ),
    Section(
        "2. Find the services that need the number",
        (
            Row(
                "list",
                "services.list_services:list_services",
                "Show services that get the number, and the answers.",
                "services",
            ),
            Row(
                "matrix",
                "services.matrix:matrix",
                "Show which users without a number have problems, and with which services.",
                "services",
            ),
            Row("import", "services.import_services:import_services", "Import services from files.", "services"),
        ),
    ),
    Section(
        "3. Ask the providers",
        (
            Row("ask", "services.ask:ask", "Ask providers whether their services need the number.", "services"),
            Row(
                "answer",
                "services.answer:answer",
                "Record what providers answered, and the notices that follow.",
                "services",
            ),
        ),
    ),
    Section(
        "4. Register the number",
        (
            Row("attach", "people.numbers:attach", "Register numbers that have arrived."),
            Row("replace", "people.numbers:replace", "Replace numbers by others."),
            Row("withdraw", "people.numbers:withdraw", "Remove wrong numbers."),
            Row("checklist", "people.checklist:checklist", "Show where else a number must be changed."),
            Row("judge", "people.judge:judge", "Judge numbers from standard input."),
        ),
    ),
    Section(
        "5. Inform the providers",
        (Row("notify", "services.notify:notify", "Tell providers about numbers that were added, changed or removed."),),
    ),
    Section(
        "Checks",
        (
            Row("check", "care.check:check", "Check the directory: find what is wrong in it."),
            Row(
                "observe",
                "people.observe:observe",
                "Check the changes since last time: find numbers that were changed outside this tool.",
            ),
            Row("verify", "care.journal:verify", "Check the journal: compare it with the directory.", "journal"),
            Row("doctor", "care.doctor:doctor", "Check the set-up, and rehearse a login as Feide does it."),
        ),
    ),
    Section(
        "Users who leave, come back or get another name",
        (
            Row("close", "people.logins:close", "Close users: they cannot log in any more."),
            Row("reopen", "people.logins:reopen", "Let closed users log in again."),
            Row("rename", "people.logins:rename", "Give a user another Feide name."),
            Row("link", "people.link:link", "Make users ours who are in the directory already."),
            Row("release", "people.link:release", "Hand users to another system: they are no longer ours."),
        ),
    ),
    Section(
        "Introduction register",
        (Row("nir", "commands:nir", "See what must be registered in NIR, and by when."),),
    ),
    Section(
        "Set-up and care",
        (
            Row("demo", "care.demo:demo", "Show the whole story on synthetic data."),
            Row(
                "init", "care.init:init", "Write a configuration file to fill in, or create the organization's entries."
            ),
            Row("setup", "care.setup:setup", "Write files and a page that set up a new server."),
            Row(
                "gone",
                "care.journal:gone",
                "Record that missing users were deleted from the directory on purpose.",
                "journal",
            ),
            Row(
                "begin",
                "care.journal:begin",
                "Go on with a journal that is new, or older than the last run.",
                "journal",
            ),
            Row("completion", "care.completion:completion", "Write what a shell needs to complete commands."),
        ),
    ),
)
"""What the help of the program shows. The commands of NIR stand in the help of `nir` alone."""
_GROUPS: Final = Section(
    "",
    (
        Row("services", "commands:services", "See who needs the number, ask providers, and record their answers."),
        Row("journal", "commands:journal", "Look at the journal as a whole."),
    ),
)
NIR: Final = (
    Section(
        "Commands",
        (
            Row("today", "nir.today:today", "Show what there is to register today.", "nir"),
            Row("worklist", "nir.worklist:worklist", "Show what is missing, forbidden or asked, and by when.", "nir"),
            Row("records", "nir.records:records", "Take participation records from a list, and hand them over.", "nir"),
            Row("seen", "nir.seen:seen", "Record what somebody saw in NIR.", "nir"),
            Row(
                "reconcile",
                "nir.reconcile:reconcile",
                "Compare NIR's person list with the records and the users.",
                "nir",
            ),
            Row(
                "channel", "nir.channel:channel", "Show through which channel something is registered, and why.", "nir"
            ),
        ),
    ),
)


def _of(group: str) -> tuple[Section, ...]:
    own = (Section(one.title, [row for row in one.rows if row.group == group]) for one in LISTED)
    return tuple(section for section in own if section.rows)


COMMANDS: Final = (*_of(""), _GROUPS)
"""The commands of the program itself."""
SERVICES: Final = _of("services")
JOURNAL: Final = _of("journal")
GROUPS: Final = {"services": SERVICES, "journal": JOURNAL, "nir": NIR}
"""Commands that have commands of their own."""


def names(sections: Sequence[Section] = COMMANDS) -> Iterator[str]:
    """The names of all commands."""
    return (row.name for section in sections for row in section.rows)


def every_row() -> Iterator[Row]:
    """All commands, with those of groups."""
    for sections in (COMMANDS, *GROUPS.values()):
        for section in sections:
            yield from section.rows
