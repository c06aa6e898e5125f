"""Runs feideprov and prints what a terminal of 80 columns shows, without colours: `python as_terminal.py WORDS…`."""

from __future__ import annotations

import io
import os
import re
import sys
from contextlib import redirect_stderr, redirect_stdout


class Terminal(io.StringIO):
    """A stream that says that it is a terminal; COLUMNS tells how wide."""

    def isatty(self) -> bool:
        return True


def shown(*words: str) -> tuple[int, str]:
    """The exit code, and what a terminal of 80 columns shows."""
    from feideprov.cli.app import run

    os.environ |= {"COLUMNS": "80", "TERM": "dumb"}  # nothing moves on a dumb terminal
    with redirect_stdout(Terminal()) as screen, redirect_stderr(screen):
        code = run(words)
    return code, re.sub(r"\x1b\[[\d;]*m|\r|(?m:^apply ━.*\n)", "", screen.getvalue())


if __name__ == "__main__":
    ended, text = shown(*sys.argv[1:])
    sys.stdout.write(text)
    sys.exit(ended)
