"""Rules about the user's organization, schools and affiliations.

From info_go 2018-03, Mandatory – person; `feideprov.schema` has it attribute by attribute.
"""

from __future__ import annotations

from collections.abc import Iterable

from feideprov.check.finding import Severity
from feideprov.check.person import Person
from feideprov.check.rule import ABOUT, Chapter, Match, Result, named
from feideprov.feide.person import AFFILIATIONS, implied_affiliations
from feideprov.messages import Sentence, joined

BELONGING = Chapter("Schools and affiliations", Person)

MISSING_UNIT = "Missing organization unit"
_POINTERS = ("eduPersonOrgDN", "eduPersonOrgUnitDN", "eduPersonPrimaryOrgUnitDN")
_AFFILIATED = ("eduPersonAffiliation", "eduPersonPrimaryAffiliation")


@BELONGING.rule(
    "P-DN-FORM",
    Severity.ERROR,
    Sentence("A value is not a distinguished name (DN): {about}.", about=ABOUT),
    Sentence("Write the DN of an entry, in the form of RFC 4514."),
)
def dn_form(person: Person) -> Result:
    place = person.context.place
    return named(name for name in _POINTERS if any(place(text).dn is None for text in person.texts(name)))


@BELONGING.rule(
    "P-ORG-NOWHERE",
    Severity.ERROR,
    Sentence(
        "eduPersonOrgDN points to an entry that does not exist, or that the bind account has no right to read: "
        "{about}.",
        about=ABOUT,
    ),
    Sentence("Write the DN of the organization's entry to eduPersonOrgDN."),
)
def organization_nowhere(person: Person) -> Result:
    return _points_nowhere(person, "eduPersonOrgDN")


@BELONGING.rule(
    "P-ORG-OTHER",
    Severity.ERROR,
    Sentence("eduPersonOrgDN does not point to the organization's entry, but to {about}.", about=ABOUT),
    Sentence(
        "Write the DN of the organization's entry to eduPersonOrgDN, or correct dn in [organization] in "
        "the configuration."
    ),
)
def organization_other(person: Person) -> Result:
    place, ours = person.context.place, person.context.organization.dn
    texts = person.texts("eduPersonOrgDN")
    return _named(person, (text for text in texts if (at := place(text)).there and at.dn != ours))


@BELONGING.rule(
    "P-UNIT-NOWHERE",
    Severity.ERROR,
    Sentence(
        "eduPersonOrgUnitDN points to an entry that does not exist, or that the bind account has no right to read: "
        "{about}.",
        about=ABOUT,
    ),
    Sentence("Delete the DN if the school is closed, and add the DN of the user's school to eduPersonOrgUnitDN."),
    title=MISSING_UNIT,
)
def unit_nowhere(person: Person) -> Result:
    return _points_nowhere(person, "eduPersonOrgUnitDN")


@BELONGING.rule(
    "P-UNIT-NONE",
    Severity.ERROR,
    Sentence("The user has no school: eduPersonOrgUnitDN is missing."),
    Sentence(
        "Write the DN of the user's school to eduPersonOrgUnitDN. A user who is not a pupil can be without "
        "a school: then delete eduPersonPrimaryOrgUnitDN."
    ),
    title=MISSING_UNIT,
)
def unit_none(person: Person) -> Result:
    return not person.has("eduPersonOrgUnitDN") and (person.is_student or person.has("eduPersonPrimaryOrgUnitDN"))


@BELONGING.rule(
    "P-UNIT-OTHER",
    Severity.ERROR,
    Sentence(
        "eduPersonOrgUnitDN points to an entry that is not a school: {about}. The entry has no "
        "norEduOrgUnitUniqueIdentifier.",
        about=ABOUT,
    ),
    Sentence(
        "Write the DN of the user's school to eduPersonOrgUnitDN. If the entry is a school, add its "
        "organization number to the entry (norEduOrgUnitUniqueIdentifier)."
    ),
)
def unit_other(person: Person) -> Result:
    place = person.context.place
    units = person.texts("eduPersonOrgUnitDN")
    return _named(person, (text for text in units if (at := place(text)).there and not at.is_school))


@BELONGING.rule(
    "P-UNIT-PRIMARY",
    Severity.ERROR,
    Sentence("eduPersonPrimaryOrgUnitDN is not one of the values of eduPersonOrgUnitDN: {about}.", about=ABOUT),
    Sentence("Write one of the values of eduPersonOrgUnitDN to eduPersonPrimaryOrgUnitDN."),
)
def primary_unit(person: Person) -> Result:
    place = person.context.place
    units = [place(text).dn for text in person.texts("eduPersonOrgUnitDN")]
    primary = person.texts("eduPersonPrimaryOrgUnitDN") if units else []
    return _named(person, (text for text in primary if (dn := place(text).dn) is not None and dn not in units))


@BELONGING.rule(
    "P-AFFILIATION-UNKNOWN",
    Severity.ERROR,
    Sentence("An attribute has a value that eduPerson does not define: {about}.", about=ABOUT),
    Sentence("Use faculty, student, staff, employee, member, affiliate, alum or library-walk-in."),
)
def affiliation_unknown(person: Person) -> Result:
    return named(name for name in _AFFILIATED if any(v.lower() not in AFFILIATIONS for v in person.texts(name)))


@BELONGING.rule(
    "P-AFFILIATION-MEMBER",
    Severity.ERROR,
    Sentence(
        "eduPersonAffiliation has student, faculty, staff or employee, but not “member”. “member” is then required too."
    ),
    Sentence("Add the value “member” to eduPersonAffiliation."),
)
def affiliation_member(person: Person) -> Result:
    return not implied_affiliations(person.affiliations) <= set(person.affiliations)


@BELONGING.rule(
    "P-AFFILIATION-PRIMARY",
    Severity.ERROR,
    Sentence("eduPersonPrimaryAffiliation is not one of the values of eduPersonAffiliation."),
    Sentence("Write one of the values of eduPersonAffiliation to eduPersonPrimaryAffiliation."),
)
def affiliation_primary(person: Person) -> Result:
    held, primary = person.affiliations, [v.lower() for v in person.texts("eduPersonPrimaryAffiliation")]
    return bool(held) and any(value in AFFILIATIONS and value not in held for value in primary)


@BELONGING.rule(
    "P-AFFILIATION-SCOPE",
    Severity.ERROR,
    Sentence("eduPersonScopedAffiliation must end with “@” and the organization's realm."),
    Sentence("Write the affiliation, “@” and the organization's realm."),
)
def affiliation_scope(person: Person) -> Result:
    scopes = (text.lower().partition("@")[2] for text in person.texts("eduPersonScopedAffiliation"))
    return any(scope != person.context.organization.realm for scope in scopes)


@BELONGING.rule(
    "P-AFFILIATION-SCOPED",
    Severity.ERROR,
    Sentence("eduPersonScopedAffiliation has an affiliation that is not in eduPersonAffiliation."),
    Sentence("Write the same affiliations to eduPersonAffiliation and eduPersonScopedAffiliation."),
)
def affiliation_scoped(person: Person) -> Result:
    held = {*person.affiliations, *implied_affiliations(person.affiliations)}
    said = (text.lower().partition("@")[0] for text in person.texts("eduPersonScopedAffiliation"))
    return bool(held) and any(value not in held for value in said)


def _points_nowhere(person: Person, attribute: str) -> Match | None:
    place = person.context.place
    texts = person.texts(attribute)
    return _named(person, (text for text in texts if (at := place(text)).dn is not None and not at.there))


def _named(person: Person, texts: Iterable[str]) -> Match | None:
    """A match that shows these DNs, with the names of the organization and the schools; None without any."""
    found = list(texts)
    return Match(joined(map(person.context.shown_place, found), ", ")) if found else None
