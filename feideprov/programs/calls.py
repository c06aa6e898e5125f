"""The calls that a program makes to a client, and the runs of a journal: in any thread, one after the other."""

from __future__ import annotations

import inspect
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar

from feideprov.errors import FeideProvError, InputError, JournalError
from feideprov.messages import Sentence
from feideprov.programs.arguments import checked
from feideprov.programs.forks import tell_after_fork

_C = TypeVar("_C", bound=type)
_WAIT: ContextVar[float | None] = ContextVar("wait", default=None)
"""What the client of the call that is under way says; see `waiting`."""


def waiting(usual: float) -> float:
    """How many seconds another run is waited for: what the client says whose call is under way, or else `usual`."""
    wait = _WAIT.get()
    return usual if wait is None else wait


class Calls:
    """The calls to one client. A call in another thread waits until the call before it has ended.

    `wait`: how many seconds its calls wait for another run; None: as long as is usual. Raises InputError for what is no
    such time.
    """

    def __init__(self, realm: str, wait: float | None = None) -> None:
        if wait is not None and not 0 <= wait <= threading.TIMEOUT_MAX:
            raise InputError(
                Sentence("The argument wait must be a number of seconds, 0 or more, but another number was given.")
            )
        self.realm = realm
        self._wait = wait
        self._lock = threading.RLock()
        tell_after_fork(self)

    @contextmanager
    def one(self) -> Iterator[None]:
        """The time of one call. An error that comes out of it has the realm of the organization."""
        with self._lock:
            before = _WAIT.set(self._wait)
            try:
                yield
            except FeideProvError as error:
                error.realm = error.realm or self.realm
                raise
            finally:
                _WAIT.reset(before)

    def after_fork(self) -> None:
        """The call of the parent's thread does not go on here."""
        self._lock = threading.RLock()


class Runs:
    """A lock of threads. A run inside a run of the same thread is a part of it."""

    def __init__(self, holder: str) -> None:
        self._holder = holder
        self._lock = threading.Lock()
        self._thread: int | None = None
        tell_after_fork(self)

    @contextmanager
    def one(self, wait: float) -> Iterator[float | None]:
        """The time of one run. Gives how many of the `wait` seconds, or of those that the client says, are left; None
        inside a run of the same thread.

        Raises JournalError when another thread's run has not ended after these seconds.
        """
        if self._thread == threading.get_ident():
            yield None
            return
        wait = waiting(wait)
        lock, deadline = self._lock, time.monotonic() + wait
        if not lock.acquire(timeout=wait):
            raise JournalError(
                Sentence(
                    "The journal is in use by {holder} in another thread of this program. Wait until that run has "
                    "ended, then run again.",
                    holder=self._holder,
                )
            )
        self._thread = threading.get_ident()
        try:
            yield max(0.0, deadline - time.monotonic())
        finally:
            self._thread = None
            lock.release()  # also in a process that was forked meanwhile, which has another lock by now

    def after_fork(self) -> None:
        """The run of the parent does not go on here."""
        self._lock, self._thread = threading.Lock(), None


def public(cls: _C) -> _C:
    """A class whose public methods and properties are called by programs: their arguments are checked, and each call
    is one of `calls`, which the object or its context has."""
    for name, member in list(vars(cls).items()):
        if name.startswith("_"):
            continue
        if inspect.isfunction(member):
            setattr(cls, name, _as_call(checked(member)))
        elif isinstance(member, property) and member.fget is not None:
            setattr(cls, name, property(_as_call(member.fget), doc=member.__doc__))
    return cls


def _as_call(function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def call(self: Any, *given: Any, **named: Any) -> Any:
        calls: Calls = getattr(self, "_context", self).calls
        with calls.one():
            return function(self, *given, **named)

    return call
