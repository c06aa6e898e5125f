"""After a crash: finds out what the interrupted run had done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from feideprov.directory.dn import DN, renamed_dn
from feideprov.directory.entry import Entry, Modification, Modify, Write, octets
from feideprov.directory.entry import Rename as RenameEntry
from feideprov.directory.protocol import NAME_ATTRIBUTE, NUMBER_ATTRIBUTE, Directory
from feideprov.directory.second_look import carried_out
from feideprov.feide.first_password.style import SYLLABLES, PasswordStyle
from feideprov.issues import Refusal
from feideprov.journal.events import OPEN, Debts, Event, Kind, State
from feideprov.journal.journal import Journal
from feideprov.journal.users import KnownUsers
from feideprov.messages import Sentence, joined
from feideprov.provision.plan.changes import Create, Replace, Withdraw
from feideprov.provision.plan.holders import Holder, other_holders
from feideprov.provision.plan.login_changes import Close, NewPassword, Rename, Reopen
from feideprov.provision.plan.unit_changes import UpdateUnit
from feideprov.provision.run.conflicts import entries
from feideprov.provision.run.directory_now import DirectoryNow
from feideprov.provision.run.intention import attributes_left, shows
from feideprov.provision.run.late_writes import Arrival, created_before, recent
from feideprov.provision.run.lost_passwords import LostPasswords
from feideprov.provision.run.password_sink import PasswordSink, hands_over
from feideprov.provision.run.recovery_report import OF_UNITS, RecoveredChange, reported
from feideprov.provision.run.verification import R_FAILED, R_NOT_TAKEN_BACK, deletion_of_ours

OF_LOGINS: Final = (Close.kind, Reopen.kind, NewPassword.kind)
WITH_PASSWORD: Final = (Create.kind, Reopen.kind, NewPassword.kind)
WITH_ROW: Final = (*WITH_PASSWORD, Rename.kind, Close.kind)
"""Kinds of changes that decide about a row of the hand-over file."""
OF_SOURCE_IDS: Final = (Kind.LINK, Kind.UNDO_LINK, Kind.UNDO_SOURCE_ID)
"""Kinds that are open only while a source id is written to an entry, or deleted there."""

_LATE: Final = Sentence("done. The directory carried it out late, after it had been recorded as not done.")
_HIDDEN: Final = Sentence(
    "done, but the directory does not show the entry. The bind account may not have the right to read it."
)
_OUTDATED: Final = Sentence(
    "taken back. The directory carried it out late, after the number had been removed from the user again."
)


class _NotTakenBackError(Exception):
    """What somebody else has too could not be taken back. It has the sentence about that."""


@dataclass
class Recovery:
    """Finds out what was done by reading the entries that the run was to change.

    It never sends a number or a password again. What was not done is reported, with the row to run again; a user
    without a password that works gets a new one. The check for other holders of a number, a name or a source id, which
    the interrupted run did not reach, is made here.
    """

    directory: Directory
    journal: Journal
    known_users: KnownUsers
    source_id_attribute: str | None
    debts: Debts | None = None
    style: PasswordStyle = SYLLABLES
    done: set[tuple[str, str]] = field(default_factory=set)
    """Kind and user of the changes that were found to be done."""
    failures: list[Refusal] = field(default_factory=list)
    """What could not be finished; its changes stay open, for the next run."""
    _late: dict[int, bool] = field(default_factory=dict)
    """Ids of changes that arrived late, and whether the number was removed from the user in between."""

    def run_units(self) -> list[Sentence]:
        """Recovers the changes of entries of the organization and its schools alone."""
        changes = []
        for event in self.journal.events(state=OPEN):
            if event.kind in OF_UNITS:
                changes.append(RecoveredChange(event, self._unit_state(event)))
        self._record(changes)
        return reported(changes)

    def run(self, handover: PasswordSink | None) -> list[Sentence]:
        """Recovers all open changes. Returns sentences: one for each change, or one for many with the same outcome."""
        units = self.run_units()
        self._write_down_late(handover)
        events = self.journal.events(state=OPEN)
        if handover is None:  # whether the row of a user stays depends on what was done: a run with the file decides
            events = [event for event in events if event.kind not in WITH_ROW]
        return units + self._recover_users(events, handover) if events else units

    def run_late(self, handover: PasswordSink | None) -> list[Sentence]:
        """Recovers the changes alone that were recorded as not done, and have arrived since then."""
        late = self._write_down_late(handover)
        events = [event for event in self.journal.events(state=OPEN) if event.id in late] if late else []
        return self._recover_users(events, handover) if events else []

    def _write_down_late(self, handover: PasswordSink | None) -> set[int]:
        """Write down as open what has arrived late. Returns the ids."""
        # with passwords, only the password shows that a user was reopened
        without = WITH_ROW if handover is None else (Reopen.kind,) if hands_over(handover) else ()
        events = recent(self.journal, without)
        if not events:
            return set()
        directory_now = self._directory_now(events)
        arrival = Arrival(self.directory, self.journal, KnownUsers.read(self.journal), self.source_id_attribute)
        arrived = [event for event in events if arrival.has_arrived(event, directory_now.entry_of(event))]
        late = {arrival.write_down(event): arrival.is_outdated(event) for event in arrived}
        self._late |= late
        return set(late)

    def _recover_users(self, events: list[Event], handover: PasswordSink | None) -> list[Sentence]:
        directory_now = self._directory_now(events)
        passwords = LostPasswords(self.directory, handover, self.style) if hands_over(handover) else None
        changes, made = [], list[tuple[Event, Entry]]()
        for event in events:
            entry = directory_now.entry_of(event)
            try:
                change = self._recovered(event, entry, directory_now, passwords)
            except _NotTakenBackError as error:
                self._failed(R_NOT_TAKEN_BACK, event.feide_name, error.args[0])
                continue
            if event.kind in WITH_PASSWORD and change.state is State.DONE and entry is not None:
                made.append((event, entry))
            if event.id in self._late and change.state is State.DONE and change.outcome is None:
                change = replace(change, outcome=_LATE)
            changes.append(change)
        given = list[Sentence]()
        if hands_over(handover) and passwords is not None:
            handover.remove(change.event.feide_name for change in changes if _needs_no_row(change))
            renames = [c.event for c in changes if c.event.kind == Rename.kind and c.state is State.DONE]
            handover.rename({event.feide_name: event.other or "" for event in renames})
            given, without = passwords.give_new(made, created_before(self.journal))
            for user, sentence in without.items():
                self._failed(R_FAILED, user, sentence)
            changes = [c for c in changes if c.event.kind not in WITH_PASSWORD or c.event.feide_name not in without]
        self._record(changes)
        return reported(changes) + given

    def _failed(self, code: str, user: str, sentence: Sentence) -> None:
        self.failures.append(Refusal(code, sentence, user=user))

    def _directory_now(self, events: Sequence[Event]) -> DirectoryNow:
        return DirectoryNow.of(events, self.directory, self.journal.key, self.source_id_attribute)

    def _record(self, changes: Sequence[RecoveredChange]) -> None:
        ids: dict[State, list[int]] = defaultdict(list)
        for change in changes:
            ids[change.state].append(change.event.id)
            if change.state is State.DONE:
                self.done.add((change.event.kind, change.event.feide_name))
        for state, some in ids.items():
            self.journal.advance(some, state, self.debts)

    def _recovered(
        self, event: Event, entry: Entry | None, directory_now: DirectoryNow, passwords: LostPasswords | None
    ) -> RecoveredChange:
        """What became of a change that was open."""
        if event.kind in OF_LOGINS:
            return self._login(event, entry, passwords)
        if event.kind == Rename.kind:
            return self._rename(event)
        if entry is None:
            if directory_now.hides(event):
                return RecoveredChange(event, State.DONE, _HIDDEN)
            return RecoveredChange(event, State.NOT_DONE)
        if event.kind == Create.kind:
            return self._creation(event, entry, directory_now)
        if event.kind == Withdraw.kind:
            held = self._numbers(entry, event.old_number_mark)
            return RecoveredChange(event, State.NOT_DONE if held else State.DONE)
        if event.kind in OF_SOURCE_IDS:
            return self._answer(event, entry)
        if event.number_mark is None:
            return RecoveredChange(event, self._update_state(event, entry.dn))
        return self._number(event, entry, directory_now)

    def _unit_state(self, event: Event) -> State:
        dn = DN.parse(event.dn)
        if event.kind == UpdateUnit.kind:
            return self._update_state(event, dn)
        return State.DONE if self.directory.read(dn, ("objectClass",)) is not None else State.NOT_DONE

    def _update_state(self, event: Event, dn: DN) -> State:
        """Whether an update was made: all that it leaves is in the entry. Of an update that an earlier version began,
        the journal knows only whether the directory had confirmed it. The next plan makes it again if it is needed."""
        attributes = attributes_left(event)
        if not attributes:
            return State.NOT_DONE if event.state is State.INTENDED else State.DONE
        done = shows(self.directory.read(dn, attributes), event, self.journal.key)
        return State.DONE if done else State.NOT_DONE

    def _creation(self, event: Event, entry: Entry, directory_now: DirectoryNow) -> RecoveredChange:
        deletion = deletion_of_ours(entry, event.feide_name, self.source_id_attribute, event.source_id)
        if deletion is None:
            return RecoveredChange(event, State.NOT_DONE)
        if others := directory_now.duplicates(event, entry):
            return self._duplicate(event, entry, others, deletion)
        if self._take_number_back(event, entry, directory_now) or self._number_is_gone(event, entry, directory_now):
            self.journal.note(replace(event, kind=Kind.TAKE_BACK))  # the user stays, without the number
            outcome = Sentence(
                "done, but without the number, because another user has it. Find out whose number it is."
            )
            return RecoveredChange(event, State.DONE, outcome)
        return RecoveredChange(event, State.DONE)

    def _duplicate(
        self, event: Event, entry: Entry, others: Sequence[DN], deletion: Sequence[Write]
    ) -> RecoveredChange:
        """A new user whose name or source id another entry has too."""
        if self._is_as_created(event, entry):
            if reason := self._refusal(deletion):
                sentence = Sentence(
                    "{user} could not be deleted again, although {others} has the same name or source id: {reason} "
                    "Check both entries, then run again.",
                    plural="{user} could not be deleted again, although {others} have the same name or source id: "
                    "{reason} Check all entries, then run again.",
                    others=entries(others),
                    count=len(others),
                    user=event.feide_name,
                    reason=reason,
                )
                raise _NotTakenBackError(sentence)
            outcome = Sentence(
                "taken back, because {others} has the same name or source id. Run again.",
                plural="taken back, because {others} have the same name or source id. Run again.",
                others=entries(others),
                count=len(others),
            )
            return RecoveredChange(event, State.TAKEN_BACK, outcome)
        outcome = Sentence(
            "done, but {others} has the same name or source id. Check both entries.",
            plural="done, but {others} have the same name or source id. Check all entries.",
            others=entries(others),
            count=len(others),
        )
        return RecoveredChange(event, State.DONE, outcome)

    def _number(self, event: Event, entry: Entry, directory_now: DirectoryNow) -> RecoveredChange:
        """A number that was attached, or that replaced another."""
        if self._take_number_back(event, entry, directory_now):
            if self._late.get(event.id):
                return RecoveredChange(event, State.TAKEN_BACK, _OUTDATED)
            outcome = Sentence("taken back, because another user has the number. Find out whose number it is.")
            if event.old_number_mark:
                sentence = Sentence(
                    "The old number was not put back, because the journal does not contain numbers. To add the "
                    "old number again, run: feideprov attach LIST"
                )
                outcome = joined([outcome, sentence])
            return RecoveredChange(event, State.TAKEN_BACK, outcome)
        if self._numbers(entry, event.number_mark):
            return RecoveredChange(event, State.DONE)
        if event.kind == Replace.kind and not self._numbers(entry, event.old_number_mark):
            outcome = Sentence("not done. The entry has neither the old number nor the new number. Check the entry.")
            return RecoveredChange(event, State.NOT_DONE, outcome)
        return RecoveredChange(event, State.NOT_DONE)

    def _take_number_back(self, event: Event, entry: Entry, directory_now: DirectoryNow) -> bool:
        """Delete our number when somebody else has it too. Returns whether it was deleted."""
        unwanted = self._late.get(event.id) or self._other_holders(event, entry, directory_now)
        numbers = self._numbers(entry, event.number_mark) if unwanted else []
        step = tuple(Modification("delete", NUMBER_ATTRIBUTE, (octets(number),)) for number in numbers[:1])
        if step and (reason := self._refusal([Modify(entry.dn, step)])):
            sentence = Sentence(
                "A number that {user} must not keep could not be removed again: {reason} Find out whose number it is, "
                "then run again.",
                user=event.feide_name,
                reason=reason,
            )
            raise _NotTakenBackError(sentence)
        return bool(step)

    def _number_is_gone(self, event: Event, entry: Entry, directory_now: DirectoryNow) -> bool:
        """Was the number of a new user taken back already, by a run that was interrupted before it recorded that?"""
        others = self._other_holders(event, entry, directory_now)
        return bool(others) and not self._numbers(entry, event.number_mark)

    def _other_holders(self, event: Event, entry: Entry, directory_now: DirectoryNow) -> list[Holder]:
        holders = directory_now.holders.get(event.number_mark or "", [])
        return other_holders(holders, event.feide_name, entry.dn, self.known_users)

    def _numbers(self, entry: Entry, mark: str | None) -> list[str]:
        """The numbers of an entry that have this mark."""
        texts = entry.texts(NUMBER_ATTRIBUTE) if mark else []
        return [text for text in texts if self.journal.key.of_number(text) == mark]

    def _is_as_created(self, event: Event, entry: Entry) -> bool:
        """Has the user no other number than the one that it was created with?"""
        return len(entry.values(NUMBER_ATTRIBUTE)) == len(self._numbers(entry, event.number_mark))

    def _refusal(self, writes: Sequence[Write]) -> Sentence | None:
        """Carry out these writes. Returns why the directory refused one of them, if it did."""
        errors = [written.error for written in carried_out(self.directory, writes) if written.error is not None]
        return errors[0].sentence if errors else None

    def _login(self, event: Event, entry: Entry | None, passwords: LostPasswords | None) -> RecoveredChange:
        """Whether a user was closed or reopened, or got a new password."""
        if event.kind == Close.kind and event.state is not State.INTENDED:
            return RecoveredChange(event, State.DONE)  # the directory had confirmed it
        if event.kind == Close.kind:
            closed = self.directory.read(DN.parse(event.dn), (NAME_ATTRIBUTE,))
            done = closed is not None and not closed.values(NAME_ATTRIBUTE)
            return RecoveredChange(event, State.DONE if done else State.NOT_DONE)
        if entry is None or passwords is None:  # without passwords, only the name was to be put back
            return RecoveredChange(event, State.NOT_DONE if entry is None else State.DONE)
        state = passwords.login_state(event, entry)
        return RecoveredChange(event, state, passwords.outcome(state))

    def _answer(self, event: Event, entry: Entry) -> RecoveredChange:
        """An answer about who is who, or what takes it back: done when it has reached the entry."""
        attribute = self.source_id_attribute
        stands = attribute is not None and event.source_id in entry.texts(attribute)
        if stands is (event.kind.undoes is not None):
            return RecoveredChange(event, State.NOT_DONE)
        if event.kind is Kind.LINK:
            self.journal.note(replace(event, kind=Kind.SOURCE_ID))
        return RecoveredChange(event, State.DONE)

    def _rename(self, event: Event) -> RecoveredChange:
        """A rename that was half done is finished: it needs no number and no password."""
        dn, new_name = DN.parse(event.dn), event.other or ""
        to = renamed_dn(dn, event.feide_name, new_name)
        with_name = {entry.dn for entry in self.directory.matching(NAME_ATTRIBUTE, [new_name], [NAME_ATTRIBUTE])}
        if to not in with_name and dn in with_name:
            if self._refusal([RenameEntry(dn, to)]):
                return RecoveredChange(event, State.INTENDED)
        elif to not in with_name:
            return RecoveredChange(event, State.NOT_DONE)
        others = sorted(with_name - {dn, to}, key=str)
        if not others:
            return RecoveredChange(event, State.DONE)
        outcome = Sentence(
            "done, but {others} has the same name. Check both entries.",
            plural="done, but {others} have the same name. Check all entries.",
            others=entries(others),
            count=len(others),
        )
        return RecoveredChange(event, State.DONE, outcome)


def _needs_no_row(change: RecoveredChange) -> bool:
    """Does the user need no row in the hand-over file, because it was not created, or is closed?"""
    kind = change.event.kind
    gone = (State.DONE,) if kind == Close.kind else (State.NOT_DONE, State.TAKEN_BACK)
    return kind in (*WITH_PASSWORD, Close.kind) and change.state in gone
