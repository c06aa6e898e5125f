"""What the journal knows about people."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from feideprov import Event
from feideprov.journal.journal import State
from feideprov.journal.users import KnownUsers


def event(kind: str, name: str, state: State = State.DONE, **fields: object) -> Event:
    return Event(kind, name, f"uid={name}", state=state, **fields)


@pytest.mark.parametrize(
    ("state", "ours"),
    [
        (State.INTENDED, True),
        (State.WRITTEN, True),
        (State.LOOKED, True),
        (State.DONE, True),
        (State.TAKEN_BACK, False),
        (State.NOT_DONE, False),
        (State.REFUSED, False),
    ],
)
def test_a_user_is_ours_when_it_may_have_been_made(state, ours):
    answers = KnownUsers.of([event("create", "Olena@a.no", state)])
    assert ("olena@a.no" in answers.ours) is ours


RENAME = event("rename", "olena@a.no", other="kova@a.no")
KNOWN = [
    event("create", "olena@a.no", protected=True),
    event("different", "olena@a.no"),
    event("link", "olena@a.no", source_id="p1"),
    event("second-account", "anna@a.no", other="olena@a.no"),
]


@pytest.mark.parametrize("state", [State.DONE, State.INTENDED, State.WRITTEN])
def test_what_is_known_of_a_user_holds_under_a_new_name_too(state):
    answers = KnownUsers.of([*KNOWN, replace(RENAME, state=state)])
    assert answers.ours >= {"olena@a.no", "kova@a.no"}
    assert all(answers.is_different(name, "p9") for name in ("olena@a.no", "kova@a.no"))
    assert answers.is_protected("kova@a.no")
    assert answers.may_share("kova@a.no", "anna@a.no")
    # an open rename may not have been done: the directory knows the former name, if it was
    assert answers.linked == {"p1": "kova@a.no" if state is State.DONE else "olena@a.no"}


@pytest.mark.parametrize("state", [State.DONE, State.INTENDED])
def test_the_day_a_user_was_made_is_known_under_a_new_name_too(state):
    failed = event("create", "olena@a.no", State.REFUSED, at="2026-01-02T08:00:00+00:00")
    made = event("create", "olena@a.no", at="2026-02-03T08:00:00+00:00")
    answers = KnownUsers.of([failed, made, replace(RENAME, state=state)])
    assert answers.made == dict.fromkeys(("olena@a.no", "kova@a.no"), date(2026, 2, 3))


def test_two_renames_are_followed_to_the_last_name():
    answers = KnownUsers.of([*KNOWN, RENAME, event("rename", "kova@a.no", other="berg@a.no")])
    assert "berg@a.no" in answers.ours
    assert answers.linked == {"p1": "berg@a.no"}


@pytest.mark.parametrize("state", [State.NOT_DONE, State.REFUSED, State.TAKEN_BACK])
def test_a_rename_that_was_not_done_changes_nothing(state):
    assert KnownUsers.of([*KNOWN, replace(RENAME, state=state)]) == KnownUsers.of(KNOWN)


def test_a_forgotten_user_leaves_no_answer():
    forgotten = [replace(e, feide_name="", dn="", source_id=None, other=None, protected=False) for e in KNOWN[:3]]
    assert KnownUsers.of([*forgotten, event("second-account", "anna@a.no")]) == KnownUsers()


def test_a_link_makes_a_user_ours_and_gives_it_a_source_id():
    answers = KnownUsers.of([event("link", "olena@a.no", source_id=" P 1")])
    assert answers.ours == {"olena@a.no"}
    assert answers.linked == {"p 1": "olena@a.no"}
    assert answers.issued == frozenset()


@pytest.mark.parametrize("kind", ["update", "attach", "take-back"])
def test_a_change_does_not_make_a_user_ours(kind):
    assert KnownUsers.of([event(kind, "olena@a.no")]).ours == frozenset()


def test_an_answer_that_was_not_kept_is_none():
    answers = KnownUsers.of(
        [event("link", "a@a.no", State.INTENDED, source_id="p1"), event("different", "b@a.no", State.REFUSED)]
    )
    assert answers == KnownUsers()


def test_two_accounts_of_one_person_may_share_a_number_both_ways_and_no_others():
    answers = KnownUsers.of([event("second-account", "A@a.no", other="B@a.no")])
    assert answers.may_share("b@a.no", "a@a.no")
    assert answers.may_share("a@A.no", "b@a.no")
    assert not answers.may_share("a@a.no", "c@a.no")
    assert not answers.may_share("a@a.no", "")


def test_a_user_that_was_renamed_has_one_state_under_all_names():
    events = [
        event("create", "olena@a.no", at="2026-02-03T08:00:00+00:00", source_id="p1"),
        event("attach", "olena@a.no", number_mark="n1", at="2026-02-04T08:00:00+00:00", id=2),
        RENAME,
        event("withdraw", "kova@a.no", old_number_mark="n1", at="2026-03-05T08:00:00+00:00", id=4),
    ]
    users = KnownUsers.of(events)
    [user] = users.settled.values()
    assert users.by_name["olena@a.no"] is users.by_name["kova@a.no"] is user
    assert (user.feide_name, user.entry, user.source_id) == ("kova@a.no", "uid=kova", "p1")
    assert (user.number_mark, user.without, user.last_change) == (None, "n1", ("withdraw", 4, events[3].at))
    assert users.waiting_since("olena@a.no") == users.waiting_since("kova@a.no") == date(2026, 3, 5)
    assert users.renames == (("olena@a.no", "kova@a.no"),)


@pytest.mark.parametrize("kind", ["update", "create", "rename", "later"])
def test_a_user_with_an_open_change_is_not_settled(kind):
    made = event("create", "olena@a.no")
    users = KnownUsers.of([made, event(kind, "olena@a.no", State.WRITTEN, other="kova@a.no")])
    assert users.settled == {}
    assert users.unsure == {"olena@a.no"} | ({"kova@a.no"} if kind == "rename" else set())
    assert KnownUsers.of([made]).settled.keys() == {"olena@a.no"}


def test_a_former_name_that_is_in_use_again_is_another_user():
    """Made outside this tool. What people said of the name holds on."""
    users = KnownUsers.of([*KNOWN, RENAME, event("attach", "olena@a.no", number_mark="n2", at="2026-02-04")])
    assert set(users.settled) == {"olena@a.no", "kova@a.no"}
    assert users.settled["kova@a.no"].number_mark is None
    assert users.settled["olena@a.no"].number_mark == "n2"
    assert users.is_protected("olena@a.no")
    assert users.is_protected("kova@a.no")
    assert users.may_share("kova@a.no", "anna@a.no")
