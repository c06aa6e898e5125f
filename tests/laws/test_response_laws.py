"""Search entries: what we read from the octets is what ldap3 reads from them."""

from __future__ import annotations

import warnings

from hypothesis import given
from hypothesis import strategies as st

from feideprov.directory.ldap.responses import ENTRY, read_entry, read_header

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # ldap3 2.9.1 imports names that pyasn1 renamed
    from ldap3.operation.search import search_result_entry_response_to_dict_fast
    from ldap3.utils.asn1 import decode_message_fast

SIZES = st.sampled_from([0, 1, 2, 120, 127, 128, 129, 255, 256, 70_000])
NAMES = st.sampled_from(["cn", "sn;lang-nb", "norEduPersonNIN", "a" * 130, "1.2.3"]).map(str.encode)
VALUES = st.binary(max_size=20) | SIZES.map(lambda size: b"\x30" * size)
ATTRIBUTES = st.lists(st.tuples(NAMES, st.lists(VALUES, min_size=1, max_size=4)), max_size=5)
DNS = st.text(max_size=20).map(str.encode) | SIZES.map(lambda size: b"x" * size)
LONG_LENGTHS = st.booleans()


def ber(tag: int, content: bytes, long: bool = False) -> bytes:
    """One element; servers may write a length in more octets than it takes (RFC 4511, 5.1), and OpenLDAP does."""
    size = len(content)
    if size < 0x80 and not long:
        return bytes([tag, size]) + content
    octets = size.to_bytes(4, "big") if long else size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(octets)]) + octets + content


def message(number: int, operation: bytes, controls: bytes = b"", long: bool = False) -> bytes:
    size = (number.bit_length() + 8) // 8
    return ber(0x30, ber(2, number.to_bytes(size, "big")) + operation + controls, long)


@st.composite
def responses(draw: st.DrawFn) -> bytes:
    long = draw(LONG_LENGTHS)
    attributes = b"".join(
        ber(0x30, ber(4, name) + ber(0x31, b"".join(ber(4, v) for v in values), draw(LONG_LENGTHS)), draw(LONG_LENGTHS))
        for name, values in draw(ATTRIBUTES)
    )
    entry = ber(0x64, ber(4, draw(DNS)) + ber(0x30, attributes, long), long)
    return message(draw(st.integers(0, 2**31 - 1)), entry, draw(st.sampled_from([b"", ber(0xA0, b"")])), long)


@given(responses())
def test_an_entry_reads_as_ldap3_reads_it(octets: bytes) -> None:
    expected = search_result_entry_response_to_dict_fast(decode_message_fast(octets)["payload"], None, None, False)
    number, kind, at = read_header(octets)
    dn, attributes = read_entry(octets, at)
    assert (number, kind) == (decode_message_fast(octets)["messageID"], ENTRY)
    assert dn == expected["raw_dn"]
    read = {name: list(values) for name, values in attributes.values()}
    assert read == {name: values or [] for name, values in expected["raw_attributes"].items()}
    assert list(attributes) == [name.lower() for name in read]
