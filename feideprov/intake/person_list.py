"""Person lists: CSV or a spreadsheet in, person records out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from pydantic import ValidationError

from feideprov.directory.dn import same_key
from feideprov.errors import InputError
from feideprov.feide.attributes import R_GROUP
from feideprov.feide.build import R_SCHOOL
from feideprov.feide.person import ROLE_WORDS, PersonRecord
from feideprov.feide.phone import mobile_number
from feideprov.intake.cells import (
    MISPLACED,
    R_NUMBER_MISPLACED,
    R_SOURCE_ID,
    Problem,
    has_many_digits,
    misplaced,
    refusal,
    without_value,
)
from feideprov.intake.columns import PERSON_LIST, PERSON_LIST_TO_KEY, check_mapping
from feideprov.intake.file_facts import FileFacts
from feideprov.intake.group_cell import read_groups
from feideprov.intake.key_cell import made_of_numbers, with_keys
from feideprov.issues import Refusal, code, in_row_order
from feideprov.journal.keys import MarkKey
from feideprov.look_alikes import told_apart
from feideprov.messages import NOTHING, Sentence, joined
from feideprov.numbers import NumberText, key_is_number
from feideprov.progress import READING_PEOPLE, steps
from feideprov.tables.day import R_DATE, as_date
from feideprov.tables.table import Row, read_table

R_NAME: Final = code(
    "R-NAME",
    Sentence(
        "The person has no name, a name contains a number or has no letter, a name is an error of a spreadsheet "
        "(#I/T), or letters in a name were lost (“?”) or damaged (“BjÃ¸rn”) when the file was saved."
    ),
    Sentence("Correct the name. If letters were lost or damaged, export the list again as “CSV UTF-8”."),
)
R_ROLE: Final = code(
    "R-ROLE",
    Sentence("The role is missing or unknown."),
    Sentence("Write pupil, student, teacher or staff (or in Norwegian: elev, deltaker, lærer, ansatt)."),
)
R_GRADE: Final = code(
    "R-GRADE",
    Sentence("The grade is unknown. The user is created without a grade, and one that exists keeps its grade."),
    Sentence("Write the grade as a number from 1 to 10, or vg1, vg2 or vg3."),
)
R_MOBILE: Final = code(
    "R-MOBILE",
    Sentence("The text is not a mobile number. The user is created without a mobile number."),
    Sentence("Write “+”, the country code and digits. For a Norwegian number, eight digits are enough."),
)
R_MAIL: Final = code(
    "R-MAIL",
    Sentence(
        "The text is not a mail address, or it has other letters than a to z, such as æ, ø or å, before the “@”. The "
        "user is created without a mail address."
    ),
    Sentence("Write the mail address in this form: name@example.no"),
)
R_LANGUAGE: Final = code(
    "R-LANGUAGE",
    Sentence("The text is not a language tag. The user is created without a language."),
    Sentence("Write the language as two or three letters, such as uk, ar or nb."),
)
R_PROTECTED_VALUE: Final = code(
    "R-PROTECTED-VALUE",
    Sentence("The text in the column protected is neither yes nor no."),
    Sentence("In the column protected, write yes (ja) or no (nei)."),
)

_YES: Final = frozenset(
    ("yes", "y", "ja", "j", "true", "sann", "1", "x", "fortrolig", "strengt fortrolig", "strengtfortrolig")
)
_NO: Final = frozenset(("", "no", "n", "nei", "false", "usann", "0", "ugradert"))
_SPREADSHEET_POWER: Final = re.compile(r"[0-9](?:[.,][0-9]+)?E\+?[0-9]+", re.IGNORECASE)
_NAMES: Final = tuple(column.name for column in PERSON_LIST.columns if column.holds_name)

_NO_NAME: Final = Sentence("the person has no name. Write at least one name.")
_NO_LETTER: Final = Sentence("a name must have a letter. If the person has only one name, leave the other cell empty.")
_NO_SCHOOL: Final = Sentence("the cell is empty. Write the school, or several schools with “|” between them.")
_NO_ROLE: Final = Sentence(
    "the cell is empty. Write pupil, student (adult education), teacher or staff (or in Norwegian: elev, deltaker, "
    "lærer, ansatt)."
)
_OF_FIELD: Final = {
    **dict.fromkeys(_NAMES, (R_NAME, Sentence("a name must not contain a number. Correct it."))),
    "source_id": (
        R_SOURCE_ID,
        Sentence(
            "the cell is empty. Write the key that the person has in your own system. The command feideprov sheet "
            "people OUT.xlsx makes a sheet in which keys are filled in."
        ),
    ),
    "birth_date": (R_DATE, Sentence("this is not a date. Write it as 2008-12-31 or 31.12.2008.")),
    "school": (R_SCHOOL, _NO_SCHOOL),
    "role": (
        R_ROLE,
        Sentence(
            "this is not a role{apart}. Write pupil, student (adult education), teacher or staff (or in Norwegian: "
            "elev, deltaker, lærer, ansatt).",
            apart=NOTHING,
        ),
    ),
    "grade": (R_GRADE, Sentence("this is not a grade. Write a number from 1 to 10, or vg1, vg2 or vg3.")),
    "mobile": (R_MOBILE, Sentence("this is not a mobile number. Write “+”, the country code and digits.")),
    "mail": (
        R_MAIL,
        Sentence("this is not a mail address. Write it like name@example.no, without æ, ø and å before the “@”."),
    ),
    "language": (
        R_LANGUAGE,
        Sentence("this is not a language tag. Write two or three letters, such as uk, ar or nb."),
    ),
}
"""What is said when the person record refuses a value: its own sentence might quote the value. Of groups,
`read_groups` tells."""
_CODE_OF: Final = {name: refused for name, (refused, _) in _OF_FIELD.items()} | {"protected": R_PROTECTED_VALUE}
_CAN_WAIT: Final = frozenset((R_GRADE, R_MOBILE, R_MAIL, R_LANGUAGE))
"""What is left out and reported, because the person needs the user now."""
_LEFT_OUT: Final = Sentence("The value is not used.")


@dataclass(frozen=True)
class PersonList:
    """What a person list contains."""

    records: tuple[PersonRecord, ...] = field(repr=False)
    refusals: tuple[Refusal, ...]
    """One for each row that was refused, or from which something was left out, in the order of the rows."""
    ignored_columns: tuple[str, ...]
    """Headings that are not known, whose columns were not read."""
    notes: tuple[Sentence, ...] = ()
    """What the list should be corrected in, although it was read."""
    file: FileFacts = field(default_factory=FileFacts)
    """What was understood of the file as a whole."""


def read_person_list(
    path: Path | str,
    *,
    columns: Mapping[str, str] = MappingProxyType({}),
    on: date | None = None,
    encoding: str | None = None,
    key: MarkKey | None = None,
    sheet: str | None = None,
) -> PersonList:
    """The people in a CSV file or a spreadsheet (XLSX, XLS, ODS) with the headings of `docs/files.md`.

    `columns` gives the file's own heading for a canonical name (`[columns]` in the configuration). `on` is the day
    when it is read, to find birth dates in the future; the default is today. `encoding` is utf-8, cp1252, cp850 or
    cp865; without it, a CSV file is in UTF-8 or Windows-1252. `sheet` is the sheet of a spreadsheet; without it, the
    one that has the headings. With `key`, a digest stands in place of a source id that is a number, or that is missing
    beside a number; without it, such a row is refused. Each record's `origin` is the file's name, without its folder,
    and the row. Numbers are not judged: a wrong one does not refuse the row. Schools are not looked up, and source ids
    are not compared with each other.

    A row that is wrong becomes a refusal: R-COLUMNS, R-SOURCE-ID, R-NAME, R-DATE, R-SCHOOL, R-ROLE,
    R-PROTECTED-VALUE or R-NUMBER-MISPLACED. A wrong grade (R-GRADE), mobile number (R-MOBILE), mail address (R-MAIL) or
    language (R-LANGUAGE) is reported and left out, and so is each wrong group (R-GROUP). Raises InputError when the
    file as a whole cannot be read as a person list, ConfigurationError when `columns` cannot be used.
    """
    on = on or date.today()  # noqa: DTZ011 - a day in Norway, where the machine is
    check_mapping(columns)
    layout = PERSON_LIST if key is None else PERSON_LIST_TO_KEY
    table = read_table(Path(path), layout, mapped=columns, encoding=encoding, sheet=sheet)
    records, refusals = [], list(table.refusals)
    kept, keys_alone = _without_keys_alone(table.rows)
    rows = with_keys(kept, key)
    for keyed in steps(rows, READING_PEOPLE, total=len(rows)):
        row = keyed.row
        record, problems = record_of(row, on, keyed.problem)
        if record is not None:
            records.append(record)
        if problems:
            said = refusal(problems, PERSON_LIST, table.heading, row.origin)
            refusals.append(replace(said, name=_name_to_show(row), source_id=row["source_id"]))
    notes = (*table.notes, *keys_alone, *made_of_numbers(sum(one.made for one in rows)))
    file = FileFacts.of_table(table)
    return PersonList(tuple(records), in_row_order(refusals), table.heading.ignored, notes, file)


def _without_keys_alone(rows: Iterable[Row]) -> tuple[list[Row], tuple[Sentence, ...]]:
    """The rows without those in which nobody stands beside the key: a sheet has keys for more people than there are.
    Where a key is not from such a sheet, a note says how many there are."""
    kept, others = list[Row](), 0
    for row in rows:
        source_id, *rest = (row[name] for name in ("source_id", *row.cells.keys() - {"source_id"}))
        if not source_id or any(rest) or row.without_value or key_is_number(source_id):
            kept.append(row)
        else:
            from feideprov.forms.keys import is_fresh_key  # few lists have a row with nothing but a key

            others += not is_fresh_key(source_id)
    if not others:
        return kept, ()
    note = Sentence(
        "{count} row has a source id and nothing else. It counts as an empty row.",
        plural="{count} rows have a source id and nothing else. They count as empty rows.",
        count=others,
    )
    return kept, (note,)


def _name_to_show(row: Row) -> str:
    """The name in a row that was refused, if it may be shown: nobody's number, and not of a protected person."""
    if _yes_or_no(row["protected"]) is not False:
        return ""
    names = (row[name] for name in ("given_name", "family_name") if name not in row.without_value)
    return " ".join(name for name in names if name and not has_many_digits(name))


def record_of(
    row: Row, on: date, of_key: Problem | None = None, *, without: frozenset[str] = frozenset()
) -> tuple[PersonRecord | None, list[Problem]]:
    """The record, and every problem of the row at once, so that the file is corrected in one go.

    `of_key` is what is wrong with the source id. `without` are columns that are left out.
    """
    problems = [*filter(None, [of_key]), *without_value(row, _CODE_OF), *misplaced(row, PERSON_LIST)]
    problems = [problem for problem in problems if problem.columns[0] not in without]
    blamed = {problem.columns[0] for problem in problems}
    values = {name: text for name, text in row.cells.items() if text and name not in blamed | without}
    typed = _typed(values, on)
    problems += [one for one in typed.values() if isinstance(one, Problem) and one.columns[0] not in blamed]
    blamed = {problem.columns[0] for problem in problems}
    kept = {n: typed.get(n, text) for n, text in values.items() if n not in blamed}
    wrong_groups: list[Problem] = []
    if "groups" in kept:
        kept["groups"], words = read_groups(kept["groups"], on)
        if not words and (words := row.without_value.get("groups")):  # as the cell stood in the file
            kept["groups"] = ()
        if words:
            wrong_groups, kept["all_groups"] = [Problem(("groups",), R_GROUP, words)], False
    try:
        record = PersonRecord.model_validate({"origin": row.origin, **kept})
    except ValidationError as error:
        details = error.errors(include_input=False, include_url=False, include_context=False)
        found = (_problem(detail, values) for detail in details)
        problems += [problem for problem in found if not blamed.intersection(problem.columns)]
    else:
        if not problems:
            return record, wrong_groups
    if not all(problem.code in _CAN_WAIT for problem in problems):
        return None, problems + wrong_groups
    rest, _ = record_of(row, on, without=frozenset(problem.columns[0] for problem in problems))
    left_out = [replace(problem, words=joined([problem.words, _LEFT_OUT])) for problem in problems]
    return rest, left_out + wrong_groups


def _typed(values: Mapping[str, str], on: date) -> dict[str, Any]:
    """The values that the record does not read from text itself, or what is wrong with them."""
    typed: dict[str, Any] = {}
    for name, text in values.items():
        if name in _NAMES and has_many_digits(text):
            typed[name] = Problem((name,), *_OF_FIELD[name])
        elif name in _NAMES and not any(map(str.isalpha, text)):
            typed[name] = Problem((name,), R_NAME, _NO_LETTER)
        elif name == "source_id" and _SPREADSHEET_POWER.fullmatch(text):
            words = Sentence(
                "a spreadsheet has shortened this number (“E+”). Format the column as text, and fill in the "
                "number again."
            )
            typed[name] = Problem((name,), R_SOURCE_ID, words)
        elif name == "birth_date":
            read = as_date(text, on)
            typed[name] = read if isinstance(read, date) else Problem((name,), R_DATE, read)
        elif name == "protected":
            typed[name] = _yes_or_no(text)
        elif name in {"national_number", "duf_number"}:
            typed[name] = NumberText(text)
    if not any(part.strip() for part in values.get("school", "").split("|")):
        typed["school"] = Problem(("school",), R_SCHOOL, _NO_SCHOOL)
    return typed


def _yes_or_no(text: str) -> bool | Problem:
    word = same_key(text)
    if word in _YES or word in _NO:
        return word in _YES
    words = Sentence(
        "this is neither yes nor no{apart}. Write yes (ja) or no (nei).", apart=told_apart(word, sorted(_YES | _NO))
    )
    return Problem(("protected",), R_PROTECTED_VALUE, words)


def _problem(error: Mapping[str, Any], values: Mapping[str, str]) -> Problem:
    """What the person record has refused, in words that cannot quote the cell."""
    if not error["loc"]:
        return Problem(("given_name", "family_name"), R_NAME, _NO_NAME)
    name = str(error["loc"][0])
    refused, words = _OF_FIELD.get(name, (R_NUMBER_MISPLACED, MISPLACED))
    if name == "role" and error["type"] == "missing":
        words = _NO_ROLE
    elif name == "role":
        words = words.with_values(apart=told_apart(values[name], ROLE_WORDS))
    elif name == "mobile":
        words = _said_by(mobile_number, values[name]) or words
    return Problem((name,), refused, words)


def _said_by(read: Callable[[str], object], text: str) -> Sentence | None:
    """What is wrong with a part of a cell; the reader's sentences quote nothing."""
    try:
        read(text)
    except InputError as error:
        return error.sentence
    return None
