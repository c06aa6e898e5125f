"""Which users a service is for, by their schools and affiliations in the directory."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from feideprov.directory.protocol import NAME_ATTRIBUTE, Directory, name_of
from feideprov.feide.organization import HostOrganization
from feideprov.feide.person import Role
from feideprov.journal.presence import READ, Presence
from feideprov.provision.plan.changes import Change, OfNumber, Update
from feideprov.services.register.service import Audience, Service

SCHOOLS, AFFILIATIONS = "eduPersonOrgUnitDN", "eduPersonAffiliation"
_OF_A_ROLE = frozenset({"student", "faculty", "staff"})
"""The affiliations that only one role has; `employee` and `member` belong to several (info_go 2018-03)."""


@dataclass(frozen=True)
class Belonging:
    """A user's schools (DNs) and affiliations, as in its entry."""

    schools: tuple[str, ...] = field(repr=False, default=())
    affiliations: tuple[str, ...] = field(repr=False, default=())


def belongings(directory: Directory, presence: Presence | None = None) -> dict[str, Belonging]:
    """The schools and affiliations of all users, by Feide name in lower case. `presence` gets them too.

    Raises DirectoryError.
    """
    found = {}
    for entry in directory.having([NAME_ATTRIBUTE], (*READ, SCHOOLS, AFFILIATIONS)):
        if presence is not None:
            presence.add(entry)
        found[name_of(entry)] = Belonging(tuple(entry.texts(SCHOOLS)), tuple(entry.texts(AFFILIATIONS)))
    return found


def after_updates(users: Mapping[str, Belonging], updates: Iterable[Update]) -> Mapping[str, Belonging]:
    """Schools and affiliations after these updates: when a number comes together with another school, the services of
    the new school count."""
    now = dict(users)
    for update in updates:
        if was := users.get(update.feide_name.lower()):
            schools, affiliations = (
                _values_after(update, SCHOOLS, was.schools),
                _values_after(update, AFFILIATIONS, was.affiliations),
            )
            now[update.feide_name.lower()] = Belonging(schools, affiliations)
    return now


class AudienceFilter:
    """Decides which users a service is for.

    A user counts as included unless the directory says otherwise: so does one without schools or roles there, and every
    user if the service's audience names a school or a role that is not in the configuration.
    """

    def __init__(self, audience: Audience, organization: HostOrganization) -> None:
        schools = [organization.school(text) for text in audience.schools]
        roles: Mapping[str, Role] = {role.value: role for role in Role}
        self._organization = organization
        self._schools = {school.id for school in schools if school} if all(schools) else set[str]()
        known = all(role in roles for role in audience.roles)
        self._roles = {roles[role].affiliations[0] for role in audience.roles} if known else set[str]()

    def includes(self, user: Belonging | None) -> bool:
        """Whether the service is for this user. None: the user's schools and affiliations are not known."""
        if user is None:
            return True
        found = map(self._organization.school, user.schools)
        schools = {school.id for school in found if school is not None}
        roles = {value.lower() for value in user.affiliations} & _OF_A_ROLE
        return _overlap(schools, self._schools) and _overlap(roles, self._roles)


def used_by(
    services: Sequence[Service],
    changes: Sequence[Change],
    organization: HostOrganization,
    belongings: Callable[[], Mapping[str, Belonging]],
) -> list[Service]:
    """The services that are for one of the users whose numbers are changed, by their schools and affiliations after
    these changes; without changes, all. The directory is read only if some service is not for all users. Raises
    DirectoryError."""
    if not changes or not is_limited(service.audience for service in services):
        return list(services)
    now = after_updates(belongings(), (one for one in changes if isinstance(one, Update)))
    users = {now.get(one.feide_name.lower()) for one in changes if isinstance(one, OfNumber)}
    return [one for one in services if any(map(AudienceFilter(one.audience, organization).includes, users))]


def is_limited(audiences: Iterable[Audience]) -> bool:
    """Whether one of them is not for all users."""
    return any(audience.schools or audience.roles for audience in audiences)


def _overlap(theirs: Collection[str], wanted: Collection[str]) -> bool:
    return not theirs or not wanted or not set(theirs).isdisjoint(wanted)


def _values_after(update: Update, attribute: str, values: Iterable[str]) -> tuple[str, ...]:
    now = list(values)
    for step in update.modifications:
        if step.attribute == attribute:
            changed = [value.decode(errors="replace") for value in step.values]
            if step.operation == "add":
                now += changed
            else:
                now = [one for one in now if changed and one not in changed]
    return tuple(now)
