"""The change log (endringslogg): what was intended, what was done, when, by whom, on which evidence.

One row for each change of one entry. Never a number or a password: a number is there as its mark alone. States go
intended → written → looked → done, each on disk before the next step is taken; the others end a change.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from feideprov.errors import ConfigurationError, Refused
from feideprov.journal.database import open_database
from feideprov.journal.events import (
    ABOUT_A_NUMBER,
    NAMING,
    OPEN,
    WAS_SO,
    Debts,
    Event,
    Fact,
    Owed,
    State,
    evidence_text,
    stamp,
)
from feideprov.journal.keys import MarkKey
from feideprov.journal.tables import AT_ONCE, SCHEMA_VERSION, layout, make_tables
from feideprov.journal.tables import change as _change
from feideprov.journal.tables import issued_name as _issued_name
from feideprov.journal.tables import organization as _organization
from feideprov.journal.tables import owed as _owed
from feideprov.journal.tables import seen as _seen
from feideprov.numbers import Evidence

__all__ = ["OPEN", "Event", "Journal", "Owed", "State", "evidence_text"]

WAIT = 60.0
"""Seconds that a run waits for another one to end."""

_PLAIN = (
    *("kind", "feide_name", "dn", "source_id", "other", "number_mark", "old_number_mark"),
    *("input", "input_row", "lifted", "protected"),
)
_ABOUT_A_PERSON = (
    *("source_id", "other", "number_mark", "old_number_mark", "input", "input_row", "lifted"),
    *("evidence_source", "evidence_seen_by", "evidence_seen_on", "evidence_note", "evidence_standing", "evidence_seal"),
)


class Journal:
    """The journal of one organization, in a database that several organizations may share.

    `url` is a database URL (SQLAlchemy): `sqlite:///feideprov.db`, `sqlite://` (in memory) or
    `postgresql+psycopg://host/database`. Raises ConfigurationError for another URL, for another key than it was begun
    with and for a journal of a newer version; JournalError when the database cannot be used.
    """

    def __init__(self, url: str, realm: str, *, key: MarkKey, actor: str) -> None:
        self.realm = realm
        self.key = key
        self.actor = actor
        self._running = False
        self._ours = _change.c.realm == realm
        self._database = open_database(url, holder=actor)
        self._begin()

    @property
    def path(self) -> Path | None:
        """The file of the database, where it has one."""
        return self._database.path

    def _begin(self) -> None:
        """Make the tables where there are none, and bring up to date what an older version wrote: in one transaction,
        while no run is at work."""
        with self._database.connection() as connection:
            tables = layout(connection)
            version = self._version(connection) if tables else None
        if tables == version == SCHEMA_VERSION:
            return
        old = min(filter(None, (tables, version)), default=SCHEMA_VERSION) < SCHEMA_VERSION
        with self.run() if old else nullcontext(), self._database.laying_out() as connection:
            make_tables(connection)
            new = {"realm": self.realm, "key_fingerprint": self.key.fingerprint, "schema_version": SCHEMA_VERSION}
            connection.execute(self._database.insert(_organization).values(**new).on_conflict_do_nothing())
            version = self._version(connection) or SCHEMA_VERSION
            if version < 2:
                self._seal_what_stands(connection)
            if version < 3:
                self._keep_names(connection, _change.c.state.in_(WAS_SO))
            this = _organization.c.realm == self.realm
            connection.execute(_organization.update().where(this).values(schema_version=SCHEMA_VERSION))

    def _version(self, connection: sa.Connection) -> int | None:
        """The version that the organization's rows were written in, once the key has proved to be theirs."""
        row = connection.execute(sa.select(_organization).where(_organization.c.realm == self.realm)).one_or_none()
        if row is not None and row.key_fingerprint != self.key.fingerprint:
            raise ConfigurationError(
                "The journal was begun with another key. Put the right key file back (key_file or key_env): "
                "without it nobody can tell which numbers the journal speaks about."
            )
        return int(row.schema_version) if row is not None else None

    def _seal_what_stands(self, connection: sa.Connection) -> None:
        """From version 1, which did not seal."""
        for row in connection.execute(sa.select(_change).where(self._ours, _change.c.evidence_source.is_not(None))):
            seal = self._seal(_event(row))
            connection.execute(_change.update().where(_change.c.id == row.id).values(evidence_seal=seal))

    def _keep_names(self, connection: sa.Connection, which: sa.ColumnElement[bool]) -> None:
        """Keep the marks of the names that these changes gave to somebody or took from somebody."""
        query = sa.select(_change.c.kind, _change.c.feide_name, _change.c.other)
        rows = connection.execute(query.where(self._ours, _change.c.kind.in_(NAMING), which))
        names = {n for kind, name, other in rows for n in (name, other if kind == "rename" else None) if n}
        marks = [{"realm": self.realm, "mark": mark} for mark in sorted(map(self.key.of_name, names))]
        if marks:
            connection.execute(self._database.insert(_issued_name).on_conflict_do_nothing(), marks)

    @contextmanager
    def run(self) -> Iterator[None]:
        """The time of one run that writes. A second run waits up to 60 s, then JournalError names the holder."""
        if self._running:
            yield
            return
        with self._database.exclusive(self.realm, wait=WAIT):
            self._running = True
            try:
                yield
            finally:
                self._running = False

    def sending(self) -> AbstractContextManager[None]:
        """The time of one run that sends messages, so that no two of them send the same one. A second one waits up to
        60 s, then JournalError names the holder. Runs that change the directory go on beside it."""
        return self._database.sending(self.realm, wait=WAIT)

    def reading(self) -> AbstractContextManager[sa.Connection]:
        """One transaction that reads what else is kept beside the changes."""
        return self._database.connection()

    def writing(self) -> AbstractContextManager[sa.Connection]:
        """One transaction that writes what else is kept beside the changes: on disk when it has ended."""
        return self._database.writing()

    def adding(self, table: sa.Table) -> Any:
        """The statement that adds rows to what else is kept, and passes over those that are there already."""
        return self._database.insert(table).on_conflict_do_nothing()

    def intend(self, events: Sequence[Event]) -> list[int]:
        """Write down what is about to be done, all or nothing. On disk when this returns; gives the events' ids."""
        if not events:
            return []
        with self._database.writing() as connection:
            return self._write_down(connection, events, stamp())

    def found(self, connection: sa.Connection, events: Sequence[Event], debts: Debts | None = None) -> int:
        """Write down, in a transaction that is under way, changes that were seen to be done, and what is owed for them.

        Gives the number of notices that are owed for them. `debts` as for `advance`.
        """
        now = stamp()
        ids = self._write_down(connection, events, now, state=State.DONE.value, ended_at=now)
        return sum(self._owe(connection, some, debts) for some in _among(ids)) if debts is not None else 0

    def _write_down(self, connection: sa.Connection, events: Sequence[Event], at: str, **values: str) -> list[int]:
        if not events:
            return []
        same = {"realm": self.realm, "at": at, "by": self.actor} | values
        ids = self._database.reserve(connection, _change, len(events))
        rows = [self._row(event) | {"id": number} | same for number, event in zip(ids, events, strict=True)]
        connection.execute(_change.insert(), rows)
        return list(ids)

    def advance(self, ids: Iterable[int], state: State, debts: Debts | None = None) -> None:
        """Write down how far changes have come. On disk when this returns.

        `debts` says which services are to be told of a change of a number that is now done; what is owed is written
        down with the change's end, both or neither. It is asked in the middle of that, and must not ask the journal.
        """
        values = {"state": state.value} | ({} if state in OPEN else {"ended_at": stamp()})
        if ids := sorted(set(ids)):
            with self._database.writing() as connection:
                for some in _among(ids):
                    connection.execute(_change.update().where(self._ours, some).values(**values))
                    if state in WAS_SO:
                        self._keep_names(connection, some)
                    if state is State.DONE and debts is not None:
                        self._owe(connection, some, debts)

    def _owe(self, connection: sa.Connection, which: sa.ColumnElement[bool], debts: Debts) -> int:
        about = sa.select(_change).where(self._ours, which, _change.c.kind.in_(ABOUT_A_NUMBER))
        events = [self._checked(row) for row in connection.execute(about)]
        rows = [
            {"realm": self.realm, "change_id": event.id, "service": service, "at": stamp()}
            for event in events
            for service in dict.fromkeys(debts(event))
        ]
        if rows:
            connection.execute(self._database.insert(_owed).on_conflict_do_nothing(), rows)
        return len(rows)

    def owe(self, connection: sa.Connection, debts: Debts, *, since: str) -> None:
        """Write down what is owed about the changes of numbers that were done since a moment (ISO 8601, UTC).

        `connection` is that of a transaction of `writing`: what makes it owed is written down in the same one. What
        is owed already is not owed twice. Between `run` and its end no change is done that this could miss.
        """
        self._owe(connection, (_change.c.state == State.DONE) & (_change.c.ended_at >= since), debts)

    def owed(self) -> list[Owed]:
        """The notices that are owed, in the order in which the changes were intended."""
        query = sa.select(_owed.c.change_id, _owed.c.service, _owed.c.at).where(_owed.c.realm == self.realm)
        with self._database.connection() as connection:
            rows = connection.execute(query.order_by(_owed.c.change_id, _owed.c.service))
            return [Owed(row.change_id, row.service, row.at) for row in rows]

    def note(self, event: Event) -> None:
        """Write down something that is done as soon as it is written, such as what a person said. It is never open:
        no directory could tell later whether it was said."""
        with self._database.writing() as connection:
            now = stamp()
            [number] = self._write_down(connection, [event], now, state=State.DONE.value, ended_at=now)
            self._keep_names(connection, _change.c.id == number)

    def events(self, feide_name: str | None = None, *, state: Sequence[State] = (), after: int = 0) -> list[Event]:
        """The changes of one user, under all the names that it has had, or of all, in the order they happened; those
        that came after the one with this id."""
        query = sa.select(_change).where(self._ours, _change.c.id > after).order_by(_change.c.id)
        if state:
            query = query.where(_change.c.state.in_([s.value for s in state]))
            if set(state) <= set(OPEN):
                query = query.where(_change.c.ended_at.is_(None))  # there is an index of those
        with self._database.connection() as connection:
            if feide_name is not None:
                query = query.where(_change.c.feide_name.in_(self._names_of(connection, feide_name)))
            return [self._checked(row) for row in connection.execute(query)]

    def facts(self, kinds: Collection[str]) -> list[Fact]:
        """What changes of these kinds that were done, or may have been, say about people; and who is protected."""
        stands = _change.c.kind.in_(kinds) & _change.c.state.in_([State.DONE, *OPEN])
        query = sa.select(*(_change.c[name] for name in Fact._fields)).where(self._ours, stands | _change.c.protected)
        with self._database.connection() as connection:
            return list(map(Fact._make, connection.execute(query.order_by(_change.c.id))))

    def marks_of_names(self) -> frozenset[str]:
        """The marks of all Feide names that were ever given out, those of forgotten users too."""
        query = sa.select(_issued_name.c.mark).where(_issued_name.c.realm == self.realm)
        with self._database.connection() as connection:
            return frozenset(connection.execute(query).scalars())

    def forget(self, feide_name: str) -> None:
        """Take out of the journal who a user was. That something was done, when and by whom stays; and the name stays
        taken, by its mark.

        Nothing is left to tell whose the user's entry is, so this is for one that is gone. SQLite overwrites what was
        there. PostgreSQL does so in its own time (autovacuum): nobody need do it, but copies keep what they hold.
        Raises Refused (R-UNFINISHED) while a change of the user is open.
        """
        with self.run():
            if self.events(feide_name.lower(), state=OPEN):
                raise Refused(
                    "A change of this user was cut off. Run again, so that it is found out, then forget the user.",
                    code="R-UNFINISHED",
                    held=True,
                )
            with self._database.writing() as connection:
                names, gone = self._names_of(connection, feide_name.lower()), dict.fromkeys(_ABOUT_A_PERSON)
                theirs = _change.update().where(self._ours, _change.c.feide_name.in_(names))
                connection.execute(theirs.values(feide_name="", dn="", protected=False, **gone))
                connection.execute(_change.update().where(self._ours, _change.c.other.in_(names)).values(other=None))
                connection.execute(_seen.delete().where(_seen.c.realm == self.realm, _seen.c.feide_name.in_(names)))
            self._database.forgotten()

    def _names_of(self, connection: sa.Connection, feide_name: str) -> set[str]:
        """All the names that a user has had, or may have."""
        renamed = (_change.c.kind == "rename") & _change.c.state.in_([State.DONE, *OPEN])
        rows = connection.execute(sa.select(_change.c.feide_name, _change.c.other).where(self._ours, renamed))
        renames = [{row.feide_name, row.other} for row in rows]
        names = {feide_name}
        while more := {name for both in renames if names & both for name in both} - names:
            names |= more
        return names

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def _row(self, event: Event) -> dict[str, Any]:
        row = {name: getattr(event, name) for name in _PLAIN} | _NO_EVIDENCE | {"state": event.state.value}
        if (seen := event.evidence) is not None:
            row["evidence_source"] = str(seen.source)
            row["evidence_seen_by"] = seen.seen_by
            row["evidence_seen_on"] = seen.seen_on
            row["evidence_note"] = seen.note
            row["evidence_standing"] = seen.standing
            row["evidence_seal"] = self._seal(event)
        return row

    def _seal(self, event: Event) -> str | None:
        """Binds the evidence to the number that it is about, in a withdrawal the one that goes, to the user, and to the
        doubt that it lifted."""
        if (seen := event.evidence) is None:
            return None
        words = [str(seen.source), seen.seen_by, str(seen.seen_on), seen.note, seen.standing]
        about = event.number_mark or event.old_number_mark
        sealed = ["evidence", self.realm, event.feide_name, about, event.lifted, *words]
        return self.key.seal(json.dumps(sealed).encode())

    def _checked(self, row: Any) -> Event:
        event = _event(row)
        return event if self._seal(event) == row.evidence_seal else replace(event, altered=True)


_NO_EVIDENCE: dict[str, Any] = {column.name: None for column in _change.columns if column.name.startswith("evidence_")}


def _among(ids: list[int]) -> Iterator[sa.ColumnElement[bool]]:
    """Conditions that together pick the changes of these ids, which rise: a range where ids follow one another."""
    scattered, start = list[int](), 0
    for end in range(1, len(ids) + 1):
        if end < len(ids) and ids[end] == ids[end - 1] + 1:
            continue
        if end - start > 2:
            yield _change.c.id.between(ids[start], ids[end - 1])
        else:
            scattered += ids[start:end]
        start = end
    for start in range(0, len(scattered), AT_ONCE):
        yield _change.c.id.in_(scattered[start : start + AT_ONCE])


def _event(row: Any) -> Event:
    evidence = None
    if row.evidence_source:
        seen_on = row.evidence_seen_on or date.min
        standing = bool(row.evidence_standing)
        evidence = Evidence(row.evidence_source, row.evidence_seen_by, seen_on, row.evidence_note, standing=standing)
    fields = {name: getattr(row, name) for name in (*_PLAIN, "at", "by", "id")}
    return Event(**fields, evidence=evidence, state=State(row.state))
