"""The groups of a file: to which school of the organization each belongs, and what a user has of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from feideprov.encodings import what_is_damaged
from feideprov.errors import InputError
from feideprov.feide import group as feide
from feideprov.feide.entitlement import GroupType
from feideprov.feide.organization import HostOrganization
from feideprov.intake.cells import has_many_digits
from feideprov.intake.ims.model import Group, SourcedId
from feideprov.intake.ims.vocabulary import GroupKind
from feideprov.journal.keys import MarkKey
from feideprov.look_alikes import visible
from feideprov.numbers import key_is_number, number_shaped
from feideprov.text import normal_name, shown

_GRADE: Final = re.compile(
    r"aarstrinn(?P<code>\d+)|(?<!\d)(?P<first>\d{1,2})(?:\. ?(?:års)?trinn| ?\. ?klasse)|"
    r"(?:års)?trinn ?(?P<last>\d{1,2})(?!\d)|\A(?P<alone>\d{1,2})\Z|vg ?(?P<vg>[1-3])(?!\d)",
    re.IGNORECASE,
)
_SHORT_CODE: Final = re.compile(r"[A-ZÆØÅ]{2,}[A-ZÆØÅ0-9-]*\d[A-ZÆØÅ0-9-]*")
"""A code of a subject as groups have it, such as NOR0214 or MAT01-05; never a UUID."""
_READ_DIFFERENTLY: Final = re.compile(r"[~!*'()]")
_NOT_DIGITS: Final = re.compile(r"[\d\s_.-]+")
_TYPES: Final[Mapping[GroupKind, GroupType]] = {
    GroupKind.CLASS: "b",
    GroupKind.TEACHING: "u",
    GroupKind.OTHER: "a",
    GroupKind.UNTYPED: "a",
}
_NO_SCHOOL_BELOW: Final = frozenset((GroupKind.GUARDIANS, GroupKind.AFTER_SCHOOL, GroupKind.KINDERGARTEN))


class Place(NamedTuple):
    """Where a group is."""

    kind: GroupKind
    """Of the group, or of the one above it whose members become no users."""
    school: str = ""
    """The id of a school of the organization; empty when the group is in none."""
    is_adult: bool = False
    """The school is for adults."""
    other: tuple[str, str] | None = None
    """The organization number and the name of a school that is not in the configuration."""
    is_school: bool = False
    """The group is the school itself."""


@dataclass
class Groups:
    """The groups of a file. `organization`: whose schools are looked for; without it, each school is known by its
    number. `key` makes an id for a group whose own contains an identity number; without it, the group is not used."""

    of_file: Mapping[SourcedId, Group]
    organization: HostOrganization | None
    key: MarkKey | None
    are_typed: bool
    """The groups have types, as in PIFU: one without a type is never an unknown school."""
    unusable: set[SourcedId] = field(default_factory=set)
    """Groups that people are in and that cannot be written."""
    _places: dict[SourcedId, Place | None] = field(default_factory=dict)
    _grades: dict[SourcedId, str] = field(default_factory=dict)
    _values: dict[SourcedId, feide.Group | None] = field(default_factory=dict)

    def place(self, group: SourcedId) -> Place | None:
        """Where a group is; None when it is not in the file."""
        try:
            return self._places[group]
        except KeyError:
            found = self._places[group] = self._place(group)
            return found

    def _place(self, wanted: SourcedId) -> Place | None:
        group = self.of_file.get(wanted)
        if group is None or group.is_deleted:
            return None
        for above in self._upwards(group):
            if above.kind in _NO_SCHOOL_BELOW:
                return Place(above.kind)
            if above.kind is GroupKind.SCHOOL or above.kind is GroupKind.UNTYPED:
                found = self._school(above)
                if found is not None:
                    return found._replace(kind=group.kind, is_school=above is group)
        if self.are_typed or group.kind is not GroupKind.UNTYPED:
            return Place(group.kind)
        *_, top = self._upwards(group)
        return Place(group.kind, other=(_digits(top.number), shown(top.short, 60)))

    def _upwards(self, group: Group) -> Iterator[Group]:
        """The group and those above it, nearest first, each once: the topmost points at itself, and a file may have
        a circle."""
        seen, level = {group.id}, [group]
        while level:
            yield from level
            above = [parent for one in level for parent in one.parents if parent not in seen]
            seen.update(above)
            level = [self.of_file[one] for one in dict.fromkeys(above) if one in self.of_file]

    def _school(self, group: Group) -> Place | None:
        number = _digits(group.number)
        is_typed = group.kind is GroupKind.SCHOOL
        if self.organization is None:
            text = f"NO{number}" if number else group.short
            return Place(group.kind, text) if is_typed else None
        names = [f"NO{number}"] if number else [group.id.id, group.short, group.long]
        for name in filter(None, names):
            if (school := self.organization.school(name)) is not None:
                return Place(group.kind, school.id, is_adult=school.kind == "adult-education")
        return Place(group.kind, other=(number, shown(group.short, 60))) if is_typed else None

    def grade(self, group: SourcedId) -> str:
        """The grade that a group means: of a grade, by its code or its name; of a class, by its code or by the grade
        that it is below. Empty for another group."""
        if group not in self._grades:
            self._grades[group] = self._grade(self.of_file[group])
        return self._grades[group]

    def _grade(self, found: Group) -> str:
        if found.kind is GroupKind.GRADE:
            return _grade(*found.codes, found.short, found.long)
        if found.kind is not GroupKind.CLASS:
            return ""
        above = (self.of_file[one] for one in found.parents if one in self.of_file)
        return _grade(*found.codes) or next((self.grade(one.id) for one in above if one.kind is GroupKind.GRADE), "")

    def value(self, group: SourcedId) -> feide.Group | None:
        """The group as a user has it; None for one that users do not have, or that cannot be written."""
        if group not in self._values:
            found = self.of_file[group]
            self._values[group] = value = self._value(found) if found.kind in _TYPES else None
            if value is None and found.kind in _TYPES:
                self.unusable.add(group)
        return self._values[group]

    def _value(self, group: Group) -> feide.Group | None:
        name = next((one for one in (group.short, group.long) if _is_usable(one)), None)
        local_id = self._local_id(group.id.id)
        if name is None or not local_id:
            return None
        kind = _TYPES[group.kind]
        code = self._subject(group) if kind == "u" else ""
        if kind == "u" and not code:
            kind = "a"  # a teaching group has a code of Grep (info_go 2018-03)
        try:
            return feide.Group(kind, local_id, normal_name(name), code, group.begins, group.ends)
        except InputError:
            return None

    def _local_id(self, text: str) -> str:
        text = _READ_DIFFERENTLY.sub("-", visible(text).strip())
        if not (key_is_number(text) or number_shaped(text)):
            return text
        if self.key is None:
            return ""
        return "-".join(filter(None, (self.key.in_place_of_key(text), *_NOT_DIGITS.split(text))))

    def _subject(self, group: Group) -> str:
        subjects = (self.of_file[one] for one in group.parents if one in self.of_file)
        codes = (*group.codes, *(code for one in subjects if one.kind is GroupKind.UNUSED for code in one.codes))
        short = (code.strip().rpartition("/")[2] for code in codes)
        return next((code for code in short if _SHORT_CODE.fullmatch(code) and not number_shaped(code)), "")


def _digits(number: str) -> str:
    """The nine digits of an organization number; empty for another text."""
    digits = "".join(number.split()).upper().removeprefix("NO").removesuffix("MVA")
    return digits if len(digits) == 9 and digits.isascii() and digits.isdigit() else ""


def _grade(*texts: str) -> str:
    for text in texts:
        found = {_one_grade(match) for match in _GRADE.finditer(text)} - {""}
        if len(found) == 1:
            return found.pop()
    return ""


def _one_grade(match: re.Match[str]) -> str:
    if match["vg"]:
        return f"vg{match['vg']}"
    number = int(match["code"] or match["first"] or match["last"] or match["alone"])
    return str(number) if 1 <= number <= 10 else f"vg{number - 10}" if number <= 13 else ""


def _is_usable(name: str) -> bool:
    seen = normal_name(name)
    return bool(seen) and not has_many_digits(seen) and what_is_damaged(seen, is_name=False) is None
