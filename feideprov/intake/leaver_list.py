"""Lists of people who have left, or will: whom to close, perhaps with a last day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Final

from feideprov.intake.cells import R_SOURCE_ID, Problem, misplaced, refusal, without_value
from feideprov.intake.columns import LEAVER_LIST, PERSON_LIST, check_mapping
from feideprov.intake.file_facts import FileFacts
from feideprov.intake.key_cell import with_keys
from feideprov.issues import Origin, Refusal, in_row_order
from feideprov.journal.keys import MarkKey
from feideprov.messages import Sentence
from feideprov.tables.columns import heading_key
from feideprov.tables.day import R_DATE, as_date
from feideprov.tables.table import Row, read_table

_CODE_OF: Final = {"source_id": R_SOURCE_ID, "user": R_SOURCE_ID, "last_day": R_DATE}
_ROLE: Final = frozenset(heading_key(one) for one in ("role", *PERSON_LIST.column("role").headings))
_NO_USER: Final = Sentence(
    "the row does not say who has left. Write the Feide name, or the key that the person has in your own system."
)


@dataclass(frozen=True)
class LeaverRow:
    """Somebody who has left, by Feide name or source id. `last_day`: the last day on which the user is to log in."""

    origin: Origin
    user: str = ""
    source_id: str = field(default="", repr=False)
    last_day: date | None = None


@dataclass(frozen=True)
class LeaverList:
    """What a list of leavers contains."""

    rows: tuple[LeaverRow, ...] = field(repr=False)
    refusals: tuple[Refusal, ...]
    ignored_columns: tuple[str, ...]
    notes: tuple[Sentence, ...] = ()
    file: FileFacts = field(default_factory=FileFacts)
    """What was understood of the file as a whole."""

    @property
    def is_of_people(self) -> bool:
        """Whether it is a list of people with their roles, and does not say who of them has left."""
        return "last_day" not in self.file.columns and any(heading_key(one) in _ROLE for one in self.ignored_columns)


def read_leaver_list(
    path: Path,
    *,
    columns: Mapping[str, str] = MappingProxyType({}),
    encoding: str | None = None,
    sheet: str | None = None,
    key: MarkKey | None = None,
) -> LeaverList:
    """The people in a list of leavers, also in one that `plan --leavers-list` wrote.

    The parameters are as for `read_person_list`. A row that is wrong becomes a refusal: R-COLUMNS,
    R-SOURCE-ID, R-DATE or R-NUMBER-MISPLACED. Raises InputError when the file as a whole cannot be read as such a list,
    ConfigurationError when `columns` cannot be used.
    """
    check_mapping(columns)
    table = read_table(path, LEAVER_LIST, mapped=columns, encoding=encoding, sheet=sheet)
    rows, refusals = list[LeaverRow](), list(table.refusals)
    for keyed in with_keys(table.rows, key, instead=()):
        row = keyed.row
        last_day = as_date(row["last_day"], date.max) if row["last_day"] else None
        problems = [*without_value(row, _CODE_OF), *misplaced(row, LEAVER_LIST), *_problems(row, last_day)]
        problems += filter(None, [keyed.problem])
        if problems or isinstance(last_day, Sentence):
            refusals.append(refusal(problems, LEAVER_LIST, table.heading, row.origin))
        else:
            rows.append(LeaverRow(row.origin, row["user"], row["source_id"], last_day))
    file = FileFacts.of_table(table)
    return LeaverList(tuple(rows), in_row_order(refusals), table.heading.ignored, table.notes, file)


def _problems(row: Row, last_day: date | Sentence | None) -> list[Problem]:
    problems = []
    if isinstance(last_day, Sentence) and "last_day" not in row.without_value:
        problems.append(Problem(("last_day",), R_DATE, last_day))
    if not row["user"] and not row["source_id"]:
        problems.append(Problem(("source_id", "user"), R_SOURCE_ID, _NO_USER))
    return problems
