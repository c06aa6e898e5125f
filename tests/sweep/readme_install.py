"""The README's lines that install the program, word for word, in a copy of the source.

It takes 20 seconds and packages from the network, so `make test` does not collect it; `make sweep` runs it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest
from hatchling import build

ROOT = Path(__file__).parents[2]


def test_the_readmes_lines_install_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    with tarfile.open(tmp_path / build.build_sdist(str(tmp_path))) as sdist:
        sdist.extractall(tmp_path, filter="data")
    [source] = [path for path in tmp_path.iterdir() if path.is_dir()]
    section = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Install it\n")[2].partition("\n## ")[0]
    lines = re.findall(r"^    (.*)$", section, re.MULTILINE)
    assert lines.pop(0) == "apt-get install python3-venv"
    python = shutil.which("python3", path="/usr/bin") or shutil.which("python3")
    where = "from feideprov.installation import page; print(page('doctor.md'))"
    own = [f"cd {tmp_path}", "command -v feideprov", "feideprov init", f'python -c "{where}"']
    quiet = {name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "PYTHONPATH")}
    quiet["PATH"] = f"{Path(str(python)).parent}:{os.defpath}"
    done = subprocess.run(
        ["sh", "-c", "\n".join(["set -e", *lines, *own])],
        cwd=source,
        env=quiet,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert f"{source}/.venv/bin/feideprov\nfeideprov.toml was written." in done.stdout
    page = Path(done.stdout.splitlines()[-1])
    assert page.is_relative_to(source / ".venv")
    assert page.is_file()
