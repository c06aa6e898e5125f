"""What the cells of a field hold: its value, since when it was there, and the day on which it was registered."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from feideprov.intake.cells import YES_NO
from feideprov.messages import Sentence
from feideprov.nir.contents import (
    Contents,
    Fravaer,
    Fritak,
    Given,
    Klage,
    Part,
    Permisjon,
    Tiltak,
    Vedtak,
    VedtakKind,
)
from feideprov.nir.lists.asked import DAY, R_NIR_CELL, R_NIR_ORDER, Cells, word_key
from feideprov.nir.lists.columns import DECISIONS
from feideprov.nir.lists.field_kinds import FieldKind, field_row
from feideprov.tables.day import MIDNIGHT

_ONE_DAY: Final = re.compile(DAY)
_TO: Final = r"\s*[/–-]\s*"
_PART: Final = re.compile(rf"(?:([^|]*?)\s+)??({DAY})(?:({_TO})({DAY})?)?")
_DECISION: Final = re.compile(rf"(?:([^|]*?)\s+)??({DAY})(?:\s+({DAY})(?:{_TO}({DAY})?)?)?")
_HOURS: Final = re.compile(r"[0-9]{1,5}(?:[.,][0-9]{1,2})?")
_ANSWERS: Final = {"yes": True, "ja": True, "no": False, "nei": False}
_NO_DAYS: Final = Sentence(
    "this cannot be read. Write the days as 2026-01-01/2026-03-31 and “|” between several, yes where the days are not "
    "to be written down, or leave the cell empty."
)
_NO_DECISION: Final = Sentence(
    "this cannot be read. Write the day of the decision and after it the days that it grants, such as 2026-01-01 "
    "2026-01-15/2026-07-14, and “|” between several."
)
_NONE: Final = Sentence(
    "this says that there is nothing. Leave the cell empty, or write the word remove (fjern) where something was "
    "recorded."
)
_NO_HOURS: Final = Sentence("these are no hours. Write them as a number, such as 120 or 37,5.")
_DECISION_WORDS: Final = {
    word_key(word): kind for kind, words in DECISIONS.items() for word in (kind.value, *words.in_every_language())
}


class _Days(NamedTuple):
    """The days in a part of a cell: the first one, and those of what it grants or where it ends."""

    first: date
    start: date | None
    end: date | None


def content_of(cells: Cells, field: str, known: Iterable[str] = ()) -> Contents | None:
    """What the cell of a field holds; None where it says nothing. `known`: codes that the rules have for it.

    A word that is not mapped is asked about, and the field counts as given: `Given`. One that says no gives nothing.
    """
    kind = field_row(field).kind
    if kind is FieldKind.DAY:
        return cells.day(field)
    if kind is FieldKind.YES_NO:
        return cells.yes_no(field)
    text = cells.text(field)
    if not text:
        return None
    if kind.has_days:
        return _parts(cells, field, text, kind, known)
    if kind is FieldKind.HOURS:
        return _hours(cells, field, text)
    if kind is FieldKind.ANY and word_key(text) in _ANSWERS:
        return _ANSWERS[word_key(text)]
    if kind is FieldKind.CODE or cells.codes.get(field):
        return cells.code(text, field, known=known) or (None if says_nothing(text) else Given())
    if not any(map(str.isalnum, text)):
        cells.ask(R_NIR_CELL, _NONE, field)
        return None
    return text


def decision_kind(cells: Cells, text: str, column: str) -> VedtakKind | None:
    """The kind of a decision, in its own words or in those of the municipality."""
    own = set(map(word_key, cells.codes.get(column, ())))
    if word_key(text) not in own and (kind := _DECISION_WORDS.get(word_key(text))):
        return kind
    meant = cells.code(text, column)
    return None if meant is None else _DECISION_WORDS.get(word_key(meant))


def first_day(content: Contents | None) -> date | None:
    """The first day that a content has."""
    if isinstance(content, date):
        return content
    days = (_day_of(part) for part in (content if isinstance(content, tuple) else (content,)))
    return min((day for day in days if day is not None), default=None)


def _day_of(part: object) -> date | None:
    return part.from_ if isinstance(part, Tiltak | Fravaer | Permisjon) else getattr(part, "date", None)


def says_nothing(text: str) -> bool:
    """Whether a cell says no, or has only signs: no value is there, so none is given."""
    return YES_NO.get(text.casefold()) is False or not any(map(str.isalnum, text))


def _hours(cells: Cells, field: str, text: str) -> Decimal | None:
    if _HOURS.fullmatch(text):
        return Decimal(text.replace(",", "."))
    cells.ask(R_NIR_CELL, _NO_HOURS, field)
    return None


def _parts(cells: Cells, field: str, text: str, kind: FieldKind, known: Iterable[str]) -> Contents | None:
    if YES_NO.get(text.casefold()):
        return Given()
    if says_nothing(text):
        cells.ask(R_NIR_CELL, _NONE, field)
        return None
    parts: list[Part] = []
    for written in filter(None, map(str.strip, text.split("|"))):
        part = _part(cells, field, MIDNIGHT.sub("", written), kind, known)
        if part is None:
            return None
        parts.append(part)
    different = tuple(dict.fromkeys(parts))
    return different if len(different) > 1 else next(iter(different), None)


def _part(cells: Cells, field: str, text: str, kind: FieldKind, known: Iterable[str]) -> Part | None:
    found = (_DECISION if kind is FieldKind.DECISIONS else _PART).fullmatch(text)
    if found is None and not any(map(str.isdigit, text)):
        return _without_days(cells, field, text, kind, known)
    word = "" if found is None else found[1] or ""
    if found is None or _ONE_DAY.search(word):
        cells.ask(R_NIR_CELL, _NO_DECISION if kind is FieldKind.DECISIONS else _NO_DAYS, field)
        return None
    if not kind.spans and kind is not FieldKind.DECISIONS and found[3]:
        cells.ask(R_NIR_CELL, Sentence("this must be one day, not the days of a time. Write the day."), field)
        return None
    days = _days(cells, field, found, kind)
    if days is None:
        return None
    if kind is FieldKind.DECISIONS:
        return _decision(cells, field, word, days)
    meant = cells.code(word, field, known=known) if word else ""
    return Given() if meant is None else _MAKE[kind](meant or None, days)


def _without_days(cells: Cells, field: str, word: str, kind: FieldKind, known: Iterable[str]) -> Part:
    """Something is there, and nobody says on which days."""
    of_decision = kind is FieldKind.DECISIONS
    meant = decision_kind(cells, word, field) if of_decision else cells.code(word, field, known=known)
    if meant is not None:
        cells.ask(R_NIR_CELL, Sentence("the days are missing. Write them after the word."), field)
    return Given()


def _days(cells: Cells, field: str, found: re.Match[str], kind: FieldKind) -> _Days | None:
    first = cells.day_of(found[2], field, planned=kind.spans)
    start = found[3] if kind is FieldKind.DECISIONS else ""
    texts = [text for text in (start, found[4]) if text]
    later = [cells.day_of(text, field, planned=True) for text in texts]
    if first is None or None in later:
        return None
    begins, ends = (later[0] if start else None), (later[-1] if found[4] else None)
    if ends is not None and ends < (begins or first):
        cells.ask(R_NIR_ORDER, Sentence("the last day is before the first one. Correct one of them."), field)
        return None
    return _Days(first, begins, ends)


def _decision(cells: Cells, field: str, word: str, days: _Days) -> Part:
    kind = decision_kind(cells, word, field) if word else _KIND_OF.get(field)
    return Vedtak(kind=kind, date=days.first, start=days.start, end=days.end)


_KIND_OF: Final = {"vedtak_utvidet_norskopplaering": VedtakKind.EXTENDED}
"""What the decisions of a field are, where no word says it."""
_MAKE: Final[Mapping[FieldKind, Callable[[str | None, _Days], Part]]] = {
    FieldKind.MEASURES: lambda word, days: Tiltak.model_validate(
        {"kind": word or "", "from": days.first, "until": days.end}
    ),
    FieldKind.LEAVE: lambda word, days: Permisjon.model_validate({"kind": word, "from": days.first, "until": days.end}),
    FieldKind.ABSENCE: lambda word, days: Fravaer.model_validate(
        {"from": days.first, "until": days.end, "allowed": YES_NO.get((word or "").casefold())}
    ),
    FieldKind.EXEMPTION: lambda word, days: Fritak(rettsgrunnlag=word, date=days.first),
    FieldKind.COMPLAINT: lambda word, days: Klage(outcome=word, date=days.first),
}
