"""Commands of the program as a process, or in this one, which leaves the same behind and needs no time to start."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from unittest import mock

PATIENCE = 600.0
"""Seconds; a machine that is slow makes no test fail."""

Said = tuple[int, str, str]
"""Exit code, standard output, standard error."""


def in_a_process(folder: Path, *words: str, stdin: str = "", environment: Mapping[str, str] | None = None) -> Said:
    """`feideprov` with these words, begun in a folder, as a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "feideprov", *words],
        cwd=folder,
        env={**os.environ, **(environment or {})},
        input=stdin,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def here(folder: Path, *words: str, stdin: str = "", environment: Mapping[str, str] | None = None) -> Said:
    """The same in this process."""
    from feideprov.cli.app import run

    with (
        contextlib.chdir(folder),
        mock.patch.dict(os.environ, environment or {}),
        mock.patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8")),
        contextlib.redirect_stdout(io.StringIO()) as out,
        contextlib.redirect_stderr(io.StringIO()) as errors,
    ):
        code = run(list(words))
    return code, out.getvalue(), errors.getvalue()
