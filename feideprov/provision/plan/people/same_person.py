"""Is the person of a new row a user already? Names and birth date only suggest it: a person must say.

Principle: the same birth date and names that agree are a question, which holds the row; so are the same birth date,
the same number and a part of the name. Names of which one letter is different, or equal names where a birth date is
missing, are a note: the user is created.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Set
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, auto
from functools import cached_property
from typing import Final, NamedTuple

from feideprov.directory import rules
from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry, Value, octets
from feideprov.directory.protocol import name_of
from feideprov.feide.name_comparison import ComparedName, agree, nearly_agree, share_word
from feideprov.feide.person import PersonRecord
from feideprov.issues import Origin
from feideprov.journal.keys import MarkKey
from feideprov.journal.people import KnownPeople
from feideprov.journal.users import KnownUsers
from feideprov.numbers.compare import same_number
from feideprov.provision.plan.directory_state import DirectoryState, birth_dates_of
from feideprov.provision.plan.people.hidden import hidden_user
from feideprov.provision.plan.people.listed_person import ListedPerson
from feideprov.provision.plan.people.name_index import NameIndex, names_of_entry

_SCHOOL: Final = "eduPersonOrgUnitDN"


class Born(Enum):
    """How the birth date of a user compares with that of a row."""

    SAME = auto()
    DIFFERENT = auto()
    UNKNOWN = auto()


class Match(NamedTuple):
    """A user who may be the person of a row. `entry` is None for one whom this list creates, in a row if it has rows,
    and for one whom the journal has and the directory does not show (`hidden`)."""

    feide_name: str
    dn: DN
    entry: Entry | None = None
    origin: Origin | None = None
    hidden: bool = False
    has_number: bool = False
    """The user has the number of the row, and a part of its name; the names do not agree."""


class Sought:
    """The person of a row, as users are compared with it."""

    __slots__ = ("created_that_day", "days", "name", "words")

    def __init__(self, person: ListedPerson) -> None:
        self.name, self.days = person.name, person.birth_dates
        self.words = self.name.words
        self.created_that_day: list[_Created] = []
        """The users with this birth date whom the list creates, with a word of the name in common."""


class _Created(NamedTuple):
    """A user whom this list creates."""

    match: Match
    sought: Sought
    schools: tuple[Value, ...]


@dataclass(repr=False)
class SamePerson:
    """Finds the users who may be the person of a new row, in the directory, the journal and the list itself."""

    state: DirectoryState
    known_users: KnownUsers
    read_people: Callable[[], KnownPeople]
    key: MarkKey
    on: date
    """The day of the plan."""
    _there: list[tuple[PersonRecord, Entry]] = field(default_factory=list)
    """Rows of users who are there: the list may know a birth date that nothing else knows."""
    _created: dict[date, list[_Created]] = field(default_factory=lambda: defaultdict(list))
    _created_by_name: dict[str, list[_Created]] = field(default_factory=lambda: defaultdict(list))
    _not_indexed: list[_Created] = field(default_factory=list)
    """Created, and not yet found by name."""
    _undated: list[_Created] = field(default_factory=list)
    """Created, without a birth date."""

    def is_there(self, record: PersonRecord, entry: Entry) -> None:
        """Remember a row whose user is there."""
        self._there.append((record, entry))

    def is_created(self, sought: Sought, match: Match, schools: Iterable[Value]) -> None:
        """Remember a row that creates a user."""
        created = _Created(match, sought, tuple(schools))
        for day in sought.days:
            self._created[day].append(created)
        if not sought.days:
            self._undated.append(created)
        self._not_indexed.append(created)

    def questions(self, sought: Sought) -> list[Match]:
        """The users with the same birth date and names that agree. Whether they are the person only a person can
        decide."""
        name, days = sought.name, sought.days
        if not days:
            return []
        found: dict[str, Match] = {}
        there = [entry for entry in self._index.agreeing(name) if self._born(entry, days) is Born.SAME]
        for match in (*self._marked(name, days), *map(_match, there), *map(_match, self._listed(name, days))):
            found.setdefault(match.feide_name, match)
        sought.created_that_day = self._created_that_day(sought)
        for created in sought.created_that_day:
            if agree(name, created.sought.name):
                found.setdefault(created.match.feide_name, created.match)
        return sorted(found.values(), key=lambda match: match.hidden)

    def with_number(self, record: PersonRecord, sought: Sought, *, besides: Set[DN]) -> list[Match]:
        """The users who hold a number of the row, with the same birth date and a part of the name, besides those whose
        names agree."""
        numbers = map(same_number, filter(None, (record.national_number, record.duf_number)))
        held = dict.fromkeys(holder.dn for number in numbers for holder in self.state.holders.get(number, ()))
        return [
            _match(entry)._replace(has_number=True)
            for entry in map(self.state.by_dn.get, held)
            if entry is not None
            and entry.dn not in besides
            and self._born(entry, sought.days) is Born.SAME
            and any(share_word(sought.name, name) for name in names_of_entry(entry))
        ]

    def nearly(self, sought: Sought) -> list[Match]:
        """The users with the same birth date, the same family name, and a given name of which one letter is
        different."""
        name, days = sought.name, sought.days
        if not days:
            return []
        there = [_match(entry) for entry in self._index.nearly(name) if self._born(entry, days) is Born.SAME]
        return there + [one.match for one in sought.created_that_day if nearly_agree(name, one.sought.name)]

    def without_birth_date(self, sought: Sought, schools: Iterable[Value]) -> list[Match]:
        """The users of one of these schools with an equal name, where the row or the user has no birth date."""
        name, days = sought.name, sought.days
        there = self._index.equal(name)
        created = self._created_with(name.whole, undated=bool(days))
        if not there and not created:
            return []
        places = _places(schools)
        found = [
            _match(entry)
            for entry in there
            if places & _places(entry.values(_SCHOOL)) and self._born(entry, days) is Born.UNKNOWN
        ]
        return found + [one.match for one in created if places & _places(one.schools)]

    def with_name(self, name: ComparedName) -> list[Entry]:
        """The users whose name is equal, in any order of its words."""
        return self._index.equal(name)

    def _listed(self, name: ComparedName, days: Iterable[date]) -> Iterator[Entry]:
        """The users whose rows in this list have the same birth date and names that agree."""
        for day in days:
            for record, entry in self._there_by_day.get(day, ()):
                if agree(name, ListedPerson.of(record, self.on).name):
                    yield entry

    def _created_with(self, whole: str, *, undated: bool) -> list[_Created]:
        """The users with this name whom the list creates; with `undated`, only those without a birth date."""
        if undated:
            return [one for one in self._undated if one.sought.name.whole == whole]
        for one in self._not_indexed:
            self._created_by_name[one.sought.name.whole].append(one)
        self._not_indexed.clear()
        return self._created_by_name.get(whole, [])

    def _created_that_day(self, sought: Sought) -> list[_Created]:
        words = sought.words
        return [
            one for day in sought.days for one in self._created.get(day, ()) if not words.isdisjoint(one.sought.words)
        ]

    @cached_property
    def _people(self) -> KnownPeople:
        return self.read_people()

    @cached_property
    def _there_by_day(self) -> dict[date, list[tuple[PersonRecord, Entry]]]:
        rows: dict[date, list[tuple[PersonRecord, Entry]]] = defaultdict(list)
        for record, entry in self._there:
            if record.birth_date is not None:
                rows[record.birth_date].append((record, entry))
        return rows

    @cached_property
    def _born_here(self) -> dict[DN, set[date]]:
        """The birth dates that the list has for users who are there."""
        born: dict[DN, set[date]] = defaultdict(set)
        for record, entry in self._there:
            if record.birth_date is not None:
                born[entry.dn].add(record.birth_date)
        return born

    def _marked(self, name: ComparedName, days: Iterable[date]) -> Iterator[Match]:
        """The users whom the journal has marks of, with this name now or formerly, also those who are not shown."""
        if not self._people.rows:
            return
        for day in days:
            for pair in sorted(name.pairs):
                for user in sorted(self._people.users_with_name(self.key.of_person(pair, day))):
                    entry = self.state.named(self._today(user))
                    if entry is not None:
                        yield _match(entry)
                    elif hidden := hidden_user(self.state, self.known_users, user):
                        yield Match(hidden.feide_name, hidden.dn, hidden=True)

    def _today(self, feide_name: str) -> str:
        user = self.known_users.by_name.get(feide_name)
        return user.feide_name if user is not None else feide_name

    def born(self, entry: Entry, person: ListedPerson) -> Born:
        """How the birth date of a user compares with that of a row, as far as the directory and the journal know."""
        return self._compared(entry, person.birth_dates, birth_dates_of(entry, self.on))

    def _born(self, entry: Entry, days: frozenset[date]) -> Born:
        """The same for another row than the user's own, whose birth date counts too."""
        return self._compared(entry, days, birth_dates_of(entry, self.on) | self._born_here.get(entry.dn, set()))

    def _compared(self, entry: Entry, days: frozenset[date], known: set[date]) -> Born:
        if days & known or any(map(self._people.has_source_id_mark, self._marks_of_key(entry, days))):
            return Born.SAME
        return Born.DIFFERENT if days and (known or name_of(entry) in self._users_with_birth_date) else Born.UNKNOWN

    def _marks_of_key(self, entry: Entry, days: Iterable[date]) -> Iterator[str]:
        if not self._people.rows:
            return
        source_ids = [*entry.texts(self.state.source_id_attribute), *self._linked.get(name_of(entry), ())]
        for source_id in source_ids:
            for day in days:
                yield self.key.of_source_id(source_id, day)

    @cached_property
    def _linked(self) -> dict[str, list[str]]:
        linked: dict[str, list[str]] = defaultdict(list)
        for source_id, user in self.known_users.linked.items():
            linked[user].append(source_id)
        return linked

    @cached_property
    def _users_with_birth_date(self) -> frozenset[str]:
        users = self._people.users
        return frozenset(self._today(user) for user in users if self._people.birth_date_known(user))

    @cached_property
    def _index(self) -> NameIndex:
        return NameIndex(self.state.entries)


def _match(entry: Entry) -> Match:
    return Match(name_of(entry), entry.dn, entry)


def _places(schools: Iterable[Value]) -> frozenset[Hashable]:
    """The DNs of schools, to be compared."""
    return frozenset(rules.comparable(_SCHOOL, octets(school)) for school in schools)
