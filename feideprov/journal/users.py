"""What the journal knows about users: its events, folded once, in the order in which they were intended.

Everything that asks the journal about users asks here, so that a rename, an open change or a number that was withdrawn
means the same everywhere.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache
from typing import Final, Self

from feideprov.directory.dn import DN, renamed_dn, same_key
from feideprov.journal.answers import UNDOING, standing
from feideprov.journal.events import ABOUT_NUMBERS, Event, Fact, Kind, State
from feideprov.journal.journal import Journal
from feideprov.journal.keys import MarkKey
from feideprov.journal.people import names_of_users
from feideprov.journal.user.issued import IssuedNames
from feideprov.journal.user.protection import ProtectedPeople, Protection
from feideprov.journal.user.state import UserState
from feideprov.journal.user.withdrawn import Withdrawal, WithdrawnNumbers
from feideprov.numbers import NationalNumber, NumberText
from feideprov.tables.day import day_in_norway

TELLING: Final = ABOUT_NUMBERS | {
    *(Kind.CREATE, Kind.LINK, Kind.CLOSE, Kind.REOPEN, Kind.TAKE_BACK, Kind.RENAME),
    *(Kind.DIFFERENT, Kind.SECOND_ACCOUNT, Kind.GONE, Kind.RELEASE),
    *UNDOING,
}
"""The kinds of changes that say something about users."""
_OF_AN_ENTRY: Final = TELLING - UNDOING - {Kind.RENAME, Kind.DIFFERENT, Kind.SECOND_ACCOUNT, Kind.GONE}
"""Those after which the journal knows the user's entry."""
_GIVING_NUMBERS: Final = frozenset((Kind.CREATE, Kind.ATTACH, Kind.REPLACE))
_OPEN: Final = frozenset(state.value for state in State if state.is_open)


@dataclass(frozen=True)
class KnownUsers:
    """The users that the journal knows. Feide names are in lower case; what is known of a user holds under its former
    names too."""

    by_name: Mapping[str, UserState] = field(default_factory=dict)
    """By every name that a user has or had; also by the new name in a rename that is open."""
    links: Mapping[str, UserState] = field(default_factory=dict)
    """By source id (folded): the users that a person said they belong to."""
    renames: Sequence[tuple[str, str]] = ()
    """The renames that were done: old and new name, in order."""
    issued: Container[str] = frozenset()
    """User names that this tool has given to users: they are never given again."""
    unsure: frozenset[str] = field(default=frozenset(), compare=False)
    """The names of users with an open change: its outcome is not known yet."""
    withdrawn: WithdrawnNumbers = field(default_factory=WithdrawnNumbers)
    protected_people: ProtectedPeople = field(default=ProtectedPeople(), repr=False)

    @classmethod
    def read(cls, journal: Journal) -> Self:
        """The users of a journal."""
        issued = IssuedNames(journal.key, journal.realm, journal.marks_of_names())
        return cls.of(journal.facts(TELLING), issued=issued, key=journal.key).with_marks(journal)

    @classmethod
    def of(
        cls, events: Iterable[Event | Fact], *, issued: Container[str] = frozenset(), key: MarkKey | None = None
    ) -> Self:
        """The users of these events, which are in the order of their ids."""
        users, stand = _Fold(withdrawn=WithdrawnNumbers(key)), standing(events)
        for event in stand:
            if event.feide_name:  # empty: forgotten
                users.add(event, event.feide_name.lower())
        unsure, protected = frozenset(users.unsure), ProtectedPeople.of([event for event in stand if _tells(event)])
        return cls(users.by_name, users.links, tuple(users.renames), issued, unsure, users.withdrawn, protected)

    @property
    def key(self) -> MarkKey | None:
        """Makes the marks of numbers."""
        return self.withdrawn.key

    def with_marks(self, journal: Journal) -> Self:
        """The same, which also know the marks of protected people's names: enough where the directory is read."""
        people = self.protected_people
        if not people:
            return self
        marks = names_of_users(journal, people.names)
        return replace(self, protected_people=replace(people, marks=marks, key=journal.key))

    @cached_property
    def settled(self) -> Mapping[str, UserState]:
        """The users whose entries the journal knows, by today's name, without those that have an open change."""
        return {
            name: user
            for name, user in self.by_name.items()
            if user.feide_name == name and user.entry and name not in self.unsure
        }

    @cached_property
    def expected(self) -> Mapping[str, UserState]:
        """The users who are in the directory as far as the journal knows: the settled ones who are neither closed nor
        handed to another system, which may delete them."""
        return {name: user for name, user in self.settled.items() if user.closed is None and not user.released}

    def made_for(self, source_id: str) -> list[UserState]:
        """The users that this tool made for a source id, or that a person linked to it. Those that a person has
        recorded as gone, or as somebody else, are not among them."""
        found = self._by_source_id.get(same_key(source_id), ())
        return [
            user for user in found if not user.gone and not self.is_different(user.feide_name, source_id, said=True)
        ]

    @cached_property
    def _by_source_id(self) -> Mapping[str, list[UserState]]:
        found = {source_id: [user] for source_id, user in self.links.items()}
        for name, user in self.by_name.items():
            if user.source_id and user.feide_name == name and user.entry:
                found.setdefault(same_key(user.source_id), []).append(user)
        return found

    def name_today(self, feide_name: str) -> str:
        """Today's name of the user who has, or had, this Feide name."""
        user = self.by_name.get(feide_name.lower())
        return user.feide_name if user is not None else feide_name.lower()

    @cached_property
    def ours(self) -> frozenset[str]:
        """The names of users that this tool made or that a person linked to it, and that were not handed to another
        system since."""
        return frozenset(name for name, user in self.by_name.items() if user.ours)

    @cached_property
    def released(self) -> frozenset[str]:
        """The names of users that were handed to another system."""
        return frozenset(name for name, user in self.by_name.items() if user.released)

    def is_different(self, feide_name: str, source_id: str, *, said: bool = False) -> bool:
        """Whether a person said that a user is not the person with this source id. With `said`, only if that was said
        of this source id."""
        user = self.by_name.get(feide_name.lower())
        return user is not None and (same_key(source_id) in user.different_from or (user.different and not said))

    @cached_property
    def linked(self) -> Mapping[str, str]:
        """Source ids (folded) that a person said belong to a user, and the user's Feide name."""
        return {source_id: user.feide_name for source_id, user in self.links.items()}

    @cached_property
    def closed(self) -> Mapping[str, DN]:
        """Today's names of users that are closed, and the DNs of their entries."""
        return {
            name: DN.parse(user.closed)
            for name, user in self.by_name.items()
            if user.closed is not None and user.feide_name == name
        }

    @cached_property
    def made(self) -> Mapping[str, date]:
        """The names of users that this tool made, and the day."""
        return {name: _day(user.made_at) for name, user in self.by_name.items() if user.made_at}

    def withdrawal_of(
        self, number: NationalNumber | NumberText, feide_name: str, source_id: str | None
    ) -> Withdrawal | None:
        """The withdrawal of this number from the user, from another account of the user's person, or from an earlier
        user with this source id; None when there was none, or the number came back since."""
        if not self.withdrawn:
            return None
        key = same_key(source_id or "")
        accounts = [user for user in (self.by_name.get(feide_name.lower()), self.links.get(key)) if user is not None]
        accounts += [self.by_name[name] for user in accounts for name in user.second_accounts if name in self.by_name]
        return self.withdrawn.of(number, accounts, key)

    def waiting_since(self, feide_name: str) -> date | None:
        """Since when a user without a number has waited for one, as far as the journal knows."""
        user = self.by_name.get(feide_name.lower())
        at = user and (user.withdrawn_at or user.made_at)
        return _day(at) if at else None

    def is_protected(self, feide_name: str) -> bool:
        """Whether the person's name must be kept out of lists, as far as the Feide name tells."""
        return self.protected_people.has_name(feide_name)

    def protection(self, source_id_attribute: str) -> Protection:
        """Which entries of one reading of the directory are protected people's: add the entries, then ask."""
        return Protection(self.protected_people, source_id_attribute, self._knows)

    def _knows(self, dn: DN, source_ids: Iterable[str]) -> bool:
        return str(dn).lower() in self._entries or any(same_key(text) in self._source_ids for text in source_ids)

    @cached_property
    def _entries(self) -> frozenset[str]:
        return frozenset(user.entry.lower() for user in self.by_name.values() if user.entry)

    @cached_property
    def _source_ids(self) -> frozenset[str]:
        made = frozenset(same_key(user.source_id) for user in self.by_name.values() if user.source_id)
        return made | self.links.keys()

    def closed_user_at(self, dn: DN) -> str | None:
        """The Feide name of the closed user whose entry this is."""
        return self._closed_entries.get(dn) if self.closed else None

    def is_closed(self, feide_name: str, dn: DN) -> bool:
        """Whether an entry is that of a closed user. It may have been moved to another place since."""
        if not self.closed:
            return False
        was = self.closed.get(feide_name.lower())
        return dn in self._closed_entries or (was is not None and was.key[:1] == dn.key[:1])

    @cached_property
    def _closed_entries(self) -> Mapping[DN, str]:
        return {dn: user for user, dn in self.closed.items()}

    def may_share(self, one: str, other: str) -> bool:
        """Whether two users may hold the same number, because they are two accounts of one person."""
        a, b = self.by_name.get(one.lower()), self.by_name.get(other.lower())
        if a is None or b is None:
            return False
        return self._names(a, b) or self._names(b, a)

    def _names(self, one: UserState, other: UserState) -> bool:
        return any(self.by_name.get(name) is other for name in one.second_accounts)


def _tells(event: Event | Fact) -> bool:
    """Whether `Journal.facts(TELLING)` has the event, so that all events say the same."""
    return event.protected or event.state in _OPEN or (event.state == State.DONE and event.kind in TELLING)


@dataclass
class _Fold:
    """The users so far."""

    by_name: dict[str, UserState] = field(default_factory=dict)
    links: dict[str, UserState] = field(default_factory=dict)
    renames: list[tuple[str, str]] = field(default_factory=list)
    unsure: set[str] = field(default_factory=set)
    withdrawn: WithdrawnNumbers = field(default_factory=WithdrawnNumbers)

    def add(self, event: Event | Fact, name: str) -> None:
        kind = event.kind
        if kind == Kind.WITHDRAW and (event.state == State.DONE or event.state in _OPEN):
            self.withdrawn.add(event, self.user(name))
        elif self.withdrawn and event.number_mark and event.state == State.DONE and kind in _GIVING_NUMBERS:
            self.withdrawn.end(event, self.user(name))
        if event.state == State.DONE:
            if kind == Kind.RENAME:
                self.rename(name, (event.other or "").lower())
            elif kind in _OF_AN_ENTRY:
                self.change(event, self.user(name))
            elif kind == Kind.DIFFERENT:
                self.different(event, self.user(name))
            elif kind == Kind.GONE:
                self.user(name).gone = True
            elif kind == Kind.SECOND_ACCOUNT and event.other:
                other = event.other.lower()
                self.user(name).second_accounts.add(other)
                self.user(other).second_accounts.add(name)
        elif event.state in _OPEN:
            self.unsure.add(name)
            if kind == Kind.RENAME:
                # It may have been done or not: what is known of the user holds under both names.
                other = (event.other or "").lower()
                self.unsure.add(other)
                self.by_name.setdefault(other, self.user(name))
            elif kind == Kind.CREATE:
                self.made(event, self.user(name))

    def user(self, name: str) -> UserState:
        """The user of today's name."""
        user = self.by_name.get(name)
        if user is None:
            user = self.by_name[name] = UserState(name)
        elif user.feide_name != name:
            # The former name of a renamed user is in use again. What people said of the name holds on.
            user = self.by_name[name] = replace(
                user,
                feide_name=name,
                entry="",
                source_id=None,
                number_mark=None,
                without=None,
                number_at="",
                gone=False,
            )
            user.last_change, user.second_accounts = None, set(user.second_accounts)
        return user

    def rename(self, name: str, to: str) -> None:
        self.renames.append((name, to))
        user = self.user(name)
        if user.entry:
            user.entry = str(renamed_dn(user.dn, name, to))
        user.feide_name = to
        self.by_name[to] = user

    def made(self, event: Event | Fact, user: UserState) -> None:
        user.ours, user.released = True, False
        user.made_at = user.made_at or event.at

    def different(self, event: Event | Fact, user: UserState) -> None:
        """What is said of one source id ends what was said of all: it was meant for the list of that day."""
        user.different = event.source_id is None
        if event.source_id is not None:
            user.different_from.add(same_key(event.source_id))

    def change(self, event: Event | Fact, user: UserState) -> None:
        """What a change that was done says of its user."""
        kind = event.kind
        user.entry, user.gone = user.entry or event.dn, False
        if kind == Kind.CREATE:
            self.made(event, user)
            user.entry, user.source_id = event.dn, event.source_id
            user.number_mark, user.without, user.closed = event.number_mark, None, None
        elif kind == Kind.LINK:
            user.ours, user.released = True, False
            self.links[same_key(event.source_id or "")] = user
        elif kind == Kind.CLOSE:
            user.closed = event.dn
        elif kind == Kind.REOPEN:
            user.closed = None
        elif kind == Kind.RELEASE:
            user.ours, user.released = False, True
        else:
            self.number(event, user)

    def number(self, event: Event | Fact, user: UserState) -> None:
        user.number_at = event.at
        match event.kind:
            case Kind.ATTACH | Kind.SEEN_ATTACH | Kind.REPLACE | Kind.SEEN_REPLACE:
                user.number_mark, user.without = event.number_mark, None
            case _:
                user.number_mark, user.without = None, event.old_number_mark or event.number_mark
        match event.kind:
            case Kind.ATTACH | Kind.SEEN_ATTACH:
                user.withdrawn_at = None
            case Kind.WITHDRAW | Kind.SEEN_WITHDRAW:
                user.withdrawn_at = event.at or user.withdrawn_at
        if event.kind != Kind.TAKE_BACK:
            user.last_change = event.kind, event.id, event.at


_day = lru_cache(maxsize=4096)(day_in_norway)
"""The day of a moment. A run has few moments."""
