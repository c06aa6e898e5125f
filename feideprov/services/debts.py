"""Which services must be told of a change of a number (Feide's step 5; feide.no, 2022-03-30).

A first number concerns only services that depend on the number and serve the user without it meanwhile. A replaced or
withdrawn number concerns all services that depend: the number by which they know the user is not right any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from feideprov.errors import scrub
from feideprov.feide.organization import HostOrganization
from feideprov.journal.events import Debts, Event
from feideprov.messages import Sentence, joined, listed
from feideprov.services.audience import AudienceFilter, Belonging, is_limited
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
"""How many services a warning names."""

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


def warning(services: Sequence[Service]) -> Sentence | None:
    """What to say before numbers change while providers have not answered; None when all have."""
    open_ones = [service for service in services if service.concerns_us and not service.is_settled]
    if not open_ones:
        return None
    named = [
        Sentence("{service} ({provider})", service=_shown(one.name()), provider=_shown(one.provider.name))
        for one in open_ones[:_NAMED]
    ]
    more = len(open_ones) - len(named)
    services_named = (
        Sentence("{names} and {others} more", names=joined(named, ", "), others=more) if more else listed(named)
    )
    return Sentence(
        "It is not known whether these services depend on the number: {services}. Ask their providers: "
        "feideprov services ask. A provider that answers later is still told about the numbers in this plan, "
        "if its service depends on the number.",
        services=services_named,
    )


def _shown(text: str) -> str:
    return scrub(shown(text))
