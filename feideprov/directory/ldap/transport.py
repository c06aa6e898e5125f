"""Requests and their answers over one connection, many at a time: each answer finds its request by the message id."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from feideprov.directory.ldap.line import Line, LineBrokenError
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


class Wire:
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
