"""BER as LDAP restricts it (RFC 4511, 5.1): elements with definite lengths, encoded and decoded.

Lengths are written in as few octets as possible, as ldap3 does, and read in any number of octets, since OpenLDAP uses
more than necessary.
"""

from __future__ import annotations

BOOLEAN, INTEGER, OCTETS, ENUMERATED, SEQUENCE, SET = 0x01, 0x02, 0x04, 0x0A, 0x30, 0x31
TRUE, FALSE = b"\x01\x01\xff", b"\x01\x01\x00"

_SHORT = [bytes((size,)) for size in range(0x80)]


def length(size: int) -> bytes:
    """The length of an element, in as few octets as possible."""
    if size < 0x80:
        return _SHORT[size]
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((0x80 | len(octets),)) + octets


def element(tag: int, content: bytes) -> bytes:
    """One element: tag, length, content."""
    return (
        _SHORT[tag] + length(len(content)) + content if tag < 0x80 else bytes((tag,)) + length(len(content)) + content
    )


def octets(value: bytes) -> bytes:
    """An OCTET STRING: in LDAP every text and every value is one."""
    return b"\x04" + length(len(value)) + value


def integer(value: int, tag: int = INTEGER) -> bytes:
    """An INTEGER, or an ENUMERATED; never negative here."""
    return element(tag, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def read(message: bytes, at: int) -> tuple[int, int, int]:
    """The tag of the element at a position, where its content begins, and where it ends."""
    size = message[at + 1]
    start = at + 2
    if size >= 0x80:
        start += size - 0x80
        size = int.from_bytes(message[at + 2 : start], "big")
    return message[at], start, start + size


def number(octets: bytes) -> int:
    """The content of an INTEGER or ENUMERATED, as LDAP has them: 0 to 2,147,483,647 (RFC 4511, 4.1.1).

    Raises ValueError for another one.
    """
    if not 0 < len(octets) <= 4 or octets[0] >= 0x80:
        raise ValueError
    return int.from_bytes(octets, "big")


def message_end(received: bytes | bytearray, at: int) -> int:
    """Where the message at a position ends; 0 while its length has not been received."""
    if len(received) < at + 2:
        return 0
    size = received[at + 1]
    if size < 0x80:
        return at + 2 + size
    start = at + 2 + size - 0x80
    return start + int.from_bytes(received[at + 2 : start], "big") if len(received) >= start else 0
