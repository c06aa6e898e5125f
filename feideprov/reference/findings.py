"""The tables of `docs/findings.md`, made from the catalogue."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from feideprov.check.catalogue import CHAPTERS
from feideprov.check.rule import Chapter
from feideprov.reference.pages import Blocks, cell, markdown_table

_HEADING: Final = ("code", "severity", "Feide's title", "sentence", "what to do", "expected when")


def chapter_table(chapter: Chapter[Any]) -> str:
    """The rules of one chapter. “…” is what a finding fills in."""
    rows = (
        (
            f"`{rule.code}`",
            rule.severity.value,
            rule.title or "",
            cell(rule.sentence),
            cell(rule.action),
            cell(", or ".join(filter(None, (rule.expected_when, "the user was closed" * rule.closing)))),
        )
        for rule in chapter.rules
    )
    return markdown_table(_HEADING, rows)


BLOCKS: Final[Blocks] = {chapter.name: partial(chapter_table, chapter) for chapter in CHAPTERS}
