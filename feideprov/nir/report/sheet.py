"""The worklist as a sheet: a person fills in the last two columns, and `nir seen` reads it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Final, NamedTuple

from feideprov.messages import Language, Sentence, filled
from feideprov.nir import words
from feideprov.nir.report.page_words import PHRASES
from feideprov.nir.report.reasons import why
from feideprov.nir.report.worklist import Line, Worklist
from feideprov.sheets.csv_file import csv_sheet
from feideprov.sheets.form import Cells, Form, FormColumn
from feideprov.text import shown

_TITLE: Final = Sentence("NIR")
_REFUSED: Final = Sentence("Write a day that is not in the future, such as 2026-11-24.")
_LEAVE_IT: Final = Sentence("Leave it as it is.")


class _Column(NamedTuple):
    name: str
    heading: Sentence
    explanation: Sentence = _LEAVE_IT
    width: int = 16
    cells: Cells = Cells.TEXT


COLUMNS: Final = (
    _Column("key", Sentence("Key")),
    _Column("scheme", filled(PHRASES["scheme"]), width=26),
    _Column("field", Sentence("Field"), width=36),
    _Column(
        "what",
        filled(PHRASES["field"]),
        Sentence(
            "What there is to do. Write a settlement day in the list, and remove in the cell there of what must not be "
            "registered."
        ),
        52,
    ),
    _Column(
        "due",
        filled(PHRASES["due"]),
        Sentence("Register it by this day."),
    ),
    _Column("channel", filled(PHRASES["channel"]), width=20),
    _Column("role", filled(PHRASES["role"]), width=20),
    _Column("rule", Sentence("Rule"), width=34),
    _Column(
        "seen_on",
        Sentence("Seen on"),
        Sentence("The day on which you saw it in NIR. Leave it empty until then."),
        cells=Cells.DATE,
    ),
    _Column(
        "seen_by",
        Sentence("Seen by"),
        Sentence("Who saw it in NIR."),
        20,
    ),
)
"""The canonical names, and the headings in three languages."""


def worklist_csv(worklist: Worklist, language: Language = "nb") -> bytes:
    """The sheet as CSV."""
    return csv_sheet([column.heading.in_language(language) for column in COLUMNS], _rows(worklist, language))


def worklist_xlsx(worklist: Worklist, language: Language = "nb") -> bytes:
    """The sheet as XLSX. Raises ConfigurationError when the extra `tables` is not installed."""
    from feideprov.sheets.workbook import xlsx_sheet

    columns = [
        FormColumn(column.heading.in_language(language), column.explanation.in_language(language), *column[3:])
        for column in COLUMNS
    ]
    rows = list(_rows(worklist, language))
    return xlsx_sheet(Form(_TITLE.in_language(language), columns, _REFUSED.in_language(language), rows))


def _rows(worklist: Worklist, language: Language) -> Iterator[list[str]]:
    """A row for each field, or for a record as a whole."""
    for line in worklist.lines:
        for field in line.fields or ("",):
            yield _row(replace(line, fields=(field,) if field else ()), field, language)


def _row(line: Line, field: str, language: Language) -> list[str]:
    item, verdict = line.item, line.verdict
    about = [line.text(language), why(verdict, language) if verdict else ""]
    return [
        shown(item.person),
        item.scheme.value if item.scheme else "",
        field,
        ". ".join(filter(None, about)),
        _day(line.due),
        words.in_words(words.CHANNELS, item.channel.channel, language) if item.channel else "",
        item.role,
        line.rule,
        "",
        "",
    ]


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
