"""User names: lower-case ASCII made from a name in any script, each given out once."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Container

from anyascii import anyascii

_NO_LETTERS = re.compile(r"[^a-z]")
_FALLBACK = "bruker"
_NEUTRAL_ALPHABET = "bcdfghjkmnpqrstvwxz"  # no vowels: nothing that reads as a word, or as a name


def latin(text: str) -> str:
    """A name in the letters a–z; empty when none can be made."""
    return _NO_LETTERS.sub("", anyascii(unicodedata.normalize("NFC", text)).lower())


def stem(given_name: str, family_name: str, legal_name: str = "") -> str:
    """What a user name begins with: four letters of each name, more of the one where the other is missing.

    Where the names are not in Latin letters but the legal name is, it is taken from that: it is the passport's own
    spelling, and reads better than what can be made letter by letter (Arabic writes few vowels).
    """
    words = legal_name.split()
    if words and _in_latin(legal_name) and not _in_latin(given_name + family_name):
        given_name, family_name = words[0], words[-1] if len(words) > 1 else ""
    given, family = latin(given_name), latin(family_name)
    if not given or not family:
        return (given or family)[:8] or _FALLBACK
    return given[:4] + family[:4]


def _in_latin(text: str) -> bool:
    return all("LATIN" in unicodedata.name(character, "") for character in text if character.isalpha())


class UserNames:
    """Gives out user names that nobody has: the stem, then the stem with 2, 3, …

    `taken` is asked with `in`, and is not changed. What this object has given out it does not give again, and it
    remembers where a stem stands, so the thousandth name of a stem costs no more than the second.
    """

    def __init__(self, taken: Container[str] = frozenset()) -> None:
        self._taken = taken
        self._last: dict[str, int] = {}
        self._given: set[str] = set()

    def claim(self, stem: str) -> str:
        """The next free name for a stem."""
        number = self._last.get(stem)
        number = self._first_free(stem) if number is None else number + 1
        while not self._free(stem, number):
            number += 1
        self._last[stem] = number
        name = _numbered(stem, number)
        self._given.add(name)
        return name

    def claim_neutral(self) -> str:
        """A name that says nothing about the person."""
        while True:
            name = "u" + "".join(secrets.choice(_NEUTRAL_ALPHABET) for _ in range(7))
            if name not in self._taken and name not in self._given:
                self._given.add(name)
                return name

    def _free(self, stem: str, number: int) -> bool:
        name = _numbered(stem, number)
        return name not in self._taken and name not in self._given

    def _first_free(self, stem: str) -> int:
        """In a few steps also behind thousands: doubling until a free number, then halving back to the boundary."""
        if self._free(stem, 1):
            return 1
        taken, free = 1, 2
        while not self._free(stem, free):
            taken, free = free, free * 2
        while free - taken > 1:
            middle = (taken + free) // 2
            taken, free = (taken, middle) if self._free(stem, middle) else (middle, free)
        return free


def _numbered(stem: str, number: int) -> str:
    return stem if number == 1 else f"{stem}{number}"
