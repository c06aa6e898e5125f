"""Rules about single attributes: which are present, and what form they have.

`feideprov.schema` gives Feide's source of each rule, attribute by attribute (docs/model.md).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from feideprov.check.finding import Severity
from feideprov.check.person import NAMES, Person
from feideprov.check.rule import ABOUT, Chapter, Match, Result, named
from feideprov.directory.attribute_description import attribute_key
from feideprov.directory.protocol import NUMBER_ATTRIBUTE
from feideprov.encodings import is_damaged_name
from feideprov.errors import InputError
from feideprov.feide.lin import LIN_ATTRIBUTE, read_local_number
from feideprov.feide.mfa import (
    LEVEL_ATTRIBUTE,
    METHOD_ATTRIBUTE,
)
from feideprov.feide.ownership import sms_number
from feideprov.feide.phone import is_mobile, mobile_number
from feideprov.language import language_tag
from feideprov.messages import NOTHING, Sentence
from feideprov.numbers import Decision, NumberPolicy, judge_number
from feideprov.schema import Node, attribute, mandatory

ATTRIBUTES = Chapter("Attributes", Person)

NOT_ALWAYS = {
    NUMBER_ATTRIBUTE: "a user without a number is pending",
    "userPassword": "reported after the last user: a bind account without the right to read passwords sees none",
    METHOD_ATTRIBUTE: "only where a second factor is used",
    LEVEL_ATTRIBUTE: "only where a second factor is used",
}
"""Mandatory attributes whose absence is not a finding of this chapter, and why."""
MISSING = "Missing required attribute"
EXTRA_WHITESPACE = "Extra whitespace in attribute"
_UNITS = ("eduPersonOrgUnitDN", "eduPersonPrimaryOrgUnitDN")

_SPACES = re.compile(r"\s\s|^\s|\s$")
_LETTER = re.compile(r"[^\W\d_]")
_TWO_PEOPLE = re.compile(r"\w\s+(?:og|OG|and|eller|ELLER|m\.?fl\.?)(?:\s+\w|$)|\w\s*[/;&+]\s*(?:\w|$)")
_MAIL = re.compile(r"[!-?A-~]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_NORWEGIAN = re.compile(r"\+47[49][0-9]{7}")
"""The form of nearly all mobile numbers. It saves looking up the country of each one."""
_EVERY_NUMBER = NumberPolicy(duf="nin")


def _missing_rule(name: str) -> None:
    when = {
        "eduPersonOrgUnitDN": Sentence("the user belongs to no school, and is not a pupil"),
        "eduPersonPrimaryOrgUnitDN": Sentence("the user belongs to no school, and is not a pupil"),
        "eduPersonEntitlement": Sentence("the user is not a pupil and not a teacher"),
    }.get(name, NOTHING)

    @ATTRIBUTES.rule(
        f"P-MISSING-{name.upper()}",
        Severity.ERROR,
        Sentence("{attribute} is missing. This attribute is mandatory.", attribute=name),
        Sentence("Add a value to {attribute}.", attribute=name),
        title=MISSING,
        expected_when=when,
        closing=name == "eduPersonPrincipalName",
    )
    def missing(person: Person) -> Result:
        if person.has(name):
            return None
        if name in _UNITS and not person.is_student and not any(map(person.has, _UNITS)):
            return Match(because=Sentence("This user belongs to no school, so the attribute is not needed."))
        if name == "eduPersonEntitlement" and not person.is_in_class:
            return Match(because=Sentence("This user is not a pupil or teacher, so the attribute is not needed."))
        return True


for _one in mandatory(Node.PERSON):
    if _one.name not in NOT_ALWAYS:
        _missing_rule(_one.name)


@ATTRIBUTES.rule(
    "P-EMPTY",
    Severity.ERROR,
    Sentence("An attribute has an empty value: {about}.", about=ABOUT),
    Sentence("Delete the empty value. If no value is known, the entry must not have the attribute."),
)
def empty(person: Person) -> Result:
    return named(name for name in person.empty if attribute_key(name) != attribute_key(NUMBER_ATTRIBUTE))


@ATTRIBUTES.rule(
    "P-VALUES",
    Severity.ERROR,
    Sentence("An attribute has more than one value, but only one is allowed: {about}.", about=ABOUT),
    Sentence("Find out which value is right, and delete the others."),
)
def many_values(person: Person) -> Result:
    return named(
        name
        for name, values in person.entry.items()
        if len(person.entry.values(name)) > 1
        and (known := attribute(attribute_key(name))) is not None
        and known.single
        and (len(values) > 1 or known.name not in NAMES)  # a name may be there in several languages
    )


@ATTRIBUTES.rule(
    "P-ENCODING",
    Severity.ERROR,
    Sentence("A value is not valid UTF-8 text: {about}.", about=ABOUT),
    Sentence("Write the value again, in UTF-8. The data was loaded in another encoding, or was damaged."),
)
def encoding(person: Person) -> Result:
    return named(name for name in person.undecodable if attribute_key(name) != "userpassword")


@ATTRIBUTES.rule(
    "P-SPACES",
    Severity.WARNING,
    Sentence("An attribute has two spaces in a row, or a space at the beginning or end: {about}.", about=ABOUT),
    Sentence("Write the value with single spaces."),
    title=EXTRA_WHITESPACE,
)
def spaces(person: Person) -> Result:
    return named(name for name in (*NAMES, "mail", "postalAddress") if has_extra_spaces(person.texts(name)))


@ATTRIBUTES.rule(
    "P-LETTERS-NONE",
    Severity.WARNING,
    Sentence("A name has no letter in it, so it is not a name: {about}.", about=ABOUT),
    Sentence("Find out the person's name, and write it. A person with one name only has it in both givenName and sn."),
)
def letters_none(person: Person) -> Result:
    """cn may hold a user name too, which may be digits."""
    return named(
        name
        for name in (*NAMES, "eduPersonNickname")
        if (texts := person.texts(name)) and not (any if name == "cn" else all)(map(_LETTER.search, texts))
    )


@ATTRIBUTES.rule(
    "P-NAME-SPOILED",
    Severity.WARNING,
    Sentence("Letters in a name were lost (“?”) or damaged (“BjÃ¸rn”): {about}.", about=ABOUT),
    Sentence("Find out the person's name, and write it. The data was once read in a wrong encoding."),
)
def name_spoiled(person: Person) -> Result:
    """A value that is not valid UTF-8 has its own finding (P-ENCODING), and so has one without a letter."""
    return named(
        name
        for name in (*NAMES, "eduPersonNickname")
        if any(is_damaged_name(text) and _LETTER.search(text) for text in person.texts(name))
        and attribute_key(name) not in map(attribute_key, person.undecodable)
    )


@ATTRIBUTES.rule(
    "P-SHARED",
    Severity.ERROR,
    Sentence("This looks like the names of two people: {about}. A user must be one person.", about=ABOUT),
    Sentence("Create one user for each of the two people, and close this user."),
)
def shared(person: Person) -> Result:
    return named(name for name in NAMES if any(map(_TWO_PEOPLE.search, person.texts(name))))


@ATTRIBUTES.rule(
    "P-MAIL-FORM",
    Severity.WARNING,
    Sentence("The attribute mail does not contain a mail address."),
    Sentence("Correct or delete the address."),
)
def mail(person: Person) -> Result:
    return not all(map(_MAIL.fullmatch, person.texts("mail")))


@ATTRIBUTES.rule(
    "P-MOBILE-FORM",
    Severity.WARNING,
    Sentence("The attribute mobile must be a telephone number that begins with “+” and the country code."),
    Sentence("Write a Norwegian number as +47 and eight digits, without spaces."),
)
def mobile(person: Person) -> Result:
    return not all(map(_is_mobile_form, person.texts("mobile")))


@ATTRIBUTES.rule(
    "P-MOBILE-NONE",
    Severity.WARNING,
    Sentence("An attribute has a number that is not a mobile number in its country: {about}.", about=ABOUT),
    Sentence(
        "Correct or delete the number. Feide's validator reports such numbers, and a code in a text message does not "
        "arrive."
    ),
)
def mobile_none(person: Person) -> Result:
    numbers = {
        "mobile": filter(_is_mobile_form, person.texts("mobile")),
        METHOD_ATTRIBUTE: filter(None, map(sms_number, person.texts(METHOD_ATTRIBUTE))),
    }
    return named(name for name, held in numbers.items() if not all(map(is_mobile, held)))


@ATTRIBUTES.rule(
    "P-LANGUAGE-FORM",
    Severity.WARNING,
    Sentence("preferredLanguage is not a language tag (BCP 47)."),
    Sentence("Write a language tag, for example nb, nn, uk or ar."),
)
def language(person: Person) -> Result:
    return not all(_is_written(text, language_tag) for text in person.texts("preferredLanguage"))


@ATTRIBUTES.rule(
    "P-HOME-ORGANIZATION",
    Severity.WARNING,
    Sentence("schacHomeOrganization is not the organization's realm."),
    Sentence("Write the organization's realm to schacHomeOrganization, or delete the attribute."),
)
def home_organization(person: Person) -> Result:
    return any(text.lower() != person.context.organization.realm for text in person.texts("schacHomeOrganization"))


@ATTRIBUTES.rule(
    "P-LIN-FORM",
    Severity.WARNING,
    Sentence(
        "norEduPersonLIN must have the form realm:type:identifier. The realm must be the organization's, "
        "and the type must be employee, fin or localnin."
    ),
    Sentence("Write realm:employee:… or realm:localnin:…, or realm:fin: and eleven digits, or delete the value."),
)
def lin_form(person: Person) -> Result:
    numbers = map(read_local_number, person.texts(LIN_ATTRIBUTE))
    return any(one is None or one.realm.lower() != person.context.organization.realm for one in numbers)


@ATTRIBUTES.rule(
    "P-LIN-NUMBER",
    Severity.WARNING,
    Sentence("norEduPersonLIN (employee or localnin) contains digits that are perhaps a national identity number."),
    Sentence("Delete the value, and use an identifier that does not look like an identity number."),
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
    Sentence("norEduPersonLIN has more than one value. Some services cannot read more than one."),
    Sentence("Keep the value that is in use, and delete the others."),
)
def lin_many(person: Person) -> Result:
    return len(person.texts(LIN_ATTRIBUTE)) > 1


def has_extra_spaces(texts: Iterable[str]) -> bool:
    return any(map(_SPACES.search, texts))


def _is_mobile_form(text: str) -> bool:
    return bool(_NORWEGIAN.fullmatch(text)) or _is_written(text, mobile_number)


@lru_cache(maxsize=1024)
def _is_written(text: str, read: Callable[[str], str]) -> bool:
    """Does `read` return the same text, apart from capitals?"""
    try:
        return read(text).lower() == text.lower()
    except InputError:
        return False
