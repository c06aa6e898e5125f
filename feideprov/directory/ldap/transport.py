"""Requests and responses over one connection, many at a time: a response finds its request by the message id."""

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
    SEARCH_DONE,
    Response,
    read_header,
    read_referral,
    read_response,
)
from feideprov.directory.ldap.server import close_connection
from feideprov.directory.referral import may_hold_people
from feideprov.messages import Sentence

_FIRST_ID, _LAST_ID = 2**30, 2**31 - 1  # a range of their own: ldap3 counts from 1
_SEND_SIZE, _RECEIVE_SIZE = 65_536, 262_144
_LARGEST_MESSAGE, _LARGEST_ANSWER = 16_000_000, 64_000_000
"""Octets of a message, and of all messages that answer one request. A group of 200,000 members has 12 million."""
_OF_EACH_MESSAGE = 128  # octets that a message takes here beside its own
_TIMES = 5
"""All of an answer may take this many times as long as one message of it."""
_NOT_LDAP = Sentence("the server sent something that is not LDAP")


class ConnectionLostError(Exception):
    """The connection cannot be used any more. `reason` is safe to show."""

    def __init__(self, reason: Sentence) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(slots=True, eq=False)
class Exchange:
    """A request, and what the server has sent for it so far."""

    message_id: int
    response: Response | None = None
    entries: list[tuple[bytes, int]] = field(default_factory=list, repr=False)
    """The entries of a search: the messages, and where in them the entry begins."""
    has_referral: bool = False
    """The server referred the search to another server."""
    is_lost: bool = False
    """The connection was lost before the response came: the outcome is unknown."""
    finished: deque[Exchange] | None = field(default=None, repr=False)
    """The exchange is put here when it is finished."""
    ends_with: int = SEARCH_DONE
    """The tag of the response that ends it. Only a search has entries."""
    size: int = 0
    """How many octets of memory the messages take."""
    waited: float = 0.0
    """For how many seconds it was waited for while it was the oldest that is pending."""

    @property
    def is_finished(self) -> bool:
        """Has the response come, or was it lost with its connection?"""
        return self.is_lost or self.response is not None


class Stream(Protocol):
    """Whole LDAP messages in both directions. Every method but `close` raises ConnectionLostError."""

    def send(self, message: bytes) -> None:
        """Buffer a message; it is sent by the next `flush` or `receive`."""

    def flush(self) -> None:
        """Send what the socket takes without blocking."""

    def receive(self, deadline: float) -> list[bytes]:
        """Send what is buffered, and wait for at least one message, until the deadline (of `monotonic`)."""

    def close(self) -> None:
        """Unbind and close the connection."""


class Transport:
    """One connection. `lost_because` says why it was lost, None while it can be used; everything pending is lost with
    it. `timeout`: for how many seconds no message may come that is about a pending request; an answer of many messages
    may take five times as long, whatever comes."""

    def __init__(self, stream: Stream, timeout: float = 60.0) -> None:
        self.lost_because: Sentence | None = None
        self._stream = stream
        self._timeout = timeout
        self._next_id = _FIRST_ID
        self._pending: dict[int, Exchange] = {}

    def submit(self, request: Request, finished: deque[Exchange] | None = None) -> Exchange:
        """Buffer a request; `flush` or `wait` sends it. When it is finished it is appended to `finished`."""
        exchange = Exchange(self._next_id, finished=finished, ends_with=request.response)
        if self.lost_because is not None:
            _mark_lost(exchange)
            return exchange
        self._next_id = _FIRST_ID if self._next_id == _LAST_ID else self._next_id + 1
        self._pending[exchange.message_id] = exchange
        try:
            self._stream.send(request.message(exchange.message_id))
        except ConnectionLostError as error:
            self._lose(error.reason)
        return exchange

    def flush(self) -> None:
        """Send what the socket takes without blocking."""
        try:
            self._stream.flush()
        except ConnectionLostError as error:
            self._lose(error.reason)

    def wait(self) -> None:
        """Send what is buffered, and wait for the next messages that are about any pending request."""
        began = monotonic()
        oldest = next(iter(self._pending.values()))
        deadline = began + min(self._timeout, self._timeout * _TIMES - oldest.waited)
        try:
            while not sum(map(self._handle, self._stream.receive(deadline))):
                if monotonic() > deadline:
                    raise ConnectionLostError(no_response(deadline - began))
        except ConnectionLostError as error:
            self._lose(error.reason)
        except (IndexError, ValueError):
            self._lose(_NOT_LDAP)
        oldest.waited += monotonic() - began

    def wait_for(self, exchange: Exchange) -> Exchange:
        """Wait until a request is finished."""
        while not exchange.is_finished:
            self.wait()
        return exchange

    def drain(self) -> None:
        """Wait until no request is pending."""
        while self._pending:
            self.wait()

    def discard(self, exchange: Exchange) -> None:
        """Ignore whatever still comes for this request, and forget what has come."""
        self._pending.pop(exchange.message_id, None)
        exchange.entries.clear()

    def close(self) -> None:
        """Close the connection."""
        self._lose(Sentence("it was closed"))

    def _handle(self, message: bytes) -> bool:
        """Take a message. Is it about a pending request, and more than a sign of life?"""
        message_id, kind, at = read_header(message)
        exchange = self._pending.get(message_id)
        if exchange is None:
            if message_id == 0 and kind == EXTENDED:  # only a notice of disconnection has the id 0 (RFC 4511, 4.4)
                raise ConnectionLostError(Sentence("the server ended the connection"))
            return False
        if kind == INTERMEDIATE:
            return False
        exchange.size += len(message) + _OF_EACH_MESSAGE
        if exchange.size > _LARGEST_ANSWER:
            raise ConnectionLostError(
                Sentence("the answer to one request is larger than {size} MB", size=_LARGEST_ANSWER // 10**6)
            )
        if kind == exchange.ends_with:
            exchange.response = read_response(message, at)
            del self._pending[message_id]
            if exchange.finished is not None:
                exchange.finished.append(exchange)
        elif kind == ENTRY and exchange.ends_with == SEARCH_DONE:
            exchange.entries.append((message, at))
        elif kind == REFERENCE and exchange.ends_with == SEARCH_DONE:
            exchange.has_referral = exchange.has_referral or may_hold_people(read_referral(message, at))
        else:
            raise ConnectionLostError(Sentence("the server answered something that was not asked"))
        return True

    def _lose(self, reason: Sentence) -> None:
        if self.lost_because is not None:
            return
        self.lost_because = reason
        for exchange in self._pending.values():
            _mark_lost(exchange)
        self._pending.clear()
        self._stream.close()


def _mark_lost(exchange: Exchange) -> None:
    exchange.is_lost = True
    exchange.entries.clear()  # the frames of an error keep the exchange in memory for a while
    if exchange.finished is not None:
        exchange.finished.append(exchange)


class SocketStream:
    """The socket of an ldap3 connection that is open.

    What goes over it is plain LDAP, since no bind of ours (simple, anonymous, SASL EXTERNAL) negotiates a SASL security
    layer, under which each message would be signed or encrypted.
    """

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._socket: socket.socket = connection.socket
        self._socket.setblocking(False)
        self._to_send = bytearray()
        self._received = bytearray()
        self._poll = select.poll()  # unlike select(), for any number of open files
        self._poll.register(self._socket, select.POLLIN)

    def send(self, message: bytes) -> None:
        self._to_send += message

    def flush(self) -> None:
        try:
            while self._to_send:
                # after a partial send TLS requires the same octets again: they stay in front until they were sent
                sent = self._socket.send(self._to_send[:_SEND_SIZE])
                del self._to_send[:sent]
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return
        except OSError as error:
            raise _lost_by(error) from None

    def receive(self, deadline: float) -> list[bytes]:
        began = monotonic()
        while not (messages := self._whole_messages()):
            left = deadline - monotonic()
            if left <= 0:
                raise ConnectionLostError(no_response(deadline - began))
            self.flush()
            # read before waiting: TLS may have decrypted octets already, of which the socket shows nothing any more
            if not self._read():
                self._wait(left)
        return messages

    def close(self) -> None:
        self._poll.unregister(self._socket)
        with suppress(OSError):
            self._socket.settimeout(1)  # for the unbind, which has no response
        close_connection(self._connection)

    def _read(self) -> bool:
        try:
            octets = self._socket.recv(_RECEIVE_SIZE)
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return False
        except OSError as error:
            raise _lost_by(error) from None
        if not octets:
            raise ConnectionLostError(Sentence("the server closed the connection"))
        self._received += octets
        return True

    def _wait(self, seconds: float) -> None:
        self._poll.modify(self._socket, select.POLLIN | (select.POLLOUT if self._to_send else 0))
        self._poll.poll(seconds * 1000)

    def _whole_messages(self) -> list[bytes]:
        received, messages, at = self._received, [], 0
        while end := ber.message_end(received, at):
            if received[at] != ber.SEQUENCE:
                raise ConnectionLostError(_NOT_LDAP)
            if end - at > _LARGEST_MESSAGE:
                raise ConnectionLostError(
                    Sentence("one message is larger than {size} MB", size=_LARGEST_MESSAGE // 10**6)
                )
            if end > len(received):
                break
            messages.append(bytes(received[at:end]))
            at = end
        del received[:at]
        return messages


def no_response(seconds: float) -> Sentence:
    """Why a connection counts as lost: a phrase."""
    return Sentence("no response in {seconds:g} seconds", seconds=float(f"{max(seconds, 0):.3g}"))


def _lost_by(error: Exception) -> ConnectionLostError:
    """The text of an error can hold what was sent, so only its kind is shown."""
    return ConnectionLostError(Sentence("{kind}", kind=type(error).__name__))
