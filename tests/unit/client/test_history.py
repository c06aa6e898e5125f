"""What the journal says of a user afterwards: which evidence counted, and what an update changed, but no old name."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date

import pytest

from feideprov import Client, Evidence, Journal, MarkKey, PersonRecord
from feideprov.directory.entry import Entry, Modification, Modify
from feideprov.intake.number_list import NumberRow
from feideprov.issues import Origin
from feideprov.journal.events import Event
from feideprov.numbers import NumberText
from feideprov.testing import example_directory, example_settings

ON = date(2026, 11, 22)
REALM = "skotthyll.kommune.no"
OLENA = f"olenkova@{REALM}"
BORN, D_NUMBER = date(1994, 2, 12), "52829400197"  # Tenor's
SEEN = Evidence("letter", "Kari Nordmann", date(2026, 11, 2))
EQUAL = "equals the recorded birth date"


@pytest.fixture
def opened(tmp_path):
    """Makes a client; all of them have the same directory and journal."""
    key = MarkKey(b"a key for examples and nothing else")
    with closing(Journal(f"sqlite:///{tmp_path / 'journal.db'}", REALM, key=key, actor="Kari")) as journal:
        directory = example_directory()

        def client(**settings) -> Client:
            return Client(example_settings(tmp_path, **settings), directory=directory, journal=journal, keys=key, on=ON)

        yield client


@pytest.fixture
def client(opened) -> Client:
    return opened()


def person(**fields) -> PersonRecord:
    given = {"source_id": "p1", "given_name": "Olena", "family_name": "Kovalenko", "school": "hylla", "role": "pupil"}
    return PersonRecord(**given | fields)


def made(client: Client, **fields) -> Client:
    client.apply(client.plan([person(**fields)]))
    return client


def evidence(client: Client, user: str = OLENA) -> str | None:
    return client.users.history(user)[-1].evidence_text


def number_row(number: str = D_NUMBER, **fields) -> NumberRow:
    return NumberRow(source_id="p1", national_number=NumberText(number), origin=Origin("numbers.csv", 2), **fields)


# --- the evidence that counted


def removed(client: Client) -> None:
    """Another program removes the number. One that was withdrawn comes back with new evidence only."""
    step = Modification("delete", "norEduPersonNIN", (D_NUMBER.encode(),))
    dn = client.organization.people.child("uid", OLENA.partition("@")[0])
    assert not next(client.directory.write([Modify(dn, (step,))])).error


def test_a_birth_date_that_counted_is_recorded_for_each_kind_of_change(client, tmp_path):
    made(client, birth_date=BORN, national_number=D_NUMBER)
    assert evidence(client) == EQUAL
    removed(client)
    client.attach(OLENA, D_NUMBER, birth_date=BORN)
    assert evidence(client) == EQUAL
    removed(client)
    client.apply(client.numbers.plan_attach([number_row(birth_date=BORN)]))
    assert evidence(client) == EQUAL
    client.replace(OLENA, D_NUMBER, "45840375084", birth_date=date(2003, 4, 5))
    assert (client.users.history(OLENA)[-1].kind, evidence(client)) == ("replace", EQUAL)
    assert not any(event.altered for event in client.users.history(OLENA))


def test_a_number_of_a_person_list_says_it_too_also_from_a_saved_plan(client, tmp_path):
    people = tmp_path / "people.csv"
    heading = "source_id;given_name;family_name;birth_date;school;role;national_number\n"
    people.write_text(f"{heading}p1;Olena;Kovalenko;1994-02-12;hylla;pupil;{D_NUMBER}\n", encoding="utf-8")
    client.plan(people).save(tmp_path / "plan.json", client=client, source=people)
    client.apply(type(client.plan(people)).load(tmp_path / "plan.json", client=client))
    assert evidence(client) == EQUAL
    removed(client)
    client.plan(people).save(tmp_path / "plan.json", client=client, source=people)
    client.apply(type(client.plan(people)).load(tmp_path / "plan.json", client=client))
    assert (client.users.history(OLENA)[-1].kind, evidence(client)) == ("attach", EQUAL)


@pytest.mark.parametrize("birth_date", [None, BORN, date(1994, 2, 13)])
def test_evidence_that_somebody_saw_goes_before_the_birth_date(client, birth_date):
    made(client)
    client.attach(OLENA, D_NUMBER, evidence=SEEN, birth_date=birth_date)
    assert evidence(client) == "letter, seen by Kari Nordmann on 2026-11-02"


@pytest.mark.parametrize("source", ["register", "letter", "card", "authority"])
def test_each_source_of_evidence_is_told(client, source):
    made(client)
    client.attach(OLENA, D_NUMBER, evidence=Evidence(source, "Kari Nordmann", date(2026, 11, 2)))
    assert evidence(client) == f"{source}, seen by Kari Nordmann on 2026-11-02"


def test_of_several_kinds_of_evidence_the_one_that_counted_is_told(opened):
    source = {"name": "visma", "evidence": "register", "confirmed_by": "Rektor", "confirmed_on": date(2026, 1, 1)}
    client = made(opened(sources=[source]))
    client.apply(client.numbers.plan_attach([number_row(evidence=SEEN)], source="visma"))
    assert evidence(client) == "letter, seen by Kari Nordmann on 2026-11-02"
    removed(client)
    told = Evidence("card", "Per Hansen", date(2026, 11, 3))
    client.apply(client.numbers.plan_attach([number_row()], source="visma", evidence=told))
    assert evidence(client) == "card, seen by Per Hansen on 2026-11-03"
    removed(client)
    client.apply(client.numbers.plan_attach([number_row(birth_date=BORN)], source="visma"))
    assert evidence(client) == "register, seen by Rektor on 2026-01-01 (source visma)"


def test_what_counted_in_place_of_evidence_is_told_in_words():
    told = {
        basis: Event("attach", OLENA, "uid=x,dc=no", basis=basis).evidence_text for basis in ("not-needed", "later")
    }
    assert told == {"not-needed": "none is needed for a DUF number", "later": "later"}


@pytest.mark.parametrize(("born", "told"), [("19940212", EQUAL), ("", None)])
def test_a_number_that_others_wrote_is_compared_with_the_birth_date_of_the_entry(client, born, told):
    made(client)
    client.observe()
    [entry] = [one for one in client.directory.entries() if one.text("eduPersonPrincipalName") == OLENA]
    attributes = dict(entry.items()) | {"norEduPersonNIN": [D_NUMBER.encode()]}
    attributes |= {"norEduPersonBirthDate": [born.encode()]} if born else {}
    client.directory._entries[entry.dn.key] = Entry(entry.dn, attributes)
    client.observe()
    assert client.users.history(OLENA)[-1].kind == "seen-attach"
    assert evidence(client) == told
    assert client.users.history(OLENA)[-1].basis == ("birth-date" if born else None)


@pytest.mark.parametrize("change", ["evidence_basis = NULL", "evidence_basis = 'not-needed'"])
def test_a_basis_that_was_altered_shows(client, tmp_path, change):
    made(client, birth_date=BORN, national_number=D_NUMBER)
    with closing(sqlite3.connect(tmp_path / "journal.db")) as database, database:
        database.execute(f"UPDATE change SET {change}")
    assert client.users.history(OLENA)[-1].altered


def test_a_basis_that_was_added_shows(client, tmp_path):
    made(client)
    client.attach(OLENA, D_NUMBER, evidence=SEEN)
    with closing(sqlite3.connect(tmp_path / "journal.db")) as database, database:
        database.execute("UPDATE change SET evidence_basis = 'birth-date'")
    assert [event.altered for event in client.users.history(OLENA)] == [True, True]


def test_the_birth_date_is_no_evidence_for_a_doubtful_number(client):
    """`check` and `observe` accept a doubt only when somebody saw the number."""
    made(client, birth_date=BORN, national_number=D_NUMBER)
    event = client.users.history(OLENA)[-1]
    assert (event.basis, event.evidence, event.lifted) == ("birth-date", None, None)


# --- what an update changed


@pytest.mark.parametrize(
    ("fields", "changed"),
    [
        ({"mail": "o@example.no"}, ("mail",)),
        ({"family_name": "Bondarenko"}, ("name",)),
        ({"legal_name": "Olena Petrivna Kovalenko"}, ("name",)),
        ({"given_name": "Lena", "mobile": "+4791234567"}, ("name", "mobile")),
    ],
)
def test_an_update_says_which_attributes_it_changed_and_of_a_name_only_that(client, tmp_path, fields, changed):
    made(client)
    client.apply(client.plan([person(**fields)]))
    event = client.users.history(OLENA)[-1]
    assert (event.kind, event.changed) == ("update", changed)


def test_other_changes_have_none(client):
    made(client)
    client.attach(OLENA, D_NUMBER, evidence=SEEN)
    assert [event.changed for event in client.users.history(OLENA)] == [(), ()]


def test_no_old_name_is_in_the_journal(client, tmp_path):
    made(client, given_name="Xymena", family_name="Quvalenko", birth_date=BORN)
    [user] = [one.user for one in client.pending()]
    client.apply(client.plan([person(given_name="Xymena", family_name="Bondarenko", birth_date=BORN)]))
    assert client.users.history(user)[-1].kind == "update"
    with closing(sqlite3.connect(tmp_path / "journal.db")) as database:
        dump = "\n".join(database.iterdump()).lower()
    assert not {name for name in ("xymena", "quvalenko", "bondarenko") if name in dump}


def test_history_names_the_feide_name_of_today_and_no_former_one(client):
    made(client)
    client.users.rename(OLENA, to="olena.berg")
    client.users.rename(f"olena.berg@{REALM}", to="olena.dahl")
    today = f"olena.dahl@{REALM}"
    for asked in (OLENA, f"olena.berg@{REALM}", today, today.upper()):
        renames = [event for event in client.users.history(asked) if event.kind == "rename"]
        assert [event.other for event in renames] == [None, today]


def test_the_other_user_of_a_second_account_has_the_name_of_today(client):
    client.apply(client.plan([person(), person(source_id="p2", given_name="Anna", family_name="Berg")]))
    other = next(user.user for user in client.pending() if user.user != OLENA)
    client.users.resolve(OLENA, second_account_of=other)
    client.users.rename(other, to="anna.dahl")
    assert client.users.history(OLENA)[-1].other == f"anna.dahl@{REALM}"
