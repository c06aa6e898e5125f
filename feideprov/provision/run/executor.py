"""The one executor: applies a plan so that a crash at any moment loses nothing and does nothing twice.

Each change is in the journal, on disk, before it is sent. After all were sent the directory is read again: servers do
not guarantee that a number, a name or a source id is unique, so what somebody else got too is taken back.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from feideprov.directory.dn import same_key
from feideprov.directory.protocol import Directory
from feideprov.directory.result_code import CHANGED_MEANWHILE, ResultCode
from feideprov.errors import DirectoryError, Refused, scrub, telling_of_writes
from feideprov.feide.first_password.style import SYLLABLES, PasswordStyle
from feideprov.issues import R_HELD_BY_ANOTHER, Refusal, in_row_order
from feideprov.journal.events import Debts, Event, Kind, State
from feideprov.journal.journal import Journal
from feideprov.journal.people import KnownPeople, keep_people
from feideprov.journal.users import KnownUsers
from feideprov.messages import Sentence
from feideprov.provision.plan.changes import Change, Create, Noted, Protect, Writable
from feideprov.provision.plan.file import R_MOVED
from feideprov.provision.plan.holders import held_by, without_withdrawn
from feideprov.provision.plan.linking.handing_over import without_released
from feideprov.provision.plan.linking.link_changes import Release
from feideprov.provision.plan.login_changes import Close, Rename, Reopen
from feideprov.provision.plan.logins import R_NAME_TAKEN
from feideprov.provision.plan.people.hidden import perhaps_ours
from feideprov.provision.plan.people.listed_person import new_marks
from feideprov.provision.plan.plan import Outcome, Plan
from feideprov.provision.plan.unit_changes import CreateUnit, UpdateUnit
from feideprov.provision.plan.user_names import NextNames
from feideprov.provision.run.conflicts import Conflicts, Naming, held, name_taken, without_duplicates
from feideprov.provision.run.intention import intention
from feideprov.provision.run.password_sink import PasswordSink
from feideprov.provision.run.recovery import Recovery
from feideprov.provision.run.verification import R_FAILED, Verification
from feideprov.provision.run.writer import Progress, RepeatedRefusal, Stop, Writer
from feideprov.text import shown

NAMES_TRIED = 20
"""More than enough: a name is tried in vain only when somebody else has just created a user with it."""


@dataclass
class Executor:
    """Applies plans to one directory."""

    directory: Directory
    journal: Journal
    known_users: KnownUsers
    source_id_attribute: str | None = None
    handover: PasswordSink | None = None
    names: NextNames | None = None
    """Gives a new user the next name when the planned one was taken meanwhile. Without it, the user is held."""
    debts: Debts | None = None
    """The services that must be told of a change of a number: what is owed is recorded when the change is done."""
    progress: Progress | None = None
    stop: Stop | None = None
    """When it is set, nothing more is sent; the responses to what was sent are still received."""
    first_passwords: PasswordStyle = SYLLABLES
    """What the passwords are made of that users get whose own were lost when a run was interrupted."""

    _refusals: list[Refusal] = field(default_factory=list)
    _failures: list[Refusal] = field(default_factory=list)
    _name_taken: list[Create] = field(default_factory=list)
    _done_before: int = 0

    def apply(self, plan: Plan) -> Outcome:
        """Apply a plan.

        Raises DirectoryError or JournalError when either fails, and DirectoryError when the directory refuses all
        writes; the journal then knows what was intended, and the next run finds out what was done.
        """
        changes, withdrawn = without_withdrawn(plan.changes, self.known_users, plan.last_withdrawal)
        changes, released = without_released(changes, self.known_users)
        plan = replace(plan, changes=tuple(changes))
        self._refusals = [*plan.refusals, *withdrawn, *released]
        self._writer = writer = Writer(
            self.directory, self.journal, self.handover, self._refused, self.progress, self.stop
        )
        with self.journal.run(), self.directory.writing(), telling_of_writes(lambda: writer.has_sent):
            found = self.directory, self.journal, self.known_users, self.source_id_attribute
            recovery = Recovery(*found, self.debts, self.first_passwords)
            recovered = recovery.run_units() if self._is_of_units(plan) else recovery.run(self.handover)
            noted = self._note(plan)
            self._carry_out(self._left_to_do(plan, recovery))
            refused = set[str]()
            for _ in range(NAMES_TRIED):
                if writer.halted or not self._name_taken:
                    break
                again, self._name_taken = self._name_taken, []
                names = {change.feide_name.lower() for change in again}
                self._carry_out(again, taken=names & refused)
                refused |= names
            self._refusals += [name_taken(create) for create in self._name_taken]
            self._verify()
            recovered += [] if self._is_of_units(plan) else recovery.run_late(self.handover)
            self._failures = [*recovery.failures, *self._failures]
        if repeated := writer.refused_all:
            raise _refuses_all(repeated, writer)
        return Outcome(
            (*(change for _, change in writer.written), *noted),
            in_row_order(self._refusals),
            tuple(self._failures),
            plan.unchanged + self._done_before,
            tuple(recovered),
            tuple(writer.warnings),
            _stopped(writer),
        )

    @staticmethod
    def _is_of_units(plan: Plan) -> bool:
        """Before the organization has an entry, there are no users to search for."""
        return bool(plan.changes) and all(isinstance(change, CreateUnit | UpdateUnit) for change in plan.changes)

    def _left_to_do(self, plan: Plan, recovery: Recovery) -> list[Writable]:
        """The changes to be sent: without a closing or reopening that the recovery has just found to be done, since the
        plan could not know it."""
        changes = [change for change in plan.changes if not isinstance(change, Noted)]
        left = [
            change
            for change in changes
            if not isinstance(change, Close | Reopen) or (change.kind, change.feide_name) not in recovery.done
        ]
        self._done_before += len(changes) - len(left)
        return left

    def _note(self, plan: Plan) -> list[Noted]:
        """Write to the journal what is written there alone: who is protected, whose users they are, who is who."""
        asked = [change for change in plan.changes if isinstance(change, Noted)]
        noted = [change for change in asked if not self._is_noted(change)]
        self._done_before += len(asked) - len(noted)
        events = [intention(change, self.journal.key) for change in noted]
        for create in plan.creates:
            for user, dn in create.different_from:
                if not self.known_users.is_different(user, create.source_id, said=True):
                    events.append(Event(Kind.DIFFERENT, user, str(dn), source_id=create.source_id))
        if events:
            self.journal.note(*events)
        marks = new_marks(plan.people, KnownPeople.read(self.journal).rows, self.journal.key) if plan.people else []
        keep_people(self.journal, marks)
        return noted

    def _is_noted(self, change: Noted) -> bool:
        if isinstance(change, Protect):
            return self.known_users.is_protected(change.feide_name)
        is_ours = change.feide_name in self.known_users.ours
        if isinstance(change, Release):
            return not is_ours
        return is_ours and self.known_users.linked.get(same_key(change.source_id)) == change.feide_name

    def _carry_out(self, planned: Sequence[Writable], *, taken: Collection[str] = ()) -> None:
        self._writer.carry_out(self._still_possible(planned, taken))

    def _still_possible(self, planned: Sequence[Writable], taken: Collection[str]) -> list[Writable]:
        """The check before writing: a change that conflicts with the directory now is held, alone; a change that was
        made before is not made again.

        `taken` are names that the directory has refused twice as taken, although no entry with them is visible: in
        Active Directory, accounts that the bind account cannot read have names too.
        """
        conflicts = Conflicts.before(self.directory, planned, self.known_users, self.source_id_attribute)
        undone = [change for change in planned if not conflicts.was_done(change)]
        self._done_before += len(planned) - len(undone)
        changes, refusals = without_duplicates(undone, self.known_users)
        self._refusals += refusals
        possible: list[Writable] = []
        given = set(taken)
        for each in changes:
            change: Writable | None = each
            if isinstance(each, Create) and each.feide_name.lower() in taken and self._was_begun(each):
                refused = perhaps_ours(each.feide_name)
                self._refusals.append(held(each, refused.code, refused.sentence))
                continue
            if isinstance(each, Naming):
                change = self._with_free_name(each, conflicts, given)
            if change is None:
                continue
            if others := conflicts.other_holders(change):
                sentence = held_by(others, change.feide_name, is_new=isinstance(change, Create))
                self._refusals.append(held(change, R_HELD_BY_ANOTHER, sentence))
                possible += [change.without_number()] if isinstance(change, Create) else []
            else:
                possible.append(change)
        return possible

    def _was_begun(self, create: Create) -> bool:
        """Whether an interrupted run was to create this very user, and no entry was found afterwards."""
        key = same_key(create.source_id)
        events = self.journal.events(create.feide_name, state=[State.NOT_DONE, State.DONE])
        return any(event.kind == Create.kind and same_key(event.source_id or "") == key for event in events)

    def _with_free_name(self, change: Naming, conflicts: Conflicts, given: set[str]) -> Naming | None:
        """The user to be created or renamed, with the next free name when the planned one is taken; None, with the
        refusal recorded, when the user is held. `given` are the names that this plan has given already."""
        name = change.to if isinstance(change, Rename) else change.feide_name
        # the plan may be old: somebody may have got the name since and lost it, which only the journal knows
        gone = name.lower() in given or name.partition("@")[0] in self.known_users.issued
        refusal = conflicts.taken(change) or (name_taken(change) if gone else None)
        given.add(name.lower())
        if refusal is None:
            return change
        if isinstance(change, Create) and refusal.code == R_NAME_TAKEN and self.names is not None:
            try:
                another = self.names.another(change)
            except Refused as refused:
                refusal = held(change, refused.code, refused.sentence)
            else:
                given.add(another.feide_name.lower())
                return another
        self._refusals.append(refusal)
        return None

    def _refused(self, change: Writable, error: DirectoryError) -> None:
        """Records a change that the directory refused."""
        if isinstance(change, Create) and error.code == ResultCode.ENTRY_ALREADY_EXISTS and self.names is not None:
            self._name_taken.append(change)
        elif isinstance(change, Naming) and error.code == ResultCode.ENTRY_ALREADY_EXISTS:
            self._refusals.append(name_taken(change))
        elif isinstance(change, CreateUnit) and error.code == ResultCode.ENTRY_ALREADY_EXISTS:
            self._done_before += 1
        elif not isinstance(change, Create) and error.code in CHANGED_MEANWHILE:
            sentence = Sentence(
                "{entry} was changed by somebody else after the plan was made. Check the entry, then run again. "
                "If you used a saved plan, make it again first.",
                entry=change.feide_name or _named(change, scrub(str(change.dn))),
            )
            self._refusals.append(held(change, R_MOVED, sentence))
        else:
            sentence = Sentence("{change}: {error}", change=_named(change, change.sentence), error=error.sentence)
            self._failures.append(Refusal(R_FAILED, sentence, False, change.origin, change.feide_name, cause=error))

    def _verify(self) -> None:
        writer = self._writer
        changes = [change for _, change in writer.written]
        if not changes:
            return
        conflicts = Conflicts.after(self.directory, changes, self.known_users, self.source_id_attribute)
        verification = Verification(self.directory, self.journal, conflicts, self.handover)
        verification.verify(writer.written)
        writer.written = verification.confirmed
        self._refusals += verification.refusals
        self._failures += verification.failures
        # a user who is closed needs no first password
        writer.not_made |= {change.feide_name for _, change in verification.confirmed if isinstance(change, Close)}
        writer.remove_rows()
        if self.handover is not None:
            renames = (change for _, change in verification.confirmed if isinstance(change, Rename))
            self.handover.rename({change.feide_name: change.to for change in renames})
        ids = [event_id for event_id, _ in verification.confirmed]
        self.journal.advance(ids, State.LOOKED)
        self.journal.advance(ids, State.DONE, self.debts)


def _refuses_all(repeated: RepeatedRefusal, writer: Writer) -> DirectoryError:
    return DirectoryError(
        Sentence(
            "{error} So {undone} of {total} changes were not made. The first of them: {change}. Correct the "
            "cause, then run the same command again. Changes that were made are not made twice.",
            error=repeated.error.sentence,
            undone=repeated.count + writer.total - writer.processed,
            total=writer.total,
            change=_named(repeated.first, repeated.first.sentence),
        ),
        code=repeated.error.code,
        server=repeated.error.server,
    )


def _stopped(writer: Writer) -> str:
    if writer.processed == writer.total:
        return ""
    return Sentence(
        "Stopped after {done} of {count} change. Run the same command again. Changes that were made are not made "
        "twice.",
        plural="Stopped after {done} of {count} changes. Run the same command again. Changes that were made are "
        "not made twice.",
        done=writer.processed,
        count=writer.total,
    )


def _named(change: Change, text: str) -> str:
    """`text`, and the name of the organization or the school whose entry is changed: its DN need not have the name."""
    unit = change.school or change.name_to_show if isinstance(change, CreateUnit | UpdateUnit) else ""
    return Sentence("{text} ({unit})", text=text, unit=shown(unit)) if unit else text
