"""Lists that have only what changed (PIFU files of the types delta and event): what they do not say is as before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from feideprov.directory.dn import same_key
from feideprov.directory.entry import Entry
from feideprov.errors import InputError
from feideprov.feide.entitlement import GroupMembership, read_entitlement
from feideprov.feide.group import Ended, Group
from feideprov.feide.organization import HostOrganization, School
from feideprov.feide.person import PersonRecord


def with_what_stays(
    record: PersonRecord, entry: Entry, organization: HostOrganization, ended: Ended, on: date
) -> PersonRecord:
    """The record of a user who is there, with the schools and groups that the user has and that did not end
    before `on`.

    A primary school that did not end stays the first one. The record's groups are those of its own first school, so
    they are not used where that is another one.
    """
    named = list(filter(None, map(organization.school, record.schools)))
    if len(named) < len(record.schools):
        return record  # it is refused
    stays = [one for one in _schools(entry, "eduPersonOrgUnitDN", organization) if one.id not in ended.schools]
    before = next(_schools(entry, "eduPersonPrimaryOrgUnitDN", organization), None)
    first = before if before in stays else named[0]
    groups = record.groups if first == named[0] else ()
    if first == before:
        gone = {same_key(one) for one in (*ended.groups, *(group.id for group in groups))}
        groups = (*groups, *(one for one in _groups(record, entry, first, on) if same_key(one.id) not in gone))
    schools = dict.fromkeys(one.id for one in (first, *named, *stays))
    return record.model_copy(update={"school": tuple(schools), "groups": groups})


def _schools(entry: Entry, attribute: str, organization: HostOrganization) -> Iterator[School]:
    for dn in entry.values(attribute):
        if (school := organization.school(dn.decode(errors="replace"))) is not None:
            yield school


def _groups(record: PersonRecord, entry: Entry, school: School, on: date) -> Iterator[Group]:
    """The groups of the school that the user has in the record's role, without those that ended before the day."""
    for text in entry.values("eduPersonEntitlement"):
        try:
            value = read_entitlement(text.decode(errors="replace"))
            if not isinstance(value, GroupMembership) or value.ends < on:
                continue
            if (value.organization, value.role) == (school.number, record.role.in_group):
                yield Group(value.type, value.local_id, value.name, value.grep_code, value.begins, value.ends)
        except InputError:  # of another program
            continue
