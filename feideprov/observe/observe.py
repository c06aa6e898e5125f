"""What changed since the last look, by anyone's hand: numbers that arrived, changed or went.

The directory, or an export of it, is compared with what the journal says of each user's number and, where it says
nothing, with what the last look saw. What we did ourselves is no news that way, whenever it was done. An account that
may only read is enough.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from feideprov.directory.dn import DN
from feideprov.directory.protocol import NUMBER_ATTRIBUTE, Directory
from feideprov.errors import ConfigurationError, DirectoryError, FeideProvError, InputError
from feideprov.issues import Refusal
from feideprov.journal.events import SEEN_ATTACH, SEEN_REPLACE, SEEN_WITHDRAW, Debts, Event, stamp
from feideprov.journal.journal import Journal
from feideprov.observe.comparison import Comparison, Known
from feideprov.observe.scan import Measure, Scan

_EXPORTING = timedelta(hours=6)
"""So long may it take to make an export and to carry it here; its file tells when that ended, and not when it began."""
_MANY = 100
"""Fewer users may all wait for their numbers."""
_SENTENCES = {
    SEEN_ATTACH: "the number of {} has arrived, by another hand",
    SEEN_REPLACE: "the number of {} has changed, by another hand",
    SEEN_WITHDRAW: "the number of {} has gone, by another hand",
}


@dataclass(frozen=True)
class SeenChange:
    """A number that another hand wrote or took away. `kind`: seen-attach, seen-replace, seen-withdraw."""

    kind: str
    feide_name: str
    dn: DN
    protected: bool = False
    number: ClassVar[None] = None

    @property
    def sentence(self) -> str:
        return _SENTENCES[self.kind].format(self.feide_name)


@dataclass(frozen=True)
class Observation:
    """What one look at the directory found, and wrote down.

    `refusals`: numbers that have arrived and may not be used, or not before somebody has seen evidence; nobody is told
    of those. `users`: how many were looked at. `first`: there was nothing to compare with but the journal. `notes`:
    sentences about whom nothing is said of. `owed`: how many notices are owed for what was found.
    """

    changes: tuple[SeenChange, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    users: int = 0
    first: bool = False
    notes: tuple[str, ...] = ()
    owed: int = 0

    @property
    def counts(self) -> dict[str, int]:
        """As `observe` counts."""
        kinds = Counter(change.kind for change in self.changes)
        return {
            "arrived": kinds[SEEN_ATTACH],
            "changed": kinds[SEEN_REPLACE],
            "gone": kinds[SEEN_WITHDRAW],
            "refused": sum(not refusal.held for refusal in self.refusals),
            "held": sum(refusal.held for refusal in self.refusals),
        }


@dataclass
class Observer:
    """Looks at one directory, or at an export of it (`exported`: the moment it was made).

    `debts` says which services must be told. When more than `changes` numbers and `percent` of all seem to have gone,
    it is asked first; `allowed` are as many as may have.
    """

    directory: Directory
    journal: Journal
    measure: Measure
    debts: Debts | None = None
    exported: datetime | None = None
    changes: int = 25
    percent: float = 5.0
    allowed: int | None = None

    def observe(self) -> Observation:
        """Compare, and write down what was found, the notices that are owed for it and the new snapshot: all of it, or
        nothing.

        Raises InputError for an export of another organization, an old one, or one without numbers; ConfigurationError
        and DirectoryError where so many numbers seem to have gone that the account may not be allowed to read them.
        """
        journal = self.journal
        with journal.run():  # nothing that we do ourselves is under way
            known = Known.read(journal)
            at = stamp(self.exported)
            if known.snapshot.at is not None and at < known.snapshot.at:
                raise InputError(
                    f"This export was made before the last observation ({known.snapshot.at}). Make a new one, then "
                    "run again."
                )
            sighting = Scan.read(self.directory, journal.realm, journal.key, self.measure)
            if self.exported is not None:
                sighting.must_be_of(journal.realm)
            compared = Comparison(sighting, known, self.measure, self._surely(at)).made()
            self._must_be_plausible(compared, sighting, at)
            with journal.writing() as connection:
                owed = journal.found(connection, compared.events, self.debts)
                known.snapshot.write(connection, journal.realm, at, compared.now)
        return Observation(
            tuple(self._change(event, compared) for event in compared.events),
            tuple(compared.refusals),
            len(sighting.users),
            known.snapshot.at is None,
            compared.notes,
            owed,
        )

    def _surely(self, at: str) -> str:
        """The moment before which a change of ours is in what is looked at."""
        return at if self.exported is None else stamp(datetime.fromisoformat(at) - _EXPORTING)

    def _change(self, event: Event, compared: Comparison) -> SeenChange:
        dn = compared.sighting.users[event.feide_name].dn
        return SeenChange(event.kind, event.feide_name, dn, compared.known.answers.is_protected(event.feide_name))

    def _must_be_plausible(self, compared: Comparison, sighting: Scan, at: str) -> None:
        """That numbers went, and not merely the right to read them."""
        had = sum(compared.had_a_number(name, at) for name in sighting.users)
        gone = sum(event.kind == SEEN_WITHDRAW for event in compared.events)
        allowed = self.allowed is not None and gone <= self.allowed
        made = compared.known.answers.made
        unseen = not sighting.numbers and (
            had > (0 if self.exported else 1) or sum(name not in made for name in sighting.users) >= _MANY
        )
        if unseen and not (gone and allowed):
            raise self._unseen(len(sighting.users), gone)
        if gone > self.changes and gone * 100 > self.percent * (gone + sighting.numbers) and not allowed:
            raise ConfigurationError(
                f"{gone} numbers seem to have gone, of {gone + sighting.numbers}: more than the caps allow. Look "
                f"whether the account may read {NUMBER_ATTRIBUTE} of everybody. If they are truly gone: "
                f"--allow-changes {gone}."
            )

    def _unseen(self, users: int, gone: int) -> FeideProvError:
        if_so = f" If they are all gone: --allow-changes {gone}." if gone else ""
        told = f"None of {users} users shows a {NUMBER_ATTRIBUTE}, so nothing was compared."
        if self.exported is not None:
            return InputError(f"{told} Export it with an account that may read {NUMBER_ATTRIBUTE}.{if_so}")
        return DirectoryError(f"{told} Let the account read {NUMBER_ATTRIBUTE}.{if_so}", before_writing=True)
