"""What must change for an entry to be as a row says."""

from __future__ import annotations

from collections.abc import Hashable

from feideprov.directory import rules
from feideprov.directory.dn import fold
from feideprov.directory.entry import Entry, Modification, octets
from feideprov.feide.entitlement import GRADES, GROUPS
from feideprov.feide.person import PersonRecord
from feideprov.feide.user import FeideUser
from feideprov.provision.found import MANAGED

_NAMES = {"cn", "displayName", "norEduPersonLegalName", "givenName", "sn"}
_AFFILIATIONS = {"faculty", "student", "staff", "employee", "member"}


def difference(entry: Entry, user: FeideUser, record: PersonRecord) -> tuple[Modification, ...]:
    """What must be taken away and added for an entry to be as the row says.

    A row owns only what it speaks about: an empty column says nothing, of eduPersonEntitlement only Feide's grade
    and group values are ours, and values that nobody here wrote stay. `record` is the row as it was given, `user`
    what is made of it.
    """
    steps: list[Modification] = []
    for attribute in MANAGED:
        wanted = [octets(value) for value in user.values.get(attribute, ())]
        if (wanted or attribute == "eduPersonEntitlement") and not _silent(attribute, entry, record):
            steps += _steps(attribute, entry, record, wanted)
    return tuple(steps)


def _silent(attribute: str, entry: Entry, record: PersonRecord) -> bool:
    """Does the row say nothing about this attribute, although a new user would get a value made from others?"""
    if attribute == "norEduPersonLegalName" and not record.legal_name:
        # An empty column: the legal name follows the name only where it was the name before.
        return entry.text(attribute) != entry.text("displayName")
    if (attribute == "givenName" and not record.given_name) or (attribute == "sn" and not record.family_name):
        return entry.text("givenName") != entry.text("sn")  # equal: the one name of a person who has only one
    return False


def _steps(attribute: str, entry: Entry, record: PersonRecord, wanted: list[bytes]) -> list[Modification]:
    held = {_comparable(attribute, value): value for value in entry.values(attribute)}
    coming = {_comparable(attribute, value): value for value in wanted}
    leaving = [v for key, v in held.items() if key not in coming and _owned(attribute, v, entry, record)]
    arriving = [v for key, v in coming.items() if key not in held]
    steps = [Modification("delete", attribute, tuple(leaving))] if leaving else []
    return steps + ([Modification("add", attribute, tuple(arriving))] if arriving else [])


def _comparable(attribute: str, value: bytes) -> Hashable:
    # A server takes OLENA for Olena; for a person the name has changed.
    return value if attribute in _NAMES else rules.comparable(attribute, value)


def _owned(attribute: str, value: bytes, entry: Entry, record: PersonRecord) -> bool:
    text = value.decode(errors="replace")
    match attribute:
        case "eduPersonEntitlement":
            return text.startswith((*((GRADES,) if record.grade else ()), *(GROUPS if record.groups else ())))
        case "eduPersonAffiliation":
            return fold(text) in _AFFILIATIONS
        case "cn":
            return text == entry.text("displayName")  # the full name as it was before; a user name in cn stays
        case "mail" | "mobile":
            return len(entry.values(attribute)) == 1  # one value is ours to change, a collection is somebody's own
        case _:
            return True  # schools, and sn and givenName, which a row states in full
