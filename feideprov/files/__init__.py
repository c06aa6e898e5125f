"""Files that survive a crash: replaced as a whole, on disk before the next step; read with care, and locked.

Somebody else may write in their folder. So a new file is private from its first moment, a draft has a name that nobody
knows before, and links that others made are not followed. `reading` reads files that others wrote, `lock` locks one.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from feideprov.files.lock import Locked, exclusive
from feideprov.files.operating_system import require_locks
from feideprov.files.reading import (
    Largest,
    all_of,
    beginning_of,
    content_of,
    followed,
    is_empty,
    is_pipe,
    is_there,
    opened,
    require_file,
    require_no_device,
)
from feideprov.messages import Sentence

__all__ = [
    "UNNAMED",
    "Largest",
    "Locked",
    "all_of",
    "beginning_of",
    "content_of",
    "create",
    "delete_drafts",
    "exclusive",
    "followed",
    "is_empty",
    "is_pipe",
    "is_there",
    "make_folder",
    "make_private",
    "opened",
    "remove",
    "replace",
    "require_file",
    "require_locks",
]

UNNAMED = getattr(os, "O_TMPFILE", 0)
"""Opens a file that has no name yet; 0 where the system cannot do that."""
_NO_UNNAMED = (errno.EISDIR, errno.EOPNOTSUPP, errno.EINVAL, errno.ENOENT)
_OURS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)


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
    must be locked by the caller. Raises OSError for a pipe or a device, which stays; ConfigurationError on Windows.
    """
    require_locks()
    path = followed(path)
    require_no_device(path)
    delete_drafts(path)
    with _draft(path, content) as draft:
        draft.replace(path)
    _sync_folder(path)


def create(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Create a file, which is on disk when this returns. Raises FileExistsError when there is one.

    It is created completely or not at all, and where the file system can do so, no crash leaves a draft. Raises
    ConfigurationError on Windows.
    """
    require_locks()
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


def remove(path: Path) -> None:
    """Delete a file, durably. Nothing happens when there is none."""
    path.unlink(missing_ok=True)
    _sync_folder(path)


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
