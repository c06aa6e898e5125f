"""Answers find their requests, whatever a server sends; and what is no answer ends the connection."""

from __future__ import annotations

import pytest

from feideprov.directory.ldap import ber
from feideprov.directory.ldap import requests as request
from feideprov.directory.ldap.transport import LineBrokenError, Transport, is_wrapped

NOTICE = ber.element(
    0x78, ber.integer(52, ber.ENUMERATED) + ber.octets(b"") * 2 + ber.element(0x8A, b"1.3.6.1.4.1.1466.20036")
)


class Line:
    """A line on which the test answers."""

    window = 64

    def __init__(self) -> None:
        self.bursts: list[list[bytes]] = []
        self.closed = False

    def send(self, message: bytes) -> None:
        pass

    def flush(self) -> None:
        pass

    def receive(self) -> list[bytes]:
        if not self.bursts:
            raise LineBrokenError("the server closed it")
        return self.bursts.pop(0)

    def close(self) -> None:
        self.closed = True


def message(number: int, operation: bytes, controls: bytes = b"") -> bytes:
    return ber.element(ber.SEQUENCE, ber.integer(number) + operation + controls)


def result(number: int, code: int) -> bytes:
    return message(number, ber.element(0x6B, ber.integer(code, ber.ENUMERATED) + ber.octets(b"") * 2))


@pytest.fixture
def line() -> Line:
    return Line()


def test_answers_come_in_any_order(line: Line) -> None:
    wire = Transport(line)
    asked = [wire.post(request.delete(f"cn={n}")) for n in range(5)]
    line.bursts = [[result(e.number, n) for n, e in enumerate(asked)][::-1]]
    wire.settle()
    assert [e.answer.code for e in asked if e.answer] == [0, 1, 2, 3, 4]
    assert all(e.number >= 2**30 for e in asked)


def test_an_answer_nobody_waits_for_is_passed_over(line: Line) -> None:
    wire = Transport(line)
    forgotten, asked = wire.post(request.delete("cn=a")), wire.post(request.delete("cn=b"))
    wire.forget(forgotten)
    line.bursts = [[result(forgotten.number, 0)], [result(77, 0), result(asked.number, 0)]]
    assert wire.complete(asked).answer is not None
    assert forgotten.answer is None


@pytest.mark.parametrize(
    ("burst", "why"),
    [
        ([message(0, NOTICE)], "the server took leave"),
        ([b"\x30\x03\x02\x01"], "what came is no LDAP"),
        ([b"\x30\x00"], "what came is no LDAP"),
    ],
)
def test_what_is_no_answer_loses_what_is_under_way(line: Line, burst: list[bytes], why: str) -> None:
    wire = Transport(line)
    asked = [wire.post(request.delete("cn=a")) for _ in range(3)]
    line.bursts = [[result(asked[0].number, 0), *burst, result(asked[1].number, 0)]]
    wire.settle()
    assert wire.broken == why
    assert [e.lost for e in asked] == [False, True, True]
    assert line.closed
    assert wire.post(request.delete("cn=a")).lost  # nothing is sent over it any more


def test_ids_begin_anew_before_they_are_too_large(line: Line) -> None:
    wire = Transport(line)
    wire._next = 2**31 - 1
    assert [wire.post(request.delete("cn=a")).number for _ in range(2)] == [2**31 - 1, 2**30]


def test_what_ldap3_signs_or_encrypts_itself_is_left_to_it() -> None:
    class Plain:
        session_security = None
        _digest_md5_kic = None

    class Signed(Plain):
        _digest_md5_kic = b"key"

    class Sealed(Plain):
        session_security = "ENCRYPT"

    class Older:
        """ldap3 2.9.1 knows nothing of session_security."""

    assert [is_wrapped(one()) for one in (Plain, Older, Signed, Sealed)] == [False, False, True, True]
