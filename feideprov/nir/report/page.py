"""The page: the worklist as one HTML file for the case workers. It has keys, fields and days: no name, no content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from feideprov.messages import Language
from feideprov.nir import words
from feideprov.nir.channels import ChannelDecision
from feideprov.nir.report.page_words import PHRASES
from feideprov.nir.report.reasons import why
from feideprov.nir.report.worklist import SOON, Line, Part, Worklist
from feideprov.nir.work_items import Item
from feideprov.pages.page import written

TEMPLATES: Final = Path(__file__).parent / "templates"
_TO_DECIDE: Final = (Part.FORBIDDEN, Part.QUESTION, Part.BLOCKED, Part.NOT_KNOWN)


def page(worklist: Worklist, language: Language = "nb") -> str:
    """The page in bokmål, nynorsk or English.

    Raises ConfigurationError when Jinja2 is not installed.
    """
    lines: dict[Part, list[Line]] = {part: [] for part in Part}
    for line in worklist.lines:
        lines[line.part(worklist.on)].append(line)
    shown = [part for part in Part if lines[part]]
    year_ends = ["year_end"] if worklist.year_ends else []
    return written(
        TEMPLATES,
        "page.html.j2",
        language,
        PHRASES,
        organization=worklist.organization,
        on=worklist.on,
        parts=[*(part.value for part in shown), *year_ends],
        worklist=worklist,
        counts=worklist.counts,
        soon=worklist.on + SOON,
        to_decide=sum(len(lines[part]) for part in _TO_DECIDE),
        tables=[(part.value, len(lines[part]), _rows(lines[part], worklist.on, language)) for part in shown],
        channels=_channels(worklist),
        sources=_sources(worklist),
        word=lambda table, key: words.in_words(getattr(words, table), key, language),
        said=lambda sentence: sentence.in_language(language),
    )


def _channels(worklist: Worklist) -> list[ChannelDecision]:
    """Each decision once."""
    decisions = (item.channel for item in worklist.items if item.channel is not None)
    return sorted({(one.id, str(one.sentence)): one for one in decisions}.values(), key=lambda one: one.id)


def _sources(worklist: Worklist) -> list[tuple[str, str, list[str]]]:
    """Each source once: its name, its address, and the rules that it is the source of."""
    found: dict[tuple[str, str], set[str]] = {}
    for row, source in worklist.own_laws.items():
        found.setdefault(source, set()).add(row)
    for line in worklist.lines:
        if line.verdict is not None and line.verdict.source:
            found.setdefault((line.verdict.source, line.verdict.url), set()).add(line.verdict.rule)
    return [(source, url, sorted(found[source, url])) for source, url in sorted(found)]


@dataclass(frozen=True)
class Row:
    """Lines of one record that say the same of several fields, with the same last day."""

    item: Item
    kind: str
    due: date | None
    reason: str
    fields: tuple[tuple[str, str], ...]
    """Each with the rule that says it; the rule is empty where none does."""
    rule: str
    """The rule, where it is about no field."""
    late: bool


def _rows(lines: Sequence[Line], on: date, language: Language) -> list[Row]:
    """The lines of a part as rows, in their order."""
    found: dict[tuple[int, str, date | None, str], list[Line]] = {}
    for line in lines:
        reason = why(line.verdict, language) if line.verdict else ""
        found.setdefault((id(line.item), line.kind, line.due, reason), []).append(line)
    return [
        Row(
            some[0].item,
            kind,
            due,
            reason,
            tuple((field, line.rule) for line in some for field in line.fields),
            "" if some[0].fields else some[0].rule,
            some[0].overdue(on),
        )
        for (_, kind, due, reason), some in found.items()
    ]
