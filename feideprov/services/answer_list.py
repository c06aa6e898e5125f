"""Answers of many providers in one table, and the sheet that they are written into."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from feideprov.errors import Refused
from feideprov.issues import Refusal
from feideprov.services.answers import AnswerBook, Answered, Given, state_of
from feideprov.services.register.service import Service
from feideprov.sheets import csv_sheet
from feideprov.tables.columns import Column, Layout
from feideprov.tables.day import as_date
from feideprov.tables.heading import Heading
from feideprov.tables.table import Row, read_table

ANSWER_LIST: Final = Layout(
    "list of answers",
    (
        Column("service", ("id", "service id", "tjeneste", "teneste", "tjeneste-id", "teneste-id")),
        Column("name", ("navn", "namn")),
        Column("provider", ("leverandør",)),
        Column("state", ("tilstand",)),
        Column("answer", ("svar",)),
        Column("on", ("date", "answered on", "dato", "svart")),
        Column("source", ("kilde", "kjelde")),
    ),
    required=(("service",), ("answer",)),
)
"""`name`, `provider` and `state` tell the person who fills it in what a row is about, and are not read."""


@dataclass(frozen=True)
class AnswerRow:
    """An answer, and the row that it stands in."""

    given: Given
    row: Row


@dataclass(frozen=True)
class AnswerList:
    """What a list of answers holds. Rows without an answer are passed over: nobody has answered yet."""

    rows: tuple[AnswerRow, ...]
    refusals: tuple[Refusal, ...]
    unanswered: int
    ignored_columns: tuple[str, ...]


def read_answer_list(path: Path, *, on: date, source: str = "") -> AnswerList:
    """The answers in a CSV file: `service` (an id, or a name), `answer`, `on`, `source`.

    A row without a day is of the day `on`, on which the list is read; one without a source has the `source` of the
    list. A wrong row becomes a refusal: R-COLUMNS, S-ANSWER or S-DATE. Raises InputError when the file cannot be read.
    """
    table = read_table(path, ANSWER_LIST, mapped=None)
    rows, refusals, unanswered = [], list(table.refusals), 0
    for row in table.rows:
        if not row["answer"]:
            unanswered += 1
            continue
        try:
            day = _day(row, table.heading, on)
            rows.append(AnswerRow(Given(row["service"], state_of(row["answer"]), day, row["source"] or source), row))
        except Refused as refused:
            refusals.append(refusal(refused, row))
    return AnswerList(tuple(rows), tuple(refusals), unanswered, table.heading.ignored)


def refusal(refused: Refused, row: Row) -> Refusal:
    """Why a row was not taken."""
    return Refusal(refused.code, str(refused), held=refused.held, origin=row.origin)


@dataclass(frozen=True)
class ListAnswered:
    """What became of a list of answers: `unanswered` rows had none yet, `ignored_columns` were not read."""

    answered: tuple[Answered, ...]
    refusals: tuple[Refusal, ...]
    unanswered: int
    ignored_columns: tuple[str, ...]


def take_answers(book: AnswerBook, listed: AnswerList) -> ListAnswered:
    """Write down every answer of a list that can be, all of them together; the other rows become refusals, in the order
    of the file."""
    good, refusals = list[Given](), list(listed.refusals)
    for one in listed.rows:
        try:
            book.service_of(one.given)
            good.append(one.given)
        except Refused as refused:
            refusals.append(refusal(refused, one.row))
    refusals.sort(key=lambda refusal: refusal.origin.row if refusal.origin else 0)
    return ListAnswered(tuple(book.write(good)), tuple(refusals), listed.unanswered, listed.ignored_columns)


def answer_sheet(services: Iterable[Service]) -> bytes:
    """A list of answers to be filled in (`;`, UTF-8 with BOM). No cell is taken for a formula."""
    about = ((one.id, one.name(), one.provider.name, one.answer.state.value) for one in services)
    rows = ([*(" ".join(cell.split()) for cell in cells), "", "", ""] for cells in about)
    return csv_sheet([column.name for column in ANSWER_LIST.columns], rows)


def _day(row: Row, heading: Heading, on: date) -> date:
    day = as_date(row["on"], on) if row["on"] else on
    if isinstance(day, str):
        raise Refused(f"{heading.where('on')}: {day}", code="S-DATE")
    return day
