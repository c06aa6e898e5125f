"""The page of today: what there is to do, and who has waited longest, as one HTML file that needs no other file.

The page holds Feide names, but not those of protected users, who are only counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from feideprov.feide.organization import HostOrganization
from feideprov.messages import Language, Sentence, Template
from feideprov.pages.page import written
from feideprov.provision.pending import PendingUser
from feideprov.services.report.page import TEMPLATES
from feideprov.services.report.page_words import PHRASES
from feideprov.text import shown

_PHRASES: Final[Mapping[str, Sentence | Template]] = {
    **PHRASES,
    "title": Sentence("What there is to do today"),
    "lead": Template(
        "The tasks about users without a number in {organization}, each with its command. Status on {day}."
    ),
    "tasks": Sentence("The tasks"),
    "tasks.none": Sentence("Nothing to do today."),
    "task": Sentence("Task and command"),
    "waited": Sentence("Has waited"),
    "waited.days": Template("{count} day", "{count} days"),
    "longest": Sentence("Who has waited longest"),
    "schools": Sentence("The schools"),
    "schools.caption": Sentence("Users without a number, by school"),
    "schools.about": Sentence("A user of two schools is counted at both."),
    "school.none": Sentence("No school in the configuration"),
    "figure.tasks": Template("task today", "tasks today"),
    "figure.longest": Template("day is the longest wait", "days is the longest wait"),
    "figure.of-listed": Sentence("of those who are listed here"),
    "protected": Template(
        "{count} user is protected, or may be, and is not named here.",
        "{count} users are protected, or may be, and are not named here.",
    ),
}


@dataclass(frozen=True)
class ShownTask:
    """A task as the page shows it. `days`: for how many days it has waited; None: it is not known."""

    sentence: Sentence
    command: str
    days: int | None


@dataclass(frozen=True)
class WaitingUser:
    """A user who waits, who is not protected. `schools` are names; they are empty where the configuration has none."""

    user: str
    schools: tuple[str, ...]
    since: date | None
    days: int | None


@dataclass(frozen=True)
class Waiting:
    """Who waits, without the protected users, who are only counted."""

    longest: tuple[WaitingUser, ...]
    at_schools: Mapping[str, int]
    """How many users wait, by the name of the school, the most first; the empty name is for users of no known
    school."""
    protected: int
    count: int
    """How many wait, including protected users."""


NO_WAITING: Final = Waiting((), {}, 0, 0)


def waiting_of(users: Sequence[PendingUser], organization: HostOrganization, *, named: int) -> Waiting:
    """Who waits, of the users without a number, those who have waited longest first. So many are `named` at most."""
    listed = [user for user in users if user.in_sheets]
    told = [WaitingUser(one.user, _schools(one, organization), one.since, one.days) for one in listed]
    counts = Counter(name for one in users if not one.protected for name in _schools(one, organization) or ("",))
    protected = sum(one.protected for one in users)
    return Waiting(tuple(told[:named]), dict(counts.most_common()), protected, len(users))


def _schools(user: PendingUser, organization: HostOrganization) -> tuple[str, ...]:
    found = map(organization.school, user.schools)
    return tuple(sorted({school.name for school in found if school is not None}))


def today_page(
    organization: str, on: date, tasks: Iterable[ShownTask], waiting: Waiting, language: Language = "nb"
) -> str:
    """The page in bokmål, nynorsk or English.

    Raises ConfigurationError when Jinja2 is not installed.
    """
    return written(
        TEMPLATES,
        "today.html.j2",
        language,
        _PHRASES,
        organization=organization,
        on=on,
        parts=("tasks", "longest", "schools"),
        tasks=list(tasks),
        waiting=waiting,
        exactly=_exactly,
    )


def _exactly(command: str) -> object:
    """A command, as it is to be typed: nothing in it is taken for a number and left out."""
    from markupsafe import escape

    return escape(command if command.isprintable() else shown(command))
