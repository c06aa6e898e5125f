"""The table of notices that are owed to services about changes of numbers.

A function takes the connection of a transaction that is under way, so that what it writes is committed with the rest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

import sqlalchemy as sa

from feideprov.journal.events import Debts, Event, Owed, stamp
from feideprov.journal.tables import AT_ONCE
from feideprov.journal.tables import change as _change
from feideprov.journal.tables import owed as _owed


class OwedChange(NamedTuple):
    """That a service is owed a notice of a change. `notice` is the id of the notice that it is gathered into, if any;
    `on` the moment (ISO 8601, UTC) when the change was done."""

    change: int
    service: str
    notice: str | None
    kind: str
    feide_name: str
    on: str


def add_owed(
    connection: sa.Connection, insert: sa.Executable, realm: str, events: Iterable[Event], debts: Debts
) -> int:
    """Write down what is owed for these events. `insert` is a statement that skips rows that are there already. Returns
    how many notices are owed for them."""
    rows = [
        {"realm": realm, "change_id": event.id, "service": service, "at": stamp()}
        for event in events
        for service in dict.fromkeys(debts(event))
    ]
    if rows:
        connection.execute(insert, rows)
    return len(rows)


def all_owed(connection: sa.Connection, realm: str) -> list[Owed]:
    """The notices that are owed, in the order in which the changes were intended."""
    query = sa.select(_owed.c.change_id, _owed.c.service, _owed.c.at).where(_owed.c.realm == realm)
    rows = connection.execute(query.order_by(_owed.c.change_id, _owed.c.service))
    return [Owed(row.change_id, row.service, row.at) for row in rows]


def owed_in(connection: sa.Connection, realm: str, notices: Collection[str]) -> list[OwedChange]:
    """What is gathered into these notices (ids) or into none yet, in the order in which the changes were intended."""
    done_at = sa.func.coalesce(_change.c.ended_at, _owed.c.at)
    columns = (_owed.c.change_id, _owed.c.service, _owed.c.notice, _change.c.kind, _change.c.feide_name, done_at)
    query = sa.select(*columns).join(_change, _change.c.id == _owed.c.change_id).where(_owed.c.realm == realm)
    if len(notices) <= AT_ONCE:
        query = query.where(_owed.c.notice.is_(None) | _owed.c.notice.in_(notices))
    rows = map(OwedChange._make, connection.execute(query.order_by(_owed.c.change_id, _owed.c.service)))
    return [row for row in rows if row.notice is None or row.notice in notices]


def gather_owed(connection: sa.Connection, notice: str | None, which: Iterable[tuple[int, str]]) -> None:
    """Gather what is owed (change and service) into a notice (an id); with None, take it out of the one it is in."""
    if rows := [{"of_change": change, "of_service": service} for change, service in which]:
        this = (_owed.c.change_id == sa.bindparam("of_change")) & (_owed.c.service == sa.bindparam("of_service"))
        connection.execute(_owed.update().where(this).values(notice=notice), rows)


def hand_over_owed(connection: sa.Connection, realm: str, successors: Mapping[str, str]) -> None:
    """Give what services are owed and were told to their successors (both by id). Otherwise nobody would ever be told,
    or a later answer would make the same notice owed again."""
    for before, successor in successors.items():
        known = sa.select(_owed.c.change_id).where(_owed.c.service == successor)
        theirs = (_owed.c.realm == realm) & (_owed.c.service == before)
        connection.execute(_owed.delete().where(theirs, _owed.c.change_id.in_(known)))
        connection.execute(_owed.update().where(theirs).values(service=successor))
