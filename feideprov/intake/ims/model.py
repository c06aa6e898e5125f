"""What a file says: people, groups and memberships, with the words of the format in one spelling.

Nothing here shows what it holds: an id may be an identity number.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from feideprov.intake.ims.vocabulary import GroupKind, RoleKind, UserId


class SourcedId(NamedTuple):
    """Who or what it is: an id, and the system that gave it."""

    source: str
    id: str

    def __repr__(self) -> str:
        return "SourcedId(…)"


class Person(NamedTuple):
    """A person. Each text is as in the file, without white space around it."""

    id: SourcedId
    former: tuple[SourcedId, ...] = ()
    """Ids that the person had before (sourcedidtype Old)."""
    also: tuple[SourcedId, ...] = ()
    """Ids that are used beside `id` (sourcedidtype Duplicate)."""
    userids: tuple[tuple[UserId, str], ...] = ()
    family: str = ""
    given: str = ""
    formatted: str = ""
    birth_date: str = ""
    mail: str = ""
    mobile: str = ""
    language: str = ""
    is_inactive: bool = False
    is_adult: bool = False
    is_external: bool = False
    """A privatist."""
    is_deleted: bool = False

    def __repr__(self) -> str:
        return "Person(…)"


class Group(NamedTuple):
    """A group: a school owner, a school, a grade, a class, a teaching group …"""

    id: SourcedId
    kind: GroupKind
    short: str = ""
    long: str = ""
    parents: tuple[SourcedId, ...] = ()
    begins: date | None = None
    ends: date | None = None
    number: str = ""
    """The organization number, as in the file."""
    codes: tuple[str, ...] = ()
    """Codes of Grep: of a subject, or of a grade."""
    is_deleted: bool = False

    def __repr__(self) -> str:
        return "Group(…)"


class Membership(NamedTuple):
    """What somebody is in a group."""

    group: SourcedId
    role: RoleKind
    is_active: bool = True
    begins: date | None = None
    ends: date | None = None
    is_primary: bool = False

    def __repr__(self) -> str:
        return "Membership(…)"


@dataclass(frozen=True)
class Properties:
    """What the file says of itself; empty where it says nothing."""

    datasource: str = ""
    type: str = ""
    datetime: str = ""


@dataclass
class Enterprise:
    """A whole file."""

    is_pifu: bool = False
    properties: Properties = field(default_factory=Properties)
    people: list[Person] = field(default_factory=list, repr=False)
    lines: list[int] = field(default_factory=list, repr=False)
    """For each person, the line on which the element begins."""
    groups: dict[SourcedId, Group] = field(default_factory=dict, repr=False)
    members: dict[SourcedId, list[Membership]] = field(default_factory=dict, repr=False)
    """For each person, also those who are not in the file."""
    contacts: set[SourcedId] = field(default_factory=set, repr=False)
    """Who is the guardian or next of kin of somebody."""
