"""Who the changes and the refusals of a plan are about, for those who read the plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Final

from feideprov.directory.entry import Entry
from feideprov.feide.organization import HostOrganization
from feideprov.feide.person import PersonRecord
from feideprov.issues import Refusal, in_row_order
from feideprov.provision.plan.changes import Change, Create, Protect, Update
from feideprov.provision.plan.plan import Plan
from feideprov.provision.plan.unit_changes import CreateUnit, UpdateUnit
from feideprov.text import shown

_PRIMARY_SCHOOL: Final = "eduPersonPrimaryOrgUnitDN"


def named(
    changes: Iterable[Change],
    entry_of: Callable[[str], Entry | None],
    is_protected: Callable[[Entry], bool],
    organization: HostOrganization | None,
) -> Iterator[Change]:
    """The changes, each with the name and the school that its user has today. The name of a protected person is left
    out. `entry_of` finds the entry of a Feide name."""
    changes = list(changes)
    protected = {change.feide_name for change in changes if isinstance(change, Protect)}

    @cache
    def school_name(dn: str | None) -> str:
        school = organization.school(dn) if organization and dn else None
        return school.name if school else ""

    for change in changes:
        user = change.feide_name
        if isinstance(change, Create | CreateUnit | UpdateUnit) or (entry := entry_of(user)) is None:
            yield change
            continue
        hidden = user in protected or is_protected(entry)
        name = "" if hidden else shown(entry.text("displayName") or entry.text("cn") or "")
        known = replace(change, name_to_show=name, school=school_name(entry.text(_PRIMARY_SCHOOL)))
        if isinstance(known, Update) and (dn := _added(known)):
            known = replace(known, to_school=school_name(dn))
        yield known


def _added(update: Update) -> str | None:
    """The DN of the school that becomes the primary one."""
    for step in update.modifications:
        if step.operation == "add" and step.attribute == _PRIMARY_SCHOOL:
            return step.values[0].decode(errors="replace")
    return None


def named_refusals(
    plan: Plan,
    records: Sequence[PersonRecord],
    refused: Iterable[Refusal],
    users_of_rows: Mapping[int, str],
    hides: Callable[[Refusal, PersonRecord | None, str | None], bool],
) -> Plan:
    """The plan with all that was refused, and whom it is about, so that nobody has to open the list. `hides` says of
    whom the name is not shown."""
    refusals = in_row_order((*refused, *plan.refusals))
    if not refusals:
        return plan
    record_at = {record.origin: record for record in records if record.origin}
    user_of = {c.origin.row: c.feide_name for c in plan.creates if c.origin} | {**users_of_rows}
    named = []
    for one in refusals:
        record, user = None, one.user
        if one.origin:
            record, user = record_at.get(one.origin), user or user_of.get(one.origin.row)
        name = one.name or (record.full_name if record else "")
        named.append(replace(one, user=user, name="" if hides(one, record, user) else name))
    return replace(plan, refusals=tuple(named))
