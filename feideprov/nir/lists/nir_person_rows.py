"""The rows of the person list that NIR lets one download as CSV.

Its columns are not public, so the configuration names them (`[nir.person_list]`), and nothing is assumed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from feideprov.errors import ConfigurationError
from feideprov.intake.cells import (
    MISPLACED,
    R_NUMBER_MISPLACED,
    R_SOURCE_ID,
    SOURCE_ID_NUMBER,
    Problem,
    refusal,
    without_value,
)
from feideprov.issues import Origin, Refusal, code
from feideprov.messages import Sentence, joined
from feideprov.no_value import no_value
from feideprov.numbers import key_is_number
from feideprov.tables.columns import Column, Layout, heading_key
from feideprov.tables.day import as_date
from feideprov.tables.heading import Heading, quoted
from feideprov.tables.table import Row, read_table

R_NIR_NOBODY: Final = code(
    "R-NIR-NOBODY",
    Sentence("A row of NIR's person list has neither a key nor a number."),
    Sentence("Look the row up in NIR."),
)
R_NIR_NUMBER: Final = code(
    "R-NIR-NUMBER",
    Sentence("A number in NIR's person list is no fødselsnummer, D-number or DUF number, or two of ours have it."),
    Sentence("Look the row up in NIR. A number of another kind is compared only with an equal one."),
)
COLUMNS: Final = ("key", "number", "ended", "reason")
"""What `[nir.person_list]` names the headings of."""
NO_REASON: Final = "no_reason"
"""A text of the column `reason`, not a heading, that also stands for no reason."""
SYSTEM_VALUE: Final = "avslutningsårsak ikke registrert"
"""What NIR itself writes as the reason when nobody has given one (imdi.no, 2021-01-21)."""
_NOT_ENDED: Final = frozenset(("nei", "no", "false", "0"))
_SECTION: Final = Sentence(
    "Write the headings of the list there: key = “…” or number = “…”, or both, and ended = “…” with reason = “…” where "
    "the list has them. See docs/nir.md."
)


@dataclass(frozen=True)
class NirPersonRow:
    """One row. `ended`: a programme or training has ended; `without_reason`: and no reason is registered."""

    origin: Origin
    key: str = field(default="", repr=False)
    number: str = field(default="", repr=False)
    without_reason: bool = False


@dataclass(frozen=True)
class NirPersonList:
    """The list as it was read."""

    heading: Heading
    rows: tuple[NirPersonRow, ...]
    refusals: tuple[Refusal, ...]
    notes: tuple[Sentence, ...] = ()


def read_nir_person_list(
    path: Path,
    columns: Mapping[str, str],
    on: date | None = None,
    *,
    encoding: str | None = None,
    sheet: str | None = None,
) -> NirPersonList:
    """Read the list, in any format that lists have (CSV, XLSX, XLS, ODS).

    Parameters:
        path: the downloaded list.
        columns: its headings, by name (`COLUMNS`, and `NO_REASON`).
        on: the day that counts as today: what ends later has not ended.
        encoding, sheet: as for other lists.

    Raises:
        ConfigurationError: the columns are not configured.
        InputError: the file cannot be read, or lacks a column that is configured.
    """
    layout = _layout(columns)
    mapped = {name: columns[name] for name in COLUMNS if name in columns}
    table = read_table(path, layout, mapped=mapped, encoding=encoding, sheet=sheet)
    rows, refusals = list[NirPersonRow](), list(table.refusals)
    none = frozenset(map(heading_key, ("", SYSTEM_VALUE, columns.get(NO_REASON, ""))))
    for row in table.rows:
        if problems := list(_problems(row)):
            refusals.append(refusal(problems, layout, table.heading, row.origin))
        else:
            without = "reason" in columns and _without_reason(row, none, on or date.max)
            rows.append(NirPersonRow(row.origin, row["key"], row["number"], without))
    return NirPersonList(table.heading, tuple(rows), tuple(refusals), table.notes)


def _layout(columns: Mapping[str, str]) -> Layout:
    """The columns that the configuration names, and no others. Raises ConfigurationError."""
    if unknown := sorted(set(columns) - {*COLUMNS, NO_REASON}):
        raise ConfigurationError(
            Sentence(
                "[nir.person_list] {name} is not known. The names are {names}.",
                name=quoted(unknown[0]),
                names=", ".join((*COLUMNS, NO_REASON)),
            )
        )
    if not {"key", "number"} & set(columns):
        what = Sentence(
            "The configuration does not say by what NIR's person list names people: its columns are not public. Add "
            "the section [nir.person_list]."
        )
        raise ConfigurationError(joined([what, _SECTION]))
    headings = {name: heading_key(columns[name]) for name in COLUMNS if name in columns}
    if not all(headings.values()) or len(set(headings.values())) < len(headings):
        what = Sentence("[nir.person_list] has an empty heading, or the same heading twice.")
        raise ConfigurationError(joined([what, _SECTION]))
    return Layout(
        Sentence("person list of NIR"),
        tuple(
            Column(
                name, (columns[name],), holds_number=name == "number", holds_date=name == "ended",
                holds_words=name == "reason",
            )
            for name in headings
        ),
        required=tuple((name,) for name in headings),
        section="[nir.person_list]",
    )  # fmt: skip


def _problems(row: Row) -> Iterator[Problem]:
    yield from without_value(row, {"key": R_SOURCE_ID, "number": R_NIR_NUMBER})
    if key_is_number(row["key"]):
        yield Problem(("key",), R_SOURCE_ID, SOURCE_ID_NUMBER)
    for name in ("ended", "reason"):
        if key_is_number(row[name]):
            yield Problem((name,), R_NUMBER_MISPLACED, MISPLACED)
    if not row["key"] and not row["number"] and not row.without_value:
        words = Sentence("the row has neither a key nor a number. Look it up in NIR.")
        yield Problem(tuple(name for name in ("key", "number") if name in row.cells), R_NIR_NOBODY, words)


def _without_reason(row: Row, none: frozenset[str], on: date) -> bool:
    """Whether something has ended and has no reason. NIR's own words for “no reason” say that it has ended."""
    reason = heading_key(row["reason"])
    if reason not in none and no_value(row["reason"]) is None:
        return False
    if "reason" in row.cells and reason == heading_key(SYSTEM_VALUE):
        return True
    ended = row["ended"]
    if not ended or heading_key(ended) in _NOT_ENDED or no_value(ended):
        return False
    day = as_date(ended, date.max)
    return isinstance(day, Sentence) or day <= on
