"""A user is forgotten: nobody can tell any more who it was, and the name stays taken for ever."""

from __future__ import annotations

from datetime import date

import pytest

from feideprov import Event, Evidence, Journal, Refused
from feideprov.journal.journal import State
from feideprov.journal.users import KnownUsers

REALM = "skotthyll.kommune.no"
SEEN = Evidence("letter", "Kari Nordmann", date(2026, 11, 1), "kept in the archive")
NUMBER = "57912075186"


def name(user_name: str) -> str:
    return f"{user_name}@{REALM}"


def event(kind: str, user_name: str, **fields: object) -> Event:
    return Event(kind, name(user_name), f"uid={user_name},ou=people,dc=skotthyll,dc=no", **fields)


@pytest.mark.parametrize("state", State)
def test_a_name_is_taken_for_ever_once_somebody_had_it(journal, state):
    journal.advance(journal.intend([event("create", "olenkova")]), state)
    assert ("olenkova" in KnownUsers.read(journal).issued) is (state in (State.DONE, State.TAKEN_BACK))


def test_both_names_of_a_rename_are_taken_for_ever(journal):
    journal.note(event("rename", "olenkova", other=name("kova")))
    issued = KnownUsers.read(journal).issued
    assert "olenkova" in issued
    assert "kova" in issued
    assert "kova2" not in issued


@pytest.mark.parametrize("kind", ["link", "release"])
def test_the_name_of_a_user_that_became_ours_or_was_handed_over_is_taken_for_ever(journal, kind):
    journal.note(event(kind, "olenkova", source_id="p1"))
    assert "olenkova" in KnownUsers.read(journal).issued


def test_no_other_change_gives_a_name_out(journal):
    for kind in ("update", "attach", "protect", "close"):
        journal.note(event(kind, "olenkova", source_id="p1"))
    assert "olenkova" not in KnownUsers.read(journal).issued


def test_names_of_another_organization_are_not_taken_here(journal, key):
    journal.note(event("create", "olenkova"))
    other = Journal(f"sqlite:///{journal.path}", "berg.kommune.no", key=key, actor="Per")
    assert "olenkova" not in KnownUsers.read(other).issued
    other.close()


def fill(journal: Journal) -> None:
    mark = journal.key.of_number(NUMBER)
    journal.note(event("create", "olenkova", source_id="ref-7", protected=True, input="liste.csv", input_row=3))
    journal.note(event("attach", "olenkova", number_mark=mark, evidence=SEEN, lifted="N-DATE"))
    journal.note(event("rename", "olenkova", other=name("kova"), source_id="ref-7"))
    journal.note(event("second-account", "anna", other=name("kova")))
    journal.note(event("create", "anna", source_id="ref-8"))


@pytest.mark.parametrize("by", ["olenkova", "kova", "KOVA"])
def test_a_forgotten_user_is_gone_under_every_name_and_others_stay(journal, by):
    fill(journal)
    journal.forget(name(by))
    assert journal.events(name("olenkova")) == journal.events(name("kova")) == []
    assert [e.kind for e in journal.events(name("anna"))] == ["second-account", "create"]
    assert [e.kind for e in journal.events()] == ["create", "attach", "rename", "second-account", "create"]
    forgotten = [e for e in journal.events() if not e.feide_name]
    assert {(e.dn, e.source_id, e.number_mark, e.input, e.evidence, e.protected) for e in forgotten} == {
        ("", None, None, None, None, False)
    }
    assert all(e.at and e.by == "Kari" and e.state is State.DONE and not e.altered for e in journal.events())
    answers = KnownUsers.read(journal)
    assert answers.ours == {name("anna")}
    assert not answers.may_share(name("anna"), "")


def test_the_names_of_a_forgotten_user_stay_taken(journal, key):
    fill(journal)
    journal.forget(name("kova"))
    again = Journal(f"sqlite:///{journal.path}", REALM, key=key, actor="Per")
    issued = KnownUsers.read(again).issued
    assert all(taken in issued for taken in ("olenkova", "kova", "anna"))
    again.close()


def test_no_file_of_the_journal_holds_a_forgotten_user(journal):
    fill(journal)
    journal.forget(name("kova"))
    content = b"".join(path.read_bytes() for path in journal.path.parent.glob(f"{journal.path.name}*"))
    assert b"anna" in content
    for word in (b"olenkova", b"kova", b"ref-7", b"liste.csv", b"archive", journal.key.of_number(NUMBER).encode()):
        assert word not in content, word


@pytest.mark.parametrize("state", [State.INTENDED, State.WRITTEN, State.LOOKED])
@pytest.mark.parametrize("by", ["olenkova", "kova"])
def test_a_user_whose_change_is_open_is_not_forgotten(journal, state, by):
    journal.note(event("create", "olenkova"))
    journal.advance(journal.intend([event("rename", "olenkova", other=name("kova"))]), state)
    before = journal.events()
    with pytest.raises(Refused) as refused:
        journal.forget(name(by))
    assert refused.value.code == "R-UNFINISHED"
    assert journal.events() == before


def test_nobody_is_forgotten_by_a_name_that_nobody_has(journal):
    fill(journal)
    before = journal.events()
    journal.forget(name("nobody"))
    assert journal.events() == before


def test_the_history_of_a_renamed_user_is_one(journal):
    fill(journal)
    kinds = ["create", "attach", "rename"]
    assert [e.kind for e in journal.events(name("olenkova"))] == kinds
    assert [e.kind for e in journal.events(name("kova"))] == kinds
