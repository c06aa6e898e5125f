"""What can be made to fail, and how: the Python side of shim.c."""

from __future__ import annotations

import ctypes
import errno
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

KINDS = ("write", "sync", "rename", "unlink", "truncate", "lock", "create", "send")
"""Kinds of places, in the order of `enum kind`, which begins with none. `rename` has links too, `create` folders."""
MODES = ("count", "once", "on", "half", "kill", "kill half")
"""In the order of `enum mode`."""
_ERRORS: Mapping[str, tuple[int, int]] = {
    "unlink": (errno.EIO, errno.EACCES),
    "lock": (errno.EIO, errno.ENOLCK),
    "send": (errno.ECONNRESET, errno.EPIPE),
}
_OF_DISKS = (errno.EIO, errno.ENOSPC)


@dataclass(frozen=True)
class Fault:
    """What happens at the n-th place of a kind: `once` it fails, `on` so does every later one, `half` of the octets
    are written before it fails, `kill` and `kill half`: the process is killed after it, or after a half of it."""

    kind: str
    place: int
    mode: str
    error: int = 0

    def __str__(self) -> str:
        name = f" {errno.errorcode[self.error]}" if self.error else ""
        return f"{self.kind} {self.place} {self.mode}{name}"


def faults(kind: str, place: int) -> Iterator[Fault]:
    """Everything that can happen at a place."""
    first, second = _ERRORS.get(kind, _OF_DISKS)
    yield Fault(kind, place, "once", first)
    yield Fault(kind, place, "once", second)
    yield Fault(kind, place, "on", second)
    yield Fault(kind, place, "kill")
    if kind in ("write", "send"):
        yield Fault(kind, place, "half", second)
        yield Fault(kind, place, "kill half")


class _Shared(ctypes.Structure):
    _fields_ = (
        ("kind", ctypes.c_int),
        ("place", ctypes.c_int),
        ("mode", ctypes.c_int),
        ("error", ctypes.c_int),
        ("passed", ctypes.c_int * (1 + len(KINDS))),
        ("hit", ctypes.c_int),
        ("folder", ctypes.c_char * 256),
    )


class Shim:
    """The library, in a process that was started with it (`LD_PRELOAD`)."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(None)
        self._library.faults_shared.restype = ctypes.POINTER(_Shared)
        self._shared: _Shared = self._library.faults_shared().contents

    def ask(self, folder: Path, fault: Fault | None) -> None:
        """From now on places below this folder are counted from zero, and the fault comes to pass."""
        ctypes.memset(ctypes.byref(self._shared), 0, ctypes.sizeof(_Shared))
        self._shared.folder = str(folder).encode()
        if fault is not None:
            self._shared.kind, self._shared.place = 1 + KINDS.index(fault.kind), fault.place
            self._shared.mode, self._shared.error = MODES.index(fault.mode), fault.error

    def begin(self) -> None:
        """The calls of this process count."""
        self._library.faults_count(1)

    @property
    def passed(self) -> dict[str, int]:
        """How many places of each kind a process came by."""
        return dict(zip(KINDS, self._shared.passed[1:], strict=True))

    @property
    def hit(self) -> bool:
        """Whether the fault came to pass."""
        return bool(self._shared.hit)


def build(folder: Path) -> Path:
    """The library, compiled. A missing gcc is an error: tests/install-servers installs it."""
    library = folder / "faults.so"
    source = Path(__file__).with_name("shim.c")
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-Wall", "-o", library, source], check=True)
    return library
