"""Which services must be told of a change of a number (step 5 of Feide's recipe, feide.no, 2022-03-30).

A number that is registered for the first time concerns those alone who served the user without: they depend on the
number, and have a workaround. One that takes the place of another, or goes, concerns all that depend: the number that
they know the user by is no longer right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from feideprov.errors import scrub
from feideprov.feide.organization import HostOrganization
from feideprov.journal.events import Debts, Event
from feideprov.services.audience import Belonging, Reach, is_limited
from feideprov.services.register.service import DEPENDS, Dependency, Service

OWED = {
    "attach": (Dependency.CAN_SERVE,),
    "replace": DEPENDS,
    "withdraw": DEPENDS,
}
"""By the kind of the change: the states of the services that must be told. What was seen to have been done by somebody
else's hand (`seen-…`) is owed alike."""
_NAMED = 12
"""Services that a warning names."""

Belongings = Callable[[], Mapping[str, Belonging]]
"""Reads where all users belong, by Feide name."""


def debts_of(services: Iterable[Service], organization: HostOrganization, belongings: Belongings) -> Debts | None:
    """Who is owed a notice of a change; None where nobody is, whatever changes.

    The directory is read now, and only where a service is not for all users: `Debts` asks in the middle of a
    transaction. Raises DirectoryError.
    """
    owed = [service for service in services if service.concerns_us and service.answer.state in DEPENDS]
    if not owed:
        return None
    users = belongings() if is_limited(service.audience for service in owed) else {}
    reaches = [(service, Reach(service.audience, organization)) for service in owed]

    def debts(event: Event) -> Iterable[str]:
        if not event.feide_name:
            return ()  # forgotten: nobody is left to be told of
        states, user = OWED.get(event.kind.as_written, ()), users.get(event.feide_name.lower())
        return [service.id for service, reach in reaches if service.answer.state in states and reach.holds(user)]

    return debts


def warning(services: Sequence[Service]) -> str | None:
    """What there is to say before numbers change while providers have not answered; None when all have."""
    open_ones = [service for service in services if service.concerns_us and not service.is_settled]
    if not open_ones:
        return None
    names = [f"{_shown(one.name())} ({_shown(one.provider.name)})" for one in open_ones[:_NAMED]]
    more = f" and {len(open_ones) - _NAMED} more" if len(open_ones) > _NAMED else ""
    return (
        f"Nobody knows yet whether these services depend on the number: {', '.join(names)}{more}. Ask their providers "
        "(feideprov services ask): an answer that comes later makes the notices owed, also those about this plan."
    )


def _shown(text: str) -> str:
    return scrub(" ".join("".join(c if c.isprintable() else " " for c in text).split()))
