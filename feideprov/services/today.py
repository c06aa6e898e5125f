"""What there is to do today, as one screen and one mail: each line with the command that comes next.

The lines count; who it is about, the commands show. So a mail of it holds nothing about anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from email.message import EmailMessage

from feideprov.journal.checklist import Item
from feideprov.journal.events import OPEN
from feideprov.journal.held_rows import held_rows
from feideprov.observe.snapshot import doubtful
from feideprov.provision.pending import PendingUser
from feideprov.services.address import address_of
from feideprov.services.facade import Services
from feideprov.services.notice import STUCK
from feideprov.services.outbox.deliveries import DeliveryState, new_id
from feideprov.services.outbox.mail import compose
from feideprov.services.outbox.templates import Language, Templates, Text
from feideprov.services.register.service import Dependency, Service
from feideprov.services.turn import Turn, turn_of
from feideprov.settings import Settings

_LONGEST = 5


@dataclass(frozen=True)
class Task:
    """One thing to do. `kind`: waiting, held, cut_off, doubtful, unasked, silent, notices, undelivered, unticked.

    `count` is of users, rows, changes, numbers, providers, notices and places; `days` the longest wait of a user.
    """

    kind: str
    count: int
    command: str
    days: int | None = None


@dataclass(frozen=True)
class Today:
    """What there is to do on a day. `longest`: the users who have waited longest, protected ones left out."""

    on: date
    tasks: tuple[Task, ...]
    longest: tuple[PendingUser, ...]
    settings: Settings = field(repr=False)

    @property
    def counts(self) -> dict[str, int]:
        """By kind."""
        counts: dict[str, int] = {}
        for task in self.tasks:
            counts[task.kind] = counts.get(task.kind, 0) + task.count
        return counts

    def text(self, language: Language) -> Text:
        """In words, by the template `today`. Raises ConfigurationError when it cannot be used."""
        name = self.settings.organization.name
        return Templates.of(self.settings).say("today", language, organization=name, on=self.on, items=self.tasks)

    def mail(self, to: str, language: Language) -> EmailMessage:
        """As a mail. Raises InputError when `to` is no address, ConfigurationError as `text`."""
        return compose(self.settings, to, self.text(language), message_id=new_id(), language=language)


def today(services: Services, checklist: Sequence[Item]) -> Today:
    """What there is to do. Raises DirectoryError when the directory cannot be read."""
    waiting = services.pending()
    journal = services.journal
    tasks = [
        *_of_users(waiting),
        *(Task("held", one.count, one.command) for one in held_rows(journal)),
        Task("cut_off", len(journal.events(state=OPEN)), "feideprov journal verify"),
        Task("doubtful", doubtful(journal), "feideprov check"),
        *_of_providers(services),
        *_of_notices(services),
        Task("unticked", sum(len(item.open) for item in checklist), "feideprov checklist"),
    ]
    longest = [user for user in waiting if user.in_sheets][:_LONGEST]
    return Today(services.on, tuple(task for task in tasks if task.count), tuple(longest), services.settings)


def _of_users(waiting: Sequence[PendingUser]) -> Iterator[Task]:
    yield Task("waiting", len(waiting), "feideprov pending", max((user.days or 0 for user in waiting), default=0))


def _of_providers(services: Services) -> Iterator[Task]:
    ours, days = services.register.concerning_us(), services.settings.services.answer_days

    def providers(which: Callable[[Service], bool]) -> int:
        return len({service.provider.id for service in ours if which(service)})

    def turn(*turns: Turn) -> Callable[[Service], bool]:
        return lambda service: turn_of(service, services.on, days) in turns

    def ask(which: Callable[[Service], bool]) -> str:
        """Where no provider has an address, a look says what to do about that."""
        addressed = any(address_of([service]) for service in ours if which(service))
        return f"feideprov services ask {_way(services)}" if addressed else "feideprov services ask"

    unasked, waiting = turn(Turn.ASK), turn(Turn.REMIND, Turn.SILENT)
    yield Task("unasked", providers(unasked), ask(unasked))
    yield Task("silent", providers(waiting), ask(waiting))
    silent = providers(lambda service: service.answer.state is Dependency.NO_ANSWER)
    yield Task("silent", silent, "feideprov services list --state no-answer")


def _of_notices(services: Services) -> Iterator[Task]:
    states = [notice.state for notice in services.notices()]
    due = sum(state is DeliveryState.DUE for state in states)
    yield Task("notices", due, f"feideprov notify {_way(services)}")
    yield Task("undelivered", _many(states, STUCK), "feideprov notify")


def _many(states: Iterable[DeliveryState], wanted: Sequence[DeliveryState]) -> int:
    return sum(state in wanted for state in states)


def _way(services: Services) -> str:
    """By mail where there is a mail server, or else as drafts."""
    return "--send" if services.settings.smtp.host else "--drafts DIR"
