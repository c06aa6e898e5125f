"""What was refused or held, where it was read, and the codes for it.

The module that applies a rule registers the rule's code with `code`. The page of codes is generated from what is
registered (`feideprov.reference`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple, Protocol, TypeVar

from feideprov.errors import DirectoryError
from feideprov.messages import Sentence, listed


class CodeRow(NamedTuple):
    """A code as the page of codes shows it."""

    code: str
    meaning: Sentence
    action: Sentence


REGISTERED: Final[dict[str, CodeRow]] = {}
"""The codes of the modules that have been imported."""


def code(text: str, meaning: Sentence, action: Sentence) -> str:
    """Register a code, which never changes: `R-…` for rows and users, `S-…` for services, `D-…` for the directory
    and the set-up, `J-…` for differences between the directory and the journal.

    `meaning` says when it is given, `action` what to do about it. Returns the code. Raises ValueError when the code is
    already registered with another meaning.
    """
    if REGISTERED.setdefault(text, row := CodeRow(text, meaning, action)) != row:
        raise ValueError(f"The code {text} is registered twice.")
    return text


Unit = Literal["row", "line", "person"]


@dataclass(frozen=True)
class Origin:
    """Where a record was read. `row` counts as a spreadsheet does: the heading is 1. Of a row that a program made,
    `file` is empty, and `row` is its place among the others: the first is 1.

    `sheet` is the name of the sheet, where a file has several. `unit` says what `row` counts: rows, the lines of a file
    in XML, or the persons in it, where several of them are on one line."""

    file: str
    row: int
    sheet: str = ""
    unit: Unit = "row"

    @property
    def place(self) -> Sentence:
        """Where it is in the file, such as “row 12”."""
        match self.unit:
            case "line":
                return Sentence("line {row}", row=self.row)
            case "person":
                return Sentence("person {row}", row=self.row)
            case _ if self.sheet:
                return Sentence("sheet {sheet} row {row}", sheet=self.sheet, row=self.row)
            case _:
                return Sentence("row {row}", row=self.row)

    @property
    def in_file(self) -> Sentence:
        """The file and the place, such as “people.csv row 12”."""
        return Sentence("{file} {place}", file=self.file, place=self.place)

    def as_list(self) -> list[str | int]:
        """As a saved plan has it; `Origin(*list)` reads it.

        Returns: the fields; of those that a list of its own rows does not need, none.

        Raises: nothing.
        """
        more = [self.sheet, self.unit] if self.unit != "row" else [self.sheet] if self.sheet else []
        return [self.file, self.row, *more]


def places(origins: Sequence[Origin], most: int) -> Sentence:
    """Where some records are in their file, such as “rows 12, 13 and 4 more”: the first ones, at most so many."""
    count, rows, sheet = len(origins), listed([str(one.row) for one in origins], most=most), origins[0].sheet
    match origins[0].unit:
        case "line":
            return Sentence("line {rows}", plural="lines {rows}", count=count, rows=rows)
        case "person":
            return Sentence("person {rows}", plural="persons {rows}", count=count, rows=rows)
        case _ if sheet:
            return Sentence(
                "sheet {sheet} row {rows}", plural="sheet {sheet} rows {rows}", count=count, rows=rows, sheet=sheet
            )
        case _:
            return Sentence("row {rows}", plural="rows {rows}", count=count, rows=rows)


@dataclass(frozen=True)
class Refusal:
    """A row, or one thing in it, that was refused, or is held for a person to decide (`held`)."""

    code: str
    sentence: str
    held: bool = False
    origin: Origin | None = None
    user: str | None = None
    name: str = field(default="", repr=False)
    """The person's name as the row has it, for a screen and a file of a person. Empty for a protected person."""
    source_id: str = field(default="", repr=False, compare=False)
    """The source id of the row, by which its user is found. It is not shown."""
    cause: DirectoryError | None = field(default=None, repr=False, compare=False)
    """What the directory answered to a change that failed."""


class Listed(Protocol):
    """What may come from a row of a list: a record, a change, a refusal."""

    @property
    def origin(self) -> Origin | None: ...


_Listed = TypeVar("_Listed", bound=Listed)


def in_row_order(things: Iterable[_Listed]) -> tuple[_Listed, ...]:
    """Things in the order of the rows that they come from; those that come from no row stand first."""
    return tuple(sorted(things, key=lambda one: one.origin.row if one.origin else 0))


R_HELD_BY_ANOTHER: Final = code(
    "R-HELD-BY-ANOTHER",
    Sentence("Held: another entry already has this number, or got it at the same moment."),
    Sentence(
        "Find out whose number it is. If both entries are accounts of one person, run: feideprov resolve "
        "USER --second-account-of USER2 --yes"
    ),
)
"""Given by `observe` and by `provision`."""
