"""The page: the worklist as one HTML file for the case workers. It has keys, fields and days: no name, no content."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

from feideprov.forms.words import Language
from feideprov.nir import words
from feideprov.nir.channels import ChannelDecision
from feideprov.nir.report.page_words import phrases_in
from feideprov.nir.report.reasons import why
from feideprov.nir.report.worklist import SOON, Line, Part, Worklist
from feideprov.nir.verdict import Verdict
from feideprov.pages.page import written

TEMPLATES: Final = Path(__file__).parent / "templates"
_TO_DECIDE: Final = (Part.FORBIDDEN, Part.QUESTION, Part.BLOCKED, Part.NOT_KNOWN)


def page(worklist: Worklist, language: Language = "nb") -> str:
    """The page in bokmål, nynorsk or English.

    Raises ConfigurationError when Jinja2 is not installed.
    """
    lines = {part: [line for line in worklist.lines if line.part(worklist.on) is part] for part in Part}
    shown = [part for part in Part if lines[part]]
    year_ends = ["year_end"] if worklist.year_ends else []
    return written(
        TEMPLATES,
        "page.html.j2",
        language,
        phrases_in(language),
        organization=worklist.organization,
        on=worklist.on,
        parts=[*(part.value for part in shown), *year_ends],
        worklist=worklist,
        counts=worklist.counts,
        soon=worklist.on + SOON,
        to_decide=sum(len(lines[part]) for part in _TO_DECIDE),
        tables=[(part.value, lines[part]) for part in shown],
        channels=_channels(worklist),
        rules=_rules(worklist.lines),
        why=partial(why, language=language),
        word=lambda table, key: words.in_words(getattr(words, table), key, language),
        said=lambda sentence: sentence.in_language(language),
    )


def _channels(worklist: Worklist) -> list[ChannelDecision]:
    """Each decision once."""
    decisions = (item.channel for item in worklist.items if item.channel is not None)
    return sorted({(one.id, str(one.sentence)): one for one in decisions}.values(), key=lambda one: one.id)


def _rules(lines: Sequence[Line]) -> list[Verdict]:
    """A verdict of each rule, for its source."""
    found = {line.verdict.rule: line.verdict for line in lines if line.verdict is not None}
    return [found[rule] for rule in sorted(found)]
