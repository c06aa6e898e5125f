"""`feide.journal`: what a program may do with the journal."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from feideprov.client.context import Context
from feideprov.directory.protocol import NAME_ATTRIBUTE
from feideprov.found import Found
from feideprov.journal.events import Event, Kind
from feideprov.journal.held_rows import forget_held
from feideprov.journal.presence import READ, Presence
from feideprov.journal.users import KnownUsers
from feideprov.programs.calls import public

if TYPE_CHECKING:
    from feideprov.check.finding import Finding


@public
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

    def verify(self) -> Found[Finding]:
        """Compare the journal with the directory. Nothing is written, and no run has to end first.

        Returns: the differences, errors first. Its `users` is how many users the directory shows.

        Raises:
            DirectoryError: the directory cannot be read, or shows fewer than half of the users in the journal.
            JournalError: the journal cannot be read.
        """
        from feideprov.check.agreement import differences

        settings, journal = self._context.settings, self._context.existing_journal
        if journal is None:
            return Found(users=Presence.of(KnownUsers(), self._context.directory.having([NAME_ATTRIBUTE], READ)).users)
        found = differences(
            journal,
            self._context.directory,
            source_id_attribute=settings.directory.source_id_attribute,
            password=settings.login.by == "directory",
        )
        return Found(sorted(found, key=lambda one: one.order), users=found.users)

    def behind(self) -> str | None:
        """Why everything that writes stops: the journal is gone, is empty, or is older than when the last run ended.

        Returns: the sentence; None when nothing stops.

        Raises:
            ConfigurationError, JournalError: the key or the journal cannot be used.
        """
        return self._context.journal.why_not()

    def begin(self) -> None:
        """Go on with the journal as it is now, or begin a new one. Call it only when a person has decided so: what an
        older journal does not know is forgotten.

        Raises:
            ConfigurationError, JournalError: the key or the journal cannot be used.
        """
        self._context.journal.begin()

    def solved(self, listed: Path | str) -> int:
        """Write down that the held rows of a list were solved in another way, so that `Client.today` leaves them out.

        Parameters:
            listed: the path of the list, which need not be there any more.

        Returns: how many rows were held.

        Raises:
            JournalError: the journal cannot be used.
        """
        journal = self._context.existing_journal
        return forget_held(journal, Path(listed)) if journal else 0

    def gone(self, *, record: bool = False) -> Found[str]:
        """The users that are in the journal, but no longer in the directory.

        Parameters:
            record: write down that they were deleted from the directory on purpose. Then they are not missed any
                more, unless they are in the directory again. Their Feide names are still given to nobody else.

        Returns: their Feide names, without those that were recorded before. Its `users` is how many users the directory
            shows.

        Raises:
            DirectoryError, JournalError: the directory or the journal cannot be used.
        """
        from feideprov.check.agreement import missing_users

        journal = self._context.existing_journal
        if journal is None:
            return Found(users=self.verify().users)
        with journal.run() if record else nullcontext():
            missing = missing_users(journal, self._context.directory)
            if record:
                events = [Event(Kind.GONE, user.feide_name, user.entry) for user in missing]
                with journal.writing() as connection:
                    journal.record_observed(connection, events)
        return Found(sorted(user.feide_name for user in missing), users=missing.users)
