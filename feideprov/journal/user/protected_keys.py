"""The marks of source ids whose people are protected, from before they are users. No source id is kept."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable
from dataclasses import dataclass, field
from typing import Self

import sqlalchemy as sa

from feideprov.journal.events import stamp
from feideprov.journal.journal import Journal
from feideprov.journal.keys import MarkKey
from feideprov.journal.tables import AT_ONCE
from feideprov.journal.tables import protected_key as _protected_key


@dataclass(frozen=True)
class ProtectedKeys(Container[str]):
    """The source ids of protected people."""

    marks: Collection[str] = frozenset()
    key: MarkKey | None = field(default=None, repr=False)

    @classmethod
    def read(cls, journal: Journal) -> Self:
        """Those of a journal."""
        query = sa.select(_protected_key.c.mark).where(_protected_key.c.realm == journal.realm)
        with journal.reading() as connection:
            return cls(frozenset(connection.execute(query).scalars()), journal.key)

    def __bool__(self) -> bool:
        return bool(self.marks)

    def __contains__(self, source_id: object) -> bool:
        return bool(self.marks) and self.key is not None and self.key.of_protected_key(str(source_id)) in self.marks


def keep_keys(journal: Journal, source_ids: Iterable[str]) -> None:
    """Keep the marks of source ids: on disk when this returns, all or none."""
    with journal.writing() as connection:
        made = {"realm": journal.realm, "at": stamp(), "by": journal.actor}
        # inside the transaction: the key of a journal that is begun now is made when the transaction begins
        rows = [made | {"mark": mark} for mark in sorted(set(map(journal.key.of_protected_key, source_ids)))]
        if rows:
            connection.execute(journal.insert_if_absent(_protected_key), rows)


def remove_keys(journal: Journal, source_ids: Iterable[str]) -> None:
    """Remove the marks of source ids: on disk when this returns, all or none."""
    marks = sorted(set(map(journal.key.of_protected_key, source_ids)))
    with journal.writing() as connection:
        for start in range(0, len(marks), AT_ONCE):
            these = _protected_key.c.mark.in_(marks[start : start + AT_ONCE])
            connection.execute(_protected_key.delete().where(_protected_key.c.realm == journal.realm, these))
