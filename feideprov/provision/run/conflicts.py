"""A look at the directory, before changes and after them: who has what is to be one user's alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from feideprov.directory.conditions import satisfies
from feideprov.directory.dn import DN, fold
from feideprov.directory.entry import Entry, Modification
from feideprov.directory.protocol import NAME_ATTRIBUTE, NUMBER_ATTRIBUTE, PRIOR_NAME_ATTRIBUTE, Directory
from feideprov.errors import DirectoryError, scrub
from feideprov.issues import Refusal
from feideprov.journal.users import KnownUsers
from feideprov.numbers.compare import same_number
from feideprov.provision.plan.changes import Attach, Change, Create, Replace, Update, Withdraw, Writable
from feideprov.provision.plan.directory_state import Holder, NumberKey, numbers_held, shown_name
from feideprov.provision.plan.login_changes import Rename
from feideprov.provision.plan.unit_changes import UpdateUnit

Naming = Create | Rename
"""A change that gives a user a Feide name."""


@dataclass(repr=False)
class Conflicts:
    """What the directory held at one moment of what some changes are about."""

    directory: Directory
    answers: KnownUsers
    source_id_attribute: str | None
    identities: Identities
    """Before: who has the names and source ids that are to be given. After: who else has them too."""
    holders: Mapping[NumberKey, list[Holder]]
    updated: frozenset[str] = field(default=frozenset())
    """The users, by Feide name, that are as their update would make them."""

    @classmethod
    def before(
        cls, directory: Directory, changes: Sequence[Writable], answers: KnownUsers, source_id_attribute: str | None
    ) -> Self:
        """One look for all the changes. Nothing is read that they do not need."""
        return cls(
            directory,
            answers,
            source_id_attribute,
            Identities.read(directory, _asked(changes, source_id_attribute, own=False)),
            numbers_held(directory) if any(change.number for change in changes) else {},
            _updated(directory, [change for change in changes if isinstance(change, Update)]),
        )

    @classmethod
    def after(
        cls, directory: Directory, changes: Sequence[Writable], answers: KnownUsers, source_id_attribute: str | None
    ) -> Self:
        """The same for changes that were written: who else has what they brought."""
        return cls(
            directory,
            answers,
            source_id_attribute,
            Identities.read(directory, _asked(changes, source_id_attribute, own=True)),
            numbers_held(directory) if any(change.number for change in changes) else {},
        )

    def was_done(self, change: Writable) -> bool:
        """Is the directory as this change would make it? Then the same plan was carried out before."""
        match change:
            case Create():
                return all(self.identities.of(*key) == (change.dn,) for key in self._keys(change))
            case Attach() | Replace():
                return any(holder.dn == change.dn for holder in self._holders(change))
            case Withdraw(dn=dn, old=old):
                entry = self.directory.read(dn, (NUMBER_ATTRIBUTE,))
                return entry is not None and same_number(old) not in map(same_number, entry.texts(NUMBER_ATTRIBUTE))
            case Rename():
                entry = self.directory.read(change.new_dn, (NAME_ATTRIBUTE, PRIOR_NAME_ATTRIBUTE))
                return satisfies(entry, change.names)
            case Update():
                return change.feide_name in self.updated
            case UpdateUnit():
                return satisfies(self.directory.read(change.dn), change.modifications)
            case _:
                return False  # what is there already, the directory says; a password nobody can read

    def taken(self, change: Naming) -> Refusal | None:
        """Why the user to be made or renamed cannot have this name or source id: somebody has it."""
        if self._same_person(change):
            return held(change, "R-MADE-MEANWHILE", "A user with this source id was made meanwhile. Run again.")
        return name_taken(change) if self._same_name(change) else None

    def twin(self, change: Naming) -> Refusal | None:
        """Why a user who was made or renamed cannot keep the name or source id: somebody else got it too."""
        undone = "is not made" if isinstance(change, Create) else "keeps the old name"
        if others := self._same_person(change):
            sentence = f"{self._names(others)} got the same source id at the same moment"
            return held(change, "R-MADE-MEANWHILE", f"{sentence}, so {change.feide_name} {undone}. Run again.")
        if others := self._same_name(change):
            sentence = f"{_dns(others)} got the name {_new_name(change)} at the same moment"
            return held(change, "R-NAME-TAKEN", f"{sentence}, so {change.feide_name} {undone}. Run again.")
        return None

    def other_holders(self, change: Writable) -> list[Holder]:
        """Who else holds the number of this change, apart from those who may."""
        return [
            holder
            for holder in self._holders(change)
            if holder.dn != change.dn and not self.answers.may_share(holder.feide_name, change.feide_name)
        ]

    def must_show_number(self, change: Writable) -> None:
        """Raises DirectoryError when a number that was written cannot be read: a bind account that may write numbers
        but not read them would never see a second holder."""
        if change.number and all(holder.dn != change.dn for holder in self._holders(change)):
            raise DirectoryError(
                f"The number of {change.feide_name} was written but cannot be read back, so nobody can tell who "
                "else holds it. Give the bind account read access to norEduPersonNIN, then run again."
            )

    def _holders(self, change: Writable) -> list[Holder]:
        return self.holders.get(same_number(change.number), []) if change.number else []

    def _keys(self, create: Create) -> list[tuple[str, str]]:
        keys = [("uid", create.user.user_name), (NAME_ATTRIBUTE, create.feide_name)]
        return [*keys, (self.source_id_attribute, create.source_id)] if self.source_id_attribute else keys

    def _same_person(self, change: Naming) -> tuple[DN, ...]:
        if not isinstance(change, Create) or not self.source_id_attribute:
            return ()
        return self.identities.of(self.source_id_attribute, change.source_id)

    def _same_name(self, change: Naming) -> tuple[DN, ...]:
        name = _new_name(change)
        return self.identities.of(NAME_ATTRIBUTE, name) or self.identities.of("uid", name.partition("@")[0])

    def _names(self, dns: Iterable[DN]) -> str:
        entries = [(dn, self.directory.read(dn, (NAME_ATTRIBUTE,))) for dn in dns]
        return " and ".join((shown_name(entry) if entry else "") or _dns([dn]) for dn, entry in entries)


def _asked(changes: Iterable[Writable], source_id_attribute: str | None, *, own: bool) -> Iterator[Asked]:
    """The uids, Feide names and source ids that are new, with the entry that has just got them, if any."""
    for change in changes:
        if isinstance(change, Naming):
            name, dn = _new_name(change), None
            if own:
                dn = change.new_dn if isinstance(change, Rename) else change.dn
            yield "uid", name.partition("@")[0], dn
            yield NAME_ATTRIBUTE, name, dn
            if source_id_attribute and isinstance(change, Create):
                yield source_id_attribute, change.source_id, dn


def _updated(directory: Directory, updates: Sequence[Update]) -> frozenset[str]:
    if not updates:
        return frozenset()
    attributes = {NAME_ATTRIBUTE, *(step.attribute for update in updates for step in update.modifications)}
    steps: dict[str, tuple[Modification, ...]] = {}
    for update in updates:
        steps[update.feide_name] = (*steps.get(update.feide_name, ()), *update.modifications)
    found = ((_name(entry), entry) for entry in holding(directory, NAME_ATTRIBUTE, list(steps), sorted(attributes)))
    return frozenset(name for name, entry in found if name in steps and satisfies(entry, steps[name]))


def _name(entry: Entry) -> str:
    return (entry.text(NAME_ATTRIBUTE) or "").lower()


def _new_name(change: Naming) -> str:
    return change.to if isinstance(change, Rename) else change.feide_name


def _dns(dns: Iterable[DN]) -> str:
    return " and ".join(f"the entry {scrub(str(dn))}" for dn in dns)


def name_taken(change: Naming) -> Refusal:
    """What is said of a user whose new name somebody else has by now."""
    return held(change, "R-NAME-TAKEN", f"The name {_new_name(change)} was taken meanwhile. Run again.")


def held(change: Change, code: str, sentence: str) -> Refusal:
    """A change that waits for a person to decide."""
    return Refusal(code, sentence, True, change.origin, change.feide_name)


def told_apart(changes: Sequence[Writable], answers: KnownUsers) -> tuple[list[Writable], list[Refusal]]:
    """The changes without those that want the same source id, and without the numbers that two users are to get: of
    either nobody gets it, because nobody here can know whose it is. And what is said of them.

    Names are given out one by one: see the executor.
    """
    possible: list[Writable] = []
    refusals: list[Refusal] = []
    persons = _twice((change for change in changes if isinstance(change, Create)), _person)
    numbers = _numbers_of_two(changes, answers)
    for change in changes:
        if isinstance(change, Create) and persons and _person(change) in persons:
            refusals.append(
                held(change, "R-DUPLICATE", "The plan makes two users with this source id. Neither is made: keep one.")
            )
        elif numbers and change.number and same_number(change.number) in numbers:
            sentence = f"The number for {change.feide_name} is another user's too in this plan. Keep the right one."
            refusals.append(held(change, "R-NUMBER-TWICE", sentence))
            possible += [change.without_number()] if isinstance(change, Create) else []
        else:
            possible.append(change)
    return possible, refusals


def _person(create: Create) -> str:
    return fold(create.source_id)


def _twice(creates: Iterable[Create], key: Callable[[Create], Hashable]) -> set[Hashable]:
    seen, twice = set[Hashable](), set[Hashable]()
    for create in creates:
        value = key(create)
        (twice if value in seen else seen).add(value)
    return twice


def _numbers_of_two(changes: Sequence[Writable], answers: KnownUsers) -> set[bytes]:
    users: dict[bytes, set[str]] = defaultdict(set)
    for change in changes:
        if change.number is not None:
            users[same_number(change.number)].add(change.feide_name)
    return {
        number
        for number, names in users.items()
        if any(not answers.may_share(one, other) for one in names for other in names if one != other)
    }


IN_ONE_READ = 1_000
"""Of more values than this, all entries are read once, with these attributes alone: 20,000 users by three attributes
would be 600 requests with 60,000 terms."""


Asked = tuple[str, str, DN | None]
"""An attribute and a value that somebody is to have alone, and that entry, where there is one."""


class Identities:
    """The entries that have values that somebody is to get, or has just got."""

    def __init__(self) -> None:
        self._holders: dict[tuple[str, str], tuple[DN, ...]] = {}

    @classmethod
    def read(cls, directory: Directory, asked: Iterable[Asked]) -> Self:
        """Who has these values, apart from those who may."""
        values: dict[str, list[str]] = defaultdict(list)
        wanted: dict[str, dict[str, DN | None]] = defaultdict(dict)
        for attribute, value, own in asked:
            folded = fold(value)
            values[attribute].append(value)
            wanted[attribute][value if folded == value else folded] = own  # one text in memory, not two
        found = cls()
        if any(len(some) > IN_ONE_READ for some in values.values()):
            for entry in directory.having(list(values), list(values)):
                found._take(entry, wanted)
        else:
            for attribute, some in values.items():
                for entry in directory.matching(attribute, some, [attribute]):
                    found._take(entry, {attribute: wanted[attribute]})
        return found

    def of(self, attribute: str, value: str) -> tuple[DN, ...]:
        """The entries that have this value, apart from the one that may."""
        return self._holders.get((attribute, fold(value)), ()) if self._holders else ()

    def _take(self, entry: Entry, wanted: Mapping[str, Mapping[str, DN | None]]) -> None:
        itself: DN | None = None  # names are compared once for an entry, not for each of its attributes
        for attribute, values in wanted.items():
            for value in map(fold, entry.texts(attribute)):
                if value not in values:
                    continue
                own = values[value]
                if own is not None and (own is itself or own == entry.dn):
                    itself = own
                    continue
                key = attribute, value
                self._holders[key] = (*self._holders.get(key, ()), entry.dn)


def holding(directory: Directory, attribute: str, values: Sequence[str], attributes: Sequence[str]) -> Iterator[Entry]:
    """The entries with one of these values: in one read where they are many."""
    if len(values) <= IN_ONE_READ:
        yield from directory.matching(attribute, values, attributes)
        return
    wanted = set(map(fold, values))
    for entry in directory.having([attribute], attributes):
        if not wanted.isdisjoint(map(fold, entry.texts(attribute))):
            yield entry
