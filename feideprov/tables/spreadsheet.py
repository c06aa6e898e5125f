"""The sheet of a spreadsheet (XLSX, XLS, ODS) as rows of cells, read with python-calamine (extra `tables`).

Only stored values are read: no formula is calculated. Hidden sheets, rows and columns are read as others. The library
ends the whole program when a file makes it ask for too much memory, so the file is checked before (`xlsx`, `ods`,
`xls`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final

from feideprov.errors import InputError
from feideprov.installation import missing_extra
from feideprov.messages import Sentence, listed
from feideprov.tables import ods, xls, xlsx
from feideprov.tables.cells import text_of
from feideprov.tables.columns import Column
from feideprov.tables.heading import HEADING_CELLS, HeadingError, HeadingReader, quoted
from feideprov.tables.listed_rows import TOP_ROWS, ListedRows, Record, TableFacts, TableFormat
from feideprov.tables.unpacked import DAMAGED, PASSWORD, Unreadable, packed, unpacked

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

_HEADING: Final = Column("")
_MOST_NAMED: Final = 20
"""Sheets whose names are told."""
_PANIC: Final = "PanicException"
"""What the library raises where it finds a fault in itself: no Exception, and nobody can import its class."""


@dataclass
class _Sheet:
    """A sheet with content: its first rows, and the rows after them. `height` counts all rows, blank ones too."""

    name: str
    top: list[Record]
    rest: Iterator[Record]
    is_list: bool
    """Whether a row has all headings that the list must have."""
    known: int
    height: int

    @classmethod
    def of(cls, name: str, rows: Iterator[Record], reader: HeadingReader, height: int) -> _Sheet | None:
        """None for a sheet without content."""
        top = list(islice(rows, TOP_ROWS))
        if not top:
            return None
        texts = [_texts(cells) for _, cells in top]
        return cls(
            name,
            top,
            rows,
            any(map(reader.is_complete, texts)),
            max(reader.known_in(cells[:HEADING_CELLS]) for cells in texts),
            height,
        )


def read_spreadsheet(
    data: bytes,
    kind: TableFormat,
    reader: HeadingReader,
    file: str,
    *,
    sheet: str | None,
    encoding: str | None,
    can_be_told: bool,
    every: bool = False,
) -> list[ListedRows]:
    """The rows of the sheet that has the headings, or of the one that a person named. `every`: of every sheet that has
    them, where nobody named one.

    Raises InputError when the file cannot be read, several sheets have the headings, or none has all of them;
    ConfigurationError when the extra is not installed.
    """
    if encoding is not None:
        raise InputError(
            Sentence(
                "{file} is a spreadsheet, which has no character set to choose. Run again without --encoding.",
                file=file,
            )
        )
    _require_library()
    try:
        with _faults_of_library():
            sheets = list(_sheets(data, kind, reader, sheet, every=every))
            chosen = [one for one in sheets if one.is_list] if every and sheet is None else []
            chosen = chosen or [_chosen(sheets, file, sheet, can_be_told=can_be_told)]
            unread = tuple(quoted(one.name) for one in sheets if one not in chosen)
            return [_listed_rows(one, kind, reader, file, several=len(sheets) > 1, unread=unread) for one in chosen]
    except Unreadable as unreadable:
        what = unreadable.what
    raise InputError(Sentence("{file}: {what}", file=file, what=what))


def _require_library() -> None:
    try:
        import python_calamine  # noqa: F401
    except ImportError:
        raise missing_extra("tables", Sentence("Reading a spreadsheet (XLSX, XLS, ODS)")) from None


def _listed_rows(
    chosen: _Sheet, kind: TableFormat, reader: HeadingReader, file: str, *, several: bool, unread: tuple[str, ...]
) -> ListedRows:
    name = quoted(chosen.name)
    place = reader.find([_texts(cells) for _, cells in chosen.top])
    number, cells = chosen.top[place]
    headings = _texts(cells)
    heading = reader.read(headings, Sentence("{file} sheet {sheet}", file=file, sheet=name) if several else file)
    records = _told(chain(chosen.top[place + 1 :], chosen.rest), file)
    facts = TableFacts(kind, sheet=name, heading_row=number, unread=unread)
    length = chosen.height - number
    return ListedRows(file, heading, headings, records, facts, length, sheet=name if several else "")


def _told(records: Iterator[Record], file: str) -> Iterator[Record]:
    """The records; what is wrong with a later one is said as what is wrong with the first ones."""
    try:
        with _faults_of_library():
            yield from records
    except Unreadable as unreadable:
        what = unreadable.what
    else:
        return
    raise InputError(Sentence("{file}: {what}", file=file, what=what))


def _chosen(sheets: Sequence[_Sheet], file: str, named: str | None, *, can_be_told: bool) -> _Sheet:
    if not sheets:
        raise InputError(Sentence("{file}: the spreadsheet is empty. Check the export, then run again.", file=file))
    if named is not None:
        if found := [one for one in sheets if _is_named(one, named)]:
            return found[0]
        raise InputError(
            Sentence(
                "{file} has no sheet “{named}” with content. Run again with one of these after --sheet: {names}",
                file=file,
                named=quoted(named),
                names=_names_of([one for one in sheets if one.is_list] or sheets),
            )
        )
    lists = [one for one in sheets if one.is_list]
    if len(lists) > 1:
        several = _names_of(lists)
        raise HeadingError(
            Sentence(
                "{file} has several sheets with such a list: {names}. Run again with --sheet and the name of one.",
                file=file,
                names=several,
            )
            if can_be_told
            else Sentence(
                "{file} has several sheets with such a list: {names}. Keep only one of them, then run again.",
                file=file,
                names=several,
            ),
            max(one.known for one in lists),
        )
    return lists[0] if lists else max(sheets, key=lambda one: one.known)


def _names_of(sheets: Sequence[_Sheet]) -> str:
    names = [quoted(one.name) for one in sheets[:_MOST_NAMED]]
    return listed([*names, "…"] if len(sheets) > _MOST_NAMED else names)


def _sheets(
    data: bytes, kind: TableFormat, reader: HeadingReader, named: str | None, *, every: bool
) -> Iterator[_Sheet]:
    """The sheets with content. Of those that are certainly not used, only the first rows are kept."""
    workbook, marks = _workbook(data, kind)
    used = False
    for place, (name, is_of_cells) in enumerate(_names(workbook)):
        if not is_of_cells:
            continue
        sheet = workbook.get_sheet_by_name(name)
        rows = _rows(sheet, marks[place] if place < len(marks) else {})
        if (one := _Sheet.of(name, rows, reader, sheet.end[0] + 1 if sheet.end else 0)) is not None:
            if used or (named is not None and not _is_named(one, named)):
                one.rest = iter(())
            used = used or (named is None and one.is_list and not every)
            yield one


def _is_named(sheet: _Sheet, named: str) -> bool:
    return sheet.name.strip().casefold() == named.strip().casefold()


def _workbook(data: bytes, kind: TableFormat) -> tuple[CalamineWorkbook, list[xls.Marks]]:
    """The spreadsheet, opened after it was looked at, and the errors that the library leaves out, by sheet."""
    from python_calamine import CalamineWorkbook

    if kind == "xls":
        marks = xls.marks(data)
        return CalamineWorkbook.from_filelike(BytesIO(data)), marks
    checks = xlsx if kind == "xlsx" else ods
    found = unpacked(data)
    return CalamineWorkbook.from_filelike(packed(checks.prepared(found), data, found)), []


def _names(workbook: CalamineWorkbook) -> list[tuple[str, bool]]:
    """The names of the sheets, in their order, and whether it is one of cells: others are charts and programs."""
    from python_calamine import SheetTypeEnum

    return [(one.name, one.typ == SheetTypeEnum.WorkSheet) for one in workbook.sheets_metadata]


def _rows(sheet: CalamineSheet, marks: xls.Marks) -> Iterator[Record]:
    """The rows that are not blank. The library leaves out empty columns in front."""
    if sheet.start is None:
        return
    in_front = [""] * sheet.start[1]
    for number, cells in enumerate(sheet.iter_rows(), 1):
        row: list[Any] = in_front + cells if in_front else cells
        if marks:
            row = [marks.get((number - 1, column), cell) for column, cell in enumerate(row)]
        if _has_content(row):
            yield number, row


def _has_content(row: list[Any]) -> bool:
    for cell in row:  # noqa: SIM110 - nearly always the first cell decides, and a generator takes longer than that
        if cell != "" and not (isinstance(cell, str) and cell.isspace()):
            return True
    return False


def _texts(cells: Sequence[Any]) -> list[str]:
    return [text_of(cell, _HEADING) for cell in cells]


@contextmanager
def _faults_of_library() -> Iterator[None]:
    """Whatever the library raises becomes Unreadable: its texts may quote the file."""
    from python_calamine import CalamineError

    try:
        yield
    except CalamineError as error:
        raise Unreadable(PASSWORD if type(error).__name__ == "PasswordError" else DAMAGED) from None
    except BaseException as error:
        if type(error).__name__ == _PANIC:
            raise Unreadable(DAMAGED) from None
        raise
