"""Does a reading of the directory show the users that the journal knows? A wrong base, lost read rights, an export that
was cut off and another server all look like a directory without users."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Self

import sqlalchemy as sa

from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry
from feideprov.directory.memory import MemoryDirectory
from feideprov.directory.protocol import NAME_ATTRIBUTE, PRIOR_NAME_ATTRIBUTE, Directory, former_names_of, name_of
from feideprov.errors import DirectoryError
from feideprov.journal.journal import Journal
from feideprov.journal.tables import seen as _seen
from feideprov.journal.user.state import UserState
from feideprov.journal.users import KnownUsers
from feideprov.messages import Sentence, joined

READ = (NAME_ATTRIBUTE, PRIOR_NAME_ATTRIBUTE)
"""What is read of an entry for this."""


class Presence:
    """The users that one reading of the directory shows, compared with those that the journal knows.

    A user is present under today's Feide name, under a former one, or with another Feide name in the same entry.
    `users` counts the users that were shown, known or not.
    """

    def __init__(self, known: KnownUsers) -> None:
        self.users = 0
        self._known = known
        self._present: set[str] = set()

    @classmethod
    def of(cls, known: KnownUsers, entries: Iterable[Entry]) -> Self:
        """Of a whole reading."""
        presence = cls(known)
        for entry in entries:
            presence.add(entry)
        return presence

    def add(self, entry: Entry) -> None:
        """An entry that was read. One without a Feide name is not a user that the journal could know."""
        if name := name_of(entry):
            self.add_user(name, entry.dn, former_names_of(entry))

    def add_user(self, name: str, dn: DN, former_names: Iterable[str]) -> None:
        """The same, of a user with this Feide name, in lower case."""
        self.users += 1
        expected = self._known.expected
        if expected and name not in expected:
            former = (text.lower() for text in former_names)
            name = next((one for one in former if one in expected), self._by_entry.get(str(dn).lower(), ""))
        if name in expected:
            self._present.add(name)

    @cached_property
    def _by_entry(self) -> dict[str, str]:
        return {user.entry.lower(): name for name, user in self._known.expected.items()}

    @cached_property
    def missing(self) -> list[UserState]:
        """The users that the journal knows, and that were not shown. Those that a person has recorded as gone are not
        among them. Ask when everything was read."""
        return [user for name, user in self._known.expected.items() if name not in self._present and not user.gone]

    @property
    def notes(self) -> tuple[Sentence, ...]:
        """What to say of users who are not shown, when they are too few to stop at."""
        return (not_shown(len(self.missing)),) if self.missing else ()

    def check(self, export: str = "") -> None:
        """Raises DirectoryError when fewer than half of the known users were shown. `export` is the file that was read
        in place of the directory.

        A few users prove nothing, because somebody may have deleted them by hand: two, or the only one.
        """
        missing, present = len(self.missing), len(self._present)
        if missing <= max(present, 2 if present else 1):
            return
        found = Sentence(
            "The journal has {known} users, but {place} shows only {present} of them, so probably not all users can be "
            "read. Nothing was written. Check base_dn, users_dn, the read rights of the account, that no export was "
            "cut off, and that this is the right server.",
            known=present + missing,
            place=export or Sentence("the directory"),
            present=present,
        )
        deleted = Sentence("If the missing users were deleted on purpose, feideprov journal gone records that.")
        part = Sentence("If the export is meant to be a part of the directory, run again with --part.")
        raise DirectoryError(joined([found, part if export else "", deleted]))


def expected_entries(directory: Directory, journal: Journal | None) -> int | None:
    """About how many entries a reading of all users gives, to say how far it has come: those of a file, otherwise as
    many as the last observation saw. None where that is not known."""
    if isinstance(directory, MemoryDirectory):
        return sum(1 for _ in directory.entries())
    if journal is None:
        return None
    with journal.reading() as connection:
        query = sa.select(sa.func.count()).where(_seen.c.realm == journal.realm)
        return connection.execute(query).scalar() or None


def not_shown(count: int) -> Sentence:
    """What to say of so many users in the journal who are not shown."""
    return Sentence(
        "{count} user in the journal is not shown by the directory. The account may not have the right to read the "
        "entry, or it was deleted. See: feideprov journal gone",
        plural="{count} users in the journal are not shown by the directory. The account may not have the right to "
        "read the entries, or they were deleted. See: feideprov journal gone",
        count=count,
    )
