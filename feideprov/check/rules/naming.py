"""Rules about Feide names (eduPersonPrincipalName) and user names (uid): info_go 2018-03, Mandatory – person."""

from __future__ import annotations

import re

from feideprov.check.finding import Severity
from feideprov.check.person import Person
from feideprov.check.rule import Answer, Chapter
from feideprov.text import holds_number

NAMING = Chapter("Feide names", Person)

_FEIDE_NAME = re.compile(r"[^@\s()*\\]+@[^@\s()*\\]+")
_RENAME = "Give the user a new Feide name (feideprov rename keeps the old one as a former name), and tell the user."


def _well_formed(person: Person) -> bool:
    return bool(_FEIDE_NAME.fullmatch(person.feide_name))


@NAMING.rule(
    "P-NAME-FORM",
    Severity.ERROR,
    "The Feide name is not a user name, “@” and a realm, or has a space or one of ( ) * \\ in it.",
    _RENAME,
)
def form(person: Person) -> Answer:
    return bool(person.feide_name) and not _well_formed(person)


@NAMING.rule(
    "P-NAME-CASE",
    Severity.ERROR,
    "The Feide name has capital letters; it is stored in lower case.",
    "Write eduPersonPrincipalName in lower case.",
)
def case(person: Person) -> Answer:
    return person.text("eduPersonPrincipalName") != person.feide_name


@NAMING.rule(
    "P-NAME-UID",
    Severity.ERROR,
    "The part of the Feide name in front of “@” differs from uid.",
    "Make them equal: the Feide name stays as it is where the user has logged in with it.",
)
def uid(person: Person) -> Answer:
    names = [text.lower() for text in person.texts("uid")]
    return bool(names) and _well_formed(person) and person.user_name not in names


@NAMING.rule(
    "P-NAME-REALM",
    Severity.ERROR,
    "The realm of the Feide name is not the organization's.",
    "Feide sends a login to the realm's own directory: give the user a name of this organization, or correct realm.",
)
def realm(person: Person) -> Answer:
    return _well_formed(person) and person.realm != person.around.organization.realm


@NAMING.rule(
    "P-NAME-NUMBER",
    Severity.ERROR,
    "The Feide name, uid or the DN holds what looks like an identity number.",
    "Give the user a new Feide name and tell the user. The old one is not kept: it holds the number.",
)
def number(person: Person) -> Answer:
    return any(map(holds_number, (person.feide_name, str(person.entry.dn), *person.texts("uid"))))
