"""What `journal verify` finds: each way in which a directory and its journal can differ, alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from importlib import import_module
from pathlib import Path

import pytest

from feideprov import Client, Event, Evidence, Journal, MarkKey, PersonRecord, Settings
from feideprov.check.agreement import differences
from feideprov.directory.dn import DN
from feideprov.directory.entry import Delete, Entry, Modification, Modify, Write
from feideprov.directory.memory import MemoryDirectory
from feideprov.errors import ConfigurationError
from feideprov.issues import REGISTERED
from feideprov.journal.journal import State
from feideprov.testing import example_directory, example_settings

REALM = "skotthyll.kommune.no"
NUMBER, OTHER = "57912075186", "69822075096"  # Tenor
SEEN = Evidence("letter", "Kari Nordmann", date(2026, 11, 1))
PER, BASE = f"pernordm@{REALM}", "dc=skotthyll,dc=no"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return example_settings(tmp_path, numbers={"test": True})


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    key = MarkKey(b"a key for examples and nothing else")
    with closing(Journal(f"sqlite:///{tmp_path / 'j.db'}", REALM, key=key, actor="Kari")) as log:
        yield log


@pytest.fixture
def feide(settings: Settings, journal: Journal) -> Client:
    """Two users who were made: one with a number, one who waits."""
    client = Client(settings, directory=example_directory(), journal=journal, keys=journal.key)
    people = [("p1", "Olena", "Kovalenko"), ("p2", "Per", "Nordmann")]
    records = [
        PersonRecord(source_id=one, given_name=given, family_name=family, school="hylla", role="pupil")
        for one, given, family in people
    ]
    assert len(client.apply(client.plan(records)).changes) == 2
    [olena, _] = names(client)
    client.attach(olena, NUMBER, evidence=SEEN)
    return client


def names(feide: Client) -> list[str]:
    return sorted(e.feide_name for e in feide._context.journal.events() if e.kind == "create")


def found(feide: Client) -> list[tuple[str, str | None]]:
    return [(one.code, one.user) for one in feide.journal.verify()]


def by_hand(feide: Client, user: str, *steps: tuple[str, str, str]) -> None:
    """What somebody does to an entry with another tool."""
    carry_out(
        feide, Modify(dn(feide, user), tuple(Modification(o, a, (v.encode(),) if v else ()) for o, a, v in steps))
    )


def carry_out(feide: Client, write: Write) -> None:
    [written] = feide.directory.write([write])
    assert written.error is None


def dn(feide: Client, user: str):
    return next(e.dn for e in feide.directory.having(["uid"], ["*"]) if e.text("uid") == user.partition("@")[0])


def test_what_was_done_here_agrees(feide: Client) -> None:
    olena, per = names(feide)
    assert found(feide) == []
    feide.users.rename(per, to="nordmann")
    feide.users.close(olena)
    assert found(feide) == []
    feide.users.reopen(olena)
    assert found(feide) == []


def test_a_user_who_was_deleted_is_gone(feide: Client) -> None:
    olena, per = names(feide)
    carry_out(feide, Delete(dn(feide, per)))
    assert found(feide) == [("J-GONE", per)]
    feide.users.close(olena)
    carry_out(feide, Delete(dn(feide, olena)))
    assert sorted((f.code, f.severity.value, f.user) for f in feide.journal.verify()) == [
        ("J-GONE", "error", per),
        ("J-GONE", "warning", olena),
    ]


def test_a_user_who_was_forgotten_is_not_looked_for(feide: Client) -> None:
    _, per = names(feide)
    carry_out(feide, Delete(dn(feide, per)))
    feide._context.journal.forget(per)
    assert found(feide) == []


def test_a_user_who_was_renamed_elsewhere_has_another_name(feide: Client) -> None:
    _, per = names(feide)
    attribute = "eduPersonPrincipalName"
    by_hand(feide, per, ("delete", attribute, ""), ("add", attribute, f"per@{REALM}"))
    assert found(feide) == [("J-NAME", per)]


def test_a_source_id_that_went_is_missed(feide: Client) -> None:
    _, per = names(feide)
    by_hand(feide, per, ("delete", "employeeNumber", ""), ("add", "employeeNumber", "somebody"))
    assert found(feide) == [("J-SOURCE-ID", per)]


def test_a_number_that_another_hand_changed_or_took_is_told_without_a_digit(feide: Client) -> None:
    olena, _ = names(feide)
    by_hand(feide, olena, ("delete", "norEduPersonNIN", NUMBER))
    assert found(feide) == [("J-NO-NUMBER", olena)]
    by_hand(feide, olena, ("add", "norEduPersonNIN", OTHER))
    assert found(feide) == [("J-OTHER-NUMBER", olena)]
    assert not any(number in repr(feide.journal.verify()) for number in (NUMBER, OTHER))


def test_a_number_that_the_journal_does_not_know_is_told_until_it_is_observed(feide: Client) -> None:
    """Another program wrote it, or a write of ours arrived late, after it was recorded as not done."""
    _, per = names(feide)
    by_hand(feide, per, ("add", "norEduPersonNIN", OTHER))
    assert found(feide) == [("J-UNKNOWN-NUMBER", per)]
    feide._context.journal.note(Event("seen-attach", per, str(dn(feide, per)), number_mark=mark_of(feide, OTHER)))
    assert found(feide) == []


def mark_of(feide: Client, number: str) -> str:
    return feide._context.journal.key.of_number(number)


@pytest.mark.parametrize("kind", ["withdraw", "take-back"])
def test_a_number_that_was_withdrawn_must_not_come_back(feide: Client, kind: str) -> None:
    olena, _ = names(feide)
    mark = feide._context.journal.key.of_number(NUMBER)
    which = {"old_number_mark": mark} if kind == "withdraw" else {"number_mark": mark}
    feide._context.journal.note(Event(kind, olena, str(dn(feide, olena)), **which))
    assert found(feide) == [("J-NUMBER-BACK", olena)]
    by_hand(feide, olena, ("delete", "norEduPersonNIN", NUMBER))
    assert found(feide) == []
    by_hand(feide, olena, ("add", "norEduPersonNIN", OTHER))
    assert found(feide) == [("J-UNKNOWN-NUMBER", olena)]


@pytest.mark.parametrize("by", ["directory", "entra"])
def test_a_closed_user_who_can_log_in_again_is_found(tmp_path: Path, journal: Journal, by: str) -> None:
    settings = example_settings(tmp_path, login={"by": by})
    feide = Client(settings, directory=example_directory(), journal=journal, keys=journal.key)
    one = PersonRecord(
        source_id="p2", given_name="Per", family_name="Nordmann", school="hylla", role="pupil", mail="per@example.no"
    )
    feide.apply(feide.plan([one]))
    [per] = names(feide)
    feide.users.close(per)
    assert found(feide) == []
    given_back = ("userPassword", "{SSHA}again") if by == "directory" else ("eduPersonPrincipalName", per)
    by_hand(feide, per, ("add", *given_back))
    assert found(feide) == [("J-CLOSED", per)]


@pytest.mark.parametrize(("control", "differ"), [("514", False), ("512", True)], ids=["disabled", "enabled"])
def test_a_closed_account_of_active_directory_is_one_that_is_disabled(
    journal: Journal, control: str, differ: bool
) -> None:
    user = DN.parse(f"cn=per,ou=people,{BASE}")
    values = {"cn": ["per"], "uid": ["per"], "sAMAccountName": ["per"], "eduPersonPrincipalName": [PER]}
    entry = Entry(user, values | {"employeeNumber": ["p2"], "userAccountControl": [control], "unicodePwd": [b"x"]})
    for kind in ("create", "close"):
        journal.note(Event(kind, PER, str(user), source_id="p2"))
    there = MemoryDirectory(BASE, [Entry(DN.parse(BASE), {"dc": ["skotthyll"]}), entry])
    codes = [f.code for f in differences(journal, there, source_id_attribute="employeeNumber", password=True)]
    assert codes == ["J-CLOSED"] * differ


@pytest.mark.parametrize("state", [State.INTENDED, State.WRITTEN, State.LOOKED])
def test_an_open_change_is_told_and_nothing_else_of_its_user(feide: Client, state: State) -> None:
    olena, per = names(feide)
    feide._context.journal.advance(
        feide._context.journal.intend([Event("withdraw", olena, str(dn(feide, olena)))]), state
    )
    feide._context.journal.advance(feide._context.journal.intend([Event("create", f"new@{REALM}", "uid=new")]), state)
    by_hand(feide, olena, ("delete", "norEduPersonNIN", NUMBER))
    assert found(feide) == [("J-OPEN", f"new@{REALM}"), ("J-OPEN", olena)]
    assert per not in dict(map(reversed, found(feide)))


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE change SET evidence_seen_by = 'Per' WHERE kind = 'attach'", "J-EVIDENCE"),
        ("DELETE FROM issued_name WHERE mark = :mark", "J-ISSUED"),
        (
            "INSERT INTO owed (realm, change_id, service, at) "
            "VALUES ('skotthyll.kommune.no', 4711, 'library', '2026-11-23')",
            "J-OWED",
        ),
    ],
    ids=["evidence", "issued", "owed"],
)
def test_a_journal_that_was_altered_is_found(feide: Client, statement: str, code: str) -> None:
    olena, _ = names(feide)
    with closing(sqlite3.connect(feide._context.journal.path)) as database:
        database.execute(statement, {"mark": feide._context.journal.key.of_name(olena)})
        database.commit()
    assert found(feide) == [(code, None if code == "J-OWED" else olena)]


def test_other_organizations_in_the_database_are_not_compared(feide: Client, journal: Journal) -> None:
    with closing(Journal(f"sqlite:///{journal.path}", "berg.kommune.no", key=MarkKey.fresh(), actor="Per")) as other:
        other.note(Event("create", "anna@berg.kommune.no", "uid=anna"))
    assert found(feide) == []


def test_to_verify_writes_nothing_and_waits_for_nobody(feide: Client, tmp_path: Path, journal: Journal) -> None:
    watching = example_settings(tmp_path, numbers={"test": True}, directory={"mode": "watch"})
    before = journal.events(), list(feide.directory.entries())
    second = Journal(f"sqlite:///{journal.path}", REALM, key=journal.key, actor="Per")
    with second.run(), closing(second):
        client = Client(watching, directory=feide.directory, journal=journal, keys=journal.key)
        with pytest.raises(ConfigurationError, match="watch"):
            client.users.resolve("a", different=True)
        assert client.journal.verify() == []
    assert (journal.events(), list(feide.directory.entries())) == before


def test_every_code_has_a_sentence_and_a_next_step() -> None:
    import_module("feideprov.observe.comparison")  # it has one of them
    rows = [row for row in REGISTERED.values() if row.code.startswith("J-")]
    assert len(rows) == 13
    for row in rows:
        assert row.meaning.endswith(".")
        assert row.action.endswith(".") or "run: feideprov " in row.action.lower()


def test_a_run_that_begins_and_ends_meanwhile_is_no_difference(feide: Client) -> None:
    """Between the look at the journal and the one at the directory a number is withdrawn, and a notice is owed."""
    [olena, _] = names(feide)
    journal, having, owed = feide._context.journal, feide.directory.having, feide._context.journal.owed
    entry, mark = str(dn(feide, olena)), feide._context.journal.key.of_number(NUMBER)

    def meanwhile(present, attributes):
        feide.directory.having = having
        by_hand(feide, olena, ("delete", "norEduPersonNIN", NUMBER))
        journal.advance(journal.intend([Event("withdraw", olena, entry, old_number_mark=mark)]), State.DONE)
        return having(present, attributes)

    def owed_meanwhile():
        ids = journal.intend([Event("attach", olena, entry, number_mark=mark)])
        journal.advance(ids, State.DONE, lambda _: ["register"])
        return owed()

    feide.directory.having = meanwhile
    assert found(feide) == []
    by_hand(feide, olena, ("add", "norEduPersonNIN", NUMBER))
    journal.owed = owed_meanwhile
    assert ("J-OWED", None) not in found(feide)
