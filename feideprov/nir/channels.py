"""Through which channel a field is registered: WS4, NIR web, later, or not yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from feideprov.messages import NOTHING, Sentence
from feideprov.nir.model import Law, Person, Scheme, Setting
from feideprov.nir.rules import Rules


class Channel(StrEnum):
    """How something gets into NIR."""

    WS4 = "ws4"
    """The case system transfers it."""
    NIR_WEB = "nir_web"
    """A person types it."""
    HOLD = "hold"
    """NIR cannot take it yet: keep it, and register it later."""
    BLOCKED = "blocked"
    """The municipality does not see the person in NIR."""
    HISTORY = "history"
    """Before the day on which WS2 was switched off."""
    NOT_KNOWN = "not_known"
    """It is not known which law applies."""


@dataclass(frozen=True)
class ChannelDecision:
    """The channel, and why.

    Parameters:
        id: the row of the decision table: `C0` to `C7`, `C-BLOCKED`, `C-NOT-KNOWN`.
        channel: the channel.
        sentence: what it rests on, for a person.
        warning: what to do about it; empty if there is nothing.
        source: the page, and its day.
        url: the address of the page.
    """

    id: str
    channel: Channel
    sentence: Sentence
    warning: Sentence = NOTHING
    source: str = ""
    url: str = ""


def channel(
    setting: Setting,
    law: Law,
    field: str,
    on: date,
    rules: Rules | None = None,
    *,
    person: Person | None = None,
    scheme: Scheme | None = None,
) -> ChannelDecision:
    """The channel for a field.

    Parameters:
        setting: the municipality's own settings.
        law: the law under which it is registered.
        field: the field, such as `vedtak`.
        on: the day of registering.
        rules: the rules; without them, those of the package.
        person, scheme: whose record it is, and in which scheme: a person whom the municipality does not see in NIR is
            blocked.

    Returns: the first row of the table that fits.
    """
    raise NotImplementedError
