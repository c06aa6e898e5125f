"""A clock or a file time that is ahead: it delays nothing, and nothing stays wrong when the clock is right again."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from feideprov import Refused
from feideprov.directory import ldif
from feideprov.directory.entry import Entry
from feideprov.journal.held_rows import held_rows, keep_held, shown_by
from feideprov.journal.tables import change, delivery, held_row
from feideprov.observe.snapshot import Snapshot
from feideprov.services.next_step import NextStep, next_step
from feideprov.services.notices import Notices
from feideprov.services.outbox.deliveries import Channel, Deliveries, DeliveryState
from feideprov.services.register.register import Register
from feideprov.services.register.service import Answer, Dependency

from .conftest import D_NUMBER, FOLLOWS, ON, REALM, SEEN, service

NIN = "norEduPersonNIN"
AHEAD = "2098-01-01T00:00:00+00:00"
FAR = (datetime(2098, 1, 1, tzinfo=UTC).timestamp(), float(2**40))  # the second is after the year 9999
NOW = datetime(2026, 11, 29, 14, tzinfo=UTC)


@pytest.fixture
def write(client):
    """Another program writes a number."""

    def write_number(user: str, *values: str) -> None:
        [entry] = [e for e in client.directory.entries() if e.text("eduPersonPrincipalName") == user]
        attributes = {name: held for name, held in entry.items() if name != NIN}
        client.directory._entries[entry.dn.key] = Entry(entry.dn, attributes | ({NIN: values} if values else {}))

    return write_number


@pytest.fixture
def exported(client, tmp_path):
    def export(at: float | None = None) -> str:
        path = tmp_path / "export.ldif"
        path.write_text("".join(map(ldif.dump, client.directory.entries())), encoding="utf-8")
        if at is not None:
            os.utime(path, (at, at))
        return str(path)

    return export


def set_times(journal, table, **values: str) -> None:
    with journal.writing() as connection:
        connection.execute(sa.update(table).values(**values))


@pytest.mark.parametrize("ahead", FAR)
def test_an_export_with_a_time_to_come_does_not_stop_the_next(client, user_of, write, exported, ahead):
    pupil = user_of("p1")
    found = client.observe(ldif=exported(ahead))
    assert "is in the future, so it is not known when the export was made" in found.notes[0]
    write(pupil, D_NUMBER)
    assert client.observe(ldif=exported()).counts["arrived"] == 1
    write(pupil)
    assert client.observe(allow_changes=1).counts["gone"] == 1


def test_an_export_with_a_time_to_come_undoes_nothing_of_ours(client, user_of, exported):
    client.observe()
    made = exported(FAR[0])
    client.attach(user_of("p1"), D_NUMBER, evidence=SEEN)
    assert client.observe(ldif=made).changes == ()
    assert client.observe().changes == ()


def test_an_observation_with_the_clock_ahead_does_not_stop_the_next(client, journal, user_of, write, exported):
    pupil = user_of("p1")
    client.observe()
    with journal.writing() as connection:
        Snapshot.read(journal, ()).write(connection, REALM, AHEAD, {})
    write(pupil, D_NUMBER)
    assert client.observe(ldif=exported()).counts["arrived"] == 1
    write(pupil, FOLLOWS)
    assert client.observe().counts["changed"] == 1


def test_a_user_who_was_changed_with_the_clock_ahead_is_observed(client, journal, user_of, write, exported):
    pupil = user_of("p1")
    client.attach(pupil, D_NUMBER, evidence=SEEN)
    set_times(journal, change, at=AHEAD, ended_at=AHEAD)
    write(pupil, FOLLOWS)
    assert client.observe(ldif=exported()).counts["changed"] == 1


def test_nobody_waits_since_a_day_to_come(client, journal):
    set_times(journal, change, at=AHEAD, ended_at=AHEAD)
    assert {(user.since, user.days) for user in client.pending()} == {(ON, 0)}


@pytest.mark.parametrize(
    ("ahead", "due"),
    [(timedelta(0), True), (timedelta(minutes=5), False), (timedelta(hours=24), False), (timedelta(days=2), True)],
)
def test_an_attempt_is_at_most_a_day_ahead(journal, ahead, due):
    deliveries = Deliveries(journal, clock=lambda: NOW)
    deliveries.begin("a", Channel.MAIL)
    set_times(journal, delivery, next_at=(NOW + ahead).isoformat())
    [found] = deliveries.of("a")
    assert (found.is_due(NOW), deliveries.due() == [found]) == (due, due)


def test_a_failure_with_the_clock_ahead_delays_the_notice_by_no_year(journal):
    Deliveries(journal, clock=lambda: datetime(2099, 1, 1, tzinfo=UTC)).failed("a", Channel.MAIL, "", permanent=False)
    assert [one.message for one in Deliveries(journal, clock=lambda: NOW).due()] == ["a"]


def test_a_notice_that_waits_is_due_when_a_person_says_so(client, journal, user_of):
    client.services.register.put([service("feide:1", Dependency.CAN_SERVE)])
    client.attach(user_of("p1"), D_NUMBER, evidence=SEEN)
    notices = Notices(journal, Register(journal), ON)
    notices.gather()
    [notice] = notices.all()
    assert notices.again(notice.id).state is DeliveryState.DUE  # it is due already
    deliveries = Deliveries(journal)
    deliveries.failed(notice.id, Channel.MAIL, "", permanent=False)
    assert not deliveries.due()
    notices.again(notice.id)
    assert [one.message for one in deliveries.due()] == [notice.id]
    deliveries.sent(notice.id, Channel.MAIL)
    with pytest.raises(Refused, match="was sent, and did not come back"):
        notices.again(notice.id)


@pytest.mark.parametrize("asked_on", [date(2099, 1, 1), date.max])
def test_a_question_that_was_asked_with_the_clock_ahead_is_reminded_of(asked_on):
    asked = service(answer=Answer(state=Dependency.ASKED, on=asked_on), asked_on=asked_on)
    assert next_step(asked, ON, 14) is NextStep.REMIND
    assert next_step(asked.model_copy(update={"reminded_on": asked_on}), ON, 14) is NextStep.NO_ANSWER


def test_a_row_was_held_on_no_day_to_come(client, journal, tmp_path):
    from feideprov.issues import Refusal
    from feideprov.messages import Sentence

    keep_held(journal, shown_by("plan", tmp_path / "list.csv"), [Refusal("R-ROLE", Sentence("x"), held=True)])
    set_times(journal, held_row, at=AHEAD)
    assert held_rows(journal)[0].on <= datetime.now(UTC).date() + timedelta(days=1)
