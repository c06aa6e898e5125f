"""The picture of the architecture: what is in it, and what a line in it says."""

from __future__ import annotations

import re
from pathlib import Path

from feideprov.reference.architecture import floors, imports, picture, without_detours

ROOT = Path(__file__).parents[2]
PYPROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_every_package_is_in_the_picture_once() -> None:
    drawn = re.findall(r"<text[^>]*>(\w+)</text>", picture(PYPROJECT, ROOT / "feideprov"))
    assert sorted(drawn) == sorted(name for floor in floors(PYPROJECT) for name in floor.names)
    assert set(imports(ROOT / "feideprov")) - set(drawn) == {"__init__", "__main__"}


def test_every_line_leads_down() -> None:
    lines = re.findall(r'd="M\d+ (\d+) C.* (\d+)"', picture(PYPROJECT, ROOT / "feideprov"))
    assert len(lines) > 30
    assert all(int(above) < int(below) for above, below in lines)


def test_an_import_that_others_lead_to_is_left_out() -> None:
    graph = {name: frozenset(others) for name, others in {"a": "bcd", "b": "c", "c": "d", "d": ""}.items()}
    assert without_detours(graph) == {"a": ["b"], "b": ["c"], "c": ["d"], "d": []}
