"""First passwords from a run to their user: in files by school, noted as given, erased when nobody took them."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from feideprov import Client, ConfigurationError, Group, PersonRecord
from feideprov.directory.memory import MemoryDirectory
from feideprov.journal.events import Event, Kind
from feideprov.journal.user.lockout import SEEN_FOR, keep_lockout, locks_users
from feideprov.testing import MemoryPasswordSink
from feideprov.testing.example import example_directory, example_settings

ON = date(2026, 11, 22)


def open_client(folder: Path, directory: MemoryDirectory, on: date = ON, **sections: Any) -> Client:
    journal = {"handover": folder / "passwords/{school}-{class}.csv"}
    sink = sections.pop("sink", None)
    return Client(example_settings(folder, journal=journal, **sections), directory=directory, on=on, handover=sink)


@pytest.fixture
def directory() -> MemoryDirectory:
    return example_directory()


def people() -> list[PersonRecord]:
    def one(key: str, **more: Any) -> PersonRecord:
        return PersonRecord(
            **{"source_id": key, "given_name": f"Ada{key}", "family_name": "Berg", "school": "hylla", "role": "pupil"}
            | more
        )

    return [
        one("p1", groups=(Group.parse("b:6a:Klasse 6A"),), grade="6", language="uk"),
        one("p2", school="berg", role="student"),
        one("p3", role="teacher", groups=(Group.parse("b:6a:Klasse 6A"),)),
    ]


def files(folder: Path) -> dict[str, list[dict[str, str]]]:
    found = {}
    for path in sorted((folder / "passwords").glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            found[path.stem] = list(csv.DictReader(file, delimiter=";"))
    return found


def test_pupils_are_in_the_file_of_their_class_and_others_in_that_of_their_school(tmp_path, directory):
    with open_client(tmp_path, directory) as feide:
        feide.apply(feide.plan(people()))
        found = files(tmp_path)
        assert {name: len(rows) for name, rows in found.items()} == {
            "Hylla skole-Klasse 6A": 1,
            "Hylla skole-andre": 1,
            "Berg voksenopplæring-andre": 1,
        }
        [row] = found["Hylla skole-Klasse 6A"]
        assert (row["class"], row["grade"], row["language"], row["made_on"]) == ("Klasse 6A", "6", "uk", str(ON))
        for one in feide.passwords.rows():
            [entry] = directory.matching("eduPersonPrincipalName", [one.user], ["uid"])
            assert directory.accepts_login(entry.dn, one.password)


def test_a_protected_person_is_in_no_file_of_a_school_and_has_no_name(tmp_path, directory):
    with open_client(tmp_path, directory) as feide:
        [record, *_] = people()
        hidden = record.model_copy(update={"protected": True})
        [made] = feide.apply(feide.plan([hidden], only="p1")).changes
        feide.users.password(made.feide_name)
    [(name, [row])] = files(tmp_path).items()
    told = {key: value for key, value in row.items() if value and key not in ("user", "password", "made_on", "order")}
    assert (name, told) == ("andre-andre", {})


def test_a_new_password_is_told_with_class_and_school(tmp_path, directory):
    with open_client(tmp_path, directory) as feide:
        feide.apply(feide.plan(people()))
        [user] = [row.user for row in feide.passwords.rows() if row.grade]
        before = {row.user: row for row in feide.passwords.rows()}
        feide.users.password(user)
        [after] = [row for row in feide.passwords.rows() if row.user == user]
        assert after.password != before[user].password
        assert (after.school, after.group, after.grade, after.language) == ("hylla", "Klasse 6A", "6", "uk")
    assert len(files(tmp_path)) == 3


def test_what_was_given_is_erased_and_today_does_not_ask_for_it(tmp_path, directory):
    with open_client(tmp_path, directory) as feide:
        feide.apply(feide.plan(people()))
        assert "passwords" not in feide.today().counts  # made today
        users = [row.user for row in feide.passwords.rows()]
    with open_client(tmp_path, directory, ON + timedelta(3)) as feide:
        [task] = [task for task in feide.today().tasks if task.kind == "passwords"]
        assert (task.count, task.days, task.left) == (3, 3, 11)
        assert task.sentence == "3 users were not given their first passwords yet. The oldest is 3 days old."
        assert feide.passwords.given([users[0], "nobody@a.no"]) == [users[0]]
        assert feide.today().counts["passwords"] == 2
    with open_client(tmp_path, directory, ON + timedelta(12)) as feide:
        [task] = [task for task in feide.today().tasks if task.kind == "passwords"]
        assert task.sentence.endswith("It is erased after 2 more days.")
    with open_client(tmp_path, directory, ON + timedelta(14)) as feide:
        [task] = [task for task in feide.today().tasks if task.kind == "passwords"]
        assert (task.left, task.sentence.endswith("The next run that writes erases it.")) == (0, True)
        for language in ("en", "nb", "nn"):
            assert "14" in feide.today().text(language).body


def test_the_next_run_erases_what_nobody_took_and_says_so(tmp_path, directory):
    with open_client(tmp_path, directory) as feide:
        feide.apply(feide.plan(people()))
        users = [row.user for row in feide.passwords.rows()]
        feide.passwords.given(users[:1])
    with open_client(tmp_path, directory, ON + timedelta(15)) as feide:
        outcome = feide.users.password(users[1])
        [said] = outcome.warnings
        assert said == (
            "The first password of 1 user was erased in the hand-over file, because nobody noted it as given for 14 "
            "days. To make a new one, run: feideprov password USER"
        )
        assert {row.user for row in feide.passwords.rows() if row.password} == {users[1]}
        assert feide.today().counts["passwords_erased"] == 1
        assert feide.users.password(users[2]).warnings == ()
        assert "passwords_erased" not in feide.today().counts


def test_a_night_without_files_erases_them_too_and_tells_it_once(tmp_path, directory):
    with open_client(tmp_path, directory) as feide:
        feide.apply(feide.plan(people()))
    with open_client(tmp_path, directory, ON + timedelta(15)) as feide:
        night = feide.nightly()
        [step] = [step for step in night.steps if step.name == "First passwords"]
        assert step.sentence.startswith("The first passwords of 3 users were erased in the hand-over file")
        assert not any(row.password for row in feide.passwords.rows())
        assert [matter.count for matter in night.new if matter.kind == "passwords_erased"] == [3]
        again = feide.nightly()
        assert "First passwords" not in [step.name for step in again.steps]
        assert not [matter for matter in again.new if matter.kind.startswith("passwords")]


def test_a_password_of_an_interrupted_run_is_neither_given_nor_erased(tmp_path, directory):
    with open_client(tmp_path, directory) as feide:
        feide.apply(feide.plan(people()))
        user = feide.passwords.rows()[0].user
        [entry] = directory.matching("eduPersonPrincipalName", [user], ["uid"])
        feide._context.journal.intend([Event(Kind.PASSWORD, user, str(entry.dn))])
        assert feide.passwords.given([user]) == []
    with open_client(tmp_path, directory, ON + timedelta(20)) as feide:
        assert len(feide.passwords.erase_old()) == 2
        assert [row.user for row in feide.passwords.rows() if row.password] == [user]


def test_a_sink_of_a_program_is_told_the_same_and_has_no_rows_here(tmp_path, directory):
    sink = MemoryPasswordSink()
    with open_client(tmp_path, directory, sink=sink) as feide:
        feide.apply(feide.plan(people()))
        assert feide.passwords.rows() == ()
        assert feide.passwords.erase_old() == ()
        with pytest.raises(ConfigurationError, match="kept in another system"):
            feide.passwords.given(["a@a.no"])
    [pupil] = [row for row in sink.rows.values() if row.group]
    assert (pupil.school, pupil.group, pupil.grade, pupil.language) == ("Hylla skole", "Klasse 6A", "6", "uk")
    assert pupil.school_dn.startswith("ou=Hylla skole,")
    assert not (tmp_path / "passwords").exists()


def test_three_words_need_a_lock_that_doctor_has_seen_not_long_ago(tmp_path, directory):
    today = date.today()
    with open_client(tmp_path, directory, today) as feide:
        feide.apply(feide.plan(people()))  # begins the journal
        journal = feide._context.journal
        keep_lockout(journal, "ou=people,dc=no", today, locks=True)
        count = len(journal.events())
        keep_lockout(journal, "ou=people,dc=no", today, locks=True)
        assert len(journal.events()) == count
        assert locks_users(journal, today + SEEN_FOR)
        assert not locks_users(journal, today + SEEN_FOR + timedelta(2))
    with open_client(tmp_path, directory, today, login={"first_password": "words"}) as feide:
        made = [feide._context.first_passwords.new(grade=grade).reveal().count("-") for grade in ("4", "5", "")]
        assert made == [3, 6, 6]
        record = people()[0].model_copy(update={"source_id": "p9", "given_name": "Eva", "grade": "3"})
        [create] = feide.plan([record]).creates
        assert create.initial_password.reveal().count("-") == 3
        [older] = [row.user for row in feide.passwords.rows() if row.grade == "6"]
        feide.users.password(older)
        assert [row.password.count("-") for row in feide.passwords.rows() if row.user == older] == [6]
        keep_lockout(feide._context.journal, "ou=people,dc=no", today, locks=False)
        assert not feide._context.first_passwords.locks


@pytest.mark.parametrize(
    ("journal", "said"),
    [
        ({"handover": "passwords/{skole}.csv"}, r"no placeholder \{skole\}. Known are \{school\} and \{class\}"),
        ({"handover": "{school}.csv"}, "must have a folder of their own.*“passwords/{school}.csv”"),
    ],
)
def test_a_pattern_that_cannot_be_used_is_refused(tmp_path, journal, said):
    with pytest.raises(ConfigurationError, match=said):
        example_settings(tmp_path, journal=journal)


@pytest.mark.parametrize(
    "page", ["http://a.no", "a.no", "https://", "https://u:p@a.no", "https://a.no/å", "https://a b"]
)
@pytest.mark.parametrize(("section", "key"), [("login", "change_password_url"), ("slips", "login_url")])
def test_a_page_without_https_is_refused(tmp_path, page, section, key):
    with pytest.raises(ConfigurationError, match=f"{key}.*beginning with “https://”") as refused:
        example_settings(tmp_path, **{section: {key: page}})
    assert "u:p" not in str(refused.value)
