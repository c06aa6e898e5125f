"""Rules about where a user belongs: the organization, the schools, and what the user is to them.

From info_go 2018-03, Mandatory – person; `feideprov.schema` says it attribute by attribute.
"""

from __future__ import annotations

from feideprov.check.finding import Severity
from feideprov.check.person import Person
from feideprov.check.rule import Answer, Chapter, named
from feideprov.feide.person import AFFILIATIONS, implied_affiliations

BELONGING = Chapter("Schools and affiliations", Person)

MISSING_UNIT = "Missing organization unit"
_POINTERS = ("eduPersonOrgDN", "eduPersonOrgUnitDN", "eduPersonPrimaryOrgUnitDN")
_AFFILIATED = ("eduPersonAffiliation", "eduPersonPrimaryAffiliation")


@BELONGING.rule(
    "P-DN-FORM",
    Severity.ERROR,
    "{about} is no distinguished name.",
    "Write the DN of the entry that is meant (RFC 4514).",
)
def dn_form(person: Person) -> Answer:
    place = person.around.place
    return named(name for name in _POINTERS if any(place(text).dn is None for text in person.texts(name)))


@BELONGING.rule(
    "P-ORG-NOWHERE",
    Severity.ERROR,
    "eduPersonOrgDN points to an entry that is not there, or that the bind account may not see.",
    "Write the DN of the organization's entry.",
)
def organization_nowhere(person: Person) -> Answer:
    return _points_nowhere(person, "eduPersonOrgDN")


@BELONGING.rule(
    "P-ORG-OTHER",
    Severity.ERROR,
    "eduPersonOrgDN points to another entry than the organization's.",
    "Write the DN of the organization's entry, or correct organization.dn.",
)
def organization_other(person: Person) -> Answer:
    places = map(person.around.place, person.texts("eduPersonOrgDN"))
    return any(place.there and place.dn != person.around.organization.dn for place in places)


@BELONGING.rule(
    "P-UNIT-NOWHERE",
    Severity.ERROR,
    "eduPersonOrgUnitDN points to an entry that is not there, or that the bind account may not see.",
    "Take away the DN of a school that is closed, and write that of the school where the user is.",
    title=MISSING_UNIT,
)
def unit_nowhere(person: Person) -> Answer:
    return _points_nowhere(person, "eduPersonOrgUnitDN")


@BELONGING.rule(
    "P-UNIT-NONE",
    Severity.ERROR,
    "The user belongs to no school: there is no eduPersonOrgUnitDN.",
    "Write the DN of the user's school. Only who is no pupil may belong to none, and then has no primary one either.",
    title=MISSING_UNIT,
)
def unit_none(person: Person) -> Answer:
    return not person.has("eduPersonOrgUnitDN") and (person.is_student or person.has("eduPersonPrimaryOrgUnitDN"))


@BELONGING.rule(
    "P-UNIT-OTHER",
    Severity.ERROR,
    "eduPersonOrgUnitDN points to an entry that is no school: it has no norEduOrgUnitUniqueIdentifier.",
    "Write the DN of the school where the user is, or give the school's entry its organization number.",
)
def unit_other(person: Person) -> Answer:
    places = map(person.around.place, person.texts("eduPersonOrgUnitDN"))
    return any(place.there and not place.is_school for place in places)


@BELONGING.rule(
    "P-UNIT-PRIMARY",
    Severity.ERROR,
    "eduPersonPrimaryOrgUnitDN is none of the user's eduPersonOrgUnitDN.",
    "Write one of the user's schools.",
)
def primary_unit(person: Person) -> Answer:
    place = person.around.place
    units = [place(text).dn for text in person.texts("eduPersonOrgUnitDN")]
    primary = [place(text).dn for text in person.texts("eduPersonPrimaryOrgUnitDN")]
    return bool(units) and any(dn is not None and dn not in units for dn in primary)


@BELONGING.rule(
    "P-AFFILIATION-UNKNOWN",
    Severity.ERROR,
    "{about} has a value that eduPerson does not know.",
    "Use faculty, student, staff, employee, member, affiliate, alum or library-walk-in.",
)
def affiliation_unknown(person: Person) -> Answer:
    return named(name for name in _AFFILIATED if any(v.lower() not in AFFILIATIONS for v in person.texts(name)))


@BELONGING.rule(
    "P-AFFILIATION-MEMBER",
    Severity.ERROR,
    "eduPersonAffiliation lacks member, which goes with student, faculty, staff and employee.",
    "Add member.",
)
def affiliation_member(person: Person) -> Answer:
    return not implied_affiliations(person.affiliations) <= set(person.affiliations)


@BELONGING.rule(
    "P-AFFILIATION-PRIMARY",
    Severity.ERROR,
    "eduPersonPrimaryAffiliation is none of the user's eduPersonAffiliation.",
    "Write one of the user's affiliations.",
)
def affiliation_primary(person: Person) -> Answer:
    held, primary = person.affiliations, [v.lower() for v in person.texts("eduPersonPrimaryAffiliation")]
    return bool(held) and any(value in AFFILIATIONS and value not in held for value in primary)


@BELONGING.rule(
    "P-AFFILIATION-SCOPE",
    Severity.ERROR,
    "eduPersonScopedAffiliation has another scope than the organization's realm, or none.",
    "Write the affiliation, “@” and the realm.",
)
def affiliation_scope(person: Person) -> Answer:
    scopes = (text.lower().partition("@")[2] for text in person.texts("eduPersonScopedAffiliation"))
    return any(scope != person.around.organization.realm for scope in scopes)


@BELONGING.rule(
    "P-AFFILIATION-SCOPED",
    Severity.ERROR,
    "eduPersonScopedAffiliation says something that eduPersonAffiliation does not.",
    "Make both say the same.",
)
def affiliation_scoped(person: Person) -> Answer:
    held = {*person.affiliations, *implied_affiliations(person.affiliations)}
    said = (text.lower().partition("@")[0] for text in person.texts("eduPersonScopedAffiliation"))
    return bool(held) and any(value not in held for value in said)


def _points_nowhere(person: Person, attribute: str) -> bool:
    places = map(person.around.place, person.texts(attribute))
    return any(place.dn is not None and not place.there for place in places)
