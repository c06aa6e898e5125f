"""eduPersonEntitlement: the grade (Grep code) and the groups of a user (info_go chapter 5)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal, Self
from urllib.parse import quote, unquote

from feideprov.errors import InputError

OURS = "urn:mace:feide.no:go:"
GRADES = f"{OURS}grep:http://psi.udir.no/laereplan/aarstrinn/"
GROUPS = (f"{OURS}group:", f"{OURS}groupid:")
"""Of the values of eduPersonEntitlement only those that begin so are ours to change."""

GroupType = Literal["a", "b", "u"]
_GROUP_TYPES: tuple[GroupType, ...] = ("a", "b", "u")
_GRADE = re.compile(r"(?:trinn|klasse)?\s*(\d{1,2})\.?\s*(?:trinn|klasse)?", re.IGNORECASE)
_UPPER_SECONDARY = re.compile(r"vg\s*[1-3]", re.IGNORECASE)


def grade_number(text: str) -> int | None:
    """The grade 1 to 10 that a text means; None for upper secondary (vg1–vg3, 11–13), which has no grade code.

    Raises InputError for anything else.
    """
    if _UPPER_SECONDARY.fullmatch(text.strip()):
        return None
    match = _GRADE.fullmatch(text.strip())
    if not match or not 1 <= int(match[1]) <= 13:
        raise InputError("A grade is a number from 1 to 10, or vg1, vg2, vg3.")
    return int(match[1]) if int(match[1]) <= 10 else None


def grep_entitlement(grade: int) -> str:
    """The value for a grade of primary and lower secondary school."""
    return f"{GRADES}aarstrinn{grade}"


@dataclass(frozen=True)
class Group:
    """A group of a school: `b` a class (basisgruppe), `u` a teaching group (with a Grep code), `a` any other.

    Without dates it lasts for the school year, 1 August to 31 July.
    """

    type: GroupType
    id: str
    name: str
    grep_code: str = ""
    begins: date | None = None
    ends: date | None = None

    def __post_init__(self) -> None:
        if self.type not in _GROUP_TYPES:
            raise InputError("A group begins with its type: b (class), u (teaching group) or a (other).")
        if not self.id.strip() or not self.name.strip():
            raise InputError("A group has a type, an id and a name, such as “b:6a:Klasse 6A”.")
        if (self.type == "u") != bool(self.grep_code):
            raise InputError("A teaching group (u) has a Grep code; other groups have none.")
        if self.begins and self.ends and self.begins > self.ends:
            raise InputError("A group ends after it begins.")

    @classmethod
    def parse(cls, text: str) -> Self:
        """A group as person lists write it: `type:id:name[:grep code[:from:to]]`, each part percent-encoded.

        Raises InputError with what is wrong.
        """
        parts = [unquote(part).strip() for part in text.split(":")]
        if len(parts) not in (3, 4, 6):
            raise InputError("A group is written type:id:name, and at most type:id:name:grep code:from:to.")
        group_type, group_id, name, code, begins, ends = parts + [""] * (6 - len(parts))
        return cls(group_type.lower(), group_id, name, code, _date(begins), _date(ends))  # type: ignore[arg-type]

    def entitlements(self, organization_number: str, role: str, on: date) -> tuple[str, str]:
        """The group and its group-ID, which always come together (one-to-one, info_go chapter 5)."""
        begins, ends = school_year(self.begins or self.ends or on)
        dates = f"{self.begins or begins}:{self.ends or ends}"
        local_id, folded = quote(self.id, safe=""), quote(self.id.lower(), safe="")
        return (
            f"{OURS}group:{self.type}:{quote(self.grep_code, safe='')}:{organization_number}:{local_id}:{dates}"
            f":{role}:{quote(self.name, safe='')}",
            f"{OURS}groupid:{self.type}:{organization_number}:{folded}:{dates}",
        )


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InputError("The dates of a group are written 2026-08-01.") from None


def school_year(on: date) -> tuple[date, date]:
    """The school year that a day lies in, 1 August to 31 July."""
    first = on.year if on.month >= 8 else on.year - 1
    return date(first, 8, 1), date(first + 1, 7, 31)
