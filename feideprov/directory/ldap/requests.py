"""Requests to an LDAP server, as octets (RFC 4511): byte for byte what ldap3 would send, in a fortieth of its time.

A request is made whole, but for the message around it, whose id is known only when it is sent. None has a `repr` that
shows its octets: among them are numbers and passwords. No filter can be made that carries a number.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from feideprov.directory.ldap import ber
from feideprov.directory.protocol import never_by_number

ASSERTION = "1.3.6.1.1.12"  # RFC 4528
POST_READ = "1.3.6.1.1.13.2"  # RFC 4527
PAGES = "1.2.840.113556.1.4.319"  # RFC 2696

BASE, SUBTREE = 0, 2
ADD, DELETE, REPLACE = 0, 1, 2

_SEARCH, _MODIFY, _ADD, _DELETE, _MODIFY_DN = 0x63, 0x66, 0x68, 0x4A, 0x6C
_CONTROLS = 0xA0
_AND, _OR, _NOT, _EQUAL, _PRESENT = 0xA0, 0xA1, 0xA2, 0xA3, 0x87
_DEREFERENCE_ALWAYS = 3
_FEW = 3  # attributes of more values are mostly alike from one entry to the next: objectClass

Step = tuple[int, str, Sequence[bytes]]
"""One step of a modify: ADD, DELETE or REPLACE, the attribute, the values."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request: all of an LDAPMessage that comes after its id."""

    octets: bytes = field(repr=False)

    def message(self, number: int) -> bytes:
        """The whole message with its id."""
        content = ber.integer(number) + self.octets
        return b"\x30" + ber.length(len(content)) + content


def add(dn: str, attributes: Iterable[tuple[str, Sequence[bytes]]], controls: bytes = b"") -> Request:
    """AddRequest (4.7): a new entry."""
    content = b"".join([_attribute(name, values) for name, values in attributes])
    return Request(ber.element(_ADD, _text(dn) + ber.element(ber.SEQUENCE, content)) + controls)


def modify(dn: str, steps: Iterable[Step], controls: bytes = b"") -> Request:
    """ModifyRequest (4.6): all steps, in their order, or none."""
    content = b"".join(
        ber.element(ber.SEQUENCE, ber.integer(operation, ber.ENUMERATED) + _attribute(name, values))
        for operation, name, values in steps
    )
    return Request(ber.element(_MODIFY, _text(dn) + ber.element(ber.SEQUENCE, content)) + controls)


def delete(dn: str, controls: bytes = b"") -> Request:
    """DelRequest (4.8)."""
    return Request(ber.element(_DELETE, dn.encode()) + controls)


def rename(dn: str, rdn: str, controls: bytes = b"") -> Request:
    """ModifyDNRequest (4.9): another first part of the name; the values of the old one go."""
    return Request(ber.element(_MODIFY_DN, _text(dn) + _text(rdn) + ber.TRUE) + controls)


def search(
    base: str, scope: int, condition: bytes, attributes: Sequence[str], *, size_limit: int = 0, controls: bytes = b""
) -> Request:
    """SearchRequest (4.5.1). `condition` is a filter; a `size_limit` of 0 is none."""
    content = (
        _text(base)
        + ber.integer(scope, ber.ENUMERATED)
        + ber.integer(_DEREFERENCE_ALWAYS, ber.ENUMERATED)
        + ber.integer(size_limit)
        + ber.integer(0)  # no time limit
        + ber.FALSE  # values too
        + condition
        + ber.element(ber.SEQUENCE, b"".join(map(_text, attributes)))
    )
    return Request(ber.element(_SEARCH, content) + controls)


def present(attribute: str) -> bytes:
    """The filter `(attribute=*)`."""
    return ber.element(_PRESENT, attribute.encode())


def equal(attribute: str, value: str) -> bytes:
    """The filter `(attribute=value)`. Raises ValueError for the attribute of numbers: servers log filters."""
    never_by_number(attribute)
    return ber.element(_EQUAL, _text(attribute) + _text(value))


def every(conditions: Iterable[bytes]) -> bytes:
    """The filter `(&…)`."""
    return ber.element(_AND, b"".join(conditions))


def either(conditions: Iterable[bytes]) -> bytes:
    """The filter `(|…)`."""
    return ber.element(_OR, b"".join(conditions))


def negation(condition: bytes) -> bytes:
    """The filter `(!…)`."""
    return ber.element(_NOT, condition)


def controls(*each: bytes) -> bytes:
    """The controls of a request (4.1.11), made by `control`; none at all are no octets."""
    return ber.element(_CONTROLS, b"".join(each)) if each else b""


def control(oid: str, value: bytes, *, critical: bool) -> bytes:
    """One control; a critical one that the server does not know makes it refuse the request."""
    return ber.element(ber.SEQUENCE, _text(oid) + (ber.TRUE if critical else b"") + ber.octets(value))


def assertion(condition: bytes) -> bytes:
    """The control by which a change is carried out only where the filter holds (RFC 4528)."""
    return control(ASSERTION, condition, critical=True)


def post_read(attributes: Sequence[str]) -> bytes:
    """The control by which the server shows the entry as the change has left it (RFC 4527)."""
    return control(POST_READ, ber.element(ber.SEQUENCE, b"".join(map(_text, attributes))), critical=False)


def pages(size: int, cookie: bytes) -> bytes:
    """The control by which a search is answered in pages (RFC 2696)."""
    return control(PAGES, ber.element(ber.SEQUENCE, ber.integer(size) + ber.octets(cookie)), critical=False)


def _attribute(name: str, values: Sequence[bytes]) -> bytes:
    if len(values) == 1:
        [value] = values
        return _before_one(name, len(value)) + value
    # a number or a password is one value, so that none stays in memory here
    return _repeated(name, tuple(values)) if len(values) > _FEW else _several(name, values)


def _several(name: str, values: Sequence[bytes]) -> bytes:
    return ber.element(ber.SEQUENCE, _name(name) + ber.element(ber.SET, b"".join(map(ber.octets, values))))


_repeated = lru_cache(maxsize=256)(_several)


@lru_cache(maxsize=2048)
def _before_one(name: str, size: int) -> bytes:
    """All that comes before the one value of an attribute: the same for all values of that size."""
    kind = _name(name)
    held = 1 + len(ber.length(size)) + size
    several = 1 + len(ber.length(held)) + held
    lengths = ber.length(len(kind) + several), kind, ber.length(held), ber.length(size)
    return b"\x30%b%b\x31%b\x04%b" % lengths


@lru_cache(maxsize=256)
def _name(text: str) -> bytes:
    return _text(text)


def _text(text: str) -> bytes:
    return ber.octets(text.encode())
