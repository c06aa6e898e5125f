"""A plan in the making: what every kind of list has in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from feideprov.directory.entry import Entry
from feideprov.directory.protocol import NUMBER_ATTRIBUTE
from feideprov.feide.build import UsableNumber
from feideprov.feide.person import Origin
from feideprov.numbers import NationalNumber, NumberKind, NumberText
from feideprov.provision.answers import Answers
from feideprov.provision.change import NAME_ATTRIBUTE, Attach, Change, Create, Plan, Refusal
from feideprov.provision.found import Found, Holder, stands_in
from feideprov.provision.mark import normal_digits


@dataclass
class Draft:
    """Collects changes and refusals, and knows who holds which number."""

    found: Found
    answers: Answers
    on: date
    changes: list[Change] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    unchanged: int = 0

    def refuse(
        self, code: str, sentence: str, origin: Origin | None, user: str | None = None, *, held: bool = True
    ) -> None:
        """Leave something out, and say why."""
        self.refusals.append(Refusal(code, sentence, held, origin, user))

    def attach(self, entry: Entry, usable: UsableNumber, origin: Origin | None) -> None:
        """The number for a user; nothing where it is there already, a held row where a person has to decide."""
        number, feide_name = usable.number, name_of(entry)
        held = entry.text(NUMBER_ATTRIBUTE)
        if holds(entry, number) or (held is not None and number.kind is NumberKind.DUF):
            return  # a DUF number never takes the place of another
        if held is not None and not stands_in(held, self.on):
            sentence = f"{feide_name} holds another number. If the number has changed, use replace."
            self.refuse("R-OTHER-NUMBER", sentence, origin, feide_name)
        elif others := self.others_holding(number, feide_name):
            self.refuse("R-HELD-BY-ANOTHER", held_by(others, feide_name), origin, feide_name)
        else:
            source_id = entry.text(self.found.source_id_attribute)
            self.changes.append(
                Attach(feide_name, entry.dn, number, usable.evidence, usable.lifted, held, source_id, origin)
            )

    def others_holding(self, number: NationalNumber, feide_name: str) -> list[Holder]:
        """Who else holds the number, apart from those who may."""
        return [
            holder
            for holder in self.found.holders.get(normal_digits(number.reveal()), [])
            if holder.feide_name != feide_name and not self.answers.may_share(holder.feide_name, feide_name)
        ]

    def finished(self) -> Plan:
        """The plan."""
        self._hold_numbers_of_two_rows()
        self._hold_users_of_two_numbers()
        ours = sum(name in self.answers.ours for name in self.found.by_feide_name)
        return Plan(tuple(self.changes), tuple(self.refusals), self.unchanged, ours)

    def _hold_numbers_of_two_rows(self) -> None:
        """Two rows with one number: neither gets it, because nobody here can know whose it is."""
        digits = Counter(normal_digits(c.number.reveal()) for c in self.changes if c.number is not None)
        for change in [c for c in self.changes if c.number is not None]:
            if change.number is None or digits[normal_digits(change.number.reveal())] == 1:
                continue
            sentence = f"The number for {change.feide_name} stands in another row too. Correct the list."
            self.refuse("R-NUMBER-TWICE", sentence, change.origin, change.feide_name)
            position = self.changes.index(change)
            self.changes[position : position + 1] = [change.without_number()] if isinstance(change, Create) else []

    def _hold_users_of_two_numbers(self) -> None:
        """Two different numbers for one user: nobody here can know which is right."""
        users = Counter(c.feide_name for c in self.changes if isinstance(c, Attach))
        for change in [c for c in self.changes if isinstance(c, Attach) and users[c.feide_name] > 1]:
            sentence = f"The list has two numbers for {change.feide_name}. Keep the right one, then run again."
            self.refuse("R-TWO-NUMBERS", sentence, change.origin, change.feide_name)
            self.changes.remove(change)


def name_of(entry: Entry) -> str:
    """The Feide name of an entry, in lower case; empty when it has none."""
    return (entry.text(NAME_ATTRIBUTE) or "").lower()


def holds(entry: Entry, number: NationalNumber | NumberText) -> bool:
    """Does the entry hold this very number?"""
    digits = normal_digits(number.reveal())
    return digits in {normal_digits(text) for text in entry.texts(NUMBER_ATTRIBUTE)}


def held_by(holders: Sequence[Holder], feide_name: str) -> str:
    """The sentence for a number that somebody else holds, with the next step."""
    names = " and ".join(holder.feide_name or "an entry without a Feide name" for holder in holders)
    return (
        f"The number for {feide_name} is held by {names}. Find out whose it is; nothing was changed. If both are "
        f"accounts of one person: resolve {feide_name} --second-account-of {holders[0].feide_name or 'USER'}."
    )
