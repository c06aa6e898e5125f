"""Rules about single attributes: which are there, and what form they have.

Where each rule stands at Feide, `feideprov.schema` says, attribute by attribute (docs/model.md).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache

from feideprov.check.finding import Severity
from feideprov.check.person import NAMES, Person
from feideprov.check.rule import Answer, Chapter, Hit, named
from feideprov.directory.protocol import NUMBER_ATTRIBUTE
from feideprov.errors import InputError
from feideprov.feide.language import language_tag
from feideprov.feide.lin import LIN_ATTRIBUTE, read_local_number
from feideprov.feide.mfa import LEVEL_ATTRIBUTE, METHOD_ATTRIBUTE, AppMethod, ServiceLevel, SmsMethod
from feideprov.feide.phone import mobile_number
from feideprov.numbers import Decision, NumberPolicy, judge_number
from feideprov.schema import Node, attribute, mandatory

ATTRIBUTES = Chapter("Attributes", Person)

NOT_ALWAYS = {
    NUMBER_ATTRIBUTE: "a user without a number is pending",
    "userPassword": "told when everybody has been seen: an account that may not see passwords sees none",
    METHOD_ATTRIBUTE: "only where a second factor is used",
    LEVEL_ATTRIBUTE: "only where a second factor is used",
}
"""Mandatory attributes whose absence is no finding of this chapter, and why."""
MISSING = "Missing required attribute"
_UNITS = ("eduPersonOrgUnitDN", "eduPersonPrimaryOrgUnitDN")

_SPACES = re.compile(r"\s\s|^\s|\s$")
_TWO_PEOPLE = re.compile(r"\w\s+(?:og|OG|and|eller|ELLER|m\.?fl\.?)(?:\s+\w|$)|\w\s*[/;&+]\s*(?:\w|$)")
_MAIL = re.compile(r"[!-?A-~]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_NORWEGIAN = re.compile(r"\+47[49][0-9]{7}")
"""What nearly all mobile numbers look like; to look up their country for each takes its time."""
_EVERY_NUMBER = NumberPolicy(duf="nin")


def _missing_rule(name: str) -> None:
    when = {
        "eduPersonOrgUnitDN": "the user belongs to no school and is no pupil",
        "eduPersonPrimaryOrgUnitDN": "the user belongs to no school and is no pupil",
        "eduPersonEntitlement": "the user is neither pupil nor teacher",
    }.get(name, "")

    @ATTRIBUTES.rule(
        f"P-MISSING-{name.upper()}",
        Severity.ERROR,
        f"{name} is missing; it is mandatory.",
        f"Write {name}.",
        title=MISSING,
        expected_when=when,
        closing=name == "eduPersonPrincipalName",
    )
    def missing(person: Person) -> Answer:
        if person.has(name):
            return None
        if name in _UNITS and not person.is_student and not any(map(person.has, _UNITS)):
            return Hit(because="Users of no school point to none.")
        if name == "eduPersonEntitlement" and not person.is_in_class:
            return Hit(because="Only pupils and teachers have Grep codes or groups.")
        return True


for _one in mandatory(Node.PERSON):
    if _one.name not in NOT_ALWAYS:
        _missing_rule(_one.name)


@ATTRIBUTES.rule(
    "P-EMPTY",
    Severity.ERROR,
    "{about} has an empty value.",
    "Take the value away: what is not known is absent.",
)
def empty(person: Person) -> Answer:
    return named(name for name in person.empty if name.lower() != NUMBER_ATTRIBUTE.lower())


@ATTRIBUTES.rule(
    "P-VALUES",
    Severity.ERROR,
    "{about} has more than one value; it takes one.",
    "Find out which value is right, and take the others away.",
)
def many_values(person: Person) -> Answer:
    return named(
        name
        for name, values in person.entry.items()
        if len(values) > 1 and (known := attribute(name)) is not None and known.single
    )


@ATTRIBUTES.rule(
    "P-ENCODING",
    Severity.ERROR,
    "{about} is no text in UTF-8.",
    "Write the value again. An export in another encoding was loaded, or bytes were lost.",
)
def encoding(person: Person) -> Answer:
    return named(name for name in person.undecodable if name.lower() != "userpassword")


@ATTRIBUTES.rule(
    "P-SPACES",
    Severity.WARNING,
    "{about} has two spaces in a row, or one at an end.",
    "Write the name with single spaces.",
    title="Extra whitespace in attribute",
)
def spaces(person: Person) -> Answer:
    return named(name for name in NAMES if any(map(_SPACES.search, person.texts(name))))


@ATTRIBUTES.rule(
    "P-SHARED",
    Severity.ERROR,
    "{about} names two people: one user is one person.",
    "Make a user for each of them, and close this one.",
)
def shared(person: Person) -> Answer:
    return named(name for name in NAMES if any(map(_TWO_PEOPLE.search, person.texts(name))))


@ATTRIBUTES.rule("P-MAIL-FORM", Severity.WARNING, "mail is no mail address.", "Correct the address, or take it away.")
def mail(person: Person) -> Answer:
    return not all(map(_MAIL.fullmatch, person.texts("mail")))


@ATTRIBUTES.rule(
    "P-ENTRA-MAIL",
    Severity.ERROR,
    "mail is missing: users log in at Entra, where it is the name, so this one cannot.",
    "Write the name that the user has in Entra.",
)
def entra_mail(person: Person) -> Answer:
    return person.around.settings.login.by == "entra" and not person.has("mail")


@ATTRIBUTES.rule(
    "P-MOBILE-FORM",
    Severity.WARNING,
    "mobile is no telephone number with “+” and the country in front.",
    "Write it like +47 and eight digits, without spaces.",
)
def mobile(person: Person) -> Answer:
    return not all(_NORWEGIAN.fullmatch(text) or _is_written(text, mobile_number) for text in person.texts("mobile"))


@ATTRIBUTES.rule(
    "P-LANGUAGE-FORM",
    Severity.WARNING,
    "preferredLanguage is no language tag (BCP 47).",
    "Write a tag such as nb, nn, uk or ar.",
)
def language(person: Person) -> Answer:
    return not all(_is_written(text, language_tag) for text in person.texts("preferredLanguage"))


@ATTRIBUTES.rule(
    "P-HOME-ORGANIZATION",
    Severity.WARNING,
    "schacHomeOrganization is not the organization's realm.",
    "Write the realm, or take the attribute away.",
)
def home_organization(person: Person) -> Answer:
    return any(text.lower() != person.around.organization.realm for text in person.texts("schacHomeOrganization"))


@ATTRIBUTES.rule(
    "P-LIN-FORM",
    Severity.WARNING,
    "norEduPersonLIN is not the realm, employee, fin or localnin, and an identifier, with colons between them.",
    "Write it as realm:employee:…, realm:localnin:… or realm:fin: and eleven digits, or take it away.",
)
def lin_form(person: Person) -> Answer:
    numbers = map(read_local_number, person.texts(LIN_ATTRIBUTE))
    return any(one is None or one.realm.lower() != person.around.organization.realm for one in numbers)


@ATTRIBUTES.rule(
    "P-LIN-NUMBER",
    Severity.WARNING,
    "norEduPersonLIN (employee or localnin) holds what can be a national identity number.",
    "Take it out: use an identifier that nobody can take for a person's number.",
)
def lin_number(person: Person) -> Answer:
    for one in map(read_local_number, person.texts(LIN_ATTRIBUTE)):
        if one is not None and one.kind != "fin" and sum(map(str.isdecimal, one.id)) in (11, 12):
            verdict = judge_number(one.id, on=person.around.on, policy=_EVERY_NUMBER)
            if verdict.decision is not Decision.REFUSE:
                return True
    return False


@ATTRIBUTES.rule(
    "P-LIN-MANY",
    Severity.WARNING,
    "norEduPersonLIN has more than one value, which some services cannot read.",
    "Keep the one that is in use.",
)
def lin_many(person: Person) -> Answer:
    return len(person.texts(LIN_ATTRIBUTE)) > 1


@ATTRIBUTES.rule(
    "P-MFA-METHOD-FORM",
    Severity.ERROR,
    "norEduPersonAuthnMethod has not the form of a second factor, so the user cannot log in where one is asked for.",
    "Write urn:mace:feide.no:auth:method: and sms with a mobile number or ga with a secret; label= is percent-encoded.",
)
def mfa_method(person: Person) -> Answer:
    return not all(_reads(text, SmsMethod, AppMethod) for text in person.texts(METHOD_ATTRIBUTE))


@ATTRIBUTES.rule(
    "P-MFA-LEVEL-FORM",
    Severity.ERROR,
    "norEduPersonServiceAuthnLevel has not the form that Feide reads.",
    "Write urn:mace:feide.no:spid:all (or a service's number), a space, urn:mace:feide.no:auth:level:fad08: and 1–4.",
)
def mfa_level(person: Person) -> Answer:
    return not all(_reads(text, ServiceLevel) for text in person.texts(LEVEL_ATTRIBUTE))


@ATTRIBUTES.rule(
    "P-MFA-METHOD",
    Severity.ERROR,
    "norEduPersonServiceAuthnLevel asks for a second factor, but norEduPersonAuthnMethod is missing.",
    "Write the user's method, or take the level away.",
    title=MISSING,
)
def mfa_without_method(person: Person) -> Answer:
    return person.has(LEVEL_ATTRIBUTE) and not person.has(METHOD_ATTRIBUTE)


@lru_cache(maxsize=1024)
def _is_written(text: str, read: Callable[[str], str]) -> bool:
    """Is this what a reader makes of it, but for capitals?"""
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
