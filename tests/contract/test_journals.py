"""One contract for every journal: in memory, in a file of SQLite's, and on a real PostgreSQL."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feideprov import Client, ConfigurationError, Event, Evidence, Journal, JournalError, MarkKey
from feideprov.issues import Origin, Refusal
from feideprov.journal import journal as journal_module
from feideprov.journal.checklist import Checklist
from feideprov.journal.databases.layout import STEPS
from feideprov.journal.held_rows import held_rows, keep_held
from feideprov.journal.journal import OPEN, State
from feideprov.journal.people import KnownPeople, PersonMarks, keep_people
from feideprov.journal.tables import SCHEMA_VERSION
from feideprov.journal.users import KnownUsers
from feideprov.observe.snapshot import Seen, Snapshot
from feideprov.testing.example import example_directory, example_settings

if TYPE_CHECKING:
    from private_postgres import PrivatePostgres

REALM, OTHER = "skotthyll.kommune.no", "berg.kommune.no"
KEY = b"a key for examples and nothing else"
SEEN = Evidence("letter", "Kari Nordmann", date(2026, 11, 1), "kept in the archive")
MARK = MarkKey(KEY).of_number("57912075186")


def event(kind: str = "create", user: str = "olenkova", **fields: object) -> Event:
    return Event(kind, f"{user}@{REALM}", f"uid={user},dc=skotthyll,dc=no", **fields)


ATTACH = event("attach", number_mark=MARK, evidence=SEEN, lifted="N-DATE", input="numbers.csv", input_row=3)
Open = Callable[..., Journal]


@pytest.fixture
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgres":
        server: PrivatePostgres = request.getfixturevalue("postgres")
        return server.database()
    return "sqlite://" if request.param == "memory" else f"sqlite:///{tmp_path / 'journal.db'}"


@pytest.fixture
def open_journal(url: str) -> Iterator[Open]:
    """Opens a journal in the database of the test; all of them are closed afterwards."""
    opened: list[Journal] = []

    def make(realm: str = REALM, *, key: bytes = KEY, actor: str = "Kari") -> Journal:
        opened.append(Journal(url, realm, key=MarkKey(key), actor=actor))
        return opened[-1]

    yield make
    for journal in opened:
        journal.close()


each = pytest.mark.parametrize("url", ["memory", "file", "postgres"], indirect=True)
shared = pytest.mark.parametrize("url", ["file", "postgres"], indirect=True)
on_postgres = pytest.mark.parametrize("url", ["postgres"], indirect=True)


# --- what every journal does


@each
def test_what_is_intended_is_open_until_it_ends(open_journal: Open) -> None:
    journal = open_journal()
    ids = journal.intend([event(), ATTACH])
    assert [e.id for e in journal.events(state=OPEN)] == ids
    journal.advance(ids, State.WRITTEN)
    journal.advance(ids[:1], State.LOOKED)
    assert [e.state for e in journal.events()] == [State.LOOKED, State.WRITTEN]
    journal.advance(ids[:1], State.DONE)
    journal.advance(ids[1:], State.TAKEN_BACK)
    assert journal.events(state=OPEN) == []
    assert [e.state for e in journal.events(state=[State.TAKEN_BACK])] == [State.TAKEN_BACK]


@each
def test_an_event_comes_back_as_it_was_noted_with_who_and_when(open_journal: Open) -> None:
    journal = open_journal(actor="Åse Ødegård")
    journal.note(ATTACH)
    [noted] = journal.events(ATTACH.feide_name)
    assert (noted.evidence, noted.lifted, noted.input_row, noted.number_mark) == (SEEN, "N-DATE", 3, MARK)
    assert (noted.by, noted.altered, noted.protected) == ("Åse Ødegård", False, False)
    assert noted.at.endswith("+00:00")
    assert journal.events("somebody@else.no") == []


@each
def test_all_of_an_intention_or_nothing_is_written(open_journal: Open) -> None:
    journal = open_journal()
    with pytest.raises(JournalError) as error:
        journal.intend([event(), Event("create", None, "uid=a", source_id="secret-7")])  # type: ignore[arg-type]  # another kind, on purpose
    assert "secret-7" not in str(error.value)
    assert journal.events() == []
    assert journal.intend([]) == []


@each
@pytest.mark.parametrize("step", [1, 2, 3])
def test_whichever_changes_advance_do_and_no_others(open_journal: Open, step: int) -> None:
    """One after the other, every second one (no two of which follow one another), every third one."""
    journal = open_journal()
    ids = journal.intend([event()] * 1201)
    assert ids == sorted(set(ids))
    chosen = [*ids[: 600 * step : step], *ids[1198:1200]]
    journal.advance(iter(chosen[::-1]), State.WRITTEN)
    assert {e.id for e in journal.events(state=[State.WRITTEN])} == set(chosen)


@each
def test_a_done_change_of_a_number_owes_notices_once(open_journal: Open) -> None:
    journal = open_journal()
    ids = journal.intend([event(kind) for kind in ("attach", "replace", "withdraw", "create", "update")])
    journal.advance(ids, State.LOOKED, lambda _: ["library"])
    assert journal.owed() == []  # only what is done owes
    for _ in range(2):
        journal.advance(ids, State.DONE, lambda e: ["library", "bus", "library"] if e.kind != "replace" else [])
    owed = [(one.change, one.service) for one in journal.owed()]
    assert owed == [(ids[0], "bus"), (ids[0], "library"), (ids[2], "bus"), (ids[2], "library")]


@each
def test_a_change_is_not_done_without_what_it_owes(open_journal: Open) -> None:
    def cut_off(_: Event) -> list[str]:
        raise KeyboardInterrupt

    journal = open_journal()
    ids = journal.intend([ATTACH])
    with journal.run():
        with pytest.raises(KeyboardInterrupt):
            journal.advance(ids, State.DONE, cut_off)
        assert [e.id for e in journal.events(state=OPEN)] == ids
        journal.advance(ids, State.DONE, lambda _: ["library"])  # and the run can go on
    assert [one.change for one in journal.owed()] == ids


@each
def test_a_forgotten_user_leaves_a_taken_name(open_journal: Open) -> None:
    journal = open_journal()
    for one in (event(source_id="ref-7", protected=True), ATTACH, event("rename", other=f"kova@{REALM}")):
        journal.note(one)
    journal.note(event("second-account", "anna", other=f"kova@{REALM}"))
    journal.forget(f"KOVA@{REALM}")
    assert [(e.kind, e.feide_name, e.source_id, e.other) for e in journal.events()] == [
        *((kind, "", None, None) for kind in ("create", "attach", "rename")),
        ("second-account", f"anna@{REALM}", None, None),
    ]
    assert not any(e.altered or e.evidence or e.number_mark for e in journal.events())
    issued = KnownUsers.read(journal).issued
    assert ("olenkova" in issued, "kova" in issued, "anna" in issued) == (True, True, False)


@each
def test_the_answers_are_those_of_all_events(open_journal: Open) -> None:
    """Fewer columns of fewer rows are read for them."""
    journal = open_journal()
    said = ["create", "update", "attach", "withdraw", "link", "close", "reopen", "different", "password", "take-back"]
    some: dict[State, list[Event]] = {state: [] for state in State}
    for state in State:
        for number, kind in enumerate([*said, "rename", "second-account", "protect"]):
            user, other, protected = f"u{number}-{state.name}", f"v{number}@{REALM}", (number + len(state)) % 5 == 0
            some[state].append(event(kind, user, source_id="p1", other=other, protected=protected))
    for state, events in some.items():
        journal.advance(journal.intend(events), state)
    found = KnownUsers.read(journal)
    assert found == KnownUsers.of(journal.events(), issued=found.issued)


@each
def test_marks_of_people_are_kept_until_the_change_was_not_done_or_the_person_is_forgotten(open_journal: Open) -> None:
    journal = open_journal()
    lina = PersonMarks(frozenset({"n1", "n2"}), frozenset({"s1"}), "r1")
    ids = journal.intend([event(user="lina", person=lina), event(user="anna", person=lina)])
    journal.advance(ids[:1], State.REFUSED)
    assert KnownPeople.read(journal).users_with_name("n1") == {f"anna@{REALM}"}
    journal.advance(ids[1:], State.DONE)
    keep_people(journal, [(f"{n}@{REALM}", lina) for n in ("Anna", "eli", "eli", *range(1200))])
    known = KnownPeople.read(journal)
    assert len(known.users_with_name("n2")) == len(known.rows) == 1202
    assert known.has_source_id_mark("s1")
    journal.forget(f"anna@{REALM}")
    assert len(KnownPeople.read(journal).users) == 1201
    assert KnownPeople.read(open_journal(OTHER)).users == frozenset()


# --- what journals in one database do


@shared
def test_a_crash_between_two_steps_loses_none_of_them(open_journal: Open) -> None:
    """What one step wrote is there for another worker before the next step begins."""
    first, second = open_journal(), open_journal(actor="Per")
    ids = first.intend([event(), ATTACH])
    assert [e.state for e in second.events()] == [State.INTENDED] * 2
    for state in (State.WRITTEN, State.LOOKED):
        first.advance(ids, state)
        assert [(e.id, e.state) for e in second.events(state=OPEN)] == [(one, state) for one in ids]
    with second.run():
        second.advance(ids, State.DONE, lambda _: ["library"])
    assert [one.change for one in first.owed()] == ids[1:]


KILLED = """
import os, signal
from feideprov import Event, Journal, MarkKey
from feideprov.journal.journal import State

journal = Journal(os.environ["URL"], "skotthyll.kommune.no", key=MarkKey(os.environ["KEY"].encode()), actor="Per")
with journal.run():
    ids = journal.intend([Event("create", "olenkova@skotthyll.kommune.no", "uid=olenkova,dc=no")] * 3)
    journal.advance(ids[:2], State.WRITTEN)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@shared
def test_a_killed_run_lets_go_and_its_open_changes_are_found(
    open_journal: Open, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "WAIT", 10.0)  # a server takes a moment to see that a client has gone
    surroundings = {**os.environ, "URL": url, "KEY": KEY.decode()}
    dead = subprocess.run([sys.executable, "-c", KILLED], check=False, env=surroundings)
    assert dead.returncode == -signal.SIGKILL
    journal = open_journal()
    with journal.run():
        assert [e.state for e in journal.events(state=OPEN)] == [State.WRITTEN, State.WRITTEN, State.INTENDED]
        journal.advance([e.id for e in journal.events(state=OPEN)], State.NOT_DONE)
    assert journal.events(state=OPEN) == []


@shared
def test_a_second_run_waits_then_names_the_holder(open_journal: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_module, "WAIT", 0.1)
    journal, other = open_journal(actor="Åse"), open_journal(actor="Per")
    named = (
        rf"in use by (Åse|Ase) \(process {os.getpid()}.*, since 20.*\. Wait until that run has ended, then run again"
    )
    with journal.run(), journal.run(), pytest.raises(JournalError, match=named) as error, other.run():
        pass
    assert error.value.exit_code == 3
    with other.run():  # the inner run has not let go too early, the outer one does
        pass


@shared
def test_a_second_run_goes_on_when_the_first_has_ended(open_journal: Open) -> None:
    journal, other = open_journal(), open_journal(actor="Per")
    order, started = [], threading.Event()

    def second() -> None:
        started.set()
        with other.run():
            order.append("second")

    with ThreadPoolExecutor(1) as pool:
        with journal.run():
            waiting = pool.submit(second)
            started.wait()
            journal.note(event())
            order.append("first")
        waiting.result(timeout=120)
    assert order == ["first", "second"]


@shared
def test_several_workers_begin_a_journal_at_the_same_moment(open_journal: Open) -> None:
    together = threading.Barrier(6)

    def begin(number: int) -> None:
        together.wait()
        with closing(open_journal(REALM if number % 2 else f"{number}.kommune.no")) as journal:
            journal.note(event())

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(begin, range(6)))
    assert len(open_journal().events()) == 3
    assert len(open_journal("2.kommune.no").events()) == 1


@shared
def test_another_key_is_refused_with_what_to_do(open_journal: Open) -> None:
    open_journal()
    open_journal(OTHER, key=b"another key of another organization")
    with pytest.raises(ConfigurationError, match=r"created with another key\. Put the right key back"):
        open_journal(key=b"another key of another organization")


STEP = st.tuples(
    st.sampled_from([0, 1]),
    st.sampled_from(["create", "attach", "rename", "withdraw"]),
    st.sampled_from(["anna", "per"]),
    st.sampled_from(State),
    st.sampled_from(["intend", "advance all", "forget"]),
)


@shared
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, max_size=8))
def test_an_organization_has_the_journal_that_it_would_have_alone(
    open_journal: Open, url: str, steps: list[tuple[int, str, str, State, str]]
) -> None:
    """Whatever two organizations do in one database, neither sees or changes anything of the other's: not even when
    their users have the same names, or one is given the other's ids."""
    realms = [f"{os.urandom(8).hex()}.no" for _ in range(2)]
    together = [Journal(url, realm, key=MarkKey(KEY), actor="Kari") for realm in realms]
    alone = [Journal("sqlite://", realm, key=MarkKey(KEY), actor="Kari") for realm in realms]
    given_out: list[int] = []
    with ExitStack() as runs:
        if url.startswith("postgresql"):  # one connection for each; in a file, one run at a time
            for journal in together:
                runs.enter_context(journal.run())
        for which, kind, user, state, what in steps:
            for journal in (together[which], alone[which]):
                if what == "forget" and not journal.events(f"{user}@no", state=OPEN):
                    journal.forget(f"{user}@no")
                elif what == "intend":
                    ids = journal.intend([Event(kind, f"{user}@no", "uid=x", other="kova@no", number_mark=MARK)])
                    journal.advance(ids, state, lambda _: ["library"])
                    given_out += ids if journal is together[which] else []
                elif what == "advance all":
                    ids = given_out if journal is together[which] else [e.id for e in journal.events()]
                    journal.advance(ids, state, lambda _: ["library"])
        for journal, single in zip(together, alone, strict=True):
            assert _without_ids(journal) == _without_ids(single)
    for journal in (*together, *alone):
        journal.close()


def _without_ids(journal: Journal) -> list[object]:
    events = journal.events()
    place = {e.id: number for number, e in enumerate(events)}
    return [
        [(e.kind, e.feide_name, e.other, e.state, e.number_mark) for e in events],
        [e.kind for e in journal.events("anna@no")],
        journal.marks_of_names(),
        [(place[one.change], one.service) for one in journal.owed()],
        KnownUsers.read(journal).ours,
    ]


# --- what can befall a database


def test_a_full_disk_is_one_sentence_and_nothing_is_half_written(tmp_path: Path) -> None:
    with closing(Journal(f"sqlite:///{tmp_path / 'j.db'}", REALM, key=MarkKey(KEY), actor="Kari")) as journal:
        [before] = journal.intend([event()])
        with journal._database.connection() as connection:  # the pool gives the same one again
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 1}")
        with pytest.raises(
            JournalError, match=r"cannot be used: database or disk is full\. Correct this, then run again"
        ):
            journal.intend([event()] * 500)
        journal.advance([before], State.DONE)
        assert [e.state for e in journal.events()] == [State.DONE]


@on_postgres
def test_a_server_that_is_lost_in_the_middle_of_a_run_ends_it(open_journal: Open, postgres: PrivatePostgres) -> None:
    journal = open_journal()
    ids = journal.intend([event(), ATTACH])
    with journal.run():
        journal.advance(ids, State.WRITTEN)
        postgres.kill()
        with pytest.raises(JournalError) as lost:
            journal.advance(ids, State.LOOKED)
        postgres.start()
        with pytest.raises(JournalError, match="cannot be written any more, because the connection"):
            journal.advance(ids, State.LOOKED)
    for error in (lost.value,):
        assert error.exit_code == 3
        assert postgres.password not in str(error)
        assert "\n" not in str(error)
    with journal.run():
        assert [e.state for e in journal.events()] == [State.WRITTEN] * 2


@on_postgres
def test_nothing_is_written_once_the_lock_is_lost(open_journal: Open, url: str, postgres: PrivatePostgres) -> None:
    """Somebody ends the session: another run may have begun, so this one is over."""
    journal, other = open_journal(), open_journal(actor="Per")
    with journal.run():
        ids = journal.intend([event()])
        with postgres.connection() as admin:
            # the one that holds the lock: a session that was closed before may still be ending
            of_run = "datname = %s AND pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory')"
            end = f"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE {of_run}"
            assert admin.execute(end, [url.rpartition("/")[2]]).fetchone() == (1,)
        with other.run():
            for _ in range(3):
                with pytest.raises(JournalError, match="cannot be"):
                    journal.advance(ids, State.WRITTEN)
            with pytest.raises(JournalError):
                journal.intend([event()])
            assert [e.state for e in other.events()] == [State.INTENDED]


@on_postgres
def test_organizations_on_one_server_do_not_wait_for_each_other(open_journal: Open) -> None:
    with open_journal().run(), open_journal(OTHER, key=b"another key of another organization").run():
        pass


@on_postgres
def test_a_run_is_durable_and_outlasts_a_slow_directory_whatever_the_server_is_set_to(
    open_journal: Open, url: str, postgres: PrivatePostgres
) -> None:
    with postgres.connection() as admin:
        for setting in ("synchronous_commit = off", "idle_session_timeout = 1000"):
            admin.execute(f"ALTER DATABASE {url.rpartition('/')[2]} SET {setting}")  # type: ignore[arg-type]  # psycopg wants a constant text
    journal = open_journal()
    with journal.run(), journal._database.connection() as connection:
        settled = [
            connection.exec_driver_sql(f"SHOW {n}").scalar() for n in ("synchronous_commit", "idle_session_timeout")
        ]
    assert settled == ["on", "0"]


@on_postgres
@pytest.mark.parametrize("version", [1, SCHEMA_VERSION - 1])
def test_an_older_journal_on_a_server_is_brought_up_to_date(
    open_journal: Open, url: str, postgres: PrivatePostgres, version: int
) -> None:
    """The steps back are made of the steps forward: tests/data/journals holds what older versions left in files."""
    open_journal().note(ATTACH)
    after = columns(postgres, url)
    with postgres.connection(url.rpartition("/")[2]) as admin:
        for step in range(SCHEMA_VERSION, version, -1):
            for statement in reversed(STEPS[step]):
                match statement.split():
                    case ["CREATE", "TABLE", name, *_]:
                        admin.execute(f"DROP TABLE {name}")  # type: ignore[arg-type]  # psycopg wants a constant text
                    case ["ALTER", "TABLE", name, "ADD", "COLUMN", column, *_]:
                        admin.execute(f"ALTER TABLE {name} DROP COLUMN {column}")  # type: ignore[arg-type]  # psycopg wants a constant text
                    case ["CREATE", "INDEX", name, *_]:
                        admin.execute(f"DROP INDEX {name}")  # type: ignore[arg-type]  # psycopg wants a constant text
        admin.execute("UPDATE organization SET schema_version = %s", (version,))
    assert columns(postgres, url) != after
    again = open_journal()
    assert columns(postgres, url) == after
    assert [(e.kind, e.evidence, e.altered) for e in again.events()] == [("attach", SEEN, False)]
    again.note(event("update", left_mark="sn mark"))
    assert again.events()[-1].left_mark == "sn mark"


def columns(postgres: PrivatePostgres, url: str) -> set[tuple[str, ...]]:
    with postgres.connection(url.rpartition("/")[2]) as admin:
        found = admin.execute(
            "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns "
            "WHERE table_schema = 'public' UNION SELECT tablename, indexname, '', '' FROM pg_indexes "
            "WHERE schemaname = 'public'"
        )
        return {tuple(map(str, row)) for row in found}


@on_postgres
def test_no_message_holds_the_password_of_the_url(url: str, postgres: PrivatePostgres, tmp_path: Path) -> None:
    secret = postgres.password
    wrong = {
        "another password": url.replace(secret, "Hemmelig%2Fpassord"),
        "no such database": url.replace("/journal", "/nowhere"),
        "nobody listens": url.replace(f":{postgres.port}/", ":1/"),
        "no such option": f"{url}?sslmod=require",
        "no port": url.replace(f":{postgres.port}/", ":port/"),
        "another driver": url.replace("+psycopg", ""),
    }
    for what, bad in wrong.items():
        with pytest.raises((JournalError, ConfigurationError)) as error:
            Journal(bad, REALM, key=MarkKey(KEY), actor="Kari")
        said = str(error.value)
        assert said.endswith("."), what
        for hidden in (secret, "Hemmelig", "passord"):
            assert hidden not in said + repr(error.value) + repr(error.value.__cause__), what
        assert "\n" not in said, what
    with closing(Journal(url, REALM, key=MarkKey(KEY), actor="Kari")) as journal:
        assert secret not in repr(journal) + repr(vars(journal)) + repr(vars(journal._database))


def test_a_missing_driver_is_one_sentence_that_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(ConfigurationError, match=r"pip install '\.\[postgres\]'"):
        Journal("postgresql+psycopg://db.example.no/feideprov", REALM, key=MarkKey(KEY), actor="Kari")


@shared
def test_only_one_run_sends_at_a_time_and_changes_go_on_beside_it(
    open_journal: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "WAIT", 0.1)
    journal, other = open_journal(actor="Åse"), open_journal(actor="Per")
    with journal.sending():
        with other.run():
            other.note(event())
        with pytest.raises(JournalError, match=r"in use by (Åse|Ase)"), other.sending():
            pass
    with other.sending():
        pass


SENDING = """
import os, signal
from feideprov import Journal, MarkKey

journal = Journal(os.environ["URL"], "skotthyll.kommune.no", key=MarkKey(os.environ["KEY"].encode()), actor="Per")
with journal.sending():
    os.kill(os.getpid(), signal.SIGKILL)
"""


@shared
def test_a_killed_run_does_not_keep_others_from_sending(
    open_journal: Open, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "WAIT", 10.0)  # a server takes a moment to see that a client has gone
    dead = subprocess.run(
        [sys.executable, "-c", SENDING], check=False, env={**os.environ, "URL": url, "KEY": KEY.decode()}
    )
    assert dead.returncode == -signal.SIGKILL
    with open_journal().sending():
        pass


# --- what was seen of the directory, the same-day list, and held rows


def look(journal: Journal, *events: Event, **users: Seen) -> int:
    """Write down what an observation found: changes, a notice for each, and the new snapshot. Gives what is owed."""
    known = Snapshot.read(journal, KnownUsers.of(journal.events()).renames)
    with journal.run(), journal.writing() as connection:
        owed = journal.record_observed(connection, events, lambda event: ["library"])
        known.write(connection, journal.realm, "2026-11-23T10:00:00+00:00", users)
    return owed


@each
def test_what_an_observation_found_is_there_with_its_notices_and_its_snapshot(open_journal: Open) -> None:
    journal, other = open_journal(), open_journal(OTHER)
    assert look(journal, event("seen-attach", number_mark=MARK), a=Seen(MARK), b=Seen(), c=Seen(MARK, "N-TENOR")) == 1
    assert [(e.kind, e.state, e.by) for e in journal.events()] == [("seen-attach", State.DONE, "Kari")]
    assert len(journal.owed()) == 1
    assert look(journal, b=Seen(MARK), c=Seen(MARK)) == 0
    found = Snapshot.read(journal, [])
    assert found.users == {"a": Seen(MARK), "b": Seen(MARK), "c": Seen(MARK)}
    assert found.at == "2026-11-23T10:00:00+00:00"
    assert Snapshot.read(other, []) == Snapshot()


@each
def test_what_was_seen_follows_a_user_through_renames(open_journal: Open) -> None:
    journal = open_journal()
    look(journal, **{f"olenkova@{REALM}": Seen(MARK)})
    journal.note(event("rename", other=f"second@{REALM}"))
    journal.note(event("rename", "second", other=f"third@{REALM}"))
    look(journal)
    assert Snapshot.read(journal, []).users == {f"third@{REALM}": Seen(MARK)}


@each
def test_a_place_is_ticked_once_and_held_rows_are_those_of_the_last_run(open_journal: Open) -> None:
    journal, other = open_journal(), open_journal(OTHER)
    journal.note(event("attach", number_mark=MARK))
    for _ in range(2):
        Checklist(journal, ["NIR", "AD"]).tick(["NIR"])
    assert [item.open for item in Checklist(journal, ["NIR", "AD"]).items()] == [("AD",)]
    assert Checklist(other, ["NIR"]).items() == []
    held = [Refusal("R-MOVED", "", True, Origin("numbers.csv", row)) for row in (2, 3, 3)]
    keep_held(journal, "attach numbers.csv", [*held, Refusal("N-TENOR", "", False)])
    assert [(one.command, one.count) for one in held_rows(journal)] == [("feideprov attach numbers.csv", 2)]
    assert held_rows(other) == []
    keep_held(journal, "attach numbers.csv", [])
    assert held_rows(journal) == []


LOOKING = """
import os, signal
from feideprov import Event, Journal, MarkKey
from feideprov.observe.snapshot import Seen, Snapshot
from feideprov.testing.example import example_directory, example_settings

journal = Journal(os.environ["URL"], "skotthyll.kommune.no", key=MarkKey(os.environ["KEY"].encode()), actor="Per")
with journal.writing() as connection:
    seen = Event("seen-attach", "a@skotthyll.kommune.no", "uid=a")
    journal.record_observed(connection, [seen], lambda event: ["library"])
    Snapshot().write(connection, journal.realm, "2026-11-23T10:00:00+00:00", {"a": Seen()})
    os.kill(os.getpid(), signal.SIGKILL)
"""


@shared
def test_an_observation_that_is_killed_leaves_nothing_behind(open_journal: Open, url: str) -> None:
    journal = open_journal()
    dead = subprocess.run(
        [sys.executable, "-c", LOOKING], check=False, env={**os.environ, "URL": url, "KEY": KEY.decode()}
    )
    assert dead.returncode == -signal.SIGKILL
    assert (journal.events(), journal.owed(), Snapshot.read(journal, [])) == ([], [], Snapshot())


@on_postgres
def test_doctor_compares_the_key_with_the_journal(open_journal: Open, url: str, tmp_path: Path) -> None:
    open_journal(key=bytes.fromhex("0e" * 32))
    key_file = tmp_path / "feideprov.key"
    settings = example_settings(tmp_path, journal={"url": url})
    for content, exit_code in (("0e" * 32, 0), ("0f" * 32, 2), (None, 2)):
        key_file.unlink(missing_ok=True)
        if content:
            key_file.touch(mode=0o600)
            key_file.write_text(content)
        with Client(settings, directory=example_directory()) as feide:
            found = feide.doctor()
            assert found.exit_code == exit_code
            if exit_code:
                with pytest.raises(ConfigurationError) as refused:
                    feide.pending()
                assert [(f.code, f.sentence) for f in found.findings] == [("D-KEY", refused.value.sentence)]
    assert not key_file.exists()  # a new key would be in the way of the copy that is put back
