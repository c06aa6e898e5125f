"""First passwords: random, and readable aloud over a counter or a telephone."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Iterable
from typing import Any, NoReturn, final

# No c, q, w, x, y or z, which are read or heard differently in different languages.
_CONSONANTS = "bdfghjklmnprstv"
_VOWELS = "aeiou"
_GROUPS, _SYLLABLES = 5, 2
DIGITS = "123456789"

_SEPARATORS = re.compile(r"[\s,.\-_#@]+")
_SHORTEST_PART = 3  # "Password must meet complexity requirements" (Windows security policy settings)

RANDOM_BITS = 65  # ten syllables of 75 are 62.3 bits, the digit 3.2 more: floor of log2(75**10 * 9)


@final
class InitialPassword:
    """A first password. Only `reveal` shows it: no `repr`, format or `dataclasses.asdict` does. It is never pickled."""

    __slots__ = ("_text",)
    _text: str

    def __init__(self, text: str) -> None:
        object.__setattr__(self, "_text", text)

    @classmethod
    def new(cls, *names: str) -> InitialPassword:
        """A new random password, such as `Bako-rime-tulo-fasi-neda-4`.

        Five groups of two syllables and a digit; the capital, hyphens and digit satisfy common password rules. It
        contains no part of the names: Active Directory would refuse it (one `Ida` in 75).
        """
        parts = name_parts(names)
        while True:
            groups = ["".join(map(_syllable, range(_SYLLABLES))) for _ in range(_GROUPS)]
            if is_without(parts, groups):
                return cls("-".join([groups[0].capitalize(), *groups[1:], secrets.choice(DIGITS)]))

    def reveal(self) -> str:
        """The password itself, for the hand-over file and the directory."""
        return self._text

    def __repr__(self) -> str:
        return "<first password>"

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __eq__(self, other: object) -> bool:
        return self._text == other._text if isinstance(other, InitialPassword) else NotImplemented

    def __hash__(self) -> int:
        return hash((InitialPassword, self._text))

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("InitialPassword is frozen.")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError("InitialPassword is frozen.")

    def __copy__(self) -> InitialPassword:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> InitialPassword:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("A first password is not pickled: write it to the hand-over file.")


def name_parts(names: Iterable[str]) -> Collection[str]:
    """The parts of names that Active Directory does not allow in a password."""
    return {part for name in names for part in _SEPARATORS.split(name.lower()) if len(part) >= _SHORTEST_PART}


def is_without(parts: Iterable[str], groups: Iterable[str]) -> bool:
    """Whether none of the groups of letters contains one of these parts."""
    return not any(part in group for part in parts for group in groups)


def _syllable(_: int) -> str:
    return secrets.choice(_CONSONANTS) + secrets.choice(_VOWELS)
