"""What became of the changes of an interrupted run, in sentences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from feideprov.journal.events import Event, State
from feideprov.messages import Sentence, joined
from feideprov.provision.plan.changes import Update
from feideprov.provision.plan.login_changes import NewPassword
from feideprov.provision.plan.unit_changes import CreateUnit, UpdateUnit

OF_UNITS: Final = (CreateUnit.kind, UpdateUnit.kind)
ONE_BY_ONE: Final = 20
"""More changes than this with the same outcome are reported together."""
_SHOWN: Final = 3
_PLANNED_AGAIN: Final = (Update.kind, UpdateUnit.kind)
"""The journal does not know the values of these, and the next plan finds out what is needed."""
_KINDS: Final = {
    "create": Sentence("create"),
    "update": Sentence("update"),
    "attach": Sentence("attach"),
    "replace": Sentence("replace"),
    "withdraw": Sentence("withdraw"),
    "close": Sentence("close"),
    "reopen": Sentence("reopen"),
    "password": Sentence("new first password for"),
    "rename": Sentence("rename"),
    "link": Sentence("resolve --same-as"),
    "different": Sentence("resolve --different"),
    "second-account": Sentence("resolve --second-account-of"),
    "source-id": Sentence("write the source id of"),
    "undo-link": Sentence("resolve --undo"),
    "undo-source-id": Sentence("delete the source id of"),
    CreateUnit.kind: Sentence("create"),
    UpdateUnit.kind: Sentence("update"),
}


@dataclass(frozen=True)
class RecoveredChange:
    """What became of a change that was open. `outcome` says it when the state alone does not."""

    event: Event
    state: State
    outcome: Sentence | None = None

    @property
    def sentence(self) -> Sentence:
        """What became of the change, without the names of users, so that it can hold for other changes too."""
        event, state = self.event, self.state
        if self.outcome is not None:
            return self.outcome
        if state is State.DONE and event.kind == NewPassword.kind:
            return Sentence("done, or not needed. The password in the hand-over file works.")
        if state is State.NOT_DONE and event.kind in _PLANNED_AGAIN:
            return Sentence("not done, or changed again since then. The next run of the list makes it if it is needed.")
        if state is State.DONE:
            return Sentence("done.")
        if state is State.INTENDED:
            return Sentence(
                "half done, because the entry could not be renamed to {name}. Find out which entry has this "
                "name, then run again.",
                name=event.other,
            )
        return Sentence("not done. Run again.")

    @property
    def row(self) -> Sentence | None:
        """The row of the list that the change came from, when that must be run again."""
        event = self.event
        if self.state is State.NOT_DONE and self.outcome is None and event.input:
            return Sentence("{file} row {row}", file=event.input, row=event.input_row)
        return None

    @property
    def about(self) -> str:
        """The user or entry that the change is about."""
        return self.event.dn if self.event.kind in OF_UNITS else self.event.feide_name


def reported(changes: Iterable[RecoveredChange]) -> list[Sentence]:
    """A sentence for each change; one for all of them when very many have the same outcome."""
    groups: dict[tuple[str, Sentence], list[RecoveredChange]] = defaultdict(list)
    for change in changes:
        groups[change.event.kind, change.sentence].append(change)
    return [
        sentence
        for (kind, outcome), some in groups.items()
        for sentence in _sentences(_KINDS.get(kind, kind), outcome, some)
    ]


def _sentences(kind: str, outcome: Sentence, changes: Sequence[RecoveredChange]) -> Iterator[Sentence]:
    if len(changes) > ONE_BY_ONE:
        rows: list[str] = [change.row for change in changes if change.row]
        yield Sentence(
            "An earlier run was interrupted. {number} changes of the kind “{kind}”: {outcome} The first of them: "
            "{first}. To see what was done to a user, run: feideprov history USER",
            kind=kind,
            number=len(changes),
            outcome=outcome,
            first=joined((rows or [change.about for change in changes])[:_SHOWN], "; "),
        )
        return
    for change in changes:
        what = Sentence("{kind} {user}", kind=kind, user=change.about)
        if change.row:
            yield Sentence(
                "An earlier run was interrupted. The change “{what}” ({row}): {outcome}",
                what=what,
                row=change.row,
                outcome=outcome,
            )
        else:
            yield Sentence("An earlier run was interrupted. The change “{what}”: {outcome}", what=what, outcome=outcome)
