"""A list in a file, written as programs write it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

ON = date(2026, 11, 22)
TENOR = "57912075186"
WRONG = "01019912345"
"""Fails its check digits: nobody has it."""

HEAD = "source_id;given_name;family_name;birth_date;school;role"
OLENA = "p1;Olena;Kovalenko;2009-03-14;hylla;student"

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def _write(content: str | bytes, name: str = "people.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return _write
