"""What an entity's metadata says of a service: does it ask for the number, what is it called, who runs it.

Sources: SAML 2.0 Metadata (OASIS, 2005-03-15) 2.3 and 2.4, its extensions for user interfaces (OASIS, 2019) and for
registration (OASIS, 2012).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element  # nosec: only what defusedxml has let through

from feideprov.services.service import NUMBER_ATTRIBUTE_OID, Contact, Provider, Service, Way
from feideprov.services.sources.saml_file import MD, MDRPI, MDUI

PREFIX: Final = "saml:"
"""What the id of a service begins with; the entityID follows."""
NUMBER_NAMES: Final = frozenset(
    {NUMBER_ATTRIBUTE_OID, "norEduPersonNIN".casefold(), "urn:mace:dir:attribute-def:norEduPersonNIN".casefold()}
)
"""The names that the number has gone by: the OID, the short name that Feide itself sends, and the one of SAML 1.1."""

_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_LANGUAGES: Final = ("nb", "nn", "en")
_SAME_LANGUAGE: Final = {"no": "nb"}
_CONTACTS: Final = ("support", "technical", "administrative")
_ADDRESS: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_LONGEST_NAME: Final = 200


def service_of(entity_id: str, entity: Element) -> Service | None:
    """The service that an EntityDescriptor describes; None where it is no service provider.

    Whether it is activated here, no metadata tells: `activated` is None.
    """
    roles = entity.findall(f"{MD}SPSSODescriptor")
    if not roles:
        return None
    asked = [one for role in roles for one in _requested(role) if _is_number(one)]
    return Service(
        id=PREFIX + entity_id,
        names=_names(roles),
        provider=_provider(entity, roles, entity_id),
        ways=(Way.SAML,) if asked else (),
        required=any(one.get("isRequired", "").strip() in ("true", "1") for one in asked) if asked else None,
        contacts=tuple(dict.fromkeys(_contacts([entity, *roles]))),
        other=_other(entity, roles),
    )


def calls_another_attribute_so(entity: Element) -> bool:
    """Whether the entity asks for something that is not the number under its friendly name.

    FriendlyName is for people: it must not be used to identify an attribute (SAML 2.0 Core 2.7.3.1). So such a service
    does not count as getting the number, and a person is told to ask.
    """
    return any(
        one.get("FriendlyName", "").strip().casefold() in NUMBER_NAMES and not _is_number(one)
        for role in entity.findall(f"{MD}SPSSODescriptor")
        for one in _requested(role)
    )


def _requested(role: Element) -> list[Element]:
    return role.findall(f"{MD}AttributeConsumingService/{MD}RequestedAttribute")


def _is_number(requested: Element) -> bool:
    return requested.get("Name", "").strip().casefold() in NUMBER_NAMES


def _names(roles: list[Element]) -> dict[str, str]:
    """What users see (mdui:DisplayName), and in a language without it the name of what it asks attributes for."""
    names = _by_language(
        one for role in roles for one in role.iterfind(f"{MD}AttributeConsumingService/{MD}ServiceName")
    )
    names |= _by_language(
        one for role in roles for one in role.iterfind(f"{MD}Extensions/{MDUI}UIInfo/{MDUI}DisplayName")
    )
    return _understood(names)


def _by_language(elements: Iterable[Element]) -> dict[str, str]:
    """The first text in each language, tags cut to the language itself; Norwegian that says no more is bokmål."""
    texts: dict[str, str] = {}
    for one in elements:
        language = one.get(_LANG, "").strip().casefold().partition("-")[0]
        if text := _line(one):
            texts.setdefault(_SAME_LANGUAGE.get(language, language), text)
    return texts


def _understood(names: dict[str, str]) -> dict[str, str]:
    """Only the languages that we speak; where there is none of them, the first other name."""
    known: dict[str, str] = {language: names[language] for language in _LANGUAGES if language in names}
    if known or not names:
        return known
    return {"": next(iter(names.values()))}


def _line(element: Element | None) -> str:
    """The text on one line, without what cannot be seen: a name must not break a header or turn the writing round."""
    text = " ".join((element.text or "").split()) if element is not None else ""
    text = "".join(filter(str.isprintable, text))
    return text if len(text) <= _LONGEST_NAME else text[: _LONGEST_NAME - 1] + "…"


def _provider(entity: Element, roles: list[Element], entity_id: str) -> Provider:
    """The organization of the entity or else of its role; without one, the host that the entityID names."""
    for place in (entity, *roles):
        for tag in ("OrganizationDisplayName", "OrganizationName"):
            names = _understood(_by_language(place.iterfind(f"{MD}Organization/{MD}{tag}")))
            if names:
                name = next(iter(names.values()))
                return Provider(id=name, name=name)
    try:
        name = urlsplit(entity_id).hostname or entity_id
    except ValueError:
        name = entity_id
    return Provider(id=name, name=name)


def _contacts(places: list[Element]) -> Iterator[Contact]:
    """Whom to ask. An address that could be anything but one address is left out."""
    for person in (one for place in places for one in place.iterfind(f"{MD}ContactPerson")):
        kind = person.get("contactType", "")
        if kind not in _CONTACTS:
            continue
        name = " ".join(filter(None, (_line(person.find(f"{MD}{tag}")) for tag in ("GivenName", "SurName"))))
        for element in person.iterfind(f"{MD}EmailAddress"):
            address = _address((element.text or "").strip())
            if address:
                yield Contact(mail=address, kind=kind, name=name)


def _address(text: str) -> str:
    if text[:7].casefold() == "mailto:":
        text = unquote(text[7:].partition("?")[0]).strip()
    return text if len(text) <= 254 and _ADDRESS.fullmatch(text) else ""


def _other(entity: Element, roles: list[Element]) -> dict[str, str]:
    """Who registered the entity, and where its organization is: kept for people to look at."""
    registration = entity.find(f"{MD}Extensions/{MDRPI}RegistrationInfo")
    organizations = (place.find(f"{MD}Organization/{MD}OrganizationURL") for place in (entity, *roles))
    found = {
        "registrationAuthority": registration.get("registrationAuthority", "") if registration is not None else "",
        "OrganizationURL": next((text for one in organizations if (text := _line(one))), ""),
    }
    return {key: text for key, text in found.items() if text}
