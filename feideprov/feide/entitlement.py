"""eduPersonEntitlement: the grade (Grep code), the groups and the group-IDs of a user.

Forms: docs.feide.no, info_go 2018-03, the appendices on eduPersonEntitlement; vg1 to vg3: reference/schema/attributes/
edupersonentitlement.

    urn:mace:feide.no:go:grep:http://psi.udir.no/laereplan/aarstrinn/aarstrinn6
    urn:mace:feide.no:go:grep:http://psi.udir.no/laereplan/aarstrinn/vg1
    urn:mace:feide.no:go:group:b::NO987654321:6a:2020-08-01:2021-06-15:student:Klasse%206A
    urn:mace:feide.no:go:groupid:b:NO987654321:6a:2020-08-01:2021-06-15

Each is a frozen type: `parse` and `str` are each other's inverses. `parse` also reads other forms that programs write;
`str` writes one form only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache, partial
from typing import Final, Literal, Self, get_args
from urllib.parse import quote, unquote

from feideprov.errors import InputError
from feideprov.messages import Sentence
from feideprov.programs.arguments import checked, checked_class

_OURS: Final = "urn:mace:feide.no:go:"
GREP: Final = f"{_OURS}grep:"
GROUP: Final = f"{_OURS}group:"
GROUP_ID: Final = f"{_OURS}groupid:"
"""What a Grep code, a group and a group-ID begin with."""

_GRADES: Final = f"{GREP}http://psi.udir.no/laereplan/aarstrinn/"

GroupType = Literal["a", "b", "u"]
"""`b` is a class (basisgruppe), `u` a teaching group, `a` any other group."""
GroupRole = Literal["student", "faculty", "member", "employee", "staff"]
"""The role of a person in a group."""

_TYPES: Final = frozenset(get_args(GroupType))
_ROLES: Final = frozenset(get_args(GroupRole))
_REFERENCE: Final = re.compile(
    r"https?://(?:[a-z0-9-]+\.)*udir\.no/[!-~]+|uuid:(?i:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
)
_OF_A_GRADE: Final = re.compile(r"https?://psi\.udir\.no/laereplan/aarstrinn/(?:aarstrinn([1-9]|10)|vg([1-3]))")
_ORGANIZATION: Final = re.compile(r"NO[0-9]{9}")
_GRADE: Final = re.compile(r"(?:trinn|klasse)?\s*(\d{1,2})\.?\s*(?:trinn|klasse)?", re.IGNORECASE)
_UPPER_SECONDARY: Final = re.compile(r"vg\s*([1-3])", re.IGNORECASE)
_BEFORE_UPPER_SECONDARY: Final = 10


def grade_number(text: str) -> int:
    """The grade that a text means: 1 to 10, and 11 to 13 for vg1 to vg3. Raises InputError for anything else."""
    if level := _UPPER_SECONDARY.fullmatch(text.strip()):
        return _BEFORE_UPPER_SECONDARY + int(level[1])
    match = _GRADE.fullmatch(text.strip())
    if not match or not 1 <= int(match[1]) <= 13:
        raise InputError(Sentence("A grade must be a number from 1 to 10, or vg1, vg2 or vg3."))
    return int(match[1])


@checked_class
@dataclass(frozen=True, slots=True)
class Grep:
    """A code of the national curriculum (Grep). `reference` is a URL of udir.no or `uuid:<uuid>`.

    Grades, programmes, programme areas and subjects are such codes. Raises InputError for anything else, and for a
    grade that is not `aarstrinn1` to `aarstrinn10` or `vg1` to `vg3`: an English page of Feide has `aarsgrade`, which
    is a mistake.
    """

    reference: str

    def __post_init__(self) -> None:
        if not _REFERENCE.fullmatch(self.reference):
            raise InputError(Sentence("A Grep value must end with a URL of udir.no, or with “uuid:” and a UUID."))
        if "/laereplan/aars" in self.reference and self.grade is None:
            raise InputError(
                Sentence("The Grep code of a grade must be one of aarstrinn1 to aarstrinn10, or vg1, vg2 or vg3.")
            )

    @classmethod
    def of_grade(cls, grade: int) -> Self:
        """The code for a grade.

        Parameters:
            grade: the grade, 1 to 10; 11 to 13 for vg1 to vg3.

        Returns: the code.

        Raises:
            InputError: there is no such grade.
        """
        level = grade - _BEFORE_UPPER_SECONDARY
        return cls.parse(f"{_GRADES}vg{level}" if level > 0 else f"{_GRADES}aarstrinn{grade}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a Grep code from a value of eduPersonEntitlement.

        Parameters:
            text: the value.

        Returns: the code.

        Raises:
            InputError: the value is no Grep code; it says what is wrong.
        """
        return cls(_after(GREP, text))

    @property
    def grade(self) -> int | None:
        """The grade, when the code is one of a grade: 1 to 10, and 11 to 13 for vg1 to vg3."""
        found = _OF_A_GRADE.fullmatch(self.reference)
        if not found:
            return None
        return int(found[1]) if found[1] else _BEFORE_UPPER_SECONDARY + int(found[2])

    def __str__(self) -> str:
        return f"{GREP}{self.reference}"


@checked_class
@dataclass(frozen=True, slots=True)
class GroupId:
    """A group-ID: one for each group of a user, and one group for each.

    `encoded_id` is the local id as it was read, percent-encoded; the canonical form is lower-cased first, then encoded
    as UTF-8 with upper-case hex. Raises InputError with what is wrong.
    """

    type: GroupType
    organization: str
    encoded_id: str
    begins: date
    ends: date

    def __post_init__(self) -> None:
        _check_group(self.type, self.organization, self.encoded_id, self.begins, self.ends)
        if ":" in self.encoded_id:
            raise InputError(
                Sentence("The local id of a group-ID must be percent-encoded: a colon must be written as %3A.")
            )
        decoded(self.encoded_id)

    @classmethod
    def of(cls, group_type: GroupType, organization: str, local_id: str, begins: date, ends: date) -> Self:
        """The canonical group-ID of a group.

        Parameters:
            group_type: `b` (class), `u` (teaching group) or `a` (other).
            organization: the school's number, `NO` and nine digits.
            local_id: the id of the group at the school, not encoded.
            begins, ends: the first and the last day of the group.

        Returns: the group-ID.

        Raises:
            InputError: one of these is wrong; it says which.
        """
        return cls(group_type, organization, _encoded(local_id.lower()), begins, ends)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a group-ID from a value of eduPersonEntitlement.

        Parameters:
            text: the value.

        Returns: the group-ID, as it was written.

        Raises:
            InputError: the value is no group-ID; it says what is wrong.
        """
        parts = _after(GROUP_ID, text).split(":")
        if len(parts) != 5:
            raise InputError(Sentence("A group-ID must have ten parts, with colons between them."))
        kind, organization, encoded_id, begins, ends = parts
        return cls(kind, organization, encoded_id, iso_date(begins), iso_date(ends))  # type: ignore[arg-type]  # checked

    @property
    def local_id(self) -> str:
        """The local id, decoded."""
        return decoded(self.encoded_id)

    def canonical(self) -> Self:
        """The same group-ID in the form in which Feide compares it.

        Returns: the canonical group-ID.

        Raises: nothing.
        """
        return replace(self, encoded_id=_encoded(self.local_id.lower()))

    @property
    def is_canonical(self) -> bool:
        """Was it written in the canonical form?"""
        return self.encoded_id == _encoded(self.local_id.lower())

    def __str__(self) -> str:
        return f"{GROUP_ID}{self.type}:{self.organization}:{self.encoded_id}:{self.begins}:{self.ends}"


@checked_class
@dataclass(frozen=True, slots=True)
class GroupMembership:
    """The membership of a person in a group: the value with thirteen parts.

    `organization` is the school's number, `NO` and nine digits; `local_id` and `name` are decoded. A teaching group
    (`u`) has a `grep_code` and others have none; a value that breaks this rule is read, too. Raises InputError with
    what is wrong.
    """

    type: GroupType
    grep_code: str
    organization: str
    local_id: str
    begins: date
    ends: date
    role: GroupRole
    name: str

    def __post_init__(self) -> None:
        _check_group(self.type, self.organization, self.local_id, self.begins, self.ends)
        if self.role not in _ROLES:
            raise InputError(Sentence("The role in a group must be student, faculty, member, employee or staff."))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a membership from a value of eduPersonEntitlement.

        Parameters:
            text: the value.

        Returns: the membership.

        Raises:
            InputError: the value is no membership; it says what is wrong.
        """
        parts = _after(GROUP, text).split(":")
        if len(parts) != 8:
            raise InputError(Sentence("The value of a group must have thirteen parts, with colons between them."))
        kind, code, organization, local_id, begins, ends, role, name = parts
        return cls(
            kind,  # type: ignore[arg-type]  # checked
            decoded(code),
            organization,
            decoded(local_id),
            iso_date(begins),
            iso_date(ends),
            role,  # type: ignore[arg-type]  # checked
            decoded(name),
        )

    @property
    def group_id(self) -> GroupId:
        """The group-ID that goes with it, in canonical form."""
        return GroupId.of(self.type, self.organization, self.local_id, self.begins, self.ends)

    def is_valid_on(self, day: date) -> bool:
        """Whether the membership is valid on a day.

        The last day is not included, as in Feide's own code (2018). Whether Feide still does so is not known.

        Parameters:
            day: the day.

        Returns: True from the first day to the day before the last.

        Raises: nothing.
        """
        return self.begins <= day < self.ends

    def __str__(self) -> str:
        return (
            f"{GROUP}{self.type}:{_encoded(self.grep_code)}:{self.organization}:{_encoded(self.local_id)}"
            f":{self.begins}:{self.ends}:{self.role}:{_encoded(self.name)}"
        )


@partial(checked, any_text=True)
@lru_cache(maxsize=4096)  # a class shares its values
def read_entitlement(text: str) -> Grep | GroupMembership | GroupId | None:
    """Read a value of eduPersonEntitlement.

    Parameters:
        text: the value.

    Returns: what the value says; None when it is not one of Feide's values for schools.

    Raises:
        InputError: the value begins like one of Feide's, but cannot be read; it says what is wrong.
    """
    if not text.startswith(_OURS):
        return None
    for beginning, kind in _KINDS.items():
        if text.startswith(beginning):
            return kind.parse(text)
    raise InputError(Sentence("After {beginning} the value must have grep, group or groupid.", beginning=_OURS))


_KINDS: Final[dict[str, type[Grep | GroupMembership | GroupId]]] = {
    GROUP: GroupMembership,
    GROUP_ID: GroupId,
    GREP: Grep,
}


def _check_group(group_type: str, organization: str, local_id: str, begins: date, ends: date) -> None:
    if group_type not in _TYPES:
        raise InputError(Sentence("The type of a group must be b (class), u (teaching group) or a (other)."))
    if not _ORGANIZATION.fullmatch(organization):
        raise InputError(Sentence("The organization of a group must be “NO” and nine digits."))
    if not local_id:
        raise InputError(Sentence("The local id of the group is missing."))
    if begins > ends:
        raise InputError(Sentence("The last day of the group is before its first day."))


def _after(beginning: str, text: str) -> str:
    if not text.startswith(beginning):
        raise InputError(Sentence("The value must begin with “{beginning}”.", beginning=beginning))
    return text.removeprefix(beginning)


def _encoded(text: str) -> str:
    return quote(text, safe="")


def decoded(text: str) -> str:
    """The text that is percent-encoded. Raises InputError when it is not UTF-8."""
    try:
        return unquote(text, errors="strict") if "%" in text else text
    except UnicodeDecodeError:
        raise InputError(Sentence("The percent-encoded text of the group must be UTF-8.")) from None


def iso_date(text: str) -> date:
    """A day in the form of groups, YYYY-MM-DD. Raises InputError for any other form."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or str(day) != text:  # Python also reads 20260801 and weeks
        raise InputError(Sentence("A date of the group must be written like 2026-08-01."))
    return day
