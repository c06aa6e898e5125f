"""`feide.passwords`: the first passwords that are to be handed over, or were."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from feideprov.client.context import Context
from feideprov.errors import ConfigurationError, JournalError
from feideprov.journal.events import OPEN
from feideprov.messages import Sentence
from feideprov.programs.calls import public
from feideprov.provision.plan.plan import Outcome
from feideprov.provision.run.handover import HandoverFile
from feideprov.provision.run.handover_row import HandoverRow, erased_in_time


@public
class Passwords:
    """The rows of the hand-over files. With a sink of a program, or with Entra, there are none."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def rows(self) -> Sequence[HandoverRow]:
        """The users whose first passwords are to be handed over, or were.

        Returns: the rows, in the order of the files.

        Raises:
            JournalError: a file cannot be read.
        """
        file = self._file
        return file.rows() if file is not None else ()

    def given(self, users: Collection[str], *, on: date | None = None) -> Sequence[str]:
        """Note that users were given their first passwords: these are erased in the hand-over file, and the rows stay.

        Parameters:
            users: Feide names.
            on: the day; without it, today.

        Returns: the users whose passwords were erased. A user whose password an interrupted run has set is left out:
            the next run finds out whether it works.

        Raises:
            ConfigurationError: a program takes the passwords, or users log in with Entra; or the mode is watch.
            JournalError: a file cannot be written.
        """
        self._context.require_write_mode()
        file = self._file
        if file is None:
            raise ConfigurationError(
                Sentence("There is no hand-over file: passwords are kept in another system. Note them as given there.")
            )
        with self._context.journal.run():
            return file.given(set(users) - self._in_doubt(), on or self._context.on)

    def erase_old(self) -> Sequence[str]:
        """Erase the first passwords that nobody has noted as given after the days of `[journal] handover_days`. Every
        run that writes does it.

        Returns: the users whose passwords were erased; `users.password` makes new ones.

        Raises:
            JournalError: a file cannot be written.
        """
        if (file := self._file) is None or not file.old(self._days):
            return ()
        return file.erase_old(self._days, but=self._in_doubt())

    @property
    def _days(self) -> int:
        return self._context.settings.journal.handover_days

    @property
    def _file(self) -> HandoverFile | None:
        sink = self._context.password_sink
        return sink if isinstance(sink, HandoverFile) else None

    def _in_doubt(self) -> set[str]:
        """Users with a change that was interrupted: the recovery needs the password of the row."""
        journal = self._context.existing_journal
        return {event.feide_name for event in journal.events(state=OPEN)} if journal is not None else set()


def with_old_erased(context: Context, outcome: Outcome) -> Outcome:
    """The outcome of a run, after it has erased old first passwords. That the hand-over file cannot be used is only a
    warning: the run may not have needed it."""
    days = context.settings.journal.handover_days
    sink = context.password_sink
    if not isinstance(sink, HandoverFile):
        return outcome
    try:
        old = sink.old(days)
    except JournalError as error:
        return replace(outcome, warnings=(*outcome.warnings, error.sentence))
    users = Passwords(context).erase_old() if old else ()
    return replace(outcome, warnings=(*outcome.warnings, erased_in_time(len(users), days))) if users else outcome
