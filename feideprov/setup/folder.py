"""The folder of a set-up: the page, as Markdown, and the files; written as a whole, never over another one."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from feideprov import files
from feideprov.errors import InputError, scrub_path
from feideprov.messages import Sentence
from feideprov.setup.step import Commands, Setup, SetupFile
from feideprov.system_errors import reason_of

PAGE = "setup.md"


_UNFINISHED = ".unfinished"
"""Is in the folder until everything is: a run that was killed leaves it, and the next one begins again."""


def write_setup(setup: Setup, folder: Path, say: Callable[[Sentence], str]) -> list[Path]:
    """Write the page and the files, all or none. The folder is made private to its owner.

    Returns: the files, the page first. Raises InputError when the folder has files already, or cannot be written.
    """
    contents: dict[Path, SetupFile] = {}
    try:
        files.make_folder(folder)
        if any(folder.iterdir()) and not (folder / _UNFINISHED).exists():
            raise InputError(
                Sentence(
                    "The folder {folder} is not empty, and was not changed. Give the name of a new folder: --out DIR",
                    folder=scrub_path(folder),
                )
            )
        contents = {folder / file.name: file for file in (page(setup, say), *setup.files)}
        files.make_private(folder)
        (folder / _UNFINISHED).touch()
        _delete(contents)
        for path, file in contents.items():
            mode = 0o600 if file.secret else 0o644
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8") as out:
                out.write(file.text)
        (folder / _UNFINISHED).unlink()
    except OSError as error:
        if (folder / _UNFINISHED).exists():
            with suppress(OSError):  # what stays, the next run deletes
                _delete((*contents, folder / _UNFINISHED))
        raise InputError(
            Sentence(
                "The folder {folder} cannot be written: {reason}.", folder=scrub_path(folder), reason=reason_of(error)
            )
        ) from None
    return list(contents)


def _delete(paths: Iterable[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def page(setup: Setup, say: Callable[[Sentence], str]) -> SetupFile:
    """The page. `say` gives a sentence in the reader's language."""
    return SetupFile(PAGE, "\n".join(_lines(setup, say)))


def _lines(setup: Setup, say: Callable[[Sentence], str]) -> Iterator[str]:
    yield from (f"# {say(setup.title)}", "")
    for paragraph in setup.introduction:
        yield from (say(paragraph), "")
    for number, step in enumerate(setup.steps, 1):
        yield from (f"## {number}. {say(step.title)}", "")
        for part in step.content:
            if isinstance(part, Commands):
                yield from (say(part.where), "", f"```{part.language}", *part.lines, "```", "")
            else:
                yield from (say(part), "")
