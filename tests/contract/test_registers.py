"""One contract for the register of services in every journal: in memory, in a file, and on a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from feideprov import Event, Journal, JournalError, MarkKey, Refused
from feideprov.journal import journal as journal_module
from feideprov.journal.events import State
from feideprov.services.answers import AnswerRecorder, NewAnswer
from feideprov.services.register.merging import merge
from feideprov.services.register.register import Register
from feideprov.services.register.service import Answer, Dependency, FactSource, Provider, Service, Way
from feideprov.testing import example_settings
from feideprov.wiring import organization_of

if TYPE_CHECKING:
    from private_postgres import PrivatePostgres

REALM, OTHER = "skotthyll.kommune.no", "berg.kommune.no"
ON = date(2026, 11, 22)
Open = Callable[..., Register]


def service(service_id: str, **fields: object) -> Service:
    given = {
        "names": {"nb": "Lexin"},
        "provider": Provider(id="7", name="Ordbok AS"),
        "ways": (Way.FEIDE,),
        "activated": True,
        "said": {"names": FactSource(source="Feide API", on=ON)},
    }
    return Service(id=service_id, **(given | fields))


@pytest.fixture
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgres":
        server: PrivatePostgres = request.getfixturevalue("postgres")
        return server.database()
    return "sqlite://" if request.param == "memory" else f"sqlite:///{tmp_path / 'journal.db'}"


@pytest.fixture
def open_register(url: str) -> Iterator[Open]:
    """Opens a register in the database of the test; all of them are closed afterwards."""
    opened: list[Journal] = []

    def make(realm: str = REALM) -> Register:
        opened.append(Journal(url, realm, key=MarkKey(b"a key for examples and nothing else"), actor="Kari"))
        return Register(opened[-1])

    yield make
    for journal in opened:
        journal.close()


each = pytest.mark.parametrize("url", ["memory", "file", "postgres"], indirect=True)
shared = pytest.mark.parametrize("url", ["file", "postgres"], indirect=True)


@each
def test_what_was_written_down_is_read_back(open_register: Open) -> None:
    register = open_register()
    services = [
        service("b", names={"nb": "Ordbok ✓ \x00 😀"}),
        service("a", other={"unknown": [1, None, {"deep": True}]}, activated=None),
    ]
    register.put(services)
    register.put([service("a", names={"nb": "Et annet navn"})])
    assert {one.id: one.name() for one in register} == {"a": "Et annet navn", "b": services[0].name()}
    assert register.get("b") == services[0]
    assert [one.id for one in register.concerning_us()] == ["a", "b"]
    with pytest.raises(Refused):
        register.get("c")


@shared
def test_two_organizations_in_one_database_have_each_their_own(open_register: Open) -> None:
    ours, theirs = open_register(), open_register(OTHER)
    ours.put([service("a")])
    theirs.put([service("a", names={"nb": "Deres"}), service("b")])
    merge(theirs, [service("b")], source="Feide API", on=ON, complete=True)
    assert [(one.id, one.name(), one.gone_on) for one in ours] == [("a", "Lexin", None)]
    assert [(one.id, one.name(), one.gone_on) for one in theirs] == [("a", "Deres", ON), ("b", "Lexin", None)]


@shared
def test_nothing_that_is_written_down_is_lost_beside_imports_and_questions(open_register: Open) -> None:
    """Three workers at once: one imports, one notes answers, one notes that providers were reminded."""
    importing, answering, asking = (open_register() for _ in range(3))
    importing.put([service("a"), service("b")])
    times = 15

    def imports() -> None:
        for turn in range(times):
            listed = [service(one, names={"nb": f"Lexin {turn}"}) for one in ("a", "b", f"new {turn}")]
            merge(importing, listed, source="Feide API", on=ON, complete=False)

    def answers() -> None:
        for turn in range(times):
            told = Answer(state=Dependency.CAN_SERVE, on=ON, source=f"mail {turn}")
            answering.revise(["b", "a"], lambda one, told=told: one.answered(told))

    def reminders() -> None:
        for _ in range(times):
            asking.revise(["a", "b"], lambda one: one.model_copy(update={"reason": one.reason + "."}))

    with ThreadPoolExecutor(3) as workers:
        for done in [workers.submit(work) for work in (imports, answers, reminders)]:
            done.result()
    for found in (importing.get("a"), importing.get("b")):
        assert found.name() == f"Lexin {times - 1}"
        assert found.reason == "." * times
        sources = [one.source for one in (*found.earlier, found.answer)]
        assert sources == [f"mail {turn}" for turn in range(times)]
    assert len(list(importing)) == times + 2


def book(register: Register) -> AnswerRecorder:
    return AnswerRecorder(register, organization_of(example_settings(Path())), ON, dict)


def done(journal: Journal, kind: str) -> int:
    [change] = journal.intend([Event(kind, f"olenkova@{REALM}", "uid=olenkova,dc=skotthyll,dc=no")])
    journal.advance([change], State.DONE)
    return change


@each
def test_an_answer_and_what_it_makes_owed_are_written_down_together(open_register: Open) -> None:
    register = open_register()
    journal = register.journal
    register.put([service("a"), service("b", unsettled_since="2099-01-01T00:00:00+00:00")])
    changes = [done(journal, kind) for kind in ("attach", "update", "replace", "withdraw")]
    unfinished = journal.intend([Event("attach", f"demir@{REALM}", "uid=demir,dc=skotthyll,dc=no")])
    given = [NewAnswer(one, Dependency.CANNOT_SERVE, ON, "mail") for one in ("a", "b")]
    assert [one.owed for one in book(register).write(given)] == [2, 0]
    assert [(one.change, one.service) for one in journal.owed()] == [(changes[2], "a"), (changes[3], "a")]
    assert [one.owed for one in book(register).write(given[:1])] == [2]
    journal.advance(unfinished, State.DONE)
    assert [one.owed for one in book(register).write([NewAnswer("a", Dependency.CAN_SERVE, ON, "mail")])] == [4]


@shared
def test_an_answer_waits_until_a_run_that_changes_numbers_has_ended(
    open_register: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "WAIT", 0.1)
    running, answering = open_register(), open_register()
    running.put([service("a")])
    given = [NewAnswer("a", Dependency.CAN_SERVE, ON, "mail")]
    with running.journal.run(), pytest.raises(JournalError, match="Kari"):
        book(answering).write(given)
    assert answering.get("a").answer == Answer()
    assert len(book(answering).write(given)) == 1
