"""Files that survive a crash: locked while they are changed, replaced as a whole, on disk before the next step.

And files that others wrote: read only if they are files, and only up to the size that their kind can have.
"""

from __future__ import annotations

import errno
import json
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from enum import IntEnum
from pathlib import Path
from typing import BinaryIO, Final

from feideprov.errors import FeideProvError, scrub_path
from feideprov.messages import Sentence


class Largest(IntEnum):
    """How many octets a file of each kind can have. A larger one is refused, and nothing of it is kept in memory."""

    SECRET = 100_000
    """A password or a key."""
    CONFIGURATION = 1_000_000
    """The configuration, a template, certificates."""
    LIST = 100_000_000
    """A list of people, numbers, services or answers, the hand-over file, standard input."""
    LARGE_FILE = 1_000_000_000
    """A saved plan, or the metadata of a federation."""
    DIRECTORY = 4_000_000_000
    """An LDIF file."""


_PART: Final = 1_000_000


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


def content_of(path: Path, largest: Largest) -> bytes:
    """What a file contains. Raises OSError as `opened`, also for a pipe that has too much or nothing."""
    with opened(path, largest) as file:
        content = all_of(file, largest)
        if not content and stat.S_ISFIFO(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EPIPE, Sentence("it is a pipe that nothing was written into"))
        return content


def all_of(stream: BinaryIO, largest: Largest) -> bytes:
    """What a stream has. Raises OSError when it has too much."""
    content = bytearray()
    while part := stream.read(_PART):
        content += part
        if len(content) > largest:
            raise _too_large(largest)
    return bytes(content)


def opened(path: Path, largest: Largest) -> BinaryIO:
    """A file, opened to be read. It may be a pipe that somebody writes into, as `<(…)` of a shell.

    Raises OSError, whose `strerror` is for people, for anything else that is no file, and for a file that is too large.
    """
    file = open(path, "rb", opener=_without_waiting)  # noqa: SIM115 - the caller closes it
    try:
        _require_file(os.fstat(file.fileno()), largest)
    except OSError:
        file.close()
        raise
    return file


def require_file(path: Path, largest: Largest) -> None:
    """Raise OSError, as `opened`, and for a pipe: for a path that is given to a library, which would read all of it."""
    state = path.stat()
    _require_file(state, largest)
    if stat.S_ISFIFO(state.st_mode):
        raise OSError(errno.EINVAL, Sentence("it is a pipe, not a file"))


def _without_waiting(name: str, flags: int) -> int:
    """Open a file. A pipe that nobody writes into would be waited for without end."""
    descriptor = os.open(name, flags | getattr(os, "O_NONBLOCK", 0))  # Windows has no such pipes
    if stat.S_ISFIFO(os.fstat(descriptor).st_mode):
        os.set_blocking(descriptor, True)
    return descriptor


def _require_file(state: os.stat_result, largest: Largest) -> None:
    if stat.S_ISDIR(state.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not (stat.S_ISREG(state.st_mode) or stat.S_ISFIFO(state.st_mode)):
        raise OSError(errno.EINVAL, Sentence("it is a device, not a file"))
    if state.st_size > largest:
        raise _too_large(largest)


def _too_large(largest: Largest) -> OSError:
    return OSError(errno.EFBIG, Sentence("it is larger than {size:,} kB, which no such file is", size=largest // 1000))


@contextmanager
def exclusive(path: Path, *, wait: float, holder: str) -> Iterator[None]:
    """Hold the lock file of `path` (`<path>.lock`) during the block.

    The lock is the operating system's (flock), so it ends with its process. `holder` is written into the lock file, and
    named in the message to those who wait. Raises Locked after `wait` seconds.
    """
    path = path.resolve()  # so that two names of one file share one lock
    import fcntl  # POSIX only; imported here so that everything that only reads works on any system

    with open(path.with_name(path.name + ".lock"), "a+", opener=_private) as lock:
        deadline = time.monotonic() + wait
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                if time.monotonic() >= deadline:
                    lock.seek(0)
                    raise Locked(_held_by(path, lock.read())) from None
                time.sleep(min(0.1, max(0.0, deadline - time.monotonic())))
        lock.truncate(0)
        json.dump({"holder": holder, "process": os.getpid(), "since": _now()}, lock)
        lock.flush()
        try:
            yield
        finally:
            lock.truncate(0)


def _private(name: str, flags: int) -> int:
    """Open a file that only its owner may read: a lock file names who runs the program."""
    descriptor = os.open(name, flags, 0o600)
    with suppress(PermissionError):  # root may open another user's, whose mode is kept
        os.fchmod(descriptor, 0o600)
    return descriptor


def _held_by(path: Path, note: str) -> Sentence:
    try:
        held = json.loads(note)
        return Sentence(
            "{file} is in use by {holder} (process {process}, since {since}). Wait until that run has ended, then run "
            "again.",
            file=scrub_path(path.name),
            holder=held["holder"],
            process=held["process"],
            since=held["since"],
        )
    except (ValueError, KeyError):
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
