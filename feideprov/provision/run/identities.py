"""Who has a user name, a Feide name or a source id: what is to be one entry's alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Self

from feideprov.directory.dn import DN, fold
from feideprov.directory.entry import Entry
from feideprov.directory.protocol import Directory

IN_ONE_READ = 1_000
"""Of more values than this, all entries are read once, with these attributes alone: 20,000 users by three attributes
would be 600 requests with 60,000 terms."""

Asked = tuple[str, str, DN | None]
"""An attribute and a value that somebody is to have alone, and that entry, where there is one."""


class Identities:
    """The entries that have values that somebody is to get, or has just got."""

    def __init__(self) -> None:
        self._holders: dict[tuple[str, str], tuple[DN, ...]] = {}

    @classmethod
    def read(cls, directory: Directory, asked: Iterable[Asked]) -> Self:
        """Who has these values, apart from those who may."""
        values: dict[str, list[str]] = defaultdict(list)
        wanted: dict[str, dict[str, DN | None]] = defaultdict(dict)
        for attribute, value, own in asked:
            folded = fold(value)
            values[attribute].append(value)
            wanted[attribute][value if folded == value else folded] = own  # one text in memory, not two
        found = cls()
        if any(len(some) > IN_ONE_READ for some in values.values()):
            for entry in directory.having(list(values), list(values)):
                found._take(entry, wanted)
        else:
            for attribute, some in values.items():
                for entry in directory.matching(attribute, some, [attribute]):
                    found._take(entry, {attribute: wanted[attribute]})
        return found

    def of(self, attribute: str, value: str) -> tuple[DN, ...]:
        """The entries that have this value, apart from the one that may."""
        return self._holders.get((attribute, fold(value)), ()) if self._holders else ()

    def _take(self, entry: Entry, wanted: Mapping[str, Mapping[str, DN | None]]) -> None:
        itself: DN | None = None  # names are compared once for an entry, not for each of its attributes
        for attribute, values in wanted.items():
            for value in map(fold, entry.texts(attribute)):
                if value not in values:
                    continue
                own = values[value]
                if own is not None and (own is itself or own == entry.dn):
                    itself = own
                    continue
                key = attribute, value
                self._holders[key] = (*self._holders.get(key, ()), entry.dn)


def holding(directory: Directory, attribute: str, values: Sequence[str], attributes: Sequence[str]) -> Iterator[Entry]:
    """The entries with one of these values: in one read where they are many."""
    if len(values) <= IN_ONE_READ:
        yield from directory.matching(attribute, values, attributes)
        return
    wanted = set(map(fold, values))
    for entry in directory.having([attribute], attributes):
        if not wanted.isdisjoint(map(fold, entry.texts(attribute))):
            yield entry
