"""The users of a directory by the words of their names.

Few names are different, so words are made comparable once for each value, not for each entry.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Final

from feideprov.directory.entry import Entry
from feideprov.feide.name_comparison import ComparedName, agree, nearly_agree

_NAMES: Final = ("givenName", "sn")
_WHOLE: Final = ("norEduPersonLegalName", "displayName", "cn")
"""Names without parts. Most are the given name and the family name once more."""
_DOUBLED: Final = re.compile(r"(.)\1+")


def names_of_entry(entry: Entry) -> tuple[ComparedName, ...]:
    """The names of an entry, to be compared: that of its parts first, then those without parts that differ. A person
    who has only one name has it in both attributes."""
    given, family = (entry.text(name) or "" for name in _NAMES)
    whole = (text.decode(errors="replace") for text in _whole_names(entry))
    return ComparedName.of(given, family), *(ComparedName.of("", "", text) for text in whole)


class NameIndex:
    """Finds the entries whose names agree, nearly agree or are equal, in their order."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = list(entries)
        holders: dict[bytes, list[int]] = defaultdict(list)
        for number, entry in enumerate(self._entries):
            for value in _values(entry):
                holders[value].append(number)
        self._with_word: dict[str, set[int]] = defaultdict(set)
        for value, numbers in holders.items():
            text = value.decode(errors="replace")
            for word in ComparedName.of(text, "", text).words:
                self._with_word[word].update(numbers)
        self._names: dict[int, tuple[ComparedName, ...]] = {}

    def agreeing(self, name: ComparedName) -> list[Entry]:
        """The entries whose names agree with this one."""
        if not self._entries:
            return []
        found = {number for pair in name.pairs for number in self._with(*pair.split())}
        return self._where(found, lambda other: agree(name, other))

    def nearly(self, name: ComparedName) -> list[Entry]:
        """The entries whose names nearly agree with this one."""
        if not self._entries:
            return []
        words = name.words
        held = words & self._with_word.keys()
        found = {n for word in held for near in self._near(words - {word}) for n in self._with(word, near)}
        return self._where(found, lambda other: nearly_agree(name, other))

    def equal(self, name: ComparedName) -> list[Entry]:
        """The entries whose names are equal to this one, in any order of the words."""
        if not self._entries:
            return []
        return self._where(self._with(*name.whole.split()), lambda other: other.whole == name.whole)

    def _where(self, numbers: Iterable[int], is_like: Callable[[ComparedName], bool]) -> list[Entry]:
        return [self._entries[number] for number in sorted(numbers) if any(map(is_like, self._names_of(number)))]

    def _with(self, *words: str) -> set[int]:
        """The entries whose names have all these words."""
        return set.intersection(*(self._with_word.get(word, set()) for word in words)) if words else set()

    def _names_of(self, number: int) -> tuple[ComparedName, ...]:
        names = self._names.get(number)
        if names is None:
            names = self._names[number] = names_of_entry(self._entries[number])
        return names

    def _near(self, words: Iterable[str]) -> set[str]:
        """The words of the directory that may be one letter apart from one of these; others may be among them."""
        return {near for word in words for part in _without_one_letter(word) for near in self._by_part.get(part, ())}

    @cached_property
    def _by_part(self) -> dict[str, list[str]]:
        parts: dict[str, list[str]] = defaultdict(list)
        for word in self._with_word:
            for part in _without_one_letter(word):
                parts[part].append(word)
        return parts


def _values(entry: Entry) -> Iterator[bytes]:
    yield from _parts(entry)
    yield from _whole_names(entry)


def _parts(entry: Entry) -> tuple[bytes, ...]:
    return entry.values("givenName")[:1] + entry.values("sn")[:1]


def _whole_names(entry: Entry) -> Iterator[bytes]:
    """The names without parts that are not the given name and the family name once more."""
    parts = _parts(entry)
    both = b" ".join(parts)
    for name in _WHOLE:
        for value in entry.values(name):
            if value != both and value not in parts:
                yield value


def _without_one_letter(word: str) -> set[str]:
    """The word, and all that is left of it without one letter: words that are one letter apart have one in common."""
    single = _DOUBLED.sub(r"\1", word)
    return {single, *(single[:at] + single[at + 1 :] for at in range(len(single)))}
