"""Which users a service is for, by what the directory says of them: their schools and their affiliations."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from feideprov.directory.protocol import NAME_ATTRIBUTE, Directory
from feideprov.feide.organization import HostOrganization
from feideprov.feide.person import Role
from feideprov.provision.plan.changes import Update
from feideprov.services.register.service import Audience

SCHOOLS, AFFILIATIONS = "eduPersonOrgUnitDN", "eduPersonAffiliation"
_OF_A_ROLE = frozenset({"student", "faculty", "staff"})
"""What tells roles apart; `employee` and `member` are those of several (info_go 2018-03)."""


@dataclass(frozen=True)
class Belonging:
    """Where a user belongs, as its entry says: the DNs of its schools, and its affiliations."""

    schools: tuple[str, ...] = field(repr=False, default=())
    affiliations: tuple[str, ...] = field(repr=False, default=())


def belongings(directory: Directory) -> dict[str, Belonging]:
    """Where all users belong, by Feide name in lower case. Raises DirectoryError."""
    found = {}
    for entry in directory.having([NAME_ATTRIBUTE], (NAME_ATTRIBUTE, SCHOOLS, AFFILIATIONS)):
        name = (entry.text(NAME_ATTRIBUTE) or "").lower()
        found[name] = Belonging(tuple(entry.texts(SCHOOLS)), tuple(entry.texts(AFFILIATIONS)))
    return found


def moved(users: Mapping[str, Belonging], updates: Iterable[Update]) -> Mapping[str, Belonging]:
    """Where users belong once these updates are carried out: a number that comes with another school is a matter of
    that school's services."""
    now = dict(users)
    for update in updates:
        if was := users.get(update.feide_name.lower()):
            schools, affiliations = _after(update, SCHOOLS, was.schools), _after(update, AFFILIATIONS, was.affiliations)
            now[update.feide_name.lower()] = Belonging(schools, affiliations)
    return now


class Reach:
    """Whom a service concerns. Who is not known to be outside is taken to be inside: of a user whose schools or roles
    the directory does not tell, and where the service's audience names a school or a role that nobody knows."""

    def __init__(self, audience: Audience, organization: HostOrganization) -> None:
        schools = [organization.school(text) for text in audience.schools]
        roles: Mapping[str, Role] = {role.value: role for role in Role}
        self._organization = organization
        self._schools = {school.id for school in schools if school} if all(schools) else set[str]()
        known = all(role in roles for role in audience.roles)
        self._roles = {roles[role].affiliations[0] for role in audience.roles} if known else set[str]()

    def holds(self, user: Belonging | None) -> bool:
        """Is this user inside? None: nobody knows where the user belongs."""
        if user is None:
            return True
        found = map(self._organization.school, user.schools)
        schools = {school.id for school in found if school is not None}
        roles = {value.lower() for value in user.affiliations} & _OF_A_ROLE
        return _meet(schools, self._schools) and _meet(roles, self._roles)


def is_limited(audiences: Iterable[Audience]) -> bool:
    """Is there one that is not for all users?"""
    return any(audience.schools or audience.roles for audience in audiences)


def _meet(theirs: Collection[str], wanted: Collection[str]) -> bool:
    return not theirs or not wanted or not set(theirs).isdisjoint(wanted)


def _after(update: Update, attribute: str, values: Iterable[str]) -> tuple[str, ...]:
    now = list(values)
    for step in update.modifications:
        if step.attribute == attribute:
            told = [value.decode(errors="replace") for value in step.values]
            now = [*now, *told] if step.operation == "add" else [one for one in now if told and one not in told]
    return tuple(now)
