"""What the journal keeps of the nights: when each began and ended, and what a person was told."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from feideprov import files
from feideprov.journal.databases.opening import open_database
from feideprov.journal.journal import Journal
from feideprov.journal.key_check import open_to_read
from feideprov.journal.stored import understood
from feideprov.journal.tables import night as _night
from feideprov.journal.tables import told as _told
from feideprov.nightly.matter import Told
from feideprov.nightly.past import AHEAD, PastNight

_KEPT: Final = timedelta(days=400)


class Nights:
    """The nights of one organization."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._ours = _night.c.realm == journal.realm

    def all(self) -> list[PastNight]:
        """All that are kept, in their order."""
        with self._journal.reading() as connection:
            return _nights_in(connection, self._journal.realm)

    def begin(self, now: datetime) -> datetime:
        """Write down that a run begins. Returns its moment, which no other run has. Call it inside `Journal.run`.

        Nights of long ago are forgotten, and those to come: with them, no run would be missed until then.
        """
        last = max((night.began for night in self.all() if night.began <= now + AHEAD), default=None)
        began = now if last is None else max(now, last + timedelta(microseconds=1))
        with self._journal.writing() as connection:
            wrong = sa.or_(_night.c.began < _text(now - _KEPT), _night.c.began > _text(now + AHEAD))
            connection.execute(_night.delete().where(self._ours, wrong))
            row = {"realm": self._journal.realm, "began": _text(began), "told": False}
            connection.execute(_night.insert().values(**row))
        return began

    def end(
        self, began: datetime, now: datetime, exit_code: int, marks: Mapping[str, Collection[str]] | None = None
    ) -> None:
        """Write down that a run has ended. `marks` are what a person was told, by place; None: nobody was told."""
        realm = self._journal.realm
        with self._journal.writing() as connection:
            this = _night.update().where(self._ours, _night.c.began == _text(began))
            ended = _text(max(now, began))
            connection.execute(this.values(ended=ended, exit_code=exit_code, told=marks is not None))
            for place, some in (marks or {}).items():
                connection.execute(_told.delete().where(_told.c.realm == realm, _told.c.place == place))
                rows = [{"realm": realm, "place": place, "mark": mark, "at": ended} for mark in sorted(some)]
                if rows:
                    connection.execute(_told.insert(), rows)

    def told(self) -> Told:
        """What a person was told."""
        query = sa.select(_told.c.place, _told.c.mark).where(_told.c.realm == self._journal.realm)
        found: dict[str, set[str]] = {}
        with self._journal.reading() as connection:
            for place, mark in connection.execute(query):
                found.setdefault(place, set()).add(mark)
        return found


def nights_to_look_at(place: Path | str, realm: str) -> list[PastNight]:
    """The nights in a journal that nothing is written to: `place` and errors are as for `key_fingerprint`."""
    if isinstance(place, str):
        if place.startswith("sqlite:"):  # in memory: always new
            return []
        database = open_database(place, holder="doctor")
    elif not files.is_there(place) or files.is_empty(place):
        return []
    else:
        database = open_to_read(place)
    try:
        with database.connection() as connection:
            kept = sa.inspect(connection).has_table(_night.name)
            return _nights_in(connection, realm) if kept else []
    finally:
        database.close()


def _nights_in(connection: sa.Connection, realm: str) -> list[PastNight]:
    query = sa.select(_night).where(_night.c.realm == realm).order_by(_night.c.began)
    return [
        PastNight(
            understood(_moment, row.began, "night.began"),
            understood(_moment, row.ended, "night.ended") if row.ended is not None else None,
            row.exit_code,
            row.told,
        )
        for row in connection.execute(query)
    ]


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
