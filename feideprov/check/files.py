"""The files of an installation: those with secrets are private to their owner; the journal and its key are there."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from feideprov.check.examination import NAMES, Check, error, good, skipped, warning, wrong
from feideprov.errors import ConfigurationError, JournalError, scrub_path
from feideprov.files import Largest, is_there, opened
from feideprov.issues import code
from feideprov.journal.high_water import HighWaterMark
from feideprov.journal.journal import Journal
from feideprov.journal.key_check import behind, fingerprint_in, key_fingerprint, require_same_key
from feideprov.journal.keys import MarkKey
from feideprov.messages import Sentence
from feideprov.settings import Settings
from feideprov.system_errors import reason_of

_SQLITE = b"SQLite format 3\0"
_FOR_OTHERS = stat.S_IRWXG | stat.S_IRWXO

FILE_MODE = code(
    "D-FILE-MODE",
    Sentence("Warning: a file with secrets can be read or changed by others than its owner."),
    Sentence("Let only the owner use the file. Run: chmod 600 FILE"),
)
KEY = code(
    "D-KEY",
    Sentence("The key of the journal is missing, cannot be used, or is not the one of this journal. Exit code 2."),
    Sentence("Restore the key from a copy. Without the key, nobody can find out which numbers are in the journal."),
)
JOURNAL = code(
    "D-JOURNAL",
    Sentence(
        "The journal cannot be read, or the file is not a journal: exit code 3. Or url in [journal] cannot be used, or "
        "a newer version of feideprov has changed the journal, or the journal is missing, empty or older than when the "
        "last run ended: exit code 2."
    ),
    Sentence(
        "Run the command as the owner of the file, start the database server, or restore the journal and its key file "
        "from a copy. To go on with a journal that is new or older, run: feideprov journal begin --yes"
    ),
)


@dataclass(frozen=True)
class Given:
    """What a program gave in place of what the settings name: a journal, the key of the journal, a sink for
    first passwords."""

    journal: Journal | None = None
    key: bool = False
    sink: bool = False


def checks(
    settings: Settings,
    read_key: Callable[[], MarkKey | None],
    mark: HighWaterMark | None = None,
    given: Given = Given(),
) -> Iterator[Check]:
    """The checks of the files that are in use, and of a journal on a server. No file is created.

    `read_key` returns the key that every command would use; None if none was made yet. `mark` says how far the journal
    had come when the last run ended.
    """
    journal, directory = settings.journal, settings.directory
    database = settings.database if given.journal is None else given.journal.path
    key = None if journal.key_env or given.key else settings.path(journal.key_file)
    secret = {
        "password file": directory.password_file and settings.path(directory.password_file),
        "key file": key,
        "journal": database,
        "hand-over file": None if given.sink else settings.path(journal.handover),
    }
    for name, path in secret.items():
        if path is not None and os.path.exists(path):  # noqa: PTH110 - false, too, where the folder cannot be read
            yield private(name, path)
    fingerprint, content = _content(settings) if given.journal is None else _content_of(given.journal)
    of_key = _key(read_key, fingerprint)
    yield of_key
    if content is not None:
        yield content
    wrong_already = of_key.exit_code or (content is not None and content.exit_code)
    if mark is not None and not wrong_already and (why_not := _behind(settings, read_key, mark)):
        yield wrong("high-water mark", error(JOURNAL, why_not), 2)


def _behind(settings: Settings, read_key: Callable[[], MarkKey | None], mark: HighWaterMark) -> Sentence | None:
    """Why nothing may be written to the journal; None also when its key is what is wrong."""
    with suppress(ConfigurationError, JournalError):
        if (key := read_key()) is not None:
            return behind(settings.database or settings.journal.url, key, mark)
    return None


def private(name: str, path: Path) -> Check:
    """Is a file private to its owner?"""
    shown = scrub_path(path)
    if not path.stat().st_mode & _FOR_OTHERS:
        return good(name, Sentence("Only its owner can use {path}.", path=shown))
    sentence = Sentence(
        "{path} ({name}) can be read or changed by others than its owner.", path=shown, name=NAMES[name]
    )
    return wrong(name, warning(FILE_MODE, sentence, Sentence("Run: chmod 600 {path}", path=shown)))


def _key(read_key: Callable[[], MarkKey | None], fingerprint: str | None) -> Check:
    """Can the key be used, and is it the one with this fingerprint, which the journal has?"""
    try:
        key = read_key()
        if key is not None and fingerprint is not None:
            require_same_key(key, fingerprint)
    except ConfigurationError as failure:
        return wrong("key", error(KEY, failure.sentence), 2)
    except JournalError:
        return skipped("key", Sentence("There is no key file. First correct the journal, which perhaps needs one."))
    if key is None:
        return skipped("key", Sentence("The key does not exist yet. It is created when it is first needed."))
    if fingerprint is None:
        return good("key", Sentence("The key can be read. Keep a copy of the key in another place."))
    return good("key", Sentence("The key is the one of this journal. Keep a copy of the key in another place."))


def _content_of(journal: Journal) -> tuple[str | None, Check]:
    """The same of a journal that a program gave."""
    try:
        with journal.reading() as connection:
            fingerprint = fingerprint_in(connection, journal.realm)
    except (ConfigurationError, JournalError) as failed:
        return None, wrong("journal content", error(JOURNAL, failed.sentence), failed.exit_code)
    return fingerprint, good("journal content", Sentence("The journal is a database that can be read."))


def _content(settings: Settings) -> tuple[str | None, Check | None]:
    """The fingerprint of the journal's key, and whether the journal can be read; None without a journal."""
    database = settings.database
    if database is not None and not is_there(database):
        return None, _without_folder(database)
    if database is not None and (unreadable := _unreadable(database)):
        return None, unreadable
    try:
        fingerprint = key_fingerprint(database or settings.journal.url, settings.organization.realm)
    except (ConfigurationError, JournalError) as failed:
        return None, wrong("journal content", error(JOURNAL, failed.sentence), failed.exit_code)
    return fingerprint, good("journal content", Sentence("The journal is a database that can be read."))


def _without_folder(database: Path) -> Check | None:
    """A journal that does not exist yet can be created only in a folder that exists."""
    folder = database.parent
    if folder.is_dir():
        return None
    sentence = Sentence("The folder {folder} of the journal does not exist.", folder=scrub_path(folder))
    return wrong(
        "journal content", error(JOURNAL, sentence, Sentence("Create the folder, or correct url in [journal].")), 3
    )


def _unreadable(path: Path) -> Check | None:
    """Why the file cannot be a journal, if it cannot. Only its first octets are read."""
    try:
        with opened(path, Largest.DIRECTORY) as file:
            start = file.read(len(_SQLITE))
    except OSError as failure:
        sentence = Sentence(
            "The journal {path} cannot be read: {reason}.", path=scrub_path(path), reason=reason_of(failure)
        )
        action = Sentence("Run the command as the owner of the file.")
        return wrong("journal content", error(JOURNAL, sentence, action), 3)
    if start not in (_SQLITE, b""):
        sentence = Sentence("The journal {path} is not an SQLite database.", path=scrub_path(path))
        action = Sentence("Restore the journal and its key file from a copy.")
        return wrong("journal content", error(JOURNAL, sentence, action), 3)
    return None
