"""Questions about who is who in one sheet: who is meant by each, and what was answered."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from math import isclose
from pathlib import Path
from typing import Final, Literal

from feideprov.client import plans
from feideprov.client.context import Context
from feideprov.client.linking.taking_over import plan_link
from feideprov.client.who_is_who import PlannedAnswer, entry_of, plan_different, plan_same_as, write_down
from feideprov.directory.dn import same_key
from feideprov.errors import ConfigurationError, InputError, Refused
from feideprov.intake.question_list import CHOICES, QUESTION_LIST, AnsweredLine, SheetAnswer, read_question_list
from feideprov.issues import Refusal, code, in_row_order
from feideprov.journal.held_rows import lists_with, shown_by
from feideprov.messages import Sentence
from feideprov.numbers import number_shaped
from feideprov.provision.plan.builder import R_NOT_OURS, PlanBuilder
from feideprov.provision.plan.changes import Change
from feideprov.provision.plan.people.open_question import OpenQuestion
from feideprov.provision.plan.people.planner import Answer
from feideprov.provision.plan.people.questions import (
    R_LINK_DOUBT,
    R_NAMES_SWAPPED,
    R_OTHER_PERSON,
    R_SAME_PERSON,
    shown_person,
)
from feideprov.provision.plan.people.row_users import R_SOURCE_PREFIX
from feideprov.provision.plan.plan import Outcome, Plan
from feideprov.sheets import csv_sheet

R_QUESTION: Final = code(
    "R-QUESTION",
    Sentence("The line of a sheet of questions is about no question that is open, or was changed."),
    Sentence("Make a new sheet: feideprov today --questions OUT.csv"),
)
_CODES: Final = (R_SAME_PERSON, R_OTHER_PERSON, R_NAMES_SWAPPED, R_NOT_OURS, R_SOURCE_PREFIX, R_LINK_DOUBT)
_PLANNED_BY: Final[Mapping[str, Callable[..., Plan]]] = {"plan": plans.plan_people, "link": plan_link}
"""What plans a list again, by the command that shows it."""
_OF_THE_SAME_KEY: Final = (R_OTHER_PERSON, R_NAMES_SWAPPED)
"""The row has the source id of the user already."""
_LETTERS: Final = str.maketrans("0123456789", "ghijklmnop")
"""An id of letters alone: a spreadsheet takes no part of it for a number."""


@dataclass(frozen=True)
class AskedQuestion:
    """A question that is open, and the list that has the row."""

    id: str
    about: OpenQuestion
    path: Path
    source: str | None
    encoding: str | None = None
    sheet: str | None = None


@dataclass(frozen=True)
class QuestionSheet:
    """The questions that are open. `left_out`: about protected people. `unread`: what could not be asked again."""

    questions: tuple[AskedQuestion, ...] = ()
    left_out: int = 0
    unread: tuple[Sentence, ...] = ()

    def csv(self) -> bytes:
        """The sheet: CSV with `;`, UTF-8 with BOM. No cell is a formula."""
        return csv_sheet(
            [column.name for column in QUESTION_LIST.columns], ([*_row(asked), CHOICES, ""] for asked in self.questions)
        )

    def xlsx(self, language: Literal["en", "nb", "nn"] = "en") -> bytes:
        """The same sheet as XLSX in a language, with the answers to choose from. Raises ConfigurationError without the
        extra `tables`."""
        from feideprov.forms import question_form
        from feideprov.sheets.workbook import xlsx_sheet

        return xlsx_sheet(question_form(language, [_row(asked) for asked in self.questions]))


@dataclass(frozen=True)
class SheetOutcome:
    """What the lines of a sheet change, or have changed. Each line is in one of the counts. `refusals` are of lines,
    and after them of the rows that lines let go on: such a row may be used in part."""

    changes: tuple[PlannedAnswer | Change, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    failures: tuple[Refusal, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)
    lists: tuple[str, ...] = ()
    """The commands that apply the lists of which rows can go on now."""
    unread: tuple[Sentence, ...] = ()


def open_questions(context: Context) -> QuestionSheet:
    """Plan the lists of which rows are held, and collect what is asked about them."""
    sheets, unread = list[QuestionSheet](), list[Sentence]()
    for listed in lists_with(context.journal, _CODES):
        command, *words = shlex.split(listed)
        if command not in _PLANNED_BY or not words:
            continue
        path, options = Path(words[0]), dict(zip(words[1::2], words[2::2], strict=False))
        source, encoding, sheet = (options.get(name) for name in ("--source", "--encoding", "--sheet"))
        try:
            plan = _PLANNED_BY[command](context, path, source=source, encoding=encoding, sheet=sheet)
        except (InputError, ConfigurationError) as error:
            unread.append(
                Sentence("The questions of the list {file} cannot be asked: {error}", file=path, error=error.sentence)
            )
            continue
        sheets.append(questions_of(context, plan))
    found = dict[str, AskedQuestion]()
    for asked in (asked for one in sheets for asked in one.questions):
        found.setdefault(asked.id, asked)
    return QuestionSheet(tuple(found.values()), sum(one.left_out for one in sheets), tuple(unread))


def questions_of(context: Context, plan: Plan) -> QuestionSheet:
    """What is asked about the rows of the plan of one list."""
    _, path, *_ = [*shlex.split(plan.listed), "", ""]
    found, left_out = dict[str, AskedQuestion](), 0
    for about in plan.questions:
        asked = AskedQuestion(_id(context, about), about, Path(path), plan.source, plan.encoding, plan.sheet)
        if about.protected or any(map(number_shaped, (about.name, about.user_name, about.user))):
            left_out += 1
        else:
            found.setdefault(asked.id, asked)
    return QuestionSheet(tuple(found.values()), left_out)


class SheetReader:
    """Carries out the answers of one sheet, or plans them."""

    def __init__(self, context: Context, path: Path) -> None:
        self._context = context
        self._sheet = open_questions(context)
        self._lines, self._refusals = read_question_list(path)
        self._asked = {asked.id: asked for asked in self._sheet.questions}
        self._builder: PlanBuilder = context.builder()
        self._counts = dict.fromkeys(("resolved", "unchanged", "open", "refused", "held", "failed"), 0)
        self._planned = list[tuple[PlannedAnswer, AskedQuestion, AnsweredLine]]()
        self._plans = list[tuple[Plan, AskedQuestion]]()

    def read(self, *, carry_out: bool) -> SheetOutcome:
        """The outcome. With `carry_out`, inside a run, everything is written down."""
        given = [line for line in self._lines if line.answer is not SheetAnswer.OPEN]
        self._counts["open"] = len(self._lines) - len(given)
        ids = Counter(line.row["question_id"] for line in given)
        same = Counter(one for line in given for one in self._only_once(line))
        for line in given:
            contradicts = ids[line.row["question_id"]] > 1 or any(same[one] > 1 for one in self._only_once(line))
            try:
                self._answer(line, contradicts=contradicts)
            except Refused as refused:
                self._refusals.append(Refusal(refused.code, refused.sentence, refused.held, line.row.origin))
        return self._outcome(carry_out=carry_out)

    def _outcome(self, *, carry_out: bool) -> SheetOutcome:
        failures, changes, left_out = list[Refusal](), list[PlannedAnswer | Change](), list[Refusal]()
        errors = (
            write_down(self._context, [one[0] for one in self._planned]) if carry_out else [None] * len(self._planned)
        )
        for (answer, asked, line), error in zip(self._planned, errors, strict=True):
            if error is None:
                changes.append(answer)
                continue
            failures.append(Refusal(R_QUESTION, error.sentence, False, line.row.origin, asked.about.user))
        for plan, _ in self._plans:
            outcome = plans.apply(self._context, plan) if carry_out else Outcome(plan.changes, plan.refusals)
            changes += outcome.changes
            failures += outcome.failures
            left_out += outcome.refusals
        counts = self._counts | {
            "refused": sum(not one.held for one in self._refusals),
            "held": sum(one.held for one in self._refusals),
            "failed": len(failures),
        }
        counts["resolved"] = len(self._planned) + len(self._plans) - len(failures)
        lists = dict.fromkeys(
            f"feideprov {shown_by('apply', asked.path, asked.source, asked.encoding, asked.sheet)} --yes"
            for _, asked, _ in self._planned
        )
        return SheetOutcome(
            tuple(changes),
            (*in_row_order(self._refusals), *left_out),
            tuple(failures),
            counts,
            tuple(lists),
            self._sheet.unread,
        )

    def _only_once(self, line: AnsweredLine) -> tuple[Hashable, ...]:
        """What only one line may say is the same: a source id is not two users, and a user not two rows of a list."""
        asked = self._asked.get(line.row["question_id"])
        if asked is None or line.answer is not SheetAnswer.SAME:
            return ()
        return same_key(asked.about.record.source_id), (asked.path, asked.about.user)

    def _answer(self, line: AnsweredLine, *, contradicts: bool) -> None:
        asked = self._asked.get(line.row["question_id"])
        if asked is None:
            self._not_open(line)
            return
        about = asked.about
        if not _is_about(line, about):
            raise _refused(
                Sentence("The user or the source id in this line is not that of the question. Make a new sheet.")
            )
        if contradicts:
            raise _refused(
                Sentence(
                    "Several lines contradict each other. Keep one answer for each question, and say of each user that "
                    "it is the same person as in one row of a list only."
                )
            )
        source_id, same = about.record.source_id, line.answer is SheetAnswer.SAME
        if same and about.code in _OF_THE_SAME_KEY:
            self._same_person(asked)
            return
        if not same and about.code in (*_OF_THE_SAME_KEY, R_NOT_OURS):
            sentence = Sentence(
                "The row has the source id of {user}. Give the new person a source id of their own in the list, then "
                "apply it.",
                user=about.user,
            )
            raise Refused(sentence, code=about.code, held=True)
        entry = entry_of(self._builder, about.user)
        plan = plan_same_as if same else plan_different
        self._planned.append((plan(self._builder, entry, source_id), asked, line))

    def _same_person(self, asked: AskedQuestion) -> None:
        """The row is applied, as with `apply --only … --same-person`."""
        plan = plans.plan_people(
            self._context,
            asked.path,
            source=asked.source,
            evidence=None,
            only=asked.about.record.source_id,
            answer=Answer.SAME_PERSON,
            encoding=asked.encoding,
            sheet=asked.sheet,
        )
        if not plan.changes and plan.refusals:
            first = plan.refusals[0]
            raise Refused(Sentence("{sentence}", sentence=first.sentence), code=first.code, held=first.held)
        self._plans.append((replace(plan, notes=()), asked))

    def _not_open(self, line: AnsweredLine) -> None:
        """Nothing is left to do when the journal, or the directory, says what the line says."""
        user, source_id, known = line.row["user"].lower(), line.row["source_id"], self._builder.known_users
        named = self._builder.state.named(user)
        if line.answer is SheetAnswer.NEW:
            done = known.is_different(user, source_id, said=True)
        elif line.row["code"] in _OF_THE_SAME_KEY:  # the row was applied when the user has its name
            done = named is not None and shown_person(named) == line.row["name"]
        else:
            done = known.linked.get(same_key(source_id)) == user
        if not done:
            raise _refused(
                Sentence(
                    "This question is not open any more, or its list cannot be read. Make a new sheet: feideprov "
                    "today --questions OUT.csv"
                )
            )
        self._counts["unchanged"] += 1


def _refused(sentence: Sentence) -> Refused:
    return Refused(sentence, code=R_QUESTION)


def _id(context: Context, about: OpenQuestion) -> str:
    """The question's id, which changes with the people whom it is about."""
    record = about.record
    texts = (about.code, same_key(record.source_id), about.user, about.name, str(record.birth_date), about.user_name)
    return context.key.of_question(*texts)[:16].translate(_LETTERS)


def _row(asked: AskedQuestion) -> list[str]:
    """All cells but the answers that can be given, and the answer."""
    about, record = asked.about, asked.about.record
    file, row = (record.origin.file, str(record.origin.row)) if record.origin else ("", "")
    person = record.source_id, about.name, str(record.birth_date or ""), about.school
    user = about.user, about.user_name, about.user_school, str(about.user_since or "")
    return [asked.id, about.code, file, row, *person, *user]


def _is_about(line: AnsweredLine, about: OpenQuestion) -> bool:
    """Whether the cells that say whom the line is about, where they are there, are those of the question."""
    cells = line.row.cells
    user, source_id = cells.get("user", about.user), cells.get("source_id", about.record.source_id)
    return user.lower() == about.user and _is_key(source_id, about.record.source_id)


def _is_key(cell: str, source_id: str) -> bool:
    """Whether a cell is a source id, as it was or as a spreadsheet writes it: 42 for 0042, 1,23457E+14."""
    if same_key(cell) == same_key(source_id):
        return True
    if not (source_id.isascii() and source_id.isdigit()):
        return False
    try:
        number = float(cell.replace(",", "."))
    except ValueError:
        return False
    return isclose(number, float(source_id), rel_tol=1e-5 if "E" in cell.upper() else 0)
