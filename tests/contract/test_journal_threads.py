"""One journal in several threads, and in processes that are forked: one run at a time, and no error of a driver."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from private_postgres import PrivatePostgres

from feideprov import Client, Event, Journal, JournalError, MarkKey
from feideprov.journal import journal as journal_module
from feideprov.journal.events import Kind, State
from feideprov.testing import example_directory, example_settings

REALM = "skotthyll.kommune.no"
KEY = MarkKey(b"a key for examples and nothing else")
THREADS = 4


@pytest.fixture(params=["memory", "file", "postgres"])
def journal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Journal]:
    if request.param == "postgres":
        server: PrivatePostgres = request.getfixturevalue("postgres")
        url = server.database()
    else:
        url = "sqlite://" if request.param == "memory" else f"sqlite:///{tmp_path / 'journal.db'}"
    log = Journal(url, REALM, key=KEY, actor="Kari")
    yield log
    log.close()


def event(name: str) -> Event:
    return Event(Kind.CREATE, f"{name}@{REALM}", f"uid={name},dc=no")


def at_once(function: Callable[[int], None]) -> None:
    """Call the function in threads that begin together. Raises what one of them raised."""
    together = threading.Barrier(THREADS)

    def begun(number: int) -> None:
        together.wait()
        function(number)

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(begun, range(THREADS)))


def test_threads_have_one_run_after_the_other(journal: Journal) -> None:
    running: list[int] = []

    def one(number: int) -> None:
        for turn in range(3):
            with journal.run(), journal.run():
                running.append(number)
                assert set(running) == {number}
                ids = journal.intend([event(f"u{number}-{turn}")])
                journal.advance(ids, State.DONE)
                assert len(journal.events(f"u{number}-{turn}@{REALM}")) == 1
                running.clear()

    at_once(one)
    assert len(journal.events()) == THREADS * 3
    assert {found.state for found in journal.events()} == {State.DONE}


def test_threads_read_and_write_down_beside_a_run(journal: Journal) -> None:
    """What is not a run, such as reading for a page, waits for none."""

    def one(number: int) -> None:
        for turn in range(3):
            journal.note(event(f"n{number}-{turn}"))
            assert journal.events(f"n{number}-{turn}@{REALM}")

    with journal.run():
        journal.intend([event("open")])
        at_once(one)
        journal.note(event("last"))
    assert len(journal.events()) == THREADS * 3 + 2
    assert len({found.id for found in journal.events()}) == THREADS * 3 + 2


@pytest.mark.parametrize("time", ["run", "sending"])
def test_a_run_that_waited_in_vain_names_the_holder(
    journal: Journal, monkeypatch: pytest.MonkeyPatch, time: str
) -> None:
    monkeypatch.setattr(journal_module, "WAIT", 0.05)

    def other() -> None:
        with getattr(journal, time)():
            raise AssertionError

    with getattr(journal, time)(), ThreadPoolExecutor(1) as thread:
        refused = thread.submit(other).exception()
    assert isinstance(refused, JournalError)
    assert str(refused) == (
        "The journal is in use by Kari in another thread of this program. Wait until that run has ended, then run "
        "again."
    )
    with getattr(journal, time)():
        pass


def in_a_fork(journal: Journal, answers: multiprocessing.SimpleQueue[str]) -> None:
    try:
        with journal.run():
            journal.note(event("child"))
            answers.put(" ".join(one.feide_name.partition("@")[0] for one in journal.events()))
    except JournalError as error:
        answers.put(str(error))


@pytest.mark.parametrize("in_run", [False, True], ids=["between runs", "inside a run"])
def test_a_process_that_is_forked_has_connections_and_runs_of_its_own(journal: Journal, in_run: bool) -> None:
    context = multiprocessing.get_context("fork")
    answers = context.SimpleQueue()
    with ExitStack() as stack:
        if in_run:
            stack.enter_context(journal.run())
        journal.note(event("parent"))
        child = context.Process(target=in_a_fork, args=(journal, answers))
        child.start()
        journal.note(event("after"))
    answer = answers.get()
    child.join()
    if journal.path is None and "memory" in answer:
        assert "is in the memory of another process" in answer
    else:
        assert set(answer.split()) >= {"parent", "child"}
    journal.note(event("last"))
    assert {"parent", "after", "last"} <= {one.feide_name.partition("@")[0] for one in journal.events()}


def test_a_journal_is_not_sent_to_another_process(journal: Journal) -> None:
    import pickle

    with pytest.raises(JournalError, match=r"cannot be sent to another process\. Open"):
        pickle.dumps(journal)


def test_a_client_in_several_threads_does_one_call_after_the_other(tmp_path: Path) -> None:
    with Client(example_settings(tmp_path), directory=example_directory()) as feide:

        def one(number: int) -> None:
            from feideprov import PersonRecord

            names = {"given_name": f"Olena{'abcd'[number]}", "family_name": "Kovalenko"}
            record = PersonRecord(source_id=f"p{number}", school="hylla", role="pupil", **names)
            assert feide.apply(feide.plan([record])).counts["created"] == 1

        at_once(one)
        assert len(feide.pending()) == THREADS
        assert not feide.journal.verify()
