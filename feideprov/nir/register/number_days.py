"""On which day a number came or changed, by the Feide journal: all that the two purposes share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from feideprov.directory.dn import same_key
from feideprov.journal.events import Kind
from feideprov.journal.journal import Journal
from feideprov.journal.users import KnownUsers
from feideprov.tables.day import day_in_norway

_COMING: Final = frozenset((Kind.ATTACH, Kind.SEEN_ATTACH, Kind.REPLACE, Kind.SEEN_REPLACE))


def number_days(journal: Journal) -> Mapping[str, date]:
    """By source id (folded), the day on which the user's number was last registered or replaced, here or outside this
    tool. A number that was withdrawn since has none."""
    users = KnownUsers.read(journal)
    made = [(same_key(user.source_id), user) for user in users.by_name.values() if user.source_id]
    days: dict[str, date] = {}
    for key, user in (*made, *users.links.items()):
        if user.number_mark and user.last_change is not None and user.last_change[0] in _COMING:
            day = day_in_norway(user.last_change[2])
            days[key] = max(day, days.get(key, day))
    return days


def of_keys(days: Mapping[str, date], keys: Mapping[str, str]) -> dict[str, date]:
    """The same by the keys of the register. `keys`: the source id of each."""
    return {key: days[folded] for key, source_id in keys.items() if (folded := same_key(source_id)) in days}
