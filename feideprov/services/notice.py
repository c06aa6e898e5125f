"""One notice: what a provider is told, and the state of its delivery."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage
from typing import Any

from feideprov.numbers import number_shaped
from feideprov.services.outbox.deliveries import Channel, Delivery, DeliveryState
from feideprov.services.outbox.mail import compose
from feideprov.services.outbox.templates import Templates, single_line
from feideprov.services.owed import ChangeKind, OwedNotice
from feideprov.services.register.service import Provider, Service
from feideprov.settings import Settings

ENDED = (DeliveryState.SENT, DeliveryState.DRAFTED)
"""Nothing is left to do."""
STUCK = (DeliveryState.BOUNCED, DeliveryState.FAILED)
"""A person has to act."""
_WORST_FIRST = (
    *STUCK,
    DeliveryState.DUE,
    DeliveryState.DRAFTED,
    DeliveryState.SENT,
)


@dataclass(frozen=True)
class Line:
    """What a notice says of one service and one day: how many numbers, and whose if that is allowed.

    `users` are Feide names by the kind of change. Protected users are counted and not named.
    """

    service: Service
    on: date
    counts: Mapping[ChangeKind, int]
    users: Mapping[ChangeKind, Sequence[str]]

    @property
    def registered(self) -> int:
        return self.counts.get(ChangeKind.REGISTERED, 0)

    @property
    def changed(self) -> int:
        return self.counts.get(ChangeKind.CHANGED, 0)

    @property
    def withdrawn(self) -> int:
        return self.counts.get(ChangeKind.WITHDRAWN, 0)


@dataclass(frozen=True)
class Ways:
    """The deliveries of one notice, by channel."""

    by: Mapping[Channel, Delivery]

    @property
    def mail(self) -> Delivery | None:
        """To the provider: by mail, unless there is a draft, which a person sends."""
        draft = self.by.get(Channel.DRAFT)
        return draft if draft and draft.state is DeliveryState.DRAFTED else self.by.get(Channel.MAIL)

    @property
    def webhook(self) -> Delivery | None:
        """To the organization's own system."""
        return self.by.get(Channel.WEBHOOK)

    @property
    def state(self) -> DeliveryState:
        """The worst state of its deliveries."""
        states = [one.state for one in (self.mail, self.webhook) if one]
        return next((state for state in _WORST_FIRST if state in states), DeliveryState.DUE)

    @property
    def is_out(self) -> bool:
        """Whether the provider has it, as far as this tool knows. Its content does not change any more."""
        if self.mail is None:
            return self.state is DeliveryState.SENT
        return self.mail.state in (*ENDED, DeliveryState.BOUNCED)


@dataclass(frozen=True)
class Notice:
    """What one provider is told. `id` is empty, and `day` is today, until the notice has been gathered. `totals` counts
    each change once, however many services it concerns."""

    id: str
    provider: Provider
    day: date
    lines: Sequence[Line]
    totals: Mapping[ChangeKind, int]
    ways: Ways

    @property
    def services(self) -> list[Service]:
        """The services that it is about."""
        return list({line.service.id: line.service for line in self.lines}.values())

    @property
    def state(self) -> DeliveryState:
        """The worst state of its deliveries; due as long as it must be sent to somebody."""
        return self.ways.state


def notice_lines(
    owed: Iterable[OwedNotice], services: Mapping[str, Service], on: date, protected: Callable[[str], bool]
) -> list[Line]:
    """What is owed, by service and day.

    Users are named if the service has a basis for that on the day `on`, unless they are protected or forgotten, or the
    name looks like an identity number.
    """
    by_service_and_day: dict[tuple[str, date], list[OwedNotice]] = {}
    for one in owed:
        by_service_and_day.setdefault((one.service, one.on), []).append(one)
    made = []
    for (service_id, day), some in sorted(by_service_and_day.items(), key=lambda item: item[0]):
        service = services.get(service_id) or Service(id=service_id, provider=Provider(id="", name=""))
        users: dict[ChangeKind, list[str]] = {}
        if (basis := service.basis_for_names) and basis.on <= on:
            for one in some:
                name = one.feide_name
                if name and not protected(name) and not number_shaped(name):
                    users.setdefault(one.kind, []).append(name)
        counts = Counter(one.kind for one in some)
        made.append(Line(service, day, counts, {kind: sorted(set(names)) for kind, names in users.items()}))
    return made


def totals(owed: Iterable[OwedNotice]) -> Mapping[ChangeKind, int]:
    """How many changes of each kind."""
    return Counter(kind for _, kind in {(one.change, one.kind) for one in owed})


def notice_mail(settings: Settings, templates: Templates, notice: Notice, to: str) -> EmailMessage:
    """The mail to a provider: service, date and count, and how the provider gets the list of users. Its Message-ID is
    made of the notice's id.

    Raises ConfigurationError when the template cannot be used.
    """
    section = settings.services
    text = templates.render(
        "notice",
        section.language,
        organization=settings.organization.name,
        provider=notice.provider.name,
        reference=notice.id,
        lines=[_template_values(line, section.language) for line in notice.lines],
        totals={kind.value: notice.totals.get(kind, 0) for kind in ChangeKind},
        channel=section.channel,
        signature=section.signature.splitlines() or [settings.organization.name],
    )
    return compose(settings, to, text, message_id=notice.id, language=section.language)


def webhook_content(settings: Settings, notice: Notice) -> dict[str, Any]:
    """What is sent to the webhook. `users`, which are Feide names, is there if the service has a basis for names."""
    organization = settings.organization
    return {
        "id": notice.id,
        "organization": {"realm": organization.realm, "name": organization.name},
        "provider": {"id": single_line(notice.provider.id), "name": single_line(notice.provider.name)},
        "day": notice.day.isoformat(),
        "changes": [
            {
                "service": {"id": single_line(line.service.id), "name": single_line(line.service.name())},
                "on": line.on.isoformat(),
                **{kind.value: line.counts.get(kind, 0) for kind in ChangeKind},
                **({"users": {kind.value: list(names) for kind, names in line.users.items()}} if line.users else {}),
            }
            for line in notice.lines
        ],
    }


def _template_values(line: Line, language: str) -> Mapping[str, Any]:
    return {
        "service": line.service.name(language),
        "on": line.on,
        **{kind.value: line.counts.get(kind, 0) for kind in ChangeKind},
        "users": {kind.value: line.users.get(kind, ()) for kind in ChangeKind},
    }
