"""Messages of an LDAP server, read from their octets (RFC 4511, 4.1.1 and 4.1.9)."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from feideprov.directory.ldap import ber
from feideprov.directory.ldap.requests import PAGES, POST_READ

ENTRY, REFERENCE, INTERMEDIATE, EXTENDED = 0x64, 0x73, 0x79, 0x78
_REFERRAL, _CONTROLS = 0xA3, 0xA0


@dataclass(frozen=True, slots=True)
class Response:
    """The LDAPResult that ends a request. `diagnostic` is the server's own text (diagnosticMessage): it must be
    scrubbed before it is shown."""

    code: int
    diagnostic: str = field(repr=False, default="")
    controls: dict[str, bytes] = field(repr=False, default_factory=dict)

    @property
    def cookie(self) -> bytes:
        """The position of the next page (RFC 2696); empty after the last page, or if the server has no pages."""
        value = self.controls.get(PAGES)
        if not value:
            return b""
        _, at, _ = ber.read(value, 0)
        _, _, at = ber.read(value, at)
        _, start, end = ber.read(value, at)
        return value[start:end]

    @property
    def post_read(self) -> Attributes | None:
        """The attributes after the change (RFC 4527); None when the server returns none."""
        value = self.controls.get(POST_READ)
        if not value:
            return None
        _, at, _ = ber.read(value, 0)
        _, _, at = ber.read(value, at)  # the name
        _, at, end = ber.read(value, at)
        return _attributes(value, at, end)


def read_header(message: bytes) -> tuple[int, int, int]:
    """The message id, the tag of the operation, and where the operation begins."""
    _, at, _ = ber.read(message, 0)
    _, start, at = ber.read(message, at)
    return int.from_bytes(message[start:at], "big"), message[at], at


def read_response(message: bytes, at: int) -> Response:
    """The LDAPResult at a position in a message, with the controls that follow it."""
    _, at, after = ber.read(message, at)
    _, start, at = ber.read(message, at)
    code = int.from_bytes(message[start:at], "big")
    _, _, at = ber.read(message, at)  # matchedDN
    _, start, end = ber.read(message, at)
    controls = _controls(message, after) if after < len(message) else {}
    return Response(code, message[start:end].decode(errors="replace"), controls)


def _controls(message: bytes, at: int) -> dict[str, bytes]:
    controls = {}
    tag, at, end = ber.read(message, at)
    while tag == _CONTROLS and at < end:
        _, inner, at = ber.read(message, at)
        _, start, inner = ber.read(message, inner)
        name, value = message[start:inner].decode(), b""
        while inner < at:  # criticality, then the value; both are optional
            kind, start, inner = ber.read(message, inner)
            if kind == ber.OCTETS:
                value = message[start:inner]
        controls[name] = value
    return controls


def read_referral(message: bytes, at: int) -> list[str]:
    """The URIs of the SearchResultReference at a position in a message."""
    _, at, end = ber.read(message, at)
    uris = []
    while at < end:
        _, start, at = ber.read(message, at)
        uris.append(message[start:at].decode(errors="replace"))
    return uris


Attributes = dict[str, tuple[str, tuple[bytes, ...]]]
"""The attributes of an entry as Entry keeps them: by name in lower case, the name as written and the values."""


def read_entry(message: bytes, at: int) -> tuple[bytes, Attributes]:
    """The DN, as octets, and the attributes of the SearchResultEntry at a position in a message.

    If an attribute occurs twice, the later values are kept, as ldap3 does.
    """
    _, at, _ = ber.read(message, at)
    _, start, at = ber.read(message, at)
    dn = message[start:at]
    _, at, end = ber.read(message, at)
    return dn, _attributes(message, at, end)


def _attributes(message: bytes, at: int, end: int) -> Attributes:
    """The PartialAttributeList between two positions in a message."""
    attributes: Attributes = {}
    while at < end:
        # Each attribute: its type, then the set of its values. Lengths below 128 take one octet, and nearly all do.
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
