"""Requests to an LDAP server, as octets (RFC 4511): byte for byte what ldap3 would send, in a fortieth of its time.

A request has everything but the message id, which is known only when it is sent. Its `repr` never shows the octets:
among them are numbers and passwords. No filter can be made that has a number in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from feideprov.directory.ldap import ber
from feideprov.directory.protocol import never_by_number

ASSERTION = "1.3.6.1.1.12"  # RFC 4528
POST_READ = "1.3.6.1.1.13.2"  # RFC 4527
TRUE_FILTER = "1.3.6.1.4.1.4203.1.5.3"  # RFC 4526
PAGES = "1.2.840.113556.1.4.319"  # RFC 2696

BASE, SUBTREE = 0, 2
ADD, DELETE, REPLACE = 0, 1, 2

_BIND, _SEARCH, _MODIFY, _ADD, _DELETE, _MODIFY_DN, _COMPARE = 0x60, 0x63, 0x66, 0x68, 0x4A, 0x6C, 0x6E
_RESPONSES = {_BIND: 0x61, _SEARCH: 0x65, _MODIFY: 0x67, _ADD: 0x69, _DELETE: 0x6B, _MODIFY_DN: 0x6D, _COMPARE: 0x6F}
_VERSION = 3
_PASSWORD, _SASL = 0x80, 0xA3  # how a bind says who one is (4.2)
_CONTROLS = 0xA0
_AND, _OR, _NOT, _EQUAL, _PRESENT = 0xA0, 0xA1, 0xA2, 0xA3, 0x87
DEREFERENCE_NEVER, DEREFERENCE_ALWAYS = 0, 3
_FEW = 3  # attributes with more values than this are mostly the same from entry to entry: objectClass

Step = tuple[int, str, Sequence[bytes]]
"""One step of a modify: ADD, DELETE or REPLACE, the attribute, the values."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request: an LDAPMessage without its id."""

    octets: bytes = field(repr=False)

    @property
    def is_search(self) -> bool:
        """Does it change nothing?"""
        return self.octets[0] == _SEARCH

    def message(self, message_id: int) -> bytes:
        """The LDAPMessage with its id."""
        content = ber.integer(message_id) + self.octets
        return b"\x30" + ber.length(len(content)) + content

    @property
    def response(self) -> int:
        """The tag of the response that ends it."""
        return _RESPONSES[self.octets[0]]


def bind(dn: str, password: str, controls: bytes = b"") -> Request:
    """BindRequest (4.2) with a password; anonymous if both are empty."""
    who = _text(dn) + ber.element(_PASSWORD, password.encode())
    return Request(ber.element(_BIND, ber.integer(_VERSION) + who) + controls)


def bind_external() -> Request:
    """BindRequest as whom the connection shows (SASL EXTERNAL, RFC 4422, Appendix A)."""
    who = _text("") + ber.element(_SASL, _text("EXTERNAL") + _text(""))
    return Request(ber.element(_BIND, ber.integer(_VERSION) + who))


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
    """ModifyDNRequest (4.9): a new RDN; the values of the old one are deleted."""
    return Request(ber.element(_MODIFY_DN, _text(dn) + _text(rdn) + ber.TRUE) + controls)


def compare(dn: str, attribute: str, value: str) -> Request:
    """CompareRequest (4.10): has the entry this value? Servers log the value, so it must be one that nobody has."""
    return Request(ber.element(_COMPARE, _text(dn) + ber.element(ber.SEQUENCE, _text(attribute) + _text(value))))


def search(
    base: str,
    scope: int,
    search_filter: bytes,
    attributes: Sequence[str],
    *,
    size_limit: int = 0,
    controls: bytes = b"",
    dereference: int = DEREFERENCE_ALWAYS,
) -> Request:
    """SearchRequest (4.5.1). A `size_limit` of 0 is none. `dereference`: does an alias entry stand for its object?"""
    content = (
        _text(base)
        + ber.integer(scope, ber.ENUMERATED)
        + ber.integer(dereference, ber.ENUMERATED)
        + ber.integer(size_limit)
        + ber.integer(0)  # no time limit
        + ber.FALSE  # typesOnly
        + search_filter
        + ber.element(ber.SEQUENCE, b"".join(map(_text, attributes)))
    )
    return Request(ber.element(_SEARCH, content) + controls)


def present(attribute: str) -> bytes:
    """The filter `(attribute=*)`."""
    return ber.element(_PRESENT, attribute.encode())


def equal(attribute: str, value: str) -> bytes:
    """The filter `(attribute=value)`. Raises ValueError for norEduPersonNIN: servers log filters."""
    never_by_number(attribute)
    return ber.element(_EQUAL, _text(attribute) + _text(value))


def all_of(filters: Iterable[bytes]) -> bytes:
    """The filter `(&…)`; without any, `(&)`, which every entry matches if the server knows it (RFC 4526)."""
    return ber.element(_AND, b"".join(filters))


def any_of(filters: Iterable[bytes]) -> bytes:
    """The filter `(|…)`."""
    return ber.element(_OR, b"".join(filters))


def negated(search_filter: bytes) -> bytes:
    """The filter `(!…)`."""
    return ber.element(_NOT, search_filter)


def controls(*each: bytes) -> bytes:
    """The controls of a request (4.1.11), made by `control`; without any, no octets."""
    return ber.element(_CONTROLS, b"".join(each)) if each else b""


def control(oid: str, value: bytes | None, *, critical: bool) -> bytes:
    """One control. A server that does not support a critical one refuses the request."""
    content = b"" if value is None else ber.octets(value)
    return ber.element(ber.SEQUENCE, _text(oid) + (ber.TRUE if critical else b"") + content)


def assertion(search_filter: bytes) -> bytes:
    """The assertion control: the change is carried out only if the entry matches the filter (RFC 4528)."""
    return control(ASSERTION, search_filter, critical=True)


def post_read(attributes: Sequence[str]) -> bytes:
    """The post-read control: the server returns attributes of the entry after the change (RFC 4527)."""
    return control(POST_READ, ber.element(ber.SEQUENCE, b"".join(map(_text, attributes))), critical=False)


def pages(size: int, cookie: bytes) -> bytes:
    """The control for results in pages (RFC 2696)."""
    return control(PAGES, ber.element(ber.SEQUENCE, ber.integer(size) + ber.octets(cookie)), critical=False)


def _attribute(name: str, values: Sequence[bytes]) -> bytes:
    if len(values) == 1:
        [value] = values
        return _single_value_header(name, len(value)) + value
    # a number or a password is a single value, so none is kept in the cache
    return _cached_multi_value(name, tuple(values)) if len(values) > _FEW else _multi_value(name, values)


def _multi_value(name: str, values: Sequence[bytes]) -> bytes:
    return ber.element(ber.SEQUENCE, _name(name) + ber.element(ber.SET, b"".join(map(ber.octets, values))))


_cached_multi_value = lru_cache(maxsize=256)(_multi_value)


@lru_cache(maxsize=2048)
def _single_value_header(name: str, size: int) -> bytes:
    """What precedes the only value of an attribute: the same for all values of that size."""
    kind = _name(name)
    value = 1 + len(ber.length(size)) + size
    values = 1 + len(ber.length(value)) + value
    lengths = ber.length(len(kind) + values), kind, ber.length(value), ber.length(size)
    return b"\x30%b%b\x31%b\x04%b" % lengths


@lru_cache(maxsize=256)
def _name(text: str) -> bytes:
    return _text(text)


def _text(text: str) -> bytes:
    return ber.octets(text.encode())
