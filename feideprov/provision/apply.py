"""The one executor: a plan is carried out so that a crash at any moment loses nothing and doubles nothing.

Each change is in the journal, on disk, before it is sent; what became of it is there before the next window. Then
we look again: servers do not guarantee that a number, a name or a source id is unique (OpenLDAP's `unique` overlay
let two through in 27 of 200 races), so what turns out to be somebody else's too is taken back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from feideprov.directory.entry import Delete, Modify, Write
from feideprov.directory.protocol import Directory
from feideprov.errors import DirectoryError, Refused, scrub
from feideprov.feide.initial_password import InitialPassword
from feideprov.provision.answers import Answers
from feideprov.provision.change import (
    Attach,
    Change,
    Create,
    OfNumber,
    Protect,
    Replace,
    Withdraw,
    WithPassword,
    Writable,
)
from feideprov.provision.draft import held_by
from feideprov.provision.found import Holder
from feideprov.provision.handover import FirstPassword, HandoverFile, NoHandover
from feideprov.provision.journal import Event, Journal, State
from feideprov.provision.login_change import Close, Rename
from feideprov.provision.look import Look, Naming, held, name_taken
from feideprov.provision.names import NextNames
from feideprov.provision.outcome import Outcome, Plan, Refusal
from feideprov.provision.recovery import Recovery
from feideprov.provision.unit_change import Amend, Furnish

NO_SUCH_ATTRIBUTE, ENTRY_EXISTS = 16, 68
NAMES_TRIED = 20
"""More than enough: each try in vain is a user that somebody else has just made."""

Intended = tuple[int, Writable]
"""A change and its event in the journal."""


@dataclass
class Executor:
    """Carries out plans on one directory."""

    directory: Directory
    journal: Journal
    answers: Answers
    source_id_attribute: str | None = None
    handover: HandoverFile | NoHandover | None = None
    names: NextNames | None = None
    """Gives a user to be made the next name where the planned one was taken meanwhile; without, the user is held."""

    _written: list[Intended] = field(default_factory=list)
    _refusals: list[Refusal] = field(default_factory=list)
    _failures: list[Refusal] = field(default_factory=list)
    _warnings: list[str] = field(default_factory=list)
    _not_made: set[str] = field(default_factory=set)
    _name_taken: list[Create] = field(default_factory=list)
    _login_confirmed: bool = False
    _done_before: int = 0

    def apply(self, plan: Plan) -> Outcome:
        """Carry out a plan.

        Raises DirectoryError or JournalError when either breaks off; the journal then knows what was intended, and
        the next run finds out what was done.
        """
        self._refusals = list(plan.refusals)
        with self.journal.run(), self.directory.writing():
            recovery = Recovery(self.directory, self.journal, self.answers, self.source_id_attribute)
            # before there is an organization, there is no place to look for users
            units_only = bool(plan.changes) and all(isinstance(change, Furnish | Amend) for change in plan.changes)
            recovered = recovery.run_units() if units_only else recovery.run(self.handover)
            asked = [change for change in plan.changes if isinstance(change, Protect)]
            protects = [change for change in asked if not self.answers.is_protected(change.feide_name)]
            self._done_before += len(asked) - len(protects)
            for change in protects:
                self.journal.note(self._event(change))
            self._carry_out([c for c in plan.changes if not isinstance(c, Protect)])
            for _ in range(NAMES_TRIED):
                again, self._name_taken = self._name_taken, []
                if again:
                    self._carry_out(again)
            self._refusals += [name_taken(create) for create in self._name_taken]
            self._look_again()
        return Outcome(
            (*(change for _, change in self._written), *protects),
            tuple(self._refusals),
            tuple(self._failures),
            plan.unchanged + self._done_before,
            tuple(recovered),
            tuple(self._warnings),
        )

    def _carry_out(self, planned: Sequence[Writable]) -> None:
        """All intentions first, then all hand-over rows, then the first write: whatever a crash leaves behind, the next
        run can tell from the journal which rows belong to users that were never made."""
        changes = self._still_possible(planned)
        ids = self.journal.intend([self._event(change) for change in changes])
        self._hand_over(changes)
        for window in self._windows(list(zip(ids, changes, strict=True))):
            self._window(window)

    def _windows(self, changes: Sequence[Intended]) -> Iterator[Sequence[Intended]]:
        """As many at a time as the directory takes. Until a login has shown that the server verifies the passwords we
        store, a window ends with its first new password: there are no others to make good afterwards."""
        start = 0
        while start < len(changes):
            window = changes[start : start + self.directory.window]
            if self.directory.login_needs_proof and not self._login_confirmed:
                passwords = (i for i, (_, c) in enumerate(window, 1) if _first_password(c))
                window = window[: next(passwords, len(window))]
            yield window
            start += len(window)

    def _still_possible(self, changes: Sequence[Writable]) -> list[Writable]:
        """The look before: what has been taken since the plan was made is held, alone; what was done before is done."""
        look = self._look(changes)
        possible: list[Writable] = []
        for planned in changes:
            change = planned
            if look.was_done(change):
                self._done_before += 1
                continue
            if isinstance(change, Naming) and (refusal := look.taken(change, own=None)):
                renamed = self._under_another_name(change, refusal)
                if renamed is None:
                    continue
                change = renamed
            if others := look.other_holders(change):
                self._refusals.append(held(change, "R-HELD-BY-ANOTHER", held_by(others, change.feide_name)))
                possible += [change.without_number()] if isinstance(change, Create) else []
            else:
                possible.append(change)
        return possible

    def _look(self, changes: Sequence[Writable]) -> Look:
        return Look.take(self.directory, changes, self.answers, self.source_id_attribute)

    def _under_another_name(self, change: Naming, refusal: Refusal) -> Create | None:
        """The user to be made, under the next free name; None, with the reason told, where that is not the answer."""
        if isinstance(change, Create) and refusal.code == "R-NAME-TAKEN" and self.names is not None:
            try:
                return self.names.another(change)
            except Refused as refused:
                refusal = held(change, refused.code, str(refused))
        self._refusals.append(refusal)
        return None

    def _hand_over(self, changes: Sequence[Writable]) -> None:
        if self.handover is None:
            return
        self.handover.add(
            FirstPassword(c.feide_name, c.name_to_show, c.school, c.initial_password.reveal())
            for c in changes
            if isinstance(c, WithPassword) and c.initial_password
        )

    def _forget_passwords_of_those_not_made(self) -> None:
        """Only of those that certainly were not made: what is unknown keeps its row until the next run knows."""
        if self.handover is not None:
            self.handover.remove(self._not_made)
        self._not_made.clear()

    def _window(self, changes: Sequence[Intended]) -> None:
        written: list[Intended] = []
        refused: list[int] = []
        outcomes = self.directory.write([self._write(change) for _, change in changes])
        try:
            for (event_id, change), outcome in zip(changes, outcomes, strict=False):
                error = outcome.error
                if error is None and isinstance(change, Rename):
                    error = self._follow(change)
                if error is None or (isinstance(change, Close) and change.is_done_all_the_same(error.code)):
                    written.append((event_id, change))
                else:
                    refused.append(event_id)
                    self._refused_by_directory(change, error)
        finally:
            self._written += written
            self._forget_passwords_of_those_not_made()
            self.journal.advance(refused, State.REFUSED)
            self.journal.advance([event_id for event_id, _ in written], State.WRITTEN)
        self._confirm_login([change for _, change in written])

    def _follow(self, change: Rename) -> DirectoryError | None:
        """The second write of a rename. Where the directory refuses it, the first is taken back; where not even that
        succeeds, the run breaks off, and the next one goes on from there."""
        for written in self.directory.write(change.follow()):
            if written.error is not None:
                for back in self.directory.write([change.take_back()]):
                    if back.error is not None:
                        raise back.error
                return written.error
        return None

    def _write(self, change: Writable) -> Write:
        if not isinstance(change, Create):
            return change.write()
        password = change.initial_password
        return change.write(self.directory.stored_password(password.reveal()) if password else None)

    def _refused_by_directory(self, change: Writable, error: DirectoryError) -> None:
        if isinstance(change, WithPassword):
            self._not_made.add(change.feide_name)
        if isinstance(change, Create) and error.code == ENTRY_EXISTS and self.names is not None:
            self._name_taken.append(change)
        elif isinstance(change, Naming) and error.code == ENTRY_EXISTS:
            self._refusals.append(name_taken(change))
        elif isinstance(change, Furnish) and error.code == ENTRY_EXISTS:
            self._done_before += 1
        elif not isinstance(change, Create) and error.code in (NO_SUCH_ATTRIBUTE, 20, 122):
            what = change.feide_name or scrub(str(change.dn))
            sentence = f"{what} was changed by somebody else meanwhile. Look at it, then run again."
            self._refusals.append(held(change, "R-MOVED", sentence))
        else:
            sentence = f"{change.sentence}: {error}"
            self._failures.append(Refusal("R-FAILED", sentence, False, change.origin, change.feide_name))

    def _confirm_login(self, changes: Sequence[Writable]) -> None:
        """Once in a run: does the server let a new user in with the password it was given?"""
        with_password = ((c, p) for c in changes if (p := _first_password(c)) is not None)
        first = None if self._login_confirmed else next(with_password, None)
        if first is None:
            return
        change, password = first
        self._login_confirmed = True
        if not self.directory.confirm_login(change.dn, password.reveal()):
            self._warnings.append(
                f"The directory did not let {change.feide_name} log in with the new password. Check that users may "
                "bind (authentication rights on userPassword, password policies)."
            )

    def _look_again(self) -> None:
        """The look after. What somebody else has too is taken back: a whole creation where the name or the source
        id is held twice, the number alone otherwise. What stands then is done."""
        look = self._look([change for _, change in self._written])
        for _, change in self._written:
            look.must_show_number(change)
        stands: list[Intended] = []
        back: list[tuple[Intended, Refusal, Sequence[Write]]] = []
        for event_id, change in self._written:
            if isinstance(change, Create) and (refusal := look.taken(change, own=change.dn)):
                back.append(((event_id, change), refusal, [Delete(change.dn)]))
            elif isinstance(change, Rename) and (refusal := look.taken(change, own=change.new_dn)):
                back.append(((event_id, change), refusal, change.take_all_back()))
            elif others := look.other_holders(change):
                back.append(((event_id, change), _both_got_it(change, others), [_number_back(change)]))
            else:
                stands.append((event_id, change))
        self._written = stands
        if back:
            self._take_back(back)
        if self.handover is not None:
            self.handover.rename({c.feide_name: c.to for _, c in self._written if isinstance(c, Rename)})
        ids = [event_id for event_id, _ in self._written]
        self.journal.advance(ids, State.LOOKED)
        self.journal.advance(ids, State.DONE)

    def _take_back(self, back: Sequence[tuple[Intended, Refusal, Sequence[Write]]]) -> None:
        for (event_id, change), refusal, writes in back:
            errors = [written.error for written in self.directory.write(writes) if written.error is not None]
            if errors:
                sentence = f"{refusal.sentence} Taking it back failed: {errors[0]}"
                self._failures.append(Refusal("R-NOT-TAKEN-BACK", sentence, False, change.origin, change.feide_name))
                continue
            self._refusals.append(refusal)
            if isinstance(change, Create) and not isinstance(writes[0], Delete):
                self._written.append((event_id, change.without_number()))  # the user stands
                self.journal.note(replace(self._event(change), kind="take-back"))
            else:
                if isinstance(change, Create):
                    self._not_made.add(change.feide_name)
                self.journal.advance([event_id], State.TAKEN_BACK)
        self._forget_passwords_of_those_not_made()

    def _event(self, change: Change) -> Event:
        old = change.instead_of if isinstance(change, Attach) else None
        old = change.old if isinstance(change, Replace | Withdraw) else old
        return Event(
            kind=change.kind,
            feide_name=change.feide_name,
            dn=str(change.dn),
            source_id=change.source_id,
            other=change.to if isinstance(change, Rename) else None,
            number_mark=self.journal.key.of_number(change.number) if change.number else None,
            old_number_mark=self.journal.key.of_number(old) if old else None,
            input=change.origin.file if change.origin else None,
            input_row=change.origin.row if change.origin else None,
            evidence=change.evidence,
            lifted=change.lifted,
            protected=isinstance(change, Protect) or (isinstance(change, Create) and change.protected),
        )


def _first_password(change: Writable) -> InitialPassword | None:
    return change.initial_password if isinstance(change, WithPassword) else None


def _both_got_it(change: Writable, others: Sequence[Holder]) -> Refusal:
    names = " and ".join(holder.feide_name or "another entry" for holder in others)
    return held(
        change,
        "R-HELD-BY-ANOTHER",
        f"The number was written to {names} at the same moment, so it was taken back from {change.feide_name}. "
        "Find out whose it is.",
    )


def _number_back(change: Writable) -> Modify:
    """Take our number away again, never the user."""
    if isinstance(change, OfNumber):
        return change.take_back()
    assert change.number is not None  # noqa: S101 - only changes with a number are looked at
    return Attach(change.feide_name, change.dn, change.number).take_back()
