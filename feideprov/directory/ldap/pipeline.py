"""Writes that are carried out at the same time, as many as a server takes, with their outcomes in order.

A server carries out the requests of one connection in parallel, so that an entry may be added before its parent
(measured with slapd). So a write waits for the earlier ones of the same entry, of its parent and of its children;
others do not wait.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

import stamina

from feideprov.directory.entry import Rename, Write, WriteResult
from feideprov.directory.ldap.requests import Request
from feideprov.directory.ldap.server import run_again, server_error
from feideprov.directory.ldap.transport import Exchange, Transport
from feideprov.directory.ldap.write_operations import WriteOperation, WriteOperations
from feideprov.directory.result_code import TEMPORARY
from feideprov.errors import DirectoryError
from feideprov.messages import Sentence

_MAX_LOSSES = 5
"""How many times in a row a connection may be lost before anything was done over it."""

Key = tuple[Hashable, ...]


@dataclass(slots=True, eq=False)
class _Item:
    """One write. `waits_for`: how many earlier ones must be finished first."""

    write: Write
    keys: tuple[Key, ...]
    operation: WriteOperation
    waits_for: int = 0
    followers: list[_Item] = field(default_factory=list)
    request: Request | None = None
    exchange: Exchange | None = None
    is_finished: bool = False
    error: DirectoryError | None = None


class _BusyError(Exception):
    pass


class Pipeline:
    """`connect` returns the connection, or a new one if that was lost, and raises DirectoryError when no server can be
    reached. `window`: how many requests may be pending. `patience`: for how many seconds a server may be busy."""

    def __init__(
        self, connect: Callable[[], Transport], operations: WriteOperations, *, window: int, patience: float
    ) -> None:
        self._connect = connect
        self._operations = operations
        self._transport = connect()
        self._window = window
        self._patience = patience
        self._items: deque[_Item] = deque()
        self._pending: dict[Exchange, _Item] = {}
        self._finished: deque[Exchange] = deque()
        self._busy: list[_Item] = []
        self._by_key: defaultdict[Key, list[_Item]] = defaultdict(list)
        self._by_parent: defaultdict[Key, list[_Item]] = defaultdict(list)
        self._losses = 0
        self._failure: DirectoryError | None = None

    def run(self, writes: Iterable[Write]) -> Iterator[WriteResult]:
        """Carry out the writes. Raises DirectoryError in place of the first outcome that stays unknown."""
        source, items = iter(writes), self._items
        self._transport.drain()
        try:
            while True:
                room = self._window - len(items)
                if room * 4 >= self._window or not items[0].is_finished:  # several requests are sent at once
                    self._fill(source)
                if not items:
                    return
                if items[0].is_finished:
                    item = items.popleft()
                    yield WriteResult(item.write, item.error)
                elif self._failure is not None:
                    try:
                        raise self._failure
                    finally:
                        self._failure = None  # an error that its own frame refers to would stay in memory
                else:
                    self._proceed()
        finally:
            self._transport.drain()  # when the caller stops early, pending requests end before anything else is read

    def _fill(self, source: Iterator[Write]) -> None:
        while len(self._items) < self._window and self._failure is None:
            write = next(source, None)
            if write is None:
                break
            item = _Item(write, _keys(write), self._operations.carry_out(write))
            self._items.append(item)
            self._order(item)
            if not item.waits_for:
                self._advance(item, None)
        self._transport.flush()

    def _order(self, item: _Item) -> None:
        before: dict[_Item, None] = {}
        for key in item.keys:
            earlier = chain(self._by_key.get(key, ()), self._by_key.get(key[1:], ()), self._by_parent.get(key, ()))
            before |= dict.fromkeys(earlier)
        for one in before:
            one.followers.append(item)
        item.waits_for = len(before)
        for key in item.keys:
            self._by_key[key].append(item)
            self._by_parent[key[1:]].append(item)

    def _advance(self, item: _Item, exchange: Exchange | None) -> None:
        """Send the next request of a write, or finish it."""
        try:
            item.request = next(item.operation) if exchange is None else item.operation.send(exchange)
        except StopIteration as end:
            self._finish(item, end.value)
        except DirectoryError as error:  # the outcome could not be found out
            self._failure = self._failure or error
        else:
            self._submit(item)

    def _submit(self, item: _Item) -> None:
        assert item.request is not None  # noqa: S101
        item.exchange = self._transport.submit(item.request, self._finished)
        self._pending[item.exchange] = item

    def _finish(self, item: _Item, error: DirectoryError | None) -> None:
        item.is_finished, item.error = True, error
        self._losses = 0
        for key in item.keys:
            _remove(self._by_key, key, item)
            _remove(self._by_parent, key[1:], item)
        for follower in item.followers:
            follower.waits_for -= 1
            if not follower.waits_for:
                self._advance(follower, None)

    def _proceed(self) -> None:
        """Wait for responses and continue with each; repeat what the server was too busy for."""
        self._take_responses()
        if self._busy and self._failure is None:
            self._retry_busy()

    def _take_responses(self) -> None:
        while not self._finished:
            self._transport.wait()
        lost: list[_Item] = []
        while self._finished:
            exchange = self._finished.popleft()
            item = self._pending.pop(exchange)
            if exchange.response is None:
                lost.append(item)
            elif exchange.response.code in TEMPORARY:
                self._busy.append(item)
            else:
                self._advance(item, exchange)
        if lost:
            self._find_outcomes(lost)

    def _find_outcomes(self, lost: list[_Item]) -> None:
        """Find out over a new connection what became of the requests that were pending on a lost one."""
        self._losses += 1
        try:
            transport = self._connect()
        except DirectoryError as error:
            self._failure = error
            return
        former, self._transport = self._transport, transport
        if self._losses > _MAX_LOSSES:
            self._failure = DirectoryError(
                Sentence(
                    "The connection to the directory was lost at every attempt ({reason}). Run the same command "
                    "again. The journal shows what was already done, so it continues from there.",
                    reason=former.lost_because,
                )
            )
            return
        for item in sorted(lost, key=self._items.index):
            item.operation = self._operations.carry_out_after_loss(item.write)
            self._advance(item, None)

    def _retry_busy(self) -> None:
        last = self._busy[-1].exchange
        try:
            for attempt in stamina.retry_context(
                on=_BusyError, attempts=None, timeout=self._patience, wait_initial=0.1, wait_max=5.0
            ):
                with attempt:
                    if attempt.num > 1:  # the first attempt is immediate, and the server has just said that it is busy
                        self._submit_busy()
                    if self._busy and self._failure is None:
                        last = self._busy[-1].exchange
                        raise _BusyError
        except _BusyError:
            assert last and last.response  # noqa: S101, PT018
            self._failure = run_again(server_error(last.response.code, last.response.diagnostic))

    def _submit_busy(self) -> None:
        """A write may have been carried out all the same, so its entry is read first."""
        again, self._busy = self._busy, []
        for item in again:
            if item.request is not None and item.request.is_search:
                self._submit(item)
            else:
                item.operation = self._operations.carry_out_after_loss(item.write)
                self._advance(item, None)
        while any(item.exchange in self._pending for item in again) and self._failure is None:
            self._take_responses()


def _keys(write: Write) -> tuple[Key, ...]:
    return (write.dn.key, write.to.key) if isinstance(write, Rename) else (write.dn.key,)


def _remove(items: defaultdict[Key, list[_Item]], key: Key, item: _Item) -> None:
    remaining = items[key]
    remaining.remove(item)
    if not remaining:
        del items[key]
