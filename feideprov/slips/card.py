"""The card of one user, and which users get one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from feideprov.directory.dn import same_key
from feideprov.errors import InputError
from feideprov.feide.entitlement import grade_number
from feideprov.feide.organization import HostOrganization, School
from feideprov.provision.run.handover_row import HandoverRow
from feideprov.settings.daily import SlipsSection
from feideprov.slips.languages import OTHERS, main_language, printed_languages
from feideprov.slips.roster import Member, SchoolClass
from feideprov.text import shown

_LARGE_UP_TO: Final = 4
"""Children up to this grade get large letters."""


@dataclass(frozen=True)
class Card:
    """What is printed for one user."""

    user: str
    password: str = field(repr=False)
    name: str = field(repr=False)
    school: str
    """The name of the school; empty when it is not known."""
    school_class: SchoolClass
    contact: str
    languages: tuple[str, ...] = field(repr=False)
    large: bool = False
    made_on: date | None = None
    """The day on which the password was made, where the hand-over file has it."""


@dataclass(frozen=True)
class Choice:
    """Which users are meant. Without any of these, all are.

    Parameters:
        school: a school's id.
        group: the name of a class; upper and lower case are the same.
        users: Feide names.
        made_until: passwords that were made on a later day are left out.
    """

    school: str | None = None
    group: str | None = None
    users: Collection[str] | None = None
    made_until: date | None = None

    def classes_of(self, member: Member) -> tuple[SchoolClass, ...]:
        """The classes of a user that are meant; the school with no class for a user who is in none. Empty when the
        user is not meant."""
        if self.users is not None and member.user not in self.users:
            return ()
        mine = member.classes or (SchoolClass(member.school, ""),)
        return tuple(one for one in mine if self._means(one))

    def may_mean(self, user: str) -> bool:
        """Whether a user is meant of whom no more than the Feide name is known."""
        return self.school is None and self.group is None and (self.users is None or user.lower() in self.users)

    def _means(self, one: SchoolClass) -> bool:
        right_school = self.school is None or same_key(one.school) == same_key(self.school)
        return right_school and (self.group is None or same_key(one.name) == same_key(self.group))


@dataclass(frozen=True)
class Cards:
    """The cards, by school, class and name, and who has none."""

    cards: tuple[Card, ...]
    protected: tuple[str, ...] = field(repr=False, default=())
    """The Feide names of users with a first password who are protected, or may be."""
    given: int = 0
    """Users whose first password was noted as given, or erased."""
    missing: int = 0
    """Users with a first password whom the directory does not show, or who are closed."""
    not_reviewed: Mapping[str, int] = field(default_factory=dict)
    """Languages whose texts nobody has read, and how many cards are in bokmål and English for that."""


def cards_of(
    rows: Iterable[HandoverRow],
    members: Mapping[str, Member],
    organization: HostOrganization,
    settings: SlipsSection,
    choice: Choice,
) -> Cards:
    """The cards of the users that are meant."""
    schools = {school.id: school for school in organization.schools}
    found, protected, counts, not_reviewed = list[Card](), list[str](), Counter[str](), Counter[str]()
    for row in rows:
        member = _completed(members.get(row.user.lower()), row, organization)
        if member is None:
            counts["missing"] += choice.may_mean(row.user) and bool(row.password)
            continue
        classes = choice.classes_of(member)
        if not classes or _is_later(row.made_on, choice.made_until):
            continue
        if not row.password:
            counts["given"] += 1
        elif member.protected:
            protected.append(row.user)
        else:
            found.append(_card(row, member, classes[0], schools, settings))
            if (language := main_language(member.language)) in OTHERS and language not in settings.reviewed_by:
                not_reviewed[language] += 1
    found.sort(key=lambda card: (card.school_class.school, card.school_class.name, card.name, card.user))
    return Cards(tuple(found), tuple(protected), counts["given"], counts["missing"], dict(sorted(not_reviewed.items())))


def _is_later(made_on: date | None, until: date | None) -> bool:
    return made_on is not None and until is not None and made_on > until


def _completed(member: Member | None, row: HandoverRow, organization: HostOrganization) -> Member | None:
    """A member of the roster, with what only the row says."""
    if member is None:
        return None
    school = member.school
    if not school and row.school and (known := organization.school(row.school)) is not None:
        school = known.id
    classes = member.classes or ((SchoolClass(school, shown(row.group)),) if row.group else ())
    grade = member.grade
    if grade is None and row.grade:
        with suppress(InputError):
            grade = grade_number(row.grade)
    name = member.name or shown(row.name)
    language = member.language or row.language
    return replace(member, name=name, school=school, classes=classes, grade=grade, language=language)


def _card(
    row: HandoverRow,
    member: Member,
    school_class: SchoolClass,
    schools: Mapping[str, School],
    settings: SlipsSection,
) -> Card:
    school = schools.get(school_class.school or member.school)
    return Card(
        user=row.user,
        password=row.password,
        name=member.name,
        school=shown(school.name) if school is not None else "",
        school_class=school_class,
        contact=settings.contact_at(school.id if school is not None else ""),
        languages=printed_languages(member.language, settings.reviewed_by),
        large=member.grade is not None and member.grade <= _LARGE_UP_TO,
        made_on=row.made_on,
    )
