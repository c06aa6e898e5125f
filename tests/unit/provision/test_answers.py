"""What the journal knows about people."""

from __future__ import annotations

import pytest

from feideprov import Event
from feideprov.provision.answers import Answers
from feideprov.provision.journal import State


def event(kind: str, name: str, state: State = State.DONE, **fields: object) -> Event:
    return Event(kind, name, f"uid={name}", state=state, **fields)


@pytest.mark.parametrize(
    ("state", "ours", "issued"),
    [
        (State.INTENDED, True, False),
        (State.WRITTEN, True, False),
        (State.LOOKED, True, False),
        (State.DONE, True, True),
        (State.TAKEN_BACK, False, True),
        (State.NOT_DONE, False, False),
        (State.REFUSED, False, False),
    ],
)
def test_a_user_is_ours_when_it_may_have_been_made_and_its_name_is_given_out_for_ever(state, ours, issued):
    answers = Answers.of([event("create", "Olena@a.no", state)])
    assert ("olena@a.no" in answers.ours) is ours
    assert ("olena@a.no" in answers.issued) is issued


def test_a_link_makes_a_user_ours_and_gives_it_a_source_id():
    answers = Answers.of([event("link", "olena@a.no", source_id=" P 1")])
    assert answers.ours == {"olena@a.no"}
    assert answers.linked == {"p 1": "olena@a.no"}
    assert answers.issued == frozenset()


@pytest.mark.parametrize("kind", ["update", "attach", "take-back"])
def test_a_change_does_not_make_a_user_ours(kind):
    assert Answers.of([event(kind, "olena@a.no")]).ours == frozenset()


def test_an_answer_that_was_not_kept_is_none():
    answers = Answers.of(
        [event("link", "a@a.no", State.INTENDED, source_id="p1"), event("different", "b@a.no", State.REFUSED)]
    )
    assert answers == Answers()


def test_two_accounts_of_one_person_may_share_a_number_both_ways_and_no_others():
    answers = Answers.of([event("second-account", "A@a.no", other="B@a.no")])
    assert answers.may_share("b@a.no", "a@a.no")
    assert answers.may_share("a@A.no", "b@a.no")
    assert not answers.may_share("a@a.no", "c@a.no")
    assert not answers.may_share("a@a.no", "")
