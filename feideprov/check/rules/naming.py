"""Rules about Feide names (eduPersonPrincipalName) and user names (uid): info_go 2018-03, Mandatory – person."""

from __future__ import annotations

import re

from feideprov.check.context import holds_number
from feideprov.check.finding import Severity
from feideprov.check.person import Person
from feideprov.check.rule import Chapter, Result
from feideprov.messages import Sentence

NAMING = Chapter("Feide names", Person)

_FEIDE_NAME = re.compile(r"[^@\s()*\\]+@[^@\s()*\\]+")
_RENAME = Sentence(
    "Give the user a new Feide name (feideprov rename keeps the old one as a former name), and inform the user."
)


def _well_formed(person: Person) -> bool:
    return bool(_FEIDE_NAME.fullmatch(person.feide_name))


@NAMING.rule(
    "P-NAME-FORM",
    Severity.ERROR,
    Sentence("The Feide name does not have the form user@realm, or holds a space or one of ( ) * \\."),
    _RENAME,
)
def form(person: Person) -> Result:
    return bool(person.feide_name) and not _well_formed(person)


@NAMING.rule(
    "P-NAME-CASE",
    Severity.ERROR,
    Sentence("The Feide name has capital letters; it is stored in lower case."),
    Sentence("Write eduPersonPrincipalName in lower case."),
)
def case(person: Person) -> Result:
    return person.text("eduPersonPrincipalName") != person.feide_name


@NAMING.rule(
    "P-NAME-UID",
    Severity.ERROR,
    Sentence("The part of the Feide name before “@” differs from uid."),
    Sentence("Make them equal. Keep the Feide name if the user has logged in with it."),
)
def uid(person: Person) -> Result:
    names = [text.lower() for text in person.texts("uid")]
    return bool(names) and _well_formed(person) and person.user_name not in names


@NAMING.rule(
    "P-NAME-REALM",
    Severity.ERROR,
    Sentence("The realm of the Feide name is not the organization's."),
    Sentence(
        "Feide sends a login to the directory of the realm. Give the user a Feide name with this organization's realm, "
        "or correct realm in the configuration."
    ),
)
def realm(person: Person) -> Result:
    return _well_formed(person) and person.realm != person.context.organization.realm


@NAMING.rule(
    "P-NAME-NUMBER",
    Severity.ERROR,
    Sentence("The Feide name, uid or the DN holds what looks like an identity number."),
    Sentence(
        "Give the user a new Feide name, and inform the user. The old one is not kept, because it holds the number."
    ),
)
def number(person: Person) -> Result:
    return any(map(holds_number, (person.feide_name, str(person.entry.dn), *person.texts("uid"))))
