"""Journals of older versions, as those versions left them (tests/data/journals), are brought up to date once."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from feideprov import ConfigurationError, Evidence, Journal, JournalError, MarkKey, files
from feideprov.journal import journal as journal_module
from feideprov.journal.journal import State
from feideprov.journal.tables import SCHEMA_VERSION
from feideprov.journal.users import KnownUsers

REALM, OTHER = "skotthyll.kommune.no", "berg.kommune.no"
KEY, OTHER_KEY = b"a key for examples and nothing else", b"another key of another organization"
STORED = Path(__file__).parents[2] / "data" / "journals"
OLD = range(1, SCHEMA_VERSION)
SEEN = Evidence("letter", "Kari Nordmann", date(2026, 11, 1), "kept in the archive")

Stored = Callable[[int], Path]


@pytest.fixture
def stored(tmp_path: Path) -> Stored:
    """A journal of two organizations, as a version wrote it: one user made, given a number and renamed, one that is
    half made, one that was taken back, one that was never made."""

    def make(version: int) -> Path:
        path = tmp_path / f"version-{version}.db"
        with closing(sqlite3.connect(path)) as database:
            database.executescript((STORED / f"version-{version}.sql").read_text(encoding="utf-8"))
        return path

    return make


def opened(path: Path, realm: str = REALM, key: bytes = KEY) -> Journal:
    return Journal(f"sqlite:///{path}", realm, key=MarkKey(key), actor="Per")


def dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as database:
        return list(database.iterdump())


def shape(path: Path) -> dict[str, object]:
    """Tables with their columns, and indexes: what two journals must have in common to be of one version."""
    with closing(sqlite3.connect(path)) as database:
        found: dict[str, object] = {}
        for kind, name in database.execute("SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite%'"):
            columns = database.execute(f"SELECT name, type, \"notnull\", pk FROM pragma_table_info('{name}')")
            found[f"{kind} {name}"] = {column[0]: column[1:] for column in columns} if kind == "table" else ""
        return found


@pytest.mark.parametrize("version", OLD)
def test_a_journal_of_an_older_version_is_brought_up_to_date_and_says_what_it_said(
    stored: Stored, version: int
) -> None:
    path = stored(version)
    with closing(opened(path)) as journal:
        events = journal.events()
        assert [(e.kind, e.state) for e in events] == [
            ("create", State.DONE),
            ("attach", State.DONE),
            ("create", State.NOT_DONE),
            ("create", State.TAKEN_BACK),
            ("second-account", State.DONE),
            ("rename", State.DONE),
            ("create", State.WRITTEN),
        ]
        assert [(e.evidence, e.altered) for e in events if e.evidence] == [(SEEN, False)]
        answers = KnownUsers.read(journal)
        assert {name: name in answers.issued for name in ("olenkova", "kova", "twin", "never", "anna")} == {
            "olenkova": True,
            "kova": True,
            "twin": True,  # somebody had it, if only for a moment
            "never": False,
            "anna": False,
        }
        assert answers.ours == {f"{name}@{REALM}" for name in ("olenkova", "kova", "anna")}
        assert journal.owed() == []
        journal.note(events[1])
        assert not journal.events()[-1].altered
    with closing(opened(path, OTHER, OTHER_KEY)) as other:
        assert [e.feide_name for e in other.events()] == [f"per@{OTHER}"]
        assert "per" in KnownUsers.read(other).issued


@pytest.mark.parametrize("version", OLD)
def test_an_older_journal_ends_with_the_tables_that_a_new_one_has(stored: Stored, tmp_path: Path, version: int) -> None:
    path = stored(version)
    opened(path).close()
    opened(tmp_path / "new.db").close()
    assert shape(path) == shape(tmp_path / "new.db")


@pytest.mark.parametrize("version", OLD)
def test_each_organization_is_brought_up_to_date_when_it_comes(stored: Stored, version: int) -> None:
    path = stored(version)
    versions = "SELECT realm, schema_version FROM organization"
    opened(path).close()
    with closing(sqlite3.connect(path)) as database:
        assert dict(database.execute(versions)) == {REALM: SCHEMA_VERSION, OTHER: version}
    opened(path, OTHER, OTHER_KEY).close()
    with closing(sqlite3.connect(path)) as database:
        assert dict(database.execute(versions)) == {REALM: SCHEMA_VERSION, OTHER: SCHEMA_VERSION}


def test_evidence_of_version_1_is_sealed_once_and_never_again(stored: Stored) -> None:
    """Else an alteration would be sealed too."""
    path = stored(1)
    opened(path).close()
    with closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE change SET evidence_seen_by = 'Per' WHERE id = 2")
        database.commit()
    with closing(opened(path)) as again:
        assert [e.altered for e in again.events() if e.evidence] == [True]


def test_a_journal_of_a_newer_version_is_refused_and_left_as_it_is(stored: Stored) -> None:
    path = stored(3)
    with closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE organization SET schema_version = ? WHERE realm = ?", (SCHEMA_VERSION + 1, OTHER))
        database.commit()
    before = dump(path)
    with pytest.raises(
        ConfigurationError, match=r"A newer version of feideprov .* Install the newer version"
    ) as refused:
        opened(path)
    assert refused.value.exit_code == 2
    assert dump(path) == before


def test_an_older_journal_waits_for_the_run_that_is_at_work(stored: Stored, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run of the older program would not write down what the newer one counts on."""
    path = stored(3)
    monkeypatch.setattr(journal_module, "WAIT", 0.1)
    before = dump(path)
    with files.exclusive(path, wait=0, holder="Kari"), pytest.raises(JournalError, match="in use by Kari"):
        opened(path)
    assert dump(path) == before
    opened(path).close()


CUT_OFF = """
import os, signal, sys
from feideprov import Journal, MarkKey

class Deadly(MarkKey):
    def of_name(self, feide_name):
        if feide_name.startswith("kova"):  # tables are changed, evidence is sealed, one name is kept
            os.kill(os.getpid(), signal.SIGKILL)
        return super().of_name(feide_name)

Journal(f"sqlite:///{sys.argv[1]}", "skotthyll.kommune.no", key=Deadly(sys.argv[2].encode()), actor="Per")
"""


@pytest.mark.parametrize("version", [1, 2])
def test_a_kill_in_the_middle_leaves_the_older_version_whole(stored: Stored, version: int) -> None:
    path = stored(version)
    before = dump(path)
    killed = subprocess.run([sys.executable, "-c", CUT_OFF, str(path), KEY.decode()], check=False, env={**os.environ})
    assert killed.returncode == -signal.SIGKILL
    assert dump(path) == before
    with closing(opened(path)) as journal:
        assert len(journal.marks_of_names()) == 3
