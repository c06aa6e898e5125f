"""Questions to providers: does a service need the number, and can it serve users without? (Feide's advice, step 3.)

One message for each provider, about all of its services whose turn it is. A service is asked once, reminded once after
`answer_days`, and after as many days again its state is *no answer*. A message about services holds nothing about
people.
"""

from __future__ import annotations

import hashlib
import json
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from enum import StrEnum
from pathlib import Path
from typing import Final

from feideprov.errors import Refused
from feideprov.journal.journal import Journal
from feideprov.services.address import address_of
from feideprov.services.outbox.deliveries import Channel, Deliveries, DeliveryState
from feideprov.services.outbox.mail import compose, draft
from feideprov.services.outbox.smtp import NotSent, Smtp
from feideprov.services.outbox.templates import Language, Templates, Text, single_line
from feideprov.services.register.register import Register
from feideprov.services.register.service import Answer, Dependency, Provider, Service
from feideprov.services.turn import Turn, turn_of
from feideprov.settings import Settings

UNADDRESSED: Final = (
    "No mail address of this provider can be used. Find one in Feide's customer portal, write it into a table of "
    "services (column mail), and import that: feideprov services import FILE"
)


class Fate(StrEnum):
    """What becomes of a question."""

    DUE = "due"
    SENT = "sent"
    DRAFTED = "drafted"
    NOTED = "noted"  # it went before, in a run that was cut off
    WAITING = "waiting"  # it did not get through, and is tried again
    LATER = "later"  # its turn has not come since it did not get through
    FAILED = "failed"  # given up
    UNADDRESSED = "unaddressed"  # the provider has no mail address


@dataclass(frozen=True)
class Question:
    """One message to one provider. `to` is None where no address is known; `said`: what a person should know of it."""

    id: str
    provider: Provider
    services: tuple[Service, ...]
    kind: Turn
    language: Language
    to: str | None
    text: Text
    fate: Fate
    said: str = ""
    file: Path | None = None


@dataclass(frozen=True)
class Asked:
    """What was asked, or would be. `silent`: the services that got no answer in time. `stopped`: why the mail server
    was not asked to take the rest."""

    questions: tuple[Question, ...]
    silent: tuple[Service, ...]
    stopped: str = ""

    @property
    def counts(self) -> dict[str, int]:
        """How many messages came to what, and how many services got no answer."""
        of = {fate.value: sum(one.fate is fate for one in self.questions) for fate in Fate}
        return of | {"no_answer": len(self.silent)}


class Questions:
    """The questions of one organization on one day. `provider`, an id or a name, picks one.

    Raises Refused (S-NO-PROVIDER) when no service that concerns us is that provider's, ConfigurationError for
    templates that cannot be used.
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
        self._wording = Templates.of(settings)

    def due(self) -> Asked:
        """What would be asked now, and which services have given no answer. Nothing is written or sent."""
        turns = [(service, self._turn(service)) for service in self._ours()]
        by_provider: dict[str, list[tuple[Service, Turn]]] = {}
        for service, turn in turns:
            if turn in (Turn.ASK, Turn.REMIND):
                by_provider.setdefault(service.provider.id, []).append((service, turn))
        questions = sorted(map(self._question, by_provider.values()), key=lambda one: one.provider.name.casefold())
        return Asked(tuple(questions), tuple(service for service, turn in turns if turn is Turn.SILENT))

    def send(self, server: Smtp) -> Asked:
        """Send what is due, each in the time of one attempt: what a run that is cut off has sent is known, but for the
        last, which is sent again with the same id.

        Raises ConfigurationError when the mail server cannot be used at all.
        """
        asked, done, stopped = self.due(), list[Question](), ""
        for question in asked.questions:
            outcome, stopped = (question, stopped) if stopped else self._tried(question, server)
            done.append(outcome)
        return Asked(tuple(done), self._note_silence(asked.silent), stopped)

    def draft(self, folder: Path) -> Asked:
        """Keep what is due as drafts, one file for each provider, for a person to send. They count as asked.

        Raises InputError when a file cannot be written.
        """
        asked, done = self.due(), list[Question]()
        for question in asked.questions:
            if question.to is not None:
                with self._journal.sending():
                    done.append(self._drafted(question, question.to, folder))
            else:
                done.append(question)
        return Asked(tuple(done), self._note_silence(asked.silent))

    def _ours(self) -> list[Service]:
        found = self._register.concerning_us()
        if self._named is None:
            return found
        wanted = self._named.strip().casefold()
        of_one = [s for s in found if wanted in (s.provider.id.casefold(), s.provider.name.casefold())]
        if not of_one:
            raise Refused(
                f"No provider of a service that concerns us is called {single_line(self._named)}. "
                "See: feideprov services list",
                code="S-NO-PROVIDER",
            )
        return of_one

    def _turn(self, service: Service) -> Turn | None:
        return turn_of(service, self._on, self._settings.services.answer_days, named=self._named is not None)

    def _question(self, turns: Sequence[tuple[Service, Turn]]) -> Question:
        services = tuple(service for service, _ in turns)
        # a first question among them makes it one: it is read without a reminder's words
        kind = Turn.REMIND if all(turn is Turn.REMIND for _, turn in turns) else Turn.ASK
        to = address_of(services)
        question = Question(
            id=_id_of(self._journal.realm, to, services),
            provider=services[0].provider,
            services=services,
            kind=kind,
            language=self._language,
            to=to,
            text=self._text(kind, services),
            fate=Fate.DUE,
        )
        return (
            replace(question, fate=Fate.UNADDRESSED, said=UNADDRESSED) if to is None else self._as_it_stands(question)
        )

    def _text(self, kind: Turn, services: Sequence[Service]) -> Text:
        section, organization = self._settings.services, self._settings.organization.name
        shown = [{"id": s.id, "name": s.name(self._language), "required": bool(s.required)} for s in services]
        asked_on = min((s.asked_on for s in services if s.asked_on), default=self._on)
        return self._wording.say(
            kind.value,
            self._language,
            organization=organization,
            realm=self._settings.organization.realm,
            provider=services[0].provider.name,
            services=shown,
            reminder=kind is Turn.REMIND,
            asked_on=asked_on,
            answer_by=self._on + timedelta(days=section.answer_days),
            channel=section.channel,
            signature=section.signature.splitlines() or [organization],
        )

    def _as_it_stands(self, question: Question) -> Question:
        """With what became of earlier attempts. For a provider that is named they do not count, unless one arrived."""
        mail = next((one for one in self._deliveries.of(question.id) if one.channel is Channel.MAIL), None)
        if mail is not None and mail.state is DeliveryState.SENT:
            return replace(question, fate=Fate.NOTED)
        if mail is None or self._named is not None:
            return question
        if mail.state is DeliveryState.FAILED:
            again = f"Then: feideprov services ask --send --provider {single_line(question.provider.id)}"
            return replace(question, fate=Fate.FAILED, said=f"{mail.said} {again}")
        waits = mail.state is DeliveryState.DUE and not mail.is_due(self._clock())
        return replace(question, fate=Fate.LATER, said=f"{mail.said} Next try: {mail.next_at}") if waits else question

    def _tried(self, question: Question, server: Smtp) -> tuple[Question, str]:
        """The question with its fate, and why nothing more can be sent, if so."""
        if question.fate is Fate.NOTED:
            self._note(question, "mail")
        if question.fate is not Fate.DUE or question.to is None:
            return question, ""
        with self._deliveries.attempt(question.id, Channel.MAIL, afresh=self._named is not None) as delivery:
            if delivery is None:  # another run took it meanwhile
                return replace(question, fate=Fate.NOTED), ""
            try:
                server.send(self._letter(question, question.to), at=self._clock())
            except NotSent as failure:
                if failure.server:  # not the message's fault: it is not counted as an attempt
                    return replace(question, fate=Fate.WAITING, said=failure.reason), failure.reason
                known = self._deliveries.failed(question.id, Channel.MAIL, str(failure), permanent=failure.permanent)
                fate = Fate.FAILED if known.state is DeliveryState.FAILED else Fate.WAITING
                return replace(question, fate=fate, said=known.said), ""
            self._deliveries.sent(question.id, Channel.MAIL)
            self._note(question, "mail")
        return replace(question, fate=Fate.SENT), ""

    def _drafted(self, question: Question, to: str, folder: Path) -> Question:
        if question.fate is Fate.NOTED:
            self._note(question, "mail")
            return question
        path = draft(self._letter(question, to), folder, question.provider.name)
        self._deliveries.drafted(question.id)
        self._note(question, "draft")
        return replace(question, fate=Fate.DRAFTED, said="", file=path)

    def _letter(self, question: Question, to: str) -> EmailMessage:
        return compose(self._settings, to, question.text, message_id=question.id, language=question.language)

    def _note(self, question: Question, way: str) -> None:
        """Each service is asked from now on, unless an answer came meanwhile."""
        source = f"{way} to {question.to}"
        asked = Answer(state=Dependency.ASKED, on=self._on, source=source, by=self._journal.actor)
        self._revise(question.services, lambda service: _asked(service, asked, self._on))

    def _note_silence(self, silent: Sequence[Service]) -> tuple[Service, ...]:
        source = "no answer to a question and a reminder"
        answer = Answer(state=Dependency.NO_ANSWER, on=self._on, source=source, by=self._journal.actor)
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
    """The id of a question: the same for the same services in the same state, to the same address. Letters alone."""
    states = [(s.id, s.unsettled_since, str(s.asked_on), str(s.reminded_on)) for s in services]
    digest = hashlib.sha256(json.dumps([realm, to, sorted(states)]).encode()).digest()
    return "".join(string.ascii_lowercase[octet % 26] for octet in digest[:26])
