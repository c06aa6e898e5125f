"""First passwords on servers that verify argon2, and on those that do not, also when a run is cut off."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from feideprov.client.client import Client
from feideprov.directory.entry import Add, Entry
from feideprov.directory.ldap.directory import LdapDirectory
from feideprov.feide.person import PersonRecord
from feideprov.testing.slapd import PrivateSlapd

from .conftest import base_entries, configuration, service


def people(count: int) -> list[PersonRecord]:
    common = {"given_name": "Olena", "family_name": "Kovalenko", "school": "hylla", "role": "pupil"}
    return [PersonRecord(source_id=f"p{n}", **common) for n in range(count)]


def logins(feide: Client, folder: Path) -> dict[str, bool]:
    """For each user in the directory: does the password of the hand-over file let in?"""
    text = (folder / "passwords.csv").read_text(encoding="utf-8-sig")
    rows = {row["user"]: row["password"] for row in csv.DictReader(io.StringIO(text), delimiter=";")}
    entries = {e.text("eduPersonPrincipalName"): e.dn for e in feide.directory.having(["employeeNumber"], ["*"])}
    return {str(name): feide.directory.accepts_login(dn, rows.get(str(name), "")) for name, dn in entries.items()}


@pytest.fixture(params=[True, False], ids=["argon2", "no-argon2"])
def office(request: pytest.FixtureRequest, tmp_path: Path):
    with PrivateSlapd(argon2=request.param) as server:
        with service(server) as directory:
            base_entries(directory)
        yield configuration(server, tmp_path)


def test_every_user_can_log_in_when_the_first_creation_is_refused(office: Path) -> None:
    with Client.open(office) as feide:
        plan = feide.plan(people(7))
        somebody = {"objectClass": ["inetOrgPerson"], "uid": ["olenkova"], "cn": ["Olena"], "sn": ["Kovalenko"]}
        [taken] = feide.directory.write([Add(Entry(plan.creates[0].dn, somebody))])
        assert taken.error is None
        outcome = feide.apply(plan)
        assert outcome.counts["created"] == 7
        assert "olenkova@skotthyll.kommune.no" not in {change.feide_name for change in outcome.changes}
        assert all(logins(feide, office.parent).values())


def test_cut_off_before_the_first_login_was_tried(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut_off(*_: object) -> bool:
        raise KeyboardInterrupt

    with Client.open(office) as feide, monkeypatch.context() as patch:
        patch.setattr(LdapDirectory, "confirm_login", cut_off)
        with pytest.raises(KeyboardInterrupt):
            feide.apply(feide.plan(people(5)))
    with Client.open(office) as feide:
        feide.apply(feide.plan(people(5)))
        assert logins(feide, office.parent) == {
            f"olenkova{n}@skotthyll.kommune.no": True for n in ("", "2", "3", "4", "5")
        }


def test_cut_off_and_the_hand_over_file_lost(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut_off(*_: object) -> bool:
        raise KeyboardInterrupt

    with Client.open(office) as feide, monkeypatch.context() as patch:
        patch.setattr(LdapDirectory, "confirm_login", cut_off)
        with pytest.raises(KeyboardInterrupt):
            feide.apply(feide.plan(people(1)))
    (office.parent / "passwords.csv").unlink()
    with Client.open(office) as feide:
        outcome = feide.apply(feide.plan(people(1)))
        assert outcome.recovered == (
            "An earlier run was interrupted. The change “create olenkova@skotthyll.kommune.no”: done.",
            "olenkova@skotthyll.kommune.no has a new first password. It is in the hand-over file.",
        )
        assert logins(feide, office.parent) == {"olenkova@skotthyll.kommune.no": True}
