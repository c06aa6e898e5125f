"""The high-water mark: how far the journal had come when the last run ended, in a file beside the key.

It shows that a journal is gone, is empty, or is an older copy. Then numbers that were given and notices that are owed
would be forgotten in silence, so whatever writes stops until a person has decided.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa

from feideprov import files
from feideprov.errors import ConfigurationError, JournalError, scrub_path
from feideprov.journal.databases.database import Database
from feideprov.journal.keys import MarkKey
from feideprov.journal.tables import change
from feideprov.messages import Sentence
from feideprov.system_errors import reason_of

_NEXT = Sentence(
    "Restore the newest copy of the journal. If you mean to go on with the journal as it is now, run: "
    "feideprov journal begin --yes"
)


class HighWater(NamedTuple):
    """How far a journal has come."""

    change: int
    """The id of its last change; 0 without changes."""
    at: str
    """When that change was intended: another journal has another change with this id."""
    latest: str
    """When a change last ended."""

    @classmethod
    def of(cls, connection: sa.Connection, realm: str) -> HighWater:
        """How far the journal of an organization has come."""
        ours = change.c.realm == realm
        last = sa.select(change.c.id, change.c.at).where(ours).order_by(change.c.id.desc()).limit(1)
        number, at = connection.execute(last).one_or_none() or (0, "")
        latest = connection.execute(sa.select(sa.func.max(change.c.ended_at)).where(ours)).scalar()
        return cls(number, at, latest or "")

    def is_reached(self, connection: sa.Connection, realm: str) -> bool:
        """Whether the journal of an organization has come as far, and is the same one."""
        at = sa.select(change.c.at).where(change.c.realm == realm, change.c.id == self.change)
        same = not self.change or connection.execute(at).scalar() == self.at
        return same and self.of(connection, realm).latest >= self.latest


class HighWaterMark:
    """The file with the mark, which organizations may share. It is sealed with the key of each."""

    def __init__(self, path: Path, realm: str) -> None:
        self.path = path
        self._realm = realm

    def why_not(self, connection: sa.Connection | None, key: MarkKey) -> Sentence | None:
        """Why the journal must not be written: it has not come as far as the mark. None when it has, and when there is
        no mark. `connection` is None when there is no journal."""
        try:
            mark = self._read(key)
        except ValueError:
            return Sentence(
                "The file {mark}, which says how far the journal had come, is damaged. Nothing was written. Put the "
                "right file back. If you mean to go on with the journal as it is now, run: "
                "feideprov journal begin --yes",
                mark=scrub_path(self.path),
            )
        if mark is None or (connection is not None and mark.is_reached(connection, self._realm)):
            return None
        if connection is None or not HighWater.of(connection, self._realm).change:
            what = Sentence("The journal is missing or empty, although an earlier run has written it.")
        else:
            what = Sentence("The journal is not as the last run left it, but older, or another one.")
        return Sentence("{what} Nothing was written. {next}", what=what, next=_NEXT)

    def write(self, connection: sa.Connection, key: MarkKey) -> None:
        """Write down how far the journal has come. Raises JournalError when the file cannot be written."""
        now = HighWater.of(connection, self._realm)
        try:
            if self._marks().get(self._realm) != (sealed := self._sealed(now, key)):
                marks = self._marks() | {self._realm: sealed}
                files.replace(self.path, (json.dumps(marks, indent=2) + "\n").encode())
        except OSError as error:
            raise JournalError(
                Sentence(
                    "The file {mark} cannot be written: {reason}. Correct this, or name another file with mark_file in "
                    "[journal].",
                    mark=scrub_path(self.path),
                    reason=reason_of(error),
                )
            ) from None

    def _read(self, key: MarkKey) -> HighWater | None:
        """The mark; None when there is none, and for that of another key. Raises ValueError when it cannot be used."""
        if not files.is_there(self.path):
            return None
        try:
            found = json.loads(files.content_of(self.path, files.Largest.CONFIGURATION)).get(self._realm)
            if found is None or found["key"] != key.fingerprint:
                return None
            mark = HighWater(*(found[name] for name in HighWater._fields))
        except (OSError, RecursionError, AttributeError, TypeError, KeyError) as error:
            raise ValueError from error
        if found != self._sealed(mark, key):
            raise ValueError
        return mark

    def _marks(self) -> dict[str, Any]:
        """What is in the file; nothing when it cannot be used."""
        try:
            content = json.loads(files.content_of(self.path, files.Largest.CONFIGURATION))
        except (OSError, ValueError, RecursionError):
            return {}
        return content if isinstance(content, dict) else {}

    def _sealed(self, mark: HighWater, key: MarkKey) -> dict[str, Any]:
        seal = key.seal(json.dumps(["journal", self._realm, *mark]).encode())
        return {**mark._asdict(), "key": key.fingerprint, "seal": seal}


class Marked:
    """A journal that is written only if it has come as far as its high-water mark."""

    realm: str
    key: MarkKey
    _database: Database
    mark: HighWaterMark | None = None
    """Where the end of each run is written down; compared with before something is written."""
    is_begun = True
    """Whether there is a journal; false until something is written (`JournalToBegin`)."""
    _compared = _unmarked = False

    def why_not(self) -> Sentence | None:
        """Why nothing may be written: the journal is gone, empty, or an older copy. None when it may."""
        if self.mark is None:
            return None
        with self._database.connection() as connection:
            return self.mark.why_not(connection, self.key)

    def require_current(self) -> None:
        """Raise ConfigurationError when nothing may be written; see `why_not`."""
        if (why_not := self.why_not()) is not None:
            raise ConfigurationError(why_not)

    def begin(self) -> None:
        """Go on with the journal as it is now, whatever the mark says. Raises JournalError when that cannot be kept."""
        if self.mark is not None:
            with self._database.connection() as connection:
                self.mark.write(connection, self.key)

    def _to_write(self) -> Database:
        """The database, before something is written. Raises as `require_current`."""
        if not self._compared:
            self.require_current()
            self._compared = True
        self._unmarked = True
        return self._database

    def _keep_mark(self) -> None:
        """Write down how far the journal has come. If that fails, the earlier mark stays, which stops no right run."""
        self._unmarked = False
        with suppress(JournalError):
            Marked.begin(self)
