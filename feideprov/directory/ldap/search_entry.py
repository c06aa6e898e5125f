"""The entries that a server answers a search with, read straight from their octets (RFC 4511, 4.5.2).

ldap3 decodes a message of any kind by one table and keeps every value three times, which takes it 0.2 ms an entry. In a
whole directory that is nearly all the time there is. The entries of a search have one form; this reads that one.
"""

from __future__ import annotations

from functools import lru_cache

from feideprov.directory.ldap import ber

Attributes = dict[str, tuple[str, tuple[bytes, ...]]]
"""The attributes of an entry as Entry keeps them: by the name in lower case, the name as written and the values."""


def search_entry(message: bytes, at: int) -> tuple[bytes, Attributes]:
    """The DN, as octets, and the attributes of the SearchResultEntry that begins at a place of a message.

    An attribute that comes twice keeps the later values, as in ldap3.
    """
    _, at, _ = ber.read(message, at)
    _, start, at = ber.read(message, at)
    dn = message[start:at]
    _, at, end = ber.read(message, at)
    return dn, partial_attributes(message, at, end)


def partial_attributes(message: bytes, at: int, end: int) -> Attributes:
    """The attributes between two places of a message."""
    attributes: Attributes = {}
    while at < end:
        # Each attribute: its type, then the set of its values. Lengths below 128 are one octet, and nearly all are.
        at += 2 if (length := message[at + 1]) < 0x80 else length - 0x7E
        length = message[at + 1]
        if length < 0x80:
            start, at = at + 2, at + 2 + length
        else:
            _, start, at = ber.read(message, at)
        key, name = _name(message[start:at])
        length = message[at + 1]
        if length < 0x80:
            at, last = at + 2, at + 2 + length
        else:
            _, at, last = ber.read(message, at)
        values = []
        while at < last:
            length = message[at + 1]
            if length < 0x80:
                start, at = at + 2, at + 2 + length
            else:
                _, start, at = ber.read(message, at)
            values.append(message[start:at])
        attributes[key] = name, tuple(values)
    return attributes


@lru_cache(maxsize=1024)
def _name(octets: bytes) -> tuple[str, str]:
    name = octets.decode()
    return name.lower(), name
