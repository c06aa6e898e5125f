"""User names: each is given to one user, and never again."""

from __future__ import annotations

import secrets
from collections.abc import Container, Iterable

from feideprov.feide.name_policy import USUAL_NAMES, NamePolicy

_NEUTRAL_ALPHABET = "bcdfghjkmnpqrstvwxz"  # no vowels: nothing that reads as a word or a name


class UserNames:
    """Gives out user names that nobody has: the stem, then the stem with 2, 3, …

    `taken` is asked with `in`, and is not changed. No name is given out twice. The last number of each stem is
    remembered, so the thousandth name of a stem costs no more than the second.
    """

    def __init__(self, taken: Container[str] = frozenset(), policy: NamePolicy = USUAL_NAMES) -> None:
        self.policy = policy
        self._taken = taken
        self._last: dict[str, int] = {}
        self._given: set[str] = set()

    def claim(self, stem: str) -> str:
        """Give out the next free name for a stem.

        Parameters: `stem`, as `NamePolicy.stem` makes it.

        Returns: the user name.

        Raises Refused: the greatest length allows no more names (R-NO-NAME-LEFT).
        """
        if stem in self._last:
            number = self._last[stem] + 1
            while not self._free(stem, number):
                number += 1
        else:
            number = self._first_free(stem)
        self._last[stem] = number
        name = self.policy.numbered(stem, number)
        self._given.add(name)
        return name

    def claim_neutral(self) -> str:
        """Give out a random name, which says nothing about the person.

        Returns: the user name.

        Raises: nothing.
        """
        while True:
            name = "u" + "".join(secrets.choice(_NEUTRAL_ALPHABET) for _ in range(7))
            name = name[: self.policy.max_length]
            if name not in self:
                self._given.add(name)
                return name

    def give_out(self, names: Iterable[str]) -> None:
        """Mark names as given out already.

        Parameters: `names`, the user names.

        Raises: nothing.
        """
        self._given.update(names)

    def __contains__(self, name: object) -> bool:
        """Is the name taken, given out, or not allowed by the policy?"""
        return name in self._given or name in self._taken or not self.policy.allows(str(name))

    def _free(self, stem: str, number: int) -> bool:
        return self.policy.numbered(stem, number) not in self

    def _first_free(self, stem: str) -> int:
        """The first free number, in a few steps: doubled until one is free, then the boundary by halves."""
        if self._free(stem, 1):
            return 1
        taken, free = 1, 2
        while not self._free(stem, free):
            taken, free = free, free * 2
        while free - taken > 1:
            middle = (taken + free) // 2
            taken, free = (taken, middle) if self._free(stem, middle) else (middle, free)
        return free
