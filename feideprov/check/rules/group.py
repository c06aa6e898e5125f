"""Rules about eduPersonEntitlement: Grep codes, groups and group-IDs.

Most of them are Feide's own (docs.feide.no, reference/ldap_validator), and are told as Feide tells them: a pupil in no
group at all is also in no class. A user with a value that cannot be read gets that one finding: what the value was
meant to be is not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from feideprov.check.finding import Severity
from feideprov.check.person import Person
from feideprov.check.rule import Answer, Chapter, Hit
from feideprov.feide.entitlement import GroupMembership

GROUPS = Chapter("Grep codes and groups", Person)

_CODE = re.compile(r"[A-ZÆØÅ]{2,5}[0-9]{0,2}[.-]?[0-9]{2,4}(?:[.-][0-9]{2,4})?|uuid:[0-9a-fA-F-]{36}|https?://\S+")
"""A subject (NOR0214) or a curriculum (NOR01-06). Whether there is such a code, only Grep itself knows."""
_LEAVE = "If that is as it should be, accept it in [[check.ignore]] with the reason."


def _readable(person: Person) -> bool:
    """Can all of it be read?"""
    return not person.entitlements.broken


@GROUPS.rule(
    "P-ENTITLEMENT-FORM",
    Severity.ERROR,
    "A value of eduPersonEntitlement begins as a Grep code, a group or a group-ID of Feide's, but cannot be read.",
    "Write it again: info_go describes its parts, dates and percent-encoding (appendices on eduPersonEntitlement).",
)
def form(person: Person) -> Answer:
    return person.entitlements.broken


@GROUPS.rule(
    "P-GREP-NONE",
    Severity.WARNING,
    "The pupil has no Grep code.",
    f"Write the code of the pupil's grade. {_LEAVE}",
    title="Missing Grep codes for student",
    expected_when="all the user's schools are adult education, which has no grades",
)
def grep_none(person: Person) -> Answer:
    if not (_readable(person) and person.is_student) or person.entitlements.greps:
        return None
    schools = [person.around.place(text).school for text in person.texts("eduPersonOrgUnitDN")]
    if schools and all(school is not None and school.kind == "adult-education" for school in schools):
        return Hit(because="Adult education has no grades.")
    return True


@GROUPS.rule(
    "P-GROUPS-NONE",
    Severity.WARNING,
    "The pupil or teacher is in no group.",
    f"Write the groups. A substitute teacher may have none. {_LEAVE}",
    title="Missing groups for teacher or pupil",
)
def groups_none(person: Person) -> Answer:
    return _readable(person) and person.is_in_class and not person.entitlements.groups


@GROUPS.rule(
    "P-GROUP-CLASS",
    Severity.WARNING,
    "The pupil is in no class (a group of type b).",
    f"Write the class. {_LEAVE}",
    title="Missing basis group for pupil",
)
def class_none(person: Person) -> Answer:
    return _readable(person) and person.is_student and all(group.type != "b" for group in person.entitlements.groups)


@GROUPS.rule(
    "P-GROUP-CODE-NONE",
    Severity.WARNING,
    "A teaching group (type u) has no Grep code.",
    "Write the code of its subject.",
    title="Group without code",
)
def code_none(person: Person) -> Answer:
    return any(not group.grep_code for group in _teaching_groups(person))


@GROUPS.rule(
    "P-GROUP-CODE-FORM",
    Severity.WARNING,
    "The Grep code of a teaching group has not the form of one.",
    "Write the code of its subject, such as NOR0214.",
    title="Group with invalid code",
)
def code_form(person: Person) -> Answer:
    return any(group.grep_code and not _CODE.fullmatch(group.grep_code) for group in _teaching_groups(person))


@GROUPS.rule(
    "P-GROUP-CODE-EXTRA",
    Severity.WARNING,
    "A group that is no teaching group (type a or b) has a Grep code.",
    "Leave the code out, or make it a teaching group (u).",
)
def code_extra(person: Person) -> Answer:
    return any(group.type != "u" and group.grep_code for group in person.entitlements.groups)


@GROUPS.rule(
    "P-GROUPIDS-NONE",
    Severity.WARNING,
    "The user has groups and no group-IDs.",
    "Write a group-ID for each group.",
    title="Missing group IDs",
)
def group_ids_none(person: Person) -> Answer:
    held = person.entitlements
    return _readable(person) and bool(held.groups) and not held.group_ids


@GROUPS.rule(
    "P-GROUP-WITHOUT-ID",
    Severity.WARNING,
    "A group has no group-ID of its own.",
    "Write its group-ID: same type, organization, local id and dates.",
    title="Groups without a corresponding group ID",
)
def group_without_id(person: Person) -> Answer:
    held = person.entitlements
    return _readable(person) and bool(held.group_ids) and not held.of_groups <= held.canonical


@GROUPS.rule(
    "P-GROUPID-SHARED",
    Severity.WARNING,
    "Two groups share one group-ID: type, organization, local id (capitals aside) and dates are the same.",
    "Give one of them another local id, or take away the one that is not right. A group-ID belongs to one group.",
)
def id_shared(person: Person) -> Answer:
    held = person.entitlements
    return len(set(held.groups)) > len(held.of_groups)


@GROUPS.rule(
    "P-GROUPID-WITHOUT-GROUP",
    Severity.WARNING,
    "A group-ID belongs to no group of the user's.",
    "Take it away, or write its group.",
    title="Group IDs without a corresponding group",
)
def id_without_group(person: Person) -> Answer:
    held = person.entitlements
    return _readable(person) and not held.canonical <= held.of_groups


@GROUPS.rule(
    "P-GROUPID-FORM",
    Severity.WARNING,
    "A group-ID is not in canonical form.",
    "Write its local id in lower case first, then percent-encoded with capital hexadecimal digits.",
    title="Group ID not in canonical form",
)
def id_form(person: Person) -> Answer:
    return any(not group_id.is_canonical for group_id in person.entitlements.group_ids)


def _teaching_groups(person: Person) -> Iterator[GroupMembership]:
    return (group for group in person.entitlements.groups if group.type == "u")
