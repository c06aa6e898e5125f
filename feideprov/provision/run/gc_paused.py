"""Python's collector of garbage, at rest while a lot is made that is no garbage."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def gc_paused() -> Iterator[None]:
    """A time without a search for garbage that refers to itself; all other garbage goes at once, as always.

    As objects become more, Python looks through all of them again and again. While 20,000 users are planned for and
    made, that took a tenth to a quarter of our time, and there was nothing to find.
    """
    was_at_work = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_at_work:
            gc.enable()
