"""Saved JSON of the Feide API: services (`https://api.feide.no/2/sp/`) and organizations (`/2/org/`).

No specification of either is published. This module relies on the following: a service has `id`, `name`, `provider`
and `attributes`, which it receives at login; `subscribers`, if the API gives it, are the organizations that have
activated it. An organization has `id`, `realm` and addresses (as in Feide's own open code of 2018,
core-apis/bin/sync-orgs.py). Other values of a service are kept unchanged.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from feideprov.errors import InputError
from feideprov.messages import Sentence, listed
from feideprov.services.register.organizations import ORGANIZATIONS, SUBSCRIBERS, FeideOrganization
from feideprov.services.register.service import (
    NUMBER_ATTRIBUTE_OID,
    NUMBER_SCOPE,
    Contact,
    FactSource,
    Provider,
    Service,
    Way,
)
from feideprov.services.sources.entry import Entry
from feideprov.services.sources.json_file import JsonFile

SOURCE: Final = "Feide API"
_NUMBER: Final = {
    "noredupersonnin",
    NUMBER_SCOPE,
    NUMBER_ATTRIBUTE_OID,
    NUMBER_ATTRIBUTE_OID.removeprefix("urn:oid:"),
}
"""The names of the number in lists of attributes, in lower case."""
_READ: Final = ("id", "name", "provider", "attributes", SUBSCRIBERS)
_PEOPLE: Final = {"contacts_technical": "technical", "contacts_admin": "administrative"}


def is_service(entry: Entry) -> bool:
    """Whether an entry is one of `/2/sp/`, by its keys: null is a value too."""
    return any(key in entry.content for key in ("provider", "attributes", SUBSCRIBERS))


def is_organization(entry: Entry) -> bool:
    """Whether an entry is one of `/2/org/`, by its keys: the realm of a provider may be null."""
    return not is_service(entry) and any(key in entry.content for key in ("realm", "support_email"))


def divided(file: JsonFile) -> tuple[list[Entry], list[Entry]]:
    """The services and the organizations of a file. An entry that may be either is an organization if the file has
    organizations."""
    if any(map(is_organization, file.entries)):
        return list(filter(is_service, file.entries)), [entry for entry in file.entries if not is_service(entry)]
    return list(file.entries), []


def require(file: JsonFile, entries: Sequence[Entry], *keys: str) -> None:
    """Raise InputError if none of the entries has a key that they need: the answer was made with `?fields=`."""
    if missing := _in_none(entries, *keys):
        raise InputError(
            Sentence(
                "{file}: no entry has {keys}. The answer of the Feide API was probably made with ?fields=. Download it "
                "again without ?fields=. Nothing was changed.",
                file=file.name,
                keys=listed(missing),
            )
        )


def left_out_by_filter(file: JsonFile, services: Sequence[Entry], organizations: Sequence[Entry]) -> Iterator[Sentence]:
    """What a filter left out that services and organizations can be without."""
    if _in_none(services, "attributes"):
        yield Sentence(
            "{file}: no service has attributes, so the file does not say which services get the number. If the answer "
            "of the Feide API was made with ?fields=, download it again without ?fields=.",
            file=file.name,
        )
    if _in_none(organizations, "support_email"):
        yield Sentence(
            "{file}: no organization has support_email, so the file has no mail addresses. If the answer of the Feide "
            "API was made with ?fields=, download it again without ?fields=.",
            file=file.name,
        )


def _in_none(entries: Sequence[Entry], *keys: str) -> list[str]:
    """The keys that none of the entries has."""
    return [key for key in keys if entries and not any(key in entry.content for entry in entries)]


def service(entry: Entry, on: date) -> Service:
    """A service. Raises InputError, with the place, when a value that is needed has another form."""
    said = FactSource(source=SOURCE, on=on)
    own_id, names = entry.id(), entry.names()
    facts: dict[str, Any] = {"names": names, "provider": _provider(entry, own_id, names)}
    other = entry.other_values(_READ)
    if "attributes" in entry:
        facts["ways"] = (Way.FEIDE,) if _gets_number(entry) else ()
    if SUBSCRIBERS in entry:
        other[SUBSCRIBERS] = sorted(one.id() for one in entry.objects(SUBSCRIBERS))
    facts["other"] = other
    return Service(id=f"feide:{own_id}", **facts, said=dict.fromkeys(facts, said))


def organization(entry: Entry, on: date) -> FeideOrganization:
    """An organization with its mail addresses, support first; None if the entry does not say."""
    contacts = list(entry.mail("support_email"))
    for key, kind in _PEOPLE.items():
        for person in entry.objects(key):
            contacts += person.mail("email", kind)
    return FeideOrganization(
        id=entry.id(),
        realm=entry.text("realm").lower(),
        contacts=_once(contacts) if any(key in entry.content for key in ("support_email", *_PEOPLE)) else None,
        said=FactSource(source=ORGANIZATIONS, on=on),
    )


def _provider(entry: Entry, own_id: str, names: dict[str, str]) -> Provider:
    """The provider; a service without one is its own provider."""
    if "provider" not in entry:
        return Provider(id=f"feide:{own_id}", name=next(iter(names.values()), own_id))
    inside = entry.nested("provider")
    provider_id = inside.id()
    by_language = inside.names()
    name = next((by_language[one] for one in ("nb", "nn", "en", "") if one in by_language), provider_id)
    return Provider(id=provider_id, name=name, realm=inside.text("realm"))


def _gets_number(entry: Entry) -> bool:
    return any(attribute.casefold() in _NUMBER for attribute in entry.texts("attributes"))


def _once(contacts: list[Contact]) -> tuple[Contact, ...]:
    return tuple({contact.mail.casefold(): contact for contact in reversed(contacts)}.values())[::-1]
