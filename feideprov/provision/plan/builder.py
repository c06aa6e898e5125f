"""A plan in the making: what every kind of list has in common."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Final

from feideprov.directory.dn import DN, same_key
from feideprov.directory.entry import Entry
from feideprov.directory.protocol import NUMBER_ATTRIBUTE, name_of
from feideprov.errors import Refused
from feideprov.feide.build import R_TWO_NUMBERS, UsableNumber
from feideprov.feide.organization import HostOrganization
from feideprov.issues import R_HELD_BY_ANOTHER, Origin, Refusal, code, in_row_order
from feideprov.journal.user.protection import Protection
from feideprov.journal.users import KnownUsers
from feideprov.messages import Sentence
from feideprov.numbers import Evidence, NationalNumber, NumberKind, NumberText
from feideprov.numbers.compare import same_number
from feideprov.provision.plan.changes import Attach, Change, Create, Protect, Replace, Withdraw
from feideprov.provision.plan.differences import R_SCHEMA, judged_by_schema
from feideprov.provision.plan.directory_state import DirectoryState, is_provisional
from feideprov.provision.plan.holders import (
    R_NUMBER_TWICE,
    R_OTHER_NUMBER,
    R_WITHDRAWN,
    Holder,
    held_by,
    holds,
    local_numbers,
    not_replaceable,
    not_seen_since,
    numbers_planned,
    other_holders,
    other_number,
)
from feideprov.provision.plan.people.hidden import HiddenNumbers, hidden, hidden_user
from feideprov.provision.plan.people.listed_person import Marked
from feideprov.provision.plan.people.named_changes import named
from feideprov.provision.plan.people.open_question import OpenQuestion
from feideprov.provision.plan.plan import ListedRows, Plan
from feideprov.provision.plan.unit_changes import CreateUnit, UpdateUnit
from feideprov.provision.plan.user_names import TakenNames

R_OLD_NUMBER: Final = code(
    "R-OLD-NUMBER",
    Sentence("Held: the number that the row replaces or removes is not the number that the user has."),
    Sentence("Find out which number is right, and correct the list."),
)
R_CLOSED: Final = code(
    "R-CLOSED",
    Sentence("Held: the user is closed."),
    Sentence("If the person is back, first reopen the user: feideprov reopen USER"),
)
R_NOT_OURS: Final = code(
    "R-NOT-OURS",
    Sentence(
        "Held: this tool did not create the user, or the user was released to another system. Therefore this tool does "
        "not change the user."
    ),
    Sentence("If it is the right user, run: feideprov resolve USER --same-as SOURCE_ID --yes"),
)


@dataclass(repr=False)
class PlanBuilder:
    """Collects changes and refusals."""

    state: DirectoryState
    known_users: KnownUsers
    on: date
    local_numbers_of: str | None = None
    """The realm whose local numbers are removed when the national number arrives; None: they stay."""
    organization: HostOrganization | None = None
    """Whose schools the users belong to; without it, no change names a school."""
    changes: list[Change] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    unchanged: int = 0
    notes: list[str] = field(default_factory=list)
    people: list[tuple[str, Marked]] = field(default_factory=list)
    """The persons of rows whose users are there, by Feide name."""
    users_of_rows: dict[int, str] = field(default_factory=dict)
    """The rows whose person is a user already, and the user's Feide name."""
    rows_of_waiting: set[int] = field(default_factory=set)
    """Those of them whose user has no number."""
    questions: list[OpenQuestion] = field(default_factory=list)
    about: str = ""
    """The source id of the row that is being planned."""
    _withdrawn: set[DN] = field(default_factory=set)

    @cached_property
    def _protection(self) -> Protection:
        protection = self.known_users.protection(self.state.source_id_attribute)
        for entry in self.state.entries:
            protection.add(entry)
        return protection

    def is_protected(self, entry: Entry) -> bool:
        """Whether an entry is that of a protected person's user, or may be."""
        return self.known_users.is_protected(name_of(entry)) or self._protection.covers(entry.dn)

    @cached_property
    def _hidden_numbers(self) -> HiddenNumbers:
        return HiddenNumbers(self.state, self.known_users)

    @property
    def taken_names(self) -> TakenNames:
        """The user names that must not be given to a new user."""
        return TakenNames(self.state.user_names, self.known_users.issued)

    def user(self, feide_name: str) -> Entry:
        """The one user of this Feide name today.

        Raises Refused as `DirectoryState.user`, and R-HIDDEN when the journal has the user.
        """
        state = self.state
        if feide_name not in state.by_feide_name and (user := hidden_user(state, self.known_users, feide_name)):
            raise hidden(user.feide_name)
        return state.user(feide_name)

    def refuse(
        self, code: str, sentence: str, origin: Origin | None, user: str | None = None, *, held: bool = True
    ) -> None:
        """Record what is not done, and why."""
        self.refusals.append(Refusal(code, sentence, held, origin, user, source_id=self.about))

    def attach(self, entry: Entry, usable: UsableNumber, origin: Origin | None, source_id: str | None = None) -> None:
        """The number for a user. Nothing is planned when the user has it already; the row is held when a person must
        decide.

        `source_id` is the one that the row gives, by default the entry's own.
        """
        number, feide_name = usable.number, name_of(entry)
        source_id = source_id or entry.text(self.state.source_id_attribute)
        held = entry.text(NUMBER_ATTRIBUTE)
        if holds(entry, number) or (held is not None and number.kind is NumberKind.DUF):
            return  # a DUF number never replaces another number
        if held is not None and not is_provisional(held, self.on):
            self.refuse(R_OTHER_NUMBER, other_number(number, feide_name, held, self.on), origin, feide_name)
        elif not self.kept_back(usable, feide_name, entry.dn, source_id, origin):
            instead_of = None if held is None else NumberText(held)
            drops = () if number.kind is NumberKind.DUF else local_numbers(entry, self.local_numbers_of, number)
            self.changes.append(
                Attach(
                    feide_name,
                    entry.dn,
                    number,
                    usable.evidence,
                    usable.lifted,
                    instead_of,
                    drops,
                    source_id,
                    origin,
                    usable.basis,
                )
            )

    def replace(self, entry: Entry, usable: UsableNumber, old: NumberText, origin: Origin | None) -> None:
        """The number for a user in place of the old one. The row is held when the user has another number or none."""
        number, feide_name = usable.number, name_of(entry)
        source_id = entry.text(self.state.source_id_attribute)
        held = self._number_named(entry, old)
        if refusal := not_replaceable(
            number, feide_name, provisional=None if held is None else is_provisional(held, self.on)
        ):
            self.refuse(*refusal, origin, feide_name)
        elif held is not None and not self.kept_back(usable, feide_name, entry.dn, source_id, origin):
            seen = usable.evidence, usable.lifted, source_id, origin, usable.basis
            change = Replace(feide_name, entry.dn, number, NumberText(held), *seen)
            self.changes.append(change)

    def withdraw(self, entry: Entry, old: NumberText, evidence: Evidence | None, origin: Origin | None) -> None:
        """Removes the number of a user. Nothing is planned when there is none; the row is held when the user has
        another one."""
        held = self._number_named(entry, old)
        if held is None or entry.dn in self._withdrawn:
            self.unchanged += 1
            return
        self._withdrawn.add(entry.dn)
        source_id = entry.text(self.state.source_id_attribute)
        self.changes.append(Withdraw(name_of(entry), entry.dn, NumberText(held), evidence, source_id, origin))

    def _number_named(self, entry: Entry, old: NumberText) -> str | None:
        """The number of an entry as it is spelled there, if it is the one that the row names; None when there is no
        number. It may be a wrong number, so it is compared, not judged.

        Raises Refused (R-OLD-NUMBER) when there is another.
        """
        for text in entry.texts(NUMBER_ATTRIBUTE):
            if same_number(text) == same_number(old):
                return text
        if not entry.values(NUMBER_ATTRIBUTE):
            return None
        sentence = Sentence(
            "The number that this row replaces or removes is not the number that {user} has. Find out which "
            "number is right, and correct the list.",
            user=name_of(entry),
        )
        raise Refused(sentence, code=R_OLD_NUMBER, held=True)

    def withdrawn(
        self, number: NationalNumber | NumberText, evidence: Evidence | None, feide_name: str, source_id: str | None
    ) -> Sentence | None:
        """Why a number that was withdrawn from the user does not come back; None when it may."""
        withdrawal = self.known_users.withdrawal_of(number, feide_name, source_id)
        return not_seen_since(withdrawal, evidence, feide_name, self.on) if withdrawal else None

    def kept_back(
        self, usable: UsableNumber, feide_name: str, dn: DN, source_id: str | None, origin: Origin | None
    ) -> bool:
        """Was the number withdrawn from the user, or does somebody else have it? Then the row is held: two people are
        never merged."""
        number = usable.number
        if sentence := self.withdrawn(number, usable.evidence, feide_name, source_id):
            self.refuse(R_WITHDRAWN, sentence, origin, feide_name)
            return True
        others = self.other_holders(number, feide_name, dn)
        if others:
            self.refuse(R_HELD_BY_ANOTHER, held_by(others, feide_name), origin, feide_name)
        return bool(others)

    def other_holders(self, number: NationalNumber | NumberText, feide_name: str, dn: DN | None = None) -> list[Holder]:
        """Who else has the number, apart from those who may. `dn` is the user's own entry, if there is one."""
        holders = self.state.holders.get(same_number(number)) or self._hidden_numbers.holders(number)
        return other_holders(holders, feide_name, dn, self.known_users)

    def with_source_id(self, source_id: str) -> list[Entry]:
        """The entries with a source id or, where there are none, the user that a person linked to it."""
        key = same_key(source_id)
        if entries := self.state.by_source_id.get(key):
            return entries
        linked = self.state.named(self.known_users.linked.get(key, ""))
        return [linked] if linked else []

    def entry_without_name(self, user: str) -> Entry | None:
        """The entry of a closed user whose Feide name was moved away (`[login] by = "entra"`)."""
        if user not in self.known_users.closed or user in self.state.by_feide_name:
            return None
        return next((entry for entry in self.state.entries if entry.dn == self.known_users.closed[user]), None)

    def keep(self, entry: Entry, origin: Origin | None) -> None:
        """Record that the row has a user, whatever is refused in it."""
        if origin is None:
            return
        self.users_of_rows[origin.row] = name_of(entry)
        held = entry.text(NUMBER_ATTRIBUTE)
        if held is None or is_provisional(held, self.on):
            self.rows_of_waiting.add(origin.row)

    def finished(self) -> Plan:
        """The plan."""
        self._hold_numbers_of_two_rows()
        self._hold_users_of_two_numbers()
        self._hold_what_the_schema_forbids()
        self._keep_protected()
        changes = named(self.changes, self._entry_of, self.is_protected, self.organization)
        ours = sum(name in self.known_users.ours for name in self.state.by_feide_name)
        return Plan(
            tuple(changes),
            in_row_order(self.refusals),
            self.unchanged,
            ours,
            notes=tuple(self.notes),
            people=tuple(self.people),
            rows=ListedRows(of_users=frozenset(self.users_of_rows), of_waiting=frozenset(self.rows_of_waiting)),
            questions=tuple(self.questions),
            last_withdrawal=self.known_users.withdrawn.last,
            realm=self.organization.realm if self.organization else "",
        )

    def _hold_numbers_of_two_rows(self) -> None:
        """One number for two users: neither gets it, because only a person can find out whose it is.

        Two accounts of one person may both have it; one user's number that is listed twice is written once.
        """
        planned = numbers_planned(self.changes)
        kept: list[Change] = []
        seen: set[tuple[str, bytes]] = set()
        for change in self.changes:
            if change.number is None:
                kept.append(change)
                continue
            number = same_number(change.number)
            if other_holders(planned[number], change.feide_name, change.dn, self.known_users):
                sentence = Sentence(
                    "The number for {user} is also in the row of another user. Correct the list.",
                    user=change.feide_name,
                )
                self.refuse(R_NUMBER_TWICE, sentence, change.origin, change.feide_name)
                kept += [change.without_number()] if isinstance(change, Create) else []
            elif (change.feide_name, number) in seen:
                self.unchanged += 1
            else:
                seen.add((change.feide_name, number))
                kept.append(change)
        self.changes = kept

    def _hold_users_of_two_numbers(self) -> None:
        """Two different numbers for one user: only a person can find out which is right."""
        users = Counter(c.feide_name for c in self.changes if isinstance(c, Attach | Replace))
        for change in [c for c in self.changes if isinstance(c, Attach | Replace) and users[c.feide_name] > 1]:
            sentence = Sentence(
                "The list has two different numbers for {user}. Keep only the right number, then run again.",
                user=change.feide_name,
            )
            self.refuse(R_TWO_NUMBERS, sentence, change.origin, change.feide_name)
            self.changes.remove(change)

    def _hold_what_the_schema_forbids(self) -> None:
        """A change that the directory would refuse is held, alone."""
        judged = list(judged_by_schema(self.changes, self.state.by_feide_name))
        for change, sentence in judged:
            if sentence is not None:
                self.refuse(R_SCHEMA, sentence, change.origin, change.feide_name)
        self.changes = [change for change, sentence in judged if sentence is None]

    def _keep_protected(self) -> None:
        """Who is protected stays so under another Feide name than the journal knows: it gets that name too."""
        known = {change.feide_name for change in self.changes if isinstance(change, Protect)}
        for change in list(self.changes):
            user = change.feide_name
            if user in known or isinstance(change, Create | CreateUnit | UpdateUnit | Protect):
                continue
            entry = None if self.known_users.is_protected(user) else self._entry_of(user)
            if entry is not None and self.is_protected(entry):
                known.add(user)
                self.changes.append(Protect(user, entry.dn, origin=change.origin))

    def _entry_of(self, user: str) -> Entry | None:
        return self.state.by_feide_name.get(user) or self.entry_without_name(user)


def closed(user: str) -> Refused:
    """The refusal to do anything with a closed user."""
    sentence = Sentence(
        "{user} is closed. If the person is back, first reopen the user: feideprov reopen {user}", user=user
    )
    return Refused(sentence, code=R_CLOSED, held=True)
