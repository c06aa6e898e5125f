"""The lock of a file, which one run of all processes and threads of a machine has at a time."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import socket
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from feideprov.errors import FeideProvError, scrub, scrub_path
from feideprov.files.reading import NO_WAIT, followed, is_strangers
from feideprov.messages import Sentence
from feideprov.programs.forks import tell_after_fork
from feideprov.system_errors import reason_of

_LONGEST_NOTE: Final = 1000


class Locked(FeideProvError):
    """Another run holds the lock; the message names it."""


class _Held(ExitStack):
    """What a lock holds. A process that is forked meanwhile closes it: the lock ends with the run, not with that
    process."""

    def __init__(self) -> None:
        super().__init__()
        tell_after_fork(self)

    def after_fork(self) -> None:
        self.close()


@contextmanager
def exclusive(path: Path, *, wait: float, holder: str) -> Iterator[None]:
    """Hold the lock file of `path` (`<path>.lock`) during the block.

    The lock is the operating system's, so it ends with its process. It also holds when the lock file is deleted or
    replaced meanwhile, and for another name of the same file. `holder` is written into the lock file, and named in the
    message to those who wait. Raises Locked after `wait` seconds, and OSError, whose text names the lock file, when it
    cannot be used.
    """
    path = followed(path)  # so that two names of one file share one lock
    import fcntl  # POSIX only; imported here so that everything that only reads works on any system

    lock_file = path.with_name(path.name + ".lock")
    deadline = time.monotonic() + wait
    with _Held() as held:
        while (lock := _lock(path, lock_file, held)) is None:
            if time.monotonic() >= deadline:
                raise Locked(_held_by(path, lock_file))
            time.sleep(min(0.1, max(0.0, deadline - time.monotonic())))
        process = os.getpid()
        note = json.dumps({"holder": holder, "process": process, "since": _now()})
        os.ftruncate(lock, 0)
        os.pwrite(lock, note.encode(), 0)
        try:
            yield
        finally:
            if process == os.getpid():  # a process that was forked meanwhile has closed all of it
                with suppress(OSError):  # what ended the block is told, not this
                    os.ftruncate(lock, 0)
                    fcntl.flock(lock, fcntl.LOCK_UN)


def _lock(path: Path, lock_file: Path, held: _Held) -> int | None:
    """Take the lock, until `held` ends; None when another run has it, or when the file that was locked is no longer the
    one of that name. Raises OSError, whose text names the lock file, when it cannot be used."""
    import fcntl  # POSIX only; imported here so that everything that only reads works on any system

    with _Held() as taken:
        try:
            for name in _names_in_the_kernel(path):
                taken.enter_context(socket.socket(socket.AF_UNIX)).bind(name)
            lock = taken.enter_context(_opened_lock(lock_file))
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in _TAKEN:
                return None
            reason = Sentence("it is a link. Delete it") if error.errno == errno.ELOOP else reason_of(error)
            raise _of_lock(lock_file, error.errno, reason) from None
        locked = os.fstat(lock)
        try:
            there = lock_file.lstat()
        except FileNotFoundError:  # it was deleted before it was locked
            return None
        if not os.path.samestat(there, locked):
            return None
        if locked.st_nlink > 1 or not stat.S_ISREG(locked.st_mode):  # another file would be written
            raise _of_lock(lock_file, errno.EINVAL, Sentence("it is not a file of its own. Delete it"))
        if is_strangers(locked, lock_file):
            raise _of_lock(lock_file, errno.EPERM, Sentence("it belongs to another user. Delete it"))
        with suppress(PermissionError):  # root may open another user's, whose mode is kept
            os.fchmod(lock, 0o600)
        held.enter_context(taken.pop_all())
        return lock


_TAKEN: Final = {errno.EADDRINUSE, errno.EAGAIN}
"""Another run has the name or the lock."""


def _names_in_the_kernel(path: Path) -> Iterator[bytes]:
    """Names that only one process of the machine can have at a time, wherever the lock file has gone (Linux: abstract
    addresses of Unix sockets, unix(7)). Names are made of the folder, not of its path, which mounts can change; and of
    the file, when it has several names."""
    if sys.platform != "linux":
        return
    folder = path.parent.stat()
    yield _address(folder.st_dev, folder.st_ino, path.name)
    with suppress(FileNotFoundError):
        file = path.stat()
        if file.st_nlink > 1:
            yield _address(file.st_dev, file.st_ino)


def _address(*what: object) -> bytes:
    return b"\0feideprov " + hashlib.sha256(repr(what).encode()).hexdigest().encode()


@contextmanager
def _opened_lock(path: Path) -> Iterator[int]:
    """A lock file, opened; made when there is none. Only its owner may read it: it names who runs the program."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | NO_WAIT, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _of_lock(path: Path, number: int | None, reason: str | None) -> OSError:
    sentence = Sentence("the lock file {file} cannot be used: {reason}", file=scrub_path(path), reason=reason)
    return OSError(number, sentence)


def _held_by(path: Path, lock_file: Path) -> Sentence:
    """Who holds the lock, by a note that anybody may have written."""
    try:
        with _opened_lock(lock_file) as lock:
            held = json.loads(os.pread(lock, _LONGEST_NOTE, 0))
        holder, since = ("".join(filter(str.isprintable, held[name]))[:80] for name in ("holder", "since"))
        return Sentence(
            "{file} is in use by {holder} (process {process}, since {since}). Wait until that run has ended, then run "
            "again.",
            file=scrub_path(path.name),
            holder=scrub(holder),
            process=int(held["process"]),
            since=scrub_path(since),
        )
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return Sentence(
            "{file} is in use by another run. Wait until it has ended, then run again.", file=scrub_path(path.name)
        )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
