"""How far a command has come, and how a run is stopped."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from types import FrameType, TracebackType
from typing import Any, Final, Self

from feideprov.cli.call import call_in_force, is_terminal
from feideprov.cli.language import said
from feideprov.cli.screen import terminal_width
from feideprov.messages import NOTHING, Sentence, joined
from feideprov.progress import WRITING, Work, tell, watched

_STDERR = 2
_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_STOPPING = Sentence(
    "Stopping as soon as the changes in progress are finished. Press Ctrl-C again to stop immediately.\n"
)
_PATIENCE: Final = 2.0
"""Seconds. What takes less shows no progress."""
_PAUSE: Final = 0.2
"""Seconds between two lines. Work that takes less is not shown."""
_MINUTE: Final = 60


class ProgressLine:
    """One line on standard error that says how far work has come, how fast it goes and how long it will take. It is
    shown after two seconds, and erased when the work has ended."""

    def __init__(self) -> None:
        self._begun = self._shown_at = time.monotonic()
        self._work: Work | None = None
        self._since = 0.0
        self._width = 0

    def watch(self, work: Work) -> None:
        """Take how far work has come; see `feideprov.progress.watched`. Of work inside other work, only the outer is
        shown."""
        if self._work is None:
            self._work, self._since = work, time.monotonic()
        if work is not self._work:
            return
        if work.ended:
            self._work = None
            self.erase()
            return
        now = time.monotonic()
        if now - self._begun >= _PATIENCE and now - max(self._shown_at, self._since) >= _PAUSE:
            self._shown_at = now
            self._show(said(progress_of(work, now - self._since)))

    def erase(self) -> None:
        """Take the line away again."""
        if self._width:
            self._show("")

    def _show(self, text: str) -> None:
        """Show it in place of what was shown: blanks and carriage returns are understood by every terminal."""
        text = text[: terminal_width() - 1]
        sys.stderr.write(f"\r{text:<{self._width}}" + ("" if text else "\r"))
        sys.stderr.flush()
        self._width = len(text)


def progress_of(work: Work, seconds: float) -> Sentence:
    """How far work has come after so many seconds."""
    rate = work.done / seconds if seconds > 0 else 0.0
    speed = Sentence("{rate:,} per second", rate=round(rate)) if rate >= 1 else NOTHING
    if work.total is None or work.done > work.total:  # what was expected was too little
        parts = Sentence("{done:,}", done=work.done)
    else:
        parts = Sentence("{done:,} of {total:,}", done=work.done, total=work.total)
        if rate and work.done < work.total:
            left = _duration(round((work.total - work.done) / rate))
            speed = joined((speed, Sentence("{left} left", left=left)), ", ")
    if not speed:
        return Sentence("{work}: {parts}", work=work.what, parts=parts)
    return Sentence("{work}: {parts}, {speed}", work=work.what, parts=parts, speed=speed)


def _duration(seconds: int) -> Sentence:
    if seconds < 2 * _MINUTE:
        return Sentence("{seconds} s", seconds=seconds)
    return Sentence("{minutes} min", minutes=round(seconds / _MINUTE))


@contextmanager
def shown_progress(arguments: Sequence[str]) -> Iterator[None]:
    """Show the progress of what is done inside: on a terminal, without `--quiet` and `--json`."""
    if not is_terminal(err=True) or "--json" in arguments or call_in_force().quiet:
        yield
        return
    line = ProgressLine()
    with watched(line.watch):
        try:
            yield
        finally:
            line.erase()


class VisibleRun:
    """The time of one run, as a context manager.

    Whoever watches (`shown_progress`) is told its progress. The first Ctrl-C, or SIGTERM, asks the run to stop when the
    changes under way are finished. The second ends it at once, which loses nothing either: the next run finds out what
    was done.
    """

    def __init__(self) -> None:
        self.stop = threading.Event()
        self._work = Work(WRITING)
        self._begun = time.monotonic()
        self._before: dict[signal.Signals, Any] = {}

    @property
    def seconds(self) -> float:
        """Since the run began."""
        return time.monotonic() - self._begun

    def report(self, done: int, total: int) -> None:
        """Take how many changes are finished, of how many."""
        self._work.done, self._work.total = done, total
        tell(self._work)

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():  # elsewhere Python gives no signals
            self._before = {each: signal.signal(each, self._asked_to_stop) for each in _SIGNALS}
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for each, handler in self._before.items():
            signal.signal(each, handler)
        self._work.ended = True
        tell(self._work)

    def _asked_to_stop(self, _signal: int, _frame: FrameType | None) -> None:
        if self.stop.is_set():
            raise KeyboardInterrupt
        self.stop.set()
        with suppress(OSError):  # a terminal that is gone must not end the run
            os.write(_STDERR, said(_STOPPING).encode())  # unbuffered
