"""docs/tutorial.md runs from top to bottom, and prints what it says."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parents[2] / "docs" / "tutorial.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def played(page: str) -> str:
    """The page, with what each program prints in the block that follows it. Programs share their names."""
    names: dict[str, Any] = {}
    printed = ""

    def shown(block: re.Match[str]) -> str:
        nonlocal printed
        if block[1] == "text":
            return f"```text\n{printed}```"
        with contextlib.redirect_stdout(io.StringIO()) as out:
            exec(compile(block[2], "tutorial.md", "exec"), names)
        printed = out.getvalue()
        return block[0]

    return BLOCK.sub(shown, page)


def test_the_tutorial_prints_what_it_says(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    page = PAGE.read_text(encoding="utf-8")
    assert page.count("```python\n") >= 8
    assert played(page) == page
