"""Writes that were carried out after they had been recorded as not done.

A request can wait in a network, in a proxy or in a queue of the server, and be carried out after a run has read the
entry and recorded that nothing was done. So what was recorded as not done is looked at again for a day: in every run,
before numbers and names are given to anybody, and when the run has written everything.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from feideprov.directory.dn import DN, renamed_dn, same_key
from feideprov.directory.entry import Entry
from feideprov.directory.protocol import NAME_ATTRIBUTE, NUMBER_ATTRIBUTE, Directory
from feideprov.journal.events import OPEN, Event, Kind, State, stamp
from feideprov.journal.journal import Journal
from feideprov.journal.user.state import UserState
from feideprov.journal.users import KnownUsers

RECENT: Final = timedelta(hours=24)
"""For how long a change that was recorded as not done is looked at again: longer than any queue keeps a request."""
SEEN_LATE: Final = (
    *(Kind.CREATE, Kind.ATTACH, Kind.REPLACE, Kind.WITHDRAW, Kind.CLOSE, Kind.REOPEN, Kind.RENAME),
    *(Kind.LINK, Kind.UNDO_LINK, Kind.UNDO_SOURCE_ID),
)
"""The kinds of changes that the entry shows, and that the next plan does not find by itself."""


def recent(journal: Journal, without: Collection[str]) -> list[Event]:
    """The changes that were recorded as not done, and may still arrive: the last one of each. `without` are kinds of
    changes that this run cannot decide about."""
    kinds = set(SEEN_LATE) - set(without)
    events = [event for event in _not_done(journal) if event.kind in kinds]
    last = {_what(event): event for event in events}
    for event in journal.events(state=OPEN) if last else ():  # it is found out already what became of these
        last.pop(_what(event), None)
    return list(last.values())


def created_before(journal: Journal) -> set[str]:
    """The users whose creation was recorded as not done: their entry can come from that request, with its password."""
    return {event.feide_name for event in _not_done(journal) if event.kind is Kind.CREATE}


def _not_done(journal: Journal) -> list[Event]:
    return journal.events(state=[State.NOT_DONE], since=stamp(datetime.now(UTC) - RECENT))


def _what(event: Event) -> tuple[str | None, ...]:
    return event.kind, event.feide_name, event.other, event.number_mark


@dataclass(frozen=True)
class Arrival:
    """Compares what was recorded as not done with the directory, and with what the journal knows."""

    directory: Directory
    journal: Journal
    known: KnownUsers
    source_id_attribute: str | None

    def write_down(self, event: Event) -> int:
        """Write the change down once more, as one that is open: the recovery then finds out what is to be done about
        it, also if this run is interrupted. Returns the id. Evidence that was altered is not sealed again."""
        again = replace(event, evidence=None, lifted=None, basis=None) if event.altered else event
        return self.journal.intend([replace(again, id=0, state=State.INTENDED)])[0]

    def has_arrived(self, event: Event, entry: Entry | None) -> bool:
        """Does the directory show the change, while the journal does not know of it? `entry` is that of the user."""
        user = self.known.by_name.get(event.feide_name.lower()) or UserState(event.feide_name.lower())
        match event.kind:
            case Kind.CLOSE:
                closed = self.directory.read(DN.parse(event.dn), (NAME_ATTRIBUTE,))
                return user.closed is None and closed is not None and not closed.values(NAME_ATTRIBUTE)
            case Kind.RENAME:
                return user.feide_name != (event.other or "").lower() and self._is_renamed(event)
        if entry is None:
            return False
        match event.kind:
            case Kind.CREATE:
                return not user.ours and not user.released and self._is_of(event, entry)
            case Kind.REOPEN:
                return user.closed is not None  # the entry has its Feide name again, or was not found by it
            case Kind.WITHDRAW:
                return user.number_mark == event.old_number_mark and not self._holds(entry, event.old_number_mark)
            case Kind.ATTACH | Kind.REPLACE:
                return user.number_mark != event.number_mark and self._holds(entry, event.number_mark)
        linked = self.known.linked.get(same_key(event.source_id or "")) == user.feide_name
        stands = self.source_id_attribute is not None and event.source_id in entry.texts(self.source_id_attribute)
        return stands is not linked and stands is (event.kind.undoes is None)

    def is_outdated(self, event: Event) -> bool:
        """Was the number removed from the user again, after the change that brings it was recorded as not done?"""
        user = self.known.by_name.get(event.feide_name.lower())
        return user is not None and event.number_mark is not None and user.without == event.number_mark

    def _is_of(self, event: Event, entry: Entry) -> bool:
        attribute = self.source_id_attribute
        return attribute is None or same_key(event.source_id or "") in map(same_key, entry.texts(attribute))

    def _is_renamed(self, event: Event) -> bool:
        new, dn = event.other or "", DN.parse(event.dn)
        to = renamed_dn(dn, event.feide_name, new)
        return any(one.dn in (dn, to) for one in self.directory.matching(NAME_ATTRIBUTE, [new], [NAME_ATTRIBUTE]))

    def _holds(self, entry: Entry, mark: str | None) -> bool:
        return any(self.journal.key.of_number(text) == mark for text in entry.texts(NUMBER_ATTRIBUTE))
