"""The courier: takes notices to providers by mail, and to the organization's own system by the webhook.

A notice is gathered, and begun by each way, before it is sent, and is written down as sent after the receiver has taken
it: a run that is killed at any moment leaves it due, under its id, and the next one sends it again. No two runs send at
one time. A failure is about one message, which is tried again later, or about a server: then nothing more goes that way
in this run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from feideprov.errors import ConfigurationError, FeideProvError
from feideprov.journal.journal import Journal
from feideprov.services.address import address_of
from feideprov.services.notice import Notice, Ways, content, letter
from feideprov.services.notices import Notices
from feideprov.services.outbox.deliveries import Channel, Deliveries, Delivery, DeliveryState
from feideprov.services.outbox.smtp import NotSent, Smtp, draft
from feideprov.services.outbox.templates import Templates, single_line
from feideprov.services.outbox.webhook import Webhook
from feideprov.settings import Settings


class Became(StrEnum):
    """What became of a notice by one way, in one run."""

    SENT = "sent"
    DRAFTED = "drafted"
    WAITING = "waiting"  # it did not get through, and is tried again
    LATER = "later"  # it is not its turn yet, after it did not get through
    FAILED = "failed"  # given up
    BOUNCED = "bounced"  # it came back, somebody said
    UNADDRESSED = "unaddressed"  # the provider has no mail address
    DUE = "due"  # it would be sent


@dataclass(frozen=True)
class Passage:
    """One notice by one way: what became of it, and a sentence where it did not get through."""

    notice: Notice
    channel: Channel
    became: Became
    sentence: str = ""


@dataclass
class Round:
    """What one run did. `stopped`: what ended a way for the rest of the run; `drafts`: the files that were made."""

    passages: list[Passage] = field(default_factory=list)
    stopped: dict[Channel, FeideProvError] = field(default_factory=dict)
    drafts: list[Path] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        return {became.value: sum(one.became is became for one in self.passages) for became in Became}

    @property
    def exit_code(self) -> int:
        """0: all went, or nothing was due. 1: something was given up, came back, or has no address. 2: a way is set up
        wrongly. 3: something did not get through, and will be tried again."""
        words = {passage.became for passage in self.passages}
        if any(error.exit_code == 2 for error in self.stopped.values()):
            return 2
        if self.stopped or Became.WAITING in words:
            return 3
        return int(bool(words & {Became.FAILED, Became.BOUNCED, Became.UNADDRESSED}))


Way = Callable[[Notice, str], None]
"""Sends a notice, to a mail address where it goes by mail. Raises NotSent and ConfigurationError."""
_TROUBLE = {DeliveryState.FAILED: Became.FAILED, DeliveryState.BOUNCED: Became.BOUNCED}


class NoticeSender:
    """Sends the notices of one organization. `clock` gives the moment, in UTC."""

    def __init__(
        self,
        settings: Settings,
        journal: Journal,
        notices: Notices,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._settings = settings
        self._journal = journal
        self._notices = notices
        self._deliveries = Deliveries(journal, clock=clock)
        self._clock = clock

    def send(self) -> Round:
        """Gather what is due, and send it. Raises ConfigurationError when there is no way to send by, or a template
        cannot be used; JournalError when another run sends for more than a minute."""
        settings, wording, this = self._settings, Templates.of(self._settings), Round()
        smtp = Smtp(settings) if settings.smtp.host or not settings.webhook.url else None
        webhook = Webhook(settings) if settings.webhook.url else None
        ways: dict[Channel, Way] = {}
        if smtp is not None:
            ways[Channel.MAIL] = lambda notice, to: smtp.send(letter(settings, wording, notice, to), at=self._clock())
        if webhook is not None:
            ways[Channel.WEBHOOK] = lambda notice, _: webhook.send(notice.id, content(settings, notice))
        with smtp or nullcontext(), self._journal.sending():
            for notice in self._gathered():
                for delivery in self._begun(notice, list(ways)):
                    way = ways.get(delivery.channel)
                    passage = self._passage(notice, delivery, way, this) if way else _no_way(notice, delivery)
                    this.passages.append(passage)
        return this

    def draft(self, folder: Path) -> Round:
        """Gather what is due, and make a draft of each mail in a folder (.eml), which a person sends. Raises InputError
        when one cannot be written."""
        wording, this = Templates.of(self._settings), Round()
        webhook = [Channel.WEBHOOK] * (self._settings.webhook.url is not None)
        with self._journal.sending():
            for notice in self._gathered():
                begun = {one.channel for one in self._begun(notice, [Channel.MAIL, *webhook])}
                if Channel.MAIL not in begun:
                    continue
                if (to := address_of(notice.services)) is None:
                    this.passages.append(_unaddressed(notice))
                    continue
                mail = letter(self._settings, wording, notice, to)
                this.drafts.append(draft(mail, folder, notice.provider.name))
                self._deliveries.drafted(notice.id)
                this.passages.append(Passage(notice, Channel.DRAFT, Became.DRAFTED))
        return this

    def look(self) -> Round:
        """What `send` would find: what is due, waits, was given up, or bounced. Nothing is written."""
        return Round([passage for notice in self._notices.unfinished() for passage in self._found(notice)])

    def _found(self, notice: Notice) -> Iterator[Passage]:
        addressed = address_of(notice.services) is not None
        ways = [way for way in (notice.ways.mail, notice.ways.webhook) if way]
        if not ways:
            yield Passage(notice, Channel.MAIL, Became.DUE) if addressed else _unaddressed(notice)
        for way in ways:
            if way.state in _TROUBLE:
                yield Passage(notice, way.channel, _TROUBLE[way.state], way.said)
            elif way.state is DeliveryState.DUE and way.channel is Channel.MAIL and not addressed:
                yield _unaddressed(notice)
            elif way.state is DeliveryState.DUE:
                due = way.is_due(self._clock())
                yield Passage(notice, way.channel, Became.DUE) if due else _later(notice, way)

    def _gathered(self) -> Iterator[Notice]:
        """What is not finished, each as it is when its turn comes: an answer may have come in the meantime."""
        self._notices.gather()
        for notice_id in [one.id for one in self._notices.unfinished() if one.id]:
            if notice := self._notices.find(notice_id):
                yield notice

    def _begun(self, notice: Notice, channels: list[Channel]) -> list[Delivery]:
        """What is due of a notice. That it is to go by these ways is written down before the first of them is tried."""
        if not notice.ways.is_out:
            for channel in channels:
                self._deliveries.begin(notice.id, channel)
        ways = Ways({one.channel: one for one in self._deliveries.of(notice.id)})
        return [way for way in (ways.mail, ways.webhook) if way and way.state is DeliveryState.DUE]

    def _passage(self, notice: Notice, delivery: Delivery, way: Way, this: Round) -> Passage:
        channel, to = delivery.channel, address_of(notice.services) or ""
        if channel is Channel.MAIL and not to:
            return _unaddressed(notice)
        if not delivery.is_due(self._clock()):
            return _later(notice, delivery)
        if channel in this.stopped:
            return Passage(notice, channel, Became.WAITING)
        try:
            way(notice, to)
        except NotSent as failure:
            if failure.server:  # not the message's fault: it is not counted as an attempt
                this.stopped[channel] = failure
                return Passage(notice, channel, Became.WAITING)
            ended = self._deliveries.failed(notice.id, channel, failure.reason, permanent=failure.permanent)
            became = Became.FAILED if ended.state is DeliveryState.FAILED else Became.WAITING
            return Passage(notice, channel, became, failure.reason)
        except ConfigurationError as error:
            this.stopped[channel] = error
            return Passage(notice, channel, Became.WAITING)
        self._deliveries.sent(notice.id, channel)
        return Passage(notice, channel, Became.SENT)


def _no_way(notice: Notice, delivery: Delivery) -> Passage:
    """It was to go by a way that the settings do not name any more."""
    mail = delivery.channel is Channel.MAIL
    sentence = "[smtp] host is missing: notify --drafts DIR makes drafts." if mail else "[webhook] url is missing."
    return Passage(notice, delivery.channel, Became.LATER, sentence)


def _later(notice: Notice, delivery: Delivery) -> Passage:
    return Passage(
        notice, delivery.channel, Became.LATER, f"{delivery.said} It is not tried before {delivery.next_at}."
    )


def _unaddressed(notice: Notice) -> Passage:
    services = " and ".join(single_line(service.name()) for service in notice.services)
    sentence = (
        f"{single_line(notice.provider.name)} ({services}) has no mail address. Import one: "
        "a list from the customer portal may have it."
    )
    return Passage(notice, Channel.MAIL, Became.UNADDRESSED, sentence)
