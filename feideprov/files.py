"""Files that survive a crash: locked while they are changed, replaced as a whole, on disk before the next step."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TextIO

from feideprov.errors import FeideProvError, scrub_path
from feideprov.messages import Sentence


class Locked(FeideProvError):
    """Another run holds the lock; the message names it."""


def is_there(path: Path) -> bool:
    """Whether there is a file; also true when that cannot be found out: whoever opens it then learns the reason."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


@contextmanager
def exclusive(path: Path, *, wait: float, holder: str) -> Iterator[None]:
    """Hold the lock file of `path` (`<path>.lock`) during the block.

    The lock is the operating system's, so it ends with its process. It also holds when the lock file is deleted or
    replaced meanwhile, and for another name of the same file. `holder` is written into the lock file, and named in the
    message to those who wait. Raises Locked after `wait` seconds, and OSError when the lock file cannot be used.
    """
    path = path.resolve()  # so that two names of one file share one lock
    import fcntl  # POSIX only; imported here so that everything that only reads works on any system

    lock_file = path.with_name(path.name + ".lock")
    deadline = time.monotonic() + wait
    with ExitStack() as held:
        while (lock := _lock(path, lock_file, held)) is None:
            if time.monotonic() >= deadline:
                raise Locked(_held_by(path, lock_file))
            time.sleep(min(0.1, max(0.0, deadline - time.monotonic())))
        lock.truncate(0)
        process = os.getpid()
        json.dump({"holder": holder, "process": process, "since": _now()}, lock)
        lock.flush()
        try:
            yield
        finally:
            if process == os.getpid():  # a process that was forked meanwhile has the open file too, but not the lock
                lock.truncate(0)
                fcntl.flock(lock, fcntl.LOCK_UN)


def _lock(path: Path, lock_file: Path, held: ExitStack) -> TextIO | None:
    """Take the lock, until `held` ends; None when another run has it, or when the file that was locked is no longer the
    one of that name."""
    import fcntl  # POSIX only; imported here so that everything that only reads works on any system

    with ExitStack() as taken:
        try:
            for name in _names_in_the_kernel(path):
                taken.enter_context(socket.socket(socket.AF_UNIX)).bind(name)
            lock = taken.enter_context(open(lock_file, "a+", opener=_private))
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in _TAKEN:
                return None
            if error.errno == errno.ELOOP:
                raise _is_a_link(lock_file) from None
            raise
        locked = os.fstat(lock.fileno())
        try:
            there = lock_file.lstat()
        except FileNotFoundError:  # it was deleted before it was locked
            return None
        if not os.path.samestat(there, locked):
            return None
        if locked.st_nlink > 1:  # what is written into it would be written into another file
            raise _is_a_link(lock_file)
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


def _is_a_link(lock_file: Path) -> OSError:
    reason = Sentence("{file} is a link to another file; delete it", file=scrub_path(lock_file))
    return OSError(errno.ELOOP, reason)


def _private(name: str, flags: int) -> int:
    """Open a file that only its owner may read: a lock file names who runs the program."""
    descriptor = os.open(name, flags | os.O_NOFOLLOW, 0o600)
    with suppress(PermissionError):  # root may open another user's, whose mode is kept
        os.fchmod(descriptor, 0o600)
    return descriptor


def _held_by(path: Path, lock_file: Path) -> Sentence:
    try:
        held = json.loads(lock_file.read_text())
        return Sentence(
            "{file} is in use by {holder} (process {process}, since {since}). Wait until that run has ended, then run "
            "again.",
            file=scrub_path(path.name),
            holder=held["holder"],
            process=held["process"],
            since=held["since"],
        )
    except (OSError, ValueError, KeyError, TypeError):
        return Sentence(
            "{file} is in use by another run. Wait until it has ended, then run again.", file=scrub_path(path.name)
        )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def replace(path: Path, content: bytes) -> None:
    """Replace a file by a new one (mode 0600), which is on disk when this returns.

    A crash leaves the old file or the new one, never a part. A link is followed, so it stays a link. The temporary file
    is always `.<name>.new`: one that a killed process left, perhaps with passwords in it, is deleted by the next write.
    A file that several processes write must be locked by the caller.
    """
    path = path.resolve()
    temporary = path.with_name(f".{path.name}.new")
    temporary.unlink(missing_ok=True)  # an old one could be readable by others, or a link
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
