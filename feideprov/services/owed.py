"""What is owed to services, and which provider must be told today.

When a change of a number is done, it is written down as owed to services. Whether it is due is decided again each time,
by the register as it is then: a service that is not activated here any more, is gone, does not get the number any more,
or turned out not to need it is not told. What it was owed stays written down, and is due again if it has to know again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import sqlalchemy as sa

from feideprov.journal.tables import AT_ONCE
from feideprov.journal.tables import change as _change
from feideprov.journal.tables import owed as _owed
from feideprov.services.debts import OWED
from feideprov.services.register.service import Service


class ChangeKind(StrEnum):
    """What happened to a number, in the words of notices."""

    REGISTERED = "registered"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"


_KIND_OF_EVENT = {
    "attach": ChangeKind.REGISTERED,
    "replace": ChangeKind.CHANGED,
    "withdraw": ChangeKind.WITHDRAWN,
}
_EVENT_OF_KIND = {kind: event for event, kind in _KIND_OF_EVENT.items()}
_SEEN = "seen-"
"""The kind of an observed change, made outside this tool, begins with this."""


@dataclass(frozen=True)
class OwedNotice:
    """One change that one service is owed. `notice` is the notice that it was gathered into; the Feide name of a
    forgotten user is empty."""

    change: int
    service: str
    notice: str | None
    kind: ChangeKind
    on: date
    feide_name: str


@dataclass
class OwedGroups:
    """What is owed, by the notice that it belongs to today: existing notices by id, new ones by provider. What is
    removed from its notice need not be told to that provider any more."""

    kept: dict[str, list[OwedNotice]] = field(default_factory=dict)
    new: dict[str, list[OwedNotice]] = field(default_factory=dict)
    removed: list[OwedNotice] = field(default_factory=list)


def must_be_told(service: Service, kind: ChangeKind) -> bool:
    """Whether a service has to know of such a change today."""
    return service.concerns_us and service.answer.state in OWED[_EVENT_OF_KIND[kind]]


def group_owed(owed: Iterable[OwedNotice], providers: Mapping[str, str], services: Mapping[str, Service]) -> OwedGroups:
    """Group what is owed by notice. `providers` has the provider's id of each notice that is not out yet."""
    groups = OwedGroups()
    for one in owed:
        service = services.get(one.service)
        provider = service.provider.id if service and must_be_told(service, one.kind) else None
        if one.notice and provider == providers[one.notice]:
            groups.kept.setdefault(one.notice, []).append(one)
            continue
        if one.notice:
            groups.removed.append(one)
        if provider is not None:
            groups.new.setdefault(provider, []).append(one)
    return groups


def read_owed(connection: sa.Connection, realm: str, notices: Collection[str]) -> list[OwedNotice]:
    """What is owed in these notices or in none yet, in the order of the changes."""
    columns = (_owed.c.change_id, _owed.c.service, _owed.c.notice, _owed.c.at)
    about = (_change.c.kind, _change.c.feide_name, _change.c.ended_at)
    query = sa.select(*columns, *about).join(_change, _change.c.id == _owed.c.change_id).where(_owed.c.realm == realm)
    if len(notices) <= AT_ONCE:
        query = query.where(_owed.c.notice.is_(None) | _owed.c.notice.in_(notices))
    rows = connection.execute(query.order_by(_owed.c.change_id, _owed.c.service))
    return [
        OwedNotice(
            row.change_id,
            row.service,
            row.notice,
            _KIND_OF_EVENT[row.kind.removeprefix(_SEEN)],
            _day_in_norway(row.ended_at or row.at),
            row.feide_name,
        )
        for row in rows
        if row.notice is None or row.notice in notices
    ]


def move_owed(connection: sa.Connection, realm: str, successors: Mapping[str, str]) -> None:
    """Move what services are owed, and were told, to their successors (by id).

    If it stayed with the old service, nobody would be told; if the next answer made it owed again, the provider would
    be told twice.
    """
    for service, successor in successors.items():
        of_successor = sa.select(_owed.c.change_id).where(_owed.c.service == successor)
        of_service = (_owed.c.realm == realm) & (_owed.c.service == service)
        connection.execute(_owed.delete().where(of_service, _owed.c.change_id.in_(of_successor)))
        connection.execute(_owed.update().where(of_service).values(service=successor))


def _day_in_norway(at: str) -> date:
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    try:
        return moment.astimezone(ZoneInfo("Europe/Oslo")).date()
    except ZoneInfoNotFoundError:  # a machine without time zones
        return moment.astimezone().date()
