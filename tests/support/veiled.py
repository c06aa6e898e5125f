"""A directory in memory that does not show everything to the account that reads it, as access rules of a server do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry
from feideprov.directory.memory import MemoryDirectory
from feideprov.testing import example_directory

NAME, NIN = "eduPersonPrincipalName", "norEduPersonNIN"


class VeiledDirectory(MemoryDirectory):
    """The example directory. `hidden` are Feide names whose entries are not shown; `veiled` has those of whom some
    attributes are not shown. Like a server, it gives each entry a number (entryCSN) that changes with it.

    `entries()` shows everything.
    """

    def __init__(self) -> None:
        shown = example_directory()
        super().__init__(shown.base, shown.entries())
        self.hidden: set[str] = set()
        self.veiled: dict[str, set[str]] = {}
        self._changes: dict[object, tuple[Entry, int]] = {}

    def read(self, dn: DN, attributes: Sequence[str] = ("*",)) -> Entry | None:
        entry = self._entries.get(dn.key)
        seen = list(self._seen([entry] if entry else []))
        return seen[0].only(attributes) if seen else None

    def _below_base(self) -> Iterator[Entry]:
        return self._seen(super()._below_base())

    def _seen(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        for entry in entries:
            user = (entry.text(NAME) or "").lower()
            if user not in self.hidden:
                veiled = {name.lower() for name in self.veiled.get(user, ())}
                shown = {name: values for name, values in entry.items() if name.lower() not in veiled}
                yield Entry(entry.dn, shown | {"entryCSN": [f"change-{self._change(entry)}"]})

    def _change(self, entry: Entry) -> int:
        last, change = self._changes.get(entry.dn.key, (None, 0))
        if last is not entry:
            change = len(self._changes) + change + 1
            self._changes[entry.dn.key] = entry, change
        return change

    def user(self, source_id: str) -> Entry:
        """The entry with a source id, as it is."""
        [entry] = self.with_source_id(source_id)
        return entry

    def with_source_id(self, source_id: str) -> list[Entry]:
        """The entries with a source id, as they are."""
        return [entry for entry in self.entries() if source_id in entry.texts("employeeNumber")]

    def by_another_hand(self, entry: Entry, **attributes: list[str]) -> None:
        """Puts these values in the place of those of an entry, past the program; an empty list deletes them."""
        kept = {name: values for name, values in entry.items() if name not in attributes}
        self._entries[entry.dn.key] = Entry(entry.dn, kept | {name: some for name, some in attributes.items() if some})

    def deleted_by_another_hand(self, entry: Entry) -> None:
        """Deletes an entry, past the program."""
        del self._entries[entry.dn.key]
