"""What an update may take away from an entry: the rules for attributes that also hold values of others.

Each rule looks at one value that the entry holds and that the row does not give. The rows of
`feideprov.feide.attributes` name the rules.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import date
from typing import Final

from feideprov.directory import rules
from feideprov.directory.dn import fold
from feideprov.directory.entry import Entry, octets
from feideprov.errors import InputError
from feideprov.feide.entitlement import Grep, GroupId, GroupMembership, grade_number, read_entitlement
from feideprov.feide.lin import read_local_number
from feideprov.feide.mfa import ServiceLevel, SmsMethod
from feideprov.feide.person import PersonRecord, Role

_AFFILIATIONS: Final = {affiliation for role in Role for affiliation in role.affiliations}
_IN_GROUPS: Final = {role.in_group for role in Role}
"""What memberships call the roles of a row; `member` and `employee` are other programs'."""


@dataclass(frozen=True)
class HeldValue:
    """A value (`text`) of an attribute that the entry holds and the user of the row does not have.

    `record` is the row as it was given, `wanted` are the values that the user has in the attribute, `realm` is the
    organization's. `ended_before`: groups that ended before this day go in any case; None: the list has no groups.
    `left` are the organization numbers (`NO…`) of the schools that the row takes away from the user.
    """

    attribute: str
    text: str
    entry: Entry
    record: PersonRecord
    wanted: tuple[str, ...]
    realm: str
    ended_before: date | None = None
    left: Set[str] = frozenset()


def every_value(_: HeldValue) -> bool:
    """The row states the attribute in full."""
    return True


def only_value(held: HeldValue) -> bool:
    """One value belongs to the row; several are the person's own collection. A value that stays only because it is in
    the entry's own name does not count."""
    there = {rules.comparable(held.attribute, value) for value in held.entry.values(held.attribute)}
    wanted = {rules.comparable(held.attribute, octets(value)) for value in held.wanted}
    return len(there - (rules.in_name(held.entry.dn, held.attribute) - wanted)) <= 1


def full_name(held: HeldValue) -> bool:
    """The full name as it was before; a user name in cn stays."""
    return held.text == held.entry.text("displayName")


def affiliation(held: HeldValue) -> bool:
    """An affiliation that some role has."""
    return fold(held.text) in _AFFILIATIONS


def scoped_affiliation(held: HeldValue) -> bool:
    """The same, in the organization's realm."""
    text, _, scope = fold(held.text).partition("@")
    return text in _AFFILIATIONS and scope == held.realm


def grade(held: HeldValue) -> bool:
    """Another grade, where the row gives one, or any grade, where the person is a pupil no more: by another role, or as
    a student of adult education at another school."""
    grep = _entitlement(held.text)
    if not isinstance(grep, Grep) or grep.grade is None:
        return False
    if _role_changed(held) and "student" in _affiliations(held.entry):
        return True
    if held.left and held.record.role is Role.STUDENT:
        return True
    return bool(held.record.grade) and grep.grade != grade_number(held.record.grade)


def group(held: HeldValue) -> bool:
    """A group or group-ID, where the row gives groups, where the person had it by a role that has just changed, at
    a school that the person leaves, or where it ended: a list with groups leaves nobody in a class of last year, not
    even who is in none yet.

    A pupil who is a teacher now is no longer a pupil of the class. Whether they teach the class, only the groups column
    says: to write so without it would give a teacher's rights. Where a group of the row could not be read
    (`all_groups`), it may be any of those that the entry has: only another value for a group of the row goes.
    """
    value = _entitlement(held.text)
    if not isinstance(value, GroupMembership | GroupId):
        return False
    if (held.ended_before and value.ends < held.ended_before) or value.organization in held.left:
        return True
    if _role_changed(held) and held.text in _groups_of_other_roles(held):
        return True
    if held.record.all_groups:
        return bool(held.record.groups)
    return isinstance(value, GroupMembership) and str(value.group_id) in held.wanted


def local_number(held: HeldValue) -> bool:
    """A number that this organization invented (`localnin`)."""
    local = read_local_number(held.text)
    return local is not None and local.realm == held.realm and local.kind == "localnin"


def sms_method(held: HeldValue) -> bool:
    """The SMS method with the number that `mobile` had until now; other numbers and methods stay."""
    number = sms_number(held.text)
    until_now = [rules.comparable("mobile", mobile) for mobile in held.entry.values("mobile")]
    return number is not None and until_now == [rules.comparable("mobile", octets(number))]


def service_level(held: HeldValue) -> bool:
    """The level of a service for which the row gives another one."""
    return _service(held.text) in {_service(level) for level in held.wanted}


def sms_number(text: str) -> str | None:
    """The mobile number of an SMS method; None for another method, or none."""
    try:
        return SmsMethod.parse(text).key
    except InputError:
        return None


def _service(text: str) -> str | None:
    try:
        return ServiceLevel.parse(text).service
    except InputError:
        return None


def _entitlement(text: str) -> Grep | GroupMembership | GroupId | None:
    """What a value says; None for one that cannot be read: nobody knows what it was meant to be, so it stays."""
    try:
        return read_entitlement(text)
    except InputError:
        return None


def _affiliations(entry: Entry) -> set[str]:
    return set(map(fold, entry.texts("eduPersonAffiliation")))


def _role_changed(held: HeldValue) -> bool:
    return held.record.role.in_group not in _affiliations(held.entry)


def _groups_of_other_roles(held: HeldValue) -> set[str]:
    """The groups, with their group-IDs, that the entry has by other roles than the row's, and by none that stays."""
    leaving: set[str] = set()
    staying: set[str] = set()
    for text in held.entry.texts("eduPersonEntitlement"):
        try:
            membership = GroupMembership.parse(text)
        except InputError:
            continue
        pair = {text, str(membership.group_id)}
        if membership.role in _IN_GROUPS - {held.record.role.in_group}:
            leaving |= pair
        else:
            staying |= pair
    return leaving - staying
