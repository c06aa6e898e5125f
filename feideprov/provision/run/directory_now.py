"""What the directory contains of what the changes of an interrupted run are about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry
from feideprov.directory.protocol import NAME_ATTRIBUTE, NUMBER_ATTRIBUTE, Directory, name_of
from feideprov.feide.first_password.at_school import READ as AT_SCHOOL
from feideprov.journal.events import Event, State
from feideprov.journal.keys import MarkKey
from feideprov.provision.plan.changes import Create
from feideprov.provision.plan.holders import Holder, NumberKey, numbers_held
from feideprov.provision.run.conflicts import Asked, Identities, entries_with


@dataclass(repr=False)
class DirectoryNow:
    """What the directory contains of what the events are about, read once."""

    entries: Mapping[str, list[Entry]]
    identities: Identities
    holders: Mapping[NumberKey, list[Holder]] = field(default_factory=dict)
    source_id_attribute: str | None = None

    @classmethod
    def of(cls, events: Sequence[Event], directory: Directory, key: MarkKey, attribute: str | None) -> DirectoryNow:
        """What these events are about. `attribute` is that of the source ids; numbers are marked with `key`."""
        attributes = [NAME_ATTRIBUTE, NUMBER_ATTRIBUTE, "displayName", *AT_SCHOOL, *filter(None, [attribute])]
        names = list(dict.fromkeys(event.feide_name for event in events))
        by_name: dict[str, list[Entry]] = defaultdict(list)
        for entry in entries_with(directory, NAME_ATTRIBUTE, names, attributes):
            by_name[name_of(entry)].append(entry)
        numbered = any(event.number_mark for event in events)
        holders = numbers_held(directory, key.of_number) if numbered else {}
        directory_now = cls(by_name, Identities(), holders, attribute)
        directory_now.identities = Identities.read(directory, directory_now._asked(events))
        return directory_now

    def entry_of(self, event: Event) -> Entry | None:
        """The entry that the event is about; found by its Feide name alone when it was moved."""
        found, dn = self.entries.get(event.feide_name.lower(), []), DN.parse(event.dn)
        return next((entry for entry in found if entry.dn == dn), found[0] if found else None)

    def duplicates(self, event: Event, entry: Entry) -> list[DN]:
        """Other entries with the name or the source id of a user that was created."""
        found = (dn for key in self._keys(event) for dn in self.identities.of(*key) if dn != entry.dn)
        return list(dict.fromkeys(found))

    def hides(self, event: Event) -> bool:
        """Whether a user that no entry shows was created: the directory had confirmed it, and nobody else has the name
        or the source id, for which it would have been taken back."""
        return _confirmed(event) and not any(self.identities.of(*key) for key in self._keys(event))

    def _asked(self, events: Sequence[Event]) -> Iterator[Asked]:
        for event in events:
            entry = self.entry_of(event) if event.kind == Create.kind else None
            if entry is not None or _confirmed(event):
                dn = entry.dn if entry is not None else DN.parse(event.dn)
                yield from ((*key, dn) for key in self._keys(event))

    def _keys(self, event: Event) -> list[tuple[str, str]]:
        keys = [(NAME_ATTRIBUTE, event.feide_name), ("uid", event.feide_name.partition("@")[0])]
        if self.source_id_attribute and event.source_id:
            keys.append((self.source_id_attribute, event.source_id))
        return keys


def _confirmed(event: Event) -> bool:
    """Whether the directory had confirmed a creation."""
    return event.kind == Create.kind and event.state is not State.INTENDED
