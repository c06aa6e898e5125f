"""Where an organization stands with Feide's recipe for people without a number, on one day.

The five steps are Feide's (feide.no, 2022-03-30): 1 leave the number empty, and never invent one; 2 see which services
use it; 3 ask their providers; 4 enter the number as soon as it is assigned; 5 tell the providers that serve users
without.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from feideprov.feide.organization import HostOrganization
from feideprov.journal.events import Kind
from feideprov.journal.journal import Journal
from feideprov.observe.snapshot import doubtful
from feideprov.services.notice import ENDED, STUCK, Notice
from feideprov.services.owed import Happening
from feideprov.services.register.service import SETTLED, Dependency, Service
from feideprov.services.report.matrix import Matrix

RECENT = timedelta(days=30)
"""What counts as lately, of numbers that came and notices that went."""
STALE = timedelta(days=180)
"""After that long a source is worth a new look: services are activated every school year."""


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
        """By days; None where nobody knows since when."""
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
class Due:
    """What one service is to be told: how many changes of each kind, and since when. `failed`: it was tried in vain,
    and is tried again or waits for a person."""

    service: Service
    kinds: Mapping[Happening, int]
    since: date
    failed: bool = False

    @property
    def count(self) -> int:
        return sum(self.kinds.values())


@dataclass(frozen=True)
class Situation:
    """All that the page tells, as it is on one day. `known`: services in the register, those too that do not concern
    us; `untold`: those that get the number, and of which no source tells whether they are activated here."""

    organization: HostOrganization
    matrix: Matrix
    known: int
    untold: int
    read_on: date | None
    due: tuple[Due, ...]
    waiting: int
    """Notices that are due, one for each provider: those that are begun, and those that would be."""
    told_lately: int
    """Notices that went out in the last 30 days."""
    arrived_lately: int
    """Numbers that were registered or changed in the last 30 days."""
    doubtful: int = 0
    """Numbers that stand in the directory and may not be used, or not yet, as far as the last observation saw."""

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
        """How long the listed users have waited. Protected users are in no group: of a group of one everybody would
        know who it is."""
        return dict.fromkeys(Age, 0) | Counter(Age.of(row.days) for row in self.matrix.rows)

    @property
    def longest(self) -> int | None:
        """Days that the listed user has waited who has waited longest."""
        return max((row.days for row in self.matrix.rows if row.days is not None), default=None)

    @property
    def steps(self) -> tuple[Progress, Progress, Progress, Progress, Progress]:
        """How far each of Feide's five steps has come."""
        services, states = self.matrix.services, self.states
        looked = self.read_on is not None and self.on - self.read_on <= STALE
        second = Progress.IN_ORDER if looked else Progress.UNDER_WAY
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
    """The situation on the matrix's day, by the register, the notices and the journal. Nothing is written."""
    since = matrix.on - RECENT
    told, waiting = list[Notice](), list[Notice]()
    for notice in notices:
        (told if _is_told(notice) else waiting).append(notice)
    went = [way.mail.at for way in (notice.ways for notice in told) if way.mail]
    return Situation(
        organization,
        matrix,
        known=len(services),
        untold=sum(one.gets_number and one.gone_on is None and one.activated is None for one in services),
        read_on=max((said.on for one in services for said in one.said.values()), default=None),
        due=_due(waiting),
        waiting=len(waiting),
        told_lately=sum(datetime.fromisoformat(at).date() >= since for at in went),
        arrived_lately=_arrived(journal, since),
        doubtful=doubtful(journal),
    )


def _is_told(notice: Notice) -> bool:
    """Whether the provider has it: by mail, or by a draft, which a person sends. What goes to the webhook is for the
    organization's own systems, and counts where there is no mail."""
    return notice.ways.is_out and (notice.ways.mail is None or notice.ways.mail.state in ENDED)


def _due(waiting: Iterable[Notice]) -> tuple[Due, ...]:
    """By service: those that have waited longest first."""
    by_service: dict[str, Due] = {}
    for notice in waiting:
        failed = any(way.attempts or way.state in STUCK for way in (notice.ways.mail, notice.ways.webhook) if way)
        for line in notice.lines:
            one = by_service.get(line.service.id) or Due(line.service, {}, line.on)
            kinds = Counter(one.kinds) + Counter(line.counts)
            by_service[line.service.id] = Due(line.service, kinds, min(one.since, line.on), one.failed or failed)
    return tuple(sorted(by_service.values(), key=lambda one: (one.since, one.service.id)))


def _arrived(journal: Journal, since: date) -> int:
    """Numbers that were registered or changed since a day, by whoever's hand."""
    kinds = (Kind.ATTACH, Kind.REPLACE, Kind.SEEN_ATTACH, Kind.SEEN_REPLACE)
    return journal.count_done(kinds, since=since.isoformat())
