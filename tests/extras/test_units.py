"""The unit files of systemd: what the page shows is what is in the package, and systemd understands it."""

from __future__ import annotations

import re
import subprocess
import textwrap
from pathlib import Path

import pytest

import feideprov

UNITS = Path(feideprov.__file__).parent / "nightly" / "units"
PAGE = Path(__file__).parents[2] / "docs" / "nightly.md"
NAMES = ("feideprov-nightly.service", "feideprov-nightly.timer")
WORST = 2.0
"""What `systemd-analyze security` may give at most; 10 is a service that may do everything."""


@pytest.mark.parametrize("name", NAMES)
def test_the_page_shows_the_whole_file(name: str) -> None:
    content = (UNITS / name).read_text(encoding="utf-8")
    assert textwrap.indent(content, "    ") in PAGE.read_text(encoding="utf-8")


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The files as on a machine on which the program can be started."""
    for name in NAMES:
        content = (UNITS / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(content.replace("/opt/feideprov/bin/feideprov", "/bin/true"), encoding="utf-8")
    return tmp_path


def analyzed(*words: str | Path) -> str:
    done = subprocess.run(
        ["systemd-analyze", *map(str, words)], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_systemd_understands_the_files(installed: Path) -> None:
    assert analyzed("verify", "--man=no", *(installed / name for name in NAMES)).strip() == ""


def test_the_service_may_do_little(installed: Path) -> None:
    said = analyzed("security", "--offline=true", "--no-pager", installed / NAMES[0])
    [level] = re.findall(r"Overall exposure level for \S+: ([0-9.]+)", said)
    assert float(level) <= WORST
