"""The users as slips and sheets need them: name, school, classes, grade and language, as the directory has them now."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple

from feideprov.directory.entry import Entry
from feideprov.directory.protocol import NAME_ATTRIBUTE, Directory, name_of
from feideprov.errors import InputError
from feideprov.feide.entitlement import Grep, GroupMembership, read_entitlement
from feideprov.feide.organization import HostOrganization
from feideprov.journal.presence import Presence
from feideprov.journal.user.protection import READ
from feideprov.journal.users import KnownUsers
from feideprov.services.audience import AFFILIATIONS, SCHOOLS, Belonging
from feideprov.text import shown

_PRIMARY: Final = "eduPersonPrimaryOrgUnitDN"
_ENTITLEMENT: Final = "eduPersonEntitlement"
_LANGUAGE: Final = "preferredLanguage"
_PUPIL: Final = "student"


class SchoolClass(NamedTuple):
    """A class of a school. `school` is the id in the configuration; empty when it is not known. `name` is empty for
    those who are in no class."""

    school: str
    name: str


@dataclass(frozen=True)
class Member:
    """One user. `protected`: the person is protected, or may be."""

    user: str
    name: str = field(repr=False, default="")
    school: str = ""
    """The id of the user's primary school."""
    classes: tuple[SchoolClass, ...] = ()
    grade: int | None = None
    """1 to 10, and 11 to 13 for vg1 to vg3."""
    language: str = field(repr=False, default="")
    belonging: Belonging = field(default_factory=Belonging)
    """What decides which services the user has."""
    protected: bool = False


def roster(
    directory: Directory,
    known_users: KnownUsers,
    organization: HostOrganization,
    *,
    source_id_attribute: str,
    on: date,
) -> dict[str, Member]:
    """The users who can log in, by Feide name in lower case.

    Raises DirectoryError when the directory cannot be read, or shows too few of the users that the journal knows.
    """
    presence, protection = Presence(known_users), known_users.protection(source_id_attribute)
    entries = list[Entry]()
    wanted = (*READ, source_id_attribute, _PRIMARY, SCHOOLS, AFFILIATIONS, _ENTITLEMENT, _LANGUAGE)
    for entry in directory.having([NAME_ATTRIBUTE], wanted):
        presence.add(entry)
        protection.add(entry)
        if not known_users.is_closed(name_of(entry), entry.dn):
            entries.append(entry)
    presence.check()
    return {
        name_of(entry): _member(entry, organization, on, protected=protection.covers(entry.dn)) for entry in entries
    }


def _member(entry: Entry, organization: HostOrganization, on: date, *, protected: bool) -> Member:
    classes, grade = dict[SchoolClass, None](), None
    for text in entry.texts(_ENTITLEMENT):
        with suppress(InputError):
            value = read_entitlement(text)
            if isinstance(value, Grep):
                grade = value.grade or grade
            elif isinstance(value, GroupMembership) and _is_class(value) and value.is_valid_on(on):
                classes[SchoolClass(_school([value.organization], organization), shown(value.name))] = None
    school = _school([*entry.texts(_PRIMARY), *entry.texts(SCHOOLS)], organization)
    names = (entry.text(name) or "" for name in ("givenName", "sn"))
    return Member(
        name_of(entry),
        shown(entry.text("displayName") or " ".join(names)),
        school,
        tuple(classes),
        grade,
        entry.text(_LANGUAGE) or "",
        Belonging(tuple(entry.texts(SCHOOLS)), tuple(entry.texts(AFFILIATIONS))),
        protected,
    )


def _is_class(membership: GroupMembership) -> bool:
    """Whether somebody is a pupil in a class. Its teachers are members too."""
    return membership.type == "b" and membership.role == _PUPIL


def _school(texts: list[str], organization: HostOrganization) -> str:
    """The id of the first of these schools that the configuration has."""
    return next((school.id for school in map(organization.school, texts) if school is not None), "")
