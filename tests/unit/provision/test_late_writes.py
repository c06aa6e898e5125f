"""A write that the directory carries out after a run has recorded that it was not done."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from lying_directory import LyingDirectory

from feideprov import Client, DirectoryError, Evidence, Journal, MarkKey, PersonRecord, Refused
from feideprov.directory.entry import Add, Delete, Modify, SetPassword
from feideprov.journal.journal import OPEN, State
from feideprov.testing import example_settings
from tests.unit.conftest import ON
from tests.unit.provision.test_executor import NIN, TENOR, somebody
from tests.unit.provision.test_unclear_answers import USER, assert_can_log_in, passwords

SEEN = Evidence("letter", "Kari Nordmann", ON)


@pytest.fixture
def directory() -> LyingDirectory:
    directory = LyingDirectory()
    directory.truth = "late"
    return directory


@pytest.fixture
def client(tmp_path, directory: LyingDirectory, journal: Journal, key: MarkKey) -> Client:
    return Client(example_settings(tmp_path), directory=directory, journal=journal, keys=key, on=ON)


def kinds(journal: Journal, *states: State) -> list[str]:
    return [str(event.kind) for event in journal.events(state=states or [State.DONE])]


def holders(directory: LyingDirectory) -> list[str]:
    return [entry.text("eduPersonPrincipalName") or "" for entry in directory.having([NIN], ["*"])]


def two_users(client: Client, person: Callable[..., PersonRecord]) -> None:
    client.apply(client.plan([person("p1"), person("p2", family_name="Коваленкова")]))


def attach_late(client: Client, directory: LyingDirectory) -> None:
    directory.lies_to = lambda write: isinstance(write, Modify)
    with pytest.raises(DirectoryError):
        client.attach(USER, TENOR, evidence=SEEN)
    directory.lies_to = lambda _: False


def test_a_number_that_comes_late_is_known_and_told(client, directory, journal, person) -> None:
    two_users(client, person)
    attach_late(client, directory)
    directory.arrive()
    assert [finding.code for finding in client.journal.verify()] == ["J-UNKNOWN-NUMBER"]
    outcome = client.apply(client.plan([]))
    assert "carried it out late" in "".join(outcome.recovered)
    assert kinds(journal) == ["create", "create", "attach"]
    assert [event.evidence for event in journal.events(state=[State.DONE])][-1] == SEEN
    assert list(client.journal.verify()) == []
    assert client.apply(client.plan([])).recovered == ()


def test_a_number_that_comes_late_is_taken_back_when_somebody_else_has_it(client, directory, journal, person) -> None:
    two_users(client, person)
    attach_late(client, directory)
    other = next(e.text("eduPersonPrincipalName") for e in directory.matching("employeeNumber", ["p2"], ["*"]))
    client.attach(other, TENOR, evidence=SEEN)
    directory.arrive()
    assert len(holders(directory)) == 2
    assert "J-UNKNOWN-NUMBER" in [finding.code for finding in client.journal.verify()]
    client.apply(client.plan([]))
    assert holders(directory) == [other]
    assert kinds(journal, State.TAKEN_BACK) == ["attach"]
    assert list(client.journal.verify()) == []


def test_nobody_else_gets_a_number_that_has_come_late(client, directory, person) -> None:
    two_users(client, person)
    attach_late(client, directory)
    other = next(e.text("eduPersonPrincipalName") for e in directory.matching("employeeNumber", ["p2"], ["*"]))
    directory.arrive()
    with pytest.raises(Refused):
        client.attach(other, TENOR, evidence=SEEN)
    assert holders(directory) == [USER]


def test_a_number_that_was_withdrawn_in_between_goes_again(client, directory, journal, person) -> None:
    two_users(client, person)
    attach_late(client, directory)
    client.attach(USER, TENOR, evidence=SEEN)
    client.withdraw(USER, TENOR)
    directory.arrive()
    client.apply(client.plan([]))
    assert holders(directory) == []
    assert kinds(journal) == ["create", "create", "attach", "withdraw"]


def test_a_number_that_is_attached_again_is_attached_once(client, directory, journal, person) -> None:
    two_users(client, person)
    attach_late(client, directory)
    client.attach(USER, TENOR, evidence=SEEN)
    directory.arrive()
    client.apply(client.plan([]))
    assert kinds(journal) == ["create", "create", "attach"]


def test_a_number_that_goes_late_is_withdrawn(client, directory, journal, person) -> None:
    two_users(client, person)
    client.attach(USER, TENOR, evidence=SEEN)
    directory.lies_to = lambda write: isinstance(write, Modify)
    with pytest.raises(DirectoryError):
        client.withdraw(USER, TENOR)
    directory.lies_to = lambda _: False
    directory.arrive()
    client.apply(client.plan([]))
    assert kinds(journal)[2:] == ["attach", "withdraw"]
    assert list(client.journal.verify()) == []


def create_late(client: Client, directory: LyingDirectory, person: Callable[..., PersonRecord]) -> None:
    directory.lies_to = lambda write: isinstance(write, Add)
    assert client.apply(client.plan([person()])).failures
    directory.lies_to = lambda _: False


def test_a_user_who_comes_late_is_ours_and_has_a_password(client, directory, journal, person, tmp_path) -> None:
    create_late(client, directory, person)
    assert passwords(tmp_path) == {}
    directory.arrive()
    assert client.apply(client.plan([person()])).failures == ()
    assert kinds(journal) == ["create"]
    assert_can_log_in(client, directory, tmp_path)
    assert client.plan([person()]).changes == ()


def test_a_user_who_comes_just_before_our_second_attempt_has_a_password(
    client, directory, journal, person, tmp_path
) -> None:
    create_late(client, directory, person)

    def arrive_first(write: object) -> bool:
        directory.arrive()
        return False

    plan = client.plan([person()])
    directory.lies_to = arrive_first
    client.apply(plan)
    assert kinds(journal) == ["create"]
    assert_can_log_in(client, directory, tmp_path)
    assert journal.events(state=OPEN) == []


def test_a_user_who_gets_no_password_in_the_recovery_is_a_failure_until_one_works(
    client, directory, journal, person, tmp_path
) -> None:
    create_late(client, directory, person)
    directory.arrive()
    directory.truth, directory.lies_to = "never", lambda write: isinstance(write, SetPassword)
    for _ in range(2):
        [failure] = client.apply(client.plan([person()])).failures
        assert (failure.code, failure.user) == ("R-FAILED", USER)
        assert "feideprov password" in failure.sentence
    directory.lies_to = lambda _: False
    assert client.apply(client.plan([person()])).failures == ()
    assert kinds(journal) == ["create"]
    assert_can_log_in(client, directory, tmp_path)


@pytest.mark.parametrize("code", [51, 50])
def test_a_late_number_that_cannot_be_removed_is_a_failure_until_it_is(client, directory, journal, person, code):
    two_users(client, person)
    attach_late(client, directory)
    other = next(e.text("eduPersonPrincipalName") for e in directory.matching("employeeNumber", ["p2"], ["*"]))
    client.attach(other, TENOR, evidence=SEEN)
    directory.arrive()
    directory.truth, directory.code, directory.lies_to = "never", code, lambda write: isinstance(write, Modify)
    for _ in range(2):
        outcome = client.apply(client.plan([]))
        assert outcome.recovered == ()
        assert {(failure.code, failure.user) for failure in outcome.failures} == {("R-NOT-TAKEN-BACK", USER)}
    assert len(journal.events(state=OPEN)) == 1
    directory.lies_to = lambda _: False
    assert client.apply(client.plan([])).failures == ()
    assert holders(directory) == [other]
    assert list(client.journal.verify()) == []


def test_a_late_user_who_cannot_be_deleted_is_a_failure_until_it_is(client, directory, journal, person, tmp_path):
    """Somebody else has made a user with the same source id meanwhile."""
    create_late(client, directory, person)
    list(directory.write([Add(somebody("other", employeeNumber=["p1"]))]))
    directory.arrive()
    directory.truth, directory.lies_to = "never", lambda write: isinstance(write, Delete)
    [failure] = client.apply(client.plan([])).failures
    assert (failure.code, failure.user) == ("R-NOT-TAKEN-BACK", USER)
    directory.lies_to = lambda _: False
    assert client.apply(client.plan([])).failures == ()
    assert [e.text("uid") for e in directory.having(["employeeNumber"], ["uid"])] == ["other"]
    assert passwords(tmp_path) == {}


def test_a_rename_that_comes_late_is_known(client, directory, journal, person, tmp_path) -> None:
    two_users(client, person)
    directory.lies_to = lambda write: isinstance(write, Modify)
    with pytest.raises(DirectoryError):
        client.users.rename(USER, to="olena")
    directory.lies_to = lambda _: False
    directory.arrive()
    client.apply(client.plan([]))
    assert kinds(journal) == ["create", "create", "rename"]
    assert_can_log_in(client, directory, tmp_path)


def test_an_answer_that_comes_late_is_known(client, directory, journal) -> None:
    list(directory.write([Add(somebody("other"))]))
    directory.lies_to = lambda write: isinstance(write, Modify)
    with pytest.raises(DirectoryError):
        client.users.resolve("other@skotthyll.kommune.no", same_as="p9")
    directory.lies_to = lambda _: False
    directory.arrive()
    client.apply(client.plan([]))
    assert client._context.known_users().linked == {"p9": "other@skotthyll.kommune.no"}


def test_what_was_refused_or_is_old_is_not_looked_at_again(client, directory, journal, person, monkeypatch) -> None:
    two_users(client, person)
    attach_late(client, directory)
    directory.arrive()
    monkeypatch.setattr("feideprov.provision.run.late_writes.RECENT", -client_day())
    client.apply(client.plan([]))
    assert kinds(journal) == ["create", "create"]


def client_day():
    from datetime import timedelta

    return timedelta(days=1)
