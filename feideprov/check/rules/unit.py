"""Rules about the entries of the organization and its schools (info_go 2018-03)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from stdnum.no import orgnr

from feideprov.check.context import SCHOOL_NUMBER, CheckContext
from feideprov.check.finding import Severity
from feideprov.check.rule import ABOUT, Chapter, Match, Result, named
from feideprov.check.rules.attributes import EXTRA_WHITESPACE, MISSING, has_extra_spaces
from feideprov.check.rules.belonging import MISSING_UNIT
from feideprov.directory.dn import DN, fold
from feideprov.directory.entry import Entry
from feideprov.encodings import is_damaged
from feideprov.feide.organization import HostOrganization, School, is_organization_number
from feideprov.messages import Sentence, listed
from feideprov.schema import Node, mandatory
from feideprov.text import shown
from feideprov.unit_names import unit_name

SCHEMA_VERSION = "2.0"
NUMBER = {Node.ORGANIZATION: "norEduOrgNIN", Node.SCHOOL: SCHOOL_NUMBER}
NAME = {Node.ORGANIZATION: "eduOrgLegalName", Node.SCHOOL: "ou"}
_TEXTS = ("eduOrgLegalName", "o", "ou", "mail", "postalAddress")
_WORDS = {Node.ORGANIZATION: Sentence("organization"), Node.SCHOOL: Sentence("school")}
_FORM = re.compile(r"NO[0-9]{9}")


@dataclass(frozen=True, repr=False)
class Unit:
    """The organization or a school: its entry, if it exists, and its configuration, if there is one.

    `schools_by_number`: all schools, by their numbers, folded. `test`: synthetic organizations are right.
    """

    node: Node
    dn: DN
    entry: Entry | None
    wanted: HostOrganization | School | None
    schools_by_number: Mapping[str, Sequence[Unit]] = field(default_factory=dict)
    test: bool = False

    def texts(self, attribute: str) -> list[str]:
        return self.entry.texts(attribute) if self.entry else []

    @property
    def name(self) -> Sentence:
        """The name that messages use: that of the configuration, otherwise that of the entry, with its DN."""
        if self.wanted is not None:
            return unit_name(self.wanted)
        of_dn = {value for _, value in self.dn.own}
        texts = [shown(text) for text in sorted(self.texts(NAME[self.node]), key=of_dn.__contains__)]
        return Sentence("{name} ({dn})", name=next(filter(None, texts), _WORDS[self.node]), dn=shown(str(self.dn)))

    @property
    def numbers(self) -> list[str]:
        return self.texts(NUMBER[self.node])

    def others_with(self, number: str) -> list[Unit]:
        """The other schools with a number."""
        return [unit for unit in self.schools_by_number.get(fold(number), ()) if unit is not self]


UNITS = Chapter("The organization and its schools", Unit)


def units(context: CheckContext) -> Iterator[Unit]:
    """The organization, its schools, and the other schools of the directory."""
    organization = context.organization
    wanted: dict[DN, HostOrganization | School] = {school.dn: school for school in organization.schools}
    schools: dict[DN, Entry | None] = {dn: context.directory.read(dn) for dn in wanted}
    for found in context.directory.having([SCHOOL_NUMBER], ["*"]):
        schools.setdefault(found.dn, found)
    numbered: dict[str, list[Unit]] = {}
    test = context.numbers.test
    yield Unit(Node.ORGANIZATION, organization.dn, context.directory.read(organization.dn), organization, test=test)
    of_schools = [Unit(Node.SCHOOL, dn, entry, wanted.get(dn), numbered, test) for dn, entry in schools.items()]
    for unit in of_schools:
        for number in set(map(fold, unit.numbers)):
            numbered.setdefault(number, []).append(unit)
    yield from of_schools


def _absent_rule(node: Node) -> None:
    @UNITS.rule(
        f"O-{node.name}-NOWHERE",
        Severity.ERROR,
        Sentence("The {unit}'s entry does not exist, or the bind account has no right to read it.", unit=_WORDS[node]),
        Sentence("Correct dn in the configuration, or create the entry: feideprov init --directory"),
        title=MISSING_UNIT if node is Node.SCHOOL else None,
    )
    def nowhere(unit: Unit) -> Result:
        return unit.node is node and unit.entry is None


def _missing_rule(node: Node, name: str) -> None:
    @UNITS.rule(
        f"O-{node.name}-MISSING-{name.upper()}",
        Severity.ERROR,
        Sentence(
            "{attribute} is missing in the {unit}'s entry. This attribute is mandatory.",
            unit=_WORDS[node],
            attribute=name,
        ),
        Sentence("Add a value to {attribute}.", attribute=name),
        title=MISSING,
    )
    def missing(unit: Unit) -> Result:
        return unit.node is node and unit.entry is not None and not any(map(str.strip, unit.texts(name)))


for _node in (Node.ORGANIZATION, Node.SCHOOL):
    _absent_rule(_node)
    for _one in mandatory(_node):
        _missing_rule(_node, _one.name)


@UNITS.rule(
    "O-NUMBER-FORM",
    Severity.ERROR,
    Sentence("{about} must be “NO” and nine digits, without spaces.", about=ABOUT),
    Sentence("Write “NO” and the nine digits of the organization number, without spaces."),
)
def number_form(unit: Unit) -> Result:
    return named(NUMBER[unit.node] for text in unit.numbers if not _FORM.fullmatch(text))


@UNITS.rule(
    "O-NUMBER-CHECK",
    Severity.ERROR,
    Sentence("The check digit in {about} is wrong, so this is not an organization number.", about=ABOUT),
    Sentence("Look up the organization number in Brønnøysundregistrene, and correct it."),
)
def number_check(unit: Unit) -> Result:
    return named(NUMBER[unit.node] for text in unit.numbers if _FORM.fullmatch(text) and not orgnr.is_valid(text[2:]))


@UNITS.rule(
    "O-NUMBER-SERIES",
    Severity.ERROR,
    Sentence(
        "{about} is not an organization number: they begin with 8 or 9, or with 2 or 3 in a test directory.",
        about=ABOUT,
    ),
    Sentence("Look up the organization number in Brønnøysundregistrene, and correct it."),
)
def number_series(unit: Unit) -> Result:
    numbers = (text for text in unit.numbers if _FORM.fullmatch(text) and orgnr.is_valid(text[2:]))
    return named(NUMBER[unit.node] for text in numbers if not is_organization_number(text, test=unit.test))


@UNITS.rule(
    "O-NUMBER-TWICE",
    Severity.ERROR,
    Sentence("Another school has the same norEduOrgUnitUniqueIdentifier: {about}.", about=ABOUT),
    Sentence("Give each school its own organization number."),
    title="Duplicate identifier in norEduOrgUnitUniqueIdentifier",
)
def number_twice(unit: Unit) -> Result:
    others = {other.dn: other.name for number in unit.numbers for other in unit.others_with(number)}
    return Match(listed(others.values())) if others else None


@UNITS.rule(
    "O-SPACES",
    Severity.WARNING,
    Sentence("An attribute has two spaces in a row, or a space at the beginning or end: {about}.", about=ABOUT),
    Sentence("Write the value with single spaces."),
    title=EXTRA_WHITESPACE,
)
def spaces(unit: Unit) -> Result:
    return named(name for name in _TEXTS if has_extra_spaces(unit.texts(name)))


@UNITS.rule(
    "O-NAME-SPOILED",
    Severity.WARNING,
    Sentence("Letters in a name or an address were damaged (“SkÃ¸yen”): {about}.", about=ABOUT),
    Sentence("Write the value again. The data was once read in a wrong encoding."),
)
def name_spoiled(unit: Unit) -> Result:
    return named(name for name in _TEXTS if any(map(is_damaged, unit.texts(name))))


@UNITS.rule(
    "O-SCHEMA-VERSION",
    Severity.WARNING,
    Sentence(
        "norEduOrgSchemaVersion is not {version}. {version} is the version that Feide's information model requires.",
        version=SCHEMA_VERSION,
    ),
    Sentence(
        "When the entries are as version {version} requires, write {version} to norEduOrgSchemaVersion.",
        version=SCHEMA_VERSION,
    ),
)
def schema_version(unit: Unit) -> Result:
    return any(text != SCHEMA_VERSION for text in unit.texts("norEduOrgSchemaVersion"))


@UNITS.rule(
    "O-DIFFERS",
    Severity.WARNING,
    Sentence("The entry and the configuration have different values: {about}.", about=ABOUT),
    Sentence(
        "Find out which value is right, and correct the other. To write the values of the configuration to "
        "the entry, run: feideprov init --directory"
    ),
)
def differs(unit: Unit) -> Result:
    if unit.wanted is None:
        return None
    wanted = {NAME[unit.node]: unit.wanted.name, NUMBER[unit.node]: unit.wanted.number, "mail": unit.wanted.mail}
    return named(name for name, value in wanted.items() if _differs(unit, name, value))


@UNITS.rule(
    "O-SCHOOL-UNKNOWN",
    Severity.NOTE,
    Sentence("The directory has a school that is not in the configuration."),
    Sentence("Add the school to [[schools]]. Then check knows what kind of school it is, and what is normal there."),
)
def school_unknown(unit: Unit) -> Result:
    return unit.wanted is None


def _differs(unit: Unit, name: str, value: str) -> bool:
    held = unit.texts(name)
    if name == NUMBER[unit.node]:  # a wrong number has its own finding
        right = [text for text in held if is_organization_number(text, test=unit.test)]
        held = [text for text in right if not unit.others_with(text)]
    return bool(held) and fold(value) not in map(fold, held)
