"""Number lists: numbers that have arrived, replace others or were wrong, each with its user and the evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Final

from feideprov.directory.dn import same_key
from feideprov.feide.build import R_EVIDENCE, R_NUMBER_MISSING, R_TWO_NUMBERS
from feideprov.intake.cells import (
    MISPLACED,
    R_NUMBER_MISPLACED,
    R_SOURCE_ID,
    SOURCE_ID_NUMBER,
    Problem,
    has_many_digits,
    misplaced,
    refusal,
    without_value,
)
from feideprov.intake.columns import (
    FOLLOWING_LIST,
    NUMBER_LIST,
    REPLACEMENT_LIST,
    WITHDRAWAL_LIST,
    check_mapping,
)
from feideprov.intake.file_facts import FileFacts
from feideprov.intake.key_cell import made_of_numbers, with_keys
from feideprov.issues import Origin, Refusal, in_row_order
from feideprov.journal.keys import MarkKey
from feideprov.look_alikes import told_apart
from feideprov.messages import Sentence, listed
from feideprov.numbers import Evidence, EvidenceSource, NumberText, key_is_number, number_shaped
from feideprov.numbers.compare import same_number
from feideprov.programs.arguments import checked
from feideprov.tables.columns import Layout, in_words
from feideprov.tables.day import R_DATE, as_date
from feideprov.tables.table import Row, read_table

_CODE_OF: Final = {
    **dict.fromkeys(("source_id", "user", "duf_number"), R_SOURCE_ID),
    **dict.fromkeys(("national_number", "old_number"), R_NUMBER_MISSING),
    **dict.fromkeys(("birth_date", "seen_on"), R_DATE),
    **dict.fromkeys(("evidence", "seen_by"), R_EVIDENCE),
}
"""The code of a cell that holds no value."""
_SOURCE_WORDS: Final = {
    "registeroppslag": EvidenceSource.REGISTER,
    "folkeregisteret": EvidenceSource.REGISTER,
    "folkeregister": EvidenceSource.REGISTER,
    "brev": EvidenceSource.LETTER,
    "kort": EvidenceSource.CARD,
    "asylsøkerbevis": EvidenceSource.CARD,
    "asylsøkjarbevis": EvidenceSource.CARD,
    "myndighet": EvidenceSource.AUTHORITY,
    "styresmakt": EvidenceSource.AUTHORITY,
    "etat": EvidenceSource.AUTHORITY,
} | {source.value: source for source in EvidenceSource}

_NO_USER: Final = Sentence(
    "the row does not say which user has the number. Write the Feide name, or the key that the person has in your own "
    "system."
)


def source_of(word: str) -> EvidenceSource | None:
    """The source of evidence that a word means, in English or Norwegian; None for another word."""
    return _SOURCE_WORDS.get(same_key(word))


@dataclass(frozen=True, init=False)
class NumberRow:
    """One number that has arrived or, in a list of withdrawals, is to be withdrawn. It names its user by `user` or
    `source_id`, or by both.

    Parameters:
        national_number: the number.
        origin: where the row was read; without it, a refusal has the place of the row among the others.
        source_id: the source id of the user.
        user: the Feide name of the user.
        old_number: the number that the user has until now, for a replacement.
        birth_date: the person's birth date; one that equals the number's replaces evidence.
        evidence: where the number was seen.

    Raises: nothing.
    """

    national_number: NumberText
    origin: Origin | None = None
    source_id: str = field(default="", repr=False)
    user: str = ""
    old_number: NumberText | None = None
    birth_date: date | None = field(default=None, repr=False)
    evidence: Evidence | None = None

    @checked
    def __init__(
        self,
        national_number: NumberText | str,
        origin: Origin | None = None,
        *,
        source_id: str = "",
        user: str = "",
        old_number: NumberText | str | None = None,
        birth_date: date | None = None,
        evidence: Evidence | None = None,
    ) -> None:
        self.__dict__.update(
            national_number=_number_text(national_number),
            origin=origin,
            source_id=source_id,
            user=user,
            old_number=None if old_number is None else _number_text(old_number),
            birth_date=birth_date,
            evidence=evidence,
        )


def _number_text(number: NumberText | str) -> NumberText:
    return NumberText(number) if isinstance(number, str) else number


def rows_of_program(made: Iterable[NumberRow]) -> tuple[list[NumberRow], list[Refusal]]:
    """The rows that a program made, each with its place among them, and the refusals of those that no list can have."""
    rows, refusals = list[NumberRow](), list[Refusal]()
    for place, one in enumerate(made, 1):
        row = one if one.origin is not None else replace(one, origin=Origin("", place))
        code, column, words = R_SOURCE_ID, "source_id", SOURCE_ID_NUMBER
        if number_shaped(row.user):
            code, column, words = R_NUMBER_MISPLACED, "user", MISPLACED
        elif not row.source_id and not row.user:
            column, words = "source_id, user", _NO_USER
        elif not key_is_number(row.source_id):
            rows.append(row)
            continue
        told = Sentence("{column}: {words}", column=column, words=words)
        refusals.append(Refusal(code, told, origin=row.origin))
    return rows, refusals


@dataclass(frozen=True)
class NumberList:
    """What a number list contains."""

    rows: tuple[NumberRow, ...] = field(repr=False)
    refusals: tuple[Refusal, ...]
    """One for each row that was refused, in the order of the rows."""
    unanswered: int
    """How many rows have no number: a query sheet comes back with some."""
    ignored_columns: tuple[str, ...]
    """Headings that are not known, whose columns were not read."""
    notes: tuple[Sentence, ...] = ()
    """What the list should be corrected in, although it was read."""
    file: FileFacts = field(default_factory=FileFacts)
    """What was understood of the file as a whole."""
    of_people: bool = False
    """It is a list of people, some of whom may be no users yet."""


def read_number_list(
    path: Path | str,
    *,
    columns: Mapping[str, str] = MappingProxyType({}),
    on: date | None = None,
    layout: Layout = NUMBER_LIST,
    encoding: str | None = None,
    key: MarkKey | None = None,
    sheet: str | None = None,
) -> NumberList:
    """The numbers in a CSV file or a spreadsheet with the headings of `docs/files.md`, not judged.

    `layout` says what the numbers are for: NUMBER_LIST, REPLACEMENT_LIST, FOLLOWING_LIST or WITHDRAWAL_LIST. `columns`
    gives the file's own heading for a canonical name (`[columns]` in the configuration). `on` is the day when it is
    read, to find dates in the future; the default is today. `encoding`, `sheet` and `key` are as for
    `read_person_list`; the DUF number in a column of its own names the user where the row has neither source id nor
    Feide name.
    A row without a number is counted and skipped, unless something in it looks like a number in the wrong column; in a
    list of replacements or withdrawals it is refused.

    A row that is wrong becomes a refusal: R-COLUMNS, R-SOURCE-ID, R-DATE, R-EVIDENCE, R-NUMBER-MISPLACED,
    R-NUMBER-MISSING or R-TWO-NUMBERS. Raises InputError when the file as a whole cannot be read as a number list,
    ConfigurationError when `columns` cannot be used.
    """
    on = on or date.today()  # noqa: DTZ011 - a day in Norway, where the machine is
    check_mapping(columns)
    table = read_table(Path(path), layout, mapped=columns, encoding=encoding, sheet=sheet)
    rows, refusals, unanswered = [], list(table.refusals), 0
    keyed = with_keys(table.rows, key, instead=("duf_number",))
    for one in keyed:
        row = one.row
        problems = [*without_value(row, _CODE_OF), *misplaced(row, layout)]
        if layout is NUMBER_LIST and not problems and not row["national_number"]:
            unanswered += 1
            continue
        problems += filter(None, [one.problem])
        read = _number_row(row, [*problems, *_wrong_numbers(row, layout)], on)
        if isinstance(read, NumberRow):
            rows.append(_withdrawn(read, row) if layout is WITHDRAWAL_LIST else read)
        else:
            refusals.append(refusal(read, layout, table.heading, row.origin))
    notes = (*table.notes, *made_of_numbers(sum(one.made for one in keyed)))
    file = FileFacts.of_table(table)
    return NumberList(tuple(rows), in_row_order(refusals), unanswered, table.heading.ignored, notes, file)


def _wrong_numbers(row: Row, layout: Layout) -> list[Problem]:
    """What is wrong with the numbers of a row that replaces or withdraws one."""
    old, new = row["old_number"], row["national_number"]
    if row.without_value.keys() & {"old_number", "national_number"}:
        return []
    if layout in (REPLACEMENT_LIST, FOLLOWING_LIST) and not new:
        words = Sentence(
            "the new number is missing. To only remove the old number, run: feideprov withdraw LIST. "
            "Otherwise write the new number."
        )
        return [Problem(("national_number",), R_NUMBER_MISSING, words)]
    if layout is REPLACEMENT_LIST and not old and not row["evidence"]:
        words = Sentence(
            "the number that the user has now is missing. If the user has no number, run: feideprov attach "
            "LIST. Otherwise write the number."
        )
        return [Problem(("old_number",), R_NUMBER_MISSING, words)]
    if layout is WITHDRAWAL_LIST and not (old or new):
        words = Sentence("the number to withdraw is missing. Write the number that must be removed.")
        return [Problem(("old_number", "national_number"), R_NUMBER_MISSING, words)]
    if layout is WITHDRAWAL_LIST and old and new and same_number(old) != same_number(new):
        words = Sentence(
            "the row has two numbers, but a withdrawal removes only one. To replace one by the other, run: "
            "feideprov replace LIST. Otherwise keep only the number that must be removed."
        )
        return [Problem(("national_number", "old_number"), R_TWO_NUMBERS, words)]
    return []


def _withdrawn(read: NumberRow, row: Row) -> NumberRow:
    return replace(read, national_number=NumberText(row["old_number"] or row["national_number"]), old_number=None)


def _number_row(row: Row, problems: list[Problem], on: date) -> NumberRow | list[Problem]:
    """The row, or every problem that it has."""
    blamed = {problem.columns[0] for problem in problems}
    if not row["source_id"] and not row["user"]:
        problems += [] if "source_id" in blamed else [Problem(("source_id", "user"), R_SOURCE_ID, _NO_USER)]
    dates: dict[str, date] = {}
    for name in ("birth_date", "seen_on"):
        if row[name] and name not in blamed:
            read = as_date(row[name], on)
            if isinstance(read, date):
                dates[name] = read
            else:
                problems.append(Problem((name,), R_DATE, read))
    evidence = None
    if not blamed.intersection(("evidence", "seen_by", "seen_on")):
        judged = _evidence(row, dates.get("seen_on"))
        if isinstance(judged, Problem):
            problems.append(judged)
        else:
            evidence = judged
    if problems:
        return problems
    return NumberRow(
        NumberText(row["national_number"]),
        row.origin,
        source_id=row["source_id"],
        user=row["user"].lower(),
        old_number=NumberText(row["old_number"]) if row["old_number"] else None,
        birth_date=dates.get("birth_date"),
        evidence=evidence,
    )


def _evidence(row: Row, seen_on: date | None) -> Evidence | Problem | None:
    """All three cells, or none: incomplete evidence is refused, so that nobody believes it was given."""
    given = {name: row[name] for name in ("evidence", "seen_by", "seen_on")}
    if not any(given.values()):
        return None
    if missing := [name for name, text in given.items() if not text]:
        names = listed(map(in_words, missing))
        words = Sentence("all three must be filled in, or none. Fill in {missing}.", missing=names)
        return Problem(("evidence", "seen_by", "seen_on"), R_EVIDENCE, words)
    source = source_of(given["evidence"])
    if source is None:
        words = Sentence(
            "this is not a source of evidence{apart}. Write register, letter, card or authority (or in Norwegian: "
            "register, brev, kort, etat).",
            apart=told_apart(given["evidence"], _SOURCE_WORDS),
        )
        return Problem(("evidence",), R_EVIDENCE, words)
    if has_many_digits(given["seen_by"]):
        words = Sentence(
            "this must be the name of the person who saw the number, but it contains digits. Write a name."
        )
        return Problem(("seen_by",), R_EVIDENCE, words)
    return Evidence(source, given["seen_by"], seen_on) if seen_on else None
