"""Person lists: CSV in, person records out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from pydantic import ValidationError

from feideprov.errors import scrub
from feideprov.feide.person import PersonRecord
from feideprov.intake.cells import Problem, has_many_digits, in_row_order, misplaced, refusal
from feideprov.intake.columns import PERSON_LIST, check_mapping
from feideprov.issues import Refusal
from feideprov.numbers import NumberText
from feideprov.tables.day import as_date
from feideprov.tables.table import Row, read_table

_YES: Final = frozenset(
    ("yes", "y", "ja", "j", "true", "sann", "1", "x", "fortrolig", "strengt fortrolig", "strengtfortrolig")
)
_NO: Final = frozenset(("", "no", "n", "nei", "false", "usann", "0", "ugradert"))
_LOST_LETTERS: Final = re.compile(r"[?\ufffd]")
_SPREADSHEET_POWER: Final = re.compile(r"[0-9](?:[.,][0-9]+)?E\+?[0-9]+", re.IGNORECASE)
_NAMES: Final = ("given_name", "family_name", "legal_name")

_NO_NAME: Final = "the person has no name. Write at least one."
_NO_SCHOOL: Final = "the cell is empty. Write the school; several are parted by “|”."
_OF_FIELD: Final = {
    "source_id": ("R-SOURCE-ID", "the cell is empty. Write the key that the person has in your own system."),
    "given_name": ("R-NAME", "a name holds no number. Correct it."),
    "family_name": ("R-NAME", "a name holds no number. Correct it."),
    "legal_name": ("R-NAME", "a name holds no number. Correct it."),
    "birth_date": ("R-DATE", "this is not a date."),
    "school": ("R-SCHOOL", _NO_SCHOOL),
    "role": (
        "R-ROLE",
        "this is not a role. Write pupil, student (adult education), teacher or staff; elev, deltaker, lærer or "
        "ansatt will do.",
    ),
    "grade": ("R-GRADE", "this is not a grade. Write a number from 1 to 10, or vg1, vg2, vg3."),
    "groups": ("R-GROUP", "this is not a group. Write type:id:name, such as b:6a:Klasse 6A; several parted by “|”."),
    "mobile": ("R-MOBILE", "this is not a mobile number."),
    "mail": ("R-MAIL", "this is not a mail address. Write it as olena@example.no, without æ, ø and å."),
    "language": (
        "R-LANGUAGE",
        "this is not a language tag. Write two or three letters, such as uk, ar or nb.",
    ),
}
"""What is said when the person record does not take a value: its own words might quote it."""
_CAN_WAIT: Final = frozenset(("R-MOBILE", "R-LANGUAGE"))
"""What is left out and reported, because the person needs the user now."""


@dataclass(frozen=True)
class PersonList:
    """What a person list held."""

    records: tuple[PersonRecord, ...] = field(repr=False)
    refusals: tuple[Refusal, ...]
    """One for each row that was refused, or of which something was left out, in the order of the rows."""
    ignored_columns: tuple[str, ...]
    """Headings that are not known, whose columns were not read."""


def read_person_list(
    path: Path | str, *, columns: Mapping[str, str] = MappingProxyType({}), on: date | None = None
) -> PersonList:
    """The people in a CSV file with the headings of `docs/files.md`.

    `columns` gives the file's own heading for a canonical name (`[columns]` in the configuration). `on` is the day
    it is read, for birth dates in the future; the default is today. Each record's `origin` is the file's name,
    without its folder, and the row. Numbers are taken as they stand and not judged: a wrong one does not refuse
    the row. Schools are not looked up, and source ids not compared with each other.

    A row that is wrong becomes a refusal: R-COLUMNS, R-SOURCE-ID, R-NAME, R-DATE, R-SCHOOL, R-ROLE, R-GRADE,
    R-GROUP, R-MAIL, R-PROTECTED-VALUE or R-NUMBER-MISPLACED. A mobile number (R-MOBILE) or a language (R-LANGUAGE) that
    is none is reported and left out. Raises InputError when the file as a whole cannot be read as a person list,
    ConfigurationError when `columns` cannot be used.
    """
    on = on or date.today()  # noqa: DTZ011 - a day in Norway, where the machine is
    check_mapping(columns)
    table = read_table(Path(path), PERSON_LIST, mapped=columns)
    records, refusals = [], list(table.refusals)
    for row in table.rows:
        record, problems = _record(row, on)
        if record is not None:
            records.append(record)
        if problems:
            refusals.append(refusal(problems, PERSON_LIST, table.heading, row.origin))
    return PersonList(tuple(records), in_row_order(refusals), table.heading.ignored)


def _record(row: Row, on: date, *, without: frozenset[str] = frozenset()) -> tuple[PersonRecord | None, list[Problem]]:
    """The record, and every problem of the row at once, so that the file is corrected in one go.

    `without` are columns that are left out.
    """
    problems = [*misplaced(row, PERSON_LIST)]
    blamed = {problem.columns[0] for problem in problems}
    values = {name: text for name, text in row.cells.items() if text and name not in blamed | without}
    typed = _typed(values, on)
    problems += [problem for problem in typed.values() if isinstance(problem, Problem)]
    blamed = {problem.columns[0] for problem in problems}
    kept = {n: typed.get(n, text) for n, text in values.items() if n not in blamed}
    try:
        record = PersonRecord(origin=row.origin, **kept)
    except ValidationError as error:
        details = error.errors(include_input=False, include_url=False, include_context=False)
    else:
        return (None if problems else record), problems
    problems += [p for p in map(_problem, details) if not blamed.intersection(p.columns)]
    if not all(problem.code in _CAN_WAIT for problem in problems):
        return None, problems
    rest, _ = _record(row, on, without=frozenset(problem.columns[0] for problem in problems))
    return rest, [replace(problem, words=f"{problem.words} It is left out.") for problem in problems]


def _typed(values: Mapping[str, str], on: date) -> dict[str, Any]:
    """The values that the record does not read from text itself, or what is wrong with them."""
    typed: dict[str, Any] = {}
    for name, text in values.items():
        if name in _NAMES and _LOST_LETTERS.search(text):
            words = "letters were lost (“?”) when the file was saved. Save it again as “CSV UTF-8”."
            typed[name] = Problem((name,), "R-NAME", words)
        elif name in _NAMES and has_many_digits(text):
            typed[name] = Problem((name,), *_OF_FIELD[name])
        elif name == "source_id" and _SPREADSHEET_POWER.fullmatch(text):
            words = "a spreadsheet has cut this number short (“E+”). Make the column text and fill it again."
            typed[name] = Problem((name,), "R-SOURCE-ID", words)
        elif name == "birth_date":
            read = as_date(text, on)
            typed[name] = read if isinstance(read, date) else Problem((name,), "R-DATE", read)
        elif name == "protected":
            typed[name] = _yes_or_no(text)
        elif name in {"national_number", "duf_number"}:
            typed[name] = NumberText(text)
    if not any(part.strip() for part in values.get("school", "").split("|")):
        typed["school"] = Problem(("school",), "R-SCHOOL", _NO_SCHOOL)
    return typed


def _yes_or_no(text: str) -> bool | Problem:
    word = " ".join(text.casefold().split())
    if word in _YES or word in _NO:
        return word in _YES
    return Problem(("protected",), "R-PROTECTED-VALUE", "this is neither yes nor no. Write yes (ja) or no (nei).")


def _problem(error: Mapping[str, Any]) -> Problem:
    """A finding of the person record, in words that cannot quote the cell."""
    if not error["loc"]:
        return Problem(("given_name", "family_name"), "R-NAME", _NO_NAME)
    name = str(error["loc"][0])
    code, words = _OF_FIELD[name]
    if name == "role" and error["type"] == "missing":
        words = f"the cell is empty. {words.partition('. ')[2]}"
    elif name in ("groups", "mobile") and error["type"] == "value_error":
        words = scrub(str(error["msg"]).removeprefix("Value error, "))  # our own sentence, which says which part
    return Problem((name,), code, words)
