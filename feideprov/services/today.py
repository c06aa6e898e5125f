"""What there is to do today, as one screen and one mail: each line with its next command.

The lines only count; the commands show whom they are about. So the mail holds no personal data.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from email.message import EmailMessage
from pathlib import Path

from feideprov.errors import scrub_path
from feideprov.journal.checklist import Item
from feideprov.journal.events import OPEN
from feideprov.journal.full_files import missing_users
from feideprov.journal.held_rows import absolute, held_rows
from feideprov.journal.people import users_with_marks
from feideprov.journal.users import TELLING, KnownUsers
from feideprov.observe.snapshot import doubtful
from feideprov.programs.command_line import command_line
from feideprov.provision.pending import PendingUser
from feideprov.services.address import address_of
from feideprov.services.facade import Services
from feideprov.services.next_step import NextStep, next_step
from feideprov.services.notice import STUCK, Notice
from feideprov.services.outbox.deliveries import DeliveryState, new_id
from feideprov.services.outbox.mail import compose
from feideprov.services.outbox.templates import Language, Templates, Text
from feideprov.services.register.service import Dependency, Service
from feideprov.services.report.today_page import NO_WAITING, ShownTask, Waiting, today_page, waiting_of
from feideprov.services.task import Task
from feideprov.settings import Settings
from feideprov.tables.day import day_in_norway
from feideprov.text import shown

_LONGEST = 5
"""How many of the users who have waited longest are shown."""


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
    waiting: Waiting = field(repr=False, default=NO_WAITING)
    """Who waits, with the names of schools."""

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

    def page(self, language: Language = "nb") -> str:
        """The tasks, the users who have waited longest and the counts by school, as one HTML file that needs no other.

        Parameters:
            language: `nb`, `nn` or `en`.

        Returns: the HTML. It names no protected user.

        Raises:
            ConfigurationError: the extra `services` is not installed.
        """
        tasks = [ShownTask(task.sentence, task.command, task.days) for task in self.tasks]
        return today_page(self.settings.organization.name, self.on, tasks, self.waiting, language)

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
        _of_missing(services),
        _counted("unanswered", settings.protection.unanswered(settings.sources), _command(settings, "doctor")),
        _of_cut_off(services),
        Task("doubtful", doubtful(journal), _command(settings, "check")),
        _counted("unmarked", _unmarked(services), _command(settings, "apply", "--help")),
        *_of_providers(services),
        *_of_notices(services),
        _of_checklist(services, checklist),
    ]
    longest = [user for user in waiting if user.in_sheets][:_LONGEST]
    return Today(
        services.on,
        tuple(task for task in tasks if task.count),
        tuple(longest),
        services.settings,
        sum(user.protected for user in waiting),
        sum(user.doubtful for user in waiting),
        waiting_of(waiting, services.organization, named=_LONGEST),
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
        (name, kept, *options), days = one.words, _days(services.on, [one.on])
        places = [absolute(folder / kept) for folder in (Path.cwd(), settings.folder)]
        if path := next(filter(os.path.isfile, places), None):  # false, too, where a folder may not be entered
            command, gone = _command(settings, name, scrub_path(path), *options), False
        else:
            command, gone = _command(settings, "today", "--solved", kept), True
        yield Task("held", one.count, command, days, list_gone=gone, about=one.rows)


def _of_missing(services: Services) -> Task:
    """The open users of ours who were not in the last full file of their source."""
    stored = [one for names in missing_users(services.journal).values() for one in names.items()]
    known = KnownUsers.of(services.journal.facts(TELLING)) if stored else KnownUsers()
    open_ones = known.ours - known.closed.keys()
    found = {today: since for name, since in stored if (today := known.name_today(name)) in open_ones}
    command = _command(services.settings, "plan", "--help")
    return _counted("missing", found.keys(), command, _days(services.on, found.values()))


def _of_cut_off(services: Services) -> Task:
    events = services.journal.events(state=OPEN)
    days = _days(services.on, [day_in_norway(event.at) for event in events])
    ids = [event.id for event in events]
    return _counted("cut_off", ids, _command(services.settings, "journal", "verify"), days)


def _of_checklist(services: Services, checklist: Sequence[Item]) -> Task:
    days = _days(services.on, [item.on for item in checklist])
    places = [(item.change, place) for item in checklist for place in item.open]
    return _counted("unticked", places, _command(services.settings, "checklist"), days)


def _days(on: date, since: Iterable[date | None]) -> int | None:
    """For how many days the oldest has waited; None when that is not known of any."""
    oldest = min(filter(None, since), default=None)
    return None if oldest is None else max((on - oldest).days, 0)


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

    def step_is(*steps: NextStep) -> Callable[[Service], bool]:
        return lambda service: next_step(service, services.on, days) in steps

    def ask(which: Sequence[Service]) -> str:
        """Without an address the command only shows the providers, and says how to add one."""
        addressed = any(address_of([service]) for service in which)
        return _command(services.settings, "services", "ask", *(_how_to_send(services) if addressed else ()))

    def task(kind: str, which: Sequence[Service], command: str, since: Iterable[date | None]) -> Task:
        return _counted(kind, {one.provider.id for one in which}, command, _days(services.on, since))

    unasked = list(filter(step_is(NextStep.ASK), ours))
    unknown_since = (one.unsettled_since for one in unasked)
    yield task("unasked", unasked, ask(unasked), [day_in_norway(at) for at in unknown_since if at])
    late = list(filter(step_is(NextStep.REMIND, NextStep.NO_ANSWER), ours))
    yield task("silent", late, ask(late), [one.asked_on for one in late])
    silent = [service for service in ours if service.answer.state is Dependency.NO_ANSWER]
    shown = _command(services.settings, "services", "list", "--state", "no-answer")
    yield task("silent", silent, shown, [one.asked_on for one in silent])


def _of_notices(services: Services) -> Iterator[Task]:
    notices, settings = services.notices(), services.settings
    due = [notice for notice in notices if notice.state is DeliveryState.DUE]
    send: tuple[str, ...] = ()  # without an address the command shows the providers, and says how to add one
    if settings.webhook.url:
        send = ("--send",)
    elif any(address_of(notice.services) for notice in due):
        send = _how_to_send(services)
    stuck = [notice for notice in notices if notice.state in STUCK]
    yield _of(services, "notices", due, _command(settings, "notify", *send))
    yield _of(services, "undelivered", stuck, _command(settings, "notify"))


def _of(services: Services, kind: str, notices: Sequence[Notice], command: str) -> Task:
    since = [line.on for notice in notices for line in notice.lines]
    return _counted(kind, [one.id or one.provider.id for one in notices], command, _days(services.on, since))


def _how_to_send(services: Services) -> tuple[str, ...]:
    """By mail if a mail server is configured, or else as drafts, beside the configuration."""
    settings = services.settings
    return ("--send",) if settings.smtp.host else ("--drafts", scrub_path(settings.path(Path("drafts"))))
