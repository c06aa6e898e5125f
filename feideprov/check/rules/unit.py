"""Rules about the entries of the organization and its schools (info_go 2018-03)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from feideprov.check.context import SCHOOL_NUMBER, CheckContext
from feideprov.check.finding import Severity
from feideprov.check.rule import Answer, Chapter, named
from feideprov.check.rules.attributes import MISSING
from feideprov.check.rules.belonging import MISSING_UNIT
from feideprov.directory.dn import DN, fold
from feideprov.directory.entry import Entry
from feideprov.feide.organization import HostOrganization, OrganizationNumber, School
from feideprov.schema import Node, mandatory

SCHEMA_VERSION = "2.0"
NUMBER = {Node.ORGANIZATION: "norEduOrgNIN", Node.SCHOOL: SCHOOL_NUMBER}
NAME = {Node.ORGANIZATION: "eduOrgLegalName", Node.SCHOOL: "ou"}
_WORDS = {Node.ORGANIZATION: "organization", Node.SCHOOL: "school"}
_FORM = re.compile(r"NO[0-9]{9}")
_ORGANIZATION_NUMBER: TypeAdapter[str] = TypeAdapter(OrganizationNumber)


@dataclass(frozen=True, repr=False)
class Unit:
    """The organization or a school: its entry, if it is there, and what the configuration says, if it does.

    `shared_numbers` are those that more than one unit of its kind has, folded.
    """

    node: Node
    dn: DN
    entry: Entry | None
    wanted: HostOrganization | School | None
    shared_numbers: frozenset[str] = frozenset()

    def texts(self, attribute: str) -> list[str]:
        return self.entry.texts(attribute) if self.entry else []

    @property
    def numbers(self) -> list[str]:
        return self.texts(NUMBER[self.node])


UNITS = Chapter("The organization and its schools", Unit)


def units(around: CheckContext) -> Iterator[Unit]:
    """The organization, its schools, and the other schools of the directory."""
    organization = around.organization
    wanted: dict[DN, HostOrganization | School] = {school.dn: school for school in organization.schools}
    schools: dict[DN, Entry | None] = {dn: around.directory.read(dn) for dn in wanted}
    for found in around.directory.having([SCHOOL_NUMBER], ["*"]):
        schools.setdefault(found.dn, found)
    counted = Counter(
        text for entry in schools.values() if entry for text in set(map(fold, entry.texts(SCHOOL_NUMBER)))
    )
    shared = frozenset(text for text, times in counted.items() if times > 1)
    yield Unit(Node.ORGANIZATION, organization.dn, around.directory.read(organization.dn), organization)
    for dn, entry in schools.items():
        yield Unit(Node.SCHOOL, dn, entry, wanted.get(dn), shared)


def _absent_rule(node: Node) -> None:
    @UNITS.rule(
        f"O-{node.name}-NOWHERE",
        Severity.ERROR,
        f"The entry of the {_WORDS[node]} that the configuration names is not there, or the account may not see it.",
        "Make it with feideprov init --directory, or correct dn in the configuration.",
        title=MISSING_UNIT if node is Node.SCHOOL else None,
    )
    def nowhere(unit: Unit) -> Answer:
        return unit.node is node and unit.entry is None


def _missing_rule(node: Node, name: str) -> None:
    @UNITS.rule(
        f"O-{node.name}-MISSING-{name.upper()}",
        Severity.ERROR,
        f"The {_WORDS[node]}'s entry lacks {name}; it is mandatory.",
        f"Write {name}.",
        title=MISSING,
    )
    def missing(unit: Unit) -> Answer:
        return unit.node is node and unit.entry is not None and not any(map(str.strip, unit.texts(name)))


for _node in (Node.ORGANIZATION, Node.SCHOOL):
    _absent_rule(_node)
    for _one in mandatory(_node):
        _missing_rule(_node, _one.name)


@UNITS.rule(
    "O-NUMBER-FORM",
    Severity.ERROR,
    "{about} is not NO and nine digits, without spaces.",
    "Write the organization number so.",
)
def number_form(unit: Unit) -> Answer:
    return named(NUMBER[unit.node] for text in unit.numbers if not _FORM.fullmatch(text))


@UNITS.rule(
    "O-NUMBER-CHECK",
    Severity.ERROR,
    "The check digit in {about} does not hold, so this is no organization number.",
    "Look the number up in Brønnøysundregistrene.",
)
def number_check(unit: Unit) -> Answer:
    return named(NUMBER[unit.node] for text in unit.numbers if _FORM.fullmatch(text) and not _is_number(text))


@UNITS.rule(
    "O-NUMBER-TWICE",
    Severity.ERROR,
    "Another school has the same norEduOrgUnitUniqueIdentifier.",
    "Give each school its own organization number.",
    title="Duplicate identifier in norEduOrgUnitUniqueIdentifier",
)
def number_twice(unit: Unit) -> Answer:
    return not unit.shared_numbers.isdisjoint(map(fold, unit.numbers))


@UNITS.rule(
    "O-SCHEMA-VERSION",
    Severity.WARNING,
    f"norEduOrgSchemaVersion is not {SCHEMA_VERSION}, the version of this information model.",
    f"Write {SCHEMA_VERSION} when the entries follow it.",
)
def schema_version(unit: Unit) -> Answer:
    return any(text != SCHEMA_VERSION for text in unit.texts("norEduOrgSchemaVersion"))


@UNITS.rule(
    "O-DIFFERS",
    Severity.WARNING,
    "The entry and the configuration differ in {about}.",
    "Correct whichever is wrong; feideprov init --directory brings the entry up to the configuration.",
)
def differs(unit: Unit) -> Answer:
    if unit.wanted is None:
        return None
    wanted = {NAME[unit.node]: unit.wanted.name, NUMBER[unit.node]: unit.wanted.number, "mail": unit.wanted.mail}
    return named(name for name, value in wanted.items() if _differs(unit, name, value))


@UNITS.rule(
    "O-SCHOOL-UNKNOWN",
    Severity.NOTE,
    "The directory has a school that the configuration does not name.",
    "Add it to [[schools]]: what is expected of its users depends on its kind.",
)
def school_unknown(unit: Unit) -> Answer:
    return unit.wanted is None


def _differs(unit: Unit, name: str, value: str) -> bool:
    held = unit.texts(name)
    if name == NUMBER[unit.node]:  # a wrong number has a finding of its own
        held = [text for text in held if _is_number(text) and fold(text) not in unit.shared_numbers]
    return bool(held) and fold(value) not in map(fold, held)


def _is_number(text: str) -> bool:
    try:
        _ORGANIZATION_NUMBER.validate_python(text)
    except ValidationError:
        return False
    return True
