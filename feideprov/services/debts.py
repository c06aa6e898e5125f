"""Which services must be told of a change of a number (Feide's step 5; feide.no, 2022-03-30).

A first number concerns only services that depend on the number and serve the user without it meanwhile. A replaced or
withdrawn number concerns all services that depend: the number by which they know the user is not right any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from feideprov.errors import scrub
from feideprov.feide.organization import HostOrganization
from feideprov.journal.events import Debts, Event
from feideprov.messages import NOTHING, Sentence, joined, listed
from feideprov.services.audience import AudienceFilter, Belonging, is_limited
from feideprov.services.next_step import NextStep, next_step
from feideprov.services.register.service import DEPENDS, Dependency, Service
from feideprov.text import shown

OWED = {
    "attach": (Dependency.CAN_SERVE,),
    "replace": DEPENDS,
    "withdraw": DEPENDS,
}
"""By the kind of change: the states of the services that must be told. It is the same for observed changes
(`seen-…`)."""
_NAMED = 12
"""How many services, or providers, a warning names."""
_SITUATIONS: Final = ("unasked", "late", "asked", "silent")
"""How far the question to a provider has come."""

Belongings = Callable[[], Mapping[str, Belonging]]
"""Reads the schools and affiliations of all users, by Feide name."""


def debts_of(services: Iterable[Service], organization: HostOrganization, belongings: Belongings) -> Debts | None:
    """The services that are owed a notice of a change, as a function of the change; None when no change is owed to any.

    The directory is read now, because the function is called in the middle of a transaction, and only if some service
    is not for all users. Raises DirectoryError.
    """
    owed = [service for service in services if service.concerns_us and service.answer.state in DEPENDS]
    if not owed:
        return None
    users = belongings() if is_limited(service.audience for service in owed) else {}
    audiences = [(service, AudienceFilter(service.audience, organization)) for service in owed]

    def debts(event: Event) -> Iterable[str]:
        if not event.feide_name:
            return ()  # a forgotten user
        states, user = OWED.get(event.kind.as_written, ()), users.get(event.feide_name.lower())
        return [one.id for one, audience in audiences if one.answer.state in states and audience.includes(user)]

    return debts


def warning(services: Iterable[Service], on: date, answer_days: int) -> Sentence | None:
    """What to say before numbers change while providers have not answered; None when all have.

    It names the next step with each provider on the day `on`: whoever was asked is not to be asked again.
    """
    open_ones = [service for service in services if service.concerns_us and not service.is_settled]
    if not open_ones:
        return None
    named = [
        Sentence("{service} ({provider})", service=_shown(one.name()), provider=_shown(one.provider.name))
        for one in open_ones
    ]
    return Sentence(
        "It is not known whether these services depend on the number: {services}. {next} A provider that answers "
        "later is still told about the numbers in this plan, if its service depends on the number.",
        services=listed(named, most=_NAMED),
        next=joined(_next_steps(open_ones, on, answer_days)),
    )


def _next_steps(services: Sequence[Service], on: date, answer_days: int) -> Iterator[Sentence]:
    """What comes next with the providers of these services, who have not answered."""
    groups: dict[str, list[Service]] = {}
    for service in services:
        groups.setdefault(_situation(service, next_step(service, on, answer_days)), []).append(service)
    if len(groups.get("unasked", ())) == len(services):
        yield Sentence("Ask their providers: feideprov services ask.")
        return
    for situation in sorted(groups, key=_SITUATIONS.index):
        some = groups[situation]
        providers = list(dict.fromkeys(_shown(service.provider.name) for service in some))
        days = {service.reminded_on or service.asked_on or service.answer.on for service in some}
        told = [Sentence("{day}", day=day) for day in sorted(filter(None, days))]
        said = listed(told) if told else NOTHING
        yield _next_step(situation, listed(providers, most=_NAMED), len(providers), said)


def _situation(service: Service, step: NextStep | None) -> str:
    match step:
        case NextStep.ASK:
            return "unasked"
        case NextStep.REMIND:
            return "late"
        case None if service.answer.state is Dependency.ASKED:
            return "asked"
        case _:
            return "silent"


def _next_step(situation: str, providers: Sentence, count: int, days: Sentence) -> Sentence:
    match situation:
        case "unasked":
            return Sentence("Ask {providers}: feideprov services ask.", providers=providers)
        case "late":
            return Sentence(
                "{providers} was asked on {days}, and a reminder is due: feideprov services ask.",
                plural="{providers} were asked on {days}, and reminders are due: feideprov services ask.",
                count=count,
                providers=providers,
                days=days,
            )
        case "asked":
            return Sentence(
                "{providers} was last asked on {days}, and has not answered yet.",
                plural="{providers} were last asked on {days}, and have not answered yet.",
                count=count,
                providers=providers,
                days=days,
            )
        case _:
            return Sentence(
                "{providers} has not answered in time. Call the provider.",
                plural="{providers} have not answered in time. Call the providers.",
                count=count,
                providers=providers,
            )


def _shown(text: str) -> str:
    return scrub(shown(text))
