"""Sends changes to the directory: one stream of writes, recorded in the journal a batch at a time.

The intentions of a batch are on disk before its first write is sent. The directory reads the writes from a generator,
so the server works while the journal is written.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol

from feideprov.directory.entry import Add, Write, WriteResult
from feideprov.directory.protocol import Directory
from feideprov.directory.result_code import LIMITS, TEMPORARY, ResultCode, is_unclear
from feideprov.directory.second_look import carried_out, was_done
from feideprov.errors import DirectoryError, FeideProvError, JournalError
from feideprov.feide.initial_password import InitialPassword
from feideprov.journal.journal import Journal, State
from feideprov.messages import Sentence
from feideprov.provision.plan.changes import (
    Create,
    WithPassword,
    Writable,
)
from feideprov.provision.plan.login_changes import Close, Rename
from feideprov.provision.run.intention import intention
from feideprov.provision.run.password_hashes import StoredPasswords
from feideprov.provision.run.password_sink import FirstPassword, PasswordSink

BATCH = 256
"""Changes in one commit of the journal. A commit waits for the disk, some 5 ms, in which a server creates 20 users."""
GIVE_UP_AFTER = 20
"""After this many refusals in a row with one code that is not about the entry, nothing more is sent."""
_OF_THE_SERVER = {
    *(*LIMITS, *TEMPORARY, ResultCode.STRONGER_AUTH_REQUIRED, ResultCode.REFERRAL),
    *(ResultCode.INSUFFICIENT_ACCESS_RIGHTS, ResultCode.UNWILLING_TO_PERFORM, ResultCode.OTHER),
}
"""Codes that are about the server or the account: limits, rights, referral, busy, unavailable, unwilling, other (such
as a full database)."""
_PROGRESS_EVERY = 16
_RESPONDED = (State.REFUSED, State.NOT_DONE, State.WRITTEN)
"""The states of changes that the directory has responded to, in the order in which they are recorded."""


class Stop(Protocol):
    """Says whether to stop, as a threading.Event does."""

    def is_set(self) -> bool:
        """Should nothing more be sent?"""


Progress = Callable[[int, int], None]
"""Called with the number of changes that the directory has responded to, and the number of all changes."""


@dataclass
class RepeatedRefusal:
    """Refusals in a row with the same code. `first` is the first change that was refused."""

    error: DirectoryError
    first: Writable
    count: int = 1


@dataclass
class Writer:
    """Sends the changes of one run. `refused` is called for each change that the directory refused."""

    directory: Directory
    journal: Journal
    handover: PasswordSink | None
    refused: Callable[[Writable, DirectoryError], None]
    progress: Progress | None = None
    stop: Stop | None = None
    batch: int = field(default_factory=lambda: BATCH)

    written: list[Intended] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    not_made: set[str] = field(default_factory=set)
    """Users whose rows in the hand-over file are to be removed: it is certain that they were not made."""
    total: int = 0
    processed: int = 0
    """How many changes have a response."""

    _unsent: Iterator[Intended] = field(default_factory=lambda: iter(()))
    _all_sent: bool = False
    _sent: deque[Intended] = field(default_factory=deque)
    """Sent, without a response yet."""
    _half_renamed: list[Intended] = field(default_factory=list)
    _unrecorded: dict[State, list[int]] = field(default_factory=lambda: {state: [] for state in _RESPONDED})
    """Ids of events, by the state that they have now."""
    _repeated: RepeatedRefusal | None = None
    _failure: FeideProvError | None = None
    _first_login: tuple[Writable, str] | None = None
    """A change that has set a password, and the password."""
    _login_confirmed: bool = False

    @property
    def has_sent(self) -> bool:
        """Was a write sent, so that something may have been written?"""
        return bool(self.processed or self._sent)

    @property
    def halted(self) -> bool:
        """Is nothing more sent, because the run was stopped, or because the directory refuses everything?"""
        stopped = self.stop is not None and self.stop.is_set()
        return stopped or self._failure is not None or self.last_refusals is not None

    @property
    def last_refusals(self) -> RepeatedRefusal | None:
        """The refusals that show that the directory now refuses everything."""
        repeated = self._repeated
        return repeated if repeated is not None and repeated.count >= GIVE_UP_AFTER else None

    @property
    def refused_all(self) -> RepeatedRefusal | None:
        """The same after everything was sent: also when fewer changes were sent, and the directory refused all of
        them."""
        repeated = self._repeated
        everything = repeated is not None and repeated.count == self.processed > 1
        return repeated if everything else self.last_refusals

    def carry_out(self, changes: Sequence[Writable]) -> None:
        """Send these changes. If there are first passwords among them, all intentions are recorded first, then all rows
        of the hand-over file are written, then the first write is sent: after a crash, the next run knows from the
        journal which rows belong to users that were never made.

        Raises DirectoryError or JournalError when either fails; what is known by then is in the journal.
        """
        self.total += len(changes)
        self._unsent, self._all_sent = self._intended(changes), False
        creates: list[Create] = []
        if any(first_password(change) is not None for change in changes):
            intended = list(self._unsent)  # fewer than were planned, if the run is stopped
            self._write_handover(change for _, change in intended)
            creates = [change for _, change in intended if isinstance(change, Create) and change.initial_password]
            self._unsent = iter(intended)
        with StoredPasswords(self.directory, creates) as stored:
            while not self._all_sent and not self.halted:
                self._send(stored)
        self._leave_rest()
        if self.progress is not None:
            self.progress(self.processed, self.total)

    def remove_rows(self) -> None:
        """Remove the rows of the hand-over file of users that were not made. When that is unknown, the row stays until
        the next run finds out."""
        if self.handover is not None:
            self.handover.remove(self.not_made)
        self.not_made.clear()

    def _intended(self, changes: Sequence[Writable]) -> Iterator[Intended]:
        for start in range(0, len(changes), self.batch):
            if self.halted:
                return
            some = changes[start : start + self.batch]
            yield from zip(self.journal.intend([intention(c, self.journal.key) for c in some]), some, strict=True)

    def _write_handover(self, changes: Iterable[Writable]) -> None:
        if self.handover is not None:
            self.handover.add(_handed_over(c) for c in changes if isinstance(c, WithPassword) and c.initial_password)

    def _send(self, stored: StoredPasswords) -> None:
        self._sent.clear()
        try:
            for written in self.directory.write(self._writes(stored)):
                error = self._error_of(written)
                self._processed(self._sent.popleft(), error)
                if max(map(len, self._unrecorded.values())) >= self.batch:
                    self._record_or_halt()
            for one in self._half_renamed:
                self._note_result(one, self._finish_rename(one[1]))
            self._half_renamed.clear()
        except BaseException:
            with suppress(JournalError):  # the first error is the one to report
                self._record()
            raise
        if self._failure is not None:
            with suppress(JournalError):
                self._record()
            raise self._failure
        self._record()
        self._confirm_login()

    def _writes(self, stored: StoredPasswords) -> Iterator[Write]:
        """Until a login has shown that the server verifies the passwords that we store, the writes end after the first
        new one, so that no others must be corrected. An error here ends the writes too, so that the responses to those
        that were sent are still received."""
        while not self.halted:
            try:
                one = next(self._unsent, None)
                if one is None:
                    self._all_sent = True
                    return
                change, unconfirmed = one[1], self.directory.login_needs_proof and not self._login_confirmed
                if isinstance(change, Create):
                    write: Write = change.write((stored.now if unconfirmed else stored.of)(change))
                else:
                    write = change.write()
            except FeideProvError as error:
                self._failure = error
                return
            self._sent.append(one)
            yield write
            if unconfirmed and first_password(change) is not None:
                return

    def _error_of(self, written: WriteResult) -> DirectoryError | None:
        """The error of a write; None also when the directory shows that the write was carried out all the same. Raises
        DirectoryError when that cannot be found out: the change stays open, and the next run finds out."""
        password = first_password(self._sent[0][1]) if isinstance(written.write, Add) else None
        done = was_done(self.directory, written.write, written.error, password.reveal() if password else None)
        return None if done else written.error

    def _processed(self, one: Intended, error: DirectoryError | None) -> None:
        self.processed += 1
        if self.progress is not None and self.processed % _PROGRESS_EVERY == 0:
            self.progress(self.processed, self.total)
        if error is None and isinstance(one[1], Rename):
            self._half_renamed.append(one)
        else:
            self._note_result(one, error)

    def _note_result(self, one: Intended, error: DirectoryError | None) -> None:
        event_id, change = one
        if error is None or (isinstance(change, Close) and change.is_done_despite(error.code)):
            self.written.append(one)
            self._unrecorded[State.WRITTEN].append(event_id)
            self._repeated = None
            if self._first_login is None and (password := first_password(change)) is not None:
                self._first_login = change, password.reveal()
            return
        # a write that may still arrive is looked for in the next runs
        self._unrecorded[State.NOT_DONE if is_unclear(error.code) else State.REFUSED].append(event_id)
        if isinstance(change, WithPassword):
            self.not_made.add(change.feide_name)
        self._count_repeated(change, error)
        self.refused(change, error)

    def _count_repeated(self, change: Writable, error: DirectoryError) -> None:
        if error.code not in _OF_THE_SERVER:
            self._repeated = None
        elif self._repeated is not None and self._repeated.error.code == error.code:
            self._repeated.count += 1
        else:
            self._repeated = RepeatedRefusal(error, change)

    def _finish_rename(self, change: Writable) -> DirectoryError | None:
        """The second write of a rename. If the directory refuses it, the first is undone; if that fails too, the run
        ends, and the next one continues from there."""
        assert isinstance(change, Rename)  # noqa: S101 - no other change has two writes
        for written in carried_out(self.directory, change.second_write()):
            if written.error is not None:
                for back in carried_out(self.directory, [change.take_back()]):
                    if back.error is not None:
                        raise back.error
                return written.error
        return None

    def _record_or_halt(self) -> None:
        try:
            self._record()
        except JournalError as error:
            self._failure = error

    def _record(self) -> None:
        """Rows are removed first: a crash in between must leave an intention that the next run checks, not a row that
        it does not know of."""
        self.remove_rows()
        for state, ids in self._unrecorded.items():
            self.journal.advance(ids, state)
            ids.clear()

    def _leave_rest(self) -> None:
        """Record that what was intended and has not been sent is not done."""
        if self.halted:
            rest = list(self._unsent)
            self.not_made.update(change.feide_name for _, change in rest if isinstance(change, WithPassword))
            self.remove_rows()
            self.journal.advance((event_id for event_id, _ in rest), State.NOT_DONE)

    def _confirm_login(self) -> None:
        """Once in a run: does the server accept the password that a user was given?"""
        if self._login_confirmed or self._first_login is None:
            return
        change, password = self._first_login
        self._login_confirmed = True
        if not self.directory.confirm_login(change.dn, password):
            self.warnings.append(
                Sentence(
                    "{user} could not log in to the directory with the new password. Check that users have "
                    "the right to bind (access rules for userPassword, password policies).",
                    user=change.feide_name,
                )
            )


def _handed_over(change: WithPassword) -> FirstPassword:
    """What goes to the hand-over file: of a protected person, of whom `at_school` is empty, no name and no school."""
    assert change.initial_password is not None  # noqa: S101 - only changes with a password get here
    at, password = change.at_school, change.initial_password.reveal()
    school = change.school if at.unit else ""
    return FirstPassword(
        change.feide_name, change.name_to_show, school, password, at.group, at.grade, at.language, at.unit
    )


Intended = tuple[int, Writable]
"""A change and the id of its event in the journal."""


def first_password(change: Writable) -> InitialPassword | None:
    """The first password that a change sets, if any."""
    return change.initial_password if isinstance(change, WithPassword) else None
