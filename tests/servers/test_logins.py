"""Closing, reopening and new passwords, proved by logging in to a real slapd."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from feideprov.client.client import Client
from feideprov.directory.dn import DN
from feideprov.feide.person import PersonRecord
from feideprov.testing.slapd import PrivateSlapd

from .conftest import base_entries, configuration, service

OLENA = "olenkova@skotthyll.kommune.no"
DN_OF_OLENA = "uid=olenkova,ou=people,dc=skotthyll,dc=no"


def password_of(folder: Path) -> str:
    with (folder / "passwords.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["user"]: row["password"] for row in csv.DictReader(file, delimiter=";")}[OLENA]


@pytest.fixture(params=[True, False], ids=["argon2", "no-argon2"])
def office(request: pytest.FixtureRequest, tmp_path: Path):
    with PrivateSlapd(argon2=request.param) as server:
        with service(server) as directory:
            base_entries(directory)
        yield configuration(server, tmp_path)


def test_who_is_closed_cannot_log_in_and_who_is_reopened_can(office: Path) -> None:
    dn = DN.parse(DN_OF_OLENA)
    olena = PersonRecord(source_id="p1", given_name="Olena", family_name="Kovalenko", school="hylla", role="pupil")
    with Client.open(office) as feide:
        feide.apply(feide.plan([olena]))
        first = password_of(office.parent)
        assert feide.directory.accepts_login(dn, first)
        feide.users.close(OLENA)
        assert not feide.directory.accepts_login(dn, first)
        assert feide.users.close(OLENA).unchanged == 1
    with Client.open(office) as feide:
        feide.users.reopen(OLENA)
        second = password_of(office.parent)
        assert second != first
        assert feide.directory.accepts_login(dn, second)
    with Client.open(office) as feide:
        feide.users.password(OLENA)
        third = password_of(office.parent)
        assert [feide.directory.accepts_login(dn, password) for password in (first, second, third)] == [
            False,
            False,
            True,
        ]
        assert {e.kind: e.state.value for e in feide.users.history(OLENA)} == dict.fromkeys(
            ("create", "close", "reopen", "password"), "done"
        )
