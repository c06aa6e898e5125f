"""The folder of a set-up: written as a whole, never over another one."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from feideprov.errors import InputError, scrub_path
from feideprov.messages import Sentence
from feideprov.setup.page import page
from feideprov.setup.step import Setup


def write_setup(setup: Setup, folder: Path, say: Callable[[Sentence], str]) -> list[Path]:
    """Write the page and the files. The folder is made private to its owner.

    Returns: the files, the page first. Raises InputError when the folder has files already, or cannot be written.
    """
    written: list[Path] = []
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise InputError(
                Sentence(
                    "The folder {folder} is not empty, and was not changed. Give the name of a new folder: --out DIR",
                    folder=scrub_path(folder),
                )
            )
        for file in (page(setup, say), *setup.files):
            path = folder / file.name
            mode = 0o600 if file.secret else 0o644
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8") as out:
                out.write(file.text)
            written.append(path)
    except OSError as error:
        for path in written:
            path.unlink(missing_ok=True)
        raise InputError(
            Sentence(
                "The folder {folder} cannot be written: {reason}.", folder=scrub_path(folder), reason=error.strerror
            )
        ) from None
    return written
