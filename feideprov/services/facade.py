"""The services of one organization: the methods of `Client.services`, each of which uses a module of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from feideprov.errors import Refused
from feideprov.feide.organization import HostOrganization
from feideprov.journal.events import Debts
from feideprov.journal.journal import Journal
from feideprov.messages import Sentence
from feideprov.numbers import number_shaped
from feideprov.provision.pending import PendingUser
from feideprov.provision.plan.changes import Update
from feideprov.services.answers import SOURCE, AnswerRecorder, NewAnswer, RecordedAnswer, state_of
from feideprov.services.audience import after_updates
from feideprov.services.debts import Belongings, debts_of, warning
from feideprov.services.register.organizations import Organizations
from feideprov.services.register.register import Register
from feideprov.services.register.service import Basis, Dependency, Service
from feideprov.services.report.matrix import Matrix, matrix_of
from feideprov.services.report.situation import Situation, situation_of
from feideprov.settings import Settings

if TYPE_CHECKING:
    from feideprov.services.answer_list import AnswerListResult
    from feideprov.services.notice import Notice
    from feideprov.services.notice_sender import SendingReport
    from feideprov.services.notices import Notices
    from feideprov.services.outbox.templates import Language
    from feideprov.services.questions import QuestionsReport
    from feideprov.services.register.importing import Import
    from feideprov.services.sources import Kind


@dataclass
class Services:
    """The register of services, what providers were asked and answered, and the notices that they are owed.

    `on` is today's date; `pending` returns the users without a number, those who have waited longest first;
    `belongings` returns the schools and affiliations of all users. A program gets this object from `Client.services`.
    """

    settings: Settings
    organization: HostOrganization
    journal: Journal
    on: date
    pending: Callable[[], list[PendingUser]]
    belongings: Belongings

    @cached_property
    def register(self) -> Register:
        """All known services, in the journal's database."""
        return Register(self.journal)

    @property
    def _notices(self) -> Notices:
        from feideprov.services.notices import Notices

        return Notices(self.journal, self.register, self.on)

    def notices(self) -> list[Notice]:
        """Every notice to a provider, the oldest first. Those without an id are due and have not been gathered yet."""
        return self._notices.all()

    def notify(self, *, send: bool = False, drafts: Path | None = None) -> SendingReport:
        """Send the notices that are due, or save drafts of their mails in the folder `drafts`. With neither, nothing is
        sent or written.

        Raises ConfigurationError when neither mail server nor webhook is configured or a template cannot be used,
        JournalError when another run sends.
        """
        from feideprov.services.notice_sender import NoticeSender

        sender = NoticeSender(self.settings, self.journal, self._notices)
        if drafts is not None:
            return sender.draft(drafts)
        return sender.send() if send else sender.preview()

    def bounced(self, notice_id: str) -> Notice:
        """Write down that the mail of a notice came back. Raises Refused (S-NO-NOTICE, S-NOT-SENT)."""
        return self._notices.bounced(notice_id)

    def send_again(self, notice_id: str) -> Notice:
        """Make a notice due again that came back or was given up. Raises Refused (S-NO-NOTICE, S-IN-ORDER)."""
        return self._notices.again(notice_id)

    def all(self) -> list[Service]:
        """Every service in the register, in the order of their ids, including those that do not concern us."""
        return list(self.register)

    def import_(
        self,
        *paths: Path | str,
        kind: Kind | None = None,
        part: bool = False,
        org_id: str | None = None,
        certificate: Path | None = None,
    ) -> Import:
        """Import files of services into the register: Feide API, OIDC clients, SAML metadata, tables.

        `kind` is the kind of all the files; without it, each is recognized by its content. With `part` they are not the
        whole list of their source, so no service is gone because it is not in them. `org_id` is the id of our own
        organization in the Feide API, if no list of organizations (`/2/org/`) has our realm; it is remembered.
        `certificate` is the file with the certificate of the signer of SAML metadata.

        Raises InputError, with file and place, when a file cannot be read; then nothing is written.
        """
        from feideprov.services.register.importing import Importer

        importer = Importer(self.register, Organizations(self.journal), self.organization, self.on)
        files = [Path(path) for path in paths]
        return importer.import_files(files, kind=kind, part=part, org_id=org_id, certificate=certificate)

    def answer(
        self,
        service: str,
        state: Dependency | str,
        *,
        source: str,
        on: date | None = None,
        since: date | None = None,
    ) -> RecordedAnswer:
        """Write down what a provider answered about a service (an id, or a name that no other one has).

        `state` is one of `Dependency`. `source` says where the answer comes from: a mail, a letter, a call; `on` is its
        day (default: today). A service that depends on the number is owed notices about what changed since it became
        unknown whether it does, or since the day `since`.

        Raises Refused, with the code, for an answer that cannot be written down.
        """
        return self.book.write([NewAnswer(service, state_of(state), on or self.on, source, since)])[0]

    def answers_from(self, path: Path | str, *, source: str = "") -> AnswerListResult:
        """Write down the answers in a CSV file (`docs/files.md`). `source` is used for rows that have none.

        Raises InputError when the file cannot be read.
        """
        from feideprov.services.answer_list import read_answer_list, record_answers

        return record_answers(self.book, read_answer_list(Path(path), on=self.on, source=source))

    def answer_for(
        self,
        provider: str,
        state: Dependency | str,
        *,
        source: str,
        on: date | None = None,
        since: date | None = None,
    ) -> list[RecordedAnswer]:
        """Write down one answer of a provider (its id or name) about all its services that concern us, as `answer`.

        Raises Refused as `answer`, and S-NO-PROVIDER when the provider has no such service.
        """
        meant = state_of(state)
        return self.book.write(
            [NewAnswer(one.id, meant, on or self.on, source, since) for one in self.register.of_provider(provider)]
        )

    def allow_names(self, service: str, basis: str, on: date) -> Service:
        """Allow Feide names in notices to this service, on this basis (the agreement in words, and its date). An empty
        basis forbids them again. Raises Refused as `answer`."""
        if number_shaped(basis):
            raise Refused(
                Sentence(
                    "The text that allows names (--allow-names) looks like an identity number. Write "
                    "it without the number."
                ),
                code=SOURCE,
            )
        one, allowed = self.register.called(service), Basis(text=basis, on=on) if basis.strip() else None
        return self.register.revise([one.id], lambda one: one.model_copy(update={"basis_for_names": allowed}))[0]

    @property
    def book(self) -> AnswerRecorder:
        """Writes answers down."""
        return AnswerRecorder(self.register, self.organization, self.on, self.belongings)

    def debts(self, updates: Sequence[Update] = ()) -> Debts | None:
        """The services that are owed a notice of a change of a number, now or after `updates`; None when none is.

        Call it inside `journal.run`, so that no answer comes between this and the change.
        """
        return debts_of(
            self.register.concerning_us(), self.organization, lambda: after_updates(self.belongings(), updates)
        )

    def warning(self) -> Sentence | None:
        """What to say before numbers change while providers have not answered; None when all have."""
        return warning(self.register.concerning_us())

    def matrix(self) -> Matrix:
        """The users without a number and the services that concern us: who has problems with which service."""
        return matrix_of(self.register, self.pending(), self.organization, self.on)

    def situation(self) -> Situation:
        """How far the organization has come with Feide's five steps: the content of the page."""
        services = self.all()
        matrix = matrix_of(services, self.pending(), self.organization, self.on)
        return situation_of(services, matrix, self.organization, self.notices(), self.journal)

    def page(self, language: str = "nb") -> str:
        """The situation as one HTML file that needs no other file, in bokmål (`nb`, and for `nn`) or English.

        Raises ConfigurationError where the extra `services` is not installed.
        """
        from feideprov.services.report.page import page

        return page(self.situation(), language)

    def ask(
        self,
        *,
        send: bool = False,
        drafts: Path | str | None = None,
        provider: str | None = None,
        language: Language | None = None,
    ) -> QuestionsReport:
        """The questions to providers that are due, one message each. Without `send` (by mail) or `drafts` (a folder)
        nothing is sent or written.

        `provider`, an id or a name, chooses one provider, and asks again although its time to answer is not over.
        Raises ConfigurationError when the mail server or a template cannot be used, InputError for drafts that cannot
        be written, Refused (S-NO-PROVIDER).
        """
        from feideprov.services.outbox.smtp import Smtp
        from feideprov.services.questions import Questions

        questions = Questions(
            self.settings, self.register, self.journal, on=self.on, provider=provider, language=language
        )
        if drafts is not None:
            return questions.draft(Path(drafts))
        if not send:
            return questions.due()
        with Smtp(self.settings) as server:
            return questions.send(server)
