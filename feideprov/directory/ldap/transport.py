"""Requests and their answers over one connection, many at a time: each answer finds its request by the message id."""

from __future__ import annotations

import select
import socket
import ssl
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Protocol

from feideprov.directory.ldap import ber
from feideprov.directory.ldap.requests import Request
from feideprov.directory.ldap.responses import (
    ENTRY,
    EXTENDED,
    INTERMEDIATE,
    REFERENCE,
    Answer,
    answer,
    header,
    reference,
)
from feideprov.directory.ldap.server import let_go
from feideprov.directory.ldap.server_kind import leads_elsewhere

_FIRST_ID, _LAST_ID = 2**30, 2**31 - 1  # a range of their own: ldap3 counts from 1


@dataclass(slots=True, eq=False)
class Exchange:
    """A request and what has come of it so far. When it is `over`, there is an answer, or the connection is lost."""

    number: int
    answer: Answer | None = None
    found: list[tuple[bytes, int]] = field(default_factory=list, repr=False)
    """The entries of a search: the messages, and where in them the entry begins."""
    refers: bool = False
    """The server says that another one knows more."""
    lost: bool = False
    """Nobody can tell over this connection what came of it."""
    ended: deque[Exchange] | None = field(default=None, repr=False)
    """Where it is put when it is over."""

    @property
    def over(self) -> bool:
        return self.lost or self.answer is not None


class Transport:
    """One connection. `broken` says why it is of no use any more; everything under way is lost then."""

    def __init__(self, line: Line) -> None:
        self.broken: str | None = None
        self._line = line
        self._next = _FIRST_ID
        self._under_way: dict[int, Exchange] = {}

    @property
    def window(self) -> int:
        """How many requests may be under way."""
        return self._line.window

    def post(self, request: Request, ended: deque[Exchange] | None = None) -> Exchange:
        """Put a request in line; `flush` or `wait` sends it. When it is over it is put at the end of `ended`."""
        exchange = Exchange(self._next, ended=ended)
        if self.broken is not None:
            self._is_lost(exchange)
            return exchange
        self._next = _FIRST_ID if self._next == _LAST_ID else self._next + 1
        self._under_way[exchange.number] = exchange
        try:
            self._line.send(request.message(exchange.number))
        except LineBrokenError as error:
            self._lose(str(error))
        return exchange

    def flush(self) -> None:
        """Send what the server takes at once."""
        try:
            self._line.flush()
        except LineBrokenError as error:
            self._lose(str(error))

    def wait(self) -> None:
        """Send what there is, and wait for something that belongs to any request."""
        try:
            for message in self._line.receive():
                self._take(message)
        except LineBrokenError as error:
            self._lose(str(error))
        except (IndexError, ValueError):
            self._lose("what came is no LDAP")

    def complete(self, exchange: Exchange) -> Exchange:
        """Wait until a request is answered, or lost."""
        while not exchange.over:
            self.wait()
        return exchange

    def settle(self) -> None:
        """Wait until nothing is under way."""
        while self._under_way:
            self.wait()

    def forget(self, exchange: Exchange) -> None:
        """Nobody waits for this answer any more."""
        self._under_way.pop(exchange.number, None)

    def close(self) -> None:
        self._lose("it was closed")

    def _take(self, message: bytes) -> None:
        number, kind, at = header(message)
        exchange = self._under_way.get(number)
        if exchange is None:
            if number == 0 and kind == EXTENDED:  # the notice of disconnection is the only one there is (RFC 4511, 4.4)
                raise LineBrokenError("the server took leave")
        elif kind == ENTRY:
            exchange.found.append((message, at))
        elif kind == REFERENCE:
            exchange.refers = exchange.refers or leads_elsewhere(reference(message, at))
        elif kind != INTERMEDIATE:
            exchange.answer = answer(message, at)
            del self._under_way[number]
            if exchange.ended is not None:
                exchange.ended.append(exchange)

    def _lose(self, why: str) -> None:
        if self.broken is not None:
            return
        self.broken = why
        for exchange in self._under_way.values():
            self._is_lost(exchange)
        self._under_way.clear()
        self._line.close()

    def _is_lost(self, exchange: Exchange) -> None:
        exchange.lost = True
        if exchange.ended is not None:
            exchange.ended.append(exchange)


_CHUNK = 65_536


_RECEIVE = 262_144


_SEQUENCE = 0x30


class LineBrokenError(Exception):
    """The connection is of no use any more. The text says why, and is safe to show."""


class Line(Protocol):
    """Whole messages, both ways. Both methods raise LineBrokenError."""

    window: int
    """How many requests may be under way."""

    def send(self, message: bytes) -> None:
        """Send a message, or put it in line to be sent at the next `receive`."""

    def flush(self) -> None:
        """Send what the server takes without waiting for it."""

    def receive(self) -> list[bytes]:
        """Wait for messages: at least one."""

    def close(self) -> None:
        """Take leave of the server, if it is still there."""


def line_over(connection: Any, *, timeout: float, pipelined: bool) -> Line:
    """The line over a bound connection. `timeout`: how many seconds the server may stay silent."""
    if pipelined and not is_wrapped(connection):
        return SocketLine(connection, timeout)
    return Ldap3Line(connection)


def is_wrapped(connection: Any) -> bool:
    """Does ldap3 sign or encrypt each message itself (SASL DIGEST-MD5, GSSAPI; from 2.10 on NTLM too)? Then what goes
    over the socket is not LDAP."""
    return bool(getattr(connection, "session_security", None) or getattr(connection, "_digest_md5_kic", None))


class SocketLine:
    """Our own octets over the socket."""

    window = 64  # of more, a server may close the connection with thousands of outcomes unknown (measured)

    def __init__(self, connection: Any, timeout: float) -> None:
        self._connection = connection
        self._socket: socket.socket = connection.socket
        self._socket.setblocking(False)
        self._timeout = timeout
        self._to_send = bytearray()
        self._received = bytearray()
        self._poll = select.poll()  # unlike select(), for any number of open files
        self._poll.register(self._socket, select.POLLIN)

    def send(self, message: bytes) -> None:
        self._to_send += message

    def flush(self) -> None:
        try:
            while self._to_send:
                # TLS wants the same octets again where it could not send them: they stay in front until it did
                sent = self._socket.send(self._to_send[:_CHUNK])
                del self._to_send[:sent]
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return
        except OSError as error:
            raise _broken(error) from None

    def receive(self) -> list[bytes]:
        silent_until = monotonic() + self._timeout
        while not (messages := self._messages()):
            before = len(self._to_send)
            self.flush()
            # read first, wait then: TLS may have decrypted already what the socket has nothing of to show any more
            if self._read() or len(self._to_send) < before:
                silent_until = monotonic() + self._timeout
            else:
                self._wait(silent_until - monotonic())
        return messages

    def close(self) -> None:
        self._poll.unregister(self._socket)
        with suppress(OSError):
            self._socket.settimeout(1)  # to say good-bye; nobody waits for an answer
        let_go(self._connection)

    def _read(self) -> bool:
        try:
            octets = self._socket.recv(_RECEIVE)
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return False
        except OSError as error:
            raise _broken(error) from None
        if not octets:
            raise LineBrokenError("the server closed it")
        self._received += octets
        return True

    def _wait(self, seconds: float) -> None:
        self._poll.modify(self._socket, select.POLLIN | (select.POLLOUT if self._to_send else 0))
        if not self._poll.poll(max(seconds, 0) * 1000):
            raise LineBrokenError(f"no answer came in {self._timeout:g} seconds")

    def _messages(self) -> list[bytes]:
        """The whole messages of what was received."""
        received, messages, at = self._received, [], 0
        while end := ber.whole(received, at):
            if received[at] != _SEQUENCE:
                raise LineBrokenError("what came is no LDAP")
            if end > len(received):
                break
            messages.append(bytes(received[at:end]))
            at = end
        del received[:at]
        return messages


class Ldap3Line:
    """One message at a time through ldap3, which signs and encrypts as it agreed with the server."""

    window = 1

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def send(self, message: bytes) -> None:
        from ldap3.core.exceptions import LDAPException
        from pyasn1.type.univ import Any as Octets

        try:
            self._connection.strategy.sending(Octets(message))  # which its encoder leaves as they are
        except (LDAPException, OSError) as error:
            raise _broken(error) from None

    def flush(self) -> None:
        """It is sent already."""

    def receive(self) -> list[bytes]:
        from ldap3.core.exceptions import LDAPException

        try:
            messages: list[bytes] = self._connection.strategy.receiving()
        except (LDAPException, OSError) as error:
            raise _broken(error) from None
        if not messages:
            raise LineBrokenError("the server closed it")
        return messages

    def close(self) -> None:
        let_go(self._connection)


def _broken(error: Exception) -> LineBrokenError:
    """ldap3's texts can hold what was sent, so only the kind of the error is told."""
    return LineBrokenError(type(error).__name__)
