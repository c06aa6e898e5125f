"""Sends notices to providers by mail, and to the organization's own system by the webhook.

A notice is written down as due by each channel before it is sent, and as sent after the receiver has accepted it: a run
that is killed at any moment leaves it due under its id, and the next run sends it again. Two runs never send at the
same time. A failure is about one message, which is tried again later, or about a server: then nothing more is sent by
that channel in this run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from feideprov.errors import ConfigurationError, FeideProvError
from feideprov.journal.journal import Journal
from feideprov.messages import Sentence, joined, listed
from feideprov.progress import SENDING, steps
from feideprov.services.address import address_of
from feideprov.services.notice import Notice, Ways, notice_mail, webhook_content
from feideprov.services.notices import Notices
from feideprov.services.outbox.deliveries import Channel, Deliveries, Delivery, DeliveryState, SendResult
from feideprov.services.outbox.mail import draft
from feideprov.services.outbox.smtp import NotSent, Smtp
from feideprov.services.outbox.templates import Templates, single_line
from feideprov.services.outbox.webhook import Webhook
from feideprov.settings import Settings

Send = Callable[[Notice, str], None]
"""Sends a notice; the text is the receiver's mail address. Raises NotSent and ConfigurationError."""
_RESULTS = (
    *(SendResult.SENT, SendResult.DRAFTED, SendResult.WAITING, SendResult.LATER),
    *(SendResult.FAILED, SendResult.BOUNCED, SendResult.UNADDRESSED, SendResult.DUE),
)
_NEED_A_PERSON = {DeliveryState.FAILED: SendResult.FAILED, DeliveryState.BOUNCED: SendResult.BOUNCED}


@dataclass(frozen=True)
class SendAttempt:
    """One notice by one channel: the result, and a sentence when it was not sent."""

    notice: Notice
    channel: Channel
    result: SendResult
    sentence: str = ""


@dataclass
class SendingReport:
    """What one run did. `stopped`: why nothing more is sent by a channel in this run; `drafts`: the files made."""

    attempts: list[SendAttempt] = field(default_factory=list)
    stopped: dict[Channel, FeideProvError] = field(default_factory=dict)
    drafts: list[Path] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """How many attempts had each result."""
        return {result.value: sum(one.result is result for one in self.attempts) for result in _RESULTS}

    @property
    def exit_code(self) -> int:
        """0: all was sent, or nothing waits. 1: something was given up, came back, or has no address. 2: a channel is
        configured wrongly, and nothing was sent. 3: something failed, now or before, and will be tried again."""
        results = {attempt.result for attempt in self.attempts}
        was_sent = SendResult.SENT in results
        if any(error.exit_code == 2 for error in self.stopped.values()) and not was_sent:
            return 2
        if self.stopped or results & {SendResult.WAITING, SendResult.LATER}:
            return 3
        return int(bool(results & {SendResult.FAILED, SendResult.BOUNCED, SendResult.UNADDRESSED}))


class NoticeSender:
    """Sends the notices of one organization. `clock` gives the time in UTC."""

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

    def send(self) -> SendingReport:
        """Gather what is due, and send it.

        Raises ConfigurationError when neither mail server nor webhook is configured, or a template cannot be used;
        JournalError when another run sends for more than a minute.
        """
        settings, templates, report = self._settings, Templates.of(self._settings), SendingReport()
        smtp = Smtp(settings) if settings.smtp.host or not settings.webhook.url else None
        webhook = Webhook(settings) if settings.webhook.url else None
        channels: dict[Channel, Send] = {}
        if smtp is not None:
            channels[Channel.MAIL] = lambda notice, to: smtp.send(
                notice_mail(settings, templates, notice, to), at=self._clock()
            )
        if webhook is not None:
            channels[Channel.WEBHOOK] = lambda notice, _: webhook.send(notice.id, webhook_content(settings, notice))
        with smtp or nullcontext(), self._journal.sending():
            for notice in self._gathered():
                for delivery in self._due_deliveries(notice, list(channels)):
                    send = channels.get(delivery.channel)
                    attempt = (
                        self._attempt(notice, delivery, send, report) if send else _not_configured(notice, delivery)
                    )
                    report.attempts.append(attempt)
        return report

    def draft(self, folder: Path) -> SendingReport:
        """Gather what is due, and save each mail as a draft (.eml) in a folder, for a person to send.

        Raises InputError when a draft cannot be written.
        """
        templates, report = Templates.of(self._settings), SendingReport()
        webhook = [Channel.WEBHOOK] * (self._settings.webhook.url is not None)
        with self._journal.sending():
            for notice in self._gathered():
                due = {one.channel for one in self._due_deliveries(notice, [Channel.MAIL, *webhook])}
                if Channel.MAIL not in due:
                    continue
                if (to := address_of(notice.services)) is None:
                    report.attempts.append(_unaddressed(notice))
                    continue
                mail = notice_mail(self._settings, templates, notice, to)
                report.drafts.append(draft(mail, folder, notice.provider.name))
                self._deliveries.drafted(notice.id)
                report.attempts.append(SendAttempt(notice, Channel.DRAFT, SendResult.DRAFTED))
        return report

    def preview(self) -> SendingReport:
        """What is due, is tried again later, was given up, or bounced. Nothing is sent or written."""
        return SendingReport([one for notice in self._notices.unfinished() for one in self._preview_of(notice)])

    def _preview_of(self, notice: Notice) -> Iterator[SendAttempt]:
        addressed = address_of(notice.services) is not None
        deliveries = [one for one in (notice.ways.mail, notice.ways.webhook) if one]
        if not deliveries:
            yield SendAttempt(notice, Channel.MAIL, SendResult.DUE) if addressed else _unaddressed(notice)
        for one in deliveries:
            if one.state in _NEED_A_PERSON:
                yield SendAttempt(notice, one.channel, _NEED_A_PERSON[one.state], one.said)
            elif one.state is DeliveryState.DUE and one.channel is Channel.MAIL and not addressed:
                yield _unaddressed(notice)
            elif one.state is DeliveryState.DUE:
                due = one.is_due(self._clock())
                yield SendAttempt(notice, one.channel, SendResult.DUE) if due else _later(notice, one)

    def _gathered(self) -> Iterator[Notice]:
        """The unfinished notices, each read just before it is sent: an answer may have come in the meantime."""
        self._notices.gather()
        ids = [one.id for one in self._notices.unfinished() if one.id]
        for notice_id in steps(ids, SENDING, total=len(ids)):
            if notice := self._notices.find(notice_id):
                yield notice

    def _due_deliveries(self, notice: Notice, channels: list[Channel]) -> list[Delivery]:
        """What is due of a notice. It is written down for all these channels before the first of them is tried."""
        if not notice.ways.is_out:
            for channel in channels:
                self._deliveries.begin(notice.id, channel)
        ways = Ways({one.channel: one for one in self._deliveries.of(notice.id)})
        return [one for one in (ways.mail, ways.webhook) if one and one.state is DeliveryState.DUE]

    def _attempt(self, notice: Notice, delivery: Delivery, send: Send, report: SendingReport) -> SendAttempt:
        channel, to = delivery.channel, address_of(notice.services) or ""
        if channel is Channel.MAIL and not to:
            return _unaddressed(notice)
        if not delivery.is_due(self._clock()):
            return _later(notice, delivery)
        if channel in report.stopped:
            return SendAttempt(notice, channel, SendResult.WAITING)
        try:
            send(notice, to)
        except NotSent as failure:
            if failure.about_server:  # not about this message, so it is not counted as an attempt
                report.stopped[channel] = failure
                return SendAttempt(notice, channel, SendResult.WAITING)
            now = self._deliveries.failed(notice.id, channel, failure.sentence, permanent=failure.permanent)
            result = SendResult.FAILED if now.state is DeliveryState.FAILED else SendResult.WAITING
            return SendAttempt(notice, channel, result, failure.sentence)
        except ConfigurationError as error:
            report.stopped[channel] = error
            return SendAttempt(notice, channel, SendResult.WAITING)
        self._deliveries.sent(notice.id, channel)
        return SendAttempt(notice, channel, SendResult.SENT)


def _not_configured(notice: Notice, delivery: Delivery) -> SendAttempt:
    """It was to be sent by a channel that is no longer in the settings."""
    if delivery.channel is Channel.MAIL:
        sentence = Sentence(
            "[smtp] host is missing. Write the name of the mail server there, or save drafts: "
            "feideprov notify --drafts DIR"
        )
    else:
        sentence = Sentence("[webhook] url is missing. Write the address that notices are sent to.")
    return SendAttempt(notice, delivery.channel, SendResult.LATER, sentence)


def _later(notice: Notice, delivery: Delivery) -> SendAttempt:
    later = Sentence("The next attempt is at {time} or later.", time=delivery.next_in_norway)
    sentence = joined([delivery.said, later])
    return SendAttempt(notice, delivery.channel, SendResult.LATER, sentence)


def _unaddressed(notice: Notice) -> SendAttempt:
    sentence = Sentence(
        "{provider} has no mail address (services: {services}). Write an address into a table of services, "
        "and import the table: feideprov services import FILE",
        provider=single_line(notice.provider.name),
        services=listed(single_line(service.name()) for service in notice.services),
    )
    return SendAttempt(notice, Channel.MAIL, SendResult.UNADDRESSED, sentence)
