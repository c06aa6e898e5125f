"""Standard input, output and error, each of which may be closed, on a full disk, or read by nobody."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout, suppress
from typing import Any, TextIO, cast

from feideprov.errors import InputError
from feideprov.messages import Sentence
from feideprov.system_errors import reason_of


def take_free_places() -> None:
    """Open the descriptors 0, 1 and 2 that are closed. Otherwise the next file that is opened takes such a place, and
    what is written to standard error is written into it."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # the lowest number that is free: this one


class Output:
    """A stream that is written to. Once it takes no more, what is written is dropped, and `error` says why.

    It has no `buffer`, so that nothing is written past it.
    """

    def __init__(self, stream: TextIO | None) -> None:
        self.error: OSError | None = None
        self._closed = stream is None or stream.closed
        self._nothing: TextIO | None = None
        self._stream = self._to_nothing() if stream is None or stream.closed else stream

    def write(self, text: str) -> int:
        """Write a text, or drop it."""
        if text and self._closed:
            self.error = _closed()
        try:
            return self._stream.write(text)
        except OSError as error:
            self._drop(error)
            return len(text)

    def flush(self) -> None:
        """Write what is in the buffer, or drop it."""
        try:
            self._stream.flush()
        except OSError as error:
            self._drop(error)

    def end(self) -> None:
        """Flush it. The stream itself stays open."""
        self.flush()
        if self._nothing is not None:
            self._nothing.close()

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return self._stream.isatty()

    def fileno(self) -> int:
        """The descriptor. Raises OSError when there is none."""
        return self._stream.fileno()

    @property
    def encoding(self) -> str:
        """The encoding of the stream."""
        return self._stream.encoding

    @property
    def errors(self) -> str | None:
        """What becomes of letters that the encoding lacks."""
        return self._stream.errors

    def _drop(self, error: OSError) -> None:
        full, self.error, self._stream = self._stream, error, self._to_nothing()
        with suppress(OSError, ValueError):  # Python writes at its end what is in the buffer
            os.dup2(self._stream.fileno(), full.fileno())

    def _to_nothing(self) -> TextIO:
        self._nothing = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - closed by `end`
        return self._nothing


@contextmanager
def guarded_output() -> Iterator[None]:
    """Standard output and standard error as `Output`: writing to them raises no OSError."""
    with ExitStack() as stack:
        for redirect, stream in ((redirect_stdout, sys.stdout), (redirect_stderr, sys.stderr)):
            output = Output(stream)
            stack.callback(output.end)
            stack.enter_context(redirect(cast("TextIO", output)))
        yield


def why_not_shown() -> str | None:
    """Why standard output did not take everything; None when it did. Empty when its reader (`| head`) wants no more:
    that is nothing to complain about.

    It is said once: what follows is about what is written from now on.
    """
    output: Any = sys.stdout
    if not isinstance(output, Output):
        return None
    output.flush()
    error, output.error = output.error, None
    if error is None:
        return None
    return "" if error.errno == errno.EPIPE else _reason(error)


def everything_is_encoded() -> bool:
    """Whether standard output takes every letter as it is."""
    return "utf" in (sys.stdout.encoding or "utf-8").lower()


@contextmanager
def standard_input() -> Iterator[TextIO]:
    """Standard input, to read from. Raises InputError when it is closed, or cannot be read as text."""
    try:
        if sys.stdin is None or sys.stdin.closed:
            raise _closed()
        yield sys.stdin
    except OSError as error:
        sentence = Sentence(
            "Standard input cannot be read: {reason}. Give a file (< FILE) or the output of a program.",
            reason=_reason(error),
        )
        raise InputError(sentence) from None
    except UnicodeDecodeError as error:
        sentence = Sentence(
            "Standard input is not text in {encoding}. Save it in this encoding, then run again.",
            encoding=error.encoding,
        )
        raise InputError(sentence) from None


def _closed() -> OSError:
    return OSError(errno.EBADF, os.strerror(errno.EBADF))


def _reason(error: OSError) -> str:
    if error.errno == errno.EBADF:
        return Sentence("it is closed")
    return reason_of(error) if error.strerror else Sentence("it cannot be used for this")
