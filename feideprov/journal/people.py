"""The marks of people: whether a person in a list is one whom the journal knows, under whatever key or Feide name.

The directory need not hold a birth date, so the journal keeps, for every user that was made or linked, marks of the
names and of the source ids, each with the birth date. A mark says nothing without the organization's key.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Self

import sqlalchemy as sa

from feideprov.journal.events import PersonMarks
from feideprov.journal.journal import Journal
from feideprov.journal.rows import marks_of, person_row
from feideprov.journal.tables import AT_ONCE
from feideprov.journal.tables import person_mark as _person_mark

__all__ = ["KnownPeople", "PersonMarks", "keep_people", "names_of_users", "users_with_marks"]


@dataclass(frozen=True)
class KnownPeople:
    """The marks that the journal holds, of users that are there or may be there: those of a change that was not done
    are gone. Feide names are in lower case, as they were when the marks were kept: a rename does not change them."""

    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    """The Feide names of the users, by each mark of a name with the birth date."""
    source_ids: Container[str] = field(default=frozenset(), repr=False)
    """The marks of source ids with the birth date."""
    rows: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The mark of what the last row said of a user, by Feide name."""

    @classmethod
    def read(cls, journal: Journal) -> Self:
        """The marks of people in a journal."""
        names, source_ids, rows = dict[str, tuple[str, ...]](), set[str](), dict[str, str]()
        query = sa.select(_person_mark).where(_person_mark.c.realm == journal.realm)
        with journal.reading() as connection:
            for row in connection.execute(query.order_by(_person_mark.c.change_id)):
                user, person = row.feide_name, marks_of(row)
                for mark in person.names:
                    names[mark] = (*names.get(mark, ()), user)
                source_ids |= person.source_ids
                rows[user] = person.row or rows.get(user, "")
        return cls(names, frozenset(source_ids), rows)

    @property
    def users(self) -> frozenset[str]:
        """The Feide names that have marks."""
        return frozenset(self.rows)

    def users_with_name(self, mark: str) -> frozenset[str]:
        """The users that belong to a person of this name and birth date."""
        return frozenset(self.names.get(mark, ()))

    def has_source_id_mark(self, mark: str) -> bool:
        """Whether a user belongs to a person of this source id and birth date."""
        return mark in self.source_ids

    def birth_date_known(self, feide_name: str) -> bool:
        """Whether there are marks of the user's person."""
        return feide_name.lower() in self.rows

    def row_of(self, feide_name: str) -> str | None:
        """The mark of what the last row said of the user."""
        return self.rows.get(feide_name.lower())


def users_with_marks(journal: Journal) -> frozenset[str]:
    """The Feide names that have marks, without the marks."""
    query = sa.select(_person_mark.c.feide_name).where(_person_mark.c.realm == journal.realm)
    with journal.reading() as connection:
        return frozenset(connection.execute(query).scalars())


def names_of_users(journal: Journal, users: Iterable[str]) -> frozenset[str]:
    """The marks of the names of these users (Feide names in small letters)."""
    wanted = sorted(users)
    found = set[str]()
    with journal.reading() as connection:
        for start in range(0, len(wanted), AT_ONCE):
            theirs = _person_mark.c.feide_name.in_(wanted[start : start + AT_ONCE])
            query = sa.select(_person_mark.c.names).where(_person_mark.c.realm == journal.realm, theirs)
            found.update(mark for names in connection.execute(query).scalars() for mark in names.split())
    return frozenset(found)


def keep_people(journal: Journal, people: Iterable[tuple[str, PersonMarks]]) -> None:
    """Keep the marks of people whose users (Feide names) are there already: on disk when this returns, all or none.

    Names and source ids are added to those that are kept already, because a former name can come back. The mark of the
    row replaces that of the row before.
    """
    table = _person_mark.c
    ours = table.realm == journal.realm
    said = dict[str, PersonMarks]()
    with journal.writing() as connection:
        found = connection.execute(sa.select(_person_mark).where(ours)).all()
        kept = {row.feide_name: marks_of(row) for row in found if row.change_id == 0}
        for feide_name, person in people:
            user = feide_name.lower()
            former = said.get(user) or kept.get(user) or person
            said[user] = replace(
                person, names=person.names | former.names, source_ids=person.source_ids | former.source_ids
            )
        again = sorted(said.keys() & {row.feide_name for row in found})
        for start in range(0, len(again), AT_ONCE):
            theirs = ours & table.feide_name.in_(again[start : start + AT_ONCE])
            connection.execute(_person_mark.delete().where(theirs, table.change_id == 0))
            connection.execute(_person_mark.update().where(theirs).values(row=""))
        if said:
            same = {"realm": journal.realm, "change_id": 0}
            connection.execute(_person_mark.insert(), [person_row(*one) | same for one in said.items()])
