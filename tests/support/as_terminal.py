"""What a terminal of 80 columns shows of feideprov, without colours.

`python as_terminal.py` carries out one command after the other, in the folder where it was started: each line of its
standard input is `[words, what is typed]` in JSON, and is answered with `[exit code, screen]`.
"""

from __future__ import annotations

import io
import json
import os
import re
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from unittest import mock


class Terminal(io.StringIO):
    """A stream that says that it is a terminal, and which signs it can show; COLUMNS tells how wide."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def shown(words: Sequence[str], typed: str = "") -> tuple[int, str]:
    """The exit code, and what a terminal of 80 columns shows."""
    from feideprov.cli.app import run

    terminal = {"COLUMNS": "80", "TERM": "dumb"}  # nothing moves on a dumb terminal
    standard_input = io.TextIOWrapper(io.BytesIO(typed.encode()), encoding="utf-8")
    with (
        mock.patch.dict(os.environ, terminal),
        mock.patch.object(sys, "stdin", standard_input),
        redirect_stdout(Terminal()) as screen,
        redirect_stderr(screen),
    ):
        code = run(words)
    return code, re.sub(r"\x1b\[[\d;]*m|\r|(?m:^apply ━.*\n)", "", screen.getvalue())


if __name__ == "__main__":
    for line in sys.stdin:
        sys.stdout.write(f"{json.dumps(shown(*json.loads(line)))}\n")
        sys.stdout.flush()
