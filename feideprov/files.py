"""Files that survive a crash: locked while they are changed, replaced whole, on disk before the next step."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from feideprov.errors import FeideProvError, scrub_path


class Locked(FeideProvError):
    """Another run holds the lock; the message names it."""


@contextmanager
def exclusive(path: Path, *, wait: float, holder: str) -> Iterator[None]:
    """Hold the lock file of `path` (`<path>.lock`) for as long as the block lasts.

    The lock is the operating system's (flock): it ends with its process, however that ends. `holder` is
    written into the lock file for the person who has to wait. Raises Locked after `wait` seconds.
    """
    path = path.resolve()  # two names of one file share one lock
    import fcntl  # POSIX only; imported here so that reading and judging work everywhere

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
    """Open a file that nobody else may read: a lock tells who is at work."""
    descriptor = os.open(name, flags, 0o600)
    with suppress(PermissionError):  # one of another user, which root may open, keeps its mode
        os.fchmod(descriptor, 0o600)
    return descriptor


def _held_by(path: Path, note: str) -> str:
    try:
        held = json.loads(note)
        return (
            f"{scrub_path(path.name)} is in use by {held['holder']} (process {held['process']}, since "
            f"{held['since']}). "
            "Wait until that run has ended, then run again."
        )
    except (ValueError, KeyError):
        return f"{scrub_path(path.name)} is in use by another run. Wait until it has ended, then run again."


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def replace(path: Path, content: bytes) -> None:
    """Put a whole new file (mode 0600) in the place of the old one, on disk when this returns.

    A crash leaves the old file or the new one, never a part. A link is followed, so that it stays a link.
    The draft has one name, `.<name>.new`, so that one that a killed process left behind, with passwords in it
    perhaps, is gone after the next write. Who writes a file that others write too holds its lock.
    """
    path = path.resolve()
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)  # a stale one could be open to others, or a link
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
