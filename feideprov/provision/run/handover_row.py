"""One row of the hand-over file, and which of the rows wait to be given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from feideprov.messages import Sentence


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
    """Whose first passwords wait to be given, for how many days at most, and in how many days that one is erased; and
    whose were erased before anybody noted them as given."""

    waiting: tuple[str, ...]
    days: int
    left: int
    erased: tuple[str, ...]


def passwords_to_give(rows: Iterable[HandoverRow], on: date, keep_days: int) -> ToGive:
    """What there is to give on a day. The passwords that were made on the day itself are left out: who made them knows
    of them."""
    waiting = [row for row in rows if row.given_on is None]
    ages = {row.user: (on - (row.made_on or on)).days for row in waiting if row.password}
    ages = {user: age for user, age in ages.items() if age > 0}
    oldest = max(ages.values(), default=0)
    erased = tuple(row.user for row in waiting if not row.password)
    return ToGive(tuple(ages), oldest, max(keep_days - oldest, 0), erased)


def erased_in_time(count: int, days: int) -> Sentence:
    """What is said when first passwords were erased because nobody had noted them as given for so many days."""
    return Sentence(
        "The first password of {count} user was erased in the hand-over file, because nobody noted it as given for "
        "{days} days. To make a new one, run: feideprov password USER",
        plural="The first passwords of {count} users were erased in the hand-over file, because nobody noted them as "
        "given for {days} days. To make new ones, run: feideprov password USER",
        count=count,
        days=days,
    )
