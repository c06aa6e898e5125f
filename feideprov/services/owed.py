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

from feideprov.journal.events import Kind
from feideprov.journal.owed import owed_in
from feideprov.services.debts import OWED
from feideprov.services.register.service import Service


class Happening(StrEnum):
    """What happened to a number, as notices say it."""

    REGISTERED = "registered"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"


_HAPPENINGS = {
    Kind.ATTACH: Happening.REGISTERED,
    Kind.REPLACE: Happening.CHANGED,
    Kind.WITHDRAW: Happening.WITHDRAWN,
}
_KINDS = {happening: kind for kind, happening in _HAPPENINGS.items()}


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
    return [
        OwedNotice(
            row.change,
            row.service,
            row.notice,
            _HAPPENINGS[Kind(row.kind).as_written],
            _day_in_norway(row.on),
            row.feide_name,
        )
        for row in owed_in(connection, realm, notices)
    ]


def _day_in_norway(at: str) -> date:
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    try:
        return moment.astimezone(ZoneInfo("Europe/Oslo")).date()
    except ZoneInfoNotFoundError:  # a machine without time zones
        return moment.astimezone().date()
