"""Rules about how users log in: by a second factor, and at Entra."""

from __future__ import annotations

from contextlib import suppress

from feideprov.check.finding import Severity
from feideprov.check.person import Person
from feideprov.check.rule import Chapter, Result
from feideprov.check.rules.attributes import MISSING
from feideprov.errors import InputError
from feideprov.feide.mfa import (
    LEVEL_ATTRIBUTE,
    METHOD_ATTRIBUTE,
    METHODS,
    AppMethod,
    EntraMethod,
    ServiceLevel,
    SmsMethod,
    is_of_unknown_method,
)
from feideprov.messages import Sentence

LOGIN = Chapter("Login", Person)


@LOGIN.rule(
    "P-ENTRA-MAIL",
    Severity.ERROR,
    Sentence(
        "The attribute mail is missing. Users who log in at Entra are found by mail (entra_match in [login]), so this "
        "user cannot log in."
    ),
    Sentence(
        "Write the user's mail address to the attribute mail. If Feide finds users by the Feide name, set entra_match "
        "to “upn” or “either”."
    ),
)
def entra_mail(person: Person) -> Result:
    return _has_no_mail_for(person, "mail")


@LOGIN.rule(
    "P-ENTRA-UPN",
    Severity.NOTE,
    Sentence(
        "The attribute mail is missing. The user can log in at Entra only if the Feide name is the user's name in "
        "Entra (userPrincipalName)."
    ),
    Sentence(
        "If the Feide name is the user's name in Entra, do nothing; for all users, set entra_match in [login] to "
        "“upn”. Otherwise write the user's mail address to the attribute mail."
    ),
)
def entra_upn(person: Person) -> Result:
    return _has_no_mail_for(person, "either")


@LOGIN.rule(
    "P-MFA-METHOD-FORM",
    Severity.ERROR,
    Sentence(
        "norEduPersonAuthnMethod does not have the form that Feide requires, so the user cannot log in to "
        "services that require a second factor."
    ),
    Sentence(
        "Write urn:mace:feide.no:auth:method: and then sms with a mobile number, ga with a secret, or azuread with "
        "“-”. The text after label= must be percent-encoded."
    ),
)
def mfa_method(person: Person) -> Result:
    return not all(is_of_unknown_method(text) or _reads(text, *METHODS) for text in person.texts(METHOD_ATTRIBUTE))


@LOGIN.rule(
    "P-MFA-METHOD-UNKNOWN",
    Severity.NOTE,
    Sentence("norEduPersonAuthnMethod has a method whose form this program does not know, so it was not checked."),
    Sentence(
        "If Feide has the method, do nothing: this program keeps the value. If the method is misspelled, correct it."
    ),
)
def mfa_unknown(person: Person) -> Result:
    return any(map(is_of_unknown_method, person.texts(METHOD_ATTRIBUTE)))


@LOGIN.rule(
    "P-MFA-LEVEL-FORM",
    Severity.ERROR,
    Sentence("norEduPersonServiceAuthnLevel does not have the form that Feide requires."),
    Sentence(
        "Write urn:mace:feide.no:spid:all (or the number of a service instead of all), a space, and "
        "urn:mace:feide.no:auth:level:fad08: with a level from 1 to 4."
    ),
)
def mfa_level(person: Person) -> Result:
    return not all(_reads(text, ServiceLevel) for text in person.texts(LEVEL_ATTRIBUTE))


@LOGIN.rule(
    "P-MFA-METHOD",
    Severity.ERROR,
    Sentence("norEduPersonServiceAuthnLevel requires a second factor, but norEduPersonAuthnMethod is missing."),
    Sentence("Add the user's second factor to norEduPersonAuthnMethod, or delete norEduPersonServiceAuthnLevel."),
    title=MISSING,
)
def mfa_without_method(person: Person) -> Result:
    return person.has(LEVEL_ATTRIBUTE) and not person.has(METHOD_ATTRIBUTE)


def _has_no_mail_for(person: Person, match: str) -> bool:
    """Feide finds users who log in at Entra by UPN and eduPersonPrincipalName, or by mail (docs.feide.no,
    feide_login_with_azuread)."""
    login = person.context.settings.login
    return login.by == "entra" and login.entra_match == match and not person.has("mail")


def _reads(text: str, *kinds: type[SmsMethod | AppMethod | EntraMethod | ServiceLevel]) -> bool:
    for kind in kinds:
        with suppress(InputError):
            kind.parse(text)
            return True
    return False
