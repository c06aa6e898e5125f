"""What is owed to services, and which provider must be told today.

When a change of a number is done, it is written down as owed to services. Whether it is due is decided again each time,
by the register as it is then: a service that is not activated here any more, is gone, does not get the number any more,
or turned out not to need it is not told. What it was owed stays written down, and is due again if it has to know again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

import sqlalchemy as sa

from feideprov.journal.events import Kind
from feideprov.journal.owed import owed_in
from feideprov.journal.stored import understood
from feideprov.services.debts import OWED
from feideprov.services.register.service import Service
from feideprov.tables.day import day_in_norway


class ChangeKind(StrEnum):
    """What happened to a number, in the words of notices."""

    REGISTERED = "registered"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"


_KIND_OF_EVENT = {
    Kind.ATTACH: ChangeKind.REGISTERED,
    Kind.REPLACE: ChangeKind.CHANGED,
    Kind.WITHDRAW: ChangeKind.WITHDRAWN,
}
_EVENT_OF_KIND = {kind: event for event, kind in _KIND_OF_EVENT.items()}


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
    return [
        OwedNotice(
            row.change,
            row.service,
            row.notice,
            understood(lambda kind: _KIND_OF_EVENT[Kind(kind).as_written], row.kind, "change.kind"),
            day_in_norway(row.on),
            row.feide_name,
        )
        for row in owed_in(connection, realm, notices)
    ]
