"""Processes that begin with everything imported: they are forked from one that has done nothing else.

A run in the torture takes less time than Python needs to import the program, and there are hundreds. `Forked` is what
is used of `subprocess.Popen`, for the function `main` of victim.py.
"""

from __future__ import annotations

import functools
import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

_MESSAGE = 1 << 16


class Nursery:
    """The process that forks. It ends with the one that made it."""

    def __init__(self) -> None:
        self._ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            command = [sys.executable, str(Path(__file__)), str(theirs.fileno())]
            self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()])

    def fork(self, asked: dict[str, Any], descriptors: Sequence[int]) -> tuple[int, socket.socket]:
        """A new process with these standard streams; its id, and where its end is told."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            socket.send_fds(self._ours, [json.dumps(asked).encode()], [*descriptors, theirs.fileno()])
        told = ours.recv(_MESSAGE)
        assert told, "the process that forks has ended"
        return int(told), ours


@functools.cache
def nursery() -> Nursery:
    return Nursery()


class Forked:
    """A process: standard streams as text, an exit code as that of `subprocess.Popen`."""

    def __init__(self, arguments: Sequence[str], *, cwd: Path, env: Mapping[str, str]) -> None:
        pipes = [os.pipe() for _ in range(3)]
        (in_, to), (out, told), (err, failed) = pipes
        try:
            asked = {"arguments": list(arguments), "cwd": str(cwd), "env": dict(env)}
            self.pid, self._end = nursery().fork(asked, [in_, told, failed])
        finally:
            for descriptor in (in_, told, failed):
                os.close(descriptor)
        self.stdin: IO[str] = os.fdopen(to, "w")
        self.stdout: IO[str] = os.fdopen(out)
        self.stderr: IO[str] = os.fdopen(err)
        self.returncode: int | None = None

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code; raises subprocess.TimeoutExpired while it still runs."""
        if self.returncode is None:
            if not select.select([self._end], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired("victim", timeout or 0)
            self.returncode = int(self._end.recv(_MESSAGE))
            self._end.close()
        return self.returncode

    def kill(self) -> None:
        """SIGKILL, unless it has ended."""
        with suppress(subprocess.TimeoutExpired):
            self.wait(0)
        if self.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)


def _serve(asking: socket.socket) -> None:
    """Fork one process for each message, one after the other, and tell of the end of each."""
    import victim

    victim.imports()
    while True:
        message, descriptors, _, _ = socket.recv_fds(asking, _MESSAGE, 4)
        if not message:
            return
        *streams, end = descriptors
        pid = os.fork()
        if pid == 0:
            _become(json.loads(message), streams, [end, asking.fileno()])
        for descriptor in streams:
            os.close(descriptor)
        with socket.socket(fileno=end) as told:
            told.send(str(pid).encode())
            code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
            with suppress(OSError):  # nobody waits for it any longer
                told.send(str(code).encode())


def _become(asked: dict[str, Any], streams: Sequence[int], others: Sequence[int]) -> None:
    """In the new process: what `exec` would do."""
    import victim

    for at, descriptor in enumerate(streams):
        os.dup2(descriptor, at)
    for descriptor in (*streams, *others):
        os.close(descriptor)
    os.chdir(asked["cwd"])
    os.environ.clear()
    os.environ.update(asked["env"])
    sys.argv[1:] = asked["arguments"]
    code = 1
    try:
        code = victim.main()
    except BaseException:  # noqa: BLE001 - a process ends here, as at the end of a program
        sys.excepthook(*sys.exc_info())  # type: ignore[arg-type]
    finally:
        sys.stderr.flush()
        os._exit(code)  # what is left to do at an ordinary end is nobody's concern here


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
