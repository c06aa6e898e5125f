"""The file of a journal in SQLite, and the helper files that SQLite keeps beside it."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

from feideprov import files
from feideprov.errors import JournalError, scrub_path
from feideprov.messages import Sentence
from feideprov.system_errors import reason_of

_HELPERS = ("-wal", "-shm", "-journal")


def prepare(path: Path) -> None:
    """Make the file when there is none: only its owner may read it, because it shows who is protected. SQLite gives its
    helper files the same mode.

    Raises JournalError for what is not a file, such as a pipe or a link that somebody else has made.
    """
    try:
        place = files.followed(path)
        _require_files(path, place)
        if files.is_there(place):
            return
        if path.is_symlink():
            raise JournalError(
                Sentence(
                    "The journal {path} is a link to a file that is not there. Restore the file, or correct url in "
                    "[journal].",
                    path=scrub_path(path),
                )
            )
        with suppress(FileExistsError):  # another worker made it
            os.close(os.open(place, os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_WRONLY, 0o600))
    except OSError as error:  # SQLite could perhaps make it, but others could read it then
        raise JournalError(
            Sentence("The journal {path} cannot be used: {reason}.", path=scrub_path(path), reason=reason_of(error))
        ) from None


def _require_files(path: Path, place: Path) -> None:
    """Raise JournalError where something else than a file has the name of the journal or of one of its helper files."""
    for file in (place, *(place.with_name(place.name + end) for end in _HELPERS)):
        with suppress(FileNotFoundError, NotADirectoryError, PermissionError):  # the database reports these
            found = file.lstat()
            if not stat.S_ISREG(found.st_mode) or (file != place and found.st_nlink > 1):
                raise JournalError(
                    Sentence(
                        "The journal {path} cannot be used: {file} is not a file, or is a link. Move it away, or "
                        "correct url in [journal].",
                        path=scrub_path(path),
                        file=scrub_path(file.name),
                    )
                )
