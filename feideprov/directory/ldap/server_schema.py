"""The schema of a server, compared with what a Feide directory needs, and the definitions that correct it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from feideprov.directory.ldap.server_kind import Kind
from feideprov.directory.rules import AttributeRule, ClassRule, attribute_rule, attribute_rules, class_rules
from feideprov.messages import Sentence, joined
from feideprov.schema import CLASSES, SPECIFICATIONS, Attribute, ObjectClass, Specification, Syntax
from feideprov.schema.files import schema_files
from feideprov.schema.schema import PERSONAL_ATTRIBUTES, definition

_NEW: Final = frozenset({"norEduPersonGuardianNIN"})
"""Attributes that earlier files of their specification lack: a server without them lacks nothing that is needed."""
_ONE_VALUE: Final = frozenset({"eduPersonUniqueId", "eduPersonNickname", "eduOrgLegalName", "norEduOrgSchemaVersion"})
"""Attributes that may have several values, and get one only: a server that allows only one does as well."""
_WITH_ALL_LETTERS: Final = frozenset({"norEduPersonLegalName", "eduPersonNickname", "eduOrgLegalName"})
"""Attributes with names; IA5 strings, as some servers have them, are without Norwegian letters."""


@dataclass(frozen=True)
class Correction:
    """A definition that a server should have. `anchor` is a name that its schema defines, beside which it belongs;
    `replaces`: that name itself is defined otherwise there."""

    anchor: str
    one: Attribute | ObjectClass
    replaces: bool

    @property
    def kind(self) -> str:
        """What RFC 4512 calls it; OpenLDAP puts `olc` in front."""
        return "attributeTypes" if isinstance(self.one, Attribute) else "objectClasses"

    @property
    def text(self) -> str:
        return definition(self.one)


@dataclass(frozen=True)
class SchemaGap:
    """What a server's schema lacks of the names that are needed.

    `missing`: the names, by specification (`eduperson`, `eduorg`, `schac`, `noredu`); `absent`: the specifications of
    which the server has nothing. `disallowed`: attributes that an object class of the server does not allow.
    `differing`: a phrase for each definition with which something does not work. `corrections`: the definitions that
    make it right, those of absent specifications left out. `richer`: object classes of the server that allow more than
    the package's.
    """

    missing: Mapping[str, tuple[str, ...]]
    absent: tuple[str, ...]
    disallowed: Mapping[str, tuple[str, ...]]
    differing: tuple[Sentence, ...]
    corrections: tuple[Correction, ...]
    richer: tuple[str, ...]


def schema_gap(
    attributes: Iterable[str],
    classes: Iterable[str],
    *,
    kind: Kind = "openldap",
    needed: Collection[str] | None = None,
) -> SchemaGap:
    """Compare a server's definitions (RFC 4512, 4.1) with those of the package.

    `needed`: the attributes and object classes that matter; None: all. Active Directory publishes no matching rules.
    """
    server = _ServerSchema(kind, attribute_rules(attributes), class_rules(classes))
    names = {name.lower() for name in needed} if needed is not None else None
    missing, absent, corrections = {}, [], list[Correction]()
    disallowed, differing = dict[str, tuple[str, ...]](), list[Sentence]()
    for specification in SPECIFICATIONS:
        wanted = [
            one
            for one in _defined(specification)
            if (one.name not in _NEW if names is None else one.name.lower() in names)
        ]
        if lacking := [one for one in wanted if not server.has(one.name)]:
            missing[specification.file] = tuple(one.name for one in lacking)
        there = [one for one in _defined(specification) if server.has(one.name)]
        if lacking and not there:
            absent.append(specification.file)
            continue
        new = {one.name.lower() for one in lacking}
        corrections += [Correction(_anchor(one, there), server.corrected(one, new), replaces=False) for one in lacking]
        for one in (one for one in wanted if server.has(one.name)):
            phrase = server.difference(one)
            if isinstance(one, ObjectClass) and (names_out := server.disallowed(one, wanted)):
                disallowed[one.name] = names_out
            if phrase or one.name in disallowed:
                differing += [phrase] if phrase else []
                corrections.append(Correction(one.name, server.corrected(one, new), replaces=True))
    return SchemaGap(missing, tuple(absent), disallowed, tuple(differing), tuple(corrections), server.richer())


@dataclass(frozen=True)
class _ServerSchema:
    """The definitions of one server, by name in lower case."""

    kind: Kind
    attributes: Mapping[str, AttributeRule]
    classes: Mapping[str, ClassRule]

    def has(self, name: str) -> bool:
        return name.lower() in self.attributes or name.lower() in self.classes

    def difference(self, one: Attribute | ObjectClass) -> Sentence | None:
        """A phrase for what does not work with the server's definition."""
        return self._of_attribute(one.name) if isinstance(one, Attribute) else self._of_class(one)

    def disallowed(self, one: ObjectClass, wanted: Collection[Attribute | ObjectClass]) -> tuple[str, ...]:
        """The needed attributes that the server's class, and those above it, do not allow."""
        if self.kind == "ad":
            return ()  # there other classes of the entry can allow them
        allowed, name = set[str](), one.name.lower()
        seen = set[str]()  # a definition may be above itself
        while (rule := self.classes.get(name)) and name not in seen:
            seen.add(name)
            allowed |= rule.must | rule.may
            name = (rule.superior or "").lower()
        needed = {other.name for other in wanted}
        return tuple(attribute for attribute in one.may if attribute in needed and attribute.lower() not in allowed)

    def corrected(self, one: Attribute | ObjectClass, new: Collection[str]) -> Attribute | ObjectClass:
        """The package's definition; a class allows what the server's does too, and no attribute that the server will
        not know when it has the `new` ones."""
        if isinstance(one, Attribute):
            return one
        known = (name for name in one.may if self.has(name) or name.lower() in new)
        return replace(one, may=(*known, *self._more(one)))

    def richer(self) -> tuple[str, ...]:
        """The classes that allow attributes which the package's do not."""
        return tuple(one.name for one in CLASSES.values() if self._more(one))

    def _more(self, one: ObjectClass) -> list[str]:
        rule, ours = self.classes.get(one.name.lower()), {name.lower() for name in one.may}
        more = sorted(name for name in rule.may - ours if name in self.attributes) if rule else []
        return [self.attributes[name].name for name in more]

    def _of_attribute(self, name: str) -> Sentence | None:
        wanted, there = attribute_rule(name), self.attributes[name.lower()]
        if wanted is None:
            return None
        if there.single and not wanted.single and name not in _ONE_VALUE:
            return Sentence("{name} allows only one value", name=name)
        if wanted.single and not there.single:
            return Sentence("{name} allows several values", name=name)
        if self.kind == "ad":
            return None
        if self._inherited(there).syntax == Syntax.IA5_STRING and name in _WITH_ALL_LETTERS:
            return Sentence("{name} allows no Norwegian letters (IA5 String)", name=name)
        rule = self._inherited(there).equality
        if rule is None and self.kind == "389":
            return None  # 389 then compares as the syntax says (seen on 2.3.1)
        if _alike(rule) != _alike(wanted.equality):
            return _other_rule(name, rule, wanted.equality)
        return None

    def _inherited(self, rule: AttributeRule) -> AttributeRule:
        """With what the attributes above give it (RFC 4512, 2.5.1)."""
        above, seen = (rule.superior or "").lower(), set[str]()  # a definition may be above itself
        while (upper := self.attributes.get(above) or attribute_rule(above)) and above not in seen:
            seen.add(above)
            rule = replace(rule, equality=rule.equality or upper.equality, syntax=rule.syntax or upper.syntax)
            above = (upper.superior or "").lower()
        return rule

    def _of_class(self, one: ObjectClass) -> Sentence | None:
        rule = self.classes.get(one.name.lower())
        if rule is None or self.kind == "ad":
            return None
        if not rule.is_auxiliary:
            return Sentence("{name} is not an auxiliary object class", name=one.name)
        if more := sorted(rule.must - {"objectclass"}):
            return Sentence("{name} requires {attributes}", name=one.name, attributes=joined(more, ", "))
        return None


def personal_attributes(attributes: Iterable[str], classes: Iterable[str], needed: Collection[str]) -> tuple[str, ...]:
    """The personal attributes that a server knows after the set-up: a rule must not name others.

    `attributes` and `classes` are the server's definitions before. The set-up adds the specifications that the server
    has nothing of, and the attributes that are `needed`.
    """
    gap = schema_gap(attributes, classes)
    lacking = {name for file, names in gap.missing.items() if file not in gap.absent for name in names}
    return tuple(name for name in PERSONAL_ATTRIBUTES if name not in lacking or name in needed)


def loadable(specifications: Iterable[str], kind: str) -> list[Path]:
    """The files to load for these specifications: for 389 DS and Active Directory one file has all four."""
    if kind in ("389", "ad"):
        return list(schema_files("389" if kind == "389" else "ad"))
    return [path for path in schema_files("openldap-config") if path.stem in set(specifications)]


def _defined(specification: Specification) -> Iterator[Attribute | ObjectClass]:
    yield from specification.attributes
    yield from specification.classes


def _anchor(one: Attribute | ObjectClass, there: Collection[Attribute | ObjectClass]) -> str:
    """The name beside which a definition belongs: slapd reads the entries of cn=config in order, and a class must not
    come before its attributes."""
    users = [of.name for of in there if isinstance(of, ObjectClass) and one.name in of.may]
    return users[0] if users else [of.name for of in there][-1]


def _alike(rule: str | None) -> str:
    return (rule or "").lower().replace("ia5", "")


def _other_rule(name: str, rule: str | None, wanted: str | None) -> Sentence:
    if rule is None:
        return Sentence("{name} lacks the matching rule {wanted}", name=name, wanted=wanted)
    if wanted is None:
        return Sentence("{name} has the matching rule {rule}, but should have none", name=name, rule=rule)
    return Sentence("{name} has the matching rule {rule} instead of {wanted}", name=name, rule=rule, wanted=wanted)
