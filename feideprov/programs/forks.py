"""What must not be shared with a process that is forked: locks that are held, and connections."""

from __future__ import annotations

import os
from typing import Final, Protocol
from weakref import WeakSet


class Forked(Protocol):
    """Something that is told when it is in a new process."""

    def after_fork(self) -> None:
        """Leave to the parent what belongs to it. No other thread runs yet."""


_TOLD: Final[WeakSet[Forked]] = WeakSet()


def tell_after_fork(one: Forked) -> None:
    """Call `after_fork` of an object in each process that is forked while it exists."""
    _TOLD.add(one)


def _tell() -> None:
    for one in list(_TOLD):
        one.after_fork()


if hasattr(os, "register_at_fork"):  # where there is a fork at all
    os.register_at_fork(after_in_child=_tell)
