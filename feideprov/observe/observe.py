"""What changed since the last observation, whoever changed it: numbers that arrived, changed or went.

The directory, or an export of it, is compared with what the journal knows of each user's number and, where it knows
nothing, with what the last observation saw. So what this tool did is never found, whenever it was done. An account with
read rights is enough.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from feideprov.directory.dn import DN
from feideprov.directory.protocol import NUMBER_ATTRIBUTE, Directory
from feideprov.errors import ConfigurationError, DirectoryError, FeideProvError, InputError
from feideprov.issues import Refusal
from feideprov.journal.events import Debts, Event, Kind, stamp
from feideprov.journal.journal import Journal
from feideprov.journal.presence import Presence
from feideprov.messages import Sentence, joined
from feideprov.observe.comparison import Comparison
from feideprov.observe.known import Known
from feideprov.observe.numbers_shown import NumbersShown
from feideprov.observe.scan import Criteria, Scan
from feideprov.tables.day import time_in_norway

_EXPORTING = timedelta(hours=6)
"""The longest time that it takes to make an export and to bring it here: its file shows only when that ended."""


@dataclass(frozen=True)
class SeenChange:
    """A number that was written or removed outside this tool. `kind`: seen-attach, seen-replace, seen-withdraw."""

    kind: str
    feide_name: str
    dn: DN
    protected: bool = False
    number: ClassVar[None] = None

    @property
    def sentence(self) -> Sentence:
        """What was found."""
        match self.kind:
            case Kind.SEEN_ATTACH:
                return Sentence("the number of {user} was added outside this tool", user=self.feide_name)
            case Kind.SEEN_REPLACE:
                return Sentence("the number of {user} was changed outside this tool", user=self.feide_name)
            case _:
                return Sentence("the number of {user} was removed outside this tool", user=self.feide_name)


@dataclass(frozen=True)
class Observation:
    """What one observation of the directory found, and wrote down.

    `refusals`: numbers that have arrived and may not be used, or not before somebody has seen evidence; and numbers
    that are not shown any more although nobody seems to have changed the entry (J-HIDDEN). No service is told of them.
    `users`: how many were observed. `first`: there was only the journal to compare with. `notes`: which users were not
    compared, and why. `owed`: how many notices are due because of it, one
    for each provider; the client counts them.
    """

    changes: tuple[SeenChange, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    users: int = 0
    first: bool = False
    notes: tuple[str, ...] = ()
    owed: int = 0

    @property
    def counts(self) -> dict[str, int]:
        """How many numbers arrived, changed and went, and how many were refused and held."""
        kinds = Counter(change.kind for change in self.changes)
        return {
            "arrived": kinds[Kind.SEEN_ATTACH],
            "changed": kinds[Kind.SEEN_REPLACE],
            "gone": kinds[Kind.SEEN_WITHDRAW],
            "refused": sum(not refusal.held for refusal in self.refusals),
            "held": sum(refusal.held for refusal in self.refusals),
        }


@dataclass
class Observer:
    """Observes one directory, or an export of it (`exported`), made at the moment `made_at`; None: that is not known.

    `debts` says which services must be told. When more than `changes` numbers and `percent` of all seem to have gone,
    nothing is written down, unless they are not more than `allowed`.
    """

    directory: Directory
    journal: Journal
    criteria: Criteria
    debts: Debts | None = None
    exported: bool = False
    made_at: datetime | None = None
    source_id_attribute: str = ""
    file: str = ""
    """The file of the export."""
    part: bool = False
    """The export is meant to be a part of the directory."""
    changes: int = 25
    percent: float = 5.0
    allowed: int | None = None

    def observe(self) -> Observation:
        """Compare, and write down what was found, the notices that are owed for it and the new snapshot: all of it, or
        nothing.

        Raises InputError for an export of another organization, an old one, or one without numbers; ConfigurationError
        and DirectoryError when so many numbers seem to have gone, or so few users are shown, that the account may lack
        the right to read them.
        """
        journal = self.journal
        with journal.run():  # no change by this tool is under way
            known = Known.read(journal)
            at = stamp(self.made_at)
            if known.observed_after(at):
                raise InputError(
                    Sentence(
                        "This export was made before the last observation ({at}). Make a new export, then run again.",
                        at=time_in_norway(known.snapshot.at or at),
                    )
                )
            protection = known.users.protection(self.source_id_attribute)
            scan = Scan.read(self.directory, journal, self.criteria, protection)
            if self.exported:
                scan.require_users_of(journal.realm, self.file)
            else:
                scan.require_directory_of(journal.realm)
            unseen = () if self.part else self._known_users_not_shown(scan, known)
            described = self._described(known, at)
            comparison = Comparison(scan, known, self.criteria, protection, described).compared()
            self._must_be_plausible(comparison, at if self.made_at or not self.exported else described)
            if self._allows(comparison.gone):
                comparison.confirm()
            else:
                comparison.ask()
            with journal.writing() as connection:
                journal.record_observed(connection, comparison.new_names)
                journal.record_observed(connection, comparison.events, self.debts)
                known.snapshot.write(connection, journal.realm, at, comparison.now)
        return Observation(
            tuple(self._change(event, comparison) for event in comparison.events),
            tuple(comparison.refusals),
            len(scan.users),
            known.snapshot.at is None,
            (*self._notes(), *comparison.notes, *unseen),
        )

    def _known_users_not_shown(self, scan: Scan, known: Known) -> tuple[Sentence, ...]:
        """A note about users in the journal who are not shown. Raises DirectoryError when they are too many."""
        presence = Presence(known.users)
        for user in scan.users.values():
            presence.add_user(user.name, user.dn, user.former_names)
        for dn in scan.left_out:
            presence.add_user("", dn, ())
        presence.check(self.file)
        return presence.notes

    def _allows(self, gone: int) -> bool:
        """Whether a person says that so many numbers may be gone."""
        return self.allowed is not None and gone <= self.allowed

    def _described(self, known: Known, at: str) -> str:
        """The moment before which changes by this tool are surely in what is observed."""
        if not self.exported:
            return at
        made = self.made_at
        if made is None:  # it can be as old as the last observation
            made = datetime.fromisoformat(min(known.snapshot.at or at, at))
        return stamp(made - _EXPORTING)

    def _notes(self) -> Iterator[Sentence]:
        if self.exported and self.made_at is None:
            yield Sentence(
                "The time of the file {file} is in the future, so it is not known when the export was made. Users "
                "whose numbers were changed after the last observation were not compared. Check the clock of the "
                "machine that makes the export.",
                file=self.file,
            )

    def _change(self, event: Event, comparison: Comparison) -> SeenChange:
        return SeenChange(event.kind, event.feide_name, comparison.scan.users[event.feide_name].dn, event.protected)

    def _must_be_plausible(self, comparison: Comparison, at: str) -> None:
        """Raises an error when the account may have lost the right to read the numbers."""
        scan, gone = comparison.scan, comparison.gone
        numbers, allowed = NumbersShown(comparison.known), self._allows(gone)
        for user in scan.users.values():
            may_be_gone = comparison.known.changed_after(user.name, at)
            numbers.add(user.name, shown=user.mark is not None, may_be_gone=may_be_gone)
        if numbers.all_hidden(few=0 if self.exported else 1) and not (gone and allowed):
            raise self._unreadable(len(scan.users), gone)
        total = gone + scan.numbers
        if gone > self.changes and gone * 100 > self.percent * total and not allowed:
            raise ConfigurationError(
                Sentence(
                    "{gone} of {total} numbers seem to be gone, which is more than [caps] allows. Check that "
                    "the bind account, or the account that made the export, has the right to read "
                    "{attribute} of all users. If all these numbers are really gone, run again with "
                    "--allow-changes {gone}.",
                    gone=gone,
                    total=total,
                    attribute=NUMBER_ATTRIBUTE,
                )
            )

    def _unreadable(self, users: int, gone: int) -> FeideProvError:
        found = Sentence(
            "{count} user was read, without {attribute}, so nothing was compared.",
            plural="{count} users were read, all without {attribute}, so nothing was compared.",
            count=users,
            attribute=NUMBER_ATTRIBUTE,
        )
        allow = (
            Sentence("If all these numbers are really gone, run again with --allow-changes {gone}.", gone=gone)
            if gone
            else ""
        )
        if self.exported:
            step = Sentence(
                "Make the export with an account that has the right to read {attribute}.", attribute=NUMBER_ATTRIBUTE
            )
            return InputError(joined([found, step, allow]))
        step = Sentence("Give the bind account the right to read {attribute}.", attribute=NUMBER_ATTRIBUTE)
        return DirectoryError(joined([found, step, allow]), before_writing=True)
