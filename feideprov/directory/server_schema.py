"""The schema that a server has, beside the one that a Feide directory needs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from feideprov.directory.rules import AttributeRule, attribute_rule, attribute_rules
from feideprov.directory.schema import schema_files

_NAMES = re.compile(r"\bNAME\s+(?:'([^']+)'|\(\s*'([^']+)')")


@dataclass(frozen=True)
class SchemaGap:
    """What a server's schema lacks: the names, by specification (`eduperson`, `eduorg`, `schac`, `noredu`); and the
    attributes that it defines in another way than their specification, in words."""

    missing: Mapping[str, tuple[str, ...]]
    differing: tuple[str, ...]


def schema_gap(attributes: Iterable[str], classes: Iterable[str]) -> SchemaGap:
    """Compare a server's definitions (RFC 4512, 4.1) with the package's schema files."""
    there = attribute_rules(attributes)
    known = there.keys() | {name.lower() for definition in classes for name in _names(definition)}
    missing, differing = {}, []
    for path in schema_files("openldap"):
        names = list(_names(path.read_text(encoding="utf-8")))
        if lacking := tuple(name for name in names if name.lower() not in known):
            missing[path.stem] = lacking
        differing += [said for name in names if (said := _difference(name, there.get(name.lower())))]
    return SchemaGap(missing, tuple(differing))


def loadable(specifications: Iterable[str], kind: str) -> list[Path]:
    """The files to load for these specifications: on 389 DS, all four stand in one."""
    if kind == "389":
        return list(schema_files("389"))
    return [path for path in schema_files("openldap-config") if path.stem in set(specifications)]


def _names(text: str) -> Iterator[str]:
    plain = re.sub(r"(?m)^#.*$", "", text)
    return (match[1] or match[2] for match in _NAMES.finditer(plain))


def _difference(name: str, there: AttributeRule | None) -> str | None:
    wanted = attribute_rule(name)
    if wanted is None or there is None:
        return None
    if wanted.single != there.single:
        return f"{name} takes {'one value' if there.single else 'many values'}"
    if (wanted.equality or "").lower() != (there.equality or "").lower():
        return f"{name} is compared by {there.equality or 'no rule'}, not {wanted.equality or 'none'}"
    return None
