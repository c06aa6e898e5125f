"""The entries of the organization and its schools: from the configuration to a plan."""

from __future__ import annotations

from collections.abc import Iterator

from feideprov.directory import rules
from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry, Modification
from feideprov.directory.protocol import Directory
from feideprov.errors import scrub
from feideprov.feide.organization import HostOrganization
from feideprov.issues import Refusal
from feideprov.provision.plan.plan import Plan
from feideprov.provision.plan.unit_changes import CreateUnit, UpdateUnit

_AUXILIARY = (b"eduOrg", b"norEduOrg", b"norEduOrgUnit")
_NUMBERS = ("norEduOrgNIN", "norEduOrgUnitUniqueIdentifier", "norEduOrgSchemaVersion")
"""Of these an entry has one value, and the configuration says which. Of others, several may be somebody's own."""


def plan_units(organization: HostOrganization, directory: Directory) -> Plan:
    """What is missing, and what is not as the configuration says. Nothing is taken away but what is replaced."""
    changes: list[CreateUnit | UpdateUnit] = []
    refusals: list[Refusal] = []
    unchanged = 0
    for wanted in organization.entries(directory.base):
        held = directory.read(wanted.dn)
        steps = () if held is None else tuple(_steps(held, wanted))
        if held is not None and not steps:
            unchanged += 1
        elif others := _others_with_number(directory, wanted):
            refusals.append(Refusal("R-SCHOOL-TWICE", _twice(wanted, others), True))
        else:
            changes.append(CreateUnit(wanted) if held is None else UpdateUnit(wanted.dn, steps))
    return Plan(tuple(changes), tuple(refusals), unchanged)


def _steps(held: Entry, wanted: Entry) -> Iterator[Modification]:
    for attribute, values in wanted.items():
        there = {rules.comparable(attribute, value): value for value in held.values(attribute)}
        coming = {rules.comparable(attribute, value): value for value in values if _may_come(attribute, value)}
        arriving = [value for key, value in coming.items() if key not in there]
        leaving = [value for key, value in there.items() if key not in coming]
        if arriving and leaving and _replaces(attribute, held):
            yield Modification("delete", attribute, tuple(leaving))
        if arriving:
            yield Modification("add", attribute, tuple(arriving))


def _may_come(attribute: str, value: bytes) -> bool:
    """The structural class of an entry never changes (RFC 4512, 2.4.2)."""
    return attribute != "objectClass" or value in _AUXILIARY


def _replaces(attribute: str, held: Entry) -> bool:
    """Does a new value take the place of the old? Not in the entry's own name, nor where several stand side by side."""
    if attribute.lower() in ("objectclass", *(kind.lower() for kind, _ in held.dn.rdns[0])):
        return False
    return attribute in _NUMBERS or len(held.values(attribute)) == 1


def _others_with_number(directory: Directory, wanted: Entry) -> list[DN]:
    """Other entries with the school's number: Feide's validator reports two units with one
    (docs.feide.no, reference/ldap_validator)."""
    number = wanted.text("norEduOrgUnitUniqueIdentifier")
    if number is None or directory.read(directory.base, ("objectClass",)) is None:
        return []
    found = directory.matching("norEduOrgUnitUniqueIdentifier", [number], ("ou",))
    return [entry.dn for entry in found if entry.dn != wanted.dn]


def _twice(wanted: Entry, others: list[DN]) -> str:
    names = " and ".join(scrub(str(dn)) for dn in others)
    return (
        f"{scrub(str(wanted.dn))}: the directory has this school's organization number already, on {names}. Correct dn "
        "in [[schools]], or take the number away there."
    )
