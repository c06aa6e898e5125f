"""The change log: states, keys, runs, and what is never in it."""

from __future__ import annotations

import errno
import os
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date

import pytest
from size import size

from feideprov import ConfigurationError, Event, Evidence, Journal, JournalError, MarkKey
from feideprov.journal.journal import OPEN, State

REALM = "skotthyll.kommune.no"
SEEN = Evidence("letter", "Kari Nordmann", date(2026, 11, 1), "kept in the archive")
CREATE = Event("create", f"olenkova@{REALM}", "uid=olenkova,dc=no", source_id="p1")
ATTACH = Event("attach", f"olenkova@{REALM}", "uid=olenkova,dc=no", evidence=SEEN, lifted="N-DATE", input_row=3)


@pytest.mark.parametrize("state", State)
def test_a_change_is_open_or_ended(journal, state):
    journal.advance(journal.intend([CREATE]), state)
    with closing(sqlite3.connect(journal.path)) as database:
        [(ended,)] = database.execute("SELECT ended_at FROM change")
    assert (ended is None) is (state in OPEN)


@pytest.mark.parametrize("url", ["feideprov.db", "oracle://x/y", ""])
def test_a_url_of_another_database_is_a_mistake_in_the_configuration(url, key):
    with pytest.raises(ConfigurationError, match=r"sqlite:///feideprov\.db"):
        Journal(url, REALM, key=key, actor="Kari")


def test_a_database_that_cannot_be_opened_says_so(tmp_path, key):
    with pytest.raises(JournalError, match="cannot be used"):
        Journal(f"sqlite:///{tmp_path / 'nowhere' / 'journal.db'}", REALM, key=key, actor="Kari")


def test_a_mark_is_the_same_however_the_number_is_written_and_another_with_another_key(key):
    mark = key.of_number("57912075186")
    assert key.of_number(" 579120 75186") == key.of_number("٥٧٩١٢٠٧٥١٨٦") == mark
    assert key.of_number("69822075096") != mark
    assert MarkKey.fresh().of_number("57912075186") != mark
    assert mark != key.seal(b"57912075186")


def test_a_key_file_is_made_once_and_read_by_its_owner_alone(tmp_path):
    path = tmp_path / "feideprov.key"
    made = MarkKey.from_file(path, make=True)
    assert path.stat().st_mode & 0o777 == 0o600
    assert MarkKey.from_file(path, make=True).fingerprint == made.fingerprint
    assert path.read_text().strip() not in repr(made)


def test_a_file_that_could_not_be_made_private_is_not_made(tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", full)
        with pytest.raises(JournalError, match="cannot be used: No space left on device"):
            Journal(f"sqlite:///{tmp_path / 'j.db'}", REALM, key=MarkKey(b"k" * 32), actor="Kari").events()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", ["not a hexadecimal key", "abcd", None], ids=["text", "short", "absent"])
def test_a_key_that_is_none_is_a_mistake_in_the_configuration(tmp_path, content):
    path = tmp_path / "feideprov.key"
    if content is not None:
        path.write_text(content)
    with pytest.raises(ConfigurationError, match="key"):
        MarkKey.from_file(path, make=False)


def test_evidence_is_sealed_with_the_organizations_key(tmp_path, journal, key):
    journal.note(ATTACH)
    with closing(sqlite3.connect(journal.path)) as database:
        [(seal,)] = database.execute("SELECT evidence_seal FROM change")
    other = Journal(
        f"sqlite:///{tmp_path / 'other.db'}", REALM, key=MarkKey(b"another key of an organization"), actor="Kari"
    )
    other.note(ATTACH)
    with closing(sqlite3.connect(other.path)) as database:
        [(otherwise,)] = database.execute("SELECT evidence_seal FROM change")
    other.close()
    assert len({seal, otherwise}) == 2


def test_standing_evidence_comes_back_standing(journal):
    seen = Evidence("register", "Kari", date(2026, 8, 1), "source visma", standing=True)
    journal.note(Event("attach", f"olenkova@{REALM}", "uid=olenkova,dc=no", evidence=seen))
    assert journal.events()[0].evidence == seen


def test_a_file_that_several_workers_begin_at_once_makes_nobody_fail(tmp_path):
    """SQLite answers “locked” at once, and does not wait, while another connection switches the file to WAL."""
    key = MarkKey(b"a key for examples and nothing else")

    def begin(path, realm):
        together.wait()
        with closing(Journal(f"sqlite:///{path}", realm, key=key, actor="worker")) as journal:
            journal.note(Event("different", f"olena@{realm}", "uid=olena"))

    for n in range(size(12, 40)):
        together = threading.Barrier(6)
        with ThreadPoolExecutor(6) as pool:
            list(pool.map(begin, [tmp_path / f"{n}.db"] * 6, [REALM, "a.no", REALM, "b.no", REALM, "c.no"]))
