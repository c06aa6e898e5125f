"""What a look at the directory found, and how many users were looked at for it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeVar

from feideprov.messages import Sentence

T = TypeVar("T")
NOBODY: Final = Sentence(
    "No user was seen in the directory. If there are users, check base_dn, users_dn and the read rights of the account."
)
"""What to say instead of a success when nobody was looked at."""


class Found(list[T]):
    """A list of what was found. `users`: how many users were looked at.

    An empty list says nothing as long as nobody was looked at.
    """

    def __init__(self, found: Iterable[T] = (), *, users: int) -> None:
        super().__init__(found)
        self.users = users
