"""A plan in the making: what every kind of list has in common."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry
from feideprov.directory.protocol import NAME_ATTRIBUTE, NUMBER_ATTRIBUTE
from feideprov.errors import Refused
from feideprov.feide.build import UsableNumber
from feideprov.feide.lin import LIN_ATTRIBUTE, SUBSTITUTES, read_local_number
from feideprov.issues import Origin, Refusal
from feideprov.journal.users import KnownUsers
from feideprov.numbers import Evidence, NationalNumber, NumberKind, NumberText, number_shaped
from feideprov.numbers.compare import same_number
from feideprov.provision.plan.changes import Attach, Change, Create, Replace, Withdraw
from feideprov.provision.plan.directory_state import DirectoryState, Holder, stands_in
from feideprov.provision.plan.plan import Plan
from feideprov.provision.plan.user_names import TakenNames


@dataclass(repr=False)
class PlanBuilder:
    """Collects changes and refusals, and knows who holds which number."""

    found: DirectoryState
    answers: KnownUsers
    on: date
    local_numbers_of: str | None = None
    """The realm whose local numbers leave when the national number comes; None: they stay."""
    changes: list[Change] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    unchanged: int = 0
    _withdrawn: set[DN] = field(default_factory=set)

    @property
    def taken_names(self) -> TakenNames:
        """The user names that nobody may get."""
        return TakenNames(self.found.user_names, self.answers.issued)

    def refuse(
        self, code: str, sentence: str, origin: Origin | None, user: str | None = None, *, held: bool = True
    ) -> None:
        """Leave something out, and say why."""
        self.refusals.append(Refusal(code, sentence, held, origin, user))

    def attach(self, entry: Entry, usable: UsableNumber, origin: Origin | None, source_id: str | None = None) -> None:
        """The number for a user; nothing where it is there already, a held row where a person has to decide.

        `source_id` is the one that the row gives, by default the entry's own.
        """
        number, feide_name = usable.number, name_of(entry)
        source_id = source_id or entry.text(self.found.source_id_attribute)
        held = entry.text(NUMBER_ATTRIBUTE)
        if holds(entry, number) or (held is not None and number.kind is NumberKind.DUF):
            return  # a DUF number never takes the place of another
        if held is not None and not stands_in(held, self.on):
            sentence = f"{feide_name} holds another number. Find out which is right. If it has changed: replace."
            self.refuse("R-OTHER-NUMBER", sentence, origin, feide_name)
        elif not self._held_by_another(number, feide_name, origin):
            instead_of = None if held is None else NumberText(held)
            drops = () if number.kind is NumberKind.DUF else local_numbers(entry, self.local_numbers_of, number)
            self.changes.append(
                Attach(
                    feide_name, entry.dn, number, usable.evidence, usable.lifted, instead_of, drops, source_id, origin
                )
            )

    def replace(self, entry: Entry, usable: UsableNumber, old: NumberText, origin: Origin | None) -> None:
        """The number for a user in place of the old one; a held row where the user holds another one or none."""
        number, feide_name = usable.number, name_of(entry)
        held = self._number_named(entry, old)
        if held is None:
            sentence = f"{feide_name} holds no number, so none can be replaced. If this one has arrived: attach."
            self.refuse("R-NO-NUMBER", sentence, origin, feide_name)
        elif number.kind is not NumberKind.DUF and stands_in(held, self.on):
            sentence = f"{feide_name} holds a DUF number, which only stands in until this number comes: attach it."
            self.refuse("R-NO-NUMBER", sentence, origin, feide_name)
        elif number.kind is NumberKind.DUF and not stands_in(held, self.on):
            sentence = f"{feide_name} holds a national number, and no DUF number takes its place. If it is wrong: "
            self.refuse("R-OTHER-NUMBER", f"{sentence}withdraw.", origin, feide_name)
        elif not self._held_by_another(number, feide_name, origin):
            source_id = entry.text(self.found.source_id_attribute)
            change = Replace(
                feide_name, entry.dn, number, NumberText(held), usable.evidence, usable.lifted, source_id, origin
            )
            self.changes.append(change)

    def withdraw(self, entry: Entry, old: NumberText, evidence: Evidence | None, origin: Origin | None) -> None:
        """The number away from a user; nothing where there is none, a held row where the user holds another one."""
        held = self._number_named(entry, old)
        if held is None or entry.dn in self._withdrawn:
            self.unchanged += 1
            return
        self._withdrawn.add(entry.dn)
        source_id = entry.text(self.found.source_id_attribute)
        self.changes.append(Withdraw(name_of(entry), entry.dn, NumberText(held), evidence, source_id, origin))

    def _number_named(self, entry: Entry, old: NumberText) -> str | None:
        """The number of an entry as it is spelled there, if a row names it: that one may be wrong itself, so it is
        compared, not judged. None when there is no number.

        Raises Refused (R-OLD-NUMBER) when there is another.
        """
        for text in entry.texts(NUMBER_ATTRIBUTE):
            if same_number(text) == same_number(old):
                return text
        if not entry.values(NUMBER_ATTRIBUTE):
            return None
        sentence = f"{name_of(entry)} holds another number than the one that is to go. Find out which is right."
        raise Refused(sentence, code="R-OLD-NUMBER", held=True)

    def _held_by_another(self, number: NationalNumber, feide_name: str, origin: Origin | None) -> bool:
        """Does somebody else hold the number? Then the row is held: two people are never merged."""
        others = self.others_holding(number, feide_name)
        if others:
            self.refuse("R-HELD-BY-ANOTHER", held_by(others, feide_name), origin, feide_name)
        return bool(others)

    def others_holding(self, number: NationalNumber | NumberText, feide_name: str) -> list[Holder]:
        """Who else holds the number, apart from those who may."""
        return [
            holder
            for holder in self.found.holders.get(same_number(number), [])
            if holder.feide_name != feide_name and not self.answers.may_share(holder.feide_name, feide_name)
        ]

    def nameless(self, user: str) -> Entry | None:
        """The entry of a closed user whose Feide name was moved away (`[login] by = "entra"`)."""
        if user not in self.answers.closed or user in self.found.by_feide_name:
            return None
        return next((entry for entry in self.found.entries if entry.dn == self.answers.closed[user]), None)

    def finished(self) -> Plan:
        """The plan."""
        self._hold_numbers_of_two_rows()
        self._hold_users_of_two_numbers()
        ours = sum(name in self.answers.ours for name in self.found.by_feide_name)
        return Plan(tuple(self.changes), tuple(self.refusals), self.unchanged, ours)

    def _hold_numbers_of_two_rows(self) -> None:
        """One number for two users: neither gets it, because nobody here can know whose it is.

        Two accounts of one person may both have it; one user's number that stands twice is written once.
        """
        users: dict[bytes, set[str]] = defaultdict(set)
        for change in self.changes:
            if change.number is not None:
                users[same_number(change.number)].add(change.feide_name)
        kept: list[Change] = []
        seen: set[tuple[str, bytes]] = set()
        for change in self.changes:
            if change.number is None:
                kept.append(change)
                continue
            number = same_number(change.number)
            others = users[number] - {change.feide_name}
            if any(not self.answers.may_share(other, change.feide_name) for other in others):
                sentence = f"The number for {change.feide_name} stands in another row too. Correct the list."
                self.refuse("R-NUMBER-TWICE", sentence, change.origin, change.feide_name)
                kept += [change.without_number()] if isinstance(change, Create) else []
            elif (change.feide_name, number) in seen:
                self.unchanged += 1
            else:
                seen.add((change.feide_name, number))
                kept.append(change)
        self.changes = kept

    def _hold_users_of_two_numbers(self) -> None:
        """Two different numbers for one user: nobody here can know which is right."""
        users = Counter(c.feide_name for c in self.changes if isinstance(c, Attach | Replace))
        for change in [c for c in self.changes if isinstance(c, Attach | Replace) and users[c.feide_name] > 1]:
            sentence = f"The list has two numbers for {change.feide_name}. Keep the right one, then run again."
            self.refuse("R-TWO-NUMBERS", sentence, change.origin, change.feide_name)
            self.changes.remove(change)


def name_of(entry: Entry) -> str:
    """The Feide name of an entry, in lower case; empty when it has none."""
    return (entry.text(NAME_ATTRIBUTE) or "").lower()


def usable_name_of(entry: Entry) -> str:
    """The same, for an entry that is to be changed: its name is written to the journal and shown.

    Raises Refused (R-NO-NAME, R-NUMBER-AS-NAME) when it cannot be.
    """
    feide_name = name_of(entry)
    if not feide_name:
        raise Refused("The user's entry has no Feide name: correct the directory.", code="R-NO-NAME", held=True)
    if number_shaped(feide_name) or number_shaped(str(entry.dn)):
        sentence = "The user's name or DN looks like an identity number: rename the user, then run again."
        raise Refused(sentence, code="R-NUMBER-AS-NAME", held=True)
    return feide_name


def holds(entry: Entry, number: NationalNumber | NumberText) -> bool:
    """Does the entry hold this very number?"""
    return same_number(number) in {same_number(text) for text in entry.texts(NUMBER_ATTRIBUTE)}


def local_numbers(entry: Entry, realm: str | None, number: NationalNumber) -> tuple[NumberText, ...]:
    """The values of norEduPersonLIN in which a number of this realm stands in for the national one, and any that
    turns out to be that very number."""
    found = ((text, read_local_number(text)) for text in entry.texts(LIN_ATTRIBUTE))
    return tuple(
        NumberText(text)
        for text, local in found
        if local and local.kind in SUBSTITUTES and (local.realm == realm or same_number(local.id) == same_number(number))
    )


def held_by(holders: Sequence[Holder], feide_name: str) -> str:
    """The sentence for a number that somebody else holds, with the next step."""
    names = " and ".join(holder.feide_name or "an entry without a Feide name" for holder in holders)
    return (
        f"The number for {feide_name} is held by {names}. Find out whose it is; nothing was changed. If both are "
        f"accounts of one person: resolve {feide_name} --second-account-of {holders[0].feide_name or 'USER'}."
    )
