"""Responses find their requests, whatever a server sends; anything that is not a response ends the connection."""

from __future__ import annotations

import pytest

from feideprov.directory.ldap import ber, requests
from feideprov.directory.ldap.transport import ConnectionLostError, Transport
from feideprov.messages import Sentence

NOTICE = ber.element(
    0x78, ber.integer(52, ber.ENUMERATED) + ber.octets(b"") * 2 + ber.element(0x8A, b"1.3.6.1.4.1.1466.20036")
)


class Stream:
    """A stream on which the test sends the responses."""

    def __init__(self) -> None:
        self.bursts: list[list[bytes]] = []
        self.closed = False

    def send(self, message: bytes) -> None:
        pass

    def flush(self) -> None:
        pass

    def receive(self, deadline: float) -> list[bytes]:
        if not self.bursts:
            raise ConnectionLostError(Sentence("the server closed the connection"))
        return self.bursts.pop(0)

    def close(self) -> None:
        self.closed = True


def message(number: int, operation: bytes, controls: bytes = b"") -> bytes:
    return ber.element(ber.SEQUENCE, ber.integer(number) + operation + controls)


def result(number: int, code: int) -> bytes:
    return message(number, ber.element(0x6B, ber.integer(code, ber.ENUMERATED) + ber.octets(b"") * 2))


@pytest.fixture
def stream() -> Stream:
    return Stream()


def test_responses_come_in_any_order(stream: Stream) -> None:
    transport = Transport(stream)
    sent = [transport.submit(requests.delete(f"cn={n}")) for n in range(5)]
    stream.bursts = [[result(e.message_id, n) for n, e in enumerate(sent)][::-1]]
    transport.drain()
    assert [e.response.code for e in sent if e.response] == [0, 1, 2, 3, 4]
    assert all(e.message_id >= 2**30 for e in sent)


def test_a_response_that_nobody_waits_for_is_ignored(stream: Stream) -> None:
    transport = Transport(stream)
    discarded, sent = transport.submit(requests.delete("cn=a")), transport.submit(requests.delete("cn=b"))
    transport.discard(discarded)
    stream.bursts = [[result(discarded.message_id, 0)], [result(77, 0), result(sent.message_id, 0)]]
    assert transport.wait_for(sent).response is not None
    assert discarded.response is None


@pytest.mark.parametrize(
    ("burst", "why"),
    [
        ([message(0, NOTICE)], "the server ended the connection"),
        ([b"\x30\x03\x02\x01"], "the server sent something that is not LDAP"),
        ([b"\x30\x00"], "the server sent something that is not LDAP"),
    ],
)
def test_what_is_not_a_response_loses_everything_that_is_pending(stream: Stream, burst: list[bytes], why: str) -> None:
    transport = Transport(stream)
    sent = [transport.submit(requests.delete("cn=a")) for _ in range(3)]
    stream.bursts = [[result(sent[0].message_id, 0), *burst, result(sent[1].message_id, 0)]]
    transport.drain()
    assert transport.lost_because == why
    assert [e.is_lost for e in sent] == [False, True, True]
    assert stream.closed
    assert transport.submit(requests.delete("cn=a")).is_lost  # nothing is sent over it any more


def test_ids_begin_anew_before_they_are_too_large(stream: Stream) -> None:
    transport = Transport(stream)
    transport._next_id = 2**31 - 1
    assert [transport.submit(requests.delete("cn=a")).message_id for _ in range(2)] == [2**31 - 1, 2**30]
