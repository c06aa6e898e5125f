"""The courier: takes notices to providers by mail, and to the organization's own system by the webhook.

A notice is gathered, and begun by each way, before it is sent, and is written down as sent after the receiver has taken
it: a run that is killed at any moment leaves it due, under its id, and the next one sends it again. Two runs do not send
at the same time. A failure is about one message, which is tried again later, or about a server: then nothing more goes
that way in this run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from feideprov.errors import ConfigurationError, FeideProvError
from feideprov.provision.journal import Journal
from feideprov.services.address import address_of
from feideprov.services.delivery import Channel, Deliveries, Delivery, DeliveryState
from feideprov.services.mail import NotSent, Smtp, compose, draft
from feideprov.services.notice import Notice
from feideprov.services.notices import Notices
from feideprov.services.owed import Happening
from feideprov.services.webhook import Webhook
from feideprov.services.wording import Wording, single_line
from feideprov.settings import Settings


@dataclass(frozen=True)
class Passage:
    """One try: the notice, by which way, what became of it, and a sentence where it did not get through."""

    notice: Notice
    channel: Channel
    state: DeliveryState
    sentence: str = ""
    next_at: str | None = None


@dataclass
class Round:
    """What one run did. `stopped`: what ended a way for the rest of the run."""

    passages: list[Passage] = field(default_factory=list)
    stopped: list[FeideProvError] = field(default_factory=list)
    drafts: list[Path] = field(default_factory=list)

    def count(self, state: DeliveryState) -> int:
        return sum(passage.state is state for passage in self.passages)

    @property
    def exit_code(self) -> int:
        """0: all went, or nothing was due. 1: something was given up, or has no address. 2: a way is set up wrongly. 3:
        something did not get through, and will be tried again."""
