"""The files of an installation: those with secrets are private to their owner; the journal and its key are there."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

from feideprov.check.examination import Check, error, good, skipped, warning, wrong
from feideprov.errors import ConfigurationError, scrub_path
from feideprov.issues import code
from feideprov.journal.keys import MarkKey
from feideprov.messages import Sentence
from feideprov.settings import Settings

_SQLITE = b"SQLite format 3\0"
_FOR_OTHERS = stat.S_IRWXG | stat.S_IRWXO

FILE_MODE = code(
    "D-FILE-MODE",
    Sentence("Warning: a file with secrets can be read or changed by others than its owner."),
    Sentence("Let only the owner use the file. Run: chmod 600 FILE"),
)
KEY = code(
    "D-KEY",
    Sentence("The key of the journal is missing or cannot be used. Exit code 2."),
    Sentence("Restore the key from a copy. Without the key, nobody can find out which numbers are in the journal."),
)
JOURNAL = code(
    "D-JOURNAL",
    Sentence("The journal cannot be read, or the file is not a journal. Exit code 3."),
    Sentence("Run the command as the owner of the file, or restore the journal and its key file from a copy."),
)


def checks(settings: Settings) -> Iterator[Check]:
    """The checks of the files that the configuration names. No file is created."""
    journal, directory = settings.journal, settings.directory
    database = settings.database
    key = None if journal.key_env else settings.path(journal.key_file)
    secret = {
        "password file": directory.password_file and settings.path(directory.password_file),
        "key file": key,
        "journal": database,
        "hand-over file": settings.path(journal.handover),
    }
    for name, path in secret.items():
        if path is not None and path.exists():
            yield private(name, path)
    if key is not None:
        yield _key(key, begun=database is not None and database.exists())
    if database is not None and database.exists():
        yield _readable(database)


def private(name: str, path: Path) -> Check:
    """Is a file private to its owner?"""
    shown = scrub_path(path)
    if not path.stat().st_mode & _FOR_OTHERS:
        return good(name, Sentence("Only its owner can use {path}.", path=shown))
    sentence = Sentence("{path} ({name}) can be read or changed by others than its owner.", path=shown, name=name)
    return wrong(name, warning(FILE_MODE, sentence, Sentence("Run: chmod 600 {path}", path=shown)))


def _key(path: Path, *, begun: bool) -> Check:
    if not path.exists() and not begun:
        return skipped("key", Sentence("The key does not exist yet. It is created when it is first needed."))
    try:
        MarkKey.from_file(path, make=False)
    except ConfigurationError as failure:
        return wrong("key", error(KEY, failure.sentence), 2)
    return good("key", Sentence("The key can be read. Keep a copy of the key in another place."))


def _readable(path: Path) -> Check:
    """Reads the first octets only: opening the database would create files beside it, perhaps with a wrong owner."""
    try:
        with path.open("rb") as file:
            start = file.read(len(_SQLITE))
    except OSError as failure:
        sentence = Sentence(
            "The journal {path} cannot be read: {reason}.", path=scrub_path(path), reason=failure.strerror
        )
        action = Sentence("Run the command as the owner of the file.")
        return wrong("journal content", error(JOURNAL, sentence, action), 3)
    if start not in (_SQLITE, b""):
        sentence = Sentence("The journal {path} is not an SQLite database.", path=scrub_path(path))
        action = Sentence("Restore the journal and its key file from a copy.")
        return wrong("journal content", error(JOURNAL, sentence, action), 3)
    return good("journal content", Sentence("The journal is a database that can be read."))
