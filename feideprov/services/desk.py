"""The services of one organization: what `Client.services` does, each thing in a module of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from feideprov.feide.organization import HostOrganization
from feideprov.provision.journal import Journal
from feideprov.provision.pending import PendingUser
from feideprov.services.register import Register
from feideprov.services.service import Service
from feideprov.settings import Settings

if TYPE_CHECKING:
    from feideprov.services.courier import Round
    from feideprov.services.notice import Notice
    from feideprov.services.notices import Notices
    from feideprov.services.questions import Asked
    from feideprov.services.wording import Language


@dataclass
class Services:
    """The register of services, what providers were asked and answered, and the notices that they are owed.

    `on` is the day that is reckoned from; `pending` gives the users without a number, those who have waited longest
    first. A program has this from `Client.services`.
    """

    settings: Settings
    organization: HostOrganization
    journal: Journal
    on: date
    pending: Callable[[], list[PendingUser]]

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
        from feideprov.services.courier import Courier

        courier = Courier(self.settings, self.journal, self._notices)
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
        from feideprov.services.mail import Smtp
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
