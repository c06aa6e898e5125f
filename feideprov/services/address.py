"""Mail addresses of providers: which of several is used."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from feideprov.errors import InputError
from feideprov.mail import mail_address
from feideprov.services.register.service import Service

_KINDS: Final = ("support", "administrative", "technical", "other")
"""In the order of preference. Contacts of other kinds (billing, security incidents) are not written to."""


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
