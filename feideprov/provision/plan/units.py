"""The entries of the organization and its schools: from the configuration to a plan."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from feideprov.directory import rules
from feideprov.directory.attribute_description import attribute_key
from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry, Modification
from feideprov.directory.protocol import Directory
from feideprov.errors import scrub
from feideprov.feide.organization import HostOrganization
from feideprov.issues import Refusal, code
from feideprov.messages import Sentence, listed
from feideprov.provision.plan.plan import Plan
from feideprov.provision.plan.unit_changes import CreateUnit, UpdateUnit

R_SCHOOL_TWICE: Final = code(
    "R-SCHOOL-TWICE",
    Sentence("Held: another entry has the school's organization number."),
    Sentence("Correct dn in [[schools]], or remove the organization number from the other entry."),
)
_AUXILIARY = (b"eduOrg", b"norEduOrg", b"norEduOrgUnit")
_NUMBERS = ("norEduOrgNIN", "norEduOrgUnitUniqueIdentifier", "norEduOrgSchemaVersion")
"""An entry has one value of each of these: the one in the configuration. Of other attributes, somebody may have added
values."""


def plan_units(organization: HostOrganization, directory: Directory) -> Plan:
    """A plan for what is missing in the directory, or differs from the configuration. A value is removed only when
    another one replaces it."""
    changes: list[CreateUnit | UpdateUnit] = []
    refusals: list[Refusal] = []
    unchanged = 0
    for wanted in organization.entries(directory.base):
        held = directory.read(wanted.dn)
        steps = () if held is None else tuple(_steps(held, wanted))
        if held is not None and not steps:
            unchanged += 1
        elif others := _others_with_number(directory, wanted):
            refusals.append(Refusal(R_SCHOOL_TWICE, _number_twice(wanted, others), True))
        else:
            changes.append(CreateUnit(wanted) if held is None else UpdateUnit(wanted.dn, steps))
    return Plan(tuple(changes), tuple(refusals), unchanged)


def _steps(held: Entry, wanted: Entry) -> Iterator[Modification]:
    for attribute, values in wanted.items():
        present = {rules.comparable(attribute, value): value for value in held.values(attribute)}
        coming = {rules.comparable(attribute, value): value for value in values if _may_come(attribute, value)}
        arriving = [value for key, value in coming.items() if key not in present]
        leaving = [value for key, value in present.items() if key not in coming]
        if arriving and leaving and _replaces(attribute, held):
            yield Modification("delete", attribute, tuple(leaving))
        if arriving:
            yield Modification("add", attribute, tuple(arriving))


def _may_come(attribute: str, value: bytes) -> bool:
    """The structural class of an entry never changes (RFC 4512, 2.4.2)."""
    return attribute != "objectClass" or value in _AUXILIARY


def _replaces(attribute: str, held: Entry) -> bool:
    """Does a new value replace the old one? Not in the DN, and not when there are several old values."""
    if attribute_key(attribute) in ("objectclass", *(attribute_key(kind) for kind, _ in held.dn.rdns[0])):
        return False
    return attribute in _NUMBERS or len(held.values(attribute)) == 1


def _others_with_number(directory: Directory, wanted: Entry) -> list[DN]:
    """Other entries with the school's number: Feide's validator reports two units with one
    (docs.feide.no, reference/ldap_validator)."""
    number = wanted.text("norEduOrgUnitUniqueIdentifier")
    if number is None or directory.read(directory.base, ("objectClass",)) is None:
        return []
    holders = directory.matching("norEduOrgUnitUniqueIdentifier", [number], ("ou",))
    return [entry.dn for entry in holders if entry.dn != wanted.dn]


def _number_twice(wanted: Entry, others: list[DN]) -> Sentence:
    return Sentence(
        "{dn}: this school's organization number is already on {others}. Correct dn in [[schools]], or remove "
        "the number from {others}.",
        dn=scrub(str(wanted.dn)),
        others=listed(scrub(str(dn)) for dn in others),
    )
