"""`feideprov demo`: the story goes as told, on a file and on a server, as a real process too."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from feideprov.cli.app import run
from feideprov.cli.care import demo

if TYPE_CHECKING:
    from tests.journeys.conftest import Office

PAGE = Path(__file__).parents[2].joinpath("docs", "commands.md").read_text(encoding="utf-8")


def test_demo_tells_the_story_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert run(["demo"]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert re.findall(r"^\d\.", said.out, re.MULTILINE) == ["1.", "2.", "3.", "4.", "5.", "6.", "7."]
    assert said.out.endswith("12 created, 3 refused, 4 attached, 1 held.\n")
    assert list(tmp_path.iterdir()) == []


def test_demo_shows_no_number(capsys: pytest.CaptureFixture[str]) -> None:
    run(["demo"])
    assert re.search(r"(?<!NO)(?<!\d)\d{10,12}(?!\d)", capsys.readouterr().out) is None


def test_demo_in_a_folder_is_kept_and_goes_on_by_hand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "story"
    assert run(["demo", "--dir", str(folder)]) == 0
    config = str(folder / "feideprov.toml")
    assert f"To go on by hand, run: feideprov --config {config} today" in "".join(capsys.readouterr().out.splitlines())
    table = PAGE.partition("| file in the folder |")[2].partition("\n\n")[0]
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert set(re.findall(r"`([\w./-]+\.\w+)`", table)) == {name for name in there if not name.endswith(".lock")}
    assert run(["--config", config, "plan", str(folder / "refugees.csv"), "--exit-code"]) == 1
    capsys.readouterr()
    assert run(["--config", config, "pending"]) == 0
    assert capsys.readouterr().out.endswith("6 users without a number.\n")


def test_demo_takes_only_an_empty_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine").write_text("kept")
    assert run(["demo", "--dir", str(tmp_path)]) == 2
    assert "is not empty" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_demo_on_a_server_ends_by_logging_in() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "feideprov", "demo", "--server"],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "8. A login as Feide does it" in done.stdout
    assert ": logged in with the first password." in done.stdout


def test_demo_never_goes_to_the_directory_that_the_environment_names(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = office.state()
    monkeypatch.setenv("FEIDEPROV_DIRECTORY__URL", f"ldif:{office.catalogue}")
    monkeypatch.setenv("FEIDEPROV_NUMBERS__DUF", "nin")
    assert run(["demo"]) == 0
    assert office.state() == before


def test_a_story_that_goes_otherwise_is_told_and_exits_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    story = tmp_path / "story"
    shutil.copytree(Path(str(demo.STORY)), story)
    numbers = story / "numbers.csv"
    numbers.write_text("\n".join(numbers.read_text(encoding="utf-8").splitlines()[:-1]), encoding="utf-8")
    monkeypatch.setattr(demo, "STORY", story)
    assert run(["demo"]) == 1
    assert capsys.readouterr().err == "The demonstration went wrong: numbers refused: 0, not 1.\n"


def test_installed_program_is_the_same_as_the_module() -> None:
    program = Path(sys.executable).with_name("feideprov")
    ways = [[str(program)], [sys.executable, "-m", "feideprov"]]
    said = [subprocess.run([*way, "--version"], capture_output=True, text=True, check=True).stdout for way in ways]
    assert said[0] == said[1]
    assert said[0].startswith("feideprov ")


def test_a_terminal_without_all_letters_gets_the_whole_story() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1"}
    done = subprocess.run(
        [sys.executable, "-m", "feideprov", "demo"], capture_output=True, env=environment, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert "Solbakken læringssenter".encode("latin-1") in done.stdout
    assert rb"\u041e\u043b\u0435\u043d\u0430" in done.stdout  # Олена
