"""After a crash: what had the run that was cut off done?"""

from __future__ import annotations

from dataclasses import dataclass

from feideprov.directory.dn import fold
from feideprov.directory.entry import Entry, Modification, Modify, octets
from feideprov.directory.protocol import NUMBER_ATTRIBUTE, Directory
from feideprov.provision.answers import Answers
from feideprov.provision.change import NAME_ATTRIBUTE
from feideprov.provision.found import numbers_held
from feideprov.provision.handover import HandoverFile
from feideprov.provision.journal import OPEN, Event, Journal, State


@dataclass
class Recovery:
    """Finds out by reading the entries that the run meant to change.

    It never sends a number or a password again: what was not done is told, with the row to run again. The look for a
    second holder, which the run did not come to, is done here.
    """

    directory: Directory
    journal: Journal
    answers: Answers
    source_id_attribute: str | None

    def run(self, handover: HandoverFile | None) -> list[str]:
        """A sentence for each change that was open."""
        sentences, never_made = [], []
        for event in self.journal.events(state=OPEN):
            state = self._state(event)
            self.journal.advance([event.id], state)
            if event.kind == "create" and state is State.NOT_DONE:
                never_made.append(event.feide_name)
            sentences.append(f"An earlier run was cut off: {event.kind} {event.feide_name} {_words(event, state)}.")
        if handover is not None:
            handover.remove(never_made)
        return sentences

    def _state(self, event: Event) -> State:
        attributes = [NAME_ATTRIBUTE, NUMBER_ATTRIBUTE, *filter(None, [self.source_id_attribute])]
        entry = next(self.directory.matching(NAME_ATTRIBUTE, [event.feide_name], attributes), None)
        if entry is None:
            return State.NOT_DONE
        if event.kind == "create" and self.source_id_attribute:
            source_ids = [fold(text) for text in entry.texts(self.source_id_attribute)]
            if fold(event.source_id or "") not in source_ids:
                return State.NOT_DONE
        if event.number_mark is None:
            return State.DONE  # an update is planned anew from the directory: nothing hangs on it
        held = [t for t in entry.texts(NUMBER_ATTRIBUTE) if self.journal.key.of_number(t) == event.number_mark]
        if held and self._second_holder(event, entry):
            steps = (Modification("delete", NUMBER_ATTRIBUTE, (octets(held[0]),)),)
            if next(self.directory.write([Modify(entry.dn, steps)])).error is None:
                return State.TAKEN_BACK if event.kind != "create" else State.DONE
        return State.DONE if held or event.kind == "create" else State.NOT_DONE

    def _second_holder(self, event: Event, entry: Entry) -> bool:
        return any(
            holder.dn != entry.dn and not self.answers.may_share(holder.feide_name, event.feide_name)
            for digits, holders in numbers_held(self.directory).items()
            if self.journal.key.of_number(digits) == event.number_mark
            for holder in holders
        )


def _words(event: Event, state: State) -> str:
    if state is State.DONE:
        return "was done"
    if state is State.TAKEN_BACK:
        return "was taken back, because another user holds the number: find out whose it is"
    again = f"run again with {event.input} row {event.input_row}" if event.input else "run again"
    return f"was not done: {again}"
