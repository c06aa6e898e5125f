"""How far an organization has come with Feide's steps for people without a number, on one day.

The five steps are Feide's (feide.no, 2022-03-30): 1 leave the number empty, and never invent one; 2 see which services
use it; 3 ask their providers; 4 enter the number as soon as it is assigned; 5 tell the providers that serve users
without.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from feideprov.feide.organization import HostOrganization
from feideprov.journal.events import Kind
from feideprov.journal.journal import Journal
from feideprov.observe.snapshot import doubtful
from feideprov.services.notice import ENDED, STUCK, Notice
from feideprov.services.owed import ChangeKind
from feideprov.services.register.service import SETTLED, Dependency, Service
from feideprov.services.report.matrix import Matrix
from feideprov.tables.day import day_in_norway

RECENT = timedelta(days=30)
"""What counts as recent, for numbers and for notices."""
STALE = timedelta(days=180)
"""After this time a source should be read again: services are activated every school year."""


class Age(StrEnum):
    """How long a user has waited."""

    WEEK = "under-a-week"
    MONTH = "under-a-month"
    QUARTER = "under-3-months"
    HALF_YEAR = "under-6-months"
    LONGER = "longer"
    NOT_KNOWN = "not-known"

    @classmethod
    def of(cls, days: int | None) -> Age:
        """By days; None when it is not known since when."""
        if days is None:
            return cls.NOT_KNOWN
        return next((age for age, limit in _LIMITS.items() if days < limit), cls.LONGER)


_LIMITS = {Age.WEEK: 7, Age.MONTH: 30, Age.QUARTER: 91, Age.HALF_YEAR: 182}


class Progress(StrEnum):
    """How far a step has come."""

    NOT_BEGUN = "not-begun"
    UNDER_WAY = "under-way"
    IN_ORDER = "in-order"


@dataclass(frozen=True)
class DueChanges:
    """What one service must be told: how many changes of each kind, and since when. `failed`: an attempt failed; it is
    tried again, or a person has to act."""

    service: Service
    kinds: Mapping[ChangeKind, int]
    since: date
    failed: bool = False

    @property
    def count(self) -> int:
        return sum(self.kinds.values())


@dataclass(frozen=True)
class Situation:
    """The content of the page, on one day. `known`: services in the register, including those that do not concern us;
    `activation_unknown`: those that get the number, and of which no source says whether they are activated here."""

    organization: HostOrganization
    matrix: Matrix
    known: int
    activation_unknown: int
    read_on: date | None
    due: tuple[DueChanges, ...]
    waiting: int
    """Notices that are due, one for each provider: those that are gathered, and those that would be."""
    sent_recently: int
    """Notices that were sent in the last 30 days."""
    arrived_recently: int
    """Numbers that were registered or changed in the last 30 days."""
    doubtful: int = 0
    """Numbers in the directory that may not be used, or not yet, according to the last observation."""

    @property
    def on(self) -> date:
        return self.matrix.on

    @property
    def states(self) -> dict[Dependency, int]:
        """How many of the services that concern us are in each state."""
        return dict.fromkeys(Dependency, 0) | Counter(one.answer.state for one in self.matrix.services)

    @property
    def settled(self) -> int:
        """Services whose providers have answered."""
        return sum(self.states[state] for state in SETTLED)

    @property
    def ages(self) -> dict[Age, int]:
        """How long the listed users have waited. Protected users are in no group: in a group of one, everybody would
        know who it is."""
        return dict.fromkeys(Age, 0) | Counter(Age.of(row.days) for row in self.matrix.rows)

    @property
    def longest(self) -> int | None:
        """The longest wait of a listed user, in days."""
        return max((row.days for row in self.matrix.rows if row.days is not None), default=None)

    @property
    def steps(self) -> tuple[Progress, Progress, Progress, Progress, Progress]:
        """How far each of Feide's five steps has come."""
        services, states = self.matrix.services, self.states
        recent = self.read_on is not None and self.on - self.read_on <= STALE
        second = Progress.IN_ORDER if recent else Progress.UNDER_WAY
        if not self.known:
            second = third = Progress.NOT_BEGUN
        elif self.settled == len(services):
            third = Progress.IN_ORDER
        else:
            third = Progress.NOT_BEGUN if states[Dependency.UNKNOWN] == len(services) else Progress.UNDER_WAY
        fourth = Progress.UNDER_WAY if self.matrix.pending else Progress.IN_ORDER
        fifth = Progress.UNDER_WAY if self.due else Progress.IN_ORDER
        first = Progress.UNDER_WAY if self.doubtful else Progress.IN_ORDER
        return first, second, third, fourth, fifth


def situation_of(
    services: Sequence[Service],
    matrix: Matrix,
    organization: HostOrganization,
    notices: Iterable[Notice],
    journal: Journal,
) -> Situation:
    """The situation on the day of the matrix, by the register, the notices and the journal. Nothing is written."""
    since = matrix.on - RECENT
    sent, waiting = list[Notice](), list[Notice]()
    for notice in notices:
        (sent if _is_sent(notice) else waiting).append(notice)
    sent_at = [notice.ways.mail.at for notice in sent if notice.ways.mail]
    return Situation(
        organization,
        matrix,
        known=len(services),
        activation_unknown=sum(one.gets_number and one.gone_on is None and one.activated is None for one in services),
        read_on=max((said.on for one in services for said in one.said.values()), default=None),
        due=_due(waiting),
        waiting=len(waiting),
        sent_recently=sum(day_in_norway(at) >= since for at in sent_at),
        arrived_recently=_arrived(journal, since),
        doubtful=doubtful(journal),
    )


def _is_sent(notice: Notice) -> bool:
    """Whether the provider has it: by mail, or by a draft, which a person sends. The webhook, which is for the
    organization's own systems, counts only when there is no mail."""
    return notice.ways.is_out and (notice.ways.mail is None or notice.ways.mail.state in ENDED)


def _due(waiting: Iterable[Notice]) -> tuple[DueChanges, ...]:
    """By service, those that have waited longest first."""
    by_service: dict[str, DueChanges] = {}
    for notice in waiting:
        failed = any(one.attempts or one.state in STUCK for one in (notice.ways.mail, notice.ways.webhook) if one)
        for line in notice.lines:
            one = by_service.get(line.service.id) or DueChanges(line.service, {}, line.on)
            kinds = Counter(one.kinds) + Counter(line.counts)
            by_service[line.service.id] = DueChanges(line.service, kinds, min(one.since, line.on), one.failed or failed)
    return tuple(sorted(by_service.values(), key=lambda one: (one.since, one.service.id)))


def _arrived(journal: Journal, since: date) -> int:
    """How many numbers were registered or changed since a day, by this tool or outside it."""
    kinds = (Kind.ATTACH, Kind.REPLACE, Kind.SEEN_ATTACH, Kind.SEEN_REPLACE)
    return journal.count_done(kinds, since=since.isoformat())
