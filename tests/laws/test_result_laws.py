"""Responses: what we read from the octets is what ldap3 reads from them."""

from __future__ import annotations

import warnings

from hypothesis import given
from hypothesis import strategies as st

from feideprov.directory.ldap import ber
from feideprov.directory.ldap.requests import PAGES, POST_READ
from feideprov.directory.ldap.responses import Response, read_header, read_response

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # ldap3 2.9.1 imports names that pyasn1 renamed
    from ldap3.strategy.base import BaseStrategy
    from ldap3.utils.asn1 import decode_message_fast

THEIRS = BaseStrategy.__new__(BaseStrategy)  # it reads a response without a connection
KINDS = st.sampled_from([0x65, 0x67, 0x69, 0x6B, 0x6D])
CODES = st.sampled_from([0, 10, 16, 19, 32, 51, 68, 118, 122])
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(["x" * 127, "ø" * 40_000])
COOKIES = st.binary(max_size=20) | st.just(b"c" * 300)
IDS = st.integers(0, 2**31 - 1)


def long(tag: int, content: bytes) -> bytes:
    """An element whose length takes more octets than it needs, as OpenLDAP writes them."""
    return bytes([tag, 0x84]) + len(content).to_bytes(4, "big") + content


def control(oid: str, value: bytes, critical: bool | None) -> bytes:
    criticality = b"" if critical is None else ber.TRUE if critical else ber.FALSE
    return ber.element(ber.SEQUENCE, ber.octets(oid.encode()) + criticality + ber.octets(value))


def message(
    number: int, kind: int, code: int, diagnostic: str, is_referral: bool, controls: list[bytes], tall: bool
) -> bytes:
    element = long if tall else ber.element
    referral = ber.element(0xA3, ber.octets(b"ldap://elsewhere/")) if is_referral else b""
    result = ber.integer(code, ber.ENUMERATED) + ber.octets(b"dc=no") + ber.octets(diagnostic.encode()) + referral
    tail = element(0xA0, b"".join(controls)) if controls else b""
    return element(ber.SEQUENCE, ber.integer(number) + element(kind, result) + tail)


def beginning(text: str) -> str:
    """As much of a server's text as is read."""
    return text.encode()[:4096].decode(errors="replace")


def read(octets: bytes) -> Response:
    return read_response(octets, read_header(octets)[2])


@given(IDS, KINDS, CODES, TEXTS, st.booleans(), st.booleans())
def test_a_result_reads_as_ldap3_reads_it(
    number: int, kind: int, code: int, diagnostic: str, is_referral: bool, tall: bool
) -> None:
    octets = message(number, kind, code, diagnostic, is_referral, [], tall)
    theirs = decode_message_fast(octets)
    result = THEIRS.decode_response_fast(theirs)
    assert read_header(octets)[:2] == (theirs["messageID"], 0x60 | theirs["protocolOp"])
    assert (read(octets).code, read(octets).diagnostic) == (result["result"], beginning(result["message"]))


@given(IDS, COOKIES, st.integers(0, 2**31 - 1), st.sampled_from([None, True, False]), st.booleans())
def test_a_page_ends_where_ldap3_says(number: int, cookie: bytes, size: int, critical: bool | None, tall: bool) -> None:
    page = ber.element(ber.SEQUENCE, ber.integer(size) + ber.octets(cookie))
    octets = message(
        number, 0x65, 0, "", False, [control("1.2.3", b"", critical), control(PAGES, page, critical)], tall
    )
    theirs = dict(THEIRS.decode_control_fast(one[3]) for one in decode_message_fast(octets)["controls"])
    assert read(octets).cookie == theirs[PAGES]["value"]["cookie"] == cookie


@given(IDS, st.lists(st.binary(max_size=200), min_size=1, max_size=3))
def test_attributes_after_a_change_are_read_as_they_were_sent(number: int, values: list[bytes]) -> None:
    held = ber.element(ber.SEQUENCE, ber.octets(b"cN") + ber.element(ber.SET, b"".join(map(ber.octets, values))))
    entry = ber.element(0x64, ber.octets(b"dc=no") + ber.element(ber.SEQUENCE, held))
    octets = message(number, 0x67, 0, "", False, [control(POST_READ, entry, None)], False)
    assert read(octets).post_read == {"cn": ("cN", tuple(values))}
    assert read(message(number, 0x67, 0, "", False, [], False)).post_read is None
