"""First passwords that nobody was given yet, as `today` tells of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

from feideprov.messages import Sentence, joined
from feideprov.provision.run.handover_row import HandoverRow

_SOON: Final = 3
"""So many days before passwords are erased, it is said when that will be."""


class ToGive(NamedTuple):
    """How many first passwords wait to be given, for how many days at most, and in how many days that one is erased;
    and how many were erased before anybody noted them as given."""

    waiting: int
    days: int
    left: int
    erased: int


def passwords_to_give(rows: Sequence[HandoverRow], on: date, keep_days: int) -> ToGive:
    """What there is to give on a day. The passwords that were made on the day itself are left out: who made them knows
    of them."""
    waiting = [row for row in rows if row.given_on is None]
    ages = [(on - (row.made_on or on)).days for row in waiting if row.password]
    ages = [age for age in ages if age > 0]
    oldest = max(ages, default=0)
    erased = sum(not row.password for row in waiting)
    return ToGive(len(ages), oldest, max(keep_days - oldest, 0), erased)


def sentence_of(count: int, days: int, left: int | None) -> Sentence:
    """What `today` says of passwords to be given."""
    waiting = Sentence(
        "{count} user was not given the first password yet.",
        plural="{count} users were not given their first passwords yet.",
        count=count,
    )
    since = Sentence("The oldest is from yesterday.", plural="The oldest is {count} days old.", count=days)
    if left is None or left > _SOON:
        return joined([waiting, since])
    soon = Sentence("It is erased after {count} more day.", plural="It is erased after {count} more days.", count=left)
    return joined([waiting, since, soon])
