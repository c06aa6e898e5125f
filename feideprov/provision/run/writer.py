"""Changes on their way to the directory: one stream of writes, recorded in the journal a batch at a time.

The intentions of a batch are on disk before its first write is handed out. The directory takes the writes as it has
room for them, so the server works on while the journal is written.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol

from feideprov.directory.entry import Write
from feideprov.directory.protocol import Directory
from feideprov.directory.result_code import LIMITS, TEMPORARY, ResultCode
from feideprov.errors import DirectoryError, FeideProvError, JournalError
from feideprov.feide.initial_password import InitialPassword
from feideprov.journal.journal import Event, Journal, State
from feideprov.journal.keys import MarkKey
from feideprov.numbers import NumberText
from feideprov.provision.plan.changes import Attach, Change, Create, Protect, Replace, Withdraw, WithPassword, Writable
from feideprov.provision.plan.login_changes import Close, Rename
from feideprov.provision.run.handover import FirstPassword, HandoverFile, NoHandover
from feideprov.provision.run.password_hashes import StoredPasswords

BATCH = 256
"""Changes in one commit of the journal, which waits for the disk: some 5 ms, in which a server makes 20 users."""
ALIKE = 20
"""So many refusals in a row, of the same kind and about no entry of its own: the directory takes nothing any more."""
_OF_THE_SERVER = {
    *(*LIMITS, *TEMPORARY, ResultCode.STRONGER_AUTH_REQUIRED, ResultCode.REFERRAL),
    *(ResultCode.INSUFFICIENT_ACCESS_RIGHTS, ResultCode.UNWILLING_TO_PERFORM, ResultCode.OTHER),
}
"""Codes that speak of the server or the account: limits, rights, referral, busy, unavailable, unwilling, other (as for
a full database)."""
_TOLD_EVERY = 16


class Stop(Protocol):
    """Says whether to stop: a threading.Event does."""

    def is_set(self) -> bool:
        """Is nothing more to be sent?"""


Progress = Callable[[int, int], None]
"""Is told how many changes the directory has answered, and of how many."""


@dataclass
class Alike:
    """Refusals in a row with the same code. `first` is the first change that was refused so."""

    error: DirectoryError
    first: Writable
    count: int = 1


@dataclass
class Writer:
    """All that one run sends. `refused` is told of each change that the directory would not make."""

    directory: Directory
    journal: Journal
    handover: HandoverFile | NoHandover | None
    refused: Callable[[Writable, DirectoryError], None]
    progress: Progress | None = None
    stop: Stop | None = None
    batch: int = field(default_factory=lambda: BATCH)

    written: list[Intended] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    not_made: set[str] = field(default_factory=set)
    """Users whose hand-over rows are to go: they were certainly not made."""
    total: int = 0
    answered: int = 0

    _left: Iterator[Intended] = field(default_factory=lambda: iter(()))
    _drained: bool = False
    _under_way: deque[Intended] = field(default_factory=deque)
    _half_done: list[Intended] = field(default_factory=list)
    _unrecorded: tuple[list[int], list[int]] = field(default_factory=lambda: ([], []))
    _alike: Alike | None = None
    _broke: FeideProvError | None = None
    _proof: tuple[Writable, str] | None = None
    _login_confirmed: bool = False

    @property
    def halted(self) -> bool:
        """Is nothing more sent, because somebody stops the run, or because it is of no use?"""
        return self._broke is not None or self.given_up is not None or (self.stop is not None and self.stop.is_set())

    @property
    def given_up(self) -> Alike | None:
        """The refusals that show that the directory takes nothing any more."""
        alike = self._alike
        return alike if alike is not None and alike.count >= ALIKE else None

    @property
    def refused_all(self) -> Alike | None:
        """The same when all was sent: also where the directory refused everything, however little that was."""
        alike = self._alike
        everything = alike is not None and alike.count == self.answered > 1
        return alike if everything else self.given_up

    def carry_out(self, changes: Sequence[Writable]) -> None:
        """Send these changes. With first passwords among them, all intentions come first, then all hand-over rows, then
        the first write: whatever a crash leaves behind, the next run can tell from the journal which rows belong to
        users that were never made.

        Raises DirectoryError or JournalError when either breaks off; what is known by then is in the journal.
        """
        self.total += len(changes)
        self._left, self._drained = self._intended(changes), False
        creates: list[Create] = []
        if any(first_password(change) is not None for change in changes):
            intended = list(self._left)  # fewer than were planned, where the run is stopped
            self._hand_over(change for _, change in intended)
            creates = [change for _, change in intended if isinstance(change, Create) and change.initial_password]
            self._left = iter(intended)
        with StoredPasswords(self.directory, creates) as stored:
            while not self._drained and not self.halted:
                self._send(stored)
        self._leave_the_rest()
        if self.progress is not None:
            self.progress(self.answered, self.total)

    def forget_rows(self) -> None:
        """Take away the hand-over rows of users that were not made. What is unknown keeps its row until the next run
        knows."""
        if self.handover is not None:
            self.handover.remove(self.not_made)
        self.not_made.clear()

    def _intended(self, changes: Sequence[Writable]) -> Iterator[Intended]:
        for start in range(0, len(changes), self.batch):
            if self.halted:
                return
            some = changes[start : start + self.batch]
            yield from zip(self.journal.intend([intention(c, self.journal.key) for c in some]), some, strict=True)

    def _hand_over(self, changes: Iterable[Writable]) -> None:
        if self.handover is not None:
            self.handover.add(
                FirstPassword(c.feide_name, c.name_to_show, c.school, c.initial_password.reveal())
                for c in changes
                if isinstance(c, WithPassword) and c.initial_password
            )

    def _send(self, stored: StoredPasswords) -> None:
        self._under_way.clear()
        try:
            for written in self.directory.write(self._writes(stored)):
                self._answered(self._under_way.popleft(), written.error)
                if max(map(len, self._unrecorded)) >= self.batch:
                    self._record_or_halt()
            for one in self._half_done:
                self._settle(one, self._follow(one[1]))
            self._half_done.clear()
        except BaseException:
            with suppress(JournalError):  # the first error is the one to tell
                self._record()
            raise
        if self._broke is not None:
            with suppress(JournalError):
                self._record()
            raise self._broke
        self._record()
        self._confirm_login()

    def _writes(self, stored: StoredPasswords) -> Iterator[Write]:
        """Until a login has shown that the server verifies the passwords we store, the writes end with the first new
        one: there are no others to make good afterwards. What breaks here ends the writes too, so that what became of
        those that are under way is still heard."""
        while not self.halted:
            try:
                one = next(self._left, None)
                if one is None:
                    self._drained = True
                    return
                change, unproved = one[1], self.directory.login_needs_proof and not self._login_confirmed
                if isinstance(change, Create):
                    write: Write = change.write((stored.now if unproved else stored.of)(change))
                else:
                    write = change.write()
            except FeideProvError as error:
                self._broke = error
                return
            self._under_way.append(one)
            yield write
            if unproved and first_password(change) is not None:
                return

    def _answered(self, one: Intended, error: DirectoryError | None) -> None:
        self.answered += 1
        if self.progress is not None and self.answered % _TOLD_EVERY == 0:
            self.progress(self.answered, self.total)
        if error is None and isinstance(one[1], Rename):
            self._half_done.append(one)
        else:
            self._settle(one, error)

    def _settle(self, one: Intended, error: DirectoryError | None) -> None:
        event_id, change = one
        done, refused = self._unrecorded
        if error is None or (isinstance(change, Close) and change.is_done_all_the_same(error.code)):
            self.written.append(one)
            done.append(event_id)
            self._alike = None
            if self._proof is None and (password := first_password(change)) is not None:
                self._proof = change, password.reveal()
            return
        refused.append(event_id)
        if isinstance(change, WithPassword):
            self.not_made.add(change.feide_name)
        self._count_alike(change, error)
        self.refused(change, error)

    def _count_alike(self, change: Writable, error: DirectoryError) -> None:
        if error.code not in _OF_THE_SERVER:
            self._alike = None
        elif self._alike is not None and self._alike.error.code == error.code:
            self._alike.count += 1
        else:
            self._alike = Alike(error, change)

    def _follow(self, change: Writable) -> DirectoryError | None:
        """The second write of a rename. Where the directory refuses it, the first is taken back; where not even that
        succeeds, the run breaks off, and the next one goes on from there."""
        assert isinstance(change, Rename)  # noqa: S101 - no other change is half done
        for written in self.directory.write(change.follow()):
            if written.error is not None:
                for back in self.directory.write([change.take_back()]):
                    if back.error is not None:
                        raise back.error
                return written.error
        return None

    def _record_or_halt(self) -> None:
        try:
            self._record()
        except JournalError as error:
            self._broke = error

    def _record(self) -> None:
        """Rows go first: a crash in between must leave an intention that the next run looks up, not a row that nobody
        knows of."""
        done, refused = self._unrecorded
        self.forget_rows()
        for ids, state in ((refused, State.REFUSED), (done, State.WRITTEN)):
            self.journal.advance(ids, state)
            ids.clear()

    def _leave_the_rest(self) -> None:
        """What was intended and is not sent after all."""
        if self.halted:
            rest = list(self._left)
            self.not_made.update(change.feide_name for _, change in rest if isinstance(change, WithPassword))
            self.forget_rows()
            self.journal.advance((event_id for event_id, _ in rest), State.NOT_DONE)

    def _confirm_login(self) -> None:
        """Once in a run: does the server let a new user in with the password it was given?"""
        if self._login_confirmed or self._proof is None:
            return
        change, password = self._proof
        self._login_confirmed = True
        if not self.directory.confirm_login(change.dn, password):
            self.warnings.append(
                f"The directory did not let {change.feide_name} log in with the new password. Check that users may "
                "bind (authentication rights on userPassword, password policies)."
            )


Intended = tuple[int, Writable]
"""A change and the id of its event in the journal."""


def intention(change: Change, key: MarkKey) -> Event:
    """The event of a change."""
    old, origin = _old_number(change), change.origin
    return Event(
        kind=change.kind,
        feide_name=change.feide_name,
        dn=str(change.dn),
        source_id=change.source_id,
        other=change.to if isinstance(change, Rename) else None,
        number_mark=key.of_number(change.number) if change.number else None,
        old_number_mark=key.of_number(old) if old else None,
        input=origin.file if origin else None,
        input_row=origin.row if origin else None,
        evidence=change.evidence,
        lifted=change.lifted,
        protected=isinstance(change, Protect) or (isinstance(change, Create) and change.protected),
    )


def _old_number(change: Change) -> NumberText | None:
    match change:
        case Attach():
            return change.instead_of
        case Replace() | Withdraw():
            return change.old
        case _:
            return None


def first_password(change: Writable) -> InitialPassword | None:
    """The first password that a change brings."""
    return change.initial_password if isinstance(change, WithPassword) else None
