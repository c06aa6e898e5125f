"""What conflicts with changes in the directory, before and after they are made: who else has a name, a source id or a
number."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, Self

from feideprov.directory.conditions import satisfies
from feideprov.directory.dn import DN, fold
from feideprov.directory.entry import Entry, Modification
from feideprov.directory.protocol import NAME_ATTRIBUTE, NUMBER_ATTRIBUTE, PRIOR_NAME_ATTRIBUTE, Directory, name_of
from feideprov.errors import DirectoryError, scrub
from feideprov.issues import Refusal, code
from feideprov.journal.users import KnownUsers
from feideprov.messages import Sentence, listed
from feideprov.numbers.compare import same_number
from feideprov.provision.plan.changes import Attach, Change, Create, Replace, Update, Withdraw, Writable
from feideprov.provision.plan.holders import (
    R_NUMBER_TWICE,
    Holder,
    NumberKey,
    numbers_held,
    numbers_planned,
    other_holders,
    shown_name,
)
from feideprov.provision.plan.login_changes import Rename
from feideprov.provision.plan.logins import R_NAME_TAKEN
from feideprov.provision.plan.people.hidden import hidden
from feideprov.provision.plan.people.planner import R_DUPLICATE
from feideprov.provision.plan.unit_changes import UpdateUnit

R_MADE_MEANWHILE: Final = code(
    "R-MADE-MEANWHILE",
    Sentence("Held: another user with this source id was created after the plan was made, or at the same moment."),
    Sentence("Run again. If you used a saved plan, make it again first."),
)

Naming = Create | Rename
"""A change that gives a user a Feide name."""


class Duplicate(NamedTuple):
    """What a change gave to a user, and other entries got too. `refusal` is for a change that was undone."""

    refusal: Refusal
    others: Sentence


@dataclass(repr=False)
class Conflicts:
    """The names, source ids and numbers of some changes, as the directory had them at one moment."""

    directory: Directory
    known_users: KnownUsers
    source_id_attribute: str | None
    identities: Identities
    """Before the changes: who has the new names and source ids. After them: who else has them."""
    holders: Mapping[NumberKey, list[Holder]]
    updated: frozenset[str] = field(default=frozenset())
    """The Feide names of users that are already as their update would make them."""

    @classmethod
    def before(
        cls, directory: Directory, changes: Sequence[Writable], known_users: KnownUsers, source_id_attribute: str | None
    ) -> Self:
        """What conflicts with these changes before they are made. Only what they need is read."""
        return cls(
            directory,
            known_users,
            source_id_attribute,
            Identities.read(directory, _asked(changes, source_id_attribute, own=False)),
            numbers_held(directory) if any(change.number for change in changes) else {},
            _updated(directory, [change for change in changes if isinstance(change, Update)]),
        )

    @classmethod
    def after(
        cls, directory: Directory, changes: Sequence[Writable], known_users: KnownUsers, source_id_attribute: str | None
    ) -> Self:
        """What conflicts with these changes after they were made: who else has the same."""
        return cls(
            directory,
            known_users,
            source_id_attribute,
            Identities.read(directory, _asked(changes, source_id_attribute, own=True)),
            numbers_held(directory) if any(change.number for change in changes) else {},
        )

    def was_done(self, change: Writable) -> bool:
        """Is the directory as this change would make it? Then the same plan was applied before."""
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
                return False  # the directory refuses to add an entry twice; passwords cannot be read

    def taken(self, change: Naming) -> Refusal | None:
        """Why the user to be created or renamed cannot have this name or source id: somebody has it."""
        if self._same_person(change):
            sentence = Sentence(
                "A user with this source id was created after the plan was made. Run again. If you used a saved "
                "plan, make it again first."
            )
            return held(change, R_MADE_MEANWHILE, sentence)
        if isinstance(change, Create) and (made := self.known_users.made_for(change.source_id)):
            refused = hidden(made[0].feide_name)
            return held(change, refused.code, refused.sentence)
        return name_taken(change) if self._same_name(change) else None

    def duplicate(self, change: Naming) -> Duplicate | None:
        """Why a user who was created or renamed cannot keep the name or source id: somebody else got it too."""
        if same_person := self._same_person(change):
            others = self._names(same_person)
            sentence = Sentence(
                "At the same moment {others} got the same source id, so {user} was not created. Run again.",
                others=others,
                user=change.feide_name,
            )
            return Duplicate(held(change, R_MADE_MEANWHILE, sentence), others)
        if same_name := self._same_name(change):
            others = entries(same_name)
            return Duplicate(held(change, R_NAME_TAKEN, _name_given_twice(change, others)), others)
        return None

    def other_holders(self, change: Writable) -> list[Holder]:
        """Who else has the number of this change, apart from those who may."""
        return other_holders(self._holders(change), change.feide_name, change.dn, self.known_users)

    def must_show_number(self, change: Writable) -> None:
        """Raises DirectoryError when a number that was written cannot be read: with a bind account that may write
        numbers but not read them, a second holder is never seen."""
        if change.number and all(holder.dn != change.dn for holder in self._holders(change)):
            raise DirectoryError(
                Sentence(
                    "The number of {user} was written but cannot be read, so it is not known whether another "
                    "user has it. Give the bind account the right to read norEduPersonNIN, then run again.",
                    user=change.feide_name,
                )
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

    def _names(self, dns: Iterable[DN]) -> Sentence:
        found = [(dn, self.directory.read(dn, (NAME_ATTRIBUTE,))) for dn in dns]
        return listed((shown_name(entry) if entry else "") or _entry(dn) for dn, entry in found)


def _asked(changes: Iterable[Writable], source_id_attribute: str | None, *, own: bool) -> Iterator[Asked]:
    """The new uids, Feide names and source ids. With `own`, each with the entry that has just got it."""
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
    found = (
        (name_of(entry), entry) for entry in entries_with(directory, NAME_ATTRIBUTE, list(steps), sorted(attributes))
    )
    return frozenset(name for name, entry in found if name in steps and satisfies(entry, steps[name]))


def _new_name(change: Naming) -> str:
    return change.to if isinstance(change, Rename) else change.feide_name


def _name_given_twice(change: Naming, others: Sentence) -> Sentence:
    if isinstance(change, Create):
        return Sentence(
            "{user} was not created, because another entry got this name at the same moment: {others}. Run again.",
            others=others,
            user=change.feide_name,
        )
    return Sentence(
        "{user} was not renamed to {name}, because another entry got that name at the same moment: {others}. Run "
        "again.",
        others=others,
        name=change.to,
        user=change.feide_name,
    )


def entries(dns: Iterable[DN]) -> Sentence:
    """Entries in a sentence."""
    return listed(map(_entry, dns))


def _entry(dn: DN) -> Sentence:
    return Sentence("the entry {dn}", dn=scrub(str(dn)))


def name_taken(change: Naming) -> Refusal:
    """The refusal of a change whose new Feide name somebody else has now."""
    sentence = Sentence(
        "The name {name} was taken after the plan was made. Run again. If you used a saved plan, make it again first.",
        name=_new_name(change),
    )
    return held(change, R_NAME_TAKEN, sentence)


def held(change: Change, code: str, sentence: str) -> Refusal:
    """A change that is held for a person to decide."""
    return Refusal(code, sentence, True, change.origin, change.feide_name)


def without_duplicates(changes: Sequence[Writable], known_users: KnownUsers) -> tuple[list[Writable], list[Refusal]]:
    """The changes without the creations that have the same source id, and without the numbers that two users would get;
    and the refusals of these. Neither user gets it, because only a person can find out whose it is.

    Names are given out one by one: see the executor.
    """
    possible: list[Writable] = []
    refusals: list[Refusal] = []
    creations = Counter(_person(change) for change in changes if isinstance(change, Create))
    twice = {source_id for source_id, count in creations.items() if count > 1}
    planned = numbers_planned(changes)
    for change in changes:
        if twice and isinstance(change, Create) and _person(change) in twice:
            sentence = Sentence(
                "The plan creates two users with this source id, so neither of them was created. Keep only the "
                "right one."
            )
            refusals.append(held(change, R_DUPLICATE, sentence))
        elif change.number is not None and other_holders(
            planned[same_number(change.number)], change.feide_name, change.dn, known_users
        ):
            sentence = Sentence(
                "The plan gives the number for {user} to another user too. Keep only the right change.",
                user=change.feide_name,
            )
            refusals.append(held(change, R_NUMBER_TWICE, sentence))
            possible += [change.without_number()] if isinstance(change, Create) else []
        else:
            possible.append(change)
    return possible, refusals


def _person(create: Create) -> str:
    return fold(create.source_id)


IN_ONE_READ = 1_000
"""For more values than this, all entries are read once, with only these attributes: 20,000 users by three attributes
would be 600 requests with 60,000 terms."""


Asked = tuple[str, str, DN | None]
"""An attribute, a value of it that must be unique, and the entry that may have it, if there is one."""


class Identities:
    """The entries that have names or source ids that a user is to get, or has just got."""

    def __init__(self) -> None:
        self._holders: dict[tuple[str, str], tuple[DN, ...]] = {}

    @classmethod
    def read(cls, directory: Directory, asked: Iterable[Asked]) -> Self:
        """Reads who has these values, apart from the entries that may."""
        values: dict[str, list[str]] = defaultdict(list)
        wanted: dict[str, dict[str, DN | None]] = defaultdict(dict)
        for attribute, value, own in asked:
            folded = fold(value)
            values[attribute].append(value)
            wanted[attribute][value if folded == value else folded] = own  # one text in memory, not two
        identities = cls()
        if any(len(some) > IN_ONE_READ for some in values.values()):
            for entry in directory.having(list(values), list(values)):
                identities._add(entry, wanted)
        else:
            for attribute, some in values.items():
                for entry in directory.matching(attribute, some, [attribute]):
                    identities._add(entry, {attribute: wanted[attribute]})
        return identities

    def of(self, attribute: str, value: str) -> tuple[DN, ...]:
        """The entries that have this value, apart from the entry that may."""
        return self._holders.get((attribute, fold(value)), ()) if self._holders else ()

    def _add(self, entry: Entry, wanted: Mapping[str, Mapping[str, DN | None]]) -> None:
        itself: DN | None = None  # DNs are compared once for an entry, not for each of its attributes
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


def entries_with(
    directory: Directory, attribute: str, values: Sequence[str], attributes: Sequence[str]
) -> Iterator[Entry]:
    """The entries with one of these values. Many values are read at once."""
    if len(values) <= IN_ONE_READ:
        yield from directory.matching(attribute, values, attributes)
        return
    wanted = set(map(fold, values))
    for entry in directory.having([attribute], attributes):
        if not wanted.isdisjoint(map(fold, entry.texts(attribute))):
            yield entry
