"""How far a run has come, and how it is stopped."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from contextlib import suppress
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any, Self

from feideprov.messages import Sentence

if TYPE_CHECKING:
    from rich.progress import Progress

_STDERR = 2
_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_STOPPING = Sentence(
    "Stopping as soon as the changes in progress are finished. Press Ctrl-C again to stop immediately.\n"
)


class VisibleRun:
    """The time of one run, as a context manager.

    A bar on standard error shows the progress, when that is a terminal and the output is not JSON. The first Ctrl-C, or
    SIGTERM, asks the run to stop when the changes under way are finished. The second ends it at once, which loses
    nothing either: the next run finds out what was done.
    """

    def __init__(self, command: str, *, quiet: bool) -> None:
        self.stop = threading.Event()
        self._command = command
        self._quiet = quiet or not sys.stderr.isatty()
        self._begun = time.monotonic()
        self._bar: Progress | None = None
        self._before: dict[signal.Signals, Any] = {}

    @property
    def seconds(self) -> float:
        """Since the run began."""
        return time.monotonic() - self._begun

    def report(self, done: int, total: int) -> None:
        """Show how many changes are finished, of how many."""
        if self._quiet:
            return
        if self._bar is None:
            self._bar = _bar()
            self._bar.start()
            self._bar.add_task(self._command)
        self._bar.update(self._bar.task_ids[0], completed=done, total=total)

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():  # elsewhere Python gives no signals
            self._before = {each: signal.signal(each, self._asked_to_stop) for each in _SIGNALS}
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for each, handler in self._before.items():
            signal.signal(each, handler)
        if self._bar is not None:
            self._bar.stop()

    def _asked_to_stop(self, _signal: int, _frame: FrameType | None) -> None:
        if self.stop.is_set():
            raise KeyboardInterrupt
        self.stop.set()
        with suppress(OSError):  # a terminal that is gone must not end the run
            os.write(_STDERR, _STOPPING.encode())  # unbuffered


def _bar() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)
