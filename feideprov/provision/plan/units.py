"""The entries of the organization and its schools: from the configuration to a plan, and whether they are there for
the users of a list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from feideprov.directory import rules
from feideprov.directory.attribute_description import attribute_key
from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry, Modification
from feideprov.directory.protocol import Directory
from feideprov.errors import ConfigurationError, Refused, scrub
from feideprov.feide.organization import HostOrganization, School
from feideprov.feide.person import PersonRecord
from feideprov.issues import Refusal, code
from feideprov.messages import Sentence, joined, listed
from feideprov.provision.plan.changes import Change, Create, Update
from feideprov.provision.plan.plan import Plan
from feideprov.provision.plan.unit_changes import CreateUnit, UpdateUnit
from feideprov.unit_names import unit_at, unit_name

R_SCHOOL_TWICE: Final = code(
    "R-SCHOOL-TWICE",
    Sentence("Held: another entry has the school's organization number."),
    Sentence("Correct dn in [[schools]], or remove the organization number from the other entry."),
)
R_SCHOOL_NOWHERE: Final = code(
    "R-SCHOOL-NOWHERE",
    Sentence(
        "Held: the entry of the school or of the organization does not exist, is not an organizational unit, or the "
        "bind account has no right to read it. No user is to point to such an entry."
    ),
    Sentence("Correct dn in the configuration, or create the entry: feideprov init --directory"),
)
_AUXILIARY = (b"eduOrg", b"norEduOrg", b"norEduOrgUnit")
_NUMBERS = ("norEduOrgNIN", "norEduOrgUnitUniqueIdentifier", "norEduOrgSchemaVersion")
"""An entry has one value of each of these: the one in the configuration. Of other attributes, somebody may have added
values."""

_KINDS: Final = {"organizationalunit", "noreduorgunit", "organization", "noreduorg", "domain"}
"""Object classes of organizations and schools; one is enough. What else their entries need, `check` says."""
_TO_ORGANIZATION: Final = "eduPersonOrgDN"
_POINTERS: Final = (_TO_ORGANIZATION, "eduPersonOrgUnitDN", "eduPersonPrimaryOrgUnitDN")

UnusableUnits = Mapping[DN, Sentence]
"""Entries to which no user is to point, each with the reason."""


def require_within(organization: HostOrganization, base: DN) -> None:
    """Raises ConfigurationError when the organization, a school or the users are not below the directory's base."""
    places: list[tuple[str, DN, HostOrganization | School | None]] = [
        ("organization.dn", organization.dn, organization),
        ("directory.users_dn", organization.people, None),
        *((Sentence("schools.dn of {id}", id=school.id), school.dn, school) for school in organization.schools),
    ]
    for setting, dn, unit in places:
        if not dn.is_within(base):
            outside = Sentence(
                "{setting} ({dn}) is not below the directory's base {base}. Correct {setting} or base_dn.",
                setting=setting,
                dn=scrub(str(dn)),
                base=scrub(str(base)),
            )
            whose = Sentence("It is the DN of {unit}.", unit=unit_name(unit)) if unit else ""
            raise ConfigurationError(joined([outside, whose]))


def plan_units(organization: HostOrganization, directory: Directory) -> Plan:
    """A plan for what is missing in the directory, or differs from the configuration. A value is removed only when
    another one replaces it."""
    changes: list[CreateUnit | UpdateUnit] = []
    refusals: list[Refusal] = []
    unchanged = 0
    names = {organization.dn: (organization.name, "")} | {one.dn: ("", one.name) for one in organization.schools}
    for wanted in organization.entries(directory.base):
        held = directory.read(wanted.dn)
        steps = () if held is None else tuple(_steps(held, wanted))
        if held is not None and not steps:
            unchanged += 1
        elif others := _others_with_number(directory, wanted):
            refusals.append(Refusal(R_SCHOOL_TWICE, _number_twice(wanted, others, organization), True))
        else:
            name = names.get(wanted.dn, ("", ""))
            seen = tuple((one, held.values(one)) for one in {s.attribute: None for s in steps}) if held else ()
            changes.append(CreateUnit(wanted, *name) if held is None else UpdateUnit(wanted.dn, steps, *name, seen))
    return Plan(tuple(changes), tuple(refusals), unchanged, realm=organization.realm)


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
    if attribute_key(attribute) in ("objectclass", *(kind for kind, _ in held.dn.own)):
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


def _number_twice(wanted: Entry, others: list[DN], organization: HostOrganization) -> Sentence:
    return Sentence(
        "{dn}: this school's organization number is already on {others}. Correct dn in [[schools]], or remove "
        "the number from {others}.",
        dn=unit_at(wanted.dn, *organization.schools),
        others=listed(unit_at(dn, organization, *organization.schools) for dn in others),
    )


def unusable_for(
    records: Iterable[PersonRecord], organization: HostOrganization, directory: Directory
) -> UnusableUnits:
    """Whether the entries of the organization, and of the schools that the rows name, are in the directory. Each is
    read once."""
    named = map(organization.school, {text for record in records for text in record.schools})
    asked = {organization.dn: False} | {school.dn: True for school in named if school}
    return _unusable(directory, organization, asked)


def require_units(record: PersonRecord, organization: HostOrganization, unusable: UnusableUnits) -> None:
    """Raises Refused (R-SCHOOL-NOWHERE) for a row whose user would point to an entry that is not there."""
    if not unusable:
        return
    schools = [school.dn for school in map(organization.school, record.schools) if school]
    if reasons := [unusable[dn] for dn in dict.fromkeys([organization.dn, *schools]) if dn in unusable]:
        raise Refused(joined(reasons), code=R_SCHOOL_NOWHERE, held=True)


def without_unusable_units(
    changes: Sequence[Change], organization: HostOrganization, directory: Directory
) -> tuple[tuple[Change, ...], tuple[Refusal, ...]]:
    """The changes that can still be made, and why the others cannot: since they were planned, an entry that the user
    would point to was deleted. Nothing else about that user is changed either."""
    pointing = [(change, list(_pointers(change))) for change in changes if isinstance(change, Create | Update)]
    asked = {DN.parse(text): name != _TO_ORGANIZATION for name, text in {one for _, to in pointing for one in to}}
    unusable = _unusable(directory, organization, asked)
    if not unusable:
        return tuple(changes), ()
    refusals: dict[str, Refusal] = {}
    for change, to in pointing:
        if reasons := [unusable[dn] for dn in dict.fromkeys(DN.parse(text) for _, text in to) if dn in unusable]:
            sentence = joined(reasons)
            refusals[change.feide_name] = Refusal(R_SCHOOL_NOWHERE, sentence, True, change.origin, change.feide_name)
    return tuple(change for change in changes if change.feide_name not in refusals), tuple(refusals.values())


def _pointers(change: Create | Update) -> Iterator[tuple[str, str]]:
    """The DNs that a change gives to a user, each with its attribute."""
    if isinstance(change, Create):
        yield from ((name, text) for name in _POINTERS for text in change.user.values.get(name, ()))
        return
    for step in change.modifications:
        if step.operation == "add" and step.attribute in _POINTERS:
            yield from ((step.attribute, value.decode()) for value in step.values)


def _unusable(directory: Directory, organization: HostOrganization, asked: Mapping[DN, bool]) -> UnusableUnits:
    """`asked`: entries, and whether each is of a school."""
    found = {}
    for dn, is_school in asked.items():
        shown = unit_at(dn, organization, *organization.schools)
        if sentence := _why_unusable(shown, directory.read(dn, ("objectClass",)), is_school):
            found[dn] = sentence
    return found


def _why_unusable(shown: Sentence, entry: Entry | None, is_school: bool) -> Sentence | None:
    if entry is None and is_school:
        return Sentence(
            "Column school: the school's entry {dn} does not exist, or the bind account has no right to read it. "
            "Correct dn in [[schools]], or create the entry: feideprov init --directory",
            dn=shown,
        )
    if entry is None:
        return Sentence(
            "The organization's entry {dn} does not exist, or the bind account has no right to read it. Correct dn in "
            "[organization], or create the entry: feideprov init --directory",
            dn=shown,
        )
    classes = {text.lower() for text in entry.texts("objectClass")}
    if classes and classes.isdisjoint(_KINDS):
        return Sentence(
            "The entry {dn} is not an organizational unit. Correct dn in {section}.",
            dn=shown,
            section="[[schools]]" if is_school else "[organization]",
        )
    return None
