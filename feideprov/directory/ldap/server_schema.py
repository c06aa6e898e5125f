"""The schema of a server, compared with the one that a Feide directory needs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from feideprov.directory.rules import AttributeRule, attribute_rule, attribute_rules
from feideprov.messages import Sentence
from feideprov.schema.files import schema_files

_NEW = frozenset({"norEduPersonGuardianNIN"})
"""Attributes that earlier files of their specification lack: a server without them lacks nothing that is needed."""
_NAMES = re.compile(r"\bNAME\s+(?:'([^']+)'|\(\s*'([^']+)')")


@dataclass(frozen=True)
class SchemaGap:
    """`missing`: what a server's schema lacks, by specification (`eduperson`, `eduorg`, `schac`, `noredu`).
    `differing`: a phrase for each attribute that it defines differently from the specification."""

    missing: Mapping[str, tuple[str, ...]]
    differing: tuple[Sentence, ...]


def schema_gap(attributes: Iterable[str], classes: Iterable[str], *, has_rules: bool = True) -> SchemaGap:
    """Compare a server's definitions (RFC 4512, 4.1) with the package's schema files.

    `has_rules`: they name matching rules. Those of Active Directory do not.
    """
    there = attribute_rules(attributes)
    known = there.keys() | {name.lower() for definition in classes for name in _names(definition)}
    missing, differing = {}, []
    for path in schema_files("openldap"):
        names = list(_names(path.read_text(encoding="utf-8")))
        if lacking := tuple(name for name in names if name.lower() not in known and name not in _NEW):
            missing[path.stem] = lacking
        differing += [one for name in names if (one := _difference(name, there.get(name.lower()), has_rules))]
    return SchemaGap(missing, tuple(differing))


def loadable(specifications: Iterable[str], kind: str) -> list[Path]:
    """The files to load for these specifications: for 389 DS and Active Directory one file has all four."""
    if kind in ("389", "ad"):
        return list(schema_files("389" if kind == "389" else "ad"))
    return [path for path in schema_files("openldap-config") if path.stem in set(specifications)]


def _names(text: str) -> Iterator[str]:
    plain = re.sub(r"(?m)^#.*$", "", text)
    return (match[1] or match[2] for match in _NAMES.finditer(plain))


def _difference(name: str, there: AttributeRule | None, has_rules: bool) -> Sentence | None:
    wanted = attribute_rule(name)
    if wanted is None or there is None:
        return None
    if wanted.single != there.single:
        return (
            Sentence("{name} allows only one value", name=name)
            if there.single
            else Sentence("{name} allows several values", name=name)
        )
    if has_rules and (wanted.equality or "").lower() != (there.equality or "").lower():
        return _other_rule(name, there.equality, wanted.equality)
    return None


def _other_rule(name: str, rule: str | None, wanted: str | None) -> Sentence:
    if rule is None:
        return Sentence("{name} lacks the matching rule {wanted}", name=name, wanted=wanted)
    if wanted is None:
        return Sentence("{name} has the matching rule {rule}, but should have none", name=name, rule=rule)
    return Sentence("{name} has the matching rule {rule} instead of {wanted}", name=name, rule=rule, wanted=wanted)
