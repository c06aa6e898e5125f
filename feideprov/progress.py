"""How far long work has come, for whoever watches: a terminal, or a program with a bar of its own.

The work itself says it, one thing at a time; without a watcher that costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final, TypeVar

from feideprov.messages import Sentence

_T = TypeVar("_T")


@dataclass
class Work:
    """Work under way.

    `what` says what is done, `done` how many things are finished, of `total` if that is known. `ended`: nothing more
    comes.
    """

    what: Sentence
    total: int | None = None
    done: int = 0
    ended: bool = False


READING_DIRECTORY: Final = Sentence("Reading the directory")
READING_ROWS: Final = Sentence("Reading rows")
READING_PEOPLE: Final = Sentence("Reading people")
READING_SERVICES: Final = Sentence("Reading services")
READING_FILE: Final = Sentence("Reading the file (kB)")
COMPARING_PEOPLE: Final = Sentence("Comparing people with the directory")
COMPARING_NUMBERS: Final = Sentence("Comparing numbers")
CHECKING_USERS: Final = Sentence("Checking users")
CHECKING_JOURNAL: Final = Sentence("Checking the journal")
CHECKING_RECORDS: Final = Sentence("Checking records")
WRITING: Final = Sentence("Writing changes")
SENDING: Final = Sentence("Sending messages")
MAKING_PDF: Final = Sentence("Making the PDF")
Watcher = Callable[[Work], None]
_watcher: ContextVar[Watcher | None] = ContextVar("watcher", default=None)


@contextmanager
def watched(watcher: Watcher) -> Iterator[None]:
    """Watch what is done inside, in this thread.

    Parameters:
        watcher: a function that is called with the `Work` when it has come further, and when it has ended. It is called
            often, and must be quick. Work can have other work in it, such as reading in checking.

    Returns: a context manager.

    Raises: what the watcher raises.
    """
    before = _watcher.set(watcher)
    try:
        yield
    finally:
        _watcher.reset(before)


def steps(
    things: Iterable[_T], what: Sentence, *, total: int | None = None, size: Callable[[_T], int] | None = None
) -> Iterator[_T]:
    """The things, one by one; whoever watches is told how many are done. `size`: how many one of them stands for."""
    watcher = _watcher.get()
    return iter(things) if watcher is None else _told(things, Work(what, total), watcher, size)


def tell(work: Work) -> None:
    """Tell whoever watches how far this work has come."""
    if (watcher := _watcher.get()) is not None:
        watcher(work)


def _told(things: Iterable[_T], work: Work, watcher: Watcher, size: Callable[[_T], int] | None) -> Iterator[_T]:
    try:
        for thing in things:
            yield thing
            work.done += 1 if size is None else size(thing)
            watcher(work)
    finally:
        work.ended = True
        watcher(work)
