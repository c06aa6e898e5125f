"""What first passwords are made of: syllables, or words that children read."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final, Literal

from feideprov.feide.initial_password import DIGITS, InitialPassword, is_without, name_parts

WORDS: Final = Path(__file__).with_name("words-nb.txt")
"""2,048 words, one a line, so that each has eleven random bits; `#` begins a comment."""
SIX_WORDS, THREE_WORDS = 6, 3
YOUNGEST: Final = 4
"""Up to this grade three words are enough where the server locks a user after wrong passwords."""
_YOUNG: Final = frozenset(map(str, range(1, YOUNGEST + 1)))


@dataclass(frozen=True)
class PasswordStyle:
    """What first passwords are made of.

    Parameters:
        made_of: `syllables`: five groups of two syllables (65 random bits). `words`: six words (69 bits). Both end with
            a digit.
        locks: it was seen that the server locks a user after wrong passwords. With `words`, a pupil of grade 1 to 4
            then gets three words (36 bits): a child can write them, and nobody can try enough others.
    """

    made_of: Literal["syllables", "words"] = "syllables"
    locks: bool = False

    def where(self, locks: Callable[[], bool]) -> PasswordStyle:
        """The same for a server that locks users after wrong passwords, or does not; asked only where it matters."""
        return replace(self, locks=locks()) if self.made_of == "words" else self

    def new(self, *names: str, grade: str = "") -> InitialPassword:
        """A new random password that contains no part of these names, for a user of this grade, if it is known."""
        if self.made_of == "syllables":
            return InitialPassword.new(*names)
        parts, count = name_parts(names), THREE_WORDS if self.locks and grade in _YOUNG else SIX_WORDS
        while True:
            words = [secrets.choice(password_words()) for _ in range(count)]
            if is_without(parts, words):
                return InitialPassword("-".join([words[0].capitalize(), *words[1:], secrets.choice(DIGITS)]))


SYLLABLES: Final = PasswordStyle()


@cache
def password_words() -> tuple[str, ...]:
    """The words: Norwegian (bokmål), of three to eight letters a to z, which a child of ten reads.

    They name things of every day. None is about bodies, faith, illness, violence, war or flight, and none that people
    are called by. No two sound or begin alike, so that a password can be read aloud.
    """
    return tuple(_lines())


def _lines() -> Iterator[str]:
    for line in WORDS.read_text(encoding="ascii").splitlines():
        if word := re.sub(r"#.*", "", line).strip():
            yield word
