"""On Windows: what writes ends with one sentence that names the page, and what only reads works.

Windows has no module `fcntl`: the tests take it away, so that the system's locks are missing here as they are there.
"""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

import pytest

from feideprov import installation

PAGE = Path(installation.FOLDER) / "nb" / "windows.md"
SENTENCE = rf"feideprov does not write anything on Windows, .* as the page {re.escape(str(PAGE))} says[.]\n"


@pytest.fixture(autouse=True)
def _windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fcntl", None)


@pytest.mark.parametrize(
    "words",
    [
        ("apply", "refugees.csv", "--yes"),
        ("attach", "numbers.csv", "--yes"),
        ("init", "--directory", "--yes"),
        ("protect", "ref-01", "--yes"),
    ],
)
def test_what_writes_ends_with_the_page_to_read(office, words: tuple[str, ...]) -> None:
    before, files = office.state(), sorted(office.folder.iterdir())
    answer = office(*(str(office.folder / word) if word.endswith(".csv") else word for word in words))
    assert answer.code == 2
    assert answer.out == ""
    assert re.fullmatch(SENTENCE, answer.err)
    assert (office.state(), sorted(office.folder.iterdir())) == (before, files)


def test_a_new_configuration_ends_with_it_too(office) -> None:
    office.config.unlink()
    answer = office("init", "--source-id-attribute", "employeeNumber")
    assert (answer.code, office.config.exists()) == (2, False)
    assert re.fullmatch(SENTENCE, answer.err)


def test_a_dry_run_says_what_would_stop_it(office) -> None:
    answer = office("apply", str(office.folder / "refugees.csv"))
    assert answer.code == 2
    assert "olenkova@" in answer.out
    assert "does not write anything on Windows" in answer.err


def test_what_only_reads_works(office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"57912075186\n")))
    assert "accept" in office("judge").out
    assert office("read", str(office.folder / "refugees.csv")).code in (0, 1)
    assert office("pending").code == 0
    assert office("--help").code == 0


def test_the_page_is_there() -> None:
    assert PAGE.is_file()
