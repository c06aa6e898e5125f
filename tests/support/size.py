"""How much a test does: less in `make test`, all of it in `make sweep` and `make torture`."""

from __future__ import annotations

import os
from typing import TypeVar

FULL = os.environ.get("FULL_SIZE") == "yes"
_T = TypeVar("_T")


def size(quick: _T, full: _T) -> _T:
    """The first in `make test`, the second by hand."""
    return full if FULL else quick
