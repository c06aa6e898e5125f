"""Messages of an LDAP server, read from their octets (RFC 4511, 4.1.1 and 4.1.9).

A message that is not as LDAP has it raises IndexError or ValueError, and DirectoryError where it is read long after it
was received: entries, and what controls have in them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from feideprov.directory.ldap import ber
from feideprov.directory.ldap.requests import PAGES, POST_READ
from feideprov.errors import DirectoryError
from feideprov.messages import Sentence

ENTRY, SEARCH_DONE, REFERENCE, INTERMEDIATE, EXTENDED = 0x64, 0x65, 0x73, 0x79, 0x78
_CONTROLS = 0xA0
_LONGEST_TEXT = 4096  # octets of a server's own text; more is not read
_LARGE = 1_000_000  # octets; below this no entry can have too many attributes or values
_MOST_ATTRIBUTES, _MOST_VALUES = 10_000, 1_000_000
"""No entry has as many. Read into Python's objects, each takes many times its own octets."""


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
        try:
            _, at, _ = ber.read(value, 0)
            _, _, at = ber.read(value, at)
            _, start, end = ber.read(value, at)
        except IndexError:
            raise _not_valid() from None
        return value[start:end]

    @property
    def post_read(self) -> Attributes | None:
        """The attributes after the change (RFC 4527); None when the server returns none."""
        value = self.controls.get(POST_READ)
        return read_entry(value, 0)[1] if value else None


def read_header(message: bytes) -> tuple[int, int, int]:
    """The message id, the tag of the operation, and where the operation begins."""
    _, at, _ = ber.read(message, 0)
    _, start, at = ber.read(message, at)
    return ber.number(message[start:at]), message[at], at


def read_response(message: bytes, at: int) -> Response:
    """The LDAPResult at a position in a message, with the controls that follow it."""
    _, at, after = ber.read(message, at)
    _, start, at = ber.read(message, at)
    code = ber.number(message[start:at])
    _, _, at = ber.read(message, at)  # matchedDN
    _, start, end = ber.read(message, at)
    controls = _controls(message, after) if after < len(message) else {}
    return Response(code, message[start : min(end, start + _LONGEST_TEXT)].decode(errors="replace"), controls)


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

    If an attribute occurs twice, the later values are kept, as ldap3 does. Raises DirectoryError for an entry that is
    not as LDAP has it, or has more attributes or values than any entry has.
    """
    try:
        _, at, _ = ber.read(message, at)
        _, start, at = ber.read(message, at)
        dn = message[start:at]
        _, at, end = ber.read(message, at)
        if end - at > _LARGE:
            _limit(message, at, end)
        return dn, _attributes(message, at, end)
    except (IndexError, ValueError):
        raise _not_valid() from None


def _not_valid() -> DirectoryError:
    return DirectoryError(
        Sentence("The server sent an entry that is not valid LDAP. Check that url is the address of the LDAP server.")
    )


def _limit(message: bytes, at: int, end: int) -> None:
    """Raises ValueError for more attributes or values in a PartialAttributeList than any entry has."""
    attributes = values = 0
    while at < end:
        _, inner, at = ber.read(message, at)
        _, _, inner = ber.read(message, inner)
        _, inner, last = ber.read(message, inner)
        attributes += 1
        while inner < last:
            _, _, inner = ber.read(message, inner)
            values += 1
            if values > _MOST_VALUES:
                raise ValueError
        if attributes > _MOST_ATTRIBUTES:
            raise ValueError


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
    if at != end or end > len(message):
        raise ValueError  # an element ends outside the one that it is in
    return attributes


@lru_cache(maxsize=1024)
def _name(octets: bytes) -> tuple[str, str]:
    name = octets.decode("ascii")  # RFC 4512, 2.5
    if not name.isprintable():
        raise ValueError
    return name.lower(), name
