"""Rules about Feide names (eduPersonPrincipalName) and user names (uid): info_go 2018-03, Mandatory – person."""

from __future__ import annotations

import re

from feideprov.check.finding import Severity
from feideprov.check.person import Person
from feideprov.check.rule import Chapter, Result
from feideprov.messages import Sentence
from feideprov.text import holds_number

NAMING = Chapter("Feide names", Person)

_FEIDE_NAME = re.compile(r"[^@\s()*\\]+@[^@\s()*\\]+")
_RENAME = Sentence("Give the user a new Feide name, and inform the user. Run: feideprov rename USER")


def _well_formed(person: Person) -> bool:
    return bool(_FEIDE_NAME.fullmatch(person.feide_name))


@NAMING.rule(
    "P-NAME-FORM",
    Severity.ERROR,
    Sentence("The Feide name must have the form user@realm, and must not contain a space or one of ( ) * \\."),
    _RENAME,
)
def form(person: Person) -> Result:
    return bool(person.feide_name) and not _well_formed(person)


@NAMING.rule(
    "P-NAME-CASE",
    Severity.ERROR,
    Sentence("The Feide name has capital letters. It must be in lower case."),
    Sentence("Write eduPersonPrincipalName in lower case."),
)
def case(person: Person) -> Result:
    return person.text("eduPersonPrincipalName") != person.feide_name


@NAMING.rule(
    "P-NAME-ASCII",
    Severity.ERROR,
    Sentence("The Feide name (the part before “@”) or uid has a character that is not in ASCII, such as ø."),
    _RENAME,
)
def ascii_only(person: Person) -> Result:
    """Feide's validator reports a uid with other characters; the Feide name has the same user name."""
    return not all(map(str.isascii, (person.user_name, *person.texts("uid"))))


@NAMING.rule(
    "P-NAME-UID",
    Severity.ERROR,
    Sentence("The part of the Feide name before “@” is not the same as uid."),
    Sentence(
        "Correct the one that is wrong. If the user has logged in with the Feide name, keep the Feide name "
        "and change uid."
    ),
)
def uid(person: Person) -> Result:
    names = [text.lower() for text in person.texts("uid")]
    return bool(names) and _well_formed(person) and person.user_name not in names


@NAMING.rule(
    "P-NAME-REALM",
    Severity.ERROR,
    Sentence("The realm of the Feide name is not the organization's realm."),
    Sentence(
        "Give the user a Feide name with this organization's realm, or correct realm in the configuration. "
        "Feide uses the realm to find the directory for a login."
    ),
)
def realm(person: Person) -> Result:
    return _well_formed(person) and person.realm != person.context.organization.realm


@NAMING.rule(
    "P-NAME-NUMBER",
    Severity.ERROR,
    Sentence("The Feide name, uid or the DN contains something that looks like an identity number."),
    Sentence(
        "Give the user a new Feide name, and inform the user. The old name is not kept as a former name, "
        "because it contains the number."
    ),
)
def number(person: Person) -> Result:
    return any(map(holds_number, (person.feide_name, str(person.entry.dn), *person.texts("uid"))))
