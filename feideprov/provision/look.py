"""A look at the directory, before changes and after them: who has what is to be one user's alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from feideprov.directory import rules
from feideprov.directory.dn import DN, fold
from feideprov.directory.entry import Entry, Modification
from feideprov.directory.protocol import NAME_ATTRIBUTE, NUMBER_ATTRIBUTE, PRIOR_NAME_ATTRIBUTE, Directory
from feideprov.errors import DirectoryError
from feideprov.provision.answers import Answers
from feideprov.provision.change import Attach, Change, Create, Replace, Update, Withdraw, Writable
from feideprov.provision.found import Holder, NumberKey, numbers_held
from feideprov.provision.login_change import Rename
from feideprov.provision.mark import same_number
from feideprov.provision.outcome import Refusal
from feideprov.provision.unit_change import Amend

Naming = Create | Rename
"""A change that gives a user a Feide name."""


@dataclass(repr=False)
class Look:
    """What the directory held at one moment of what some changes are about."""

    directory: Directory
    answers: Answers
    source_id_attribute: str | None
    identities: Mapping[tuple[str, str], set[DN]]
    """For an attribute and a value (folded): the entries that have it."""
    holders: Mapping[NumberKey, list[Holder]]
    entries: Mapping[str, Entry]
    """The users that are to be updated, by Feide name."""

    @classmethod
    def take(
        cls, directory: Directory, changes: Sequence[Writable], answers: Answers, source_id_attribute: str | None
    ) -> Self:
        """One look for all the changes. Nothing is read that they do not need."""
        naming = [change for change in changes if isinstance(change, Naming)]
        return cls(
            directory,
            answers,
            source_id_attribute,
            _identities(directory, naming, source_id_attribute),
            numbers_held(directory) if any(change.number for change in changes) else {},
            _entries(directory, [change for change in changes if isinstance(change, Update)]),
        )

    def was_done(self, change: Writable) -> bool:
        """Is the directory as this change would make it? Then the same plan was carried out before."""
        match change:
            case Create(user):
                keys = [("uid", fold(user.user_name)), (NAME_ATTRIBUTE, fold(user.feide_name))]
                keys += [(self.source_id_attribute, fold(user.source_id))] if self.source_id_attribute else []
                return all(self.identities.get(key) == {change.dn} for key in keys)
            case Attach() | Replace():
                return any(holder.dn == change.dn for holder in self._holders(change))
            case Withdraw():
                entry = self.directory.read(change.dn, (NUMBER_ATTRIBUTE,))
                held = map(same_number, entry.texts(NUMBER_ATTRIBUTE)) if entry else [same_number(change.old)]
                return same_number(change.old) not in held
            case Rename():
                entry = self.directory.read(change.new_dn, (NAME_ATTRIBUTE, PRIOR_NAME_ATTRIBUTE))
                return stand(entry, change.names)
            case Update():
                return stand(self.entries.get(change.feide_name), change.modifications)
            case Amend():
                return stand(self.directory.read(change.dn), change.modifications)
            case _:
                return False  # what is there already, the directory says; a password nobody can read

    def taken(self, change: Naming, *, own: DN | None) -> Refusal | None:
        """Why the user cannot have this name or source id; None when nobody but `own` has them."""
        if isinstance(change, Create):
            source_id = (self.source_id_attribute or "", fold(change.user.source_id))
            if self.identities.get(source_id, set()) - {own}:
                return held(change, "R-MADE-MEANWHILE", "A user with this source id was made meanwhile. Run again.")
        feide_name = _new_name(change)
        keys = ("uid", fold(feide_name.partition("@")[0])), (NAME_ATTRIBUTE, fold(feide_name))
        return name_taken(change) if any(self.identities.get(key, set()) - {own} for key in keys) else None

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
        if change.number and change.dn not in {holder.dn for holder in self._holders(change)}:
            raise DirectoryError(
                f"The number of {change.feide_name} was written but cannot be read back, so nobody can tell who "
                "else holds it. Give the bind account read access to norEduPersonNIN, then run again."
            )

    def _holders(self, change: Writable) -> list[Holder]:
        return self.holders.get(same_number(change.number), []) if change.number else []


def _identities(
    directory: Directory, changes: Sequence[Naming], source_id_attribute: str | None
) -> Mapping[tuple[str, str], set[DN]]:
    """Who has the uids, Feide names and source ids that are to be new."""
    names = [_new_name(change) for change in changes]
    wanted = {"uid": [name.partition("@")[0] for name in names], NAME_ATTRIBUTE: names}
    if source_id_attribute:
        wanted[source_id_attribute] = [change.user.source_id for change in changes if isinstance(change, Create)]
    found: dict[tuple[str, str], set[DN]] = defaultdict(set)
    for attribute, values in wanted.items():
        for entry in directory.matching(attribute, values, [attribute]) if values else ():
            for text in entry.texts(attribute):
                found[attribute, fold(text)].add(entry.dn)
    return found


def _entries(directory: Directory, updates: Sequence[Update]) -> Mapping[str, Entry]:
    if not updates:
        return {}
    attributes = {NAME_ATTRIBUTE, *(step.attribute for update in updates for step in update.modifications)}
    found = directory.matching(NAME_ATTRIBUTE, [update.feide_name for update in updates], sorted(attributes))
    return {(entry.text(NAME_ATTRIBUTE) or "").lower(): entry for entry in found}


def stand(entry: Entry | None, steps: Sequence[Modification]) -> bool:
    """Is the entry as these steps would make it? To the letter, or as a server compares values: a step may change
    nothing but capitals, and a server may give a value back in other ones."""
    return entry is not None and any(
        all(_stands(entry, step, comparable) for step in steps) for comparable in (_to_the_letter, rules.comparable)
    )


def _stands(entry: Entry, step: Modification, comparable: Callable[[str, bytes], Hashable]) -> bool:
    there = {comparable(step.attribute, value) for value in entry.values(step.attribute)}
    values = {comparable(step.attribute, value) for value in step.values}
    return values <= there if step.operation == "add" else values.isdisjoint(there)


def _to_the_letter(_: str, value: bytes) -> bytes:
    return value


def _new_name(change: Naming) -> str:
    return change.to if isinstance(change, Rename) else change.feide_name


def name_taken(change: Naming) -> Refusal:
    """What is said of a user whose new name somebody else has by now."""
    return held(change, "R-NAME-TAKEN", f"The name {_new_name(change)} was taken meanwhile. Run again.")


def held(change: Change, code: str, sentence: str) -> Refusal:
    """A change that waits for a person to decide."""
    return Refusal(code, sentence, True, change.origin, change.feide_name)
