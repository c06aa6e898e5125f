"""Who has a user name, a Feide name or a source id: what is to be one entry's alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Self

from feideprov.directory.dn import DN, fold
from feideprov.directory.entry import Entry
from feideprov.directory.protocol import Directory

IN_ONE_READ = 1_000
"""Of more values than this, all entries are read once, with these attributes alone: 20,000 users by three attributes
would be 600 requests with 60,000 terms."""


class Identities:
    """The entries that have values that somebody is to get, or has just got."""

    def __init__(self) -> None:
        self._holders: dict[tuple[str, str], tuple[DN, ...]] = {}

    @classmethod
    def read(cls, directory: Directory, wanted: Mapping[str, Mapping[str, DN | None]]) -> Self:
        """For each attribute the values that are asked about and, for each of them, the entry that may have it: who
        else does is kept."""
        found = cls()
        asked = {name: {fold(value): own for value, own in values.items()} for name, values in wanted.items() if values}
        for attributes, entry in _entries(directory, wanted):
            for attribute in attributes:
                values = asked.get(attribute, {})
                for text in entry.texts(attribute):
                    value = fold(text)
                    if value in values and entry.dn != values[value]:
                        key = attribute, value
                        found._holders[key] = (*found._holders.get(key, ()), entry.dn)
        return found

    def of(self, attribute: str, value: str) -> tuple[DN, ...]:
        """The entries that have this value, apart from the one that may."""
        return self._holders.get((attribute, fold(value)), ()) if self._holders else ()


def _entries(
    directory: Directory, wanted: Mapping[str, Mapping[str, DN | None]]
) -> Iterator[tuple[Sequence[str], Entry]]:
    """Entries, each with the attributes that it was read for."""
    names = [name for name, values in wanted.items() if values]
    if any(len(wanted[name]) > IN_ONE_READ for name in names):
        for entry in directory.having(names, names):
            yield names, entry
        return
    for name in names:
        for entry in directory.matching(name, wanted[name], [name]):
            yield (name,), entry


def holding(directory: Directory, attribute: str, values: Sequence[str], attributes: Sequence[str]) -> Iterator[Entry]:
    """The entries with one of these values: in one read where they are many."""
    if len(values) <= IN_ONE_READ:
        yield from directory.matching(attribute, values, attributes)
        return
    wanted = set(map(fold, values))
    for entry in directory.having([attribute], attributes):
        if not wanted.isdisjoint(map(fold, entry.texts(attribute))):
            yield entry
