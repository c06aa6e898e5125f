"""The check after writing: what somebody else got too is taken back, the rest is done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from feideprov.directory.dn import fold
from feideprov.directory.entry import Delete, Entry, Modify, Precondition, Write
from feideprov.directory.protocol import NAME_ATTRIBUTE, Directory
from feideprov.directory.second_look import carried_out
from feideprov.errors import DirectoryError
from feideprov.issues import R_HELD_BY_ANOTHER, Refusal, code
from feideprov.journal.events import Kind
from feideprov.journal.journal import Journal, State
from feideprov.messages import Sentence, listed
from feideprov.provision.plan.changes import Attach, Create, Replace, Writable
from feideprov.provision.plan.holders import Holder
from feideprov.provision.plan.login_changes import Rename
from feideprov.provision.run.conflicts import R_MADE_MEANWHILE, Conflicts, Duplicate, Naming, held
from feideprov.provision.run.intention import intention
from feideprov.provision.run.password_sink import PasswordSink
from feideprov.provision.run.writer import Intended

R_FAILED: Final = code(
    "R-FAILED",
    Sentence("The directory did not make this change (exit code 3)."),
    Sentence("The message says why. Correct the cause, then run again."),
)
R_NOT_TAKEN_BACK: Final = code(
    "R-NOT-TAKEN-BACK",
    Sentence(
        "Another entry has the same name, source id or number, and our own change could not be undone (exit code 3)."
    ),
    Sentence("Check both entries, and correct them in the directory."),
)


@dataclass
class Verification:
    """Servers do not guarantee that a number, a name or a source id is unique (OpenLDAP's `unique` overlay let two
    through in 27 of 200 races). Of two runs that wrote the same at the same moment, each writes before it checks, so at
    least one of them sees both. If both do, both take theirs back, and both report it.
    """

    directory: Directory
    journal: Journal
    conflicts: Conflicts
    handover: PasswordSink | None = None
    confirmed: list[Intended] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    failures: list[Refusal] = field(default_factory=list)

    def verify(self, written: Iterable[Intended]) -> None:
        """Check all changes that were written. A creation is taken back as a whole when somebody else has the name or
        the source id; when somebody else has the number, the number alone is taken back."""
        duplicates: list[tuple[Intended, Duplicate]] = []
        for one in written:
            _, change = one
            self.conflicts.must_show_number(change)
            if isinstance(change, Naming) and (duplicate := self.conflicts.duplicate(change)):
                duplicates.append((one, duplicate))
            elif others := self.conflicts.other_holders(change):
                duplicates.append((one, _number_given_twice(change, others)))
            else:
                self.confirmed.append(one)
        for one, duplicate in duplicates:
            self._take_back(one, duplicate)

    def _take_back(self, one: Intended, duplicate: Duplicate) -> None:
        event_id, change = one
        refusal = duplicate.refusal
        number_alone = refusal.code == R_HELD_BY_ANOTHER
        if reason := self._undo(change, _undo_number(change) if number_alone else self._undo_all(change)):
            cause, why = (reason, reason.sentence) if isinstance(reason, DirectoryError) else (None, reason)
            sentence = _not_undone(duplicate, change.feide_name, why)
            self.failures.append(
                Refusal(R_NOT_TAKEN_BACK, sentence, False, change.origin, change.feide_name, cause=cause)
            )
            return
        self.refusals.append(refusal)
        if isinstance(change, Create) and number_alone:
            self.confirmed.append((event_id, change.without_number()))  # the user stays
            self.journal.note(replace(intention(change, self.journal.key), kind=Kind.TAKE_BACK))
            return
        if isinstance(change, Create) and self.handover is not None:
            self.handover.remove([change.feide_name])  # first: no row may be left that the journal does not know of
        self.journal.advance([event_id], State.TAKEN_BACK)

    def _undo(self, change: Writable, writes: Sequence[Write] | None) -> DirectoryError | Sentence | None:
        """Carry out the writes that take a change back. Gives the reason when that failed."""
        if writes is None:
            return Sentence(
                "The entry of {user} was changed by somebody else.",
                user=change.feide_name,
            )
        errors = [written.error for written in carried_out(self.directory, writes) if written.error is not None]
        return errors[0] if errors else None

    def _undo_all(self, change: Writable) -> Sequence[Write] | None:
        """The writes that take back a rename or a creation; None when the entry is not, or no longer, the one that we
        created."""
        if isinstance(change, Rename):
            return change.take_all_back()
        attribute = self.conflicts.source_id_attribute
        entry = self.directory.read(change.dn, (NAME_ATTRIBUTE, *filter(None, [attribute])))
        return [] if entry is None else deletion_of_ours(entry, change.feide_name, attribute, change.source_id)


def deletion_of_ours(
    entry: Entry, feide_name: str, source_id_attribute: str | None, source_id: str | None
) -> list[Delete] | None:
    """The write that deletes an entry that we created; None when it is another user's now."""
    expected = [(NAME_ATTRIBUTE, feide_name)]
    if source_id_attribute:
        expected.append((source_id_attribute, source_id or ""))
    if any(fold(value) not in map(fold, entry.texts(attribute)) for attribute, value in expected):
        return None
    return [Delete(entry.dn, tuple(Precondition(*pair) for pair in expected))]


def _not_undone(duplicate: Duplicate, user: str, reason: Sentence) -> Sentence:
    if duplicate.refusal.code == R_HELD_BY_ANOTHER:
        sentence = Sentence(
            "{user} and {others} now have the same number: both were written at the same moment, and the change "
            "for {user} could not be undone: {reason} Find out whose number it is.",
            others=duplicate.others,
            user=user,
            reason=reason,
        )
    elif duplicate.refusal.code == R_MADE_MEANWHILE:
        sentence = Sentence(
            "{user} and {others} now have the same source id: both were written at the same moment, and the change "
            "for {user} could not be undone: {reason} Check both entries, and correct the one that is wrong.",
            others=duplicate.others,
            user=user,
            reason=reason,
        )
    else:
        sentence = Sentence(
            "{user} and {others} now have the same Feide name: both were written at the same moment, and the change "
            "for {user} could not be undone: {reason} Check both entries, and rename one of the users.",
            others=duplicate.others,
            user=user,
            reason=reason,
        )
    return sentence


def _number_given_twice(change: Writable, others: Sequence[Holder]) -> Duplicate:
    names = listed(holder.feide_name or Sentence("another entry") for holder in others)
    sentence = Sentence(
        "At the same moment {others} got the same number, so it was removed from {user} again. Find out whose "
        "number it is.",
        others=names,
        user=change.feide_name,
    )
    return Duplicate(held(change, R_HELD_BY_ANOTHER, sentence), names)


def _undo_number(change: Writable) -> list[Modify]:
    """Delete our number again, never the user. A number that it replaced is put back."""
    if isinstance(change, Attach | Replace):
        return [change.take_back()]
    assert change.number is not None  # noqa: S101 - only a change with a number can have other holders
    return [Attach(change.feide_name, change.dn, change.number).take_back()]
