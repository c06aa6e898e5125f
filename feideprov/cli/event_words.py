"""The words for events of the journal on a screen. What is stored, and what `--json` shows, stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from feideprov.journal.events import Event, Kind, State
from feideprov.messages import Sentence, Template

KINDS: Final[Mapping[str, Sentence]] = {
    Kind.CREATE: Sentence("create"),
    Kind.UPDATE: Sentence("update"),
    Kind.PROTECT: Sentence("protect"),
    Kind.ATTACH: Sentence("attach"),
    Kind.REPLACE: Sentence("replace"),
    Kind.WITHDRAW: Sentence("withdraw"),
    Kind.TAKE_BACK: Sentence("take-back"),
    Kind.RENAME: Sentence("rename"),
    Kind.CLOSE: Sentence("close"),
    Kind.REOPEN: Sentence("reopen"),
    Kind.PASSWORD: Sentence("password"),
    Kind.LINK: Sentence("link"),
    Kind.SOURCE_ID: Sentence("source-id"),
    Kind.DIFFERENT: Sentence("different"),
    Kind.SECOND_ACCOUNT: Sentence("second-account"),
    Kind.UNDO_LINK: Sentence("undo-link"),
    Kind.UNDO_SOURCE_ID: Sentence("undo-source-id"),
    Kind.UNDO_DIFFERENT: Sentence("undo-different"),
    Kind.UNDO_SECOND_ACCOUNT: Sentence("undo-second-account"),
    Kind.GONE: Sentence("gone"),
    Kind.RELEASE: Sentence("release"),
    Kind.CREATE_UNIT: Sentence("furnish"),
    Kind.UPDATE_UNIT: Sentence("amend"),
    Kind.SEEN_ATTACH: Sentence("seen-attach"),
    Kind.SEEN_REPLACE: Sentence("seen-replace"),
    Kind.SEEN_WITHDRAW: Sentence("seen-withdraw"),
}
"""A journal may hold kinds of a later version, which are not here."""
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
