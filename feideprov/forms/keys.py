"""Keys for people who have none in any system: they stand in the sheet before anybody is written into it."""

from __future__ import annotations

import re
import secrets
from typing import Final

_LETTERS: Final = "bcdfghjkmnpqrstvwxz"
"""Neither digits, of which a spreadsheet or a reader could make a number, nor vowels, of which words and months are
made."""
_LENGTH: Final = 12
_KEY: Final = re.compile(f"[{_LETTERS}]{{{_LENGTH}}}")


def fresh_keys(count: int) -> list[str]:
    """So many random keys, all different. It is very improbable that two sheets have a key in common."""
    keys = dict[str, None]()
    while len(keys) < count:
        keys["".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))] = None
    return list(keys)


def is_fresh_key(text: str) -> bool:
    """Whether a text has the form of these keys."""
    return _KEY.fullmatch(text) is not None
