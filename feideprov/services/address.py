"""Mail addresses of providers: which can be used, and which of several is used."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from feideprov.errors import InputError
from feideprov.messages import Sentence
from feideprov.numbers import number_shaped
from feideprov.services.register.service import Service

_LOCAL: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*", re.ASCII)
_DOMAIN: Final = re.compile(
    r"(?=.{1,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII
)
_KINDS: Final = ("support", "administrative", "technical", "other")
"""In the order of preference. Contacts of other kinds (billing, security incidents) are not written to."""


def mail_address(text: str) -> str:
    """A plain address (RFC 5321, 4.1.2: a dot-string and a domain), the domain in lower case and ASCII.

    `mailto:` at the start, as in SAML metadata, is removed. No quotes, comments, routes or second address, and nothing
    that looks like an identity number. Raises InputError, which quotes nothing of the text.

    >>> mail_address("mailto:Hjelp@Blåbær.example")
    'Hjelp@xn--blbr-roah.example'
    """
    plain = text.strip()
    if plain[:7].lower() == "mailto:":
        plain = plain[7:]
    local, _, domain = plain.rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        domain = ""
    if not (_LOCAL.fullmatch(local) and len(local) <= 64 and _DOMAIN.fullmatch(domain)):
        raise InputError(
            Sentence(
                "This is not a mail address. Write it in this form: name@example.no, without æ, ø or å before the @."
            )
        )
    if number_shaped(local):
        raise InputError(Sentence("The mail address looks like an identity number. Correct the address."))
    return f"{local}@{domain}"


def address_of(services: Iterable[Service]) -> str | None:
    """The address for messages about these services: the first usable one, support addresses before others.

    None when there is none.
    """
    found = [(contact.kind, contact.mail) for service in services for contact in service.contacts]
    for wanted in _KINDS:
        for kind, mail in found:
            if kind == wanted:
                try:
                    return mail_address(mail)
                except InputError:
                    continue
    return None
