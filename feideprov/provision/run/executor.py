"""The one executor: a plan is carried out so that a crash at any moment loses nothing and doubles nothing.

Each change is in the journal, on disk, before it is sent. After all were sent we look again: servers do not guarantee
that a number, a name or a source id is unique, so what turns out to be somebody else's too is taken back.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from feideprov.directory.protocol import Directory
from feideprov.directory.result_code import CHANGED_MEANWHILE, ResultCode
from feideprov.errors import DirectoryError, Refused, scrub
from feideprov.issues import Refusal
from feideprov.journal.events import Debts, State
from feideprov.journal.journal import Journal
from feideprov.journal.users import KnownUsers
from feideprov.provision.plan.builder import held_by
from feideprov.provision.plan.changes import Create, Protect, Writable
from feideprov.provision.plan.login_changes import Close, Rename
from feideprov.provision.plan.plan import Outcome, Plan
from feideprov.provision.plan.unit_changes import CreateUnit, UpdateUnit
from feideprov.provision.plan.user_names import NextNames
from feideprov.provision.run.conflicts import Conflicts, Naming, held, name_taken, told_apart
from feideprov.provision.run.handover import HandoverFile, NoHandover
from feideprov.provision.run.recovery import Recovery
from feideprov.provision.run.verification import Verification
from feideprov.provision.run.writer import Alike, Progress, Stop, Writer, intention

NAMES_TRIED = 20
"""More than enough: each try in vain is a user that somebody else has just made."""


@dataclass
class Executor:
    """Carries out plans on one directory."""

    directory: Directory
    journal: Journal
    answers: KnownUsers
    source_id_attribute: str | None = None
    handover: HandoverFile | NoHandover | None = None
    names: NextNames | None = None
    """Gives a user to be made the next name where the planned one was taken meanwhile; without, the user is held."""
    debts: Debts | None = None
    """The services that must be told of a change of a number: what is owed is recorded with the change's end."""
    progress: Progress | None = None
    stop: Stop | None = None
    """When it is set, what is under way is heard to its end, and nothing more is sent."""

    _refusals: list[Refusal] = field(default_factory=list)
    _failures: list[Refusal] = field(default_factory=list)
    _name_taken: list[Create] = field(default_factory=list)
    _done_before: int = 0

    def apply(self, plan: Plan) -> Outcome:
        """Carry out a plan.

        Raises DirectoryError or JournalError when either breaks off, and DirectoryError when the directory refuses one
        write like the other; the journal then knows what was intended, and the next run finds out what was done.
        """
        self._refusals = list(plan.refusals)
        self._sending = sending = Writer(
            self.directory, self.journal, self.handover, self._refused, self.progress, self.stop
        )
        with self.journal.run(), self.directory.writing():
            recovered = self._recover(plan)
            protects = self._protect(plan)
            self._carry_out([c for c in plan.changes if not isinstance(c, Protect)])
            refused = set[str]()
            for _ in range(NAMES_TRIED):
                if sending.halted or not self._name_taken:
                    break
                again, self._name_taken = self._name_taken, []
                names = {change.feide_name.lower() for change in again}
                self._carry_out(again, taken=names & refused)
                refused |= names
            self._refusals += [name_taken(create) for create in self._name_taken]
            self._look_again()
        if alike := sending.refused_all:
            raise _takes_nothing(alike, sending)
        return Outcome(
            (*(change for _, change in sending.written), *protects),
            tuple(self._refusals),
            tuple(self._failures),
            plan.unchanged + self._done_before,
            tuple(recovered),
            tuple(sending.warnings),
            _stopped(sending),
        )

    def _recover(self, plan: Plan) -> list[str]:
        recovery = Recovery(self.directory, self.journal, self.answers, self.source_id_attribute, self.debts)
        # before there is an organization, there is no place to look for users
        units_only = bool(plan.changes) and all(isinstance(change, CreateUnit | UpdateUnit) for change in plan.changes)
        return recovery.run_units() if units_only else recovery.run(self.handover)

    def _protect(self, plan: Plan) -> list[Protect]:
        asked = [change for change in plan.changes if isinstance(change, Protect)]
        protects = [change for change in asked if not self.answers.is_protected(change.feide_name)]
        self._done_before += len(asked) - len(protects)
        for change in protects:
            self.journal.note(intention(change, self.journal.key))
        return protects

    def _carry_out(self, planned: Sequence[Writable], *, taken: Collection[str] = ()) -> None:
        self._sending.carry_out(self._still_possible(planned, taken))

    def _still_possible(self, planned: Sequence[Writable], taken: Collection[str]) -> list[Writable]:
        """The look before: what has been taken since the plan was made is held, alone; what was done before is done.

        `taken` are names that the directory has called taken twice, whatever the look says: in Active Directory
        those of accounts that nobody here sees.
        """
        look = Conflicts.before(self.directory, planned, self.answers, self.source_id_attribute)
        undone = [change for change in planned if not look.was_done(change)]
        self._done_before += len(planned) - len(undone)
        changes, refusals = told_apart(undone, self.answers)
        self._refusals += refusals
        possible: list[Writable] = []
        given = set(taken)
        for each in changes:
            change: Writable | None = each
            if isinstance(each, Naming):
                change = self._named(each, look, given)
            if change is None:
                continue
            if others := look.other_holders(change):
                self._refusals.append(held(change, "R-HELD-BY-ANOTHER", held_by(others, change.feide_name)))
                possible += [change.without_number()] if isinstance(change, Create) else []
            else:
                possible.append(change)
        return possible

    def _named(self, change: Naming, look: Conflicts, given: set[str]) -> Naming | None:
        """The user to be made or renamed, under the next free name where it cannot be the planned one; None, with the
        reason told, where that is not the answer. `given` are the names that this plan has given away already."""
        name = change.to if isinstance(change, Rename) else change.feide_name
        # a plan may be old: whoever got the name since may have left it, and then only the journal knows of it
        gone = name.lower() in given or name.partition("@")[0] in self.answers.issued
        refusal = look.taken(change) or (name_taken(change) if gone else None)
        given.add(name.lower())
        if refusal is None:
            return change
        if isinstance(change, Create) and refusal.code == "R-NAME-TAKEN" and self.names is not None:
            try:
                another = self.names.another(change)
            except Refused as refused:
                refusal = held(change, refused.code, str(refused))
            else:
                given.add(another.feide_name.lower())
                return another
        self._refusals.append(refusal)
        return None

    def _refused(self, change: Writable, error: DirectoryError) -> None:
        """What is said of a change that the directory would not make."""
        if isinstance(change, Create) and error.code == ResultCode.ENTRY_ALREADY_EXISTS and self.names is not None:
            self._name_taken.append(change)
        elif isinstance(change, Naming) and error.code == ResultCode.ENTRY_ALREADY_EXISTS:
            self._refusals.append(name_taken(change))
        elif isinstance(change, CreateUnit) and error.code == ResultCode.ENTRY_ALREADY_EXISTS:
            self._done_before += 1
        elif not isinstance(change, Create) and error.code in CHANGED_MEANWHILE:
            what = change.feide_name or scrub(str(change.dn))
            sentence = f"{what} was changed by somebody else meanwhile. Look at it, then run again."
            self._refusals.append(held(change, "R-MOVED", sentence))
        else:
            sentence = f"{change.sentence}: {error}"
            self._failures.append(Refusal("R-FAILED", sentence, False, change.origin, change.feide_name))

    def _look_again(self) -> None:
        sending = self._sending
        changes = [change for _, change in sending.written]
        if not changes:
            return
        look = Conflicts.after(self.directory, changes, self.answers, self.source_id_attribute)
        second = Verification(self.directory, self.journal, look, self.handover)
        second.over(sending.written)
        sending.written = second.stands
        self._refusals += second.refusals
        self._failures += second.failures
        # whoever is closed has no login to hand over
        sending.not_made |= {change.feide_name for _, change in second.stands if isinstance(change, Close)}
        sending.forget_rows()
        if self.handover is not None:
            self.handover.rename({c.feide_name: c.to for _, c in second.stands if isinstance(c, Rename)})
        ids = [event_id for event_id, _ in second.stands]
        self.journal.advance(ids, State.LOOKED)
        self.journal.advance(ids, State.DONE, self.debts)


def _takes_nothing(alike: Alike, sending: Writer) -> DirectoryError:
    undone = alike.count + sending.total - sending.answered
    return DirectoryError(
        f"{alike.error} So {undone} of {sending.total} changes were not made, the first of them: "
        f"{alike.first.sentence}. Mend that, then run again: what is done stays done.",
        code=alike.error.code,
    )


def _stopped(sending: Writer) -> str:
    if sending.answered == sending.total:
        return ""
    return (
        f"Stopped after {sending.answered} of {sending.total} changes. Run the same command again: what is done stays "
        "done."
    )
