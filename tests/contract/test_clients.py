"""One story for every kind of server, through the public Client: made, found again, numbered, closed, renamed."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from feideprov import Client, Evidence, PersonRecord, Refused, Settings
from feideprov.directory.dn import DN
from feideprov.directory.entry import Add, Delete
from feideprov.feide.group import Group
from feideprov.testing import example_settings
from feideprov.testing.example import example_directory, example_entries

from .conftest import MACHINES, SERVERS

OLENA, YONAS = "olenkova@skotthyll.kommune.no", "yonatesf@skotthyll.kommune.no"
TENOR, BORN = "57912075186", date(2020, 11, 17)
OTHER_TENOR, OTHER_BORN = "69822075096", date(2020, 2, 29)
SEEN = Evidence("letter", "Kari Nordmann", date(2026, 11, 1))


@dataclass
class Office:
    """A municipality with its own journal and files, on a server that others had before and will have after."""

    settings: Settings
    folder: Path

    def client(self) -> Client:
        """A client that remembers nothing but what the journal and the directory hold."""
        return Client(self.settings)

    def password_of(self, user: str) -> str:
        """The password in the hand-over file."""
        with (self.folder / "passwords.csv").open(encoding="utf-8-sig", newline="") as file:
            return {row["user"]: row["password"] for row in csv.DictReader(file, delimiter=";")}[user]


def settings_for(machine: Any, folder: Path) -> Settings:
    secret = folder / "bind-password"
    secret.write_text(machine.service_password)
    secret.chmod(0o600)
    directory = {
        "url": machine.ldaps,
        "ca_file": machine.ca_file,
        "bind_dn": machine.service_dn,
        "password_file": secret,
    }
    return example_settings(folder, directory=directory, login={"password_hash": "auto"})


@pytest.fixture(params=SERVERS)
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    settings = settings_for(request.getfixturevalue(MACHINES[request.param]), tmp_path)
    with Client(settings)._context.unchecked_directory() as directory:
        missing = [entry for entry in example_entries() if directory.read(entry.dn) is None]
        assert [w.error for w in directory.write([Add(entry) for entry in missing])] == [None] * len(missing)
        yield Office(settings, tmp_path)
        people = [entry.dn for entry in directory.having(["employeeNumber"], ["employeeNumber"])]
        leaving = [*people, *(entry.dn for entry in reversed(missing))]
        assert [w.error for w in directory.write([Delete(dn) for dn in leaving])] == [None] * len(leaving)


def person(source_id: str, given: str = "Olena", family: str = "Kovalenko", **more: Any) -> PersonRecord:
    facts = {"given_name": given, "family_name": family, "school": "hylla", "role": "pupil", **more}
    return PersonRecord(source_id=source_id, **facts)


def people(count: int = 5) -> list[PersonRecord]:
    return [person(f"p{n}", mobile="+4790000001") for n in range(count)]


def dn_of(client: Client, user: str) -> DN:
    [entry] = client.directory.matching("eduPersonPrincipalName", [user], ["eduPersonPrincipalName"])
    return entry.dn


def number_of(client: Client, user: str) -> str | None:
    entry = client.directory.read(dn_of(client, user), ["norEduPersonNIN"])
    assert entry is not None
    return entry.text("norEduPersonNIN")


def test_users_are_made_once_and_everybody_logs_in_with_the_password_that_is_handed_over(office: Office) -> None:
    with office.client() as feide:
        outcome = feide.apply(feide.plan(people()))
        assert outcome.counts == {"created": 5} | dict.fromkeys(
            ("updated", "unchanged", "refused", "held", "failed"), 0
        )
        assert outcome.warnings == ()
        for user in (pending.user for pending in feide.pending()):
            assert feide.directory.accepts_login(dn_of(feide, user), office.password_of(user)), user
            assert not feide.directory.accepts_login(dn_of(feide, user), "Feil-passord-12")
    for _ in range(2):
        with office.client() as feide:
            plan = feide.plan(people())
            assert plan.changes == ()
            assert feide.apply(plan).counts["unchanged"] == 5


def test_a_check_finds_what_it_finds_in_memory(office: Office) -> None:
    wanted = [*people(), person("t1", "Kari", "Nordmann", role="teacher", groups=(Group.parse("b:6a:6A"),))]
    (office.folder / "memory").mkdir()
    in_memory = Client(example_settings(office.folder / "memory"), directory=example_directory())
    found = []
    for client in (office.client(), in_memory):
        with client as feide:
            feide.apply(feide.plan(wanted))
            of_people = [one for one in feide.check() if not one.code.startswith("D-")]  # what a server shows differs
            found.append([(one.code, one.user) for one in of_people])
    assert found[0] == found[1]


def test_a_row_that_changed_changes_its_user_alone(office: Office) -> None:
    changed = [*people()[:4], person("p4", mobile="+4790000002", mail="ny@example.no")]
    with office.client() as feide:
        feide.apply(feide.plan(people()))
        plan = feide.plan(changed)
        assert len(plan.changes) == 1
        assert feide.apply(plan).counts["updated"] == 1
        assert feide.plan(changed).changes == ()


def test_a_number_arrives_is_replaced_and_withdrawn(office: Office) -> None:
    with office.client() as feide:
        feide.apply(feide.plan([person("p1"), person("p2", "Yonas", "Tesfay")]))
        assert [p.user for p in feide.pending()] == [OLENA, YONAS]
        assert feide.attach(OLENA, TENOR, birth_date=BORN).counts["updated"] == 1
        assert [p.user for p in feide.pending()] == [YONAS]
        with pytest.raises(Refused) as raised:
            feide.attach(YONAS, TENOR, birth_date=BORN)
        assert raised.value.held
        assert feide.attach(OLENA, TENOR, birth_date=BORN).unchanged == 1
    with office.client() as feide:
        assert feide.replace(OLENA, TENOR, OTHER_TENOR, birth_date=OTHER_BORN).counts["updated"] == 1
        assert number_of(feide, OLENA) == OTHER_TENOR
        assert feide.attach(YONAS, TENOR, evidence=SEEN).counts["updated"] == 1
        assert feide.withdraw(OLENA, OTHER_TENOR).counts["updated"] == 1
        assert number_of(feide, OLENA) is None
        assert [p.user for p in feide.pending()] == [OLENA]
        kinds = [(event.kind, event.state.value) for event in feide.users.history(OLENA)]
        assert kinds == [(kind, "done") for kind in ("create", "attach", "replace", "withdraw")]


def test_who_is_closed_cannot_log_in_and_who_is_reopened_can(office: Office) -> None:
    with office.client() as feide:
        feide.apply(feide.plan([person("p1")]))
        dn, first = dn_of(feide, OLENA), office.password_of(OLENA)
        assert feide.directory.accepts_login(dn, first)
        feide.users.close(OLENA)
        assert not feide.directory.accepts_login(dn, first)
        assert feide.users.close(OLENA).unchanged == 1
    with office.client() as feide:
        feide.users.reopen(OLENA)
        second = office.password_of(OLENA)
        assert second != first
        assert [feide.directory.accepts_login(dn, word) for word in (first, second)] == [False, True]


def test_a_new_password_lets_in_and_the_old_one_does_not(office: Office, capfd: pytest.CaptureFixture[str]) -> None:
    with office.client() as feide:
        feide.apply(feide.plan([person("p1")]))
        dn, first = dn_of(feide, OLENA), office.password_of(OLENA)
        feide.users.password(OLENA)
        second = office.password_of(OLENA)
        assert [feide.directory.accepts_login(dn, word) for word in (first, second)] == [False, True]
    assert second not in "".join(capfd.readouterr())


def test_a_renamed_user_keeps_password_and_source_id(office: Office) -> None:
    with office.client() as feide:
        feide.apply(feide.plan([person("p1")]))
        feide.users.rename(OLENA, to="olena.berg")
        assert not list(feide.directory.matching("eduPersonPrincipalName", [OLENA], ["uid"]))
        renamed = dn_of(feide, "olena.berg@skotthyll.kommune.no")
        assert feide.directory.accepts_login(renamed, office.password_of("olena.berg@skotthyll.kommune.no"))
        assert feide.plan([person("p1")]).changes == ()
