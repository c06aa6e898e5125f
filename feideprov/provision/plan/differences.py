"""What must change for an entry to be as a row says."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Final

from feideprov.directory import rules
from feideprov.directory.dn import fold
from feideprov.directory.entry import Entry, Modification, octets
from feideprov.directory.protocol import NUMBER_ATTRIBUTE
from feideprov.errors import InputError
from feideprov.feide.entitlement import GRADES, GROUPS, GroupMembership
from feideprov.feide.lin import LIN_ATTRIBUTE, read_local_number
from feideprov.feide.mfa import LEVEL_ATTRIBUTE, METHOD_ATTRIBUTE, ServiceLevel, SmsMethod
from feideprov.feide.person import PersonRecord, Role
from feideprov.feide.user import AUXILIARY_CLASSES, HOME_ORGANIZATION_CLASS, FeideUser
from feideprov.provision.plan.directory_state import MANAGED

_NAMES: Final = {"cn", "displayName", "norEduPersonLegalName", "givenName", "sn"}
_CLASSES: Final = {*AUXILIARY_CLASSES, HOME_ORGANIZATION_CLASS}
"""An entry that somebody else made may be of another structural class, which nobody can change."""
_AFFILIATIONS: Final = {affiliation for role in Role for affiliation in role.affiliations}
_IN_GROUPS: Final = {role.in_group for role in Role}
"""What memberships call the roles of a row; `member` and `employee` are other programs'."""


def difference(entry: Entry, user: FeideUser, record: PersonRecord) -> tuple[Modification, ...]:
    """What must be taken away and added for an entry to be as the row says.

    A row owns only what it speaks about: an empty column says nothing, of eduPersonEntitlement only Feide's grade
    and group values are ours, and values that nobody here wrote stay. `record` is the row as it was given, `user`
    what is made of it.
    """
    steps: list[Modification] = []
    for attribute in MANAGED:
        values = user.values.get(attribute, ())
        if not values and attribute != "eduPersonEntitlement":
            continue  # an empty column
        if entry.values(attribute) == tuple([value.encode() for value in values]):
            continue  # nearly always
        wanted = [octets(v) for v in values if attribute != "objectClass" or v in _CLASSES]
        if not _silent(attribute, entry, record):
            steps += _steps(attribute, entry, user, record, wanted)
    return tuple(steps)


def _silent(attribute: str, entry: Entry, record: PersonRecord) -> bool:
    """Does the row say nothing about this attribute, although a new user would get a value made from others?"""
    if attribute == "norEduPersonLegalName" and not record.legal_name:
        # An empty column: the legal name follows the name only where it was the name before.
        return entry.text(attribute) != entry.text("displayName")
    if (attribute == "givenName" and not record.given_name) or (attribute == "sn" and not record.family_name):
        return entry.text("givenName") != entry.text("sn")  # equal: the one name of a person who has only one
    # A local number stands in for the national one: who has that needs none.
    return attribute == LIN_ATTRIBUTE and bool(entry.values(NUMBER_ATTRIBUTE))


def _steps(
    attribute: str, entry: Entry, user: FeideUser, record: PersonRecord, wanted: list[bytes]
) -> list[Modification]:
    held = [(_comparable(attribute, value), value) for value in entry.values(attribute)]
    coming = {_comparable(attribute, value): value for value in wanted}
    leaving = [v for key, v in held if key not in coming and _owned(attribute, v, entry, user, record)]
    arriving = [v for key, v in coming.items() if key not in dict(held)]
    steps = [Modification("delete", attribute, tuple(leaving))] if leaving else []
    return steps + ([Modification("add", attribute, tuple(arriving))] if arriving else [])


def _comparable(attribute: str, value: bytes) -> Hashable:
    if attribute in _NAMES:
        return value  # a server takes OLENA for Olena; for a person the name has changed
    if attribute == METHOD_ATTRIBUTE and (number := _sms_number(value.decode(errors="replace"))):
        return number  # whatever label somebody gave it
    return rules.comparable(attribute, value)


def _owned(attribute: str, value: bytes, entry: Entry, user: FeideUser, record: PersonRecord) -> bool:
    text, realm = value.decode(errors="replace"), user.feide_name.partition("@")[2]
    match attribute:
        case "objectClass":
            return False
        case "eduPersonEntitlement":
            spoken_of = (*((GRADES,) if record.grade else ()), *(GROUPS if record.groups else ()))
            return text.startswith(spoken_of) or text in _of_former_role(entry, record)
        case "eduPersonAffiliation":
            return fold(text) in _AFFILIATIONS
        case "eduPersonScopedAffiliation":
            affiliation, _, scope = fold(text).partition("@")
            return affiliation in _AFFILIATIONS and scope == realm
        case "cn":
            return text == entry.text("displayName")  # the full name as it was before; a user name in cn stays
        case "mail" | "mobile":
            return len(entry.values(attribute)) == 1  # one value is ours to change, a collection is somebody's own
        case "norEduPersonAuthnMethod":  # the number that mobile had until now; other numbers and methods stay
            until_now = [rules.comparable("mobile", mobile) for mobile in entry.values("mobile")]
            number = _sms_number(text)
            return number is not None and until_now == [rules.comparable("mobile", octets(number))]
        case "norEduPersonServiceAuthnLevel":
            return _service(text) in {_service(level) for level in user.values[LEVEL_ATTRIBUTE]}
        case "norEduPersonLIN":
            local = read_local_number(text)
            return local is not None and local.realm == realm and local.kind == "localnin"
        case _:
            return True  # schools, and sn and givenName, which a row states in full


def _of_former_role(entry: Entry, record: PersonRecord) -> set[str]:
    """The grade and groups that somebody had by another role than the row's, when the role has just changed.

    A pupil who is a teacher now is no pupil of the class any more, and in no grade. Whether they teach the class, only
    the groups column says: to write so without it would hand out a teacher's rights.
    """
    role = record.role.in_group
    held = set(map(fold, entry.texts("eduPersonAffiliation")))
    if role in held:
        return set()
    leaving: set[str] = set()
    staying: set[str] = set()
    for text in entry.texts("eduPersonEntitlement"):
        if text.startswith(GRADES) and "student" in held:
            leaving.add(text)
            continue
        try:
            membership = GroupMembership.parse(text)
        except InputError:
            continue
        pair = {text, str(membership.group_id)}
        if membership.role in _IN_GROUPS - {role}:
            leaving |= pair
        else:
            staying |= pair
    return leaving - staying


def _sms_number(text: str) -> str | None:
    try:
        return SmsMethod.parse(text).key
    except InputError:
        return None


def _service(text: str) -> str | None:
    try:
        return ServiceLevel.parse(text).service
    except InputError:
        return None
