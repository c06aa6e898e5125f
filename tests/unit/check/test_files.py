"""The files of an installation, and directories that no server keeps."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from feideprov.check.examination import Examination, State
from feideprov.client.client import Client
from feideprov.directory.dn import DN
from feideprov.directory.entry import Add, Entry
from feideprov.directory.ldif_file import LdifDirectory
from feideprov.testing.example import example_directory, example_settings


def examine(folder: Path, user: str | None = None, password: str | None = None, **sections: Any) -> Examination:
    with Client(example_settings(folder, **sections)) as feide:
        return feide.doctor(user, password)


def codes(examination: Examination) -> list[str]:
    return [finding.code for finding in examination.findings]


@pytest.fixture
def furnished(tmp_path: Path) -> Path:
    """A folder with a directory, a journal, a key and a hand-over file."""
    with Client(example_settings(tmp_path)) as feide:
        feide.organization_units.apply()
    (tmp_path / "passwords.csv").touch(mode=0o600)
    return tmp_path


def test_installation_in_order(furnished: Path) -> None:
    found = examine(furnished)
    assert codes(found) == []
    assert found.exit_code == 0
    assert {check.name for check in found.checks if check.state is State.SKIPPED} == {"connection", "server"}


@pytest.mark.parametrize("name", ["catalogue.ldif", "feideprov.key", "feideprov.db", "passwords.csv"])
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_file_that_others_may_use(furnished: Path, name: str, mode: int) -> None:
    (furnished / name).chmod(mode)
    found = examine(furnished)
    assert codes(found) == ["D-FILE-MODE"]
    assert name in found.findings[0].sentence
    assert found.findings[0].action == f"Run: chmod 600 {furnished / name}"
    assert found.exit_code == 1


def test_key_that_is_lost_or_is_none(furnished: Path) -> None:
    (furnished / "feideprov.key").write_text("no key\n")
    assert (codes(examine(furnished)), examine(furnished).exit_code) == (["D-KEY"], 2)
    (furnished / "feideprov.key").unlink()
    assert (codes(examine(furnished)), examine(furnished).exit_code) == (["D-KEY"], 2)
    (furnished / "feideprov.db").unlink()
    assert codes(examine(furnished)) == []  # nothing was begun with it: it is made at first use


def test_journal_that_is_broken(furnished: Path) -> None:
    (furnished / "feideprov.db").write_bytes(b"no database" * 100)
    assert (codes(examine(furnished)), examine(furnished).exit_code) == (["D-JOURNAL"], 3)


def test_looking_makes_and_changes_no_file(furnished: Path) -> None:
    def state() -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in furnished.iterdir()}

    before = state()
    examine(furnished, "olena@skotthyll.kommune.no", "secret")
    assert state() == before
    for path in furnished.iterdir():
        path.unlink()
    examine(furnished)
    assert list(furnished.iterdir()) == []


def test_journal_in_use_can_be_looked_at(furnished: Path) -> None:
    with sqlite3.connect(furnished / "feideprov.db") as other:
        other.execute("begin immediate")
        assert codes(examine(furnished)) == []
    other.close()


def test_folder_of_the_journal_that_does_not_exist(furnished: Path) -> None:
    found = examine(furnished, journal={"url": f"sqlite:///{furnished}/journals/feideprov.db"})
    assert [(one.code, one.sentence) for one in found.findings] == [
        ("D-JOURNAL", f"The folder {furnished}/journals of the journal does not exist.")
    ]
    assert found.exit_code == 3


@pytest.mark.parametrize(
    ("section", "key", "code"),
    [
        ("journal", "key_file", "D-KEY"),
        ("journal", "handover", None),
        ("journal", "url", "D-JOURNAL"),
        ("directory", "url", "D-CONFIGURATION"),
    ],
)
def test_file_that_cannot_even_be_looked_for(furnished: Path, section: str, key: str, code: str | None) -> None:
    """Such as one in a folder that may not be entered. Root may enter each, so here a name is too long."""
    scheme = {"journal": "sqlite:///", "directory": "ldif:"}[section] if key == "url" else ""
    found = examine(furnished, **{section: {key: f"{scheme}{'x' * 300}/file"}})
    assert codes(found) == ([code] if code else [])
    assert all("File name too long" in finding.sentence for finding in found.findings)


def test_ldif_file_that_is_not_there_yet(tmp_path: Path) -> None:
    found = examine(tmp_path)
    assert codes(found) == ["D-BASE", "D-BASE"]
    assert all("init --directory" in finding.action for finding in found.findings)
    assert found.exit_code == 2


def test_an_ldif_file_that_is_not_there_yet_is_named_and_no_bind_account(tmp_path: Path) -> None:
    found = examine(tmp_path)
    [file] = [check for check in found.checks if check.name == "LDIF directory"]
    assert file.sentence == (
        f"There is no LDIF directory {tmp_path}/catalogue.ldif. Correct url. Or, to create the directory, run: "
        "feideprov init --directory"
    )
    assert [(finding.sentence, finding.action) for finding in found.findings] == [
        (
            f"The entry {dn} does not exist. It is {key} of Skotthyll kommune.",
            f"Correct {key}, or create the entry: feideprov init --directory",
        )
        for key, dn in (("base_dn", "dc=skotthyll,dc=no"), ("users_dn", "ou=people,dc=skotthyll,dc=no"))
    ]


def test_ldif_file_that_cannot_be_read(furnished: Path) -> None:
    (furnished / "catalogue.ldif").unlink()
    (furnished / "catalogue.ldif").mkdir()  # root could read a file with any mode
    assert examine(furnished).exit_code == 2


def test_rehearsal_over_an_ldif_file(furnished: Path) -> None:
    person = {
        "objectClass": ["inetOrgPerson", "eduPerson", "norEduPerson"],
        "uid": ["olena"],
        "cn": ["Olena"],
        "sn": ["Olena"],
        "eduPersonPrincipalName": ["olena@skotthyll.kommune.no"],
        "eduPersonOrgDN": ["not a name"],
    }
    directory = LdifDirectory(furnished / "catalogue.ldif")
    attribute, stored = directory.stored_password("right")
    entry = Entry(DN.parse("uid=olena,ou=people,dc=skotthyll,dc=no"), {**person, attribute: [stored]})
    assert [written.error for written in directory.write([Add(entry)])] == [None]
    found = examine(furnished, "olena@skotthyll.kommune.no", "right")
    assert sorted(codes(found)) == ["D-LOGIN-DATA", "D-LOGIN-ORG"]
    assert {finding.user for finding in found.findings} == {"olena@skotthyll.kommune.no"}
    assert found.login[-1].state is State.GOOD
    assert "D-LOGIN-PASSWORD" in codes(examine(furnished, "olena@skotthyll.kommune.no", "wrong"))
    assert codes(examine(furnished, "nobody@skotthyll.kommune.no")) == ["D-LOGIN-NONE"]


def test_directory_that_a_program_gives(tmp_path: Path) -> None:
    settings = example_settings(tmp_path, directory={"url": "ldaps://ldap.invalid"})
    with Client(settings, directory=example_directory()) as feide:
        found = feide.doctor()
    assert found.exit_code == 0  # nobody asked ldap.invalid
