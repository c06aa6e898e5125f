"""`feide.journal`: what a program may do with the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feideprov.client.context import Context
from feideprov.journal.events import Event

if TYPE_CHECKING:
    from feideprov.check.finding import Finding


class ChangeLog:
    """The journal, to read. What is written there is written by the changes themselves."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def events(self) -> list[Event]:
        """Everything that was done, in order; `Client.users.history` has the events of one user.

        Returns: the events; empty when there is no journal yet.

        Raises:
            JournalError: the journal cannot be read.
        """
        journal = self._context.existing_journal
        return journal.events() if journal else []

    def is_about(self, event: Event, number_text: str) -> bool:
        """Whether an event, and the evidence in it, is about this number.

        The journal holds no numbers, only marks of them made with the organization's key.

        Parameters:
            event: an event of this journal.
            number_text: the number, as text.

        Returns: True when the number is the one that the event is about, or the one that it replaced.

        Raises:
            ConfigurationError, JournalError: the key or the journal cannot be used.
        """
        return self._context.journal.key.of_number(number_text) in (event.number_mark, event.old_number_mark)

    def verify(self) -> list[Finding]:
        """Compare the journal with the directory. Nothing is written, and no run has to end first.

        Returns: the differences, errors first.

        Raises:
            DirectoryError, JournalError: the directory or the journal cannot be read.
        """
        from feideprov.check.agreement import differences

        settings, journal = self._context.settings, self._context.existing_journal
        if journal is None:
            return []
        found = differences(
            journal,
            self._context.directory,
            source_id_attribute=settings.directory.source_id_attribute,
            password=settings.login.by == "directory",
        )
        return sorted(found, key=lambda one: one.order)
