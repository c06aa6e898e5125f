"""A group as person lists write it, and the membership that it means."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple, Self, get_args

from feideprov.encodings import LOST
from feideprov.errors import InputError
from feideprov.feide.entitlement import GroupMembership, GroupRole, GroupType, decoded, iso_date
from feideprov.look_alikes import visible
from feideprov.messages import Sentence
from feideprov.no_value import no_value
from feideprov.programs.arguments import checked_class
from feideprov.text import normal_name

_READ_DIFFERENTLY: Final = re.compile(r"[~!*'()]")
"""Encoders disagree whether these are percent-encoded, so the group-IDs of two programs would differ. The same is true
of “/”, which counties have in the ids of teaching groups (3PBB/201): Feide's form, %2F, is written, with a warning."""
_CLASS: Final = re.compile(r"^klassen?(?![^\W\d_])", re.IGNORECASE)
"""The word in front of the name of a class: Klasse 6A is the class 6A, Klassekor is another one."""
_SHORT_NAME: Final = re.compile(r"(?=.*\d)[^\W_]{1,6}")
"""What schools call a class, without spaces: 7A, 10B, STA1, 1STA, VG1STA."""
_WORD: Final = re.compile(r"[^\W\d_]{3,}")
"""Letters that are a word, when they are not all capitals: Norsk 1 and Rød 2 are names as they are."""
_SIGNS: Final = re.compile(r"[!-,/:-@\[-^`{-~]+")
"""The signs of ASCII but full stop, hyphen and underscore: they are encoded differently, or part the value."""
_SEVERAL: Final = re.compile(r"[,;\r\n]|\d[a-zæøå]+ (?:(?:og|and|&|\+) )?\d+[a-zæøå]", re.IGNORECASE)
"""Two classes in one text, such as “7A 7B” or “7A og 7B”. “5 og 6” is the name of a class, and so is “3PBB/201”."""
LEFT_OUT: Final = Sentence("It is not used. The other groups of the row are, and the user keeps those of before.")
"""What is said after a group that is refused."""
_SAME_ID: Final = Sentence(
    "A group before it has the same type, id and dates, and another name or Grep code. Upper and lower case of an id "
    "are one. Correct the wrong one."
)


class Ended(NamedTuple):
    """What somebody is no longer in: the ids of schools, and of groups of the primary school."""

    schools: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


@checked_class
@dataclass(frozen=True)
class Group:
    """A group of a school.

    Parameters:
        type: `b` is a class (basisgruppe), `u` a teaching group, `a` any other.
        id: the id of the group at the school, not encoded.
        name: the name of the group.
        grep_code: the Grep code of a teaching group; other groups have none.
        begins, ends: the first and the last day; without them, those of the school year, 1 August to 31 July.

    Raises:
        InputError: a field is wrong; it says what is wrong.
    """

    type: GroupType
    id: str
    name: str
    grep_code: str = ""
    begins: date | None = None
    ends: date | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "id", visible(self.id))
        if self.type not in get_args(GroupType):
            raise InputError(Sentence("A group must begin with its type: b (class), u (teaching group) or a (other)."))
        if not self.id.strip() or not self.name.strip():
            raise InputError(Sentence("A group must have a type, an id and a name, such as “b:6a:Klasse 6A”."))
        if _READ_DIFFERENTLY.search(self.id):
            raise InputError(
                Sentence(
                    "The id of a group contains one of the characters ~ ! * ' ( ), which programs encode "
                    "differently. Use a hyphen (-) instead."
                )
            )
        if (self.type == "u") != bool(self.grep_code):
            raise InputError(Sentence("A teaching group (u) must have a Grep code. Other groups must not have one."))
        if self.begins and self.ends and self.begins > self.ends:
            raise InputError(Sentence("The last day of the group is before its first day."))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a group as person lists write it: `type:id:name[:grep code[:from:to]]`, or the name of a class: `7A`.

        Parameters:
            text: the group, with each part percent-encoded. A text without a colon is the class of that name; `7A`,
                `7a`, `7 A` and `b:7a:7A` are the same.

        Returns: the group.

        Raises:
            InputError: the text is no group; it says what is wrong.
        """
        if ":" not in text:
            return cls("b", *_class(text))
        parts = [decoded(part).strip() for part in text.split(":")]
        if len(parts) not in (3, 4, 6):
            raise InputError(
                Sentence(
                    "Write a class by its name, such as “7A”, or a group as type:id:name, type:id:name:grep code or "
                    "type:id:name:grep code:from:to."
                )
            )
        group_type, group_id, name, code, begins, ends = parts + [""] * (6 - len(parts))
        first, last = (iso_date(text) if text else None for text in (begins, ends))
        return cls(visible(group_type).lower(), group_id, name, code, first, last)  # type: ignore[arg-type]  # checked above

    def membership(self, organization_number: str, role: GroupRole, on: date) -> GroupMembership:
        """The membership of a person in this group.

        Parameters:
            organization_number: the school's number, `NO` and nine digits.
            role: the person's role in the group, such as `student`.
            on: for a group without dates, a day of its school year.

        Returns: the membership.

        Raises:
            InputError: the number, the role or the dates are wrong; it says which.
        """
        first, last = school_year(self.begins or self.ends or on)
        begins, ends = self.begins or first, self.ends or last
        return GroupMembership(self.type, self.grep_code, organization_number, self.id, begins, ends, role, self.name)


def add_group(group: Group, groups: dict[object, Group], on: date) -> None:
    """Add a group of a person to those before it, by what makes its group-ID; once, if it is there already.

    `on` is a day of the school year of groups without dates. Raises InputError when a group before it has the same
    group-ID, and another name or Grep code.
    """
    first, last = school_year(group.begins or group.ends or on)
    before = groups.setdefault((group.type, group.id.lower(), group.begins or first, group.ends or last), group)
    if (before.name, before.grep_code) != (group.name, group.grep_code):
        raise InputError(_SAME_ID)


@lru_cache(maxsize=4096)  # a class shares its groups
def distinct(groups: tuple[Group, ...], on: date) -> tuple[tuple[Group, ...], Sentence | None]:
    """The groups of a person, each once, and what is wrong when two of them have one group-ID: the second is left
    out. `on` is as in `add_group`."""
    found: dict[object, Group] = {}
    wrong = None
    for group in groups:
        try:
            add_group(group, found, on)
        except InputError as error:
            wrong = error.sentence
    return tuple(found.values()), wrong


def _class(text: str) -> tuple[str, str]:
    """The id and the name of a class that is written by its name. Raises InputError when this is no name."""
    if meaning := no_value(text.strip()):
        raise InputError(meaning)
    if _SEVERAL.search(text.strip()):
        raise InputError(Sentence("Write “|” between several groups."))
    name = normal_name(decoded(text))
    if "?" in name or "\ufffd" in name:
        raise InputError(LOST)
    compact, short = ("".join(one.split()) for one in (name, _CLASS.sub("", name)))
    local_id = _SIGNS.sub("-", short.lower()).strip("-")
    if not any(map(str.isalnum, local_id)):
        raise InputError(Sentence("Write the name of the class, which has a letter or a digit, such as “7A”."))
    is_short = _SHORT_NAME.fullmatch(compact) and all(map(str.isupper, _WORD.findall(name)))
    return local_id, compact.upper() if is_short else name


def school_year(on: date) -> tuple[date, date]:
    """The first and last day of the school year of a day, 1 August to 31 July."""
    first = on.year if on.month >= 8 else on.year - 1
    return date(first, 8, 1), date(first + 1, 7, 31)
