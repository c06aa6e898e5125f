"""The modules of the package, parsed: for the tests of how they are written."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

import feideprov

PACKAGE = Path(feideprov.__file__).parent
Trees: TypeAlias = Mapping[Path, ast.Module]
"""Each module's file and what Python reads in it: the fixture `trees`."""


def parsed() -> Trees:
    """All of them. It takes seconds, so one worker does it once, for every test that asks for `trees`."""
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}
