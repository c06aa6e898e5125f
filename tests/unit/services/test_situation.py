"""Where an organization stands with Feide's five steps."""

from __future__ import annotations

from datetime import timedelta

import pytest

from feideprov.services.notices import Notices
from feideprov.services.outbox.deliveries import Channel, Deliveries
from feideprov.services.owed import ChangeKind
from feideprov.services.register.service import Dependency, FactSource
from feideprov.services.report.matrix import Matrix, Row
from feideprov.services.report.situation import Age, Progress, Situation
from feideprov.testing import example_settings
from feideprov.wiring import organization_of
from tests.unit.services.conftest import D_NUMBER, FOLLOWS, ON, REALM, SEEN, service

IN_ORDER, UNDER_WAY, NOT_BEGUN = Progress.IN_ORDER, Progress.UNDER_WAY, Progress.NOT_BEGUN


@pytest.mark.parametrize(
    ("days", "age"),
    [
        *((0, Age.WEEK), (6, Age.WEEK), (7, Age.MONTH), (29, Age.MONTH), (30, Age.QUARTER), (90, Age.QUARTER)),
        *((91, Age.HALF_YEAR), (181, Age.HALF_YEAR), (182, Age.LONGER), (4000, Age.LONGER), (None, Age.NOT_KNOWN)),
    ],
)
def test_each_user_is_of_one_age(days, age):
    assert Age.of(days) is age


def test_ages_count_the_listed_users_and_no_protected_one(tmp_path):
    rows = tuple(Row(f"u{days}@{REALM}", (), None, days, ()) for days in (1, 2, 200, None))
    organization = organization_of(example_settings(tmp_path))
    found = Situation(organization, Matrix(ON, (), rows, protected=3), 0, 0, None, (), 0, 0, 0)
    assert found.ages == dict.fromkeys(Age, 0) | {Age.WEEK: 2, Age.LONGER: 1, Age.NOT_KNOWN: 1}
    assert found.longest == 200


def test_before_anything_is_read_the_steps_about_services_have_not_begun(client):
    assert client.services.situation().steps == (IN_ORDER, NOT_BEGUN, NOT_BEGUN, UNDER_WAY, IN_ORDER)


def test_asking_is_under_way_until_each_provider_has_answered(client):
    register = client.services.register
    register.put([service("a"), service("b")])
    assert client.services.situation().steps[1:3] == (IN_ORDER, NOT_BEGUN)
    register.put([service("a", Dependency.ASKED)])
    assert client.services.situation().steps[2] is UNDER_WAY
    register.put([service("a", Dependency.CAN_SERVE), service("b", Dependency.INDEPENDENT)])
    found = client.services.situation()
    assert (found.steps[2], found.settled, found.states[Dependency.CAN_SERVE]) == (IN_ORDER, 2, 1)


def test_a_source_that_was_read_long_ago_is_worth_a_new_look(client):
    old = FactSource(source="Feide API", on=ON - timedelta(days=181))
    client.services.register.put([service(said={"names": old})])
    assert client.services.situation().steps[1] is UNDER_WAY


def test_services_of_which_no_source_tells_whether_they_are_activated_are_counted(client):
    client.services.register.put([service("a"), service("b", activated=None), service("c", activated=None, ways=())])
    found = client.services.situation()
    assert (found.known, found.activation_unknown, len(found.matrix.services)) == (3, 1, 1)


@pytest.fixture
def deliveries(journal, client, user_of) -> Deliveries:
    """Of a number that came, and another that followed it: one notice is due, about both changes. It has been begun."""
    client.services.register.put([service("feide:1", Dependency.CAN_SERVE)])
    user = user_of("p1")
    client.attach(user, D_NUMBER, evidence=SEEN)
    client.replace(user, D_NUMBER, FOLLOWS, evidence=SEEN)
    return Deliveries(journal)


def begun(client) -> str:
    """The id of the one notice."""
    Notices(client._context.journal, client.services.register, ON).gather()
    [notice] = client.services.notices()
    return notice.id


def test_what_is_owed_and_was_not_sent_is_due_by_kind(client, deliveries):
    found = client.services.situation()
    [due] = found.due
    assert (due.service.id, due.count, due.failed) == ("feide:1", 2, False)
    assert due.kinds == {ChangeKind.REGISTERED: 1, ChangeKind.CHANGED: 1}
    assert (found.waiting, found.steps[4], found.arrived_recently) == (1, UNDER_WAY, 2)


@pytest.mark.parametrize("drafted", [True, False], ids=["drafted", "sent"])
def test_a_notice_that_was_sent_or_drafted_is_due_no_more(client, deliveries, drafted):
    notice = begun(client)
    deliveries.drafted(notice) if drafted else deliveries.sent(notice, Channel.MAIL)
    found = client.services.situation()
    assert (found.due, found.waiting, found.sent_recently, found.steps[4]) == ((), 0, 1, IN_ORDER)


@pytest.mark.parametrize("state", ["given up", "tried in vain", "bounced"])
def test_a_notice_that_did_not_arrive_is_still_due_and_says_so(client, deliveries, state):
    notice = begun(client)
    if state == "bounced":
        deliveries.bounced(notice)
    else:
        deliveries.failed(notice, Channel.MAIL, "no such mailbox", permanent=state == "given up")
    found = client.services.situation()
    assert [(due.count, due.failed) for due in found.due] == [(2, True)]
    assert found.waiting == 1


def test_what_the_provider_has_is_told_although_the_webhook_waits(client, deliveries):
    notice = begun(client)
    deliveries.sent(notice, Channel.MAIL)
    deliveries.failed(notice, Channel.WEBHOOK, "not now", permanent=False)
    assert client.services.situation().waiting == 0
