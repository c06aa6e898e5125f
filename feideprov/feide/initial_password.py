"""First passwords: random, and readable aloud over a counter or a telephone."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

# No c, q, w, x, y or z, which are read or heard differently in different languages.
_CONSONANTS = "bdfghjklmnprstv"
_VOWELS = "aeiou"
_GROUPS, _SYLLABLES = 5, 2

RANDOM_BITS = 65  # ten syllables of 75 are 62.3 bits, the digit 3.2 more: floor of log2(75**10 * 9)


@dataclass(frozen=True)
class InitialPassword:
    """A first password. No `repr` shows it; `reveal` gives it."""

    _text: str = field(repr=False)

    @classmethod
    def new(cls) -> InitialPassword:
        """A fresh one from the operating system's randomness, such as `Bako-rime-tulo-fasi-neda-4`.

        Five groups of two syllables and a digit; capital, hyphens and digit satisfy common password rules.
        """
        groups = ["".join(map(_syllable, range(_SYLLABLES))) for _ in range(_GROUPS)]
        return cls("-".join([groups[0].capitalize(), *groups[1:], secrets.choice("123456789")]))

    def reveal(self) -> str:
        """The password itself, for the hand-over and the directory."""
        return self._text

    def __str__(self) -> str:
        return "<first password>"


def _syllable(_: int) -> str:
    return secrets.choice(_CONSONANTS) + secrets.choice(_VOWELS)
