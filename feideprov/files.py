"""Files that survive a crash: locked while they are changed, replaced as a whole, on disk before the next step.

Somebody else may write in their folder. So a new file is private from its first moment, a draft has a name that nobody
knows before, links that others made are not followed, and what is not a file is not waited for.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import secrets
import socket
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Final

from feideprov.errors import FeideProvError, scrub, scrub_path
from feideprov.messages import Sentence
from feideprov.programs.forks import tell_after_fork

UNNAMED = getattr(os, "O_TMPFILE", 0)
"""Opens a file that has no name yet; 0 where the system cannot do that."""
_NO_UNNAMED = (errno.EISDIR, errno.EOPNOTSUPP, errno.EINVAL, errno.ENOENT)
_OURS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_NO_WAIT = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
_DESCRIPTORS = ("/dev/stdin", "/dev/fd/", "/proc/self/fd/")
"""What a shell writes for its own pipes."""
_LONGEST_NOTE = 1000


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


def is_there(path: Path) -> bool:
    """Whether there is a file; also true when that cannot be found out: whoever opens it then learns the reason."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def is_empty(path: Path) -> bool:
    """Whether a file that is there has no content; false when that cannot be found out."""
    try:
        return not path.stat().st_size
    except OSError:
        return False


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
            reason = Sentence("it is a link. Delete it") if error.errno == errno.ELOOP else error.strerror
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
        if _is_strangers(locked, lock_file):
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
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | _OURS | _NO_WAIT, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _of_lock(path: Path, number: int | None, reason: str | None) -> OSError:
    sentence = Sentence("the lock file {file} cannot be used: {reason}", file=scrub_path(path), reason=reason)
    return OSError(number, sentence)


def _is_strangers(found: os.stat_result, path: Path) -> bool:
    """Whether a file is of somebody who is neither this user, nor root, nor the owner of its folder."""
    user = getattr(os, "geteuid", lambda: found.st_uid)()
    return found.st_uid not in (user, 0) and found.st_uid != path.parent.stat().st_uid


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


def followed(path: Path) -> Path:
    """Where a path leads. Raises OSError for a link that another user made: whoever may write in a folder could
    otherwise choose which file of ours is written."""
    path = path.absolute()
    for part in (*reversed(path.parents), path):
        if part.is_symlink() and _is_strangers(part.lstat(), part):
            raise OSError(errno.ELOOP, Sentence("{link} is a link that another user has made", link=scrub_path(part)))
    return path.resolve()


def opened(path: Path) -> BinaryIO:
    """A file, opened to read. Raises OSError for a folder and what else is not a file, and never waits for a pipe."""
    descriptor = os.open(path, os.O_RDONLY | _NO_WAIT)
    try:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if not stat.S_ISREG(mode) and not str(path).startswith(_DESCRIPTORS):
            raise OSError(errno.EINVAL, Sentence("it is a pipe or a device, not a file"))
        os.set_blocking(descriptor, True)
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def read(path: Path) -> bytes:
    """What a file contains. Raises as `opened`."""
    with opened(path) as file:
        return file.read()


def make_folder(path: Path) -> None:
    """Make a folder, and those above it that are missing, for this user alone. One that is there stays as it is."""
    try:
        path.mkdir(mode=0o700, exist_ok=True)
    except FileNotFoundError:
        make_folder(path.parent)
        path.mkdir(mode=0o700, exist_ok=True)


def make_private(folder: Path) -> None:
    """Take from others the right to write in a folder. Raises OSError for a folder of another user."""
    found = folder.stat()
    if found.st_uid != getattr(os, "geteuid", lambda: found.st_uid)():
        raise OSError(errno.EPERM, Sentence("it belongs to another user. Give the name of a new folder"))
    if found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        folder.chmod(stat.S_IMODE(found.st_mode) & ~(stat.S_IWGRP | stat.S_IWOTH))


def replace(path: Path, content: bytes) -> None:
    """Replace a file by a new one (mode 0600), which is on disk when this returns.

    A crash leaves the old file or the new one, never a part. A link is followed, so it stays a link. A draft that a
    killed process left, perhaps with passwords in it, is deleted by the next write. A file that several processes write
    must be locked by the caller.
    """
    path = followed(path)
    delete_drafts(path)
    with _draft(path, content) as draft:
        draft.replace(path)
    _sync_folder(path)


def create(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Create a file, which is on disk when this returns. Raises FileExistsError when there is one.

    It is created completely or not at all, and where the file system can do so, no crash leaves a draft.
    """
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        draft = os.open(path.parent, os.O_WRONLY | UNNAMED | _OURS, mode)
        with os.fdopen(draft, "wb") as file:
            _write(file, content)
            os.link(f"/proc/self/fd/{draft}", path.name, src_dir_fd=folder, dst_dir_fd=folder)
    except OSError as error:
        if error.errno not in _NO_UNNAMED:
            raise
        with _draft(path, content, mode) as named:
            os.link(named, path)
    finally:
        os.close(folder)
    _sync_folder(path)


@contextmanager
def _draft(path: Path, content: bytes, mode: int = 0o600) -> Iterator[Path]:
    """A draft of a file, on disk: a file beside it that is gone after the block."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}.new")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _OURS, mode), "wb") as file:
            _write(file, content)
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def _write(file: BinaryIO, content: bytes) -> None:
    file.write(content)
    file.flush()
    os.fsync(file.fileno())


def delete_drafts(path: Path) -> None:
    """Delete the drafts of a file that killed processes left, also those of earlier versions of this program."""
    form = re.compile(rf"\.{re.escape(path.name)}\.(?:[0-9a-f]{{16}}\.|[0-9]+\.)?new")
    with suppress(OSError):  # a folder in which nothing may be deleted, and a folder with the name of a draft
        for draft in [one for one in path.parent.iterdir() if form.fullmatch(one.name)]:
            with suppress(OSError):
                draft.unlink()


def _sync_folder(path: Path) -> None:
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
