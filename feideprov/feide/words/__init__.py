"""Words that no user name should be, as text files: one a line, `#` for a comment.

`reserved.txt` has names of systems; `unfortunate-<language>.txt` has words that nobody wants as a name. A word counts
anywhere in a name. With `=` in front, or when it has fewer than four letters, it counts only as the whole name.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Self

from feideprov.errors import ConfigurationError, scrub
from feideprov.messages import Sentence

_FOLDER = Path(__file__).resolve().parent
_WORD = re.compile(r"=?[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?")
_DIGITS = "0123456789"
_LEAST = 4
"""The fewest letters of a word that counts anywhere in a name."""


@dataclass(frozen=True)
class Words:
    """A list of words. `whole` count as whole names, with or without a number at the end; `held` anywhere in a name."""

    whole: frozenset[str]
    held: tuple[str, ...]

    @classmethod
    def parse(cls, lines: Iterable[str]) -> Self:
        """The words of a list. Raises ConfigurationError for a word that cannot be part of a user name."""
        words = [word for line in lines if (word := line.partition("#")[0].strip().lower())]
        for word in words:
            if not _WORD.fullmatch(word):
                raise ConfigurationError(
                    Sentence(
                        "[names] reserved: “{word}” cannot be part of a user name. Write the word with letters a to z.",
                        word=scrub(word),
                    )
                )
        held = {word for word in words if not word.startswith("=") and len(word) >= _LEAST}
        return cls(frozenset(word.removeprefix("=") for word in words if word not in held), tuple(sorted(held)))

    def __or__(self, other: Words) -> Words:
        return Words(self.whole | other.whole, self.held + other.held)

    def matches(self, name: str, *, own: Iterable[str] = ()) -> bool:
        """Is the user name one of the words, or does it contain one? What is part of one of the person's names (`own`)
        does not count."""
        own = tuple(own)
        if (name in self.whole or name.rstrip(_DIGITS) in self.whole) and name not in own:
            return True
        return any(not any(word in one for one in own) for word in self._held_in(name))

    def _held_in(self, name: str) -> Iterator[str]:
        for start in range(len(name) - _LEAST + 1):
            for word in self._by_first_letters.get(name[start : start + _LEAST], ()):
                if name.startswith(word, start):
                    yield word

    @cached_property
    def _by_first_letters(self) -> Mapping[str, list[str]]:
        """The words in `held`, so that a name is not searched for each of them."""
        found = defaultdict[str, list[str]](list)
        for word in self.held:
            found[word[:_LEAST]].append(word)
        return found


@cache
def reserved() -> Words:
    """Names of systems, not people: root, postmaster, feide."""
    return _read(["reserved.txt"])


@cache
def unfortunate() -> Words:
    """Words of all languages that have a list: a school has pupils who speak many."""
    return _read(sorted(path.name for path in _FOLDER.glob("unfortunate-*.txt")))


def _read(names: Iterable[str]) -> Words:
    texts = (_FOLDER.joinpath(name).read_text(encoding="utf-8") for name in names)
    return Words.parse(line for text in texts for line in text.splitlines())
