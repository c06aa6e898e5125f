"""What the journal and the last observation know of users and their numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from feideprov.journal.events import State, stamp
from feideprov.journal.journal import Journal
from feideprov.journal.users import KnownUsers
from feideprov.observe.snapshot import Seen, Snapshot


@dataclass
class Known:
    """What is known of users and their numbers, from one reading of the journal."""

    users: KnownUsers = field(default_factory=KnownUsers)
    snapshot: Snapshot = field(default_factory=Snapshot)
    with_evidence: frozenset[str] = frozenset()
    """The marks of numbers that somebody has seen."""
    last_changes: Mapping[str, int] = field(default_factory=dict)
    """By Feide name: the id of the last change that this tool made of the user."""
    now: str = field(default_factory=stamp)
    """A later moment was written by a clock that was wrong, and says nothing."""

    @classmethod
    def read(cls, journal: Journal) -> Self:
        """All of it."""
        events = journal.events()
        users = KnownUsers.of(events).with_marks(journal)
        done = [event for event in events if event.state is State.DONE]
        return cls(
            users,
            Snapshot.read(journal, users.renames),
            frozenset(e.number_mark for e in done if e.number_mark and e.evidence and not e.altered),
            {users.name_today(event.feide_name): event.id for event in done if not event.kind.seen},
        )

    def before(self, name: str) -> Seen | None:
        """What a user had when it was last observed or changed here; None: nothing is known."""
        user, seen = self.users.settled.get(name), self.snapshot.users.get(name)
        if user is not None and (user.number_at or (seen is None and user.made_at is not None)):
            same = seen is not None and seen.mark == user.number_mark
            return seen if same else Seen(user.number_mark)
        return seen

    def had_number(self, name: str) -> bool:
        """Whether a user had a number then."""
        before = self.before(name)
        return before is not None and before.number is not None

    def changed_after(self, name: str, at: str) -> bool:
        """Whether this tool changed the number after that moment."""
        user = self.users.settled.get(name)
        return user is not None and at < user.number_at <= self.now

    def observed_after(self, at: str) -> bool:
        """Whether the last observation describes a later moment."""
        return self.snapshot.at is not None and at < self.snapshot.at <= self.now
