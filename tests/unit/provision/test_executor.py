"""What the executor does where a plan, the directory or the journal is not as it should be."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from threading import Barrier

import pytest

from feideprov import (
    Client,
    DirectoryError,
    Entry,
    Journal,
    JournalError,
    MemoryDirectory,
    NumberText,
    Plan,
    WriteResult,
)
from feideprov.directory.entry import Add, Delete, Modification, Modify, Precondition, Write
from feideprov.journal.journal import OPEN, Event, State
from feideprov.provision.attach import OneNumber
from feideprov.provision.plan.numbers import plan_attaches
from feideprov.provision.plan.plan import Outcome
from feideprov.provision.run import conflicts
from feideprov.provision.run.handover import HandoverFile
from feideprov.testing import example_directory, example_entries, example_settings
from tests.unit.conftest import ON, REALM

NAME, NIN = "eduPersonPrincipalName", "norEduPersonNIN"
TENOR, BORN = "57912075186", date(2020, 11, 17)


class Server(MemoryDirectory):
    """Takes writes ahead of its outcomes. From the write `refuses_from` on it refuses all with `code`; somebody else
    writes `behind_our_back` once our first write is done."""

    window = 8
    refuses_from = 0
    code = 50
    every_tenth: int | None = None
    """The code of every tenth refusal."""
    breaks_after = 0
    behind_our_back: Entry | None = None

    def __init__(self) -> None:
        super().__init__(example_directory().base, example_entries())
        self.sent = 0

    def write(self, writes: Iterable[Write]) -> Iterator[WriteResult]:
        left, under_way = iter(writes), deque[WriteResult]()
        while True:
            while len(under_way) < self.window and (write := next(left, None)) is not None:
                self.sent += 1
                if self.breaks_after and self.sent > self.breaks_after:
                    raise DirectoryError("The connection broke off.", code=52)
                if self.refuses_from and self.sent >= self.refuses_from:
                    code = self.code if self.every_tenth is None or self.sent % 10 else self.every_tenth
                    under_way.append(WriteResult(write, DirectoryError("The directory takes nothing.", code=code)))
                else:
                    under_way += super().write([write])
                theirs, self.behind_our_back = self.behind_our_back, None
                if theirs is not None:
                    self._add(theirs)
            if not under_way:
                return
            yield under_way.popleft()


def somebody(uid: str, **attributes: list[str]) -> Entry:
    values = {"objectClass": ["inetOrgPerson", "eduPerson", "norEduPerson"], "uid": [uid], "cn": ["E"], "sn": ["E"]}
    people = example_directory().base.child("ou", "people")
    return Entry(people.child("uid", uid), values | {NAME: [f"{uid}@{REALM}"]} | attributes)


@pytest.fixture
def server(tmp_path, journal, key, monkeypatch) -> Client:
    monkeypatch.setattr("feideprov.provision.run.writer.BATCH", 4)
    return Client(example_settings(tmp_path), directory=Server(), journal=journal, keys=key, on=ON)


def rows(client: Client) -> set[str]:
    return set(HandoverFile(client.settings.path(client.settings.journal.handover)).passwords())


def users(client: Client) -> dict[str, Entry]:
    return {e.text(NAME): e for e in client.directory.entries() if e.values("uid")}


def states(client: Client) -> list[str]:
    return [event.state.value for event in client._context.journal.events()]


def people(person, count: int) -> list:
    return [person(f"p{n}", family_name=f"Ko{'abcdefghij'[n % 10]}{'abcdefghij'[n // 10]}") for n in range(count)]


# --- two of one plan


def test_two_creations_with_one_source_id_in_a_plan_are_neither_made(server, person):
    plan = server.plan([person("p1"), person("p2", family_name="Berg")])
    one, two = plan.changes
    two = replace(two, user=replace(two.user, source_id="P1 ", values={**two.user.values, "employeeNumber": ("P1 ",)}))
    outcome = server.apply(replace(plan, changes=(one, two)))
    assert [r.code for r in outcome.held] == ["R-DUPLICATE"] * 2
    assert users(server) == {}
    assert rows(server) == set()


@pytest.mark.parametrize("exact", [False, True])
def test_two_creations_with_one_name_in_a_plan_are_told_apart(server, person, exact):
    plan = server.plan([person("p1"), person("p2", family_name="Berg")])
    one, two = plan.changes
    outcome = server.apply(
        replace(plan, changes=(one, replace(two, user=two.user.named(one.user.user_name))), exact=exact)
    )
    made = {f"olenkova@{REALM}"} if exact else {f"olenkova@{REALM}", f"olenberg@{REALM}"}
    assert set(users(server)) == rows(server) == made
    assert [r.code for r in outcome.held] == ["R-NAME-TAKEN"] * exact


def test_one_number_for_two_users_in_a_plan_is_nobodys(server, person):
    first = server.plan([person("p1", national_number=NumberText(TENOR), birth_date=BORN)])
    second = server.plan([person("p2", family_name="Berg", national_number=NumberText(TENOR), birth_date=BORN)])
    outcome = server.apply(Plan((*first.changes, *second.changes)))
    assert [r.code for r in outcome.held] == ["R-NUMBER-TWICE"] * 2
    assert len(users(server)) == 2
    assert not any(entry.values(NIN) for entry in users(server).values())


# --- a directory that takes nothing


@pytest.mark.parametrize("code", [50, 51, 52, 53, 11])
def test_a_directory_that_takes_nothing_ends_the_run_with_one_sentence(server, person, code):
    listed = people(person, 60)
    server.directory.refuses_from, server.directory.code = 1, code
    with pytest.raises(
        DirectoryError, match=r"So 60 of 60 changes were not made\. The first of them: create olenkoaa@"
    ):
        server.apply(server.plan(listed))
    assert server.directory.sent < 60, "it was sent everything nevertheless"
    # busy, unavailable and a limit are no refusal: each entry was looked up, and found not to be there
    assert set(states(server)) == ({"refused", "not done"} if code in (50, 53) else {"not done"})
    assert rows(server) == set()
    server.directory.refuses_from = 0
    assert server.apply(server.plan(listed)).counts["created"] == 60
    assert rows(server) == set(users(server))


def test_a_right_that_is_lost_half_way_leaves_done_what_was_done(server, person):
    listed = people(person, 60)
    server.directory.refuses_from = 31
    with pytest.raises(DirectoryError, match="So 30 of 60 changes were not made") as broke:
        server.apply(server.plan(listed))
    assert (broke.value.code, broke.value.exit_code) == (50, 3)
    assert states(server).count("done") == 30
    assert rows(server) == set(users(server))
    assert len(users(server)) == 30
    server.directory.refuses_from = 0
    again = server.apply(server.plan(listed))
    assert (again.recovered, again.counts["created"]) == ((), 30)


def test_a_single_refusal_fails_with_its_row_and_the_others_are_made(server, person):
    listed = people(person, 3)
    plan = server.plan(listed)
    server.directory.refuses_from = 3
    outcome = server.apply(plan)
    assert [r.code for r in outcome.failures] == ["R-FAILED"]
    assert (outcome.counts["created"], outcome.counts["failed"]) == (2, 1)


def test_a_refusal_of_an_entry_of_its_own_shows_that_the_directory_still_judges_each(server, person):
    server.directory.refuses_from, server.directory.every_tenth = 1, 19
    outcome = server.apply(server.plan(people(person, 60)))
    assert (server.directory.sent, outcome.counts["failed"]) == (60, 60)


def test_what_was_done_is_recorded_before_the_error_goes_on(server, person):
    server.directory.breaks_after = 12
    with pytest.raises(DirectoryError, match="broke off"):
        server.apply(server.plan(people(person, 20)))
    heard = 12 - server.directory.window
    assert states(server).count("written") >= heard
    server.directory.breaks_after = 0
    server.apply(server.plan(people(person, 20)))
    assert rows(server) == set(users(server))
    assert len(users(server)) == 20


def test_a_full_journal_hides_neither_the_outcomes_nor_the_first_error(server, person, monkeypatch):
    """It fails when outcomes are to be recorded: what is under way is still heard, and nothing more is sent."""
    advance, failing = Journal.advance, []

    def full(self, ids, state, debts=None):
        if state is State.WRITTEN:
            failing.append(state)
            raise JournalError("The journal is full.")
        advance(self, ids, state, debts)

    with monkeypatch.context() as patch:
        patch.setattr(Journal, "advance", full)
        with pytest.raises(JournalError, match="The journal is full"):
            server.apply(server.plan(people(person, 40)))
    assert failing
    assert server.directory.sent <= 4 + 2 * server.directory.window
    again = server.apply(server.plan(people(person, 40)))
    assert len(users(server)) == 40
    assert rows(server) == set(users(server))
    assert len(again.recovered) >= 1


# --- twins


def test_a_creation_is_not_deleted_when_its_entry_is_another_users_by_now(server, person):
    """Somebody has given our entry another source id between our write and our look."""
    twin = somebody("other", employeeNumber=["p1"])

    def another(entry: Entry) -> Entry:
        return Entry(entry.dn, dict(entry.items()) | {"employeeNumber": ["q7"]})

    [create] = server.plan([person("p1")]).changes
    server.directory.behind_our_back = twin
    read = server.directory.read
    server.directory.read = lambda dn, attributes=("*",): another(read(dn)) if dn == create.dn else read(dn, attributes)
    outcome = server.apply(Plan((create,)))
    assert [r.code for r in outcome.failures] == ["R-NOT-TAKEN-BACK"]
    assert outcome.failures[0].sentence == (
        f"olenkova@{REALM} and other@{REALM} now have the same source id: both were written at the same moment, and "
        f"the change for olenkova@{REALM} could not be undone: The entry of olenkova@{REALM} was changed by somebody "
        "else. Check both entries, and correct the one that is wrong."
    )
    assert f"olenkova@{REALM}" in users(server)


def test_a_creation_that_cannot_be_taken_back_has_the_result_code_of_the_server(server, person):
    [create] = server.plan([person("p1")]).changes
    server.directory.behind_our_back = somebody("other", employeeNumber=["p1"])
    write = server.directory.write

    def refusing(writes):
        for one in writes:
            if isinstance(one, Delete):
                yield WriteResult(one, DirectoryError("You may not delete.", code=50, server="ldap.example.no:636"))
            else:
                yield from write([one])

    server.directory.write = refusing
    [failure] = server.apply(Plan((create,))).failures
    assert failure.code == "R-NOT-TAKEN-BACK"
    assert "could not be undone: You may not delete." in failure.sentence
    assert (failure.cause.code, failure.cause.server) == (50, "ldap.example.no:636")


@pytest.mark.parametrize(
    ("twin", "code"),
    [({"employeeNumber": ["p1"]}, "R-MADE-MEANWHILE"), ({NAME: [f"olenkova@{REALM}"]}, "R-NAME-TAKEN")],
    ids=["source-id", "name"],
)
def test_both_users_are_named_where_a_creation_is_taken_back(server, person, twin, code):
    server.directory.behind_our_back = somebody("other", **twin)
    [refusal] = server.apply(server.plan([person("p1")])).held
    assert refusal.code == code
    assert "other" in refusal.sentence
    assert f"olenkova@{REALM} was not created" in refusal.sentence


@pytest.mark.parametrize("twin", [{"employeeNumber": ["p1"]}, {NAME: [f"olenkova@{REALM}"]}], ids=["source-id", "name"])
def test_a_creation_that_was_cut_off_is_taken_back_when_it_has_a_twin(server, person, twin):
    server.directory.breaks_after = 1
    with pytest.raises(DirectoryError):
        server.apply(server.plan([person("p1"), person("p2", family_name="Berg")]))
    server.directory.breaks_after = 0
    server.directory._add(somebody("other", **twin))
    outcome = server.apply(Plan())
    assert any(": taken back" in sentence and "uid=other" in sentence for sentence in outcome.recovered)
    assert [entry.text("uid") for entry in users(server).values()] == ["other"]
    assert rows(server) == set()
    assert server._context.journal.events(state=OPEN) == []


def test_a_cut_off_creation_that_was_changed_since_is_not_taken_back(server, person):
    """A number came by another's hand: the user is in use, so a person decides."""
    server.directory.breaks_after = 1
    with pytest.raises(DirectoryError):
        server.apply(server.plan([person("p1"), person("p2", family_name="Berg")]))
    server.directory.breaks_after = 0
    [entry] = users(server).values()
    next(server.directory.write([Modify(entry.dn, (Modification("add", NIN, (TENOR.encode(),)),))]))
    server.directory._add(somebody("other", employeeNumber=["p1"]))
    outcome = server.apply(Plan())
    assert any("Check both entries" in sentence for sentence in outcome.recovered)
    assert users(server).keys() == {f"olenkova@{REALM}", f"other@{REALM}"}


class InStep(MemoryDirectory):
    """Two runs on it read at the same moments: both before either has written, and both after."""

    barrier: Barrier | None = None

    def having(self, present: Sequence[str], attributes: Sequence[str]) -> Iterator[Entry]:
        return self._together(super().having(present, attributes))

    def matching(self, attribute: str, values: Iterable[str], attributes: Sequence[str]) -> Iterator[Entry]:
        return self._together(super().matching(attribute, values, attributes))

    def _together(self, found: Iterator[Entry]) -> Iterator[Entry]:
        if self.barrier is None:
            return found
        self.barrier.wait(120)
        read = list(found)
        self.barrier.wait(120)
        return iter(read)


@pytest.fixture
def two_runs(tmp_path, key) -> Iterator[list[Client]]:
    """Two programs on one directory, each with its own journal."""
    directory, clients = InStep(example_directory().base, example_entries()), []
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        log = Journal(f"sqlite:///{tmp_path / name / 'journal.db'}", REALM, key=key, actor=name)
        settings = example_settings(tmp_path / name)
        clients.append(Client(settings, directory=directory, journal=log, keys=key, on=ON))
    yield clients
    for client in clients:
        client._context.journal.close()


def at_once(clients: list[Client], plans: list[Plan]) -> list[Outcome]:
    directory = clients[0].directory
    directory.barrier = Barrier(2)
    with ThreadPoolExecutor(2) as threads:
        outcomes = list(threads.map(lambda client, plan: client.apply(plan), clients, plans))
    directory.barrier = None
    return outcomes


def test_two_runs_that_attach_one_number_at_the_same_moment_both_take_it_back_and_say_so(two_runs, person):
    one, _ = two_runs
    one.apply(one.plan([person("p1"), person("p2", family_name="Berg")]))
    plans = [plan_of(client, user, BORN) for client, user in zip(two_runs, ("olenkova", "olenberg"), strict=True)]
    outcomes = at_once(two_runs, plans)
    assert [[r.code for r in outcome.held] for outcome in outcomes] == [["R-HELD-BY-ANOTHER"]] * 2
    assert not any(entry.values(NIN) for entry in users(one).values())
    assert one.apply(plans[0]).counts["updated"] == 1


def test_two_runs_that_make_one_person_at_the_same_moment_both_take_it_back_and_say_so(two_runs, person):
    one, other = two_runs
    [create] = other.plan([person("p1")]).changes
    renamed = replace(create, user=create.user.named("olenb"))
    outcomes = at_once(two_runs, [one.plan([person("p1")]), Plan((renamed,))])
    assert [[r.code for r in outcome.held] for outcome in outcomes] == [["R-MADE-MEANWHILE"]] * 2
    assert users(one) == {}
    assert rows(one) == rows(other) == set()
    assert one.apply(one.plan([person("p1")])).counts["created"] == 1


def plan_of(client: Client, user: str, birth_date: date) -> Plan:
    one = OneNumber(f"{user}@{REALM}", NumberText(TENOR), birth_date)
    return plan_attaches(client._context.builder(), [one], client._context.build_options.numbers)


# --- and the rest


def test_closing_a_user_takes_the_row_of_the_first_password_away(server, person):
    server.apply(server.plan([person("p1"), person("p2", family_name="Berg")]))
    server.users.close(f"olenkova@{REALM}")
    assert rows(server) == {f"olenberg@{REALM}"}


def test_what_became_of_very_many_changes_is_told_in_one_sentence(server, person):
    listed = people(person, 50)
    server.directory.breaks_after = 30
    with pytest.raises(DirectoryError):
        server.apply(server.plan(listed))
    server.directory.breaks_after = 0
    recovered = server.apply(server.plan(listed)).recovered
    assert len(recovered) <= 1 + 20
    assert any("interrupted. 30 changes of the kind “create”: done." in sentence for sentence in recovered)
    assert len(server._context.journal.events(state=[State.NOT_DONE])) == 20


def test_many_names_are_looked_up_in_one_read(server, person, monkeypatch):
    monkeypatch.setattr(conflicts, "IN_ONE_READ", 2)
    plan = server.plan(people(person, 5))
    server.directory._add(somebody("other", employeeNumber=["P1"]))
    server.directory._add(somebody("olenkoaa"))
    asked = []
    server.directory.matching = lambda *arguments: asked.append(arguments) or iter(())
    plan = replace(plan, exact=True)
    outcome = server.apply(plan)
    assert sorted(r.code for r in outcome.held) == ["R-MADE-MEANWHILE", "R-NAME-TAKEN"]
    assert outcome.counts["created"] == 3
    assert asked == []


def test_a_taken_back_number_of_a_cut_off_attach_says_what_is_not_put_back(server, person):
    server.apply(server.plan([person("p1")]))
    [entry] = users(server).values()
    key = server._context.journal.key
    next(server.directory.write([Modify(entry.dn, (Modification("add", NIN, (TENOR.encode(),)),))]))
    server.directory._add(somebody("other", **{NIN: [TENOR]}))
    marks = {"number_mark": key.of_number(TENOR), "old_number_mark": key.of_number("69822075096")}
    server._context.journal.intend([Event("replace", entry.text(NAME), str(entry.dn), **marks)])
    [sentence] = server.apply(Plan()).recovered
    assert ": taken back" in sentence
    assert "was not put back, because the journal does not contain numbers" in sentence


@pytest.mark.parametrize(
    ("kind", "held", "state", "words"),
    [
        ("replace", "new", State.DONE, ": done."),
        ("replace", "old", State.NOT_DONE, ": not done. Run again."),
        ("replace", None, State.NOT_DONE, ": not done. The entry has neither the old number nor the new number."),
        ("withdraw", "old", State.NOT_DONE, ": not done. Run again."),
        ("withdraw", None, State.DONE, ": done."),
    ],
)
def test_a_cut_off_change_of_a_number_is_known_by_the_marks(server, person, kind, held, state, words):
    server.apply(server.plan([person("p1")]))
    [entry] = users(server).values()
    numbers = {"old": "69822075096", "new": TENOR}
    if held:
        next(server.directory.write([Modify(entry.dn, (Modification("add", NIN, (numbers[held].encode(),)),))]))
    key = server._context.journal.key
    new = key.of_number(TENOR) if kind == "replace" else None
    event = Event(kind, entry.text(NAME), str(entry.dn), number_mark=new, old_number_mark=key.of_number(numbers["old"]))
    server._context.journal.intend([event])
    [sentence] = server.apply(Plan()).recovered
    assert words in sentence
    assert server._context.journal.events()[-1].state is state
    assert users(server)[entry.text(NAME)].texts(NIN) == ([numbers[held]] if held else [])


def test_a_delete_that_presumes_what_is_no_longer_so_deletes_nothing(server):
    entry = somebody("other", employeeNumber=["p1"])
    assert next(server.directory.write([Add(entry)])).error is None
    [written] = server.directory.write([Delete(entry.dn, (Precondition("employeeNumber", "p2"),))])
    assert written.error.code == 122
    assert f"other@{REALM}" in users(server)


def test_a_name_that_was_given_to_somebody_since_the_plan_is_not_given_again(server, person):
    """Whoever had it is gone from the directory: only the journal knows of the name."""
    old = replace(server.plan([person("p1")]), exact=True)
    server.apply(server.plan([person("p2")]))
    [theirs] = users(server).values()
    next(server.directory.write([Delete(theirs.dn)]))
    assert [r.code for r in server.apply(old).held] == ["R-NAME-TAKEN"]
    assert users(server) == {}
    assert [c.feide_name for c in server.apply(replace(old, exact=False)).changes] == [f"olenkova2@{REALM}"]


# --- cut off, and cut off again


def cut_off(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def cut_off_before_writing(writes: Iterable[Write]) -> Iterator[WriteResult]:
    next(iter(writes))  # it is in the journal
    raise KeyboardInterrupt


def apply_cut_off(server, plan, monkeypatch, *, written: bool) -> None:
    """A run that ends after the directory was written, or before."""
    with monkeypatch.context() as patch:
        if written:
            patch.setattr("feideprov.provision.run.executor.Conflicts.after", cut_off)
        else:
            patch.setattr(server.directory, "write", cut_off_before_writing)
        with pytest.raises(KeyboardInterrupt):
            server.apply(plan)


def test_a_row_goes_before_the_journal_says_that_the_user_was_taken_back(server, person, monkeypatch):
    server.directory.behind_our_back = somebody("other", employeeNumber=["p1"])
    advance = server._context.journal.advance

    def cut_off_after(ids: Iterable[int], state: State, *debts: object) -> None:
        advance(ids, state, *debts)
        if state is State.TAKEN_BACK:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(server._context.journal, "advance", cut_off_after)
        with pytest.raises(KeyboardInterrupt):
            server.apply(server.plan([person("p1")]))
    server.apply(Plan())
    assert rows(server) == set()


def test_a_number_that_was_taken_back_from_a_new_user_is_known_to_be_gone_after_a_cut(server, person, monkeypatch):
    record = person("p1", national_number=NumberText(TENOR), birth_date=BORN)
    server.directory.behind_our_back = somebody("other", **{NIN: [TENOR]})
    with monkeypatch.context() as patch:
        patch.setattr(server._context.journal, "note", cut_off)
        with pytest.raises(KeyboardInterrupt):
            server.apply(server.plan([record]))
    [sentence] = server.apply(Plan()).recovered
    assert "done, but without the number" in sentence
    assert [e.kind for e in server._context.journal.events()] == ["create", "take-back"]
    assert list(server.journal.verify()) == []


def test_a_new_password_of_a_run_that_was_cut_off_twice_is_the_one_in_the_file(server, person, monkeypatch):
    server.directory.breaks_after = 1
    with pytest.raises(DirectoryError):
        server.apply(server.plan([person("p1"), person("p2", family_name="Berg")]))
    server.directory.breaks_after = 0
    handover = HandoverFile(server.settings.path(server.settings.journal.handover))
    handover.path.unlink()
    with monkeypatch.context() as patch:
        patch.setattr(server.directory, "write", cut_off)
        with pytest.raises(KeyboardInterrupt):
            server.apply(Plan())
    server.apply(Plan())
    [entry] = users(server).values()
    assert server.directory.accepts_login(entry.dn, handover.passwords()[entry.text(NAME)])


def test_a_user_who_is_refused_a_new_password_has_no_row_with_one(server, person):
    server.directory.breaks_after = 1
    with pytest.raises(DirectoryError):
        server.apply(server.plan([person("p1"), person("p2", family_name="Berg")]))
    server.directory.breaks_after, server.directory.refuses_from = 0, 1
    HandoverFile(server.settings.path(server.settings.journal.handover)).path.unlink()
    outcome = server.apply(Plan())
    assert any("has no first password" in failure.sentence for failure in outcome.failures)
    assert rows(server) == set()


def test_what_a_person_said_is_never_open(server, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(server._context.journal, "advance", cut_off)
        server._context.journal.note(Event("different", f"gone@{REALM}", "uid=gone,dc=example"))
    assert server._context.journal.events(state=OPEN) == []
    assert states(server) == [State.DONE]


def test_another_user_with_the_name_of_a_cut_off_rename_is_told(server, person, monkeypatch):
    server.apply(server.plan([person("p1")]))
    plan = server.users.plan_rename(f"olenkova@{REALM}", to="olena")
    with monkeypatch.context() as patch:
        patch.setattr("feideprov.provision.run.executor.Conflicts.after", cut_off)
        with pytest.raises(KeyboardInterrupt):
            server.apply(plan)
    server.directory._add(somebody("other", **{NAME: [f"olena@{REALM}"]}))
    [sentence] = server.apply(Plan()).recovered
    assert ": done, but the entry uid=other" in sentence
    assert server._context.journal.events(state=OPEN) == []


def test_a_closing_that_was_written_before_the_cut_was_done(server, person, monkeypatch):
    server.apply(server.plan([person("p1")]))
    user = f"olenkova@{REALM}"
    with monkeypatch.context() as patch:
        patch.setattr("feideprov.provision.run.executor.Conflicts.after", cut_off)
        with pytest.raises(KeyboardInterrupt):
            server.apply(server.users.plan_close([user]))
    assert server.apply(Plan()).recovered == (f"An earlier run was interrupted. The change “close {user}”: done.",)
    assert rows(server) == set()


@pytest.mark.parametrize("reopen", [False, True], ids=["close", "reopen"])
def test_a_closing_or_reopening_that_was_cut_off_stands_once_in_the_journal(server, person, monkeypatch, reopen):
    server.apply(server.plan([person("p1")]))
    user = f"olenkova@{REALM}"
    plan = server.users.plan_reopen if reopen else server.users.plan_close
    if reopen:
        server.users.close(user)
    before = states(server)
    with monkeypatch.context() as patch:
        patch.setattr("feideprov.provision.run.executor.Conflicts.after", cut_off)
        with pytest.raises(KeyboardInterrupt):
            server.apply(plan([user]))
    outcome = server.apply(plan([user]))
    assert outcome.counts["unchanged"] == 1
    assert states(server) == [*before, State.DONE]
    assert rows(server) == ({user} if reopen else set())


def test_an_update_of_which_nobody_knows_is_not_called_done(server, person):
    server.apply(server.plan([person("p1")]))
    [entry] = users(server).values()
    server._context.journal.intend([Event("update", entry.text(NAME), str(entry.dn))])
    [sentence] = server.apply(Plan()).recovered
    assert ": not done, or changed again since then. The next run of the list makes it if it is needed." in sentence
    assert states(server) == [State.DONE, State.NOT_DONE]


@pytest.mark.parametrize("written", [False, True])
def test_an_update_that_was_cut_off_was_done_when_the_entry_shows_all_of_it(server, person, monkeypatch, written):
    server.apply(server.plan([person("p1", mail="old@example.no", mobile="40000001")]))
    new = [person("p1", mail="new@example.no", family_name="Шевченко", mobile="40000002")]
    plan = server.plan(new)
    apply_cut_off(server, plan, monkeypatch, written=written)
    server.apply(Plan())
    assert states(server) == [State.DONE, State.DONE if written else State.NOT_DONE]
    server.apply(server.plan(new))
    assert states(server).count(State.DONE) == 2
    assert server.plan(new).changes == ()


@pytest.mark.parametrize("written", [False, True])
def test_an_amendment_that_was_cut_off_was_done_when_the_entry_shows_all_of_it(server, monkeypatch, written):
    school = server._context.organization.schools[0]
    held = server.directory.read(school.dn)
    steps = [
        Modification("add", "telephoneNumber", (b"+4722000000",)),
        Modification("delete", "mail", held.values("mail")),
    ]
    assert next(server.directory.write([Modify(school.dn, tuple(steps))])).error is None
    plan = server.organization_units.plan()
    assert [change.kind for change in plan.changes] == ["amend"]
    apply_cut_off(server, plan, monkeypatch, written=written)
    server.apply(Plan())
    assert states(server) == [State.DONE if written else State.NOT_DONE]


def test_a_hand_over_file_that_cannot_be_read_says_so(tmp_path):
    with pytest.raises(JournalError, match="cannot be read: Is a directory"):
        HandoverFile(tmp_path).passwords()
