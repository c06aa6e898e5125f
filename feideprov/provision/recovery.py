"""After a crash: what had the run that was cut off done?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from feideprov.directory.dn import DN, fold
from feideprov.directory.entry import Entry, Modification, Modify, SetPassword, octets
from feideprov.directory.entry import Rename as RenameEntry
from feideprov.directory.protocol import NAME_ATTRIBUTE, NUMBER_ATTRIBUTE, Directory
from feideprov.feide.initial_password import InitialPassword
from feideprov.provision.answers import Answers
from feideprov.provision.change import Create
from feideprov.provision.found import Holder, NumberKey, numbers_held
from feideprov.provision.handover import FirstPassword, HandoverFile, NoHandover
from feideprov.provision.journal import OPEN, Event, Journal, State
from feideprov.provision.login_change import Close, NewPassword, Rename, Reopen, renamed_dn
from feideprov.provision.mark import MarkKey
from feideprov.provision.unit_change import Amend, Furnish

OF_UNITS = (Furnish.kind, Amend.kind)
OF_LOGINS = (Close.kind, Reopen.kind, NewPassword.kind)
WITH_PASSWORD = (Create.kind, Reopen.kind, NewPassword.kind)
WITH_ROW = (*WITH_PASSWORD, Rename.kind)


@dataclass
class Recovery:
    """Finds out by reading the entries that the run meant to change.

    It never sends a number or a password again: what was not done is told, with the row to run again, and a user left
    without a password that works gets a new one. The look for a second holder, which the run did not come to, is done
    here.
    """

    directory: Directory
    journal: Journal
    answers: Answers
    source_id_attribute: str | None

    def run_units(self) -> list[str]:
        """The same for the entries of the organization and its schools alone."""
        sentences = []
        for event in self.journal.events(state=OPEN):
            if event.kind in OF_UNITS:
                made = self.directory.read(DN.parse(event.dn), ("objectClass",)) is not None
                state = State.DONE if made else State.NOT_DONE
                self.journal.advance([event.id], state)
                sentences.append(f"An earlier run was cut off: {event.kind} {event.dn} {_words(event, state)}.")
        return sentences

    def run(self, handover: HandoverFile | NoHandover | None) -> list[str]:
        """A sentence for each change that was open."""
        units = self.run_units()
        events = self.journal.events(state=OPEN)
        if handover is None:  # what was done decides about the hand-over row, so that is left to a whole run
            events = [event for event in events if event.kind not in WITH_ROW]
        return units + self._users(events, handover) if events else units

    def _users(self, events: list[Event], handover: HandoverFile | NoHandover | None) -> list[str]:
        entries = self._entries(events)
        holders = self._holders() if any(event.number_mark for event in events) else {}
        ids: dict[State, list[int]] = defaultdict(list)
        sentences, never_made = [], []
        rows = handover.passwords() if isinstance(handover, HandoverFile) else None
        made: list[tuple[Event, Entry]] = []
        renamed: dict[str, str] = {}
        for event in events:
            entry = _entry_of(event, entries.get(event.feide_name.lower(), []))
            state = self._became(event, entry, holders, rows)
            if event.kind == "create" and state is not State.NOT_DONE and entry is not None:
                made.append((event, entry))
            if event.kind == Rename.kind and state is State.DONE:
                renamed[event.feide_name] = event.other or ""
            words = _words(event, state)
            if event.kind in WITH_PASSWORD and state is State.NOT_DONE:
                never_made.append(event.feide_name)
            if event.kind == "create" and state is State.TAKEN_BACK:
                self.journal.note(replace(event, kind="take-back"))
                state, words = State.DONE, f"was done, but the number {words}"  # the user stands, without the number
            ids[state].append(event.id)
            sentences.append(f"An earlier run was cut off: {event.kind} {event.feide_name} {words}.")
        if isinstance(handover, HandoverFile):
            handover.remove(never_made)
            handover.rename(renamed)
            sentences += self._passwords(made, handover)
        for state, some in ids.items():
            self.journal.advance(some, state)
        return sentences

    def _became(
        self,
        event: Event,
        entry: Entry | None,
        holders: dict[NumberKey, list[Holder]],
        rows: Mapping[str, str] | None,
    ) -> State:
        """What became of a change that was open."""
        if event.kind in OF_LOGINS:
            return self._login_state(event, entry, rows)
        if event.kind == Rename.kind:
            return self._rename_state(event)
        return self._state(event, entry, holders)

    def _entries(self, events: list[Event]) -> dict[str, list[Entry]]:
        attributes = [NAME_ATTRIBUTE, NUMBER_ATTRIBUTE, "displayName", *filter(None, [self.source_id_attribute])]
        names = dict.fromkeys(event.feide_name for event in events)
        found: dict[str, list[Entry]] = defaultdict(list)
        for entry in self.directory.matching(NAME_ATTRIBUTE, names, attributes):
            found[(entry.text(NAME_ATTRIBUTE) or "").lower()].append(entry)
        return found

    def _holders(self) -> dict[NumberKey, list[Holder]]:
        """Who holds which number, by its mark."""
        return numbers_held(self.directory, self._key.of_number)

    def _state(self, event: Event, entry: Entry | None, holders: dict[NumberKey, list[Holder]]) -> State:
        if entry is None or (event.kind == "create" and not self._is_of(entry, event.source_id)):
            return State.NOT_DONE
        if event.number_mark is None:
            return State.DONE  # an update is planned anew from the directory: nothing hangs on it
        held = [t for t in entry.texts(NUMBER_ATTRIBUTE) if self._key.of_number(t) == event.number_mark]
        others = [
            holder
            for holder in holders.get(event.number_mark, [])
            if holder.dn != entry.dn and not self.answers.may_share(holder.feide_name, event.feide_name)
        ]
        if held and others:
            step = Modification("delete", NUMBER_ATTRIBUTE, (octets(held[0]),))
            for written in self.directory.write([Modify(entry.dn, (step,))]):
                if written.error is None:
                    return State.TAKEN_BACK
        return State.DONE if held or event.kind == "create" else State.NOT_DONE

    def _login_state(self, event: Event, entry: Entry | None, rows: Mapping[str, str] | None) -> State:
        """Whether a closing, a reopening or a new password was carried out. Nobody can read a password: where only it
        would tell, the answer is no, and doing it again does no harm."""
        if event.kind == "close":
            closed = self.directory.read(DN.parse(event.dn), (NAME_ATTRIBUTE,))
            return State.DONE if closed is not None and not closed.values(NAME_ATTRIBUTE) else State.NOT_DONE
        if entry is None or rows is None:
            return State.NOT_DONE if entry is None else State.DONE  # the name is back, and that is all of it
        password = rows.get(event.feide_name)
        done = password is not None and self.directory.accepts_login(entry.dn, password)
        return State.DONE if done else State.NOT_DONE

    def _rename_state(self, event: Event) -> State:
        """A rename that was half done is finished: nothing in it is secret."""
        dn, new_name = DN.parse(event.dn), event.other or ""
        to = renamed_dn(dn, event.feide_name, new_name)
        holding = {entry.dn for entry in self.directory.matching(NAME_ATTRIBUTE, [new_name], [NAME_ATTRIBUTE])}
        if to not in holding and dn in holding:
            for written in self.directory.write([RenameEntry(dn, to)]):
                return State.INTENDED if written.error else State.DONE
        return State.DONE if to in holding else State.NOT_DONE

    def _passwords(self, made: list[tuple[Event, Entry]], handover: HandoverFile) -> list[str]:
        """A new first password for a user of the run that was cut off who has none that works.

        Only the first user of a run can have one that the server does not verify: see the executor's windows.
        """
        rows, sentences = handover.passwords(), []
        for position, (event, entry) in enumerate(made):
            password = rows.get(event.feide_name)
            unproved = position == 0 and self.directory.login_needs_proof
            if password and (not unproved or self.directory.confirm_login(entry.dn, password)):
                continue
            new = InitialPassword.new(entry.text("displayName") or "", event.feide_name.partition("@")[0])
            name = "" if event.protected else entry.text("displayName") or ""
            handover.add([FirstPassword(event.feide_name, name, "", new.reveal())])
            for written in self.directory.write([SetPassword(entry.dn, new.reveal())]):
                told = "has a new first password" if written.error is None else f"has no password: {written.error}"
                sentences.append(f"{event.feide_name} {told}.")
            self.directory.confirm_login(entry.dn, new.reveal())
        return sentences

    def _is_of(self, entry: Entry, source_id: str | None) -> bool:
        if not self.source_id_attribute:
            return True
        return fold(source_id or "") in {fold(text) for text in entry.texts(self.source_id_attribute)}

    @property
    def _key(self) -> MarkKey:
        return self.journal.key


def _entry_of(event: Event, entries: list[Entry]) -> Entry | None:
    """The entry that was meant; by its name alone where it was moved."""
    dn = DN.parse(event.dn)
    return next((entry for entry in entries if entry.dn == dn), entries[0] if entries else None)


def _words(event: Event, state: State) -> str:
    if state is State.DONE and event.kind == NewPassword.kind:
        return "was done, or need not be: the password in the hand-over file is the one that works"
    if state is State.DONE:
        return "was done"
    if state is State.INTENDED:
        return f"is half done, and the entry cannot be called {event.other}: look who has that name, then run again"
    if state is State.TAKEN_BACK:
        return "was taken back, because another user holds the number: find out whose it is"
    again = f"run again with {event.input} row {event.input_row}" if event.input else "run again"
    return f"was not done: {again}"
