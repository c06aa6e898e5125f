"""What there is to do today, as one screen and one mail: each line with its next command.

The lines only count; the commands show whom they are about. So the mail holds no personal data.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from email.message import EmailMessage
from pathlib import Path
from typing import Final

from feideprov.errors import scrub_path
from feideprov.found import NOBODY
from feideprov.journal.checklist import Item
from feideprov.journal.events import OPEN
from feideprov.journal.full_files import missing_users
from feideprov.journal.held_rows import absolute, held_rows
from feideprov.journal.people import users_with_marks
from feideprov.journal.users import TELLING, KnownUsers
from feideprov.messages import Sentence, joined
from feideprov.observe.snapshot import doubtful
from feideprov.programs.command_line import command_line
from feideprov.provision.pending import PendingUser
from feideprov.services.address import address_of
from feideprov.services.facade import Services
from feideprov.services.next_step import NextStep, next_step
from feideprov.services.notice import STUCK
from feideprov.services.outbox.deliveries import DeliveryState, new_id
from feideprov.services.outbox.mail import compose
from feideprov.services.outbox.templates import Language, Templates, Text
from feideprov.services.register.service import Dependency, Service
from feideprov.settings import Settings
from feideprov.text import shown

_LONGEST = 5
"""How many of the users who have waited longest are shown."""


@dataclass(frozen=True)
class Task:
    """One thing to do.

    `kind`: unseen, waiting, hidden_numbers, hidden_users, held, missing, unanswered, cut_off, doubtful, unmarked,
    unasked, silent, notices, undelivered, unticked.
    `count` is of users, rows, sources, changes, numbers, providers, notices or places; of `unseen`, which says that
    there was no user to look at, it is 1. `command` works from any folder. `days` is the longest wait of a user.
    `list_gone`: the list with the held rows is not there any more. `about` names what is counted, where that is known:
    it is never shown, and tells `nightly` what is new.
    """

    kind: str
    count: int
    command: str
    days: int | None = None
    list_gone: bool = False
    about: Collection[object] = field(default=(), repr=False, compare=False)

    @property
    def sentence(self) -> Sentence:
        """What there is to do, without the command."""
        if self.list_gone:
            return _list_gone(self.count)
        return _SENTENCES[self.kind](self.count, self.days)


@dataclass(frozen=True)
class Today:
    """What there is to do on a day. `longest`: the users who have waited longest, without protected ones."""

    on: date
    tasks: tuple[Task, ...]
    longest: tuple[PendingUser, ...]
    settings: Settings = field(repr=False)
    protected: int = 0
    """How many users are not among them because they are protected, or may be."""
    doubtful: int = 0
    """Of how many of these it cannot be told."""

    @property
    def counts(self) -> dict[str, int]:
        """How many there are of each kind."""
        counts: dict[str, int] = {}
        for task in self.tasks:
            counts[task.kind] = counts.get(task.kind, 0) + task.count
        return counts

    def text(self, language: Language) -> Text:
        """The tasks as text, by the template `today`.

        Parameters:
            language: `nb`, `nn` or `en`.

        Returns: the text, with its subject.

        Raises:
            ConfigurationError: the template cannot be used, or the extra `services` is not installed.
        """
        name = self.settings.organization.name
        # what a template inserts becomes one line without long runs of digits, but a path must stay as it is
        commands = {f"[command {place}]": task.command for place, task in enumerate(self.tasks)}
        items = [replace(task, command=mark) for mark, task in zip(commands, self.tasks, strict=True)]
        text = Templates.of(self.settings).render("today", language, organization=name, on=self.on, items=items)
        body = text.body
        for mark, command in commands.items():
            body = body.replace(mark, command if command.isprintable() else shown(command))
        return replace(text, body=body)

    def mail(self, to: str, language: Language) -> EmailMessage:
        """The tasks as a mail.

        Parameters:
            to: the mail address of the receiver.
            language: as for `text`.

        Returns: the mail, which has not been sent.

        Raises:
            InputError: `to` is not a mail address.
            ConfigurationError: the sender is not a mail address, or as `text`.
        """
        return compose(self.settings, to, self.text(language), message_id=new_id(), language=language)


def today(services: Services, checklist: Sequence[Item]) -> Today:
    """What there is to do today. Raises DirectoryError when the directory cannot be read."""
    waiting = services.pending()
    journal, settings = services.journal, services.settings
    tasks = [
        Task("unseen", int(not waiting.users), _command(settings, "doctor")),
        _of_users(waiting, _command(settings, "pending")),
        Task("hidden_numbers", waiting.hidden_numbers, _command(settings, "observe")),
        Task("hidden_users", waiting.hidden_users, _command(settings, "journal", "gone")),
        *_of_held_rows(services),
        _counted("missing", _missing(services), _command(settings, "plan", "--help")),
        _counted("unanswered", settings.protection.unanswered(settings.sources), _command(settings, "doctor")),
        _counted("cut_off", [one.id for one in journal.events(state=OPEN)], _command(settings, "journal", "verify")),
        Task("doubtful", doubtful(journal), _command(settings, "check")),
        _counted("unmarked", _unmarked(services), _command(settings, "apply", "--help")),
        *_of_providers(services),
        *_of_notices(services),
        _counted("unticked", [(one.change, p) for one in checklist for p in one.open], _command(settings, "checklist")),
    ]
    longest = [user for user in waiting if user.in_sheets][:_LONGEST]
    return Today(
        services.on,
        tuple(task for task in tasks if task.count),
        tuple(longest),
        services.settings,
        sum(user.protected for user in waiting),
        sum(user.doubtful for user in waiting),
    )


def _command(settings: Settings, *words: str) -> str:
    """A command line that works from any folder."""
    return command_line(settings.file, *words)


def _counted(kind: str, about: Collection[object], command: str, days: int | None = None) -> Task:
    return Task(kind, len(about), command, days, about=about)


def _of_users(waiting: Sequence[PendingUser], command: str) -> Task:
    days = max((user.days or 0 for user in waiting), default=0)
    return _counted("waiting", [user.user for user in waiting], command, days)


def _of_held_rows(services: Services) -> Iterator[Task]:
    settings = services.settings
    for one in held_rows(services.journal):
        name, kept, *options = one.words
        places = [absolute(folder / kept) for folder in (Path.cwd(), settings.folder)]
        if path := next(filter(os.path.isfile, places), None):  # false, too, where a folder may not be entered
            yield Task("held", one.count, _command(settings, name, scrub_path(path), *options), about=one.rows)
        else:
            solved = _command(settings, "today", "--solved", kept)
            yield Task("held", one.count, solved, list_gone=True, about=one.rows)


def _missing(services: Services) -> set[str]:
    """The open users of ours who were not in the last full file of their source."""
    stored = {name for names in missing_users(services.journal).values() for name in names}
    if not stored:
        return set()
    known = KnownUsers.of(services.journal.facts(TELLING))
    return {today for name in stored if (today := known.name_today(name)) in known.ours} - known.closed.keys()


def _unmarked(services: Services) -> set[str]:
    """The users of ours in the directory who have no marks of name and birth date in the journal. The directory is read
    only if the journal knows such users."""
    known = KnownUsers.of(services.journal.facts(TELLING))
    ours = {user.feide_name for user in known.by_name.values() if user.ours and user.closed is None}
    marked = {known.by_name[name].feide_name for name in users_with_marks(services.journal) if name in known.by_name}
    without = ours - marked
    return without & services.belongings().keys() if without else set()


def _of_providers(services: Services) -> Iterator[Task]:
    ours, days = services.register.concerning_us(), services.settings.services.answer_days

    def providers(which: Callable[[Service], bool]) -> set[str]:
        return {service.provider.id for service in ours if which(service)}

    def step_is(*steps: NextStep) -> Callable[[Service], bool]:
        return lambda service: next_step(service, services.on, days) in steps

    def command(which: Callable[[Service], bool]) -> str:
        """Without an address the command only shows the providers, and says how to add one."""
        addressed = any(address_of([service]) for service in ours if which(service))
        return _command(services.settings, "services", "ask", *(_how_to_send(services) if addressed else ()))

    unasked, late = step_is(NextStep.ASK), step_is(NextStep.REMIND, NextStep.NO_ANSWER)
    yield _counted("unasked", providers(unasked), command(unasked))
    yield _counted("silent", providers(late), command(late))
    silent = providers(lambda service: service.answer.state is Dependency.NO_ANSWER)
    yield _counted("silent", silent, _command(services.settings, "services", "list", "--state", "no-answer"))


def _of_notices(services: Services) -> Iterator[Task]:
    notices, settings = services.notices(), services.settings
    due = [notice for notice in notices if notice.state is DeliveryState.DUE]
    send: tuple[str, ...] = ()  # without an address the command shows the providers, and says how to add one
    if settings.webhook.url:
        send = ("--send",)
    elif any(address_of(notice.services) for notice in due):
        send = _how_to_send(services)
    yield _counted("notices", [one.id or one.provider.id for one in due], _command(settings, "notify", *send))
    stuck = [notice.id for notice in notices if notice.state in STUCK]
    yield _counted("undelivered", stuck, _command(settings, "notify"))


def _how_to_send(services: Services) -> tuple[str, ...]:
    """By mail if a mail server is configured, or else as drafts, beside the configuration."""
    settings = services.settings
    return ("--send",) if settings.smtp.host else ("--drafts", scrub_path(settings.path(Path("drafts"))))


def _waiting(count: int, days: int | None) -> Sentence:
    users = Sentence("{count} user waits for a number.", plural="{count} users wait for a number.", count=count)
    if not days:
        return users
    longest = Sentence("The longest wait is {count} day.", plural="The longest wait is {count} days.", count=days)
    return joined([users, longest])


def _list_gone(count: int) -> Sentence:
    return Sentence(
        "{count} row was held for a person to decide, in a list that is not there any more. When the row is solved, "
        "remove it from this page with this command.",
        plural="{count} rows were held for a person to decide, in a list that is not there any more. When the rows are "
        "solved, remove them from this page with this command.",
        count=count,
    )


_SENTENCES: Final[Mapping[str, Callable[[int, int | None], Sentence]]] = {
    "unseen": lambda _count, _: NOBODY,
    "waiting": _waiting,
    "hidden_numbers": lambda count, _: Sentence(
        "The number of {count} user is known, but the directory does not show it. Give the account the right to read "
        "it, or say that it was removed.",
        plural="The numbers of {count} users are known, but the directory does not show them. Give the account the "
        "right to read them, or say that they were removed.",
        count=count,
    ),
    "hidden_users": lambda count, _: Sentence(
        "{count} user in the journal is not shown by the directory. Give the account the right to read the entry, or "
        "say that it was deleted.",
        plural="{count} users in the journal are not shown by the directory. Give the account the right to read the "
        "entries, or say that they were deleted.",
        count=count,
    ),
    "held": lambda count, _: Sentence(
        "{count} row is held for a person to decide.",
        plural="{count} rows are held for a person to decide.",
        count=count,
    ),
    "missing": lambda count, _: Sentence(
        "{count} user was not in the last full file. Has the person left? With plan FILE --leavers-list OUT.csv, a "
        "list is saved.",
        plural="{count} users were not in the last full file. Have they left? With plan FILE --leavers-list OUT.csv, "
        "a list of them is saved.",
        count=count,
    ),
    "unanswered": lambda count, _: Sentence(
        "The files of {count} source do not say who is protected, so no user is created from them. Answer [protection] "
        "in the configuration.",
        plural="The files of {count} sources do not say who is protected, so no user is created from them. Answer "
        "[protection] in the configuration.",
        count=count,
    ),
    "cut_off": lambda count, _: Sentence(
        "{count} change was interrupted, so it is not known whether it was made.",
        plural="{count} changes were interrupted, so it is not known whether they were made.",
        count=count,
    ),
    "doubtful": lambda count, _: Sentence(
        "{count} number in the directory must not be used, or only after somebody has seen evidence.",
        plural="{count} numbers in the directory must not be used, or only after somebody has seen evidence.",
        count=count,
    ),
    "unmarked": lambda count, _: Sentence(
        "For {count} user, the journal has no marks of name and birth date yet, so this user is not recognized in a "
        "list with another source id. Apply a list that has the birth date.",
        plural="For {count} users, the journal has no marks of name and birth date yet, so they are not recognized in "
        "a list with another source id. Apply a list that has their birth dates.",
        count=count,
    ),
    "unasked": lambda count, _: Sentence(
        "{count} provider has not been asked yet.", plural="{count} providers have not been asked yet.", count=count
    ),
    "silent": lambda count, _: Sentence(
        "{count} provider has not answered in time.", plural="{count} providers have not answered in time.", count=count
    ),
    "notices": lambda count, _: Sentence("{count} notice is due.", plural="{count} notices are due.", count=count),
    "undelivered": lambda count, _: Sentence(
        "{count} message did not arrive.", plural="{count} messages did not arrive.", count=count
    ),
    "unticked": lambda count, _: Sentence(
        "A number must still be changed in {count} other place today.",
        plural="A number must still be changed in {count} other places today.",
        count=count,
    ),
}
"""What there is to do, by the kind of task: made of the count and of the longest wait in days."""
