"""What became of the changes of a run that was cut off, in sentences that a person can read through."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from feideprov.journal.journal import Event, State
from feideprov.provision.plan.changes import Update
from feideprov.provision.plan.login_changes import NewPassword
from feideprov.provision.plan.unit_changes import Amend, Furnish

OF_UNITS = (Furnish.kind, Amend.kind)
_PLANNED_ANEW = (Update.kind, Amend.kind)
"""Nothing hangs on them, and the journal does not know what they were to write."""
TOLD_ONE_BY_ONE = 20
_SHOWN = 3


@dataclass(frozen=True)
class Fate:
    """The end of a change that was open. `words` say it, where the state alone does not."""

    event: Event
    state: State
    words: str = ""

    @property
    def what(self) -> str:
        """What became of the change, in words that hold for others too."""
        event, state = self.event, self.state
        if self.words:
            return self.words
        if state is State.DONE and event.kind == NewPassword.kind:
            return "was done, or need not be: the password in the hand-over file is the one that works"
        if state is State.DONE and event.kind in _PLANNED_ANEW and event.state is State.INTENDED:
            return "was done, or the next run of its list does it"
        if state is State.DONE:
            return "was done"
        if state is State.INTENDED:
            return f"is half done, and the entry cannot be called {event.other}: look who has that name, then run again"
        return "was not done: run again"

    @property
    def row(self) -> str:
        """Where the change stands in the list that it came from, when that is to be run again."""
        event = self.event
        again = self.state is State.NOT_DONE and not self.words and event.input
        return f"{event.input} row {event.input_row}" if again else ""

    @property
    def whom(self) -> str:
        """Who or what the change is about."""
        return self.event.dn if self.event.kind in OF_UNITS else self.event.feide_name


def told(fates: Iterable[Fate]) -> list[str]:
    """A sentence for each; where very many ended alike, one for all of them."""
    alike: dict[tuple[str, str], list[Fate]] = defaultdict(list)
    for fate in fates:
        alike[fate.event.kind, fate.what].append(fate)
    return [sentence for (kind, what), some in alike.items() for sentence in _sentences(kind, what, some)]


def _sentences(kind: str, what: str, fates: list[Fate]) -> Iterator[str]:
    if len(fates) <= TOLD_ONE_BY_ONE:
        for fate in fates:
            row = f" with {fate.row}" if fate.row else ""
            yield f"An earlier run was cut off: {kind} {fate.whom} {what}{row}."
        return
    rows = [fate.row for fate in fates if fate.row]
    first = "; ".join((rows or [fate.whom for fate in fates])[:_SHOWN])
    yield (
        f"An earlier run was cut off: {len(fates)} times {kind} {what} (first: {first}). The history of a user tells "
        "of each."
    )
