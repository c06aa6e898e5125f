"""The words for events of the journal on a screen. What is stored, and what `--json` shows, stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from feideprov.journal.events import KINDS, Event, Kind, State
from feideprov.messages import Sentence, Template

STATES: Final[Mapping[State, Sentence]] = {
    State.INTENDED: Sentence("intended"),
    State.WRITTEN: Sentence("written"),
    State.LOOKED: Sentence("looked"),
    State.DONE: Sentence("done"),
    State.NOT_DONE: Sentence("not done"),
    State.REFUSED: Sentence("refused"),
    State.TAKEN_BACK: Sentence("taken back"),
}
_WITH_OTHER: Final[Mapping[str, Template]] = {
    Kind.RENAME: Template("rename to {other}"),
    Kind.SECOND_ACCOUNT: Template("second-account of {other}"),
}


def kind_of(event: Event) -> str:
    """The kind of an event, with the other name in it: the new one of a rename, the other user of a second account."""
    if event.other and event.kind in _WITH_OTHER:
        return _WITH_OTHER[event.kind].filled(other=event.other)
    return KINDS.get(event.kind, event.kind)
