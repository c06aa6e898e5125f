"""After a crash: what had the run that was cut off done?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from feideprov.directory.dn import DN, renamed_dn
from feideprov.directory.entry import Entry, Modification, Modify, Write, octets
from feideprov.directory.entry import Rename as RenameEntry
from feideprov.directory.protocol import NAME_ATTRIBUTE, NUMBER_ATTRIBUTE, Directory
from feideprov.errors import scrub
from feideprov.journal.events import OPEN, Debts, Event, Kind, State
from feideprov.journal.journal import Journal
from feideprov.journal.users import KnownUsers
from feideprov.provision.plan.changes import Create, Replace, Update, Withdraw
from feideprov.provision.plan.directory_state import Holder, NumberKey, numbers_held
from feideprov.provision.plan.login_changes import Close, NewPassword, Rename, Reopen
from feideprov.provision.plan.unit_changes import CreateUnit, UpdateUnit
from feideprov.provision.run.conflicts import Asked, Identities, holding
from feideprov.provision.run.handover import HandoverFile, NoHandover
from feideprov.provision.run.lost_passwords import new_passwords
from feideprov.provision.run.verification import made_by_us

OF_LOGINS = (Close.kind, Reopen.kind, NewPassword.kind)
WITH_PASSWORD = (Create.kind, Reopen.kind, NewPassword.kind)
WITH_ROW = (*WITH_PASSWORD, Rename.kind, Close.kind)


@dataclass
class Recovery:
    """Finds out by reading the entries that the run meant to change.

    It never sends a number or a password again: what was not done is told, with the row to run again, and a user left
    without a password that works gets a new one. The look for a second holder, or a twin, which the run did not come
    to, is done here.
    """

    directory: Directory
    journal: Journal
    answers: KnownUsers
    source_id_attribute: str | None
    debts: Debts | None = None

    def run_units(self) -> list[str]:
        """The same for the entries of the organization and its schools alone."""
        fates = []
        for event in self.journal.events(state=OPEN):
            if event.kind in OF_UNITS:
                made = self.directory.read(DN.parse(event.dn), ("objectClass",)) is not None
                fates.append(Fate(event, State.DONE if made else State.NOT_DONE))
        self._record(fates)
        return told(fates)

    def run(self, handover: HandoverFile | NoHandover | None) -> list[str]:
        """Sentences about what was open: one for each change, or one for many that ended alike."""
        units = self.run_units()
        events = self.journal.events(state=OPEN)
        if handover is None:  # what was done decides about the hand-over row, so that is left to a whole run
            events = [event for event in events if event.kind not in WITH_ROW]
        return units + self._users(events, handover) if events else units

    def _users(self, events: list[Event], handover: HandoverFile | NoHandover | None) -> list[str]:
        scene = _Scene.of(events, self)
        rows = handover.passwords() if isinstance(handover, HandoverFile) else None
        fates, made = [], list[tuple[Event, Entry]]()
        for event in events:
            entry = scene.entry_of(event)
            fate = self._fate(event, entry, scene, rows)
            if event.kind == Create.kind and fate.state is State.DONE and entry is not None:
                made.append((event, entry))
            fates.append(fate)
        sentences = told(fates)
        if isinstance(handover, HandoverFile):
            handover.remove(fate.event.feide_name for fate in fates if _leaves_no_row(fate))
            renames = [f.event for f in fates if f.event.kind == Rename.kind and f.state is State.DONE]
            handover.rename({event.feide_name: event.other or "" for event in renames})
            sentences += new_passwords(self.directory, made, handover)
        self._record(fates)
        return sentences

    def _record(self, fates: Sequence[Fate]) -> None:
        ids: dict[State, list[int]] = defaultdict(list)
        for fate in fates:
            ids[fate.state].append(fate.event.id)
        for state, some in ids.items():
            self.journal.advance(some, state, self.debts)

    def _fate(self, event: Event, entry: Entry | None, scene: _Scene, rows: Mapping[str, str] | None) -> Fate:
        """What became of a change that was open."""
        if event.kind in OF_LOGINS:
            return Fate(event, self._login_state(event, entry, rows))
        if event.kind == Rename.kind:
            return self._rename(event)
        if entry is None:
            return Fate(event, State.NOT_DONE)
        if event.kind == Create.kind:
            return self._creation(event, entry, scene)
        if event.kind == Withdraw.kind:
            return Fate(event, State.NOT_DONE if self._held(entry, event.old_number_mark) else State.DONE)
        if event.number_mark is None:
            return Fate(event, State.DONE)  # an update is planned anew from the directory: nothing hangs on it
        return self._number(event, entry, scene)

    def _creation(self, event: Event, entry: Entry, scene: _Scene) -> Fate:
        deletion = made_by_us(entry, event.feide_name, self.source_id_attribute, event.source_id)
        if deletion is None:
            return Fate(event, State.NOT_DONE)
        if twins := scene.twins(event, entry):
            names = " and ".join(f"the entry {scrub(str(dn))}" for dn in twins)
            if self._is_as_made(event, entry) and self._wrote(deletion):
                words = f"was taken back, because {names} has the same name or source id: run again"
                return Fate(event, State.TAKEN_BACK, words)
            return Fate(event, State.DONE, f"was done, but {names} has the same name or source id: look at both")
        if self._number_back(event, entry, scene) or self._number_went(event, entry, scene):
            self.journal.note(replace(event, kind=Kind.TAKE_BACK))  # the user stands, without the number
            return Fate(event, State.DONE, f"was done, but the number {_BACK}")
        return Fate(event, State.DONE)

    def _number(self, event: Event, entry: Entry, scene: _Scene) -> Fate:
        """An attached number, or one that took the place of another."""
        if self._number_back(event, entry, scene):
            restored = f". {_NOT_RESTORED}" if event.old_number_mark else ""
            return Fate(event, State.TAKEN_BACK, f"{_BACK}{restored}")
        if self._held(entry, event.number_mark):
            return Fate(event, State.DONE)
        unclear = event.kind == Replace.kind and not self._held(entry, event.old_number_mark)
        words = "was not done, and the entry holds neither the old number nor the new one: look at it" * unclear
        return Fate(event, State.NOT_DONE, words)

    def _number_back(self, event: Event, entry: Entry, scene: _Scene) -> bool:
        """Take our number away where somebody else holds it too."""
        others = self._other_holders(event, entry, scene)
        held = self._held(entry, event.number_mark) if others else []
        return bool(held) and self._wrote(
            [Modify(entry.dn, (Modification("delete", NUMBER_ATTRIBUTE, (octets(held[0]),)),))]
        )

    def _number_went(self, event: Event, entry: Entry, scene: _Scene) -> bool:
        """Was the number of a new user taken back already, by a run that was cut off before it wrote that down?"""
        return bool(self._other_holders(event, entry, scene)) and not self._held(entry, event.number_mark)

    def _other_holders(self, event: Event, entry: Entry, scene: _Scene) -> list[Holder]:
        return [
            holder
            for holder in scene.holders.get(event.number_mark or "", [])
            if holder.dn != entry.dn and not self.answers.may_share(holder.feide_name, event.feide_name)
        ]

    def _held(self, entry: Entry, mark: str | None) -> list[str]:
        """The numbers of an entry that have this mark."""
        texts = entry.texts(NUMBER_ATTRIBUTE) if mark else []
        return [text for text in texts if self.journal.key.of_number(text) == mark]

    def _is_as_made(self, event: Event, entry: Entry) -> bool:
        """Does the user hold no other number than the one it was made with?"""
        return len(entry.values(NUMBER_ATTRIBUTE)) == len(self._held(entry, event.number_mark))

    def _wrote(self, writes: Sequence[Write]) -> bool:
        return not [written for written in self.directory.write(writes) if written.error is not None]

    def _login_state(self, event: Event, entry: Entry | None, rows: Mapping[str, str] | None) -> State:
        """Whether a closing, a reopening or a new password was carried out. Nobody can read a password: where only it
        would tell, the answer is no, and doing it again does no harm."""
        if event.kind == Close.kind:
            if event.state is not State.INTENDED:
                return State.DONE  # the directory had said so before the cut
            closed = self.directory.read(DN.parse(event.dn), (NAME_ATTRIBUTE,))
            return State.DONE if closed is not None and not closed.values(NAME_ATTRIBUTE) else State.NOT_DONE
        if entry is None or rows is None:
            return State.NOT_DONE if entry is None else State.DONE  # the name is back, and that is all of it
        password = rows.get(event.feide_name)
        done = password is not None and self.directory.accepts_login(entry.dn, password)
        return State.DONE if done else State.NOT_DONE

    def _rename(self, event: Event) -> Fate:
        """A rename that was half done is finished: nothing in it is secret."""
        dn, new_name = DN.parse(event.dn), event.other or ""
        to = renamed_dn(dn, event.feide_name, new_name)
        holding = {entry.dn for entry in self.directory.matching(NAME_ATTRIBUTE, [new_name], [NAME_ATTRIBUTE])}
        if to not in holding and dn in holding:
            if not self._wrote([RenameEntry(dn, to)]):
                return Fate(event, State.INTENDED)
        elif to not in holding:
            return Fate(event, State.NOT_DONE)
        twins = " and ".join(f"the entry {scrub(str(twin))}" for twin in sorted(holding - {dn, to}, key=str))
        return Fate(event, State.DONE, f"was done, but {twins} has the same name: look at both" if twins else "")


@dataclass(repr=False)
class _Scene:
    """What the directory holds of what the events are about, read once."""

    entries: Mapping[str, list[Entry]]
    identities: Identities
    holders: Mapping[NumberKey, list[Holder]] = field(default_factory=dict)
    source_id_attribute: str | None = None

    @classmethod
    def of(cls, events: Sequence[Event], recovery: Recovery) -> _Scene:
        directory, attribute = recovery.directory, recovery.source_id_attribute
        attributes = [NAME_ATTRIBUTE, NUMBER_ATTRIBUTE, "displayName", *filter(None, [attribute])]
        names = list(dict.fromkeys(event.feide_name for event in events))
        entries: dict[str, list[Entry]] = defaultdict(list)
        for entry in holding(directory, NAME_ATTRIBUTE, names, attributes):
            entries[(entry.text(NAME_ATTRIBUTE) or "").lower()].append(entry)
        numbered = any(event.number_mark for event in events)
        holders = numbers_held(directory, recovery.journal.key.of_number) if numbered else {}
        scene = cls(entries, Identities(), holders, attribute)
        scene.identities = Identities.read(directory, scene._asked(events))
        return scene

    def entry_of(self, event: Event) -> Entry | None:
        """The entry that was meant; by its name alone where it was moved."""
        entries, dn = self.entries.get(event.feide_name.lower(), []), DN.parse(event.dn)
        return next((entry for entry in entries if entry.dn == dn), entries[0] if entries else None)

    def twins(self, event: Event, entry: Entry) -> list[DN]:
        """Other entries with the name or the source id of a user that was made."""
        found = (dn for key in self._keys(event) for dn in self.identities.of(*key) if dn != entry.dn)
        return list(dict.fromkeys(found))

    def _asked(self, events: Sequence[Event]) -> Iterator[Asked]:
        for event in events:
            entry = self.entry_of(event) if event.kind == Create.kind else None
            if entry is not None:
                yield from ((*key, entry.dn) for key in self._keys(event))

    def _keys(self, event: Event) -> list[tuple[str, str]]:
        keys = [(NAME_ATTRIBUTE, event.feide_name), ("uid", event.feide_name.partition("@")[0])]
        by_source = self.source_id_attribute and event.source_id
        return [*keys, (self.source_id_attribute or "", event.source_id or "")] if by_source else keys


_BACK = "was taken back, because another user holds the number: find out whose it is"
_NOT_RESTORED = "The number that it took the place of is not put back, because the journal holds none: attach it again"


def _leaves_no_row(fate: Fate) -> bool:
    """Whether the user has nothing to be handed over: was not made, or is closed."""
    gone = (State.DONE,) if fate.event.kind == Close.kind else (State.NOT_DONE, State.TAKEN_BACK)
    return fate.event.kind in (*WITH_PASSWORD, Close.kind) and fate.state in gone


OF_UNITS = (CreateUnit.kind, UpdateUnit.kind)


_PLANNED_ANEW = (Update.kind, UpdateUnit.kind)
"""Nothing hangs on them, and the journal does not know what they were to write."""


TOLD_ONE_BY_ONE = 20


_SHOWN = 3


@dataclass(frozen=True)
class Fate:
    """The end of a change that was open. `words` say it, where the state alone does not."""

    event: Event
    state: State
    words: str = ""

    @property
    def what(self) -> str:
        """What became of the change, in words that hold for others too."""
        event, state = self.event, self.state
        if self.words:
            return self.words
        if state is State.DONE and event.kind == NewPassword.kind:
            return "was done, or need not be: the password in the hand-over file is the one that works"
        if state is State.DONE and event.kind in _PLANNED_ANEW and event.state is State.INTENDED:
            return "was done, or the next run of its list does it"
        if state is State.DONE:
            return "was done"
        if state is State.INTENDED:
            return f"is half done, and the entry cannot be called {event.other}: look who has that name, then run again"
        return "was not done: run again"

    @property
    def row(self) -> str:
        """Where the change stands in the list that it came from, when that is to be run again."""
        event = self.event
        again = self.state is State.NOT_DONE and not self.words and event.input
        return f"{event.input} row {event.input_row}" if again else ""

    @property
    def whom(self) -> str:
        """Who or what the change is about."""
        return self.event.dn if self.event.kind in OF_UNITS else self.event.feide_name


def told(fates: Iterable[Fate]) -> list[str]:
    """A sentence for each; where very many ended alike, one for all of them."""
    alike: dict[tuple[str, str], list[Fate]] = defaultdict(list)
    for fate in fates:
        alike[fate.event.kind, fate.what].append(fate)
    return [sentence for (kind, what), some in alike.items() for sentence in _sentences(kind, what, some)]


def _sentences(kind: str, what: str, fates: list[Fate]) -> Iterator[str]:
    if len(fates) <= TOLD_ONE_BY_ONE:
        for fate in fates:
            row = f" with {fate.row}" if fate.row else ""
            yield f"An earlier run was cut off: {kind} {fate.whom} {what}{row}."
        return
    rows = [fate.row for fate in fates if fate.row]
    first = "; ".join((rows or [fate.whom for fate in fates])[:_SHOWN])
    yield (
        f"An earlier run was cut off: {len(fates)} times {kind} {what} (first: {first}). The history of a user tells "
        "of each."
    )
