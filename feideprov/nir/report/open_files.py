"""What is said of files of the introduction register that others than their owner can use."""

from __future__ import annotations

import shlex
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from feideprov.errors import scrub_path
from feideprov.messages import Sentence

_FOR_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def notes_on_open_files(paths: Iterable[Path]) -> Iterator[Sentence]:
    """A sentence on each file that others can read or change. `feideprov doctor` does not say it: it is about Feide,
    and for other people."""
    for path in paths:
        with suppress(OSError):
            if path.stat().st_mode & _FOR_OTHERS:
                yield Sentence(
                    "{path} can be read or changed by others than its owner. Run: chmod 600 {quoted}",
                    path=scrub_path(path),
                    quoted=shlex.quote(scrub_path(path)),
                )
