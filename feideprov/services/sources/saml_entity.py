"""What an entity's metadata says about a service: whether it asks for the number, its name, its provider.

Sources: SAML 2.0 Metadata (OASIS, 2005-03-15) 2.3 and 2.4, and its extensions for user interfaces (mdui) and for
registration (mdrpi).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

from feideprov.mail import with_ascii_domain
from feideprov.numbers import number_shaped
from feideprov.services.register.service import NUMBER_ATTRIBUTE_OID, Contact, FactSource, Provider, Service, Way
from feideprov.services.sources.entry import is_mail
from feideprov.services.sources.saml_file import MD, MDRPI, MDUI
from feideprov.text import shown

PREFIX: Final = "saml:"
"""The start of the id of a service, followed by its entityID, and of a provider, followed by its name."""
NUMBER_NAMES: Final = frozenset(
    {NUMBER_ATTRIBUTE_OID, "norEduPersonNIN".casefold(), "urn:mace:dir:attribute-def:norEduPersonNIN".casefold()}
)
"""The names of the number: its OID, the short name (NameFormat basic), and the name of MACE-Dir for SAML 1."""

_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_LANGUAGES: Final = ("nb", "nn", "en")
_SAME_LANGUAGE: Final = {"no": "nb"}
_CONTACTS: Final = ("support", "technical", "administrative")
_LONGEST_NAME: Final = 200


def service_of(entity_id: str, entity: Element, said: FactSource) -> Service | None:
    """The service that an EntityDescriptor describes; None when it is not a service provider.

    `said` is the source of its facts. Metadata does not say whether the service is activated here: `activated` is None.
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


def misuses_friendly_name(entity: Element) -> bool:
    """Whether the entity asks for another attribute with the friendly name of the number.

    FriendlyName is for people: it must not be used to identify an attribute (SAML 2.0 Core 2.7.3.1). So such a service
    does not count as getting the number, and a note tells a person to ask the provider.
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
    """The names that users see (mdui:DisplayName); in languages without one, the ServiceName."""
    names = _by_language(
        one for role in roles for one in role.iterfind(f"{MD}AttributeConsumingService/{MD}ServiceName")
    )
    names |= _by_language(
        one for role in roles for one in role.iterfind(f"{MD}Extensions/{MDUI}UIInfo/{MDUI}DisplayName")
    )
    return _in_our_languages(names)


def _by_language(elements: Iterable[Element]) -> dict[str, str]:
    """The first text in each language, without region or script in the tag. “no” counts as bokmål."""
    texts: dict[str, str] = {}
    for one in elements:
        language = one.get(_LANG, "").strip().casefold().partition("-")[0]
        if text := label(one.text or ""):
            texts.setdefault(_SAME_LANGUAGE.get(language, language), text)
    return texts


def _in_our_languages(names: dict[str, str]) -> dict[str, str]:
    """The names in our languages, or else the first other name."""
    known: dict[str, str] = {language: names[language] for language in _LANGUAGES if language in names}
    if known or not names:
        return known
    return {"": next(iter(names.values()))}


def label(text: str) -> str:
    """A text on one line, without what cannot be seen: a name must not break a header or turn the writing round. Empty
    where it looks like an identity number."""
    return "" if number_shaped(text) else shown(text, _LONGEST_NAME)


def _host(entity_id: str) -> str:
    """The host in an entityID; the whole entityID if it has none."""
    try:
        return urlsplit(entity_id).hostname or entity_id
    except ValueError:
        return entity_id


def _provider(places: list[Element], host: str) -> Provider | None:
    """The organization of the entity, or else of its role.

    In metadata anybody can use any name. So the id is never that of a provider in another source, and it has the domain
    too, which federations check: what is meant for one provider must not be sent to another of the same name.
    """
    domain = ".".join(host.split(".")[-2:])
    for place in places:
        for tag in ("OrganizationDisplayName", "OrganizationName"):
            names = _in_our_languages(_by_language(place.iterfind(f"{MD}Organization/{MD}{tag}")))
            if names:
                name = next(iter(names.values()))
                return Provider(id=f"{PREFIX}{name} ({domain})", name=name)
    return None


def _contacts(places: list[Element]) -> Iterator[Contact]:
    """The contacts to ask. What is not exactly one address is left out."""
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
    return with_ascii_domain(text) if is_mail(text) else ""


def _other(places: list[Element]) -> dict[str, str]:
    """Who registered the entity, and the address of its organization: kept for people to read."""
    registration = (place.find(f"{MD}Extensions/{MDRPI}RegistrationInfo") for place in places)
    organizations = (place.find(f"{MD}Organization/{MD}OrganizationURL") for place in places)
    found = {
        "registrationAuthority": [
            label(one.get("registrationAuthority", "")) for one in registration if one is not None
        ],
        "OrganizationURL": [label(one.text or "") for one in organizations if one is not None],
    }
    return {key: texts[0] for key, texts in found.items() if any(texts[:1])}
