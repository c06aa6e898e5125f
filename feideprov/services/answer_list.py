"""A table of answers of many providers, and the empty sheet for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from feideprov.errors import Refused
from feideprov.issues import Refusal
from feideprov.messages import Sentence
from feideprov.services.answers import ANSWER, DATE, SOURCE, AnswerRecorder, NewAnswer, RecordedAnswer, state_of
from feideprov.services.register.service import Service
from feideprov.services.sources.table import SERVICE
from feideprov.sheets import csv_sheet
from feideprov.tables.columns import Column, Layout
from feideprov.tables.day import as_date
from feideprov.tables.heading import Heading
from feideprov.tables.table import Row, read_table

ANSWER_LIST: Final = Layout(
    Sentence("list of answers"),
    (
        Column("service", ("id", "service id", "tjeneste", "teneste", "tjeneste-id", "teneste-id")),
        Column("name", ("navn", "namn")),
        Column("provider", ("leverandør",)),
        Column("state", ("tilstand",)),
        Column("answer", ("svar",)),
        Column("on", ("date", "answered on", "dato", "svart"), holds_date=True),
        Column("source", ("kilde", "kjelde")),
    ),
    required=(("service",), ("answer",)),
)
"""`name`, `provider` and `state` show the person who fills in the sheet what a row is about. They are not read."""

_CODE_OF: Final = {"service": SERVICE, "answer": ANSWER, "on": DATE, "source": SOURCE}
"""The columns that are read, and the code of a cell that cannot be."""


@dataclass(frozen=True)
class AnswerRow:
    """An answer, and the row that it stands in."""

    answer: NewAnswer
    row: Row


@dataclass(frozen=True)
class AnswerList:
    """The content of a list of answers. Rows without an answer are only counted: nobody has answered yet."""

    rows: tuple[AnswerRow, ...]
    refusals: tuple[Refusal, ...]
    unanswered: int
    ignored_columns: tuple[str, ...]
    notes: tuple[Sentence, ...] = ()


def read_answer_list(path: Path, *, on: date, source: str = "") -> AnswerList:
    """The answers in a CSV file: `service` (an id, or a name), `answer`, `on`, `source`.

    A row without a day gets the day `on`, on which the list is read; one without a source gets `source`. A wrong row
    becomes a refusal: R-COLUMNS, S-SERVICE, S-ANSWER, S-DATE or S-SOURCE. Raises InputError when the file cannot be
    read.
    """
    table = read_table(path, ANSWER_LIST, mapped=None, sheet_can_be_told=False)
    rows, refusals, unanswered = [], list(table.refusals), 0
    for row in table.rows:
        if wrong := _without_value(row, table.heading):
            refusals.append(refusal(wrong, row))
            continue
        if not row["answer"]:
            unanswered += 1
            continue
        try:
            day = _day(row, table.heading, on)
            rows.append(
                AnswerRow(NewAnswer(row["service"], state_of(row["answer"]), day, row["source"] or source), row)
            )
        except Refused as refused:
            refusals.append(refusal(refused, row))
    return AnswerList(tuple(rows), tuple(refusals), unanswered, table.heading.ignored, table.notes)


def refusal(refused: Refused, row: Row) -> Refusal:
    """A row's refusal."""
    return Refusal(refused.code, refused.sentence, held=refused.held, origin=row.origin)


@dataclass(frozen=True)
class AnswerListResult:
    """The result of a list of answers: `unanswered` rows had none yet, `ignored_columns` were not read, and `notes`
    say what should be corrected in the list, although it was read."""

    answered: tuple[RecordedAnswer, ...]
    refusals: tuple[Refusal, ...]
    unanswered: int
    ignored_columns: tuple[str, ...]
    notes: tuple[Sentence, ...] = ()


def record_answers(recorder: AnswerRecorder, answers: AnswerList) -> AnswerListResult:
    """Write down all valid answers of a list in one transaction. The other rows become refusals, in the order of the
    file."""
    good, refusals = list[NewAnswer](), list(answers.refusals)
    for one in answers.rows:
        try:
            recorder.service_of(one.answer)
            good.append(one.answer)
        except Refused as refused:
            refusals.append(refusal(refused, one.row))
    refusals.sort(key=lambda refusal: refusal.origin.row if refusal.origin else 0)
    written = tuple(recorder.write(good))
    return AnswerListResult(written, tuple(refusals), answers.unanswered, answers.ignored_columns, answers.notes)


def answer_sheet(services: Iterable[Service]) -> bytes:
    """An empty list of answers (CSV with `;`, UTF-8 with BOM). No spreadsheet takes a cell for a formula."""
    about = ((one.id, one.name(), one.provider.name, one.answer.state.value) for one in services)
    rows = ([*(" ".join(cell.split()) for cell in cells), "", "", ""] for cells in about)
    return csv_sheet([column.name for column in ANSWER_LIST.columns], rows)


def _without_value(row: Row, heading: Heading) -> Refused | None:
    """What is wrong with the first cell that holds no value, of those that are read."""
    for name, code in _CODE_OF.items():
        if meaning := row.without_value.get(name):
            sentence = Sentence("{column}: {problem}", column=heading.where(name), problem=meaning)
            return Refused(sentence, code=code)
    return None


def _day(row: Row, heading: Heading, on: date) -> date:
    day = as_date(row["on"], on) if row["on"] else on
    if isinstance(day, str):
        raise Refused(Sentence("{column}: {problem}", column=heading.where("on"), problem=day), code=DATE)
    return day
