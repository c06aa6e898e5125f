"""docs/findings.md is what the catalogue says."""

from __future__ import annotations

from pathlib import Path

from feideprov.check.reference import BLOCKS
from feideprov.numbers.reference import page_with_tables

PAGE = Path(__file__).parents[3] / "docs" / "findings.md"


def test_the_page_is_made_from_the_catalogue() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page_with_tables(page, BLOCKS) == page, "make docs"
