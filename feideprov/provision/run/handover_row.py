"""One row of the hand-over file, and which of the rows wait to be given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple


@dataclass(frozen=True)
class HandoverRow:
    """A user whose first password is to be handed over, or was.

    Parameters:
        user: the Feide name.
        name: the name to show; empty for a protected person.
        school: the id of the school in the configuration; empty for a protected person.
        group: the name of the class, such as “6A”; empty when it is not known.
        grade: the grade, such as “6” or “vg1”; empty when it is not known.
        language: the language of the person (BCP 47), such as “uk”; empty when it is not known.
        password: the first password; empty when it was given, or erased.
        made_on: the day on which the password was made.
        given_on: the day on which it was noted as given; None when it was not.
    """

    user: str
    name: str
    school: str
    group: str = ""
    grade: str = ""
    language: str = ""
    password: str = field(default="", repr=False)
    made_on: date | None = None
    given_on: date | None = None


class ToGive(NamedTuple):
    """How many first passwords wait to be given, for how many days at most, and in how many days that one is erased;
    and how many were erased before anybody noted them as given."""

    waiting: int
    days: int
    left: int
    erased: int


def passwords_to_give(rows: Iterable[HandoverRow], on: date, keep_days: int) -> ToGive:
    """What there is to give on a day. The passwords that were made on the day itself are left out: who made them knows
    of them."""
    waiting = [row for row in rows if row.given_on is None]
    ages = [(on - (row.made_on or on)).days for row in waiting if row.password]
    ages = [age for age in ages if age > 0]
    oldest = max(ages, default=0)
    erased = sum(not row.password for row in waiting)
    return ToGive(len(ages), oldest, max(keep_days - oldest, 0), erased)
