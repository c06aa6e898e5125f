"""The services of one organization: what `Client.services` does, each thing in a module of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from feideprov.errors import Refused, scrub
from feideprov.feide.organization import HostOrganization
from feideprov.journal.events import Debts
from feideprov.journal.journal import Journal
from feideprov.numbers import number_shaped
from feideprov.provision.pending import PendingUser
from feideprov.provision.plan.changes import Update
from feideprov.services.answers import AnswerBook, Answered, Given, state_of
from feideprov.services.audience import moved
from feideprov.services.debts import Belongings, debts_of, warning
from feideprov.services.register.organizations import Organizations
from feideprov.services.register.register import Register
from feideprov.services.register.service import Basis, Dependency, Service
from feideprov.services.report.matrix import Matrix, matrix_of
from feideprov.services.report.situation import Situation, situation_of
from feideprov.settings import Settings

if TYPE_CHECKING:
    from feideprov.services.answer_list import ListAnswered
    from feideprov.services.notice import Notice
    from feideprov.services.notice_sender import Round
    from feideprov.services.notices import Notices
    from feideprov.services.outbox.templates import Language
    from feideprov.services.questions import Asked
    from feideprov.services.register.importing import Import
    from feideprov.services.sources import Kind


@dataclass
class Services:
    """The register of services, what providers were asked and answered, and the notices that they are owed.

    `on` is the day that is reckoned from; `pending` gives the users without a number, those who have waited longest
    first; `belongings` the schools and affiliations of all users. A program has this from `Client.services`.
    """

    settings: Settings
    organization: HostOrganization
    journal: Journal
    on: date
    pending: Callable[[], list[PendingUser]]
    belongings: Belongings

    @cached_property
    def register(self) -> Register:
        """All that is known of services, written down in the journal's database."""
        return Register(self.journal)

    @property
    def _notices(self) -> Notices:
        from feideprov.services.notices import Notices

        return Notices(self.journal, self.register, self.on)

    def notices(self) -> list[Notice]:
        """Every notice to a provider, the oldest first; those without an id are due and have not been begun."""
        return self._notices.all()

    def notify(self, *, send: bool = False, drafts: Path | None = None) -> Round:
        """Send the notices that are due, or make drafts of their mails in a folder; with neither, only look.

        Raises ConfigurationError when there is no way to send by or a template cannot be used, JournalError when
        another run sends.
        """
        from feideprov.services.notice_sender import NoticeSender

        courier = NoticeSender(self.settings, self.journal, self._notices)
        if drafts is not None:
            return courier.draft(drafts)
        return courier.send() if send else courier.look()

    def bounced(self, notice_id: str) -> Notice:
        """Write down that the mail of a notice came back. Raises Refused (S-NO-NOTICE, S-NOT-SENT)."""
        return self._notices.bounced(notice_id)

    def send_again(self, notice_id: str) -> Notice:
        """Let a notice that came back or was given up be due again. Raises Refused (S-NO-NOTICE, S-IN-ORDER)."""
        return self._notices.again(notice_id)

    def all(self) -> list[Service]:
        """Every service in the register, in the order of their ids: those too that do not concern us."""
        return list(self.register)

    def import_(
        self,
        *paths: Path | str,
        kind: Kind | None = None,
        part: bool = False,
        org_id: str | None = None,
        certificate: Path | None = None,
    ) -> Import:
        """Take files of services into the register: Feide API, OIDC clients, SAML metadata, tables.

        `kind` says what they all are; without it each is seen by its content. With `part` they are not the whole list
        of their source, so nothing is gone because they lack it. `org_id` is the id of our own organization in the
        Feide API, where no list of organizations (`/2/org/`) tells it by our realm; it is remembered. `certificate` is
        that of the one who signs SAML metadata.

        Raises InputError, with file and place, and nothing is written when a file cannot be read.
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
    ) -> Answered:
        """Write down what a provider answered about a service (an id, or a name that no other one has).

        `state` is one of `Dependency`. `source` says where the answer comes from: a mail, a letter, a call; `on` when
        it was given (default: today). A service that depends is from now on owed notices about what changed since it
        became unknown whether it does, or since the day `since`.

        Raises Refused, with the code, for an answer that cannot be written down.
        """
        return self.book.write([Given(service, state_of(state), on or self.on, source, since)])[0]

    def answers_from(self, path: Path | str, *, source: str = "") -> ListAnswered:
        """Write down the answers in a CSV file (`docs/files.md`). `source` is that of rows that name none.

        Raises InputError when the file cannot be read.
        """
        from feideprov.services.answer_list import read_answer_list, take_answers

        return take_answers(self.book, read_answer_list(Path(path), on=self.on, source=source))

    def answer_for(
        self,
        provider: str,
        state: Dependency | str,
        *,
        source: str,
        on: date | None = None,
        since: date | None = None,
    ) -> list[Answered]:
        """Write down one answer of a provider (its id or name) about all its services that concern us, as `answer`.

        Raises Refused as `answer`, and S-NO-PROVIDER where none of them is of that provider.
        """
        meant = state_of(state)
        theirs = [one.id for one in self.register.concerning_us() if one.provider.is_called(provider)]
        if not theirs:
            sentence = f"No service that concerns us is of {scrub(provider)}. See: feideprov services list"
            raise Refused(sentence, code="S-NO-PROVIDER")
        return self.book.write([Given(one, meant, on or self.on, source, since) for one in theirs])

    def allow_names(self, service: str, basis: str, on: date) -> Service:
        """Let notices to this service hold Feide names, on this basis (the agreement in words, and its date). An empty
        basis takes that back. Raises Refused as `answer`."""
        if number_shaped(basis):
            raise Refused("The basis holds what may be an identity number. Leave it out.", code="S-SOURCE")
        one, allowed = self.register.called(service), Basis(text=basis, on=on) if basis.strip() else None
        return self.register.revise([one.id], lambda one: one.model_copy(update={"basis_for_names": allowed}))[0]

    @property
    def book(self) -> AnswerBook:
        """Where answers are written down."""
        return AnswerBook(self.register, self.organization, self.on, self.belongings)

    def debts(self, updates: Sequence[Update] = ()) -> Debts | None:
        """The services that are owed a notice of a change of a number, as things stand now or, with `updates`, once
        these are carried out; None where none is.

        Ask inside `journal.run`, so that no answer comes between this and the change.
        """
        return debts_of(self.register.concerning_us(), self.organization, lambda: moved(self.belongings(), updates))

    def warning(self) -> str | None:
        """What there is to say before numbers change while providers have not answered; None when all have."""
        return warning(self.register.concerning_us())

    def matrix(self) -> Matrix:
        """The users without a number and the services that concern us: who meets trouble where."""
        return matrix_of(self.register, self.pending(), self.organization, self.on)

    def situation(self) -> Situation:
        """Where the organization stands with Feide's five steps: what the page tells."""
        services = self.all()
        matrix = matrix_of(services, self.pending(), self.organization, self.on)
        return situation_of(services, matrix, self.organization, self.notices(), self.journal)

    def page(self, language: str = "nb") -> str:
        """The situation as one HTML file that needs nothing beside it, in bokmål (`nb`, and for `nn`) or English.

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
    ) -> Asked:
        """The questions to providers whose turn it is, one message each. Without `send` (by mail) or `drafts` (a
        folder) nothing is sent and nothing written down.

        `provider`, an id or a name, picks one, and asks it again although its time to answer is not over. Raises
        ConfigurationError when the mail server or a template cannot be used, InputError for drafts that cannot be
        written, Refused (S-NO-PROVIDER).
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
