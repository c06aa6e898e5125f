"""Whether a key is the one that a journal was created with: found out without writing, and without creating a file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import sqlalchemy as sa

from feideprov.errors import ConfigurationError, JournalError, scrub_path
from feideprov.journal.database import Database, SqliteDatabase
from feideprov.journal.keys import MarkKey
from feideprov.journal.opening import open_database
from feideprov.journal.tables import layout, organization
from feideprov.messages import Sentence


def require_same_key(key: MarkKey, fingerprint: str) -> None:
    """Raises ConfigurationError when the fingerprint in the journal is that of another key."""
    if key.fingerprint != fingerprint:
        raise ConfigurationError(
            Sentence(
                "The journal was created with another key. Put the right key back (key_file or key_env). "
                "Without the right key, nobody can find out which numbers the journal is about."
            )
        )


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
        with _file_to_read(place) as file:
            return _fingerprint(file, realm)
    except OSError as error:
        raise JournalError(
            Sentence("The journal {path} cannot be read: {reason}.", path=scrub_path(place), reason=error.strerror)
        ) from None


def _fingerprint(database: Database, realm: str) -> str | None:
    try:
        with database.connection() as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("SET LOCAL statement_timeout = '10s'")
            if layout(connection) is None:
                return None
            query = sa.select(organization.c.key_fingerprint).where(organization.c.realm == realm)
            return connection.execute(query).scalar()
    finally:
        database.close()


class _ReadOnlyFile(SqliteDatabase):
    """An SQLite file that is opened as a URI (sqlite.org/uri.html) and named `path` in messages."""

    def __init__(self, uri: str, path: Path) -> None:
        Database.__init__(  # not that of SqliteDatabase, which creates the file
            self,
            sa.make_url("sqlite://"),
            holder="",
            creator=lambda: sqlite3.connect(uri, uri=True),
            poolclass=sa.pool.NullPool,
        )
        self.path = path


@contextmanager
def _file_to_read(path: Path) -> Iterator[Database]:
    """The database, opened so that SQLite makes no files beside it.

    Changes that are not in the file yet are in `-wal`, which is read by means of `-shm` (sqlite.org/wal.html). After a
    crash, or when a copy was put back, `-shm` can be missing; then both files are copied, and the copy is opened.
    """
    opened, options = path.resolve(), "mode=ro&immutable=1"
    wal, shm = (opened.with_name(opened.name + end) for end in ("-wal", "-shm"))
    with ExitStack() as stack:
        if wal.exists() and wal.stat().st_size:
            options = "mode=ro&readonly_shm=1"
            if not shm.exists():
                import shutil
                import tempfile

                folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
                for file in (wal, opened):
                    shutil.copyfile(file, folder / file.name)
                opened, options = folder / opened.name, "mode=rw"
        yield _ReadOnlyFile(f"{opened.as_uri()}?{options}", path)
