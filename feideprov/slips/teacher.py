"""The teacher's sheet (lærerark) of each class: who is new, what works today, and what waits for the number; and, when
numbers have come, what works from now on. Protected people are in none."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from feideprov.feide.organization import HostOrganization
from feideprov.journal.events import Event, Fact, Kind, State
from feideprov.services.audience import AudienceFilter
from feideprov.services.register.service import Service
from feideprov.services.report.matrix import CELL_OF, Cell
from feideprov.slips.card import Choice
from feideprov.slips.roster import Member, SchoolClass
from feideprov.tables.day import day_in_norway
from feideprov.text import shown

NEW: Final = timedelta(days=30)
"""For how long a user is new."""
BEGINNINGS: Final = frozenset((Kind.CREATE, Kind.REOPEN))
"""With these a user is new: created, or back. A new password for a user who lost the first one is none of them."""
ARRIVALS: Final = frozenset((Kind.ATTACH, Kind.SEEN_ATTACH))
"""With these a number has come."""


@dataclass(frozen=True)
class Listed:
    """One user in a sheet."""

    user: str
    name: str = field(repr=False)
    new: bool = False
    waits: bool = False
    """The user has no number yet."""


@dataclass(frozen=True)
class ClassSheet:
    """The sheet of one class; of those who are in no class of a school, where `school_class` has no name."""

    school_class: SchoolClass
    school: str
    """The name of the school; empty when it is not known."""
    people: tuple[Listed, ...]
    services: Mapping[Cell, tuple[str, ...]]
    """The names of the services that are for these users, by how they work without a number."""


@dataclass(frozen=True)
class TeacherSheets:
    """The sheets of all classes. `since`: numbers that have come since that day are what they are about."""

    on: date
    sheets: tuple[ClassSheet, ...]
    since: date | None = None
    protected: int = 0
    """Users who would be in a sheet, and are protected."""
    services_known: bool = True


def changed_since(changes: Iterable[Event | Fact], kinds: Collection[Kind], since: date) -> frozenset[str]:
    """The Feide names, in lower case, of the users with a change of these kinds since a day."""
    return frozenset(
        change.feide_name.lower()
        for change in changes
        if change.kind in kinds and change.state == State.DONE and day_in_norway(change.at) >= since
    )


def sheets_of(
    members: Mapping[str, Member],
    organization: HostOrganization,
    services: Iterable[Service],
    choice: Choice,
    *,
    affected: frozenset[str],
    on: date,
    new: frozenset[str] = frozenset(),
    since: date | None = None,
) -> TeacherSheets:
    """The sheets of the classes of these users.

    Parameters:
        members: the roster.
        organization, services: the organization, and all services in its register.
        choice: which users are meant.
        affected: the users who have no number yet; with `since`, those whose number has come since that day.
        on: today.
        new: users who are new.
        since: the sheets are about numbers that have come since that day.
    """
    classes: dict[SchoolClass, list[Member]] = {}
    protected = 0
    for user in sorted((new | affected) & members.keys()):
        member = members[user]
        meant = choice.classes_of(member)
        protected += bool(meant) and member.protected
        for one in () if member.protected else meant:
            classes.setdefault(one, []).append(member)
    concerned = [(one, AudienceFilter(one.audience, organization)) for one in services if one.concerns_us]
    names = {school.id: shown(school.name) for school in organization.schools}
    sheets = [
        ClassSheet(
            one,
            names.get(one.school, ""),
            tuple(_listed(some, new, affected if since is None else frozenset())),
            _services(concerned, [member for member in some if member.user in affected]),
        )
        for one, some in sorted(classes.items())
    ]
    return TeacherSheets(on, tuple(sheets), since, protected, services_known=bool(concerned))


def _listed(members: Iterable[Member], new: frozenset[str], waiting: frozenset[str]) -> Iterator[Listed]:
    for member in sorted(members, key=lambda one: (one.name, one.user)):
        yield Listed(member.user, member.name, member.user in new, member.user in waiting)


def _services(
    concerned: Iterable[tuple[Service, AudienceFilter]], members: Iterable[Member]
) -> Mapping[Cell, tuple[str, ...]]:
    members = list(members)
    found: dict[Cell, list[str]] = {}
    for service, audience in concerned:
        if any(audience.includes(member.belonging) for member in members):
            found.setdefault(CELL_OF[service.answer.state], []).append(shown(service.name()))
    return {cell: tuple(sorted(names, key=str.casefold)) for cell, names in found.items()}
