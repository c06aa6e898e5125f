"""Questions to providers: does a service need the number, and can it serve users without it? (Feide's step 3.)

One message for each provider, about all its services that are due. A provider is asked once about a service, reminded
once after `answer_days`, and after as many days again the state is *no answer*. The messages hold no personal data.
"""

from __future__ import annotations

import hashlib
import json
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Final

from feideprov.journal.journal import Journal
from feideprov.messages import Sentence, joined
from feideprov.progress import SENDING, steps
from feideprov.services.address import address_of
from feideprov.services.next_step import NextStep, next_step
from feideprov.services.outbox.deliveries import Channel, Deliveries, DeliveryState, SendResult
from feideprov.services.outbox.mail import compose, draft
from feideprov.services.outbox.smtp import NotSent, Smtp
from feideprov.services.outbox.templates import Language, Templates, Text, single_line
from feideprov.services.register.register import Register
from feideprov.services.register.service import Answer, Dependency, Provider, Service
from feideprov.services.wording import NO_ANSWER
from feideprov.settings import Settings

UNADDRESSED: Final = Sentence(
    "This provider has no usable mail address. Find an address in Feide's customer portal, write it into "
    "a table of services (column mail), and import the table: feideprov services import FILE"
)
_RESULTS: Final = (
    *(SendResult.DUE, SendResult.SENT, SendResult.DRAFTED, SendResult.NOTED),
    *(SendResult.WAITING, SendResult.LATER, SendResult.FAILED, SendResult.UNADDRESSED),
)


@dataclass(frozen=True)
class Question:
    """One message to one provider. `to` is None when no address is known; `sentence` says what a person should know."""

    id: str
    provider: Provider
    services: tuple[Service, ...]
    kind: NextStep
    language: Language
    to: str | None
    text: Text
    result: SendResult
    sentence: str = ""
    file: Path | None = None


@dataclass(frozen=True)
class QuestionsReport:
    """The messages of one run, sent or not. `silent`: the services about which no answer came in time. `stopped`: why
    the rest was not sent."""

    questions: tuple[Question, ...]
    silent: tuple[Service, ...]
    stopped: str = ""

    @property
    def counts(self) -> dict[str, int]:
        """How many messages had each result, and for how many services no answer came."""
        counts = {result.value: sum(one.result is result for one in self.questions) for result in _RESULTS}
        return counts | {"no_answer": len(self.silent)}


class Questions:
    """The questions of one organization on one day. `provider`, an id or a name, chooses one provider.

    Raises Refused (S-NO-PROVIDER) when that provider has no service that concerns us, ConfigurationError for templates
    that cannot be used.
    """

    def __init__(
        self,
        settings: Settings,
        register: Register,
        journal: Journal,
        *,
        on: date,
        provider: str | None = None,
        language: Language | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._settings = settings
        self._register = register
        self._journal = journal
        self._on = on
        self._named = provider
        self._language: Language = language or settings.services.language
        self._clock = clock
        self._deliveries = Deliveries(journal, clock=clock)
        self._templates = Templates.of(settings)

    def due(self) -> QuestionsReport:
        """The messages that are due, and the services about which no answer came in time. Nothing is written or
        sent."""
        steps = [(service, self._next_step(service)) for service in self._services()]
        by_provider: dict[str, list[tuple[Service, NextStep]]] = {}
        for service, step in steps:
            if step in (NextStep.ASK, NextStep.REMIND):
                by_provider.setdefault(service.provider.id, []).append((service, step))
        questions = sorted(map(self._question, by_provider.values()), key=lambda one: one.provider.name.casefold())
        return QuestionsReport(
            tuple(questions), tuple(service for service, step in steps if step is NextStep.NO_ANSWER)
        )

    def send(self, server: Smtp) -> QuestionsReport:
        """Send what is due. Each attempt is written down on its own: an interrupted run loses at most the state of its
        last message, which is sent again with the same id.

        Raises ConfigurationError when the mail server cannot be used at all.
        """
        asked, done, stopped = self.due(), list[Question](), ""
        for question in steps(asked.questions, SENDING, total=len(asked.questions)):
            outcome, stopped = (question, stopped) if stopped else self._attempt(question, server)
            done.append(outcome)
        return QuestionsReport(tuple(done), self._note_silence(asked.silent), stopped)

    def draft(self, folder: Path) -> QuestionsReport:
        """Save what is due as drafts, one file for each provider, for a person to send. They count as asked.

        Raises InputError when a file cannot be written.
        """
        asked, done = self.due(), list[Question]()
        for question in asked.questions:
            if question.to is not None:
                with self._journal.sending():
                    done.append(self._drafted(question, question.to, folder))
            else:
                done.append(question)
        return QuestionsReport(tuple(done), self._note_silence(asked.silent))

    def _services(self) -> list[Service]:
        if self._named is None:
            return self._register.concerning_us()
        return self._register.of_provider(self._named)

    def _next_step(self, service: Service) -> NextStep | None:
        return next_step(service, self._on, self._settings.services.answer_days, named=self._named is not None)

    def _question(self, steps: Sequence[tuple[Service, NextStep]]) -> Question:
        services = tuple(service for service, _ in steps)
        # one service that was not asked about before makes it a question: it must not begin as a reminder
        kind = NextStep.REMIND if all(step is NextStep.REMIND for _, step in steps) else NextStep.ASK
        to = address_of(services)
        question = Question(
            id=_id_of(self._journal.realm, to, services),
            provider=services[0].provider,
            services=services,
            kind=kind,
            language=self._language,
            to=to,
            text=self._text(kind, services),
            result=SendResult.DUE,
        )
        if to is None:
            return replace(question, result=SendResult.UNADDRESSED, sentence=UNADDRESSED)
        return self._with_delivery(question)

    def _text(self, kind: NextStep, services: Sequence[Service]) -> Text:
        section, organization = self._settings.services, self._settings.organization.name
        shown = [{"id": s.id, "name": s.name(self._language), "required": bool(s.required)} for s in services]
        asked_on = min((s.asked_on for s in services if s.asked_on), default=self._on)
        return self._templates.render(
            kind.value,
            self._language,
            organization=organization,
            realm=self._settings.organization.realm,
            provider=services[0].provider.name,
            services=shown,
            reminder=kind is NextStep.REMIND,
            asked_on=asked_on,
            answer_by=self._on + timedelta(days=section.answer_days),
            channel=section.channel,
            signature=section.signature.splitlines() or [organization],
        )

    def _with_delivery(self, question: Question) -> Question:
        """The question with the state of its delivery. Earlier attempts that failed do not count for a provider that a
        person named."""
        mail = next((one for one in self._deliveries.of(question.id) if one.channel is Channel.MAIL), None)
        if mail is not None and mail.state is DeliveryState.SENT:
            return replace(question, result=SendResult.NOTED)
        if mail is None or self._named is not None:
            return question
        if mail.state is DeliveryState.FAILED:
            again = Sentence(
                "Then run: feideprov services ask --send --provider {provider}",
                provider=single_line(question.provider.id),
            )
            return replace(question, result=SendResult.FAILED, sentence=joined([mail.said, again]))
        if mail.state is DeliveryState.DUE and not mail.is_due(self._clock()):
            later = Sentence("The next attempt is at {time} or later.", time=mail.next_in_norway)
            return replace(question, result=SendResult.LATER, sentence=joined([mail.said, later]))
        return question

    def _attempt(self, question: Question, server: Smtp) -> tuple[Question, str]:
        """The question with its result, and why nothing more can be sent, if so."""
        if question.result is SendResult.NOTED:
            self._note(question, "mail")
        if question.result is not SendResult.DUE or question.to is None:
            return question, ""
        with self._deliveries.attempt(question.id, Channel.MAIL, afresh=self._named is not None) as delivery:
            if delivery is None:  # another run has sent it meanwhile
                return replace(question, result=SendResult.NOTED), ""
            try:
                server.send(self._mail(question, question.to), at=self._clock())
            except NotSent as failure:
                if failure.about_server:  # not about this message, so it is not counted as an attempt
                    waiting = replace(question, result=SendResult.WAITING, sentence=failure.sentence)
                    return waiting, failure.sentence
                now = self._deliveries.failed(question.id, Channel.MAIL, failure.sentence, permanent=failure.permanent)
                result = SendResult.FAILED if now.state is DeliveryState.FAILED else SendResult.WAITING
                return replace(question, result=result, sentence=now.said), ""
            self._deliveries.sent(question.id, Channel.MAIL)
            self._note(question, "mail")
        return replace(question, result=SendResult.SENT), ""

    def _drafted(self, question: Question, to: str, folder: Path) -> Question:
        if question.result is SendResult.NOTED:
            self._note(question, "mail")
            return question
        path = draft(self._mail(question, to), folder, question.provider.name)
        self._deliveries.drafted(question.id)
        self._note(question, "draft")
        return replace(question, result=SendResult.DRAFTED, sentence="", file=path)

    def _mail(self, question: Question, to: str) -> EmailMessage:
        return compose(self._settings, to, question.text, message_id=question.id, language=question.language)

    def _note(self, question: Question, channel: str) -> None:
        """Write down that the provider was asked, unless an answer came meanwhile."""
        source = f"{channel} to {question.to}"
        asked = Answer(state=Dependency.ASKED, on=self._on, source=source, by=self._journal.actor)
        self._revise(question.services, lambda service: _asked(service, asked, self._on))

    def _note_silence(self, silent: Sequence[Service]) -> tuple[Service, ...]:
        answer = Answer(state=Dependency.NO_ANSWER, on=self._on, source=str(NO_ANSWER), by=self._journal.actor)
        return tuple(self._revise(silent, lambda service: service.answered(answer)))

    def _revise(self, services: Sequence[Service], revise: Callable[[Service], Service]) -> list[Service]:
        seen = {service.id: service.answer for service in services}
        return self._register.revise(seen, lambda now: revise(now) if now.answer == seen[now.id] else now)


def _asked(service: Service, asked: Answer, on: date) -> Service:
    if service.answer.state is Dependency.UNKNOWN:
        return service.answered(asked).model_copy(update={"asked_on": on, "reminded_on": None})
    now = service if service.answer.state is Dependency.ASKED else service.answered(asked)
    return now.model_copy(update={"reminded_on": on})


def _id_of(realm: str, to: str | None, services: Sequence[Service]) -> str:
    """The id of a question: the same for the same services in the same state, to the same address. Letters only."""
    states = [(s.id, s.unsettled_since, str(s.asked_on), str(s.reminded_on)) for s in services]
    digest = hashlib.sha256(json.dumps([realm, to, sorted(states)]).encode()).digest()
    return "".join(string.ascii_lowercase[octet % 26] for octet in digest[:26])
