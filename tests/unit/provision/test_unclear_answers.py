"""A response that is no refusal: the entry is looked up before anything is taken away."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator

import pytest
from lying_directory import UNCLEAR, LyingDirectory

from feideprov import Client, DirectoryError, Evidence, Journal, MarkKey, PersonRecord, WriteResult
from feideprov.directory.entry import Add, Delete, Modification, Modify, SetPassword, Write
from feideprov.journal.journal import OPEN, State
from feideprov.testing import example_settings
from tests.unit.conftest import ON
from tests.unit.provision.test_executor import NIN, TENOR, somebody

USER = "olenkova@skotthyll.kommune.no"
SEEN = Evidence("letter", "Kari Nordmann", ON)


@pytest.fixture
def directory() -> LyingDirectory:
    return LyingDirectory()


@pytest.fixture
def client(tmp_path, directory: LyingDirectory, journal: Journal, key: MarkKey) -> Client:
    return Client(example_settings(tmp_path), directory=directory, journal=journal, keys=key, on=ON)


def passwords(tmp_path) -> dict[str, str]:
    with (tmp_path / "passwords.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["user"]: row["password"] for row in csv.DictReader(file, delimiter=";")}


def assert_can_log_in(client: Client, directory: LyingDirectory, tmp_path) -> None:
    users = {e.text("eduPersonPrincipalName"): e.dn for e in directory.having(["employeeNumber"], ["*"])}
    given = passwords(tmp_path)
    assert set(given) == set(users)
    assert all(directory.accepts_login(dn, given[name]) for name, dn in users.items())


@pytest.mark.parametrize("code", [*UNCLEAR, 68])
def test_a_user_who_was_made_in_spite_of_the_answer_keeps_the_first_password(
    client: Client, directory: LyingDirectory, person: Callable[..., PersonRecord], tmp_path, code: int
) -> None:
    """68: what distributes the requests among several servers has sent the same request twice."""
    directory.code, directory.lies_to = code, lambda write: isinstance(write, Add)
    outcome = client.apply(client.plan([person(), person("p2")]))
    assert outcome.counts["created"] == 2
    assert (outcome.refusals, outcome.failures) == ((), ())
    assert_can_log_in(client, directory, tmp_path)
    assert client._context.journal.events(state=OPEN) == []


@pytest.mark.parametrize("code", UNCLEAR)
def test_a_user_who_was_not_made_has_no_row(
    client: Client, directory: LyingDirectory, person: Callable[..., PersonRecord], tmp_path, code: int
) -> None:
    directory.code, directory.truth = code, "never"
    directory.lies_to = lambda write: write.dn.rdns[0][0][1] == "olenkova"
    outcome = client.apply(client.plan([person(), person("p2")]))
    assert [refusal.code for refusal in outcome.failures] == ["R-FAILED"]
    assert outcome.counts["created"] == 1
    assert_can_log_in(client, directory, tmp_path)
    assert [event.state for event in client._context.journal.events()] == [State.NOT_DONE, State.DONE]


@pytest.mark.parametrize("code", [*UNCLEAR, 16, 19, 20])
def test_a_number_that_came_in_spite_of_the_answer_is_attached(
    client: Client, directory: LyingDirectory, person: Callable[..., PersonRecord], code: int
) -> None:
    client.apply(client.plan([person()]))
    directory.code, directory.lies_to = code, lambda write: isinstance(write, Modify)
    assert client.attach(USER, TENOR, evidence=SEEN).attach_counts["attached"] == 1
    assert client.withdraw(USER, TENOR).counts_as("withdrawn")["withdrawn"] == 1
    done = [event.kind for event in client._context.journal.events(state=[State.DONE])]
    assert done == ["create", "attach", "withdraw"]


@pytest.mark.parametrize("code", UNCLEAR)
def test_a_new_password_that_was_set_in_spite_of_the_answer_keeps_its_row(
    client: Client, directory: LyingDirectory, person: Callable[..., PersonRecord], tmp_path, code: int
) -> None:
    client.apply(client.plan([person()]))
    directory.code, directory.lies_to = code, lambda write: isinstance(write, SetPassword)
    outcome = client.apply(client.users.plan_password([USER]))
    assert outcome.failures == ()
    assert_can_log_in(client, directory, tmp_path)


@pytest.mark.parametrize("code", UNCLEAR)
def test_a_user_who_was_renamed_in_spite_of_the_answers_is_renamed(
    client: Client, directory: LyingDirectory, person: Callable[..., PersonRecord], tmp_path, code: int
) -> None:
    client.apply(client.plan([person()]))
    directory.code, directory.lies_to = code, lambda write: not isinstance(write, Add)
    outcome = client.apply(client.users.plan_rename(USER, to="olena"))
    assert outcome.failures == ()
    assert [e.kind for e in client._context.journal.events(state=[State.DONE])] == ["create", "rename"]
    assert_can_log_in(client, directory, tmp_path)


def test_an_answer_about_who_is_who_that_reached_the_entry_stands(client: Client, directory: LyingDirectory) -> None:
    entry = somebody("other")
    list(directory.write([Add(entry)]))
    directory.lies_to = lambda write: isinstance(write, Modify)
    client.users.resolve("other@skotthyll.kommune.no", same_as="p9")
    assert directory.read(entry.dn).texts("employeeNumber") == ["p9"]
    assert client._context.known_users().linked == {"p9": "other@skotthyll.kommune.no"}


class Racing(LyingDirectory):
    """Somebody else gets our number at the same moment, and the deletion of ours is answered with a lie."""

    theirs = somebody("other", **{NIN: [TENOR]})

    def write(self, writes: Iterable[Write]) -> Iterator[WriteResult]:
        for written in super().write(writes):
            self._entries.setdefault(self.theirs.dn.key, self.theirs)
            yield written


def test_what_was_taken_back_in_spite_of_the_answer_is_taken_back(
    tmp_path, journal: Journal, key: MarkKey, person: Callable[..., PersonRecord]
) -> None:
    directory = Racing(
        lambda write: isinstance(write, Modify) and any(step.operation == "delete" for step in write.modifications)
    )
    client = Client(example_settings(tmp_path), directory=directory, journal=journal, keys=key, on=ON)
    numbered = person(national_number=TENOR, birth_date="2020-11-17")
    outcome = client.apply(client.plan([numbered]))
    assert outcome.failures == ()
    assert [refusal.code for refusal in outcome.held] == ["R-HELD-BY-ANOTHER"]
    assert [e.dn for e in directory.having([NIN], ["uid"])] == [directory.theirs.dn]


class Unreadable(LyingDirectory):
    """Nothing can be read after the first lie."""

    def read(self, dn, attributes=("*",)):
        if self.late:
            raise DirectoryError("The server is busy.", code=51)
        return super().read(dn, attributes)


def test_what_cannot_be_looked_up_stays_open_and_the_next_run_finds_out(
    tmp_path, journal: Journal, key: MarkKey, person: Callable[..., PersonRecord]
) -> None:
    directory = Unreadable(lambda write: isinstance(write, Add))
    directory.truth = "late"
    client = Client(example_settings(tmp_path), directory=directory, journal=journal, keys=key, on=ON)
    with pytest.raises(DirectoryError, match="busy"):
        client.apply(client.plan([person()]))
    assert [event.state for event in journal.events()] == [State.INTENDED]
    assert list(passwords(tmp_path)) == [USER]
    directory.arrive()
    directory.lies_to = lambda _: False
    assert client.apply(client.plan([person()])).failures == ()
    assert_can_log_in(client, directory, tmp_path)


def test_a_refusal_is_a_refusal(directory: LyingDirectory) -> None:
    """Codes that say what is wrong are believed, and a write that another did is not ours."""
    from feideprov.directory.second_look import carried_out

    entry = somebody("other")
    directory.lies_to, directory.code, directory.truth = (lambda _: True), 50, "done"
    [written] = carried_out(directory, [Add(entry)])
    assert written.error is not None
    directory.truth = "never"
    for code in UNCLEAR:
        directory.code = code
        for write in (
            Delete(entry.dn),
            Modify(entry.dn, (Modification("add", NIN, (TENOR.encode(),)),)),
            SetPassword(entry.dn, "Rognebær-29-Fjellrev-58"),
        ):
            [written] = carried_out(directory, [write])
            assert written.error is not None
            assert written.error.code == code


@pytest.mark.parametrize("code", UNCLEAR)
def test_every_kind_of_write_is_looked_up(directory: LyingDirectory, code: int) -> None:
    from feideprov.directory.second_look import carried_out

    entry = somebody("other")
    directory.lies_to, directory.code = (lambda _: True), code
    for write in (
        Add(entry),
        Modify(entry.dn, (Modification("add", NIN, (TENOR.encode(),)),)),
        Modify(entry.dn, (Modification("delete", NIN, (TENOR.encode(),)),)),
        SetPassword(entry.dn, "Rognebær-29-Fjellrev-58", (Modification("add", "sn", (b"Else",)),)),
        SetPassword(entry.dn, "Rognebær-29-Fjellrev-59"),
        Delete(entry.dn),
    ):
        [written] = carried_out(directory, [write])
        assert written == WriteResult(write)
