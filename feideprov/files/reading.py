"""Files that others wrote: read only if they are files, and only up to the size that their kind can have.

What is not a file is not waited for, and links that others made are not followed.
"""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from enum import IntEnum
from pathlib import Path
from typing import BinaryIO, Final

from feideprov.errors import scrub_path
from feideprov.messages import Sentence

NO_WAIT: Final = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
_DESCRIPTORS: Final = ("/dev/stdin", "/dev/fd/", "/proc/self/fd/")
"""What a shell writes for its own pipes."""
_PART: Final = 1_000_000
_BEGINNING: Final = 4_096


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


def is_pipe(path: Path) -> bool:
    """Whether this is a pipe, which can be read only once; false when that cannot be found out."""
    try:
        return stat.S_ISFIFO(path.stat().st_mode)
    except (OSError, ValueError):
        return False


def content_of(path: Path, largest: Largest) -> bytes:
    """What a file contains. Raises OSError as `opened`, also for a pipe that has too much or nothing."""
    with opened(path, largest) as file:
        content = all_of(file, largest)
        if not content and stat.S_ISFIFO(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EPIPE, Sentence("it is a pipe that nothing was written into"))
        return content


def beginning_of(path: Path) -> bytes:
    """The first octets of a file, by which its kind is told. Empty for a pipe, which can be read only once, and for
    what cannot be read: whoever reads it then says why."""
    with suppress(OSError, ValueError), opened(path, Largest.DIRECTORY) as file:
        if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            return file.read(_BEGINNING)
    return b""


def all_of(stream: BinaryIO, largest: Largest) -> bytes:
    """What a stream has. Raises OSError when it has too much."""
    content = bytearray()
    while part := stream.read(_PART):
        content += part
        if len(content) > largest:
            raise _too_large(largest)
    return bytes(content)


def opened(path: Path, largest: Largest) -> BinaryIO:
    """A file, opened to be read. A pipe is read only where a shell made it (`<(…)`).

    Raises OSError, whose `strerror` is for people, for anything else that is no file, and for a file that is too large.
    It never waits for a pipe that nobody writes into.
    """
    descriptor = os.open(path, os.O_RDONLY | NO_WAIT)
    try:
        _require_file(os.fstat(descriptor), largest, pipe=str(path).startswith(_DESCRIPTORS))
        os.set_blocking(descriptor, True)
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def require_file(path: Path, largest: Largest) -> None:
    """Raise OSError, as `opened`, and for every pipe: for a path that is given to a library, which reads all of it."""
    _require_file(path.stat(), largest, pipe=False)


def followed(path: Path) -> Path:
    """Where a path leads. Raises OSError for a link that another user made: whoever may write in a folder could
    otherwise choose which file of ours is written."""
    path = path.absolute()
    for part in (*reversed(path.parents), path):
        if part.is_symlink() and is_strangers(part.lstat(), part):
            raise OSError(errno.ELOOP, Sentence("{link} is a link that another user has made", link=scrub_path(part)))
    return path.resolve()


def is_strangers(found: os.stat_result, path: Path) -> bool:
    """Whether a file is of somebody who is neither this user, nor root, nor the owner of its folder."""
    user = getattr(os, "geteuid", lambda: found.st_uid)()
    return found.st_uid not in (user, 0) and found.st_uid != path.parent.stat().st_uid


def require_no_device(path: Path) -> None:
    """Raise OSError where a folder, a pipe or a device is. Root could replace a device such as `/dev/null` by a file,
    and the whole machine would miss it."""
    with suppress(FileNotFoundError):
        _require_kind(path.stat(), pipe=False)


def _require_file(state: os.stat_result, largest: Largest, *, pipe: bool) -> None:
    _require_kind(state, pipe=pipe)
    if state.st_size > largest:
        raise _too_large(largest)


def _require_kind(state: os.stat_result, *, pipe: bool) -> None:
    if stat.S_ISDIR(state.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(state.st_mode) and not (pipe and stat.S_ISFIFO(state.st_mode)):
        raise OSError(errno.EINVAL, Sentence("it is a pipe or a device, not a file"))


def _too_large(largest: Largest) -> OSError:
    return OSError(errno.EFBIG, Sentence("it is larger than {size:,} kB, which no such file is", size=largest // 1000))
