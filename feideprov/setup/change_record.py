"""Changes as LDIF (RFC 2849), for ldapmodify."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from feideprov.directory.entry import octets
from feideprov.directory.ldif import folded


class Change(NamedTuple):
    """One step of a change: values that are added or deleted, or that replace all values."""

    operation: Literal["add", "delete", "replace"]
    attribute: str
    values: Sequence[str | bytes] = ()


def addition(dn: str, attributes: Mapping[str, Sequence[str | bytes]]) -> str:
    """A record that adds an entry."""
    values = [(name, value) for name, held in attributes.items() for value in held]
    return _record([("dn", dn), ("changetype", "add"), *values])


def modification(dn: str, steps: Iterable[Change]) -> str:
    """A record that changes an entry, or an empty text if there is nothing to change."""
    lines: list[tuple[str, str | bytes] | None] = []
    for step in steps:
        lines += [(step.operation, step.attribute), *((step.attribute, value) for value in step.values), None]
    return _record([("dn", dn), ("changetype", "modify"), *lines]) if lines else ""


def as_additions(entries: str) -> str:
    """Entries in LDIF as records that add them, so that ldapmodify takes them too."""
    return re.sub(r"(?m)^dn:.*\n(?: .*\n)*", lambda name: f"{name[0]}changetype: add\n", entries)


def _record(lines: Iterable[tuple[str, str | bytes] | None]) -> str:
    return "".join(f"{line}\n" for one in lines for line in (folded(one[0], octets(one[1])) if one else ["-"])) + "\n"
