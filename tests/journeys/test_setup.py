"""`setup` as an administrator meets it: a folder of files, of which some are private; one sentence where it fails."""

from __future__ import annotations

import io
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.journeys.conftest import Office


def test_files_are_named_and_only_their_owner_reads_the_secret_ones(office: Office) -> None:
    folder = office.folder / "new"
    answer = office("setup", "openldap", "--out", str(folder), "--json")
    assert (answer.code, answer.err) == (0, "")
    said = answer.json
    assert list(said) == ["command", "ok", "language", "counts", "folder", "files"]
    assert (said["command"], said["ok"], said["counts"]) == ("setup", True, {"files": len(said["files"])})
    assert said["files"][0] == str(folder / "setup.md")
    numbered = [name for name in said["files"] if Path(name).name[0].isdigit()]
    assert numbered == sorted(numbered)  # in load order
    assert {Path(name).name for name in said["files"]} == {path.name for path in folder.iterdir()}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    private = {path.name for path in folder.iterdir() if stat.S_IMODE(path.stat().st_mode) == 0o600}
    assert private == {"07-accounts.ldif", "feide-password", "feideprov-password"}
    page = (folder / "setup.md").read_text()
    for path in folder.iterdir():
        assert path.name in page or path.name == "setup.md"
        if path.name.endswith("-password"):
            assert path.read_text().strip() not in page + answer.out


def test_the_folder_has_the_name_of_the_kind_without_out(
    office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = office("setup", "openldap")
    assert answer.out == "The files are in setup-openldap. Read setup-openldap/setup.md first.\n"
    assert (tmp_path / "setup-openldap" / "setup.md").exists()


def test_folder_with_files_is_left_as_it_is(office: Office, one_sentence: Any) -> None:
    folder = office.folder / "full"
    folder.mkdir()
    (folder / "mine").write_text("mine")
    answer = office("setup", "openldap", "--out", str(folder))
    assert answer.code == 2
    assert "is not empty, and was not changed" in one_sentence(answer)
    assert [path.name for path in folder.iterdir()] == ["mine"]


def test_folder_that_cannot_be_made(office: Office, one_sentence: Any) -> None:
    answer = office("setup", "openldap", "--out", str(office.config / "new"))
    assert answer.code == 2
    assert "cannot be written: Not a directory" in one_sentence(answer)


def test_file_that_is_in_the_way_leaves_nothing(office: Office, one_sentence: Any, monkeypatch: Any) -> None:
    from feideprov.setup import folder as module

    folder, made = office.folder / "new", module.page
    monkeypatch.setattr(module, "page", lambda *a: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    answer = office("setup", "openldap", "--out", str(folder))
    assert answer.code == 2
    assert "No space left on device" in one_sentence(answer)
    monkeypatch.setattr(module, "page", made)
    assert office("setup", "openldap", "--out", str(folder)).code == 0


def test_what_the_server_has_comes_from_a_file_or_standard_input(
    office: Office, one_sentence: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = "dn: olcDatabase={1}mdb,cn=config\nolcDatabase: {1}mdb\nolcSuffix: dc=skotthyll,dc=no\n"
    path = office.write("server.ldif", config)
    assert office("setup", "openldap", "--out", str(office.folder / "a"), "--server", path).code == 0
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(config.encode())))
    assert office("setup", "openldap", "--out", str(office.folder / "b"), "--server", "-").code == 0
    names = [sorted(p.name for p in (office.folder / name).iterdir()) for name in "ab"]
    assert names[0] == names[1]
    answer = office("setup", "openldap", "--server", str(office.folder / "none"))
    assert answer.code == 2
    assert one_sentence(answer).endswith("none cannot be read: No such file or directory.")


def test_other_kinds_of_server_are_refused(office: Office) -> None:
    answer = office("setup", "opendj")
    assert answer.code == 2
    assert "openldap" in answer.err
