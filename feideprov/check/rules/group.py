"""Rules about eduPersonEntitlement: Grep codes, groups and group-IDs.

Most of them are Feide's own (docs.feide.no, reference/ldap_validator), and are reported as Feide reports them: a
pupil in no group at all is also in no class. A value that cannot be read has a finding of its own, and hides no other:
the rules run on what can be read. A Grep code, a group or a group-ID in a wrong form is not missing, though: it counts
as one that can be the right one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from feideprov.check.finding import Severity
from feideprov.check.person import Person
from feideprov.check.rule import Chapter, Match, Result
from feideprov.feide.entitlement import GREP, GROUP, GROUP_ID, GroupMembership
from feideprov.feide.organization import is_organization_number
from feideprov.messages import Sentence

GROUPS = Chapter("Grep codes and groups", Person)

_CODE = re.compile(r"[A-ZÆØÅ]{2,5}[0-9]{0,2}[.-]?[0-9]{2,4}(?:[.-][0-9]{2,4})?|uuid:[0-9a-fA-F-]{36}|https?://\S+")
"""A subject (NOR0214) or a curriculum (NOR01-06). Whether the code exists is not checked: only Grep knows."""


@GROUPS.rule(
    "P-ENTITLEMENT-FORM",
    Severity.ERROR,
    Sentence(
        "A value of eduPersonEntitlement begins like a Grep code, a group or a group-ID, but does not have "
        "the right form."
    ),
    Sentence(
        "Correct the value. Feide's information model (info_go) describes the form, in the appendices on "
        "eduPersonEntitlement."
    ),
)
def form(person: Person) -> Result:
    return bool(person.entitlements.unread)


@GROUPS.rule(
    "P-GREP-NONE",
    Severity.WARNING,
    Sentence("The pupil has no Grep code."),
    Sentence(
        "Add the Grep code of the pupil's grade. If the pupil shall have no Grep code, accept the finding "
        "in [[check.ignore]], with the reason."
    ),
    title="Missing Grep codes for student",
    expected_when=Sentence("the user goes only to adult education, which has no grades"),
)
def grep_none(person: Person) -> Result:
    held = person.entitlements
    if not person.is_student or held.greps or held.unread_of(GREP):
        return None
    schools = [person.context.place(text).school for text in person.texts("eduPersonOrgUnitDN")]
    if schools and all(school is not None and school.kind == "adult-education" for school in schools):
        return Match(because=Sentence("The user goes only to adult education, which has no grades."))
    return True


@GROUPS.rule(
    "P-GROUPS-NONE",
    Severity.WARNING,
    Sentence("The pupil or teacher is in no group."),
    Sentence(
        "Add the groups. If the user shall be in no group, for example a substitute teacher, accept the "
        "finding in [[check.ignore]], with the reason."
    ),
    title="Missing groups for teacher or pupil",
)
def groups_none(person: Person) -> Result:
    held = person.entitlements
    return person.is_in_class and not held.groups and not held.unread_of(GROUP)


@GROUPS.rule(
    "P-GROUP-CLASS",
    Severity.WARNING,
    Sentence("The pupil is not in a class (a group of type b)."),
    Sentence(
        "Add the class. If the pupil shall be in no class, accept the finding in [[check.ignore]], with the reason."
    ),
    title="Missing basis group for pupil",
)
def class_none(person: Person) -> Result:
    held = person.entitlements
    return person.is_student and all(group.type != "b" for group in held.groups) and not held.unread_of(f"{GROUP}b:")


@GROUPS.rule(
    "P-GROUP-CODE-NONE",
    Severity.WARNING,
    Sentence("A teaching group (type u) has no Grep code."),
    Sentence("Add the Grep code of the subject to the group."),
    title="Group without code",
)
def code_none(person: Person) -> Result:
    return any(not group.grep_code for group in _teaching_groups(person))


@GROUPS.rule(
    "P-GROUP-CODE-FORM",
    Severity.WARNING,
    Sentence("The Grep code of a teaching group is written in a wrong form."),
    Sentence("Write the Grep code of the subject, for example NOR0214."),
    title="Group with invalid code",
)
def code_form(person: Person) -> Result:
    return any(group.grep_code and not _CODE.fullmatch(group.grep_code) for group in _teaching_groups(person))


@GROUPS.rule(
    "P-GROUP-CODE-EXTRA",
    Severity.WARNING,
    Sentence("A group of type a or b has a Grep code. Only teaching groups (type u) have Grep codes."),
    Sentence("Delete the Grep code from the group, or change the type of the group to u (teaching group)."),
)
def code_extra(person: Person) -> Result:
    return any(group.type != "u" and group.grep_code for group in person.entitlements.groups)


@GROUPS.rule(
    "P-GROUP-ORGANIZATION",
    Severity.WARNING,
    Sentence("A group or a group-ID does not have the organization number of a school."),
    Sentence("Look up the number of the school in Brønnøysundregistrene, and correct the group and its group-ID."),
)
def organization(person: Person) -> Result:
    held, test = person.entitlements, person.context.numbers.test
    numbers = [group.organization for group in held.groups] + [group_id.organization for group_id in held.group_ids]
    return not all(is_organization_number(number, test=test) for number in numbers)


@GROUPS.rule(
    "P-GROUPIDS-NONE",
    Severity.WARNING,
    Sentence("The user has groups, but no group-IDs."),
    Sentence("Add a group-ID for each group."),
    title="Missing group IDs",
)
def group_ids_none(person: Person) -> Result:
    held = person.entitlements
    return bool(held.groups) and not held.group_ids and not held.unread_of(GROUP_ID)


@GROUPS.rule(
    "P-GROUP-WITHOUT-ID",
    Severity.WARNING,
    Sentence("At least one of the user's groups has no group-ID."),
    Sentence("Add a group-ID with the same type, organization, local id and dates as the group."),
    title="Groups without a corresponding group ID",
)
def group_without_id(person: Person) -> Result:
    held = person.entitlements
    unread = held.unread_of(GROUP_ID)
    return bool(held.group_ids or unread) and len(held.of_groups - held.canonical) > unread


@GROUPS.rule(
    "P-GROUPID-SHARED",
    Severity.WARNING,
    Sentence(
        "Two groups have the same group-ID: type, organization, local id and dates are the same. Capital "
        "and small letters count as the same."
    ),
    Sentence(
        "Give one of the groups another local id, or delete the wrong group. A group-ID must belong to only one group."
    ),
)
def id_shared(person: Person) -> Result:
    held = person.entitlements
    return len(set(held.groups)) > len(held.of_groups)


@GROUPS.rule(
    "P-GROUPID-WITHOUT-GROUP",
    Severity.WARNING,
    Sentence("A group-ID does not belong to any of the user's groups."),
    Sentence("Delete the group-ID, or add the group that it belongs to."),
    title="Group IDs without a corresponding group",
)
def id_without_group(person: Person) -> Result:
    held = person.entitlements
    return len(held.canonical - held.of_groups) > held.unread_of(GROUP)


@GROUPS.rule(
    "P-GROUPID-FORM",
    Severity.WARNING,
    Sentence("A group-ID is not in standard (canonical) form."),
    Sentence(
        "Write the local id of the group-ID in lower case, and then percent-encode it with capital letters "
        "(%C3, not %c3)."
    ),
    title="Group ID not in canonical form",
)
def id_form(person: Person) -> Result:
    return any(not group_id.is_canonical for group_id in person.entitlements.group_ids)


def _teaching_groups(person: Person) -> Iterator[GroupMembership]:
    return (group for group in person.entitlements.groups if group.type == "u")
