"""The look after: what somebody else has too is taken back, and what stands is done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from feideprov.directory.dn import fold
from feideprov.directory.entry import Delete, Entry, Modify, Precondition, Write
from feideprov.directory.protocol import NAME_ATTRIBUTE, Directory
from feideprov.issues import Refusal
from feideprov.journal.events import Kind
from feideprov.journal.journal import Journal, State
from feideprov.provision.plan.changes import Attach, Create, Replace, Writable
from feideprov.provision.plan.directory_state import Holder
from feideprov.provision.plan.login_changes import Rename
from feideprov.provision.run.conflicts import Conflicts, Naming, held
from feideprov.provision.run.handover import HandoverFile, NoHandover
from feideprov.provision.run.writer import Intended, intention


@dataclass
class Verification:
    """Servers do not guarantee that a number, a name or a source id is unique (OpenLDAP's `unique` overlay let two
    through in 27 of 200 races). Of two runs that wrote the same at the same moment, each writes before it looks, so at
    least one of them sees both; if both do, both take back, and both say so.
    """

    directory: Directory
    journal: Journal
    look: Conflicts
    handover: HandoverFile | NoHandover | None = None
    stands: list[Intended] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    failures: list[Refusal] = field(default_factory=list)

    def over(self, written: Iterable[Intended]) -> None:
        """A whole creation is taken back where the name or the source id is held twice, the number alone otherwise."""
        back: list[tuple[Intended, Refusal]] = []
        for one in written:
            _, change = one
            self.look.must_show_number(change)
            if isinstance(change, Naming) and (refusal := self.look.twin(change)):
                back.append((one, refusal))
            elif others := self.look.other_holders(change):
                back.append((one, _both_got_it(change, others)))
            else:
                self.stands.append(one)
        for one, refusal in back:
            self._take_back(one, refusal)

    def _take_back(self, one: Intended, refusal: Refusal) -> None:
        event_id, change = one
        number_alone = refusal.code == "R-HELD-BY-ANOTHER"
        if sentence := self._undone(change, _number_back(change) if number_alone else self._all_back(change)):
            sentence = f"{refusal.sentence} Taking it back failed: {sentence}"
            self.failures.append(Refusal("R-NOT-TAKEN-BACK", sentence, False, change.origin, change.feide_name))
            return
        self.refusals.append(refusal)
        if isinstance(change, Create) and number_alone:
            self.stands.append((event_id, change.without_number()))  # the user stands
            self.journal.note(replace(intention(change, self.journal.key), kind=Kind.TAKE_BACK))
            return
        if isinstance(change, Create) and self.handover is not None:
            self.handover.remove([change.feide_name])  # first: no row may be left that nobody knows of
        self.journal.advance([event_id], State.TAKEN_BACK)

    def _undone(self, change: Writable, writes: Sequence[Write] | None) -> str:
        """Carry out what takes a change back. Gives the reason where that failed."""
        if writes is None:
            return f"the entry of {change.feide_name} is no longer as it was made. Look at both entries."
        errors = [written.error for written in self.directory.write(writes) if written.error is not None]
        return str(errors[0]) if errors else ""

    def _all_back(self, change: Writable) -> Sequence[Write] | None:
        """What takes back a rename or a creation; None where the entry is not, or no longer, the one that we made."""
        if isinstance(change, Rename):
            return change.take_all_back()
        attribute = self.look.source_id_attribute
        entry = self.directory.read(change.dn, (NAME_ATTRIBUTE, *filter(None, [attribute])))
        return [] if entry is None else made_by_us(entry, change.feide_name, attribute, change.source_id)


def made_by_us(
    entry: Entry, feide_name: str, source_id_attribute: str | None, source_id: str | None
) -> list[Delete] | None:
    """What deletes an entry that we made; None where it is another user's by now."""
    presumed = [(NAME_ATTRIBUTE, feide_name)]
    if source_id_attribute:
        presumed.append((source_id_attribute, source_id or ""))
    if any(fold(value) not in map(fold, entry.texts(attribute)) for attribute, value in presumed):
        return None
    return [Delete(entry.dn, tuple(Precondition(*pair) for pair in presumed))]


def _both_got_it(change: Writable, others: Sequence[Holder]) -> Refusal:
    names = " and ".join(holder.feide_name or "another entry" for holder in others)
    return held(
        change,
        "R-HELD-BY-ANOTHER",
        f"The number was written to {names} at the same moment, so it was taken back from {change.feide_name}. "
        "Find out whose it is.",
    )


def _number_back(change: Writable) -> list[Modify]:
    """Take our number away again, never the user; a number that it replaced is put back."""
    if isinstance(change, Attach | Replace):
        return [change.take_back()]
    assert change.number is not None  # noqa: S101 - only changes with a number are looked at
    return [Attach(change.feide_name, change.dn, change.number).take_back()]
