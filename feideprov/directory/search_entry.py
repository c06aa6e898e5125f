"""The entries that a server answers a search with, read straight from their octets (RFC 4511, 4.5.2).

ldap3 decodes a message of any kind by one table and keeps every value three times, which takes it 0.2 ms an entry. In a
whole directory that is nearly all the time there is. The entries of a search have one form; this reads that one, and
leaves all else to ldap3.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

_SEARCH_RESULT_ENTRY = 0x64

Attributes = dict[str, list[bytes]]


class SearchEntries:
    """Takes the entries out of what an ldap3 connection receives; ldap3 sees all the other messages.

    For a bound connection with the synchronous strategy, which has one search under way at a time.
    """

    def __init__(self, connection: Any) -> None:
        self._receive: Callable[[], list[bytes]] = connection.strategy.receiving
        self._taken: list[tuple[bytes, Attributes]] = []
        connection.strategy.receiving = self._others

    def take(self) -> list[tuple[bytes, Attributes]]:
        """The entries that came since the last call: the DN, as octets, and the attributes of each."""
        taken, self._taken = self._taken, []
        return taken

    def _others(self) -> list[bytes]:
        while messages := self._receive():  # nothing more to receive: the server has closed the connection
            others = []
            for message in messages:
                entry = search_entry(message)
                if entry is None:
                    others.append(message)
                else:
                    self._taken.append(entry)
            if others:
                return others
        return []


def search_entry(message: bytes) -> tuple[bytes, Attributes] | None:
    """The DN and the attributes in a message that is a SearchResultEntry; None for every other message.

    `message` is one whole LDAPMessage. An attribute that comes twice keeps the later values, as in ldap3.
    """
    at = 2 if message[1] < 0x80 else message[1] - 0x7E
    at += 2 + message[at + 1]  # the message id
    if message[at] != _SEARCH_RESULT_ENTRY:
        return None
    _, at, _ = _element(message, at)
    _, start, at = _element(message, at)
    dn = message[start:at]
    _, at, end = _element(message, at)
    attributes: Attributes = {}
    while at < end:
        # Each attribute: its type, then the set of its values. Lengths below 128 are one octet, and nearly all are.
        at += 2 if (length := message[at + 1]) < 0x80 else length - 0x7E
        length = message[at + 1]
        if length < 0x80:
            start, at = at + 2, at + 2 + length
        else:
            _, start, at = _element(message, at)
        name = _name(message[start:at])
        length = message[at + 1]
        if length < 0x80:
            at, last = at + 2, at + 2 + length
        else:
            _, at, last = _element(message, at)
        values = []
        while at < last:
            length = message[at + 1]
            if length < 0x80:
                start, at = at + 2, at + 2 + length
            else:
                _, start, at = _element(message, at)
            values.append(message[start:at])
        attributes[name] = values
    return dn, attributes


def _element(message: bytes, at: int) -> tuple[int, int, int]:
    """The tag of an element, where its content begins, and where it ends."""
    length = message[at + 1]
    start = at + 2
    if length >= 0x80:
        start += length - 0x80
        length = int.from_bytes(message[at + 2 : start], "big")
    return message[at], start, start + length


@lru_cache(maxsize=1024)
def _name(octets: bytes) -> str:
    return octets.decode()
