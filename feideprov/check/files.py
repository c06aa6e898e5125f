"""The files of an installation: those with secrets are for their owner alone, and the journal and its key are there."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

from feideprov.check.examination import Check, error, good, skipped, warning, wrong
from feideprov.errors import ConfigurationError, scrub_path
from feideprov.journal.keys import MarkKey
from feideprov.settings import Settings

_SQLITE = b"SQLite format 3\0"
_FOR_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def checks(settings: Settings) -> Iterator[Check]:
    """The looks at the files that the configuration names. Nothing is made that is not there."""
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
    """Is a file for its owner alone?"""
    if not path.stat().st_mode & _FOR_OTHERS:
        return good(name, f"{scrub_path(path)} is for its owner alone.")
    said = f"Others than its owner may use {scrub_path(path)} ({name})."
    return wrong(name, warning("D-FILE-MODE", said, f"chmod 600 {scrub_path(path)}"))


def _key(path: Path, *, begun: bool) -> Check:
    if not path.exists() and not begun:
        return skipped("key", "It is made at first use.")
    try:
        MarkKey.from_file(path, make=False)
    except ConfigurationError as unusable:
        action = "Put it back from a copy: without it nobody can tell which numbers the journal speaks about."
        return wrong("key", error("D-KEY", str(unusable), action), 2)
    return good("key", "It can be read. Keep a copy of it elsewhere.")


def _readable(path: Path) -> Check:
    """By its first octets alone: opening it as a database makes files beside it, which may then be another user's."""
    try:
        with path.open("rb") as file:
            begins = file.read(len(_SQLITE))
    except OSError as failed:
        said = f"The journal {scrub_path(path)} cannot be read: {failed.strerror}."
        return wrong("journal content", error("D-JOURNAL", said, "Run as the user that it belongs to."), 3)
    if begins not in (_SQLITE, b""):
        said = f"The journal {scrub_path(path)} is no database."
        return wrong("journal content", error("D-JOURNAL", said, "Put it back from a copy, with its key file."), 3)
    return good("journal content", "It is a database that can be read.")
