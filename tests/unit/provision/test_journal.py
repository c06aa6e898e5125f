"""The change log: states, keys, runs, and what is never in it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date

import pytest

from feideprov import ConfigurationError, Event, Evidence, Journal, JournalError, MarkKey
from feideprov.provision import journal as journal_module
from feideprov.provision.journal import OPEN, State

REALM = "skotthyll.kommune.no"
SEEN = Evidence("letter", "Kari Nordmann", date(2026, 11, 1), "kept in the archive")
CREATE = Event("create", f"olenkova@{REALM}", "uid=olenkova,dc=no", source_id="p1")
ATTACH = Event("attach", f"olenkova@{REALM}", "uid=olenkova,dc=no", evidence=SEEN, lifted="N-DATE", input_row=3)


def test_what_is_intended_is_open_until_it_ends(journal):
    ids = journal.intend([CREATE, ATTACH])
    assert [event.id for event in journal.events(state=OPEN)] == ids
    journal.advance(ids, State.WRITTEN)
    journal.advance(ids[:1], State.LOOKED)
    assert [event.state for event in journal.events()] == [State.LOOKED, State.WRITTEN]
    journal.advance(ids[:1], State.DONE)
    journal.advance(ids[1:], State.TAKEN_BACK)
    assert journal.events(state=OPEN) == []
    assert [event.state for event in journal.events()] == [State.DONE, State.TAKEN_BACK]


@pytest.mark.parametrize("state", State)
def test_a_change_is_open_or_ended(journal, state):
    journal.advance(journal.intend([CREATE]), state)
    with closing(sqlite3.connect(journal.path)) as database:
        [(ended,)] = database.execute("SELECT ended_at FROM change")
    assert (ended is None) is (state in OPEN)


def test_an_event_comes_back_as_it_was_noted_with_who_and_when(journal):
    journal.note(ATTACH)
    [event] = journal.events(ATTACH.feide_name)
    assert (event.evidence, event.lifted, event.input_row, event.by) == (SEEN, "N-DATE", 3, "Kari")
    assert event.evidence_text == "letter, seen by Kari Nordmann on 2026-11-01 (kept in the archive)"
    assert event.at.startswith("20")
    assert journal.events("somebody@else.no") == []


def test_what_is_intended_is_on_disk_for_another_program(journal, key):
    ids = journal.intend([CREATE])
    other = Journal(f"sqlite:///{journal.path}", REALM, key=key, actor="Per")
    assert [event.id for event in other.events()] == ids
    other.close()


def test_all_of_an_intention_or_nothing_is_written(journal):
    with pytest.raises(JournalError):
        journal.intend([CREATE, Event("create", None, "uid=a")])
    assert journal.events() == []


def test_many_changes_advance_at_once(journal):
    ids = journal.intend([CREATE] * 1201)
    journal.advance(ids, State.DONE)
    assert len(set(ids)) == 1201
    assert journal.events(state=OPEN) == []
    assert journal.intend([]) == []


def test_organizations_share_a_database_without_seeing_each_other(journal, key):
    journal.note(CREATE)
    other = Journal(f"sqlite:///{journal.path}", "berg.kommune.no", key=MarkKey(b"another key altogether"), actor="Per")
    assert other.events() == []
    other.close()


def test_another_key_is_refused_with_what_to_do(journal):
    with pytest.raises(ConfigurationError, match=r"begun with another key\. Put the right key file back"):
        Journal(f"sqlite:///{journal.path}", REALM, key=MarkKey.fresh(), actor="Per")


@pytest.mark.parametrize("url", ["feideprov.db", "oracle://x/y", ""])
def test_a_url_of_another_database_is_a_mistake_in_the_configuration(url, key):
    with pytest.raises(ConfigurationError, match=r"sqlite:///feideprov\.db"):
        Journal(url, REALM, key=key, actor="Kari")


def test_a_database_that_cannot_be_opened_says_so(tmp_path, key):
    with pytest.raises(JournalError, match="cannot be used"):
        Journal(f"sqlite:///{tmp_path / 'nowhere' / 'journal.db'}", REALM, key=key, actor="Kari")


def test_a_second_run_waits_then_names_the_holder(journal, key, monkeypatch):
    monkeypatch.setattr(journal_module, "WAIT", 0.1)
    other = Journal(f"sqlite:///{journal.path}", REALM, key=key, actor="Per")
    with journal.run(), pytest.raises(JournalError, match="is in use by Kari"), other.run():
        pass
    with other.run():
        pass
    other.close()


def test_a_run_within_a_run_is_the_same_run(journal):
    with journal.run(), journal.run():
        pass


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


@pytest.mark.parametrize("content", ["no hexadecimal", "abcd", None], ids=["text", "short", "absent"])
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


def test_a_done_change_of_a_number_owes_notices_once(journal):
    kinds = ["attach", "replace", "withdraw", "create", "update"]
    ids = journal.intend([Event(kind, f"olenkova@{REALM}", "uid=olenkova,dc=no") for kind in kinds])
    journal.advance(ids, State.LOOKED, lambda event: ["library"])
    assert journal.owed() == []  # only what is done owes
    for _ in range(2):
        journal.advance(ids, State.DONE, lambda event: ["library", "bus", "library"] if event.kind != "replace" else [])
    assert [(one.change, one.service) for one in journal.owed()] == [
        (ids[0], "bus"),
        (ids[0], "library"),
        (ids[2], "bus"),
        (ids[2], "library"),
    ]


def test_a_change_is_not_done_without_what_it_owes(journal):
    def cut_off(event):
        raise KeyboardInterrupt

    ids = journal.intend([ATTACH])
    with pytest.raises(KeyboardInterrupt):
        journal.advance(ids, State.DONE, cut_off)
    assert [event.id for event in journal.events(state=OPEN)] == ids
