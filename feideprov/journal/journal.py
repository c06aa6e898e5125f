"""The change log (endringslogg): what was intended, what was done, when, by whom, on which evidence.

One row for each change of one entry. Never a number or a password: of a number there is only its mark. The states are
intended → written → looked → done, each on disk before the next step is taken; the other states end a change.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, Final, NoReturn

import sqlalchemy as sa

from feideprov.errors import JournalError, Refused
from feideprov.issues import code
from feideprov.journal.databases.database import Database
from feideprov.journal.databases.layout import layout, make_tables
from feideprov.journal.databases.opening import open_database
from feideprov.journal.events import (
    ABOUT_NUMBERS,
    OPEN,
    TAKING_NAMES,
    Debts,
    Event,
    Fact,
    Kind,
    Owed,
    State,
    evidence_text,
    names_in,
    stamp,
)
from feideprov.journal.high_water import Marked
from feideprov.journal.key_check import require_same_key
from feideprov.journal.keys import MarkKey
from feideprov.journal.owed import add_owed, all_owed
from feideprov.journal.rows import FORGOTTEN, changes_among, event_of, person_row, row_of, seal_of, unsealed_event_of
from feideprov.journal.tables import SCHEMA_VERSION, forget_rows
from feideprov.journal.tables import change as _change
from feideprov.journal.tables import issued_name as _issued_name
from feideprov.journal.tables import organization as _organization
from feideprov.journal.tables import owed as _owed
from feideprov.journal.tables import person_mark as _person_mark
from feideprov.messages import Sentence
from feideprov.programs.arguments import checked
from feideprov.programs.calls import Runs, waiting

__all__ = ["OPEN", "Event", "Journal", "Owed", "State", "evidence_text"]

WAIT = 60.0
"""Seconds that a run waits for another one to end."""
R_UNFINISHED: Final = code(
    "R-UNFINISHED",
    Sentence("Held: a change of the user was interrupted, so the user cannot be forgotten yet."),
    Sentence("Run the interrupted command again: it finds out what was done. Then forget the user."),
)
_MAY_STAND: Final = (State.DONE, *OPEN)
"""The states of changes that were made in the directory, or may have been, and were not taken back."""
_TOOK_PLACE: Final = tuple(state for state in State if state.took_place)


class Journal(Marked):
    """The journal of one organization, in a database that several organizations may share.

    Parameters:
        url: a database URL (SQLAlchemy): `sqlite:///feideprov.db`, `sqlite://` (in memory) or
            `postgresql+psycopg://host/database`; or a database that was opened already.
        realm: the organization's realm.
        key: the key that makes the marks of numbers and names.
        actor: who is named as the one who makes the changes.

    Raises:
        ConfigurationError: the URL is another one, or the journal was begun with another key or by a newer version.
        JournalError: the database cannot be used.
    """

    @checked
    def __init__(self, url: str | Database, realm: str, *, key: MarkKey, actor: str) -> None:
        self.realm = realm
        self.key = key
        self.actor = actor
        self._runs, self._sendings = Runs(actor), Runs(actor)
        self._ours = _change.c.realm == realm
        self._database = open_database(url, holder=actor) if isinstance(url, str) else url
        self._begin()

    def __reduce__(self) -> NoReturn:
        """Raises JournalError: a connection and a lock cannot be sent."""
        raise JournalError(
            Sentence("A journal cannot be sent to another process. Open one there, with the same database and key.")
        )

    @property
    def path(self) -> Path | None:
        """The file of the database, when it has one."""
        return self._database.path

    def _begin(self) -> None:
        """Make the tables that are missing, and bring up to date what an older version wrote: in one transaction, while
        no run is at work."""
        with self._database.connection() as connection:
            tables = layout(connection)
            version = self._version(connection) if tables else None
        if tables == version == SCHEMA_VERSION:
            return
        old = min(filter(None, (tables, version)), default=SCHEMA_VERSION) < SCHEMA_VERSION
        laying_out = self._database.laying_out()  # first: it says when the journal may only be read
        alone = self._database.exclusive(self.realm, wait=waiting(WAIT)) if old else nullcontext()
        with alone, laying_out as connection:
            make_tables(connection)
            new = {"realm": self.realm, "key_fingerprint": self.key.fingerprint, "schema_version": SCHEMA_VERSION}
            connection.execute(self.insert_if_absent(_organization).values(**new))
            version = self._version(connection) or SCHEMA_VERSION
            if version < 2:
                self._seal_evidence(connection)
            if version < 3:
                self._keep_names(connection, _change.c.state.in_(_TOOK_PLACE))
            this = _organization.c.realm == self.realm
            connection.execute(_organization.update().where(this).values(schema_version=SCHEMA_VERSION))

    def _version(self, connection: sa.Connection) -> int | None:
        """The version that the organization's rows were written in; None when there are none.

        Raises ConfigurationError when they were written with another key.
        """
        row = connection.execute(sa.select(_organization).where(_organization.c.realm == self.realm)).one_or_none()
        if row is not None:
            require_same_key(self.key, row.key_fingerprint)
        return int(row.schema_version) if row is not None else None

    def _seal_evidence(self, connection: sa.Connection) -> None:
        """Seal the evidence of version 1, which did not seal."""
        for row in connection.execute(sa.select(_change).where(self._ours, _change.c.evidence_source.is_not(None))):
            seal = seal_of(unsealed_event_of(row), self.realm, self.key)
            connection.execute(_change.update().where(_change.c.id == row.id).values(evidence_seal=seal))

    def _keep_names(self, connection: sa.Connection, which: sa.ColumnElement[bool]) -> None:
        """Keep the marks of the names that these changes gave to users, took from them, or found on them."""
        query = sa.select(_change.c.kind, _change.c.feide_name, _change.c.other)
        rows = connection.execute(query.where(self._ours, _change.c.kind.in_(TAKING_NAMES), which))
        names = {name for row in rows for name in names_in(*row)}
        marks = [{"realm": self.realm, "mark": mark} for mark in sorted(map(self.key.of_name, names))]
        if marks:
            connection.execute(self.insert_if_absent(_issued_name), marks)

    @contextmanager
    def run(self) -> Iterator[None]:
        """The time of one run that writes. A second run, in another thread too, waits up to 60 s, then
        JournalError names the holder."""
        with self._runs.one(WAIT) as left:
            if left is None:
                yield
                return
            with self._to_write().exclusive(self.realm, wait=left):
                try:
                    yield
                finally:
                    self._keep_mark()

    @contextmanager
    def sending(self) -> Iterator[None]:
        """The time of one run that sends messages, so that no two runs send the same one. A second one waits up to
        60 s, then JournalError names the holder. Runs that change the directory are not stopped by it."""
        with self._sendings.one(WAIT) as left, self._to_write().sending(self.realm, wait=left or 0.0):
            yield

    def reading(self) -> AbstractContextManager[sa.Connection]:
        """One transaction that reads other tables than that of the changes."""
        return self._database.connection()

    def writing(self) -> AbstractContextManager[sa.Connection]:
        """One transaction that writes other tables than that of the changes. On disk when it has ended."""
        return self._to_write().writing()

    def insert_if_absent(self, table: sa.Table) -> Any:
        """The statement that inserts rows into a table, and skips those that are there already."""
        return self._database.insert(table).on_conflict_do_nothing()

    def intend(self, events: Sequence[Event]) -> list[int]:
        """Write down what is about to be done, all or nothing. On disk when this returns. Returns the events' ids."""
        if not events:
            return []
        with self._to_write().writing() as connection:
            return self._write_down(connection, events, stamp())

    def record_observed(self, connection: sa.Connection, events: Sequence[Event], debts: Debts | None = None) -> int:
        """Write down changes that were observed to be done, and what is owed for them.

        `connection` is that of a transaction of `writing`; `debts` as for `advance`. Returns the number of notices that
        are owed for them.
        """
        now = stamp()
        ids = self._write_down(connection, events, now, state=State.DONE.value, ended_at=now)
        return sum(self._owe(connection, some, debts) for some in changes_among(ids)) if debts is not None else 0

    def _write_down(self, connection: sa.Connection, events: Sequence[Event], at: str, **values: str) -> list[int]:
        if not events:
            return []
        same = {"realm": self.realm, "at": at, "by": self.actor} | values
        ids = self._database.reserve(connection, _change, len(events))
        pairs = list(zip(ids, events, strict=True))
        connection.execute(
            _change.insert(), [row_of(event, self.realm, self.key) | {"id": number} | same for number, event in pairs]
        )
        people = [
            person_row(event.feide_name, event.person) | {"realm": self.realm, "change_id": number}
            for number, event in pairs
            if event.person is not None
        ]
        if people:
            connection.execute(_person_mark.insert(), people)
        return list(ids)

    def advance(self, ids: Iterable[int], state: State, debts: Debts | None = None) -> None:
        """Write down how far changes have come. On disk when this returns.

        `debts` says which services are to be told of a change of a number that is now done. What is owed is written in
        the same transaction as the end of the change. `debts` is called inside it, and must not use the journal.
        """
        ended = {"ended_at": stamp(), "left_mark": None}  # the mark is for the recovery alone
        values = {"state": state.value} | ({} if state.is_open else ended)
        if ids := sorted(set(ids)):
            with self._to_write().writing() as connection:
                for some in changes_among(ids):
                    connection.execute(_change.update().where(self._ours, some).values(**values))
                    if state.took_place:
                        self._keep_names(connection, some)
                    elif not state.is_open:
                        of_these = _person_mark.c.change_id.in_(sa.select(_change.c.id).where(self._ours, some))
                        connection.execute(_person_mark.delete().where(of_these))
                    if state is State.DONE and debts is not None:
                        self._owe(connection, some, debts)

    def _owe(self, connection: sa.Connection, which: sa.ColumnElement[bool], debts: Debts) -> int:
        rows = connection.execute(sa.select(_change).where(self._ours, which, _change.c.kind.in_(ABOUT_NUMBERS)))
        events = [event_of(row, self.realm, self.key) for row in rows]
        return add_owed(connection, self.insert_if_absent(_owed), self.realm, events, debts)

    def owe(self, connection: sa.Connection, debts: Debts, *, since: str) -> None:
        """Write down what is owed about the changes of numbers that were done since a moment (ISO 8601, UTC).

        `connection` is that of a transaction of `writing`, which also writes the reason why it is owed. What is owed
        already is not owed twice. Call it inside `run`, so that no change is missed.
        """
        self._owe(connection, (_change.c.state == State.DONE) & (_change.c.ended_at >= since), debts)

    def owed(self) -> list[Owed]:
        """The notices that are owed, in the order in which the changes were intended."""
        with self._database.connection() as connection:
            return all_owed(connection, self.realm)

    def note(self, *events: Event) -> None:
        """Write down what is done as soon as it is written, such as what a person said: all of it or nothing. It is
        never open: the directory could not show later whether it was said."""
        if not events:
            return
        with self._to_write().writing() as connection:
            now = stamp()
            ids = self._write_down(connection, events, now, state=State.DONE.value, ended_at=now)
            for some in changes_among(ids):
                self._keep_names(connection, some)

    def events(
        self, feide_name: str | None = None, *, state: Sequence[State] = (), after: int = 0, since: str = ""
    ) -> list[Event]:
        """The changes of one user, under all the names that the user has had, or of all users, in the order in which
        they were intended. With `state`, those in these states; with `after`, those after the one with this id; with
        `since`, those that have ended since this moment (ISO 8601, UTC)."""
        query = sa.select(_change).where(self._ours, _change.c.id > after).order_by(_change.c.id)
        if since:
            query = query.where(_change.c.ended_at >= since)
        if state:
            query = query.where(_change.c.state.in_([s.value for s in state]))
            if set(state) <= set(OPEN):
                query = query.where(_change.c.ended_at.is_(None))  # there is an index of those
        with self._database.connection() as connection:
            if feide_name is not None:
                query = query.where(_change.c.feide_name.in_(self._names_of(connection, feide_name)))
            return [event_of(row, self.realm, self.key) for row in connection.execute(query)]

    def facts(self, kinds: Collection[Kind]) -> list[Fact]:
        """The changes of these kinds that were done, all open changes, and all that say that a user is protected, in
        the order in which they were intended."""
        done = _change.c.kind.in_(kinds) & (_change.c.state == State.DONE)
        which = done | _change.c.ended_at.is_(None) | _change.c.protected
        query = sa.select(*(_change.c[name] for name in Fact._fields)).where(self._ours, which)
        with self._database.connection() as connection:
            return list(map(Fact._make, connection.execute(query.order_by(_change.c.id))))

    def count_done(self, kinds: Collection[Kind], *, since: str) -> int:
        """How many changes of these kinds were intended since a day or moment (ISO 8601, UTC), and done."""
        done = _change.c.kind.in_(kinds) & (_change.c.state == State.DONE) & (_change.c.at >= since)
        query = sa.select(sa.func.count()).select_from(_change).where(self._ours, done)
        with self._database.connection() as connection:
            return connection.execute(query).scalar() or 0

    def marks_of_names(self) -> frozenset[str]:
        """The marks of all Feide names that were ever given to users, those of forgotten users too."""
        query = sa.select(_issued_name.c.mark).where(_issued_name.c.realm == self.realm)
        with self._database.connection() as connection:
            return frozenset(connection.execute(query).scalars())

    def forget(self, feide_name: str) -> None:
        """Remove from the journal who a user was. It still says that something was done, when and by whom; and the name
        stays taken, by its mark.

        Nothing is left to show whose the user's entry is, so use it for an entry that is gone. SQLite overwrites what
        was removed at once, PostgreSQL in its own time (autovacuum). Copies keep what they hold.
        Raises Refused (R-UNFINISHED) while a change of the user is open.
        """
        with self.run():
            if self.events(feide_name.lower(), state=OPEN):
                raise Refused(
                    Sentence(
                        "A change of this user was interrupted, so the user cannot be removed from the journal yet. "
                        "Run the interrupted command again: it finds out what was done."
                    ),
                    code=R_UNFINISHED,
                    held=True,
                )
            with self._to_write().writing() as connection:
                names = self._names_of(connection, feide_name.lower())
                theirs = _change.update().where(self._ours, _change.c.feide_name.in_(names))
                connection.execute(theirs.values(**FORGOTTEN))
                connection.execute(_change.update().where(self._ours, _change.c.other.in_(names)).values(other=None))
                forget_rows(connection, self.realm, names)
            self._database.forgotten()

    def _names_of(self, connection: sa.Connection, feide_name: str) -> set[str]:
        """All the names that a user has had, or may have."""
        renamed = (_change.c.kind == Kind.RENAME) & _change.c.state.in_(_MAY_STAND)
        query = sa.select(_change.c.kind, _change.c.feide_name, _change.c.other).where(self._ours, renamed)
        renames = [set(names_in(*row)) for row in connection.execute(query)]
        names = {feide_name}
        while more := {name for both in renames if names & both for name in both} - names:
            names |= more
        return names

    def close(self) -> None:
        """Close the database."""
        if self._unmarked:
            self._keep_mark()
        self._database.close()
