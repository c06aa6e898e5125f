"""A key whose journal is gone, empty or an older copy: whatever writes stops and asks, and what reads goes on.

And the beginning: a dry run and what only reads begin neither the journal nor its key."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from feideprov import Client, ConfigurationError, Settings

if TYPE_CHECKING:
    from private_postgres import PrivatePostgres

    from tests.journeys.conftest import Answer, Office

USER = "olenkova@skotthyll.kommune.no"
ANSWER = "feideprov journal begin --yes"
NOBODY = 65534


def files_of(office: Office) -> dict[str, bytes]:
    return {str(one): one.read_bytes() for one in office.folder.rglob("*") if one.is_file()}


def people(office: Office) -> str:
    return str(office.folder / "refugees.csv")


def mark(office: Office) -> Path:
    return office.folder / "feideprov.key.mark"


@pytest.fixture
def used(office: Office) -> Office:
    """An office after its first run."""
    assert office("apply", people(office), "--yes").code == 1
    return office


def gone(office: Office) -> None:
    for one in office.folder.glob("feideprov.db*"):
        one.unlink()


def empty(office: Office) -> None:
    gone(office)
    office.journal.touch(0o600)


def without_changes(office: Office) -> None:
    """A journal that was begun again by a program that knows no mark."""
    kept = mark(office).read_bytes()
    gone(office)
    mark(office).unlink()
    assert office("services", "import", office.write("services.csv", "id;name;activated\n1;Kahoot;yes\n")).code in (
        0,
        1,
    )
    mark(office).write_bytes(kept)


def older(office: Office) -> None:
    copy = office.journal.read_bytes()
    assert office("close", USER, "--yes").code == 0
    gone(office)
    office.journal.write_bytes(copy)


def another(office: Office) -> None:
    """With the same key, for the same organization, and as many changes: but at another time."""
    kept = mark(office).read_bytes()
    gone(office)
    mark(office).unlink()
    office.catalogue.write_bytes(office.catalogue.read_bytes().split(b"\ndn: uid=")[0] + b"\n")
    office.passwords.unlink()
    import time_machine

    with time_machine.travel("2027-01-11T08:00:00Z"):
        assert office("apply", people(office), "--yes").code == 1
    mark(office).write_bytes(kept)


LOST = pytest.mark.parametrize("lose", [gone, empty, without_changes, older, another])
Lose = Callable[["Office"], None]


def stopped(answer: Answer, one_sentence: Any) -> None:
    assert answer.code == 2
    said = one_sentence(answer)
    assert said.startswith("The journal is ")
    assert "Nothing was written." in said
    assert said.endswith(ANSWER)


@LOST
def test_a_run_stops_before_it_writes_and_goes_on_when_a_person_says_so(
    used: Office, lose: Lose, one_sentence: Any
) -> None:
    lose(used)
    before = files_of(used)
    stopped(used("apply", people(used), "--yes"), one_sentence)
    assert files_of(used) == before
    asked = used("journal", "begin", "--json")
    assert (asked.code, asked.json["dry"], asked.json["counts"]) == (0, True, {"begun": 1})
    assert files_of(used) == before
    begun = used("journal", "begin", "--yes", "--json")
    assert (begun.code, begun.json["dry"], begun.json["counts"]) == (0, False, {"begun": 1})
    again = used("journal", "begin", "--yes", "--json")
    assert (again.code, again.json["counts"]) == (0, {"begun": 0})
    assert used("apply", people(used), "--yes").code in (0, 1)


def test_everything_that_writes_stops(used: Office, one_sentence: Any) -> None:
    numbers = str(used.folder / "numbers.csv")
    services = used.write("services.csv", "id;name;activated\n1;Kahoot;yes\n")
    gone(used)
    before = files_of(used)
    for words in (
        ("attach", numbers, "--yes"),
        ("close", USER, "--yes"),
        ("password", USER, "--yes"),
        ("rename", USER, "--to", "olena", "--yes"),
        ("init", "--directory", "--yes"),
        ("observe",),
        ("services", "import", services),
        ("notify", "--drafts", str(used.folder / "drafts")),
    ):
        answer = used(*words)
        assert answer.code == 2, (words, answer)
        assert ANSWER in answer.err, words
        assert files_of(used) == before, words


def test_a_dry_run_says_what_stops_it(used: Office) -> None:
    gone(used)
    before = files_of(used)
    dry = used("apply", people(used))
    assert dry.code == 2
    assert ANSWER in dry.err
    planned = used("plan", people(used))
    assert ANSWER in planned.err
    assert files_of(used) == before


@pytest.mark.parametrize("lose", [gone, older])
def test_what_reads_goes_on(used: Office, lose: Lose) -> None:
    lose(used)
    before = files_of(used)
    for words in (("pending",), ("check",), ("history", USER), ("today",), ("journal", "verify")):
        answer = used(*words)
        assert answer.code in (0, 1), (words, answer)
    examined = used("doctor", "--json")
    said = [one["sentence"] for one in examined.json["findings"] if one["code"] == "D-JOURNAL"]
    assert len(said) == 1
    assert ANSWER in said[0]
    assert files_of(used) == before


def test_without_a_mark_nothing_stops(used: Office) -> None:
    """As after a first run that was cut off: the mark is written when a run ends."""
    mark(used).unlink()
    gone(used)
    assert used("apply", people(used), "--yes").code == 1
    assert mark(used).exists()


def test_a_journal_that_has_come_further_than_the_mark_stops_nothing(used: Office) -> None:
    """A run was killed before its end, or another host wrote the journal."""
    kept = mark(used).read_bytes()
    assert used("close", USER, "--yes").code == 0
    assert mark(used).read_bytes() != kept
    mark(used).write_bytes(kept)
    assert used("reopen", USER, "--yes").code == 0


def test_the_mark_is_private_and_sealed(used: Office, one_sentence: Any) -> None:
    assert mark(used).stat().st_mode & 0o777 == 0o600
    [(realm, content)] = json.loads(mark(used).read_text()).items()
    assert realm == "skotthyll.kommune.no"
    for altered in (
        json.dumps({realm: content | {"change": 1}}),
        json.dumps({realm: {}}),
        json.dumps({realm: []}),
        json.dumps([]),
        "{",
        "[" * 100_000,
        "",
    ):
        mark(used).write_text(altered)
        answer = used("close", USER, "--yes")
        assert answer.code == 2, altered
        assert "is damaged" in one_sentence(answer)
    mark(used).write_text(json.dumps({realm: content | {"change": 99, "key": "of another"}}))
    assert used("reopen", USER, "--yes").code in (0, 1)
    mark(used).write_text(json.dumps({"another.kommune.no": content}))
    assert used("close", USER, "--yes").code == 0
    assert json.loads(mark(used).read_text())["another.kommune.no"] == content


def test_a_mark_whose_key_is_gone_too_stops_nothing(used: Office) -> None:
    gone(used)
    (used.folder / "feideprov.key").unlink()
    assert used("doctor").code == 0
    assert used("init", "--directory", "--yes").code == 0
    assert used("journal", "begin", "--json").json["counts"] == {"begun": 0}


def test_the_mark_has_a_setting_of_its_own(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FEIDEPROV_JOURNAL__KEY_ENV", "KEY")
    monkeypatch.setenv("KEY", "ab" * 32)
    assert office("apply", people(office), "--yes").code == 1
    assert not list(office.folder.glob("*.mark"))
    monkeypatch.setenv("FEIDEPROV_JOURNAL__MARK_FILE", "how-far")
    assert office("close", USER, "--yes").code == 0
    assert (office.folder / "how-far").exists()
    gone(office)
    assert office("close", USER, "--yes").code == 2


def test_a_mark_that_cannot_be_written_fails_no_run(used: Office) -> None:
    mark(used).unlink()
    mark(used).mkdir()
    (mark(used) / "in the way").touch()
    assert used("close", USER, "--yes").code == 2  # it cannot be read
    shutil.rmtree(mark(used))
    used.set("[journal]\n", '[journal]\nmark_file = "nowhere/mark"\n')
    assert used("close", USER, "--yes").code == 0


def test_a_program_asks_and_answers(used: Office) -> None:
    settings = Settings.load(used.config, environment=False)
    with closing(Client(settings)) as feide:
        assert feide.journal.behind() is None
    gone(used)
    with closing(Client(settings)) as feide:
        assert ANSWER in str(feide.journal.behind())
        with pytest.raises(ConfigurationError, match="journal begin"):
            feide.users.close(USER)
        feide.journal.begin()
        assert feide.journal.behind() is None
        assert used.journal.exists()


READING = (
    ("plan", "refugees.csv"),
    ("plan", "refugees.csv", "--ldif", "out.ldif"),
    ("apply", "refugees.csv"),
    ("attach", "numbers.csv"),
    ("close", USER),
    ("init", "--directory"),
    ("pending",),
    ("check",),
    ("today",),
    ("history", USER),
    ("checklist",),
    ("doctor",),
    ("notify",),
    ("services", "list"),
    ("services", "matrix"),
    ("services", "ask"),
    ("journal", "verify"),
    ("journal", "gone"),
    ("journal", "begin"),
)


def test_reading_and_dry_runs_begin_neither_a_key_nor_a_journal(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(office.folder)
    for words in READING:
        assert office(*words).code in (0, 1, 2), words
        assert not list(office.folder.glob("feideprov.[dk]*")), words


def test_a_saved_plan_makes_the_key_alone_and_is_applied(office: Office) -> None:
    plan = str(office.folder / "plan.json")
    assert office("plan", people(office), "-o", plan).code == 1
    assert [one.name for one in office.folder.glob("feideprov.[dk]*")] == ["feideprov.key"]
    assert office("apply", plan).code == 1
    assert [one.name for one in office.folder.glob("feideprov.[dk]*")] == ["feideprov.key"]
    assert office("apply", plan, "--yes", "--json").json["counts"]["created"] == 11


@contextmanager
def as_nobody() -> Iterator[None]:
    """As a user who has no rights; who is none of root's already, is that user."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


@pytest.fixture
def to_read(used: Office) -> Iterator[Office]:
    """An office whose files may only be read."""
    kept, used.folder = used.folder, Path(tempfile.mkdtemp())
    shutil.copytree(kept, used.folder, dirs_exist_ok=True)
    for one in used.folder.rglob("*"):
        one.chmod(0o555 if one.is_dir() else 0o444)
    used.folder.chmod(0o555)
    yield used
    used.folder.chmod(0o755)
    shutil.rmtree(used.folder)


def test_a_journal_that_may_only_be_read_stops_only_what_writes(to_read: Office, one_sentence: Any) -> None:
    before = files_of(to_read)
    for words in (
        ("check",),
        ("journal", "verify"),
        ("pending",),
        ("history", USER),
        ("today",),
        ("plan", people(to_read)),
        ("services", "list"),
    ):
        to_read(*words)  # what is imported is read as root
        with as_nobody():
            answer = to_read(*words)
        assert answer.code in (0, 1), (words, answer)
        assert "cannot be" not in answer.err, (words, answer)
    with as_nobody():
        answer = to_read("close", USER, "--yes")
    assert answer.code == 3
    assert "may only read the journal" in one_sentence(answer)
    assert files_of(to_read) == before


def test_an_older_journal_that_may_only_be_read_says_who_brings_it_up_to_date(
    to_read: Office, one_sentence: Any
) -> None:
    import sqlite3

    with closing(sqlite3.connect(to_read.journal)) as database:
        database.execute("PRAGMA journal_mode = DELETE")
        database.execute("UPDATE organization SET schema_version = schema_version - 1")
        database.commit()
    with as_nobody():
        answer = to_read("pending")
    assert answer.code == 3
    assert "must first be brought up to date" in one_sentence(answer)


def test_a_key_that_is_missing_is_not_made_beside_a_journal_in_postgresql(
    office: Office, postgres: PrivatePostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FEIDEPROV_JOURNAL__URL", postgres.database())
    assert office("pending").code == 0
    assert office("apply", people(office)).code == 1
    assert not list(office.folder.glob("feideprov.[dk]*"))
    assert office("apply", people(office), "--yes").code == 1
    key = office.folder / "feideprov.key"
    kept = key.read_bytes()
    for words in (("pending",), ("apply", people(office)), ("close", USER, "--yes"), ("doctor",)):
        key.unlink(missing_ok=True)
        assert office(*words).code == 2, words
        assert not key.exists()
        key.write_text("ab" * 32)
        assert office(*words).code == 2, words
    key.write_bytes(kept)
    assert office("close", USER, "--yes").code == 0
    monkeypatch.setenv("FEIDEPROV_JOURNAL__URL", postgres.database())  # another database, which is empty
    stop = office("close", USER, "--yes")
    assert stop.code == 2
    assert ANSWER in stop.err
