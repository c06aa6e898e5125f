"""The database of a journal: SQLite, a file or memory for one machine, or PostgreSQL for several workers.

Everything that differs between the two is here: how a run excludes others, how a transaction begins, how ids are
assigned, and how a failure is reported. No message contains a password, although the URL of a database may.
"""

from __future__ import annotations

import hashlib
import os
import socket
import sqlite3
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from anyascii import anyascii
from sqlalchemy.dialects import sqlite

from feideprov import files
from feideprov.errors import ConfigurationError, JournalError, scrub, scrub_path
from feideprov.installation import missing_extra
from feideprov.journal.stored import FAILURES, failure, largest, words_of_sqlite
from feideprov.messages import Sentence

_IN_MEMORY = ("sqlite://", "sqlite:///:memory:")
_POSTGRESQL = "postgresql+psycopg:"
_TRY_AGAIN = 0.1  # seconds between two attempts to get the lock


def open_database(url: str, *, holder: str) -> Database:
    """The database of a URL, not connected yet. `holder` is the name that others see when they have to wait.

    Raises ConfigurationError for a URL of another database, and when the driver is not installed.
    """
    kind = PostgresDatabase if url.startswith(_POSTGRESQL) else SqliteDatabase if url.startswith("sqlite:") else None
    try:
        if kind is not None:
            return kind(sa.make_url(url), holder)
    except (sa.exc.ArgumentError, ValueError):
        pass  # reported below: the error itself may quote the URL
    except ImportError:
        raise missing_extra("postgres", Sentence("A journal in PostgreSQL")) from None
    raise ConfigurationError(
        Sentence(
            "[journal] url must be like sqlite:///feideprov.db or, for PostgreSQL, postgresql+psycopg://HOST/DATABASE."
        )
    )


class Database(ABC):
    """One database, which several organizations may share."""

    path: Path | None = None
    """Its file, when it has one."""
    insert: Callable[[sa.Table], Any]
    """The insert statement that can skip rows that are there already (`on_conflict_do_nothing`)."""

    def __init__(self, url: sa.URL, holder: str, **options: Any) -> None:
        # hide_parameters: an error text must not quote the values
        self._engine = sa.create_engine(url, hide_parameters=True, **options)
        self._url = url
        self._holder = holder

    @contextmanager
    def connection(self) -> Iterator[sa.Connection]:
        """One transaction. Raises JournalError, with the database's own words, when it cannot be begun or committed."""
        try:
            with self._transaction() as connection:
                yield connection
        except FAILURES as error:
            raise self._unusable(error) from None

    def _transaction(self) -> AbstractContextManager[sa.Connection]:
        return self._engine.begin()

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """One transaction that writes. On disk when it has ended."""
        with self.connection() as connection:
            yield connection

    @abstractmethod
    def laying_out(self) -> AbstractContextManager[sa.Connection]:
        """One transaction that may create and change tables. No other one runs at the same time."""

    @abstractmethod
    def exclusive(self, realm: str, *, wait: float) -> AbstractContextManager[None]:
        """The time of one run for an organization. A second one waits `wait` seconds, then JournalError names us."""

    @abstractmethod
    def sending(self, realm: str, *, wait: float) -> AbstractContextManager[None]:
        """As `exclusive`, for one run that sends messages: it does not stop runs that change the directory."""

    @abstractmethod
    def reserve(self, connection: sa.Connection, table: sa.Table, count: int) -> Sequence[int]:
        """The ids of `count` new rows, in rising order."""

    @abstractmethod
    def forgotten(self) -> None:
        """Remove from the database's files what was removed from its tables, as far as the database can do so."""

    def close(self) -> None:
        self._engine.dispose()

    def _unusable(self, error: Exception) -> JournalError:
        return failure(error, self._where, self._words_of)

    @property
    def _where(self) -> str:
        return scrub_path(self.path) if self.path else Sentence("the database")

    def _words_of(self, error: sa.exc.DBAPIError) -> str:
        return words_of_sqlite(error)


class SqliteDatabase(Database):
    """One file on one machine. A run locks the file, so runs of two organizations in it wait for each other."""

    insert = staticmethod(sqlite.insert)

    def __init__(self, url: sa.URL, holder: str) -> None:
        in_memory = str(url) in _IN_MEMORY
        shared = {"poolclass": sa.pool.StaticPool, "connect_args": {"check_same_thread": False}} if in_memory else {}
        super().__init__(url, holder, **shared)
        self.path = Path(url.database) if url.database and not in_memory else None
        sa.event.listen(self._engine, "connect", _durable)
        if self.path is not None and not files.is_there(self.path):
            # Only its owner may read it: it shows who is protected. SQLite gives its helper files the same mode.
            with suppress(OSError):  # when it cannot be created, the database reports it, in its own words
                os.close(os.open(self.path, os.O_CREAT | os.O_WRONLY, 0o600))

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        with self.connection() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # ids are counted: no other writer in between
            yield connection

    def laying_out(self) -> AbstractContextManager[sa.Connection]:
        return self.writing()

    def exclusive(self, realm: str, *, wait: float) -> AbstractContextManager[None]:  # noqa: ARG002 - one file, one lock
        return self._alone(self.path, wait)

    def sending(self, realm: str, *, wait: float) -> AbstractContextManager[None]:  # noqa: ARG002 - as above
        return self._alone(self.path and self.path.with_name(f"{self.path.name}.sending"), wait)

    @contextmanager
    def _alone(self, path: Path | None, wait: float) -> Iterator[None]:
        with ExitStack() as stack:
            if path is not None:
                try:
                    stack.enter_context(files.exclusive(path, wait=wait, holder=self._holder))
                except files.Locked as locked:
                    raise JournalError(locked.sentence) from None
                except OSError as error:
                    told = Sentence("The journal cannot be locked: {reason}. Correct this.", reason=error.strerror)
                    raise JournalError(told) from None
            yield

    def reserve(self, connection: sa.Connection, table: sa.Table, count: int) -> Sequence[int]:
        last = connection.execute(sa.select(largest(table.c.id))).scalar() or 0
        return range(last + 1, last + 1 + count)

    def forgotten(self) -> None:
        with self.connection() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")  # deleted octets are overwritten already


def _durable(connection: Any, _: object) -> None:
    import stamina

    connection.execute("PRAGMA busy_timeout = 10000")
    # SQLite does not wait by itself while another worker switches a new file to WAL
    for attempt in stamina.retry_context(on=_is_locked, attempts=None, timeout=10, wait_initial=0.01, wait_max=0.2):
        with attempt:
            connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA secure_delete = ON")  # what is forgotten is overwritten


def _is_locked(error: Exception) -> bool:
    return isinstance(error, sqlite3.OperationalError) and "locked" in str(error)


class PostgresDatabase(Database):
    """A server, for several workers. A run holds an advisory lock for its organization on one connection, and writes
    only over that connection: when the connection is lost, so is the lock, and nothing more is written."""

    def __init__(self, url: sa.URL, holder: str) -> None:
        from sqlalchemy.dialects import postgresql

        self.insert = postgresql.insert
        asked: dict[str, Any] = {name: value for name, value in _CONNECTING.items() if name not in url.query}
        asked["application_name"] = _name_of_run(holder)
        # No pool: an unused connection may be closed by the server without notice.
        super().__init__(url, holder, poolclass=sa.pool.NullPool, connect_args=asked)
        sa.event.listen(self._engine, "connect", _settle)
        self._of_run: sa.Connection | None = None

    def _transaction(self) -> AbstractContextManager[sa.Connection]:
        if self._of_run is None:
            return self._engine.begin()
        if self._of_run.invalidated:  # SQLAlchemy would connect again, without the lock
            raise JournalError(
                Sentence(
                    "The journal ({where}) cannot be written any more, because the connection to the database was "
                    "lost. Run again. The next run finds out from the directory what was done.",
                    where=self._where,
                )
            )
        return _begun(self._of_run)

    @contextmanager
    def laying_out(self) -> Iterator[sa.Connection]:
        with self.writing() as connection:
            connection.exec_driver_sql("SET LOCAL lock_timeout = '60s'")
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_key("tables"))))
            yield connection

    @contextmanager
    def exclusive(self, realm: str, *, wait: float) -> Iterator[None]:
        with self._locked(f"run {realm}", wait) as connection:
            self._of_run = connection
            try:
                yield
            finally:
                self._of_run = None

    @contextmanager
    def sending(self, realm: str, *, wait: float) -> Iterator[None]:
        with self._locked(f"sending {realm}", wait):
            yield

    @contextmanager
    def _locked(self, purpose: str, wait: float) -> Iterator[sa.Connection]:
        try:
            connection = self._engine.connect()
        except sa.exc.DBAPIError as error:
            raise self._unusable(error) from None
        try:
            self._lock(connection, _key(purpose), wait)
            yield connection
        finally:
            with suppress(sa.exc.DBAPIError):
                connection.close()  # ends the session, and the lock with it

    def _lock(self, connection: sa.Connection, key: int, wait: float) -> None:
        deadline = time.monotonic() + wait
        try:
            while not _asked(connection, sa.select(sa.func.pg_try_advisory_lock(key))):
                if time.monotonic() >= deadline:
                    holder = _asked(connection, _HOLDER.bindparams(key=key)) or Sentence("another run")
                    raise JournalError(
                        Sentence(
                            "The journal is in use by {holder}. Wait until that run has ended, then run again.",
                            holder=holder,
                        )
                    )
                time.sleep(min(_TRY_AGAIN, max(0.0, deadline - time.monotonic())))
        except sa.exc.DBAPIError as error:
            raise self._unusable(error) from None

    def reserve(self, connection: sa.Connection, table: sa.Table, count: int) -> Sequence[int]:
        sequence = sa.func.pg_get_serial_sequence(table.name, "id")
        numbered = sa.func.generate_series(1, count).table_valued("n")
        return sorted(connection.execute(sa.select(sa.func.nextval(sequence)).select_from(numbered)).scalars())

    def forgotten(self) -> None:
        """Autovacuum does it, in its own time."""

    @property
    def _where(self) -> str:
        return Sentence(
            "PostgreSQL, database {name} at {host}",
            name=scrub(self._url.database or ""),
            host=scrub(self._url.host) if self._url.host else Sentence("this machine"),
        )

    def _words_of(self, error: sa.exc.DBAPIError) -> str:
        """Only the first line: the following ones quote values."""
        words = str(error.orig).strip().partition("\n")[0].rstrip(".")
        return scrub(words.replace(str(self._url.password), "…") if self._url.password else words)


_CONNECTING = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}
"""A server that does not respond any more is noticed within a minute."""

_SETTLED = """
    SELECT set_config(wanted.name, wanted.value, false)
    FROM (VALUES
        ('synchronous_commit', 'on'),           -- on disk when the transaction has ended
        ('idle_session_timeout', '0'),          -- the lock must outlast a slow directory
        ('tcp_keepalives_idle', '30'),          -- a worker that does not respond any more loses its lock
        ('tcp_keepalives_interval', '10'),
        ('tcp_keepalives_count', '3')
    ) AS wanted (name, value)
    JOIN pg_settings ON pg_settings.name = wanted.name
"""

_HOLDER = sa.text("""
    SELECT replace(application_name, 'feideprov: ', '') || ', since ' || to_char(backend_start, 'YYYY-MM-DD HH24:MI TZ')
    FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE locktype = 'advisory' AND granted AND objsubid = 1
      AND ((classid::bigint << 32) | objid::bigint) = :key AND application_name LIKE 'feideprov: %'
""")


def _settle(connection: Any, _: object) -> None:
    connection.execute(_SETTLED)
    connection.commit()


def _asked(connection: sa.Connection, query: sa.Executable) -> Any:
    with connection.begin():
        return connection.execute(query).scalar()


@contextmanager
def _begun(connection: sa.Connection) -> Iterator[sa.Connection]:
    with connection.begin():
        yield connection


def _key(purpose: str) -> int:
    """The key of an advisory lock: 64 bits, signed."""
    return int.from_bytes(hashlib.sha256(f"feideprov journal: {purpose}".encode()).digest()[:8], "big", signed=True)


def _name_of_run(holder: str) -> str:
    """What the server shows of us to others: at most 63 characters of ASCII."""
    who = f"{anyascii(holder)[:20]} (process {os.getpid()} on {socket.gethostname()[:20]})"
    return f"feideprov: {who}"[:63]
