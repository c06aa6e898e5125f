"""What the directory contains of what some events of the journal are about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry
from feideprov.directory.protocol import NAME_ATTRIBUTE, NUMBER_ATTRIBUTE, Directory
from feideprov.journal.events import Event
from feideprov.journal.keys import MarkKey
from feideprov.provision.plan.changes import Create
from feideprov.provision.plan.holders import Holder, NumberKey, numbers_held
from feideprov.provision.run.conflicts import Asked, Identities, entries_with


@dataclass(repr=False)
class DirectoryNow:
    """It is read once."""

    entries: Mapping[str, list[Entry]]
    identities: Identities
    holders: Mapping[NumberKey, list[Holder]] = field(default_factory=dict)
    source_id_attribute: str | None = None

    @classmethod
    def of(cls, events: Sequence[Event], directory: Directory, key: MarkKey, attribute: str | None) -> Self:
        """`attribute` holds the source ids, if one does."""
        attributes = [NAME_ATTRIBUTE, NUMBER_ATTRIBUTE, "displayName", *filter(None, [attribute])]
        names = list(dict.fromkeys(event.feide_name for event in events))
        by_name: dict[str, list[Entry]] = defaultdict(list)
        for entry in entries_with(directory, NAME_ATTRIBUTE, names, attributes):
            by_name[(entry.text(NAME_ATTRIBUTE) or "").lower()].append(entry)
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

    def _asked(self, events: Sequence[Event]) -> Iterator[Asked]:
        for event in events:
            entry = self.entry_of(event) if event.kind == Create.kind else None
            if entry is not None:
                yield from ((*key, entry.dn) for key in self._keys(event))

    def _keys(self, event: Event) -> list[tuple[str, str]]:
        keys = [(NAME_ATTRIBUTE, event.feide_name), ("uid", event.feide_name.partition("@")[0])]
        if self.source_id_attribute and event.source_id:
            keys.append((self.source_id_attribute, event.source_id))
        return keys
