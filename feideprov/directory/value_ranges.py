"""Attributes that come in parts: Active Directory gives at most 1,500 values of one at a time, under another name, such
as `member;range=0-1499` ([MS-ADTS] 3.1.1.3.1.3.3)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from feideprov.directory.search_entry import Attributes
from feideprov.errors import DirectoryError

_RANGE = re.compile(r"(.+);range=(\d+)-(\d+|\*)", re.IGNORECASE)


def is_in_parts(attributes: Mapping[str, object]) -> bool:
    """Is there more of one of the attributes than came?"""
    return any(";range=" in name.lower() for name in attributes)


def whole(attributes: Attributes, more: Callable[[str], Attributes]) -> Attributes:
    """The attributes with all their values; `more` asks for one of the same entry.

    Raises DirectoryError where the rest does not come: half of the values would be taken for all.
    """
    found: Attributes = {}
    for name, values in attributes.items():
        part = _RANGE.fullmatch(name)
        if part is None:
            found[name] = [*values, *found.get(name, [])]  # an empty one stands beside its parts
        else:
            found[part[1]] = [*found.get(part[1], []), *values, *_rest(part, more)]
    return found


def _rest(part: re.Match[str], more: Callable[[str], Attributes]) -> list[bytes]:
    values: list[bytes] = []
    while part[3] != "*":
        name, start = part[1], int(part[3]) + 1
        came = more(f"{name};range={start}-*")
        parts = [(match, came[text]) for text in came if (match := _RANGE.fullmatch(text)) and int(match[2]) == start]
        if not parts:
            raise DirectoryError(f"The server did not give all values of {name}: run again.")
        part, further = parts[0]
        values += further
    return values
