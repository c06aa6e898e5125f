"""Where a user is at school, for those who hand over a first password."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Self

from feideprov.errors import InputError
from feideprov.feide.entitlement import Grep, GroupMembership, read_entitlement

READ: Final = ("eduPersonPrimaryOrgUnitDN", "eduPersonEntitlement", "preferredLanguage")
"""The attributes that it is made of."""
_BEFORE_UPPER_SECONDARY: Final = 10


@dataclass(frozen=True)
class AtSchool:
    """Where a user is at school. Nothing of it is known of a protected person.

    Parameters:
        unit: the DN of the school's entry.
        group: the name of the class, of pupils and students alone: a teacher belongs to no class.
        grade: the grade, such as “6” or “vg1”.
        language: the language of the person (BCP 47), such as “uk”.
    """

    unit: str = ""
    group: str = ""
    grade: str = ""
    language: str = ""

    @classmethod
    def of(cls, texts: Callable[[str], Sequence[str]]) -> Self:
        """Where the user of an entry is. `texts` gives the values of an attribute."""
        unit, language = (next(iter(texts(name)), "") for name in (READ[0], READ[2]))
        classes, grades = list[GroupMembership](), list[int]()
        for text in texts(READ[1]):
            with suppress(InputError):  # what another program has written there in another form
                value = read_entitlement(text)
                if isinstance(value, GroupMembership) and (value.type, value.role) == ("b", "student"):
                    classes.append(value)
                elif isinstance(value, Grep) and value.grade is not None:
                    grades.append(value.grade)
        newest = min(classes, key=lambda one: (-one.begins.toordinal(), one.name), default=None)
        return cls(unit, newest.name if newest else "", _shown(max(grades)) if grades else "", language)


def _shown(grade: int) -> str:
    level = grade - _BEFORE_UPPER_SECONDARY
    return f"vg{level}" if level > 0 else str(grade)
