"""The schema that a server has, beside the one that a Feide directory needs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from feideprov.directory.rules import AttributeRule, attribute_rule, attribute_rules
from feideprov.schema.files import schema_files

_NEW = frozenset({"norEduPersonGuardianNIN"})
"""Attributes that earlier files of their specification lack: a server without them lacks nothing that is needed."""
_NAMES = re.compile(r"\bNAME\s+(?:'([^']+)'|\(\s*'([^']+)')")


@dataclass(frozen=True)
class SchemaGap:
    """What a server's schema lacks: the names, by specification (`eduperson`, `eduorg`, `schac`, `noredu`); and the
    attributes that it defines in another way than their specification, in words."""

    missing: Mapping[str, tuple[str, ...]]
    differing: tuple[str, ...]


def schema_gap(attributes: Iterable[str], classes: Iterable[str], *, rules_told: bool = True) -> SchemaGap:
    """Compare a server's definitions (RFC 4512, 4.1) with the package's schema files.

    `rules_told`: whether it tells how values are compared. Active Directory does not.
    """
    there = attribute_rules(attributes)
    known = there.keys() | {name.lower() for definition in classes for name in _names(definition)}
    missing, differing = {}, []
    for path in schema_files("openldap"):
        names = list(_names(path.read_text(encoding="utf-8")))
        if lacking := tuple(name for name in names if name.lower() not in known and name not in _NEW):
            missing[path.stem] = lacking
        differing += [said for name in names if (said := _difference(name, there.get(name.lower()), rules_told))]
    return SchemaGap(missing, tuple(differing))


def loadable(specifications: Iterable[str], kind: str) -> list[Path]:
    """The files to load for these specifications: for 389 DS and Active Directory, all four stand in one."""
    if kind in ("389", "ad"):
        return list(schema_files("389" if kind == "389" else "ad"))
    return [path for path in schema_files("openldap-config") if path.stem in set(specifications)]


def _names(text: str) -> Iterator[str]:
    plain = re.sub(r"(?m)^#.*$", "", text)
    return (match[1] or match[2] for match in _NAMES.finditer(plain))


def _difference(name: str, there: AttributeRule | None, rules_told: bool) -> str | None:
    wanted = attribute_rule(name)
    if wanted is None or there is None:
        return None
    if wanted.single != there.single:
        return f"{name} takes {'one value' if there.single else 'many values'}"
    if rules_told and (wanted.equality or "").lower() != (there.equality or "").lower():
        return f"{name} is compared by {there.equality or 'no rule'}, not {wanted.equality or 'none'}"
    return None
