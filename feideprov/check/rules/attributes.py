"""Rules about single attributes: which are present, and what form they have.

`feideprov.schema` gives Feide's source of each rule, attribute by attribute (docs/model.md).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache

from feideprov.check.finding import Severity
from feideprov.check.person import NAMES, Person
from feideprov.check.rule import ABOUT, Chapter, Match, Result, named
from feideprov.directory.protocol import NUMBER_ATTRIBUTE
from feideprov.errors import InputError
from feideprov.feide.language import language_tag
from feideprov.feide.lin import LIN_ATTRIBUTE, read_local_number
from feideprov.feide.mfa import LEVEL_ATTRIBUTE, METHOD_ATTRIBUTE, AppMethod, ServiceLevel, SmsMethod
from feideprov.feide.phone import mobile_number
from feideprov.messages import NOTHING, Sentence
from feideprov.numbers import Decision, NumberPolicy, judge_number
from feideprov.schema import Node, attribute, mandatory

ATTRIBUTES = Chapter("Attributes", Person)

NOT_ALWAYS = {
    NUMBER_ATTRIBUTE: "a user without a number is pending",
    "userPassword": "reported after the last user: an account that may not read passwords sees none",
    METHOD_ATTRIBUTE: "only where a second factor is used",
    LEVEL_ATTRIBUTE: "only where a second factor is used",
}
"""Mandatory attributes whose absence is not a finding of this chapter, and why."""
MISSING = "Missing required attribute"
_UNITS = ("eduPersonOrgUnitDN", "eduPersonPrimaryOrgUnitDN")

_SPACES = re.compile(r"\s\s|^\s|\s$")
_TWO_PEOPLE = re.compile(r"\w\s+(?:og|OG|and|eller|ELLER|m\.?fl\.?)(?:\s+\w|$)|\w\s*[/;&+]\s*(?:\w|$)")
_MAIL = re.compile(r"[!-?A-~]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_NORWEGIAN = re.compile(r"\+47[49][0-9]{7}")
"""The form of nearly all mobile numbers. It saves looking up the country of each one."""
_EVERY_NUMBER = NumberPolicy(duf="nin")


def _missing_rule(name: str) -> None:
    when = {
        "eduPersonOrgUnitDN": Sentence("the user belongs to no school and is not a pupil"),
        "eduPersonPrimaryOrgUnitDN": Sentence("the user belongs to no school and is not a pupil"),
        "eduPersonEntitlement": Sentence("the user is neither pupil nor teacher"),
    }.get(name, NOTHING)

    @ATTRIBUTES.rule(
        f"P-MISSING-{name.upper()}",
        Severity.ERROR,
        Sentence("{attribute} is missing; it is mandatory.", attribute=name),
        Sentence("Write {attribute}.", attribute=name),
        title=MISSING,
        expected_when=when,
        closing=name == "eduPersonPrincipalName",
    )
    def missing(person: Person) -> Result:
        if person.has(name):
            return None
        if name in _UNITS and not person.is_student and not any(map(person.has, _UNITS)):
            return Match(because=Sentence("Users without a school name none."))
        if name == "eduPersonEntitlement" and not person.is_in_class:
            return Match(because=Sentence("Only pupils and teachers have Grep codes or groups."))
        return True


for _one in mandatory(Node.PERSON):
    if _one.name not in NOT_ALWAYS:
        _missing_rule(_one.name)


@ATTRIBUTES.rule(
    "P-EMPTY",
    Severity.ERROR,
    Sentence("Empty value: {about}.", about=ABOUT),
    Sentence("Delete the value: an attribute without a known value is left out."),
)
def empty(person: Person) -> Result:
    return named(name for name in person.empty if name.lower() != NUMBER_ATTRIBUTE.lower())


@ATTRIBUTES.rule(
    "P-VALUES",
    Severity.ERROR,
    Sentence("More than one value where one is allowed: {about}.", about=ABOUT),
    Sentence("Find out which value is right, and delete the others."),
)
def many_values(person: Person) -> Result:
    return named(
        name
        for name, values in person.entry.items()
        if len(values) > 1 and (known := attribute(name)) is not None and known.single
    )


@ATTRIBUTES.rule(
    "P-ENCODING",
    Severity.ERROR,
    Sentence("Not valid UTF-8 text: {about}.", about=ABOUT),
    Sentence("Write the value again. Data in another encoding was loaded, or bytes were lost."),
)
def encoding(person: Person) -> Result:
    return named(name for name in person.undecodable if name.lower() != "userpassword")


@ATTRIBUTES.rule(
    "P-SPACES",
    Severity.WARNING,
    Sentence("Two spaces in a row, or a space at the beginning or end: {about}.", about=ABOUT),
    Sentence("Write the name with single spaces."),
    title="Extra whitespace in attribute",
)
def spaces(person: Person) -> Result:
    return named(name for name in NAMES if any(map(_SPACES.search, person.texts(name))))


@ATTRIBUTES.rule(
    "P-SHARED",
    Severity.ERROR,
    Sentence("The name of two people: {about}. One user is one person.", about=ABOUT),
    Sentence("Create a user for each of them, and close this one."),
)
def shared(person: Person) -> Result:
    return named(name for name in NAMES if any(map(_TWO_PEOPLE.search, person.texts(name))))


@ATTRIBUTES.rule(
    "P-MAIL-FORM",
    Severity.WARNING,
    Sentence("mail is not a mail address."),
    Sentence("Correct the address, or delete it."),
)
def mail(person: Person) -> Result:
    return not all(map(_MAIL.fullmatch, person.texts("mail")))


@ATTRIBUTES.rule(
    "P-ENTRA-MAIL",
    Severity.ERROR,
    Sentence("mail is missing. Users log in at Entra with their mail address, so this user cannot log in."),
    Sentence("Write the user's name in Entra (userPrincipalName)."),
)
def entra_mail(person: Person) -> Result:
    return person.context.settings.login.by == "entra" and not person.has("mail")


@ATTRIBUTES.rule(
    "P-MOBILE-FORM",
    Severity.WARNING,
    Sentence("mobile is not a telephone number that starts with “+” and the country code."),
    Sentence("Write it as +47 and eight digits, without spaces."),
)
def mobile(person: Person) -> Result:
    return not all(_NORWEGIAN.fullmatch(text) or _is_written(text, mobile_number) for text in person.texts("mobile"))


@ATTRIBUTES.rule(
    "P-LANGUAGE-FORM",
    Severity.WARNING,
    Sentence("preferredLanguage is not a language tag (BCP 47)."),
    Sentence("Write a tag, for example nb, nn, uk or ar."),
)
def language(person: Person) -> Result:
    return not all(_is_written(text, language_tag) for text in person.texts("preferredLanguage"))


@ATTRIBUTES.rule(
    "P-HOME-ORGANIZATION",
    Severity.WARNING,
    Sentence("schacHomeOrganization is not the organization's realm."),
    Sentence("Write the realm, or delete the attribute."),
)
def home_organization(person: Person) -> Result:
    return any(text.lower() != person.context.organization.realm for text in person.texts("schacHomeOrganization"))


@ATTRIBUTES.rule(
    "P-LIN-FORM",
    Severity.WARNING,
    Sentence("norEduPersonLIN does not have the form realm:type:identifier, with the type employee, fin or localnin."),
    Sentence("Write it as realm:employee:…, realm:localnin:… or realm:fin: and eleven digits, or delete it."),
)
def lin_form(person: Person) -> Result:
    numbers = map(read_local_number, person.texts(LIN_ATTRIBUTE))
    return any(one is None or one.realm.lower() != person.context.organization.realm for one in numbers)


@ATTRIBUTES.rule(
    "P-LIN-NUMBER",
    Severity.WARNING,
    Sentence("norEduPersonLIN (employee or localnin) holds what may be a national identity number."),
    Sentence("Delete it, and use an identifier that cannot be mistaken for an identity number."),
)
def lin_number(person: Person) -> Result:
    for one in map(read_local_number, person.texts(LIN_ATTRIBUTE)):
        if one is not None and one.kind != "fin" and sum(map(str.isdecimal, one.id)) in (11, 12):
            verdict = judge_number(one.id, on=person.context.on, policy=_EVERY_NUMBER)
            if verdict.decision is not Decision.REFUSE:
                return True
    return False


@ATTRIBUTES.rule(
    "P-LIN-MANY",
    Severity.WARNING,
    Sentence("norEduPersonLIN has more than one value. Some services cannot read that."),
    Sentence("Keep the value that is in use."),
)
def lin_many(person: Person) -> Result:
    return len(person.texts(LIN_ATTRIBUTE)) > 1


@ATTRIBUTES.rule(
    "P-MFA-METHOD-FORM",
    Severity.ERROR,
    Sentence(
        "norEduPersonAuthnMethod is not a second factor in Feide's form: the user cannot log in to services that "
        "require one."
    ),
    Sentence(
        "Write urn:mace:feide.no:auth:method: and then sms with a mobile number, or ga with a secret. "
        "label= is percent-encoded."
    ),
)
def mfa_method(person: Person) -> Result:
    return not all(_reads(text, SmsMethod, AppMethod) for text in person.texts(METHOD_ATTRIBUTE))


@ATTRIBUTES.rule(
    "P-MFA-LEVEL-FORM",
    Severity.ERROR,
    Sentence("norEduPersonServiceAuthnLevel is not in the form that Feide reads."),
    Sentence(
        "Write urn:mace:feide.no:spid:all (or a service's number), a space, and urn:mace:feide.no:auth:level:fad08: "
        "with a level from 1 to 4."
    ),
)
def mfa_level(person: Person) -> Result:
    return not all(_reads(text, ServiceLevel) for text in person.texts(LEVEL_ATTRIBUTE))


@ATTRIBUTES.rule(
    "P-MFA-METHOD",
    Severity.ERROR,
    Sentence("norEduPersonServiceAuthnLevel requires a second factor, but norEduPersonAuthnMethod is missing."),
    Sentence("Write the user's method, or delete the level."),
    title=MISSING,
)
def mfa_without_method(person: Person) -> Result:
    return person.has(LEVEL_ATTRIBUTE) and not person.has(METHOD_ATTRIBUTE)


@lru_cache(maxsize=1024)
def _is_written(text: str, read: Callable[[str], str]) -> bool:
    """Does `read` return the same text, apart from capitals?"""
    try:
        return read(text).lower() == text.lower()
    except InputError:
        return False


def _reads(text: str, *kinds: type[SmsMethod | AppMethod | ServiceLevel]) -> bool:
    for kind in kinds:
        with suppress(InputError):
            kind.parse(text)
            return True
    return False
