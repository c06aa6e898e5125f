"""One notice: what a provider is told, and what became of it."""

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
from feideprov.services.owed import Happening, OwedNotice
from feideprov.services.register.service import Provider, Service
from feideprov.settings import Settings

ENDED = (DeliveryState.SENT, DeliveryState.DRAFTED)
"""Nothing is left to do."""
STUCK = (DeliveryState.BOUNCED, DeliveryState.FAILED)
"""A person has to look at it."""
_WORST_FIRST = (
    *STUCK,
    DeliveryState.DUE,
    DeliveryState.DRAFTED,
    DeliveryState.SENT,
)


@dataclass(frozen=True)
class Line:
    """What a notice says of one service and one day: how many numbers, and whose where that is allowed.

    `users` are Feide names, by what happened to their numbers. Protected users are counted and not named.
    """

    service: Service
    on: date
    counts: Mapping[Happening, int]
    users: Mapping[Happening, Sequence[str]]

    @property
    def registered(self) -> int:
        return self.counts.get(Happening.REGISTERED, 0)

    @property
    def changed(self) -> int:
        return self.counts.get(Happening.CHANGED, 0)

    @property
    def withdrawn(self) -> int:
        return self.counts.get(Happening.WITHDRAWN, 0)


@dataclass(frozen=True)
class Ways:
    """By which ways a message went, or is to go."""

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
        """The worst of what became of it."""
        states = [way.state for way in (self.mail, self.webhook) if way]
        return next((state for state in _WORST_FIRST if state in states), DeliveryState.DUE)

    @property
    def is_out(self) -> bool:
        """Whether the provider has it, as far as this tool knows: what it says stays as it was then."""
        if self.mail is None:
            return self.state is DeliveryState.SENT
        return self.mail.state in (*ENDED, DeliveryState.BOUNCED)


@dataclass(frozen=True)
class Notice:
    """What one provider is told. `id` is empty, and `day` today, while it has not been gathered. `totals` counts each
    change once, for however many services it matters."""

    id: str
    provider: Provider
    day: date
    lines: Sequence[Line]
    totals: Mapping[Happening, int]
    ways: Ways

    @property
    def services(self) -> list[Service]:
        """The services that it is about."""
        return list({line.service.id: line.service for line in self.lines}.values())

    @property
    def state(self) -> DeliveryState:
        """What became of it; due as long as it is to go to somebody."""
        return self.ways.state


def lines(
    owed: Iterable[OwedNotice], services: Mapping[str, Service], on: date, protected: Callable[[str], bool]
) -> list[Line]:
    """What is owed, by service and day. A service's users are named if it has a basis for that on this day, unless they
    are protected or were forgotten; nor is a name that looks like an identity number told."""
    together: dict[tuple[str, date], list[OwedNotice]] = {}
    for one in owed:
        together.setdefault((one.service, one.on), []).append(one)
    made = []
    for (service_id, day), some in sorted(together.items(), key=lambda item: item[0]):
        service = services.get(service_id) or Service(id=service_id, provider=Provider(id="", name=""))
        users: dict[Happening, list[str]] = {}
        if (basis := service.basis_for_names) and basis.on <= on:
            for one in some:
                name = one.feide_name
                if name and not protected(name) and not number_shaped(name):
                    users.setdefault(one.happening, []).append(name)
        counts = Counter(one.happening for one in some)
        made.append(Line(service, day, counts, {what: sorted(set(names)) for what, names in users.items()}))
    return made


def totals(owed: Iterable[OwedNotice]) -> Mapping[Happening, int]:
    """How many changes of each kind."""
    return Counter(happening for _, happening in {(one.change, one.happening) for one in owed})


def letter(settings: Settings, wording: Templates, notice: Notice, to: str) -> EmailMessage:
    """The mail to a provider: service, date and count, and the way by which the provider takes the list of users. Its
    Message-ID is made of the notice's id.

    Raises ConfigurationError when the template cannot be used.
    """
    section = settings.services
    text = wording.say(
        "notice",
        section.language,
        organization=settings.organization.name,
        provider=notice.provider.name,
        reference=notice.id,
        lines=[_facts(line, section.language) for line in notice.lines],
        totals={what.value: notice.totals.get(what, 0) for what in Happening},
        channel=section.channel,
        signature=section.signature.splitlines() or [settings.organization.name],
    )
    return compose(settings, to, text, message_id=notice.id, language=section.language)


def content(settings: Settings, notice: Notice) -> dict[str, Any]:
    """What the webhook is sent. `users` is there where the service has a basis for names; they are Feide names."""
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
                **{what.value: line.counts.get(what, 0) for what in Happening},
                **({"users": {what.value: list(names) for what, names in line.users.items()}} if line.users else {}),
            }
            for line in notice.lines
        ],
    }


def _facts(line: Line, language: str) -> Mapping[str, Any]:
    return {
        "service": line.service.name(language),
        "on": line.on,
        **{what.value: line.counts.get(what, 0) for what in Happening},
        "users": {what.value: line.users.get(what, ()) for what in Happening},
    }
