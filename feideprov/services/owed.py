"""What is owed to services, and to whom it is due today.

A change of a number is written down as owed to services when it is done. Whether it is due is asked again each time, of
the register as it is by then: a service that is not activated here any more, is gone, gets the number no more or turned
out not to need it is told nothing. What it was owed stays written down, at rest: due again once it has to know.
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


class Happening(StrEnum):
    """What happened to a number, as notices say it."""

    REGISTERED = "registered"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"


_HAPPENINGS = {
    "attach": Happening.REGISTERED,
    "replace": Happening.CHANGED,
    "withdraw": Happening.WITHDRAWN,
}
_KINDS = {happening: kind for kind, happening in _HAPPENINGS.items()}
_SEEN = "seen-"
"""Before the kind of a change that somebody else made, and that was observed."""


@dataclass(frozen=True)
class OwedNotice:
    """That one service is to be told of one change. `notice` is the notice that it was gathered into; the Feide name of
    a user who was forgotten is empty."""

    change: int
    service: str
    notice: str | None
    happening: Happening
    on: date
    feide_name: str


@dataclass
class Sorted:
    """What is owed, by where it belongs today: in the notices that are there already, by id; in new ones, by provider;
    and what leaves the notice that it was in, because the provider need not be told of it, or another one must."""

    kept: dict[str, list[OwedNotice]] = field(default_factory=dict)
    new: dict[str, list[OwedNotice]] = field(default_factory=dict)
    leaving: list[OwedNotice] = field(default_factory=list)


def must_be_told(service: Service, happening: Happening) -> bool:
    """Whether a service has to know of such a change today."""
    return service.concerns_us and service.answer.state in OWED[_KINDS[happening]]


def sort(owed: Iterable[OwedNotice], providers: Mapping[str, str], services: Mapping[str, Service]) -> Sorted:
    """Sort what is owed. `providers` has the provider's id of each notice that is not out yet."""
    found = Sorted()
    for one in owed:
        service = services.get(one.service)
        provider = service.provider.id if service and must_be_told(service, one.happening) else None
        if one.notice and provider == providers[one.notice]:
            found.kept.setdefault(one.notice, []).append(one)
            continue
        if one.notice:
            found.leaving.append(one)
        if provider is not None:
            found.new.setdefault(provider, []).append(one)
    return found


def read_owed(connection: sa.Connection, realm: str, notices: Collection[str]) -> list[OwedNotice]:
    """What is in these notices or in none yet, in the order in which the changes were intended."""
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
            _HAPPENINGS[row.kind.removeprefix(_SEEN)],
            _day_in_norway(row.ended_at or row.at),
            row.feide_name,
        )
        for row in rows
        if row.notice is None or row.notice in notices
    ]


def hand_over_owed(connection: sa.Connection, realm: str, heirs: Mapping[str, str]) -> None:
    """What services are owed and were told is their heirs' (by id): owed to nobody it would never be told, and owed
    anew by the next answer it would be told twice."""
    for before, heir in heirs.items():
        of_heir = sa.select(_owed.c.change_id).where(_owed.c.service == heir)
        theirs = (_owed.c.realm == realm) & (_owed.c.service == before)
        connection.execute(_owed.delete().where(theirs, _owed.c.change_id.in_(of_heir)))
        connection.execute(_owed.update().where(theirs).values(service=heir))


def _day_in_norway(at: str) -> date:
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    try:
        return moment.astimezone(ZoneInfo("Europe/Oslo")).date()
    except ZoneInfoNotFoundError:  # a machine without time zones
        return moment.astimezone().date()
