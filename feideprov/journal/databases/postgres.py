"""The journal in PostgreSQL, for several workers: one lock for each organization, and what the server is asked for."""

from __future__ import annotations

import hashlib
import os
import re
import socket
import threading
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Any

import sqlalchemy as sa
from anyascii import anyascii

from feideprov.errors import JournalError, scrub, without_secrets
from feideprov.journal.databases.database import Database
from feideprov.messages import Sentence

_TRY_AGAIN = 0.1  # seconds between two attempts to get the lock
_LONGEST = 150.0
"""Seconds for one request to the server and all of its answer, whatever it sends. The server itself ends a statement
before."""


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
        sa.event.listen(self._engine, "do_connect", _connect)
        sa.event.listen(self._engine, "connect", _settle)
        self._thread = threading.local()

    @property
    def _of_run(self) -> sa.Connection | None:
        """The connection of the run of this thread; other threads have connections of their own."""
        return getattr(self._thread, "of_run", None)

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
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_key("tables"))))
            yield connection

    @contextmanager
    def exclusive(self, realm: str, *, wait: float) -> Iterator[None]:
        with self._locked(f"run {realm}", wait) as connection:
            self._thread.of_run = connection
            try:
                yield
            finally:
                self._thread.of_run = None

    def after_fork(self) -> None:
        self._thread = threading.local()
        super().after_fork()

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
        asked = (self._url.password, *self._url.query.values(), *self._cut_off(), os.environ.get("PGPASSWORD"))
        secrets = (one for one in asked if isinstance(one, str))
        return scrub(without_secrets(str(error.orig), *secrets).strip().partition("\n")[0].rstrip("."))

    def _cut_off(self) -> Iterator[str]:
        """What is no name of an option: the end of a password that has a `&`."""
        return (name for name in self._url.query if not _OPTION.fullmatch(name))


_OPTION = re.compile("[a-z_]+")
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
        ('lock_timeout', '60s'),
        ('statement_timeout', '120s'),
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


def _connect(_: object, __: object, arguments: Sequence[Any], named: dict[str, Any]) -> Any:
    """A connection that is closed when the server does not answer a request in time."""
    import psycopg

    class Connection(psycopg.Connection[Any]):
        def wait(self, work: Generator[Any, Any, Any], *how: Any, **named: Any) -> Any:  # type: ignore[override]  # as it is called in all versions
            return super().wait(self._in_time(work), *how, **named)

        def _in_time(self, work: Generator[Any, Any, Any]) -> Generator[Any, Any, Any]:
            deadline, ready = time.monotonic() + _LONGEST, None
            try:
                while time.monotonic() < deadline:
                    ready = yield work.send(ready)
            except StopIteration as ended:
                return ended.value
            self.close()
            told = Sentence("no answer to a request in {seconds} seconds", seconds=f"{_LONGEST:g}")
            raise psycopg.OperationalError(str(told))

    return Connection.connect(*arguments, **named)


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
