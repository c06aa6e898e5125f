"""The tables of `docs/findings.md`, made from the catalogue.

`python -m feideprov.check.reference docs/findings.md` writes them into the page, each between its two marks.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

from feideprov.check.catalogue import CHAPTERS
from feideprov.check.rule import Chapter
from feideprov.numbers.reference import markdown_table, page_with_tables

_HEADING: Final = ("code", "severity", "Feide's title", "sentence", "what to do", "expected when")
_FILLED: Final = {"P-PENDING": ": waiting since 2026-08-17", "P-PENDING-LONG": "2026-01-08"}
_NAMED: Final = "…"


def chapter_table(chapter: Chapter[Any]) -> str:
    """The rules of one chapter. What a sentence names is shown as “…”."""
    rows = (
        (
            f"`{rule.code}`",
            rule.severity.value,
            rule.title or "",
            _cell(rule.sentence.format(about=_FILLED.get(rule.code, _NAMED))),
            _cell(rule.action),
            _cell(", or ".join(filter(None, (rule.expected_when, "the user was closed" * rule.closing)))),
        )
        for rule in chapter.rules
    )
    return markdown_table(_HEADING, rows)


BLOCKS: Final[dict[str, Callable[[], str]]] = {chapter.name: partial(chapter_table, chapter) for chapter in CHAPTERS}
"""What stands between `<!-- made: NAME -->` and `<!-- end -->`."""


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("( ) * \\", "`( ) * \\`")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        path = Path(name)
        path.write_text(page_with_tables(path.read_text(encoding="utf-8"), BLOCKS), encoding="utf-8")
