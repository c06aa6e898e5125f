"""Writes that are under way at the same time, as many as a server takes, with their outcomes in order.

A server carries out the requests of one connection in parallel, and children overtake their parents (measured with
slapd). So a write waits for those before it that touch the same entry, the one above it or those below it; others
go past it.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

import stamina

from feideprov.directory.entry import Rename, Write, WriteResult
from feideprov.directory.ldap.requests import Request
from feideprov.directory.ldap.server import NOT_NOW, server_error
from feideprov.directory.ldap.transport import Exchange, Transport
from feideprov.directory.ldap.write_operations import WriteOperation, WriteOperations
from feideprov.errors import DirectoryError

_LOSSES_IN_VAIN = 5
"""How many times in a row a connection may be lost before anything was done over it."""

Key = tuple[Hashable, ...]


@dataclass(slots=True, eq=False)
class _Item:
    """One write on its way. `waits_for`: how many before it must be over first."""

    write: Write
    keys: tuple[Key, ...]
    conversation: WriteOperation
    waits_for: int = 0
    followers: list[_Item] = field(default_factory=list)
    request: Request | None = None
    exchange: Exchange | None = None
    over: bool = False
    error: DirectoryError | None = None


class _BusyError(Exception):
    pass


class Pipeline:
    """`connect` gives the wire that is in use, or makes a new one where it broke, and raises DirectoryError when no
    server answers. `patience`: for how many seconds a server may say that it is busy."""

    def __init__(
        self, connect: Callable[[], Transport], speech: WriteOperations, *, window: int, patience: float
    ) -> None:
        self._connect = connect
        self._speech = speech
        self._wire = connect()
        self._window = min(window, self._wire.window)
        self._patience = patience
        self._items: deque[_Item] = deque()
        self._asked: dict[Exchange, _Item] = {}
        self._over: deque[Exchange] = deque()
        self._busy: list[_Item] = []
        self._at: defaultdict[Key, list[_Item]] = defaultdict(list)
        self._below: defaultdict[Key, list[_Item]] = defaultdict(list)
        self._losses = 0
        self._ended: DirectoryError | None = None

    def run(self, writes: Iterable[Write]) -> Iterator[WriteResult]:
        """Carry out the writes. Raises DirectoryError in place of the first outcome that stays unknown."""
        source, items = iter(writes), self._items
        self._wire.settle()
        try:
            while True:
                room = self._window - len(items)
                if room * 4 >= self._window or not items[0].over:  # several requests go out at once
                    self._fill(source)
                if not items:
                    return
                if items[0].over:
                    item = items.popleft()
                    yield WriteResult(item.write, item.error)
                elif self._ended is not None:
                    try:
                        raise self._ended
                    finally:
                        self._ended = None  # an error that its own frame keeps would stay
                else:
                    self._proceed()
        finally:
            self._wire.settle()  # what is under way when nobody asks any more is over before anything else is read

    def _fill(self, source: Iterator[Write]) -> None:
        while len(self._items) < self._window and self._ended is None:
            write = next(source, None)
            if write is None:
                break
            item = _Item(write, _keys(write), self._speech.carry_out(write))
            self._items.append(item)
            self._put_in_order(item)
            if not item.waits_for:
                self._go_on(item, None)
        self._wire.flush()

    def _put_in_order(self, item: _Item) -> None:
        before: dict[_Item, None] = {}
        for key in item.keys:
            for earlier in chain(self._at.get(key, ()), self._at.get(key[1:], ()), self._below.get(key, ())):
                before[earlier] = None
        for earlier in before:
            earlier.followers.append(item)
        item.waits_for = len(before)
        for key in item.keys:
            self._at[key].append(item)
            self._below[key[1:]].append(item)

    def _go_on(self, item: _Item, exchange: Exchange | None) -> None:
        """The next request of a write, or its end."""
        try:
            item.request = next(item.conversation) if exchange is None else item.conversation.send(exchange)
        except StopIteration as end:
            self._end(item, end.value)
        except DirectoryError as error:  # it could not be found out what became of it
            self._ended = self._ended or error
        else:
            self._ask(item)

    def _ask(self, item: _Item) -> None:
        assert item.request is not None  # noqa: S101
        item.exchange = self._wire.post(item.request, self._over)
        self._asked[item.exchange] = item

    def _end(self, item: _Item, error: DirectoryError | None) -> None:
        item.over, item.error = True, error
        self._losses = 0
        for key in item.keys:
            _take_out(self._at, key, item)
            _take_out(self._below, key[1:], item)
        for follower in item.followers:
            follower.waits_for -= 1
            if not follower.waits_for:
                self._go_on(follower, None)

    def _proceed(self) -> None:
        """Wait for answers and go on with each; ask again what the server was too busy for."""
        self._take_answers()
        if self._busy and self._ended is None:
            self._ask_again()

    def _take_answers(self) -> None:
        """Go on with what was answered; find out what became of what a lost connection leaves unknown."""
        while not self._over:
            self._wire.wait()
        lost: list[_Item] = []
        while self._over:
            exchange = self._over.popleft()
            item = self._asked.pop(exchange)
            if exchange.answer is None:
                lost.append(item)
            elif exchange.answer.code in NOT_NOW:
                self._busy.append(item)
            else:
                self._go_on(item, exchange)
        if lost:
            self._find_out(lost)

    def _find_out(self, lost: list[_Item]) -> None:
        self._losses += 1
        try:
            wire = self._connect()
        except DirectoryError as error:
            self._ended = error
            return
        broken, self._wire = self._wire, wire
        if self._losses > _LOSSES_IN_VAIN:
            self._ended = DirectoryError(
                f"The connection to the directory breaks off at every try ({broken.broken}). What was done is in the "
                "journal: run again."
            )
            return
        for item in sorted(lost, key=self._items.index):
            item.conversation = self._speech.carry_out_after_loss(item.write)
            self._go_on(item, None)

    def _ask_again(self) -> None:
        last = self._busy[-1].exchange
        try:
            for attempt in stamina.retry_context(
                on=_BusyError, attempts=None, timeout=self._patience, wait_initial=0.1, wait_max=5.0
            ):
                with attempt:
                    if attempt.num > 1:  # the first is at once, and it has just said that it is busy
                        self._once_more()
                    if self._busy and self._ended is None:
                        last = self._busy[-1].exchange
                        raise _BusyError
        except _BusyError:
            assert last and last.answer  # noqa: S101, PT018
            error = server_error(last.answer.code, last.answer.said)
            self._ended = DirectoryError(f"{error} What was done is in the journal: run again.", code=error.code)

    def _once_more(self) -> None:
        again, self._busy = self._busy, []
        for item in again:
            self._ask(item)
        while any(item.exchange in self._asked for item in again) and self._ended is None:
            self._take_answers()


def _keys(write: Write) -> tuple[Key, ...]:
    return (write.dn.key, write.to.key) if isinstance(write, Rename) else (write.dn.key,)


def _take_out(items: defaultdict[Key, list[_Item]], key: Key, item: _Item) -> None:
    left = items[key]
    left.remove(item)
    if not left:
        del items[key]
