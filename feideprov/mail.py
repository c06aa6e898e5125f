"""Mail addresses: which can be used, and how their domain is written in ASCII."""

from __future__ import annotations

import re
from typing import Final

from feideprov.errors import InputError
from feideprov.messages import Sentence
from feideprov.numbers import number_shaped

_LOCAL: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*", re.ASCII)
_DOMAIN: Final = re.compile(
    r"(?=.{1,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?",
    re.ASCII | re.IGNORECASE,
)
_LONGEST: Final = 254
_OTHER_IN_2008: Final = re.compile("[ßẞς\u200c\u200d]")
"""Letters that make another domain by IDNA 2008 than by Python's codec (RFC 5894, 7.2)."""


def with_ascii_domain(address: str) -> str:
    """The address with its domain in ASCII, as mail and LDAP need it (IDNA). What has none is returned as it is.

    >>> with_ascii_domain("kari@skøytehylla.no"), with_ascii_domain("kåre@x.no")
    ('kari@xn--skytehylla-1cb.no', 'kåre@x.no')
    """
    local, at, domain = address.rpartition("@")
    return f"{local}@{ascii_domain(domain)}" if at else address


def ascii_domain(domain: str) -> str:
    """A domain in ASCII, as DNS has it (IDNA). What is in ASCII, or cannot be written so, is returned as it is.

    >>> ascii_domain("skøytehylla.kommune.no")
    'xn--skytehylla-1cb.kommune.no'
    """
    if domain.isascii() or _OTHER_IN_2008.search(domain):
        return domain
    try:
        return domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return domain


def is_domain(domain: str) -> bool:
    """Whether this is a domain name of DNS, in ASCII, with a full stop in it (RFC 1123, 2.1)."""
    return _DOMAIN.fullmatch(domain) is not None


def is_address(address: str) -> bool:
    """Whether this is a plain address (RFC 5321, 4.1.2: a dot-string and a domain) in ASCII, not longer than is allowed
    (4.5.3.1, errata 1690)."""
    local, _, domain = address.rpartition("@")
    return len(address) <= _LONGEST and len(local) <= 64 and bool(_LOCAL.fullmatch(local)) and is_domain(domain)


def mail_address(text: str) -> str:
    """A plain address to which mail is sent, the domain in lower case and ASCII.

    `mailto:` at the start, as in SAML metadata, is removed. No quotes, comments, routes or second address, and nothing
    that looks like an identity number. Raises InputError, which quotes nothing of the text.

    >>> mail_address("mailto:Hjelp@Blåbær.example")
    'Hjelp@xn--blbr-roah.example'
    """
    plain = text.strip()
    if plain[:7].lower() == "mailto:":
        plain = plain[7:]
    address = with_ascii_domain(plain)
    if not is_address(address):
        raise InputError(
            Sentence(
                "This is not a mail address. Write it in this form: name@example.no, without æ, ø or å before the @."
            )
        )
    local, _, domain = address.rpartition("@")
    if number_shaped(local):
        raise InputError(Sentence("The mail address looks like an identity number. Correct the address."))
    return f"{local}@{domain.lower()}"
