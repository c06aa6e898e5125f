"""The change log (endringslogg): what was intended, what was done, when, by whom, on which evidence.

One row for each change of one entry. Never a number or a password: a number is there as its mark alone. States go
intended → written → looked → done, each on disk before the next step is taken; the others end a change.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from feideprov.directory import durable
from feideprov.errors import ConfigurationError, JournalError, Refused
from feideprov.numbers import Evidence
from feideprov.provision.journal_schema import SCHEMA_VERSION, make_tables
from feideprov.provision.journal_schema import change as _change
from feideprov.provision.journal_schema import issued_name as _issued_name
from feideprov.provision.journal_schema import organization as _organization
from feideprov.provision.journal_schema import owed as _owed
from feideprov.provision.mark import MarkKey

WAIT = 60.0
_AT_ONCE = 500  # databases limit the values of one statement


class State(StrEnum):
    """How far a change has come."""

    INTENDED = "intended"
    WRITTEN = "written"
    LOOKED = "looked"
    DONE = "done"
    NOT_DONE = "not done"  # found so after a crash
    REFUSED = "refused"  # by the directory
    TAKEN_BACK = "taken back"  # the look afterwards found somebody else


OPEN = (State.INTENDED, State.WRITTEN, State.LOOKED)
_WAS_SO = (State.DONE, State.TAKEN_BACK)
_NAMING = ("create", "rename")
ABOUT_A_NUMBER = ("attach", "replace", "withdraw")
"""The changes that services may have to be told of."""

_PLAIN = (
    *("kind", "feide_name", "dn", "source_id", "other", "number_mark", "old_number_mark"),
    *("input", "input_row", "lifted", "protected"),
)
_ABOUT_A_PERSON = (
    *("source_id", "other", "number_mark", "old_number_mark", "input", "input_row", "lifted"),
    *("evidence_source", "evidence_seen_by", "evidence_seen_on", "evidence_note", "evidence_standing", "evidence_seal"),
)


@dataclass(frozen=True, slots=True)
class Event:
    """One change of one entry, as the journal keeps it.

    `kind`: create, update, attach, rename, take-back; protect; and what people said: link (same-as), different,
    second-account. `other` is the second user that such an answer speaks about, or a rename's new name. `lifted` is
    the code of the doubt that the evidence lifted. `altered`: what the journal says of the evidence is not what was
    written, or is bound to another number, user or doubt. A user that was forgotten has no Feide name here.
    """

    kind: str
    feide_name: str
    dn: str
    source_id: str | None = None
    other: str | None = None
    number_mark: str | None = None
    old_number_mark: str | None = None
    input: str | None = None
    input_row: int | None = None
    evidence: Evidence | None = None
    lifted: str | None = None
    protected: bool = False
    state: State = State.INTENDED
    at: str = ""
    by: str = ""
    id: int = 0
    altered: bool = False

    @property
    def evidence_text(self) -> str | None:
        """The evidence in words."""
        return None if self.evidence is None else evidence_text(self.evidence)


@dataclass(frozen=True)
class Owed:
    """A notice that a service is to have about a change: the event's id, and since when it is owed."""

    change: int
    service: str
    at: str


Debts = Callable[[Event], Iterable[str]]
"""The services that must be told of a change of a number, once it is done."""


def evidence_text(evidence: Evidence) -> str:
    """Evidence in words: source, who saw it, when."""
    note = f" ({evidence.note})" if evidence.note else ""
    return f"{evidence.source}, seen by {evidence.seen_by} on {evidence.seen_on}{note}"


class Journal:
    """The journal of one organization, in a database that several organizations may share.

    `url` is a database URL (SQLAlchemy; SQLite so far); `sqlite://` keeps it in memory. Raises ConfigurationError for
    another URL and for another key than it was begun with, JournalError when the database cannot be used.
    """

    def __init__(self, url: str, realm: str, *, key: MarkKey, actor: str) -> None:
        self.realm = realm
        self.key = key
        self.actor = actor
        self._running = False
        if not url.startswith("sqlite:"):
            raise ConfigurationError(
                "This version keeps its journal in SQLite: [journal] url = sqlite:///feideprov.db."
            )
        try:
            # hide_parameters: an error text must not quote what was to be stored
            self._engine = sa.create_engine(url, hide_parameters=True, **_options(url))
        except (sa.exc.ArgumentError, ImportError):
            raise ConfigurationError("[journal] url is no database URL, such as sqlite:///feideprov.db.") from None
        database = self._engine.url.database
        self.path = Path(database) if database and database != ":memory:" else None
        sa.event.listen(self._engine, "connect", _durable_sqlite)
        self._make_private()
        with self._connection() as connection:
            make_tables(connection)
            begun = {"realm": self.realm, "key_fingerprint": key.fingerprint, "schema_version": SCHEMA_VERSION}
            connection.execute(insert(_organization).values(**begun).on_conflict_do_nothing())
            version = self._version_of(connection, key.fingerprint)
            if version < SCHEMA_VERSION:
                self._bring_up_to_date(connection, version)

    def _make_private(self) -> None:
        """For its owner alone: it knows who is protected. SQLite gives its helper files the same mode."""
        if self.path is not None and not self.path.exists():
            with suppress(OSError):  # where it cannot be made, the database says so, in its own words
                os.close(os.open(self.path, os.O_CREAT | os.O_WRONLY, 0o600))

    def _version_of(self, connection: sa.Connection, fingerprint: str) -> int:
        """The version that the organization's rows were written in, once the key has proved to be theirs."""
        row = connection.execute(sa.select(_organization).where(_organization.c.realm == self.realm)).one()
        if row.key_fingerprint != fingerprint:
            raise ConfigurationError(
                "The journal was begun with another key. Put the right key file back (key_file or key_env): "
                "without it nobody can tell which numbers the journal speaks about."
            )
        return int(row.schema_version)

    def _bring_up_to_date(self, connection: sa.Connection, version: int) -> None:
        if version < 2:
            self._seal_what_stands(connection)
        if version < 3:
            self._keep_names(connection, _change.c.state.in_(_WAS_SO))
        this = _organization.c.realm == self.realm
        connection.execute(_organization.update().where(this).values(schema_version=SCHEMA_VERSION))

    def _seal_what_stands(self, connection: sa.Connection) -> None:
        """From version 1, which did not seal."""
        ours = _change.c.realm == self.realm
        for row in connection.execute(sa.select(_change).where(ours, _change.c.evidence_source.is_not(None))):
            seal = self._seal(_event(row))
            connection.execute(_change.update().where(_change.c.id == row.id).values(evidence_seal=seal))

    def _keep_names(self, connection: sa.Connection, which: sa.ColumnElement[bool]) -> None:
        """Keep the marks of the names that these changes gave to somebody or took from somebody."""
        naming = which & (_change.c.realm == self.realm) & _change.c.kind.in_(_NAMING)
        rows = connection.execute(sa.select(_change.c.kind, _change.c.feide_name, _change.c.other).where(naming))
        names = {name for row in rows for name in (row.feide_name, row.other if row.kind == "rename" else None) if name}
        marks = [{"realm": self.realm, "mark": self.key.of_name(name)} for name in sorted(names)]
        if marks:
            connection.execute(insert(_issued_name).on_conflict_do_nothing(), marks)

    @contextmanager
    def run(self) -> Iterator[None]:
        """The time of one run that writes. A second run waits up to 60 s, then JournalError names the holder."""
        if self._running:
            yield
            return
        with ExitStack() as stack:
            if self.path is not None:
                try:
                    stack.enter_context(durable.exclusive(self.path, wait=WAIT, holder=self.actor))
                except durable.Locked as locked:
                    raise JournalError(str(locked)) from None
                except OSError as error:
                    raise JournalError(f"The journal cannot be locked: {error.strerror}.") from None
            self._running = True
            try:
                yield
            finally:
                self._running = False

    def intend(self, events: Sequence[Event]) -> list[int]:
        """Write down what is about to be done, all or nothing. On disk when this returns; gives the events' ids."""
        with self._connection() as connection:
            ids = _change.insert().returning(_change.c.id, sort_by_parameter_order=True)
            return list(connection.execute(ids, [self._row(event) for event in events]).scalars()) if events else []

    def advance(self, ids: Iterable[int], state: State, debts: Debts | None = None) -> None:
        """Write down how far changes have come. On disk when this returns.

        `debts` says which services are to be told of a change of a number that is now done; what is owed is written
        down with the change's end, both or neither.
        """
        values = {"state": state.value} | ({} if state in OPEN else {"ended_at": _now()})
        if ids := list(ids):
            with self._connection() as connection:
                for start in range(0, len(ids), _AT_ONCE):
                    some = _change.c.id.in_(ids[start : start + _AT_ONCE])
                    connection.execute(_change.update().where(some).values(**values))
                    if state in _WAS_SO:
                        self._keep_names(connection, some)
                    if state is State.DONE and debts is not None:
                        self._owe(connection, some, debts)

    def _owe(self, connection: sa.Connection, which: sa.ColumnElement[bool], debts: Debts) -> None:
        about = which & (_change.c.realm == self.realm) & _change.c.kind.in_(ABOUT_A_NUMBER)
        events = [self._checked(row) for row in connection.execute(sa.select(_change).where(about))]
        rows = [
            {"realm": self.realm, "change_id": event.id, "service": service, "at": _now()}
            for event in events
            for service in dict.fromkeys(debts(event))
        ]
        if rows:
            connection.execute(insert(_owed).on_conflict_do_nothing(), rows)

    def owed(self) -> list[Owed]:
        """The notices that are owed, in the order in which the changes were intended."""
        query = sa.select(_owed.c.change_id, _owed.c.service, _owed.c.at).where(_owed.c.realm == self.realm)
        with self._connection() as connection:
            rows = connection.execute(query.order_by(_owed.c.change_id, _owed.c.service))
            return [Owed(row.change_id, row.service, row.at) for row in rows]

    def note(self, event: Event) -> None:
        """Write down something that is done as soon as it is written: what a person said."""
        self.advance(self.intend([event]), State.DONE)

    def events(self, feide_name: str | None = None, *, state: Sequence[State] = ()) -> list[Event]:
        """The changes of one user, under all the names that it has had, or of all, in the order they happened."""
        query = sa.select(_change).where(_change.c.realm == self.realm).order_by(_change.c.id)
        if state:
            query = query.where(_change.c.state.in_([s.value for s in state]))
        with self._connection() as connection:
            if feide_name is not None:
                query = query.where(_change.c.feide_name.in_(self._names_of(connection, feide_name)))
            return [self._checked(row) for row in connection.execute(query)]

    def marks_of_names(self) -> frozenset[str]:
        """The marks of all Feide names that were ever given out, those of forgotten users too."""
        query = sa.select(_issued_name.c.mark).where(_issued_name.c.realm == self.realm)
        with self._connection() as connection:
            return frozenset(connection.execute(query).scalars())

    def forget(self, feide_name: str) -> None:
        """Take out of the journal who a user was. That something was done, when and by whom stays; and the name stays
        taken, by its mark.

        Nothing is left to tell whose the user's entry is, so this is for one that is gone. Raises Refused
        (R-UNFINISHED) while a change of the user is open.
        """
        with self.run():
            if self.events(feide_name.lower(), state=OPEN):
                raise Refused(
                    "A change of this user was cut off. Run again, so that it is found out, then forget the user.",
                    code="R-UNFINISHED",
                    held=True,
                )
            with self._connection() as connection:
                names = self._names_of(connection, feide_name.lower())
                ours, gone = _change.c.realm == self.realm, dict.fromkeys(_ABOUT_A_PERSON)
                theirs = _change.update().where(ours & _change.c.feide_name.in_(names))
                connection.execute(theirs.values(feide_name="", dn="", protected=False, **gone))
                connection.execute(_change.update().where(ours & _change.c.other.in_(names)).values(other=None))
            with self._connection() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")  # the log of the database forgets too

    def _names_of(self, connection: sa.Connection, feide_name: str) -> set[str]:
        """All the names that a user has had, or may have."""
        renamed = (_change.c.realm == self.realm) & (_change.c.kind == "rename")
        stands = _change.c.state.in_([State.DONE, *OPEN])
        rows = connection.execute(sa.select(_change.c.feide_name, _change.c.other).where(renamed & stands))
        renames = [{row.feide_name, row.other} for row in rows]
        names = {feide_name}
        while more := {name for both in renames if names & both for name in both} - names:
            names |= more
        return names

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def _row(self, event: Event) -> dict[str, Any]:
        plain = {name: getattr(event, name) for name in _PLAIN}
        seen = event.evidence
        return plain | {
            "realm": self.realm,
            "state": event.state.value,
            "at": _now(),
            "by": self.actor,
            "evidence_source": seen and str(seen.source),
            "evidence_seen_by": seen and seen.seen_by,
            "evidence_seen_on": seen and seen.seen_on,
            "evidence_note": seen and seen.note,
            "evidence_standing": seen and seen.standing,
            "evidence_seal": self._seal(event),
        }

    def _seal(self, event: Event) -> str | None:
        """Binds the evidence to the number that it is about, the user, and the doubt that it lifted."""
        if (seen := event.evidence) is None:
            return None
        words = [str(seen.source), seen.seen_by, str(seen.seen_on), seen.note, seen.standing]
        sealed = ["evidence", self.realm, event.feide_name, event.number_mark, event.lifted, *words]
        return self.key.seal(json.dumps(sealed).encode())

    def _checked(self, row: Any) -> Event:
        event = _event(row)
        return event if self._seal(event) == row.evidence_seal else replace(event, altered=True)

    @contextmanager
    def _connection(self) -> Iterator[sa.Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except sa.exc.DBAPIError as error:
            where = self.path or "the database"
            raise JournalError(
                f"The journal ({where}) cannot be used: {error.orig}. Mend that, then run again: "
                "what was done is found again in the directory."
            ) from None


def _options(url: str) -> dict[str, Any]:
    if url in ("sqlite://", "sqlite:///:memory:"):
        return {"poolclass": sa.pool.StaticPool, "connect_args": {"check_same_thread": False}}
    return {}


def _durable_sqlite(connection: Any, _: object) -> None:
    connection.execute("PRAGMA busy_timeout = 10000")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA secure_delete = ON")  # what is forgotten is overwritten


def _event(row: Any) -> Event:
    evidence = None
    if row.evidence_source:
        seen_on = row.evidence_seen_on or date.min
        standing = bool(row.evidence_standing)
        evidence = Evidence(row.evidence_source, row.evidence_seen_by, seen_on, row.evidence_note, standing=standing)
    fields = {name: getattr(row, name) for name in (*_PLAIN, "at", "by", "id")}
    return Event(**fields, evidence=evidence, state=State(row.state))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
