"""Kinds and states of changes: the words that are stored, and what follows from them."""

from __future__ import annotations

import json
import pickle

import pytest

from feideprov import Event, Journal
from feideprov.journal.events import OPEN, Kind, State
from feideprov.journal.users import KnownUsers

STORED = {
    *("create", "update", "protect", "attach", "replace", "withdraw", "take-back", "rename", "close", "reopen"),
    *("password", "link", "different", "second-account", "furnish", "amend"),
    *("seen-attach", "seen-replace", "seen-withdraw"),
}
"""Of version 0.1.0."""
SINCE = {
    "gone",
    "release",
    "source-id",
    "lockout",
    "no-lockout",
    *(f"undo-{kind}" for kind in ("link", "source-id", "different", "second-account")),
}
USER = "olenkova@skotthyll.kommune.no"


def test_the_words_that_are_stored_are_those_of_version_0_1_0_and_those_since():
    assert {kind.value for kind in Kind} == STORED | SINCE
    assert [state.value for state in State] == [
        *("intended", "written", "looked", "done", "not done", "refused", "taken back"),
    ]


def test_what_was_seen_is_the_same_change_outside_this_tool():
    seen = {kind for kind in Kind if kind.seen}
    assert {kind.as_written for kind in seen} == {Kind.ATTACH, Kind.REPLACE, Kind.WITHDRAW}
    assert {kind for kind in Kind if kind.about_number} == seen | {kind.as_written for kind in seen}
    assert {kind for kind in Kind if kind.gives_name} == {Kind.CREATE, Kind.RENAME}


@pytest.mark.parametrize("state", State)
def test_a_state_is_open_or_took_place_or_neither(state):
    assert state.is_open is (state in OPEN) is (state.value in ("intended", "written", "looked"))
    assert state.took_place is (state.value in ("done", "taken back"))


def test_a_kind_may_be_given_as_its_word():
    event = Event("attach", USER, "uid=olenkova")
    assert event.kind is Kind.ATTACH
    assert event == Event(Kind.ATTACH, USER, "uid=olenkova")
    assert json.dumps({"kind": event.kind}) == '{"kind": "attach"}'


def test_a_kind_of_a_later_version_is_read_and_says_nothing(journal: Journal):
    later = Event("seen-later", USER, "uid=olenkova")
    journal.note(later)
    journal.note(Event("later", USER, "uid=olenkova"))
    seen, other = journal.events(USER)
    assert (seen.kind, other.kind) == ("seen-later", "later")
    assert seen.kind == later.kind == pickle.loads(pickle.dumps(seen)).kind
    assert (other.kind.about_number, other.kind.seen, other.kind.gives_name) == (False, False, False)
    assert "later" not in [kind.value for kind in Kind]
    assert KnownUsers.of(journal.events()) == KnownUsers() == KnownUsers.of(journal.facts([Kind("later")]))
