"""What must change for an entry to be as a row says."""

from __future__ import annotations

from typing import Final

from feideprov.directory import rules
from feideprov.directory.entry import Entry, Modification, octets
from feideprov.feide.attributes import STORED
from feideprov.feide.ownership import HeldValue
from feideprov.feide.person import PersonRecord
from feideprov.feide.user import AUXILIARY_CLASSES, HOME_ORGANIZATION_CLASS, FeideUser

_CLASSES: Final = {*AUXILIARY_CLASSES, HOME_ORGANIZATION_CLASS}
"""An entry that another tool made may have another structural class, which cannot be changed."""


def difference(entry: Entry, user: FeideUser, record: PersonRecord) -> tuple[Modification, ...]:
    """What must be taken away and added for an entry to be as the row says.

    A row owns only the attributes that it gives: an empty column says nothing, and of each attribute only the values
    that its row in `feide.attributes` owns are taken away. `record` is the row as it was given, `user` what is made of
    it.
    """
    steps = _missing_classes(entry, user)
    for attribute, rows in STORED.items():
        values = user.values.get(attribute, ())
        if not values and not any(row.always for row in rows):
            continue  # an empty column
        if entry.values(attribute) == tuple([value.encode() for value in values]):
            continue  # nearly always
        if not any(row.unspoken and row.unspoken(entry, record) for row in rows):
            steps += _steps(attribute, values, entry, user, record)
    return tuple(steps)


def _missing_classes(entry: Entry, user: FeideUser) -> list[Modification]:
    wanted, there = [octets(name) for name in user.values.get("objectClass", ())], entry.values("objectClass")
    if there == tuple(wanted):
        return []  # nearly always
    held = {rules.comparable("objectClass", value) for value in there}
    missing = [
        value for value in wanted if value.decode() in _CLASSES and rules.comparable("objectClass", value) not in held
    ]
    return [Modification("add", "objectClass", tuple(missing))] if missing else []


def _steps(
    attribute: str, values: tuple[str, ...], entry: Entry, user: FeideUser, record: PersonRecord
) -> list[Modification]:
    rows, realm = STORED[attribute], user.feide_name.partition("@")[2]
    comparable = rows[0].comparable
    held = [(comparable(value), value) for value in entry.values(attribute)]
    coming = {comparable(value): value for value in map(octets, values)}
    leaving = []
    for key, value in held:
        one = HeldValue(attribute, value.decode(errors="replace"), entry, record, values, realm)
        if key not in coming and any(row.owned(one) for row in rows):
            leaving.append(value)
    arriving = [value for key, value in coming.items() if key not in dict(held)]
    steps = [Modification("delete", attribute, tuple(leaving))] if leaving else []
    return steps + ([Modification("add", attribute, tuple(arriving))] if arriving else [])
