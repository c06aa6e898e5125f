"""When two names are one name: written otherwise, or nearly the same.

Spelling alone is compared. Nothing is transliterated (Олена is not Olena), and no name has a short form (Ola is not
Olav): what agrees here is a reason to ask a person, so it must be seldom wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self


def skeleton(word: str) -> str:
    """The form of a name that is the same for its spellings."""
    raise NotImplementedError


@dataclass(frozen=True, slots=True)
class ComparedName:
    """The words of a person's name, as they are compared."""

    pairs: frozenset[str]
    words: frozenset[str]
    whole: str

    @classmethod
    def of(cls, given: str, family: str, legal: str = "") -> Self:
        """The name of a person record."""
        raise NotImplementedError


def agree(one: ComparedName, other: ComparedName) -> bool:
    """Whether the names have a given name and a family name in common, in any order."""
    raise NotImplementedError


def nearly_agree(one: ComparedName, other: ComparedName) -> bool:
    """Whether a family name is the same, and a given name is one letter away."""
    raise NotImplementedError


def share_word(one: ComparedName, other: ComparedName) -> bool:
    """Whether any word of the names is the same."""
    raise NotImplementedError
