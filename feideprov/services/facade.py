"""The services of one organization: the methods of `Client.services`, each of which uses a module of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from feideprov.feide.organization import HostOrganization
from feideprov.journal.events import Debts
from feideprov.journal.journal import Journal
from feideprov.messages import Language, Sentence
from feideprov.programs.calls import Calls, public
from feideprov.provision.pending import PendingUsers
from feideprov.provision.plan.changes import Change, Update
from feideprov.services.answers import AnswerRecorder, NewAnswer, RecordedAnswer, basis_of, state_of
from feideprov.services.audience import after_updates, used_by
from feideprov.services.debts import Belongings, debts_of, warning
from feideprov.services.register.organizations import Organizations
from feideprov.services.register.register import Register
from feideprov.services.register.service import Dependency, Service
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
    from feideprov.services.sources import Kind
    from feideprov.services.sources.importing import Import


@public
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
    pending: Callable[[], PendingUsers]
    belongings: Belongings
    calls: Calls

    @cached_property
    def register(self) -> Register:
        """All known services, in the journal's database."""
        return Register(self.journal)

    @property
    def _notices(self) -> Notices:
        from feideprov.services.notices import Notices

        return Notices(self.journal, self.register, self.on)

    def notices(self) -> list[Notice]:
        """All notices to providers.

        Returns: the notices, the oldest first. Those without an id are due and have not been gathered yet.

        Raises:
            JournalError: the journal cannot be read.
        """
        return self._notices.all()

    def notify(self, *, send: bool = False, drafts: Path | None = None) -> SendingReport:
        """Send the notices that are due, save drafts of their mails, or only show what is due.

        Parameters:
            send: send by mail server and webhook. Without it and without `drafts`, nothing is sent or written.
            drafts: a folder for the drafts (.eml), in place of sending.

        Returns: the report: each attempt with its result, and why a channel was stopped.

        Raises:
            ConfigurationError: no mail server and no webhook is configured, a setting or a template cannot be used, or
                the extra `services` is not installed.
            InputError: a draft cannot be written.
            JournalError: the journal cannot be used, or another run sends for more than 60 seconds.
        """
        from feideprov.services.notice_sender import NoticeSender

        sender = NoticeSender(self.settings, self.journal, self._notices)
        if drafts is not None:
            return sender.draft(drafts)
        return sender.send() if send else sender.preview()

    def bounced(self, notice_id: str) -> Notice:
        """Write down that the mail of a notice came back.

        Parameters:
            notice_id: the id of the notice, which is the reference in its mail.

        Returns: the notice as it is now.

        Raises:
            Refused: no notice has this id (S-NO-NOTICE), or it was not sent by mail (S-NOT-SENT).
            JournalError: the journal cannot be used.
        """
        return self._notices.bounced(notice_id)

    def send_again(self, notice_id: str) -> Notice:
        """Make a notice due now that came back, was given up, or waits for its next attempt.

        Parameters:
            notice_id: as for `bounced`.

        Returns: the notice as it is now.

        Raises:
            Refused: no notice has this id (S-NO-NOTICE), or it was sent and did not come back (S-IN-ORDER).
            JournalError: the journal cannot be used.
        """
        return self._notices.again(notice_id)

    def all(self) -> list[Service]:
        """Every service in the register, including those that do not concern us.

        Returns: the services, in the order of their ids.

        Raises:
            JournalError: the journal cannot be read.
        """
        return list(self.register)

    def import_(
        self,
        *paths: Path | str,
        kind: Kind | None = None,
        part: bool = False,
        org_id: str | None = None,
        certificate: Path | None = None,
        sheet: str | None = None,
    ) -> Import:
        """Import files of services into the register: Feide API, OIDC clients, SAML metadata, tables.

        Parameters:
            paths: the files.
            kind: the kind of all the files: `feide`, `oidc`, `saml` or `csv`; without it, the content of each decides.
            part: the files are not the whole list of their source, so no service is gone because it is not in them.
            org_id: our id in the Feide API, if no list of organizations (`/2/org/`) has our realm; it is remembered.
            certificate: the file with the certificate of the signer of SAML metadata.
            sheet: the sheet of each spreadsheet; without it, the one that has known headings.

        Returns: the import: which services are new, changed and gone, the refused rows, and notes.

        Raises:
            InputError: a file, `org_id` or `certificate` cannot be used; nothing was written.
            ConfigurationError: a file is SAML metadata, and the extra `saml` is not installed.
            JournalError: the journal cannot be used.
        """
        from feideprov.services.sources.importing import Importer

        importer = Importer(self.register, Organizations(self.journal), self.organization, self.on, certificate, sheet)
        return importer.import_files([*map(Path, paths)], kind=kind, part=part, org_id=org_id)

    def answer(
        self, service: str, state: Dependency | str, *, source: str, on: date | None = None, since: date | None = None
    ) -> RecordedAnswer:
        """Write down what a provider answered about a service.

        Parameters:
            service: the id of the service, or a name that no other service has.
            state: the answer: a `Dependency`, or a word for it in English or Norwegian, such as `can-serve`.
            source: where the answer comes from: a mail, a letter, a call.
            on: the day of the answer; without it, today.
            since: if the service depends on the number, it is owed notices of changes since this day (UTC); without it,
                since it became unknown whether it depends.

        Returns: the service as it is now, and how many notices it is owed.

        Raises:
            Refused: S-ANSWER, S-SOURCE, S-DATE, S-NO-SERVICE or S-TWO-SERVICES; nothing was written.
            ConfigurationError, DirectoryError: a service is for some users only, and the directory cannot be read.
            JournalError: the journal cannot be used.
        """
        return self.book.write([NewAnswer(service, state_of(state), on or self.on, source, since)])[0]

    def answers_from(self, path: Path | str, *, source: str = "") -> AnswerListResult:
        """Write down the answers in a CSV file.

        Parameters:
            path: the file (see docs/files.md).
            source: the source of the answers in rows that have none.

        Returns: the answers that were written down, the refused rows, and how many rows have no answer.

        Raises:
            InputError: the file cannot be read.
            ConfigurationError, DirectoryError, JournalError: as `answer`.
        """
        from feideprov.services.answer_list import read_answer_list, record_answers

        return record_answers(self.book, read_answer_list(Path(path), on=self.on, source=source))

    def answer_for(
        self, provider: str, state: Dependency | str, *, source: str, on: date | None = None, since: date | None = None
    ) -> list[RecordedAnswer]:
        """Write down one answer of a provider about all its services that concern us.

        Parameters:
            provider: the id or the name of the provider.
            state, source, on, since: as for `answer`.

        Returns: the answers that were written down, one for each service.

        Raises:
            Refused: S-NO-PROVIDER, S-ANSWER, S-SOURCE or S-DATE; nothing was written.
            ConfigurationError, DirectoryError, JournalError: as `answer`.
        """
        meant, services = state_of(state), self.register.of_provider(provider)
        return self.book.write([NewAnswer(one.id, meant, on or self.on, source, since) for one in services])

    def allow_names(self, service: str, basis: str, on: date) -> Service:
        """Allow Feide names in notices to a service, or forbid them again.

        Parameters:
            service: as for `answer`.
            basis: the agreement that allows it, in words; an empty text forbids it.
            on: the date of the agreement; notices before it have no names.

        Returns: the service as it is now.

        Raises:
            Refused: the text looks like an identity number (S-SOURCE), or S-NO-SERVICE or S-TWO-SERVICES.
            JournalError: the journal cannot be used.
        """
        allowed = basis_of(basis, on)
        one = [self.register.called(service).id]
        return self.register.revise(one, lambda one: one.model_copy(update={"basis_for_names": allowed}))[0]

    @property
    def book(self) -> AnswerRecorder:
        """Writes answers down."""
        return AnswerRecorder(self.register, self.organization, self.on, self.belongings)

    def debts(self, updates: Sequence[Update] = ()) -> Debts | None:
        """Which services are owed a notice of a change. Call it inside `journal.run`: no answer comes between.

        Parameters:
            updates: updates of users that are carried out together with the change; their new schools and roles count.

        Returns: a function from an event to ids of services, for `attach_d_number`; None when none is owed a notice.

        Raises:
            ConfigurationError, DirectoryError: a service is for some users only, and the directory cannot be read.
            JournalError: the journal cannot be read.
        """
        return debts_of(
            self.register.concerning_us(), self.organization, lambda: after_updates(self.belongings(), updates)
        )

    def warning(self, changes: Sequence[Change] = ()) -> Sentence | None:
        """What to say before numbers change while providers have not answered.

        Parameters:
            changes: only services that are for the users whose numbers they change count; without them, all services.

        Returns: the sentence; None when all these providers have answered.

        Raises:
            ConfigurationError, DirectoryError, JournalError: as `debts`.
        """
        services = used_by(self.register.unanswered(), changes, self.organization, self.belongings)
        return warning(services, self.on, self.settings.services.answer_days)

    def matrix(self) -> Matrix:
        """The users without a number and the services that concern us: who has problems with which service.

        Returns: the matrix of today.

        Raises:
            ConfigurationError, DirectoryError, JournalError: the directory or the journal cannot be read.
        """
        return matrix_of(self.register, self.pending(), self.organization, self.on)

    def situation(self) -> Situation:
        """How far the organization has come with Feide's five steps.

        Returns: the situation today, which is the content of the page.

        Raises:
            ConfigurationError, DirectoryError, JournalError: as `matrix`.
        """
        services = self.all()
        matrix = matrix_of(services, self.pending(), self.organization, self.on)
        return situation_of(services, matrix, self.organization, self.notices(), self.journal)

    def page(self, language: Language = "nb") -> str:
        """The situation as one HTML file that needs no other file.

        Parameters:
            language: `nb` for bokmål, `nn` for nynorsk, `en` for English.

        Returns: the HTML.

        Raises:
            ConfigurationError: the extra `services` is not installed, or as `matrix`.
            DirectoryError, JournalError: as `matrix`.
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
        """Send the questions to providers that are due, save drafts of them, or only show what is due.

        Parameters:
            send: send by mail. Without it and without `drafts`, nothing is sent or written.
            drafts: a folder for the drafts (.eml), in place of sending.
            provider: the id or the name of one provider, who is asked again although the time to answer is not over.
            language: `nb`, `nn` or `en`; without it, `[services] language`.

        Returns: the report: one message for each provider, with its result, and the services without an answer in time.

        Raises:
            ConfigurationError: the mail server or a template cannot be used, or the extra `services` is not installed.
            InputError: a draft cannot be written.
            Refused: the provider has no service that concerns us (S-NO-PROVIDER).
            JournalError: the journal cannot be used.
        """
        from feideprov.services.outbox.smtp import Smtp
        from feideprov.services.questions import Questions

        asking = Questions(self.settings, self.register, self.journal, on=self.on, provider=provider, language=language)
        if drafts is not None:
            return asking.draft(Path(drafts))
        if not send:
            return asking.due()
        with Smtp(self.settings) as server:
            return asking.send(server)
