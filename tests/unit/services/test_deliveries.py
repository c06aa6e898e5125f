"""What became of each message: begun before it is sent, tried again later and later, given up at last."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feideprov import Journal, MarkKey
from feideprov.services.outbox.deliveries import ATTEMPTS, Channel, Deliveries, DeliveryState, new_id

START = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
KEY = MarkKey(b"a key for examples and nothing else")
REALM = "skotthyll.kommune.no"


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    log = Journal(f"sqlite:///{tmp_path / 'journal.db'}", REALM, key=KEY, actor="Kari")
    yield log
    log.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def deliveries(journal: Journal, clock: Clock) -> Deliveries:
    return Deliveries(journal, clock=clock)


def test_what_was_begun_is_due_until_it_is_sent(deliveries: Deliveries) -> None:
    begun = deliveries.begin("a", Channel.MAIL)
    assert deliveries.due() == deliveries.of("a") == [begun]
    assert deliveries.begin("a", Channel.MAIL) == begun
    ended = deliveries.sent("a", Channel.MAIL)
    assert (ended.state, ended.attempts, ended.next_at) == (DeliveryState.SENT, 1, None)
    assert deliveries.due() == []
    assert deliveries.begin("a", Channel.MAIL) == ended


def test_each_channel_has_a_state_of_its_own(deliveries: Deliveries) -> None:
    deliveries.begin("a", Channel.MAIL)
    deliveries.begin("a", Channel.WEBHOOK)
    deliveries.sent("a", Channel.MAIL)
    assert [(one.channel.value, one.state.value) for one in deliveries.of("a")] == [
        ("mail", "sent"),
        ("webhook", "due"),
    ]


def test_one_that_was_cut_off_is_the_turn_of_the_next_run(deliveries: Deliveries) -> None:
    with pytest.raises(KeyboardInterrupt), deliveries.attempt("a", Channel.MAIL):
        raise KeyboardInterrupt
    with deliveries.attempt("a", Channel.MAIL) as again:
        assert again is not None


def test_no_attempt_is_made_at_what_was_sent_was_given_up_or_waits(deliveries: Deliveries) -> None:
    deliveries.sent("sent", Channel.MAIL)
    deliveries.failed("given up", Channel.MAIL, "550", permanent=True)
    deliveries.failed("waits", Channel.MAIL, "450", permanent=False)
    for message in ("sent", "given up", "waits"):
        with deliveries.attempt(message, Channel.MAIL) as delivery:
            assert delivery is None


def test_a_failure_is_tried_again_later_and_later_and_given_up_at_last(deliveries: Deliveries, clock: Clock) -> None:
    waits = []
    while (failed := deliveries.failed("a", Channel.MAIL, "450: later", permanent=False)).state is DeliveryState.DUE:
        assert failed.next_at is not None
        waits.append((datetime.fromisoformat(failed.next_at) - clock.now) // timedelta(minutes=1))
        assert deliveries.due() == []
        clock.now = datetime.fromisoformat(failed.next_at)
        assert deliveries.due() == [failed]
    assert waits == [5, 10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440]
    assert (failed.state, failed.attempts) == (DeliveryState.FAILED, ATTEMPTS)
    assert deliveries.due() == []


def test_a_permanent_failure_is_given_up_at_once_until_a_person_says_again(deliveries: Deliveries) -> None:
    assert deliveries.failed("a", Channel.MAIL, "550: nobody", permanent=True).state is DeliveryState.FAILED
    assert deliveries.due() == []
    assert deliveries.due() == []
    assert deliveries.again("a", Channel.MAIL) == deliveries.due()[0]


def test_what_came_back_and_what_lies_in_a_file_are_told_apart(deliveries: Deliveries) -> None:
    deliveries.sent("a", Channel.MAIL)
    assert deliveries.bounced("a").state is DeliveryState.BOUNCED
    deliveries.drafted("b")
    assert [(one.message, one.channel.value, one.state.value) for one in deliveries.all()] == [
        ("a", "mail", "bounced"),
        ("b", "draft", "drafted"),
    ]


def test_no_digits_of_what_was_said_are_kept(deliveries: Deliveries) -> None:
    assert "57912" not in deliveries.failed("a", Channel.MAIL, "no 57912075186 here", permanent=True).said


def test_deliveries_of_another_organization_are_not_seen(deliveries: Deliveries, journal: Journal) -> None:
    deliveries.begin("a", Channel.MAIL)
    assert journal.path is not None
    other = Journal(f"sqlite:///{journal.path}", "berg.kommune.no", key=KEY, actor="Per")
    assert Deliveries(other).all() == []
    other.close()


def test_an_id_has_no_digit_in_it() -> None:
    made = {new_id() for _ in range(50)}
    assert len(made) == 50
    assert all(one.isalpha() and one.isascii() for one in made)
