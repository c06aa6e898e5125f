"""What the last observation saw: each user's Feide name, and the mark of the value of norEduPersonNIN."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self

import sqlalchemy as sa

from feideprov.journal.journal import Journal
from feideprov.journal.tables import AT_ONCE
from feideprov.journal.tables import observation as _observation
from feideprov.journal.tables import seen as _seen
from feideprov.numbers import NumberKind

_COLUMNS = ("realm", "feide_name", "number_mark", "code", "entry_state")


@dataclass(frozen=True, slots=True)
class Seen:
    """The value of a user's norEduPersonNIN, as the organization's mark of it.

    `code` says why it does not count as the user's number: the code of a verdict or of a refusal, or the kind of a
    number that is used until the person gets a D-number or fødselsnummer (a DUF number).
    """

    mark: str | None = None
    code: str | None = None
    entry_state: str = field(default="", compare=False)
    """What tells whether somebody else has changed the entry since: the last change by this tool and, as a mark, the
    server's time stamp or change number. Empty when it is not known when the number was last shown."""

    @property
    def number(self) -> str | None:
        """The mark of the user's number; None for a user who waits for one."""
        return self.mark if self.code is None else None

    def changed_by_others(self, entry_state: str) -> bool:
        """Whether the server says that somebody else has changed the entry, which has this state now."""
        *same, then = self.entry_state.split(" ")
        *same_now, now = entry_state.split(" ")
        return same == same_now and then != now


@dataclass
class Snapshot:
    """The last observation of an organization's directory. `at` is the moment (ISO 8601, UTC) that it describes; None:
    there was none yet. A user who was missing in the last observation is kept, in case they return."""

    at: str | None = None
    users: dict[str, Seen] = field(default_factory=dict)
    """By Feide name, in lower case, as it is today."""
    renamed: dict[str, str] = field(default_factory=dict)
    """Names in the table that no user has any more, and the names that replaced them."""

    @classmethod
    def read(cls, journal: Journal, renames: Iterable[tuple[str, str]]) -> Self:
        """The last one, under the names that users have after the renames (old and new name) of the journal."""
        with journal.reading() as connection:
            at = connection.execute(sa.select(_observation.c.at).where(_observation.c.realm == journal.realm)).scalar()
            query = sa.select(_seen.c.feide_name, _seen.c.number_mark, _seen.c.code, _seen.c.entry_state)
            rows = connection.execute(query.where(_seen.c.realm == journal.realm))
            snapshot = cls(at, {name: Seen(mark, code, state or "") for name, mark, code, state in rows})
        for name, to in renames:
            snapshot.rename(name, to)
        return snapshot

    def rename(self, name: str, to: str) -> None:
        """What was seen of a user is that of another name from now on, unless that name was seen itself."""
        if name in self.users and to not in self.users:
            self.users[to] = self.users.pop(name)
            self.renamed[name] = to

    def write(self, connection: sa.Connection, realm: str, at: str, users: Mapping[str, Seen]) -> None:
        """Replace this snapshot by a new one, in a transaction that is under way: its moment, and what these users
        have. All other users are kept as they are."""
        renamed = {name: self.users[name] for name in self.renamed.values() if name in self.users}
        kept = {name: (seen, seen.entry_state) for name, seen in self.users.items() if name not in renamed}
        rows = renamed | {name: seen for name, seen in users.items() if kept.get(name) != (seen, seen.entry_state)}
        names = sorted({*rows, *self.renamed})
        for start in range(0, len(names), AT_ONCE):
            some = _seen.c.feide_name.in_(names[start : start + AT_ONCE])
            connection.execute(_seen.delete().where(_seen.c.realm == realm, some))
        if rows:
            values = [(realm, name, seen.mark, seen.code, seen.entry_state) for name, seen in rows.items()]
            connection.execute(_seen.insert(), [dict(zip(_COLUMNS, row, strict=True)) for row in values])
        connection.execute(_observation.delete().where(_observation.c.realm == realm))
        connection.execute(_observation.insert(), [{"realm": realm, "at": at}])


def doubtful(journal: Journal) -> int:
    """How many values the last observation did not count as numbers that have arrived."""
    ours = (_seen.c.realm == journal.realm) & _seen.c.code.is_not(None) & (_seen.c.code != NumberKind.DUF.value)
    with journal.reading() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(_seen).where(ours)).scalar() or 0
