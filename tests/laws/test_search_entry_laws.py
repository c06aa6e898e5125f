"""Search entries: what we read from the octets is what ldap3 reads from them, and all else is left to ldap3."""

from __future__ import annotations

import warnings

from hypothesis import given
from hypothesis import strategies as st

from feideprov.directory.search_entry import SearchEntries, search_entry

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # ldap3 2.9.1 imports names that pyasn1 renamed
    from ldap3.operation.search import search_result_entry_response_to_dict_fast
    from ldap3.utils.asn1 import decode_message_fast

OTHER = (0x61, 0x65, 0x67, 0x69, 0x6B, 0x6D, 0x6F, 0x73, 0x78, 0x79)  # every other answer of RFC 4511
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
def answers(draw: st.DrawFn) -> bytes:
    long = draw(LONG_LENGTHS)
    attributes = b"".join(
        ber(0x30, ber(4, name) + ber(0x31, b"".join(ber(4, v) for v in values), draw(LONG_LENGTHS)), draw(LONG_LENGTHS))
        for name, values in draw(ATTRIBUTES)
    )
    entry = ber(0x64, ber(4, draw(DNS)) + ber(0x30, attributes, long), long)
    return message(draw(st.integers(0, 2**31 - 1)), entry, draw(st.sampled_from([b"", ber(0xA0, b"")])), long)


@given(answers())
def test_an_entry_reads_as_ldap3_reads_it(answer: bytes) -> None:
    expected = search_result_entry_response_to_dict_fast(decode_message_fast(answer)["payload"], None, None, False)
    assert search_entry(answer) == (
        expected["raw_dn"],
        {name: values or [] for name, values in expected["raw_attributes"].items()},
    )


@given(st.sampled_from(OTHER), st.binary(max_size=200), st.integers(0, 2**31 - 1), LONG_LENGTHS)
def test_every_other_answer_is_left_alone(tag: int, content: bytes, number: int, long: bool) -> None:
    assert search_entry(message(number, ber(tag, content, long), long=long)) is None


class Server:
    """What an ldap3 connection is asked for: `strategy.receiving` gives whole messages, or [] when it is over."""

    def __init__(self, bursts: list[list[bytes]]) -> None:
        self.strategy = self
        self._bursts = iter(bursts)

    def receiving(self) -> list[bytes]:
        return next(self._bursts, [])


@given(st.lists(st.lists(answers() | st.just(message(7, ber(0x65, b""))), min_size=1, max_size=4), max_size=6))
def test_ldap3_sees_all_other_messages_in_order_and_an_end_only_at_the_end(bursts: list[list[bytes]]) -> None:
    server = Server(bursts)
    entries, others = SearchEntries(server), []
    while seen := server.receiving():
        others += seen
    everything = [one for burst in bursts for one in burst]
    assert others == [one for one in everything if search_entry(one) is None]
    assert entries.take() == [search_entry(one) for one in everything if search_entry(one) is not None]
    assert entries.take() == []
