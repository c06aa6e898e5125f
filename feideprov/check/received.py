"""What a service would receive at a login, by attribute group, without the digits of a number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from feideprov.check.examination import Received
from feideprov.directory.entry import Entry
from feideprov.directory.protocol import NUMBER_ATTRIBUTE, holds_numbers
from feideprov.errors import scrub, scrub_path
from feideprov.messages import Sentence
from feideprov.numbers import NumberPolicy, judge_number, number_shaped
from feideprov.numbers.number import SHOWN

LOOKS_LIKE_NUMBER: Final = Sentence("<looks like a number>")
_SWEDISH = re.compile(r"\d{8}[\s.-]?\d{4}")  # number_shaped does not match it: many other long numbers have this form


@dataclass(frozen=True)
class Group:
    """Attributes that services receive together. `confirmed`: Feide uses this name for the group."""

    name: str
    person: tuple[str, ...] = ()
    organization: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    confirmed: bool = False


GROUPS = (
    Group("userid-nin", (NUMBER_ATTRIBUTE,), confirmed=True),  # docs.feide.no, reference/schema/attributegroups
    # how Feide groups the others, and under which names, is not confirmed
    Group(Sentence("Feide name"), ("eduPersonPrincipalName",)),
    Group(Sentence("name"), ("displayName", "givenName", "sn", "cn", "norEduPersonLegalName")),
    Group(Sentence("contact"), ("mail", "mobile", "preferredLanguage")),
    Group(
        Sentence("affiliation"), ("eduPersonAffiliation", "eduPersonPrimaryAffiliation", "eduPersonScopedAffiliation")
    ),
    Group(Sentence("grades and groups"), ("eduPersonEntitlement",)),
    Group(Sentence("local numbers"), ("norEduPersonLIN",)),
    Group(Sentence("organization"), organization=("eduOrgLegalName", "o", "norEduOrgNIN", "mail")),
    Group(Sentence("schools"), units=("ou", "norEduOrgUnitUniqueIdentifier", "mail")),
)
PERSON_ATTRIBUTES = tuple(dict.fromkeys(name for group in GROUPS for name in group.person))


def received(person: Entry, organization: Entry | None, units: Sequence[Entry], policy: NumberPolicy) -> list[Received]:
    """Every group with the values of the entries."""
    places = [(person, "person"), *([(organization, "organization")] if organization else [])]
    found = []
    for group in GROUPS:
        values: dict[str, tuple[str, ...]] = {}
        for entry, part in (*places, *((unit, "units") for unit in units)):
            for name in getattr(group, part):
                if shown := tuple(_shown(name, text, policy) for text in entry.texts(name)):
                    values[name] = (*values.get(name, ()), *shown)
        found.append(Received(group.name, group.confirmed, values))
    return found


def _shown(attribute: str, text: str, policy: NumberPolicy) -> str:
    """A value without the digits of a number. Local numbers are shown without any digits: some are made of others."""
    if holds_numbers(attribute):
        kind = judge_number(text, policy=policy).kind
        return SHOWN.get(kind, f"<{kind.value}>")
    if attribute == "norEduPersonLIN":
        return scrub(text)
    return LOOKS_LIKE_NUMBER if number_shaped(text) or _SWEDISH.search(text) else scrub_path(text)
