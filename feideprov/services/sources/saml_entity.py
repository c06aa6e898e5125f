"""What an entity's metadata says of a service: does it ask for the number, what is it called, who runs it.

Sources: SAML 2.0 Metadata (OASIS, 2005-03-15) 2.3 and 2.4, and its extensions for user interfaces (mdui) and for
registration (mdrpi).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element  # of what defusedxml has let through

from feideprov.numbers import number_shaped
from feideprov.services.register.service import NUMBER_ATTRIBUTE_OID, Contact, Provider, Said, Service, Way
from feideprov.services.sources.entry import is_mail
from feideprov.services.sources.saml_file import MD, MDRPI, MDUI
from feideprov.text import shown

PREFIX: Final = "saml:"
"""What the id of a service begins with, and that of a provider; the entityID follows, or the name."""
NUMBER_NAMES: Final = frozenset(
    {NUMBER_ATTRIBUTE_OID, "norEduPersonNIN".casefold(), "urn:mace:dir:attribute-def:norEduPersonNIN".casefold()}
)
"""The names that the number goes by: its OID, the short name (NameFormat basic), and the one of MACE-Dir for SAML 1."""

_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_LANGUAGES: Final = ("nb", "nn", "en")
_SAME_LANGUAGE: Final = {"no": "nb"}
_CONTACTS: Final = ("support", "technical", "administrative")
_LONGEST_NAME: Final = 200


def service_of(entity_id: str, entity: Element, said: Said) -> Service | None:
    """The service that an EntityDescriptor describes; None where it is no service provider.

    `said` is where its facts come from. Whether it is activated here, no metadata tells: `activated` is None.
    """
    roles = entity.findall(f"{MD}SPSSODescriptor")
    if not roles:
        return None
    asked = [one for role in roles for one in _requested(role) if _is_number(one)]
    host = _host(entity_id)
    facts: dict[str, Any] = {
        "names": _names(roles) or {"": host},
        "provider": _provider([entity, *roles], host) or Provider(id=PREFIX + host, name=host),
        "ways": (Way.SAML,) if asked else (),
        "required": any(one.get("isRequired", "").strip() in ("true", "1") for one in asked) if asked else None,
    }
    if contacts := tuple(dict.fromkeys(_contacts([entity, *roles]))):
        facts["contacts"] = contacts
    if other := _other([entity, *roles]):
        facts["other"] = other
    return Service(id=PREFIX + entity_id, **facts, said=dict.fromkeys(facts, said))


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
        if text := label(one.text or ""):
            texts.setdefault(_SAME_LANGUAGE.get(language, language), text)
    return texts


def _understood(names: dict[str, str]) -> dict[str, str]:
    """Only the languages that we speak; where there is none of them, the first other name."""
    known: dict[str, str] = {language: names[language] for language in _LANGUAGES if language in names}
    if known or not names:
        return known
    return {"": next(iter(names.values()))}


def label(text: str) -> str:
    """A text on one line, without what cannot be seen: a name must not break a header or turn the writing round. Empty
    where it looks like an identity number."""
    return "" if number_shaped(text) else shown(text, _LONGEST_NAME)


def _host(entity_id: str) -> str:
    """The host that an entityID names; all of it where it names none."""
    try:
        return urlsplit(entity_id).hostname or entity_id
    except ValueError:
        return entity_id


def _provider(places: list[Element], host: str) -> Provider | None:
    """The organization of the entity or else of its role. In metadata anybody can call himself anything, so the id is
    nobody's in another source, and holds the domain too, which federations look at: what is meant for one provider must
    not go to another of the same name."""
    domain = ".".join(host.split(".")[-2:])
    for place in places:
        for tag in ("OrganizationDisplayName", "OrganizationName"):
            names = _understood(_by_language(place.iterfind(f"{MD}Organization/{MD}{tag}")))
            if names:
                name = next(iter(names.values()))
                return Provider(id=f"{PREFIX}{name} ({domain})", name=name)
    return None


def _contacts(places: list[Element]) -> Iterator[Contact]:
    """Whom to ask. An address that could be anything but one address is left out."""
    for person in (one for place in places for one in place.iterfind(f"{MD}ContactPerson")):
        kind = person.get("contactType", "")
        if kind not in _CONTACTS:
            continue
        name = label(" ".join(person.findtext(f"{MD}{tag}", "") for tag in ("GivenName", "SurName")))
        for element in person.iterfind(f"{MD}EmailAddress"):
            address = _address((element.text or "").strip())
            if address:
                yield Contact(mail=address, kind=kind, name=name)


def _address(text: str) -> str:
    if text[:7].casefold() == "mailto:":
        text = unquote(text[7:].partition("?")[0]).strip()
    return text if is_mail(text) else ""


def _other(places: list[Element]) -> dict[str, str]:
    """Who registered the entity, and where its organization is: kept for people to look at."""
    registration = (place.find(f"{MD}Extensions/{MDRPI}RegistrationInfo") for place in places)
    organizations = (place.find(f"{MD}Organization/{MD}OrganizationURL") for place in places)
    found = {
        "registrationAuthority": [
            label(one.get("registrationAuthority", "")) for one in registration if one is not None
        ],
        "OrganizationURL": [label(one.text or "") for one in organizations if one is not None],
    }
    return {key: texts[0] for key, texts in found.items() if any(texts[:1])}
