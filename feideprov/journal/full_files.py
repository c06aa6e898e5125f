"""The last full file of each source, and the users who were missing in it: what decides who has left."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa

from feideprov.journal.journal import Journal
from feideprov.journal.tables import full_file as _full_file
from feideprov.journal.tables import missing_user as _missing_user


@dataclass(frozen=True)
class FullFile:
    """A full file of a source, as it counts for who has left."""

    source: str
    """The configured source; empty where the configuration names none."""
    day: date
    """The day on which it was made or, where it does not say, read."""
    people: int
    keys: tuple[str, ...] = field(default=(), repr=False)
    """The marks of its source ids (`MarkKey.of_listed_key`)."""

    @property
    def mark(self) -> str:
        """Tells one file from another."""
        content = " ".join((self.source, str(self.day), str(self.people), *self.keys))
        return hashlib.sha256(content.encode()).hexdigest()


def last_full_file(journal: Journal, source: str) -> FullFile | None:
    """The last full file of a source that was applied."""
    query = sa.select(_full_file).where(_full_file.c.realm == journal.realm, _full_file.c.source == source)
    with journal.reading() as connection:
        row = connection.execute(query).one_or_none()
    return FullFile(row.source, row.day, row.people, tuple(row.keys.split())) if row is not None else None


def missing_users(journal: Journal) -> Mapping[str, Mapping[str, date]]:
    """By source, the users who were missing in its last full file, each with the day of the first file without them.
    Users have the Feide names that they had then."""
    query = sa.select(_missing_user).where(_missing_user.c.realm == journal.realm)
    found: dict[str, dict[str, date]] = {}
    with journal.reading() as connection:
        for row in connection.execute(query):
            found.setdefault(row.source, {})[row.feide_name] = row.since
    return found


def keep_full_file(
    journal: Journal, file: FullFile | None, *, missing: Collection[str] = (), forget: Collection[str] = ()
) -> None:
    """Write down, in one transaction, that a file was applied: its missing users, each missing since its day if not
    since an earlier one, and the users who count as missing no longer. `file` is None for a list that is not full."""
    ours = _missing_user.c.realm == journal.realm
    with journal.writing() as connection:
        if forget:
            named = _missing_user.delete().where(ours, _missing_user.c.feide_name == sa.bindparam("name"))
            connection.execute(named, [{"name": name} for name in forget])
        if file is None:
            return
        same = {"realm": journal.realm, "source": file.source}
        this = _full_file.c.realm == journal.realm, _full_file.c.source == file.source
        connection.execute(_full_file.delete().where(*this))
        values = {"day": file.day, "people": file.people, "keys": " ".join(file.keys)}
        connection.execute(_full_file.insert().values(**same, **values))
        rows = [same | {"feide_name": name, "since": file.day} for name in missing]
        if rows:
            connection.execute(journal.insert_if_absent(_missing_user), rows)
