"""The marks of people: by name and birth date the journal knows again whom a user was made for."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date

import pytest

from feideprov import Event, Journal, JournalError, MarkKey
from feideprov.journal.events import State
from feideprov.journal.people import KnownPeople, PersonMarks, keep_people

REALM = "skotthyll.kommune.no"
LINA, BORN = f"lhaddad@{REALM}", date(2016, 3, 9)


def create(user: str = LINA, person: PersonMarks | None = None) -> Event:
    return Event("create", user, f"uid={user.partition('@')[0]},dc=no", source_id="p1", person=person)


def marks_of(key: MarkKey, *names: str, source_id: str = "p1", row: str = "row") -> PersonMarks:
    return PersonMarks(
        frozenset(key.of_person(name, BORN) for name in names),
        frozenset({key.of_source_id(source_id, BORN)}),
        key.of_row(row),
    )


@pytest.fixture
def lina(key: MarkKey) -> PersonMarks:
    return marks_of(key, "haddad lina", "haddad lina maria")


def kept(journal: Journal, user: str = LINA) -> PersonMarks | None:
    """Everything that is kept of a user, in a journal of this user alone."""
    known = KnownPeople.read(journal)
    if not known.birth_date_known(user):
        return None
    names = frozenset(mark for mark in known.names if user in known.users_with_name(mark))
    return PersonMarks(names, frozenset(known.source_ids), known.row_of(user) or "")


# --- the marks themselves


def test_a_mark_of_a_person_is_that_of_the_name_with_the_birth_date_and_the_key(key):
    mark = key.of_person("haddad lina", BORN)
    assert mark == key.of_person("haddad lina", BORN)
    assert len(mark) == 32
    others = {
        key.of_person("haddad lina", date(2016, 9, 3)),
        key.of_person("haddad lin", BORN),
        key.of_source_id("haddad lina", BORN),
        key.of_row("haddad lina", BORN.isoformat()),
        MarkKey.fresh().of_person("haddad lina", BORN),
        key.of_name("haddad lina")[:32],
    }
    assert len(others | {mark}) == 7


@pytest.mark.parametrize("spelling", ["ELEV-7", " elev-7 ", "ｅｌｅｖ-7"])
def test_a_source_id_has_one_mark_in_every_spelling_that_a_directory_holds_equal(key, spelling):
    assert key.of_source_id(spelling, BORN) == key.of_source_id("elev-7", BORN)
    assert key.of_source_id("elev-8", BORN) != key.of_source_id("elev-7", BORN)


def test_the_texts_of_a_row_are_joined_so_that_no_two_rows_are_equal(key):
    rows = [("ab", "c"), ("a", "bc"), ("abc",), ("abc", ""), ("", "abc"), ("ab\0c",), ('a", "bc',), ()]
    assert len({key.of_row(*row) for row in rows}) == len(rows)


@pytest.mark.parametrize("text", ["", "لينا حداد", "a\0b", "\ud800"], ids=ascii)
def test_every_text_has_a_mark(key, text):
    marks = [key.of_person(text, BORN), key.of_source_id(text, BORN), key.of_row(text)]
    assert all(int(mark, 16) and len(mark) == 32 for mark in marks)


# --- with a change


@pytest.mark.parametrize("state", State)
def test_marks_hold_unless_their_change_was_not_done(journal, lina, state):
    ids = journal.intend([create(person=lina)])
    assert kept(journal) == lina
    journal.advance(ids, state)
    assert kept(journal) == (lina if state.is_open or state.took_place else None)


def test_a_change_that_was_not_done_leaves_nothing_of_the_person_behind(journal, lina):
    ids = journal.intend([create(person=lina)])
    journal.advance(ids, State.REFUSED)
    with closing(sqlite3.connect(journal.path)) as database:
        assert database.execute("SELECT count(*) FROM person_mark").fetchone() == (0,)


@pytest.mark.parametrize("ended", [State.NOT_DONE, State.REFUSED])
def test_a_second_attempt_has_its_own_marks(journal, key, lina, ended):
    """After a name conflict, under another Feide name; after an interruption, under the same one."""
    for user in (f"lhaddad2@{REALM}", LINA):
        journal.advance(journal.intend([create(person=lina)]), ended)
        journal.advance(journal.intend([create(user, person=lina)]), State.DONE)
        assert KnownPeople.read(journal).users_with_name(key.of_person("haddad lina", BORN)) >= {user}
    assert KnownPeople.read(journal).users == {LINA, f"lhaddad2@{REALM}"}


def test_a_change_that_was_not_done_takes_no_marks_of_an_earlier_one_along(journal, key, lina):
    keep_people(journal, [(LINA, lina)])
    other = marks_of(key, "haddad lina", row="another row")
    journal.advance(journal.intend([create(person=other)]), State.NOT_DONE)
    assert kept(journal) == lina
    journal.advance(journal.intend([create(person=other)]), State.DONE)
    assert kept(journal) == replace(lina, row=other.row)


def test_a_note_keeps_the_marks_too(journal, lina):
    """A person said that a source id belongs to a user."""
    journal.note(replace(create(person=lina), kind="link"))
    assert kept(journal) == lina


def test_marks_are_written_with_the_intention_or_neither_is(journal, lina):
    bad = PersonMarks(frozenset(), frozenset(), None)  # type: ignore[arg-type]
    with pytest.raises(JournalError):
        journal.intend([create(person=lina), create(f"anna@{REALM}", bad)])
    assert journal.events() == []
    assert KnownPeople.read(journal).users == frozenset()


def test_an_event_shows_no_marks_and_is_the_same_with_and_without(journal, lina):
    assert create(person=lina) == create()
    assert repr(create(person=lina)) == repr(create())
    journal.note(create(person=lina))
    [event] = journal.events()
    assert event.person is None


# --- for users that are there already


def test_former_names_and_source_ids_stay_and_the_row_is_replaced(journal, key, lina):
    keep_people(journal, [(LINA, lina)])
    later = marks_of(key, "larsen lina", source_id="p2", row="married")
    keep_people(journal, [(LINA.upper(), later)])
    assert kept(journal) == PersonMarks(lina.names | later.names, lina.source_ids | later.source_ids, later.row)
    known = KnownPeople.read(journal)
    assert known.rows == {LINA: later.row}
    assert known.row_of(LINA.upper()) == later.row


def test_keeping_twice_is_keeping_once(journal, lina):
    def rows() -> list[object]:
        with journal.reading() as connection:
            return list(connection.exec_driver_sql("SELECT * FROM person_mark ORDER BY 1, 2, 3"))

    keep_people(journal, [(LINA, lina), (LINA, lina)])
    before = rows()
    keep_people(journal, iter([(LINA, lina)]))
    assert rows() == before
    assert len(before) == 1


def test_the_last_row_that_is_said_of_a_user_counts(journal, key, lina):
    ids = journal.intend([create(person=lina)])
    keep_people(journal, [(LINA, replace(lina, row=key.of_row(row))) for row in ("second", "third")])
    journal.advance(ids, State.DONE)
    assert KnownPeople.read(journal).row_of(LINA) == key.of_row("third")


def test_one_name_of_two_people_is_found_with_both(journal, key, lina):
    keep_people(journal, [(LINA, lina), (f"lina2@{REALM}", lina)])
    known = KnownPeople.read(journal)
    assert known.users_with_name(key.of_person("haddad lina", BORN)) == {LINA, f"lina2@{REALM}"}
    assert known.users_with_name(key.of_person("haddad lena", BORN)) == frozenset()
    assert not known.has_source_id_mark(key.of_source_id("p2", BORN))
    assert not known.birth_date_known(f"lina3@{REALM}")
    assert known.row_of(f"lina3@{REALM}") is None


def test_nothing_is_kept_of_nobody(journal):
    keep_people(journal, [])
    known = KnownPeople.read(journal)
    assert (known.users, dict(known.rows), known) == (frozenset(), {}, KnownPeople())


def test_marks_are_in_no_text_of_what_holds_them(journal, lina):
    keep_people(journal, [(LINA, lina)])
    shown = repr(KnownPeople.read(journal)) + repr(lina) + str(lina)
    assert not any(mark in shown for mark in (*lina.names, *lina.source_ids, lina.row))


def test_another_organization_in_the_same_database_sees_no_marks(journal, key, lina):
    keep_people(journal, [(LINA, lina)])
    with closing(Journal(f"sqlite:///{journal.path}", "berg.kommune.no", key=key, actor="Per")) as other:
        assert KnownPeople.read(other).users == frozenset()


# --- forgotten


@pytest.mark.parametrize("by", [LINA, f"lina@{REALM}", f"Lina@{REALM}"])
def test_a_forgotten_person_has_no_marks_under_any_name(journal, key, lina, by):
    journal.advance(journal.intend([create(person=lina)]), State.DONE)
    journal.note(Event("rename", LINA, "uid=lhaddad,dc=no", other=f"lina@{REALM}"))
    keep_people(journal, [(f"lina@{REALM}", marks_of(key, "larsen lina")), (f"anna@{REALM}", lina)])
    journal.forget(by)
    assert KnownPeople.read(journal).users == {f"anna@{REALM}"}


def test_no_file_of_the_journal_holds_a_name_a_birth_date_or_what_was_forgotten(journal, key, lina):
    journal.advance(journal.intend([create(person=lina)]), State.DONE)
    keep_people(journal, [(LINA, marks_of(key, "larsen lina", row="haddad lina 2016-03-09"))])

    def content() -> bytes:
        return b"".join(path.read_bytes() for path in journal.path.parent.glob(f"{journal.path.name}*"))

    for word in (b"haddad lina", b"larsen", b"maria", b"2016-03-09", b"20160309", b"09.03.2016"):
        assert word not in content(), word
    marks = (*lina.names, *lina.source_ids, key.of_person("larsen lina", BORN))
    assert all(mark.encode() in content() for mark in marks)
    journal.forget(LINA)
    assert not any(mark.encode() in content() for mark in marks)
