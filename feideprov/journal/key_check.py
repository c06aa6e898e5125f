"""Whether a key is the one that a journal was created with: found out without writing, and without creating a file."""

from __future__ import annotations

import os
import sqlite3
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import sqlalchemy as sa

from feideprov import files
from feideprov.errors import ConfigurationError, JournalError, scrub_path
from feideprov.journal.databases.database import Database, SqliteDatabase
from feideprov.journal.databases.opening import open_database
from feideprov.journal.high_water import HighWaterMark
from feideprov.journal.keys import MarkKey
from feideprov.journal.tables import layout, organization
from feideprov.messages import Sentence
from feideprov.system_errors import reason_of


def require_same_key(key: MarkKey, fingerprint: str) -> None:
    """Raises ConfigurationError when the fingerprint in the journal is that of another key."""
    if key.fingerprint != fingerprint:
        raise ConfigurationError(
            Sentence(
                "The journal was created with another key. Put the right key back (key_file or key_env). "
                "Without the right key, nobody can find out which numbers the journal is about."
            )
        )


def behind(place: Path | str, key: MarkKey, mark: HighWaterMark) -> Sentence | None:
    """Why nothing may be written to a journal; see `HighWaterMark.why_not`. `place` and errors are as for
    `key_fingerprint`."""
    if isinstance(place, Path) and (not files.is_there(place) or files.is_empty(place)):
        return mark.why_not(None, key)
    database = open_to_read(place) if isinstance(place, Path) else open_database(place, holder="doctor")
    try:
        with database.connection() as connection:
            begun = layout(connection) is not None
            return mark.why_not(connection if begun else None, key)
    finally:
        database.close()


def key_fingerprint(place: Path | str, realm: str) -> str | None:
    """The fingerprint of the key with which an organization's journal was created; None when it was not created yet.

    `place` is the file of the database, or its URL. A journal in memory is always new.

    Raises:
        ConfigurationError: the URL is another one, or a newer version of this program has changed the journal.
        JournalError: the database cannot be read.
    """
    if isinstance(place, str):
        in_memory = place.startswith("sqlite:")
        return None if in_memory else _fingerprint(open_database(place, holder="doctor"), realm)
    try:
        if not place.exists() or not place.stat().st_size:
            return None
        return _fingerprint(open_to_read(place), realm)
    except OSError as error:
        raise JournalError(
            Sentence("The journal {path} cannot be read: {reason}.", path=scrub_path(place), reason=reason_of(error))
        ) from None


def _fingerprint(database: Database, realm: str) -> str | None:
    try:
        with database.connection() as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("SET LOCAL statement_timeout = '10s'")
            return fingerprint_in(connection, realm)
    finally:
        database.close()


def fingerprint_in(connection: sa.Connection, realm: str) -> str | None:
    """The same as `key_fingerprint`, in a database that is connected to."""
    if layout(connection) is None:
        return None
    query = sa.select(organization.c.key_fingerprint).where(organization.c.realm == realm)
    return connection.execute(query).scalar()


class _ReadOnlyFile(SqliteDatabase):
    """An SQLite file that is opened as a URI (sqlite.org/uri.html) and named `path` in messages."""

    def __init__(self, uri: str, path: Path, copy: ExitStack) -> None:
        Database.__init__(  # not that of SqliteDatabase, which creates the file
            self,
            sa.make_url("sqlite://"),
            holder="",
            creator=lambda: sqlite3.connect(uri, uri=True),
            poolclass=sa.pool.NullPool,
        )
        self.path = path
        self._copy = copy

    def laying_out(self) -> AbstractContextManager[sa.Connection]:
        raise JournalError(
            Sentence(
                "The journal {path} must first be brought up to date, and this user may not write it or its folder. "
                "Run the command once as a user who may.",
                path=self._where,
            )
        )

    def exclusive(self, realm: str, *, wait: float) -> AbstractContextManager[None]:  # noqa: ARG002 - nobody gets it
        raise JournalError(
            Sentence(
                "This user may only read the journal {path}, and not write it or its folder. Run the command as a user "
                "who may.",
                path=self._where,
            )
        )

    sending = exclusive

    def close(self) -> None:
        super().close()
        self._copy.close()


def may_be_written(path: Path) -> bool:
    """Whether SQLite may write a file: the file itself, and its helper files beside it."""
    effective = os.access in os.supports_effective_ids
    return not files.is_there(path) or all(
        os.access(one, os.W_OK, effective_ids=effective) for one in (path, path.resolve().parent)
    )


def open_to_read(path: Path) -> Database:
    """The database, opened so that SQLite makes no files beside it.

    Changes that are not in the file yet are in `-wal`, which is read by means of `-shm` (sqlite.org/wal.html). After a
    crash, or when a copy was put back, `-shm` can be missing; then both files are copied, and the copy is opened.
    """
    place, options, copy = path.resolve(), "mode=ro&immutable=1", ExitStack()
    wal, shm = (place.with_name(place.name + end) for end in ("-wal", "-shm"))
    if wal.exists() and wal.stat().st_size:
        options = "mode=ro&readonly_shm=1"
        if not shm.exists():
            import shutil
            import tempfile

            folder = Path(copy.enter_context(tempfile.TemporaryDirectory()))
            for file in (wal, place):
                shutil.copyfile(file, folder / file.name)
            place, options = folder / place.name, "mode=rw"
    return _ReadOnlyFile(f"{place.as_uri()}?{options}", path, copy)
