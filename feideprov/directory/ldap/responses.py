"""What an LDAP server answers, read from its octets (RFC 4511, 4.1.9): the result of a request, and whose it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from feideprov.directory.ldap import ber
from feideprov.directory.ldap.requests import PAGES, POST_READ

ENTRY, REFERENCE, INTERMEDIATE, EXTENDED = 0x64, 0x73, 0x79, 0x78
_REFERRAL, _CONTROLS = 0xA3, 0xA0


@dataclass(frozen=True, slots=True)
class Answer:
    """How a request ended. `said` are the server's own words: not to be shown before they are scrubbed."""

    code: int
    said: str = field(repr=False, default="")
    controls: dict[str, bytes] = field(repr=False, default_factory=dict)

    @property
    def cookie(self) -> bytes:
        """Where the next page begins; empty after the last one, and where the server knows no pages (RFC 2696)."""
        value = self.controls.get(PAGES)
        if not value:
            return b""
        _, at, _ = ber.read(value, 0)
        _, _, at = ber.read(value, at)
        _, start, end = ber.read(value, at)
        return value[start:end]

    @property
    def left(self) -> Attributes | None:
        """The attributes as the change has left them, where that was asked and is told (RFC 4527)."""
        value = self.controls.get(POST_READ)
        if not value:
            return None
        _, at, _ = ber.read(value, 0)
        _, _, at = ber.read(value, at)  # the name
        _, at, end = ber.read(value, at)
        return partial_attributes(value, at, end)


def header(message: bytes) -> tuple[int, int, int]:
    """The id of a message, what kind it is, and where that begins."""
    _, at, _ = ber.read(message, 0)
    _, start, at = ber.read(message, at)
    return int.from_bytes(message[start:at], "big"), message[at], at


def answer(message: bytes, at: int) -> Answer:
    """The result that begins at a place of a message, with the controls that follow it."""
    _, at, after = ber.read(message, at)
    _, start, at = ber.read(message, at)
    code = int.from_bytes(message[start:at], "big")
    _, _, at = ber.read(message, at)  # the part of the name that is there
    _, start, end = ber.read(message, at)
    controls = _controls(message, after) if after < len(message) else {}
    return Answer(code, message[start:end].decode(errors="replace"), controls)


def _controls(message: bytes, at: int) -> dict[str, bytes]:
    controls = {}
    tag, at, end = ber.read(message, at)
    while tag == _CONTROLS and at < end:
        _, inner, at = ber.read(message, at)
        _, start, inner = ber.read(message, inner)
        name, value = message[start:inner].decode(), b""
        while inner < at:  # whether it is critical, then its value; each may be left out
            kind, start, inner = ber.read(message, inner)
            if kind == ber.OCTETS:
                value = message[start:inner]
        controls[name] = value
    return controls


def reference(message: bytes, at: int) -> list[str]:
    """The addresses in the SearchResultReference that begins at a place of a message."""
    _, at, end = ber.read(message, at)
    addresses = []
    while at < end:
        _, start, at = ber.read(message, at)
        addresses.append(message[start:at].decode(errors="replace"))
    return addresses


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
