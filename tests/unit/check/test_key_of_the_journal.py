"""The doctor says of the key and the journal what every other command would say, and leaves no trace."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from feideprov.check.examination import Examination
from feideprov.client.client import Client
from feideprov.errors import FeideProvError
from feideprov.journal.keys import MarkKey
from feideprov.testing.example import example_settings

VARIABLE = "FEIDEPROV_TEST_KEY"
OTHER = "0f" * 32
"""A key in hexadecimal."""
IN_VARIABLE = {"journal": {"key_env": VARIABLE}}


@pytest.fixture
def begun(tmp_path: Path) -> Path:
    """A folder with a directory, a journal and its key."""
    with Client(example_settings(tmp_path)) as feide:
        feide.organization_units.apply()
    return tmp_path


def settings(folder: Path, sections: Mapping[str, Any]) -> Any:
    journal = {
        "url": f"sqlite:///{folder / 'feideprov.db'}",
        "key_file": folder / "feideprov.key",
        "handover": folder / "passwords.csv",
        **sections.get("journal", {}),
    }
    return example_settings(folder, **{**sections, "journal": journal})


def examine(folder: Path, sections: Mapping[str, Any] = {}) -> Examination:
    with Client(settings(folder, sections)) as feide:
        return feide.doctor()


def refusal(folder: Path, sections: Mapping[str, Any] = {}) -> FeideProvError:
    """What a command that needs the journal says."""
    with Client(settings(folder, sections)) as feide, pytest.raises(FeideProvError) as refused:
        feide.pending()
    return refused.value


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def other_key(folder: Path) -> None:
    (folder / "feideprov.key").write_text(OTHER)


def shorter_key(folder: Path) -> None:
    """Cut off, and still long enough for a key."""
    whole = (folder / "feideprov.key").read_text()
    (folder / "feideprov.key").write_text(whole[:32])


def too_short_key(folder: Path) -> None:
    (folder / "feideprov.key").write_text(OTHER[:20])


def no_key(folder: Path) -> None:
    (folder / "feideprov.key").unlink()


def spoiled_key(folder: Path) -> None:
    (folder / "feideprov.key").write_text("not hexadecimal")


@pytest.mark.parametrize("spoil", [other_key, shorter_key, too_short_key, no_key, spoiled_key])
def test_key_file_that_is_not_the_journals(begun: Path, spoil: Callable[[Path], None]) -> None:
    spoil(begun)
    before = contents(begun)
    found = examine(begun)
    assert contents(begun) == before
    assert [(finding.code, finding.sentence) for finding in found.findings] == [("D-KEY", refusal(begun).sentence)]
    assert found.exit_code == refusal(begun).exit_code == 2


@pytest.mark.parametrize("value", [None, "", "not hexadecimal", OTHER[:20], OTHER])
def test_key_of_the_environment(begun: Path, monkeypatch: pytest.MonkeyPatch, value: str | None) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    if value is not None:
        monkeypatch.setenv(VARIABLE, value)
    found = examine(begun, IN_VARIABLE)
    said = refusal(begun, IN_VARIABLE)
    assert [(finding.code, finding.sentence) for finding in found.findings] == [("D-KEY", said.sentence)]
    assert found.exit_code == said.exit_code == 2
    assert not value or value not in said.sentence


def test_right_key_of_the_environment(begun: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, (begun / "feideprov.key").read_text())
    (begun / "feideprov.key").unlink()
    assert examine(begun, IN_VARIABLE).findings == []


@pytest.mark.parametrize("spoil", [too_short_key, spoiled_key])
def test_sentence_names_the_file_of_the_key(begun: Path, spoil: Callable[[Path], None]) -> None:
    spoil(begun)
    assert str(begun / "feideprov.key") in refusal(begun).sentence


def test_sentence_names_the_variable_of_the_key(begun: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, OTHER[:20])
    assert VARIABLE in refusal(begun, IN_VARIABLE).sentence
    assert "too short" in refusal(begun, IN_VARIABLE).sentence


def test_key_that_a_program_gives(begun: Path) -> None:
    with Client(example_settings(begun), keys=bytes.fromhex(OTHER)) as feide:
        assert [finding.code for finding in feide.doctor().findings] == ["D-KEY"]
    key = bytes.fromhex((begun / "feideprov.key").read_text())
    (begun / "feideprov.key").unlink()
    with Client(example_settings(begun), keys=key) as feide:
        assert feide.doctor().findings == []


def test_journal_whose_content_is_still_beside_it(begun: Path) -> None:
    """Another command is at work: what it wrote stands in the -wal file."""
    other_key(begun)
    with sqlite3.connect(begun / "feideprov.db") as at_work:
        at_work.execute("begin immediate")
        at_work.execute("update organization set key_fingerprint = ?", [MarkKey(bytes.fromhex(OTHER)).fingerprint])
        at_work.execute("commit")
        assert (begun / "feideprov.db-wal").stat().st_size
        before = contents(begun)
        assert examine(begun).findings == []
        spoiled = sqlite3.connect(begun / "feideprov.db")
        spoiled.execute("update organization set key_fingerprint = 'other'")
        spoiled.commit()
        assert [finding.code for finding in examine(begun).findings] == ["D-KEY"]
        spoiled.close()
        assert contents(begun).keys() == before.keys()
    at_work.close()


@pytest.mark.parametrize("beside", [["-wal"], ["-wal", "-shm"]], ids=" and ".join)
@pytest.mark.parametrize("linked", [False, True], ids=["file", "link"])
def test_journal_that_was_copied_with_what_is_beside_it(
    begun: Path, tmp_path_factory: pytest.TempPathFactory, beside: list[str], linked: bool
) -> None:
    """As after a crash, or restored from a copy. Every other command would make the files that are missing."""
    copy = tmp_path_factory.mktemp("copy")
    with sqlite3.connect(begun / "feideprov.db") as at_work:
        at_work.execute("update organization set key_fingerprint = 'other'")
        at_work.commit()
        journal = (copy / "real").joinpath if linked else copy.joinpath
        journal("feideprov.db").parent.mkdir(exist_ok=True)
        for name in ("feideprov.db", *(f"feideprov.db{end}" for end in beside)):
            shutil.copy(begun / name, journal(name))
        for name in ("feideprov.key", "catalogue.ldif"):
            shutil.copy(begun / name, copy)
    at_work.close()
    if linked:
        (copy / "feideprov.db").symlink_to(journal("feideprov.db"))
    before = contents(copy)
    assert [finding.code for finding in examine(copy).findings] == ["D-KEY"]
    assert contents(copy) == before


def test_journal_of_a_newer_version(begun: Path) -> None:
    with sqlite3.connect(begun / "feideprov.db") as newer:
        newer.execute("update organization set schema_version = 99")
    newer.close()
    found = examine(begun)
    assert [(f.code, f.sentence) for f in found.findings] == [("D-JOURNAL", refusal(begun).sentence)]
    assert found.exit_code == 2


def test_journal_of_an_older_version(begun: Path) -> None:
    with sqlite3.connect(begun / "feideprov.db") as older:
        older.execute("update organization set schema_version = 2")
    older.close()
    before = contents(begun)
    assert examine(begun).findings == []
    assert contents(begun) == before


def test_journal_of_another_organization_alone(begun: Path) -> None:
    """Each organization in a journal has its own key, and the next command begins ours."""
    with sqlite3.connect(begun / "feideprov.db") as database:
        database.execute("update organization set realm = 'berg.kommune.no', key_fingerprint = 'other'")
    database.close()
    assert examine(begun).findings == []


def test_database_of_another_program(tmp_path: Path) -> None:
    (tmp_path / "feideprov.key").touch(mode=0o600)
    (tmp_path / "feideprov.key").write_text(OTHER)
    with sqlite3.connect(tmp_path / "feideprov.db") as database:
        database.execute("create table song (name text)")
    database.close()
    (tmp_path / "feideprov.db").chmod(0o600)
    before = contents(tmp_path)
    assert not any(finding.code in ("D-KEY", "D-JOURNAL") for finding in examine(tmp_path).findings)
    assert contents(tmp_path) == before


def test_database_with_other_tables_of_the_same_name(tmp_path: Path) -> None:
    (tmp_path / "feideprov.key").touch(mode=0o600)
    (tmp_path / "feideprov.key").write_text(OTHER)
    with sqlite3.connect(tmp_path / "feideprov.db") as database:
        database.execute("create table organization (name text)")
    database.close()
    (tmp_path / "feideprov.db").chmod(0o600)
    found = examine(tmp_path)
    assert "D-JOURNAL" in [finding.code for finding in found.findings]
    assert found.exit_code == 3
