"""The content of a hand-over file: CSV for Excel (`;`, UTF-8 with BOM), a row for each user.

The names of the columns are English and fixed, because programs read the file too. The file of 0.2.0, with
`user;name;school;password`, is read as well.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from feideprov import files
from feideprov.errors import JournalError, scrub_path
from feideprov.messages import Sentence
from feideprov.provision.run.handover_row import HandoverRow
from feideprov.sheets import csv_sheet, defused
from feideprov.system_errors import reason_of
from feideprov.tables.day import as_date

_COLUMNS: Final = ("user", "name", "school", "class", "grade", "language", "made_on", "given_on", "order", "password")
"""The password is the last one, as it always was. `order` is only in one of several files."""


@dataclass(frozen=True)
class StoredRow:
    """A row as it is in a file. When a run was killed between two files, a user has a row in both: then the one with
    the higher `order` counts, because it was written later."""

    row: HandoverRow
    order: int = 0


def read_rows(path: Path, school_of: Callable[[str], str]) -> list[StoredRow]:
    """The rows of a file. `school_of` gives the id of a school from what the file has for it.

    Raises JournalError for what cannot be read, and for a file that another program has saved in another form.
    """
    try:
        text = files.content_of(path, files.Largest.LIST).decode("utf-8-sig")
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=";") if row]
    except OSError as error:
        raise unreadable(path, error) from None
    except UnicodeDecodeError:
        raise JournalError(
            Sentence(
                "The hand-over file {file} is not in UTF-8, because another program has saved it. Move "
                "the file to another folder, then run again. A new file is then created.",
                file=scrub_path(path),
            )
        ) from None
    except csv.Error:
        raise JournalError(
            Sentence(
                "The hand-over file {file} has a cell that is too long, because another program has changed it. "
                "Move the file to another folder, then run again. A new file is then created.",
                file=scrub_path(path),
            )
        ) from None
    if not rows:
        return []
    heading = tuple(rows[0])
    if not {"user", "password"} <= set(heading) <= set(_COLUMNS) or len(set(heading)) < len(heading):
        raise JournalError(
            Sentence(
                "The first line of the hand-over file {file} is not {heading}, because another program "
                "has saved it. Move the file to another folder, then run again. A new file is then "
                "created.",
                file=scrub_path(path),
                heading=";".join(name for name in _COLUMNS if name != "order"),
            )
        )
    return [_stored(dict(zip(heading, row, strict=False)), school_of) for row in rows[1:]]


def unreadable(path: Path, error: OSError) -> JournalError:
    """What is raised for files that cannot be read."""
    return JournalError(
        Sentence(
            "The hand-over file {file} cannot be read: {reason}. Correct this, then run again.",
            file=scrub_path(path),
            reason=reason_of(error),
        )
    )


def sheet_of(rows: Iterable[StoredRow], shown: Callable[[str], str], *, ordered: bool) -> bytes:
    """A file with these rows. `shown` gives what the file has for a school, from its id; `ordered`: it is one of
    several."""
    columns = [name for name in _COLUMNS if ordered or name != "order"]
    return csv_sheet(columns, (_cells(one, columns, shown) for one in rows), exact=("user", "password"))


def _cells(stored: StoredRow, columns: Sequence[str], shown: Callable[[str], str]) -> list[str]:
    row = stored.row
    cells = {
        **{name: getattr(row, name) for name in ("user", "name", "grade", "language", "password")},
        "school": shown(row.school),
        "class": row.group,
        "made_on": str(row.made_on or ""),
        "given_on": str(row.given_on or ""),
        "order": str(stored.order),
    }
    return [cells[name] for name in columns]


def _stored(cells: Mapping[str, str], school_of: Callable[[str], str]) -> StoredRow:
    read = {name: cells.get(name, "") for name in _COLUMNS}
    text = {name: _as_given(read[name]) for name in ("name", "school", "class", "grade", "language")}
    row = HandoverRow(read["user"], text["name"], school_of(text["school"]), text["class"], text["grade"])
    dated = replace(row, language=text["language"], made_on=_day(read["made_on"]), given_on=_day(read["given_on"]))
    order = int(read["order"]) if read["order"].isascii() and read["order"].isdecimal() else 0
    return StoredRow(replace(dated, password=read["password"]), order)


def _as_given(cell: str) -> str:
    """A cell without the sign by which a spreadsheet takes it for text."""
    return cell[1:] if cell.startswith("'") and defused(cell[1:]) == cell else cell


def _day(text: str) -> date | None:
    """A day, also as a Norwegian spreadsheet writes it when it saves the file."""
    day = as_date(text, date.max) if text else None
    return day if isinstance(day, date) else None
