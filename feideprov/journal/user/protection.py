"""Who is protected: people of whom a list said so, and every user and entry that is, or may be, one of theirs.

Protection belongs to the person, so it goes over renames by whomever, links and second accounts. Everything that
prints, writes or sends something about people asks here: by Feide name where only the journal is read
(`ProtectedPeople`), by entry where the directory is read (`Protection`).
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Final, NamedTuple

from feideprov.directory.dn import DN, renamed_dn, same_key
from feideprov.directory.entry import Entry
from feideprov.directory.layout import CREATED, created_on
from feideprov.directory.protocol import NAME_ATTRIBUTE, PRIOR_NAME_ATTRIBUTE
from feideprov.feide.name_comparison import ComparedName
from feideprov.feide.user import BIRTH_DATES, recorded_birth_date
from feideprov.journal.events import Event, Fact, Kind, State
from feideprov.journal.keys import MarkKey
from feideprov.messages import Sentence
from feideprov.tables.day import day_in_norway, today_in_norway
from feideprov.text import shown

READ: Final = (
    *(NAME_ATTRIBUTE, PRIOR_NAME_ATTRIBUTE, "uid", "givenName", "sn", "displayName"),
    *(*BIRTH_DATES, *CREATED),
)
"""What `Protection` reads of an entry, besides the source id."""

Trace = tuple[str, str]
"""What leads to a person: a Feide name (`name`), a DN (`dn`) or a source id (`key`), folded."""


class Account(NamedTuple):
    """A protected person's user who is in the directory, as far as the journal knows."""

    dn: str
    """In small letters."""
    made_at: str
    """When this tool made the user; empty when somebody else did."""


@dataclass(frozen=True)
class ProtectedPeople:
    """The protected people that the journal knows."""

    person_of: Mapping[Trace, str] = field(default_factory=dict)
    """Which person a trace leads to; a person is called as the first Feide name that was protected."""
    accounts: Mapping[str, Account] = field(default_factory=dict)
    """By today's Feide name, in small letters."""
    marks: Container[str] = field(default=frozenset(), compare=False)
    """The marks of their names with their birth dates."""
    key: MarkKey | None = field(default=None, compare=False, repr=False)

    def __bool__(self) -> bool:
        return bool(self.person_of)

    @classmethod
    def of(cls, events: Sequence[Event | Fact]) -> ProtectedPeople:
        """Those of these events, which are in the order of their ids, without answers that were taken back."""
        protected = [event.feide_name for event in events if event.protected and event.feide_name]
        if not protected:
            return cls()
        person_of: dict[Trace, str] = {("name", same_key(name)): same_key(name) for name in protected}
        told = {traces: None for event in events if len(traces := tuple(_told(event))) > 1}
        while sum(_joined(person_of, traces) for traces in told):
            pass
        return cls(person_of, _accounts(events, person_of))

    @property
    def names(self) -> list[str]:
        """All Feide names that their users have or had, in small letters."""
        return [value for kind, value in self.person_of if kind == "name"]

    def has_name(self, feide_name: str) -> bool:
        """Whether this is, or was, the Feide name of a protected person's user."""
        return bool(self.person_of) and ("name", same_key(feide_name)) in self.person_of

    @cached_property
    def _by_user_name(self) -> Mapping[str, str]:
        return {name.partition("@")[0]: self.person_of["name", name] for name in self.names}

    def persons(self, entry: Entry, source_id_attribute: str) -> Iterator[str]:
        """The protected people to whom an entry leads: by any value of the Feide name, today's or a former one, by the
        user name, the DN, or the source id."""
        names = [*entry.texts(NAME_ATTRIBUTE), *entry.texts(PRIOR_NAME_ATTRIBUTE)]
        traces = [("name", same_key(text)) for text in names]
        traces += [("key", same_key(text)) for text in entry.texts(source_id_attribute)] if source_id_attribute else []
        traces.append(("dn", str(entry.dn).lower()))
        yield from (self.person_of[trace] for trace in traces if trace in self.person_of)
        user_names = [*entry.texts("uid"), *(value for _, value in entry.dn.own)]
        by_user_name = self._by_user_name
        yield from (by_user_name[name] for name in map(same_key, user_names) if name in by_user_name)

    def have_name(self, entry: Entry) -> bool:
        """Whether an entry has the name and the birth date of a protected person, as far as it shows a birth date."""
        day = recorded_birth_date(entry)
        if day is None or self.key is None:
            return False
        given, family, whole = (entry.text(name) or "" for name in ("givenName", "sn", "displayName"))
        return any(self.key.of_person(pair, day) in self.marks for pair in ComparedName.of(given, family, whole).pairs)


def _told(event: Event | Fact) -> Iterator[Trace]:
    """The traces that an event says are one person's."""
    if not event.feide_name:
        return
    yield "name", same_key(event.feide_name)
    done = event.state == State.DONE
    if event.other and (done or State(event.state).is_open) and event.kind in (Kind.RENAME, Kind.SECOND_ACCOUNT):
        yield "name", same_key(event.other)
    if event.dn:
        yield "dn", event.dn.lower()
    if event.source_id and event.kind != Kind.DIFFERENT:
        yield "key", same_key(event.source_id)


def _joined(person_of: dict[Trace, str], traces: Iterable[Trace]) -> bool:
    """Whether one of the traces leads to a person, and another was not known to: now all do."""
    people = {person_of[trace] for trace in traces if trace in person_of}
    if not people:
        return False
    one, *others = sorted(people)
    new = [trace for trace in traces if person_of.get(trace) != one]
    new += [trace for trace, person in person_of.items() if person in others]
    person_of.update(dict.fromkeys(new, one))
    return bool(new)


def _accounts(events: Iterable[Event | Fact], person_of: Mapping[Trace, str]) -> dict[str, Account]:
    found = dict[str, Account]()
    for event in events:
        name = same_key(event.feide_name)
        if event.state != State.DONE or ("name", name) not in person_of or event.kind == Kind.DIFFERENT:
            continue
        if event.kind == Kind.GONE:
            found.pop(name, None)
        elif event.kind == Kind.RENAME and event.other:
            former = found.pop(name, Account(event.dn.lower(), ""))
            dn = str(renamed_dn(DN.parse(event.dn), event.feide_name, event.other)).lower()
            found[same_key(event.other)] = former._replace(dn=dn)
        elif event.dn:
            found.setdefault(name, Account(event.dn.lower(), event.at if event.kind == Kind.CREATE else ""))
    return found


class Protection:
    """Which entries of one reading of the directory are, or may be, protected people's.

    Add every entry that was read; then ask. When the user of a protected person is in none of them, an entry that the
    journal does not know may be that user under another name: it cannot be told, and is protected too. No entry is that
    was created before the user was.
    """

    def __init__(
        self, people: ProtectedPeople, source_id_attribute: str, knows: Callable[[DN, list[str]], bool]
    ) -> None:
        """`knows`: whether the journal knows the user of an entry with this DN and these source ids."""
        self.source_id_attribute = source_id_attribute
        self._people, self._knows = people, knows
        self._certain = dict[DN, list[str]]()
        self._unknown = dict[DN, tuple[str, str]]()
        """Entries that the journal does not know: the day on which each was created (ISO 8601) or empty, its name."""
        self._seen = set[str]()
        """The accounts that were found by Feide name or DN."""
        self._found_otherwise = list[str]()
        """The person of each entry that is theirs in another way."""

    @property
    def attributes(self) -> tuple[str, ...]:
        """What must be read of every entry; nothing when nobody is protected."""
        return (*READ, *filter(None, [self.source_id_attribute])) if self._people else ()

    def add(self, entry: Entry) -> None:
        """An entry that was read."""
        if not self._people:
            return
        persons = list(self._people.persons(entry, self.source_id_attribute))
        source_ids = entry.texts(self.source_id_attribute) if self.source_id_attribute else []
        if not persons and self._knows(entry.dn, source_ids):
            return
        if not persons and not self._people.have_name(entry):
            created = created_on(entry)
            self._unknown[entry.dn] = (
                created.isoformat() if created else "",
                same_key(entry.text(NAME_ATTRIBUTE) or ""),
            )
            return
        self._certain[entry.dn] = names = [same_key(text) for text in entry.texts(NAME_ATTRIBUTE)]
        accounts = self._people.accounts
        seen = {name for name in names if name in accounts} | self._account_at.get(str(entry.dn).lower(), set())
        self._seen |= seen
        if not seen:
            self._found_otherwise += persons[:1]

    @cached_property
    def _account_at(self) -> Mapping[str, set[str]]:
        found: dict[str, set[str]] = {}
        for name, account in self._people.accounts.items():
            found.setdefault(account.dn, set()).add(name)
        return found

    @cached_property
    def _lost(self) -> Sequence[Account]:
        """The accounts that no entry shows. Ask when everything was read."""
        lost, otherwise = list[Account](), list(self._found_otherwise)
        for name, account in self._people.accounts.items():
            person = self._people.person_of["name", name]
            if name in self._seen:
                continue
            if person in otherwise:
                otherwise.remove(person)
            else:
                lost.append(account)
        return lost

    @cached_property
    def _since(self) -> str:
        """No entry that was created before this day (ISO 8601) is that of a lost account; empty when that is not known.
        The clocks of server and machine may differ, and one that was ahead says nothing."""
        days = [day_in_norway(lost.made_at) if lost.made_at else date.max for lost in self._lost]
        if not days or max(days) > today_in_norway():
            return ""
        return (min(days) - timedelta(days=1)).isoformat() if min(days) > date.min else ""

    @cached_property
    def _doubtful(self) -> Mapping[DN, str]:
        """The Feide names of the entries that may be those of lost accounts."""
        if not self._lost:
            return {}
        since = self._since
        return {dn: name for dn, (created, name) in self._unknown.items() if not created or created >= since}

    def is_certain(self, dn: DN) -> bool:
        """Whether the entry is known to be a protected person's."""
        return dn in self._certain

    def is_doubtful(self, dn: DN) -> bool:
        """Whether it cannot be told if the entry is a protected person's."""
        return dn in self._doubtful

    def covers(self, dn: DN) -> bool:
        """Whether the entry is a protected person's, or may be."""
        return dn in self._certain or self.is_doubtful(dn)

    @property
    def shown_names(self) -> frozenset[str]:
        """The Feide names of all these users, in small letters, as `text.shown` shows them."""
        names = [name for names in self._certain.values() for name in names]
        return frozenset(filter(None, map(shown, [*names, *self._people.accounts, *self._doubtful.values()])))

    @property
    def shown_dns(self) -> frozenset[str]:
        """The DNs of all these entries, as `text.shown` shows them."""
        return frozenset(shown(str(dn)) for dn in (*self._certain, *self._doubtful))


def protected_users(certain: int, doubtful: int, told: Sentence) -> Iterator[Sentence]:
    """That this many users are protected, or may be; of how many it cannot be told, and what to do about it."""
    if certain + doubtful:
        yield told.with_values(count=certain + doubtful)
    if doubtful:
        yield Sentence(
            "It cannot be told whether {count} of these users is protected, because a protected user in the journal is "
            "not found in the directory any more. If that user was deleted, run: feideprov journal gone",
            plural="It cannot be told whether {count} of these users are protected, because a protected user in the "
            "journal is not found in the directory any more. If that user was deleted, run: feideprov journal gone",
            count=doubtful,
        )
