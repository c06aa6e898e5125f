"""The command judge: numbers from standard input, verdicts by line number."""

from __future__ import annotations

import io
import re
import sys
from typing import TYPE_CHECKING

import pytest

from feideprov.cli.app import run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.journeys.conftest import Answer, Office

TENOR = ("45840375084", "52829400197", "57912075186")  # born 2003-04-05, 1994-02-12, 2020-11-17
WRONG = "15108695077"  # published as wrong
DUF = "201017238203"  # published


@pytest.fixture
def judge(office: Office, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Answer]:
    """Judges lines with the office's configuration, which is a test directory's."""

    def judged(*lines: str, words: tuple[str, ...] = ()) -> Answer:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("\n".join(lines).encode())))
        return office("judge", *words)

    return judged


def test_exit_code_0_when_all_are_accepted(judge: Callable[..., Answer]) -> None:
    answer = judge(f"{TENOR[0]},2003-04-05", f"{TENOR[1]};12.02.1994", TENOR[2])
    assert answer.code == 0
    assert [line.partition(" [")[0] for line in answer.out.splitlines()] == ["1: accept", "2: accept", "3: accept"]


def test_exit_code_1_when_one_is_not(judge: Callable[..., Answer]) -> None:
    answer = judge(TENOR[0], WRONG)
    assert answer.code == 1
    assert answer.out.splitlines()[1].startswith("2: refuse [N-")


def test_birth_date_that_differs_needs_evidence(judge: Callable[..., Answer]) -> None:
    answer = judge(f"{TENOR[0]},2003-04-06")
    assert answer.code == 1
    assert answer.out.startswith("1: needs-evidence [N-DATE")


@pytest.mark.parametrize("day", ["2003-04-05", "5.4.2003"])
def test_the_day_is_an_argument(judge: Callable[..., Answer], day: str) -> None:
    assert judge(TENOR[0], words=("--on", day)).code == 0
    assert "N-FUTURE" in judge(TENOR[0], words=("--on", "2003-04-04")).out


def test_day_that_is_none_is_told(judge: Callable[..., Answer]) -> None:
    answer = judge(TENOR[0], words=("--on", "2031-02-29"))
    assert (answer.code, answer.out) == (2, "")
    assert "--on cannot be read" in answer.err


def test_birth_date_that_is_none_is_told_by_line(judge: Callable[..., Answer]) -> None:
    answer = judge(TENOR[0], f"{TENOR[0]},31.02.2003", f"{TENOR[0]},tomorrow")
    assert answer.code == 1
    assert [line.partition("]")[0] for line in answer.out.splitlines()[1:]] == [
        "2: refuse [R-DATE",
        "3: refuse [R-DATE",
    ]


def test_lines_count_as_they_stand(judge: Callable[..., Answer]) -> None:
    assert [line.partition(":")[0] for line in judge("", TENOR[0], "", "", WRONG).out.splitlines()] == ["2", "5"]


def test_nothing_of_a_number_is_shown(judge: Callable[..., Answer]) -> None:
    answer = judge(
        *TENOR, WRONG, DUF, f"{WRONG} 1", f"fnr {WRONG}", f"{TENOR[0]},{WRONG}", "1091212345", words=("--json",)
    )
    said = answer.out + answer.err
    for number in (*TENOR, WRONG, DUF, "1091212345"):
        assert number[-5:] not in said
        assert number[:6] not in said
    assert re.search(r"\d{5}", said) is None


def test_nothing_in_is_nothing_out(judge: Callable[..., Answer]) -> None:
    answer = judge("")
    assert (answer.code, answer.out) == (0, "")


def test_bytes_that_are_no_text_are_refused_not_a_crash(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xff\xfe4\x005\n")))
    answer = office("judge")
    assert (answer.code, answer.err) == (1, "")
    assert answer.out.startswith("1: refuse [N-")


def test_verdicts_come_in_norwegian(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = {}
    for lang in ("en", "nb", "nn"):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(WRONG.encode())))
        assert run(["--config", str(office.config), "--lang", lang, "judge"]) == 1
        said[lang] = capsys.readouterr().out
    assert len(set(said.values())) == 3


def test_settings_of_a_configuration_hold_and_without_one_the_defaults(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)  # no feideprov.toml here
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TENOR[0].encode())))
    assert run(["judge"]) == 1
    assert "[N-TENOR]" in capsys.readouterr().out


def test_configuration_that_was_named_and_is_missing_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--config", str(tmp_path / "other.toml"), "judge"]) == 2
    assert capsys.readouterr().err.startswith("There is no ")


def test_an_error_of_a_spreadsheet_is_told_by_line(judge: Callable[..., Answer]) -> None:
    lines = judge("#I/T", f"{TENOR[0]};#REF!").out.splitlines()
    assert lines[0].startswith("1: refuse [N-NO-VALUE] This is an error of a spreadsheet")
    assert lines[1].startswith("2: refuse [R-DATE] The birth date: this is an error of a spreadsheet: a formula refers")
