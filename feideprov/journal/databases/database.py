"""The database of a journal: SQLite, a file or memory for one machine; PostgreSQL for several workers is in `postgres`.

Everything that differs between the two is in these modules: how a run excludes others, how a transaction begins, how
ids are assigned, and how a failure is reported. No message contains a password, although the URL of a database may.
"""

from __future__ import annotations

import sqlite3
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from feideprov import files
from feideprov.errors import JournalError, scrub_path
from feideprov.journal.databases import sqlite_file
from feideprov.journal.stored import FAILURES, failure, largest, words_of_sqlite
from feideprov.messages import Sentence
from feideprov.programs.forks import tell_after_fork
from feideprov.system_errors import reason_of

_IN_MEMORY = ("sqlite://", "sqlite:///:memory:")


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
        tell_after_fork(self)

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

    def after_fork(self) -> None:
        """Leave the connections to the parent; new ones are opened here."""
        self._engine.dispose(close=False)

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
    _in_memory: threading.RLock | None = None
    _is_copy = False

    def __init__(self, url: sa.URL, holder: str) -> None:
        in_memory = str(url) in _IN_MEMORY
        shared = {"poolclass": sa.pool.StaticPool, "connect_args": {"check_same_thread": False}} if in_memory else {}
        super().__init__(url, holder, **shared)
        self._in_memory = threading.RLock() if in_memory else None
        self.path = Path(url.database) if url.database and not in_memory else None
        sa.event.listen(self._engine, "connect", _durable)
        if self.path is not None:
            sqlite_file.prepare(self.path)

    @contextmanager
    def _transaction(self) -> Iterator[sa.Connection]:
        if self._is_copy:
            raise JournalError(
                Sentence(
                    "This journal is in the memory of another process, and what is written here would be lost. Open a "
                    "journal in this process; only one in a file or in PostgreSQL can be shared."
                )
            )
        with self._in_memory or nullcontext(), self._engine.begin() as connection:  # in memory there is one connection
            yield connection

    def after_fork(self) -> None:
        if self._in_memory:
            self._is_copy = True
        else:
            super().after_fork()

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
                    told = Sentence("The journal cannot be locked: {reason}. Correct this.", reason=reason_of(error))
                    raise JournalError(told) from None
            yield

    def reserve(self, connection: sa.Connection, table: sa.Table, count: int) -> Sequence[int]:
        last = connection.execute(sa.select(largest(table.c.id))).scalar() or 0
        return range(last + 1, last + 1 + count)

    def forgotten(self) -> None:
        with self.connection() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")  # deleted octets are overwritten already


def _durable(connection: Any, _: object) -> None:
    connection.execute("PRAGMA busy_timeout = 10000")
    if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        _switch_to_wal(connection)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA secure_delete = ON")  # what is forgotten is overwritten


def _switch_to_wal(connection: Any) -> None:
    """SQLite does not wait by itself while another worker does the same."""
    import stamina

    for attempt in stamina.retry_context(on=_is_locked, attempts=None, timeout=10, wait_initial=0.01, wait_max=0.2):
        with attempt:
            connection.execute("PRAGMA journal_mode = WAL")


def _is_locked(error: Exception) -> bool:
    return isinstance(error, sqlite3.OperationalError) and "locked" in str(error)
