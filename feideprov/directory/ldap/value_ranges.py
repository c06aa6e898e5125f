"""Attributes that come in parts: Active Directory gives at most 1,500 values of one at a time, under another name, such
as `member;range=0-1499` ([MS-ADTS] 3.1.1.3.1.3.3)."""

from __future__ import annotations

import re
from collections.abc import Callable

from feideprov.directory.ldap.search_entry import Attributes
from feideprov.errors import DirectoryError

RANGE = b";range="
_PART = re.compile(r"(.+);range=(\d+)-(\d+|\*)", re.IGNORECASE)


def is_in_parts(attributes: Attributes) -> bool:
    """Is there more of one of the attributes than came?"""
    return any(_PART.fullmatch(name) for name in attributes)


def whole(attributes: Attributes, more: Callable[[str], Attributes]) -> Attributes:
    """The attributes with all their values; `more` asks for one of the same entry.

    Raises DirectoryError where the rest does not come: half of the values would be taken for all.
    """
    found: Attributes = {}
    for key, (name, values) in attributes.items():
        part = _PART.fullmatch(name)
        if part is not None:
            found[part[1].lower()] = part[1], (*values, *_rest(part, more))
        elif values or key not in found:  # an empty one stands beside its parts
            found[key] = name, values
    return found


def _rest(part: re.Match[str], more: Callable[[str], Attributes]) -> list[bytes]:
    values: list[bytes] = []
    while part[3] != "*":
        start = int(part[3]) + 1
        came = more(f"{part[1]};range={start}-*").values()
        parts = [(match, further) for name, further in came if (match := _PART.fullmatch(name))]
        if len(parts) != 1 or int(parts[0][0][2]) != start:
            raise DirectoryError(f"The server did not give all values of {part[1]}: run again.")
        part = parts[0][0]
        values += parts[0][1]
    return values
