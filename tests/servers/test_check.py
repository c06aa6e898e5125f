"""A check of 5,000 users on a real slapd: every planted fault is found, and nothing else. The full size: make bench."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from checking import PASSWORD, Bench, bench, compare, run
from faults import FAULTS, found
from town import BASE, ON

from feideprov.client import Client
from feideprov.directory import ldif
from feideprov.directory.ldap.directory import LdapDirectory
from feideprov.errors import DirectoryError
from feideprov.testing.slapd import PrivateSlapd

USERS = 5_000


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """Everything that a server can hold, on 1 % of the users each."""
    with PrivateSlapd(log_stats=True) as slapd:
        yield bench(tmp_path_factory.mktemp("bench"), slapd, USERS, seed=2026)


def test_every_planted_fault_is_found_and_nothing_else(planted: Bench) -> None:
    codes = {code for code, *_ in planted.planted}
    assert {fault.code for fault in FAULTS if not fault.file_only} <= codes
    answer = run("check", planted)
    assert compare(planted.planted, answer["answer"]) == ({}, {})
    assert answer["memory"] < 150  # 100,000 stay below 200 MB


def test_an_export_gives_the_same_findings(planted: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slapd = planted.slapd
    monkeypatch.setenv(PASSWORD, slapd.service_password)
    with LdapDirectory(
        slapd.url, base=BASE, bind_dn=slapd.service_dn, password=slapd.service_password, tls=False
    ) as directory:
        everything = directory.having(["objectClass"], ["*", "createTimestamp"])
        export = tmp_path / "export.ldif"
        export.write_text("".join(map(ldif.dump, everything)), encoding="utf-8")
    with Client.open(planted.config, on=ON) as client:
        assert found(client.check(ldif=export)) == planted.planted


def test_no_number_stands_in_what_the_server_was_asked(planted: Bench) -> None:
    run("check", planted)
    asked = [line for line in planted.slapd.log_file.read_text(errors="replace").splitlines() if "filter=" in line]
    assert asked
    assert not [line for line in asked if "norEduPersonNIN=" in line and "norEduPersonNIN=*" not in line]


def test_an_account_that_is_cut_short_is_told_so(planted: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    slapd = planted.slapd
    text = planted.config.read_text(encoding="utf-8").replace(slapd.service_dn, slapd.reader_dn)
    config = planted.config.with_name("reader.toml")
    config.write_text(text, encoding="utf-8")
    monkeypatch.setenv(PASSWORD, slapd.reader_password)
    with Client.open(config, on=ON) as client, pytest.raises(DirectoryError, match="ended the search early"):
        client.check()
