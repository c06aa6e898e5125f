"""Files that survive a crash: locked while they are changed, replaced as a whole, on disk before the next step."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

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
        process = os.getpid()
        json.dump({"holder": holder, "process": process, "since": _now()}, lock)
        lock.flush()
        try:
            yield
        finally:
            if process == os.getpid():  # a process that was forked meanwhile has the open file too, but not the lock
                lock.truncate(0)
                fcntl.flock(lock, fcntl.LOCK_UN)


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
