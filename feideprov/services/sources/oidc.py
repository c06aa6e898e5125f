"""The register of OIDC clients as JSON: which clients get the number by the scope `userid-nin`.

Two forms are read: that of Feide's administration of clients (`id`, `name`, `scopes`, `organization`; open code of
2018, core-apis/clientadm.md), and that of RFC 7591 (`client_id`, `client_name`, `scope`, `contacts`). They may also
have `activated`, true or false; otherwise another source must say it. A client's secret is not kept.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from feideprov.services.register.service import NUMBER_SCOPE, Contact, FactSource, Provider, Service, Way
from feideprov.services.sources.entry import NO_MAIL_ADDRESS, Entry, is_mail

SOURCE: Final = "OIDC clients"
_OWN_KEYS: Final = (
    "client_id",
    "client_name",
    "scope",
    "scopes",
    "scopes_requested",
    "redirect_uri",
    "redirect_uris",
    "grant_types",
)
_SCOPES: Final = ("scope", "scopes")
_READ: Final = (
    *("client_id", "client_name", "id", "name", "organization", "provider", "contacts", "admin_contact"),
    *("support_email", "activated", *_SCOPES),
)


def is_client(entry: Entry) -> bool:
    """Whether an entry is an OIDC client."""
    return any(key in entry for key in _OWN_KEYS)


def service(entry: Entry, on: date) -> Service:
    """A client as a service. Raises InputError, with the place, when a value that is needed has another form."""
    said = FactSource(source=SOURCE, on=on)
    own_id = entry.id("client_id" if "client_id" in entry else "id")
    names = _names(entry)
    facts: dict[str, Any] = {
        "names": names,
        "provider": _provider(entry, own_id, names),
        "other": entry.other_values([*_READ, *(key for key in entry.content if key.startswith("client_name#"))]),
    }
    if any(key in entry for key in _SCOPES):
        facts["ways"] = (Way.OIDC,) if NUMBER_SCOPE in _scopes(entry) else ()
    if contacts := _contacts(entry):
        facts["contacts"] = contacts
    if "activated" in entry:
        facts["activated"] = entry.boolean("activated")
    return Service(id=f"oidc:{own_id}", **facts, said=dict.fromkeys(facts, said))


def _names(entry: Entry) -> dict[str, str]:
    """In RFC 7591, 2.2, the language of a name follows its key: `client_name#nb`."""
    found = entry.names("client_name" if "client_name" in entry else "name")
    for language in ("nb", "nn", "en"):
        if name := entry.text(f"client_name#{language}"):
            found[language] = name
    return found


def _scopes(entry: Entry) -> set[str]:
    """A list, or words separated by spaces (RFC 6749, 3.3)."""
    words: set[str] = set()
    for key in _SCOPES:
        value = entry.content.get(key)
        words.update(value.split() if isinstance(value, str) else entry.texts(key))
    return words


def _provider(entry: Entry, own_id: str, names: dict[str, str]) -> Provider:
    """The organization of the client; without one, the client is its own provider."""
    key = next((key for key in ("provider", "organization") if key in entry), None)
    if key is None:
        return Provider(id=f"oidc:{own_id}", name=next(iter(names.values()), own_id))
    if isinstance(entry.content[key], str):
        name = entry.text(key)
        return Provider(id=name or f"oidc:{own_id}", name=name or own_id)
    inside = entry.nested(key)
    by_language = inside.names()
    name = next((by_language[one] for one in ("nb", "nn", "en", "") if one in by_language), "")
    provider_id = inside.id() if "id" in inside else name or f"oidc:{own_id}"
    return Provider(id=provider_id, name=name or provider_id, realm=inside.text("realm"))


def _contacts(entry: Entry) -> tuple[Contact, ...]:
    found = [*entry.mail("support_email"), *entry.mail("admin_contact", "administrative")]
    for mail in entry.texts("contacts"):
        if is_mail(mail):
            found.append(Contact(mail=mail))
        else:
            entry.leave_out("contacts", NO_MAIL_ADDRESS)
    return tuple({contact.mail.casefold(): contact for contact in found}.values())
