"""What is checked in an ODS before the library reads it (OpenDocument 1.3, part 3, 9): how large its sheets are, and
the cells for which the library would give nothing: errors, and formulas without a stored result."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from xml.parsers.expat import ExpatError

from feideprov.files.xml_parser import DocumentTypeError, xml_parser
from feideprov.no_value import MADE_DATE, NO_RESULT
from feideprov.tables.sheet_size import MOST_CELLS, require_size, require_text
from feideprov.tables.unpacked import DAMAGED, PASSWORD, Unreadable

_CONTENT: Final = "content.xml"
_MANIFEST: Final = "META-INF/manifest.xml"
_ATTRIBUTES: Final = rb"""(?:[^"'<>]|"[^"]*"|'[^']*')*?"""
_FORMULA: Final = re.compile(rb"<table:table-cell(\s" + _ATTRIBUTES + rb")(/?)>")
_TIME: Final = re.compile(
    rb"(<table:table-cell\s" + _ATTRIBUTES + rb"office:value-type=)\"time\"(" + _ATTRIBUTES + rb")(/?)>"
)
_TEXT: Final = re.compile(rb"\soffice:string-value=\"[^\"]*\"")


def prepared(members: Mapping[str, bytes]) -> dict[str, bytes]:
    """The members as the library gets them. Raises Unreadable when a sheet is too large, damaged, or has a password."""
    if b"encryption-data" in members.get(_MANIFEST, b""):
        raise Unreadable(PASSWORD)
    content = members.get(_CONTENT, b"")
    try:
        xml_parser(_Size()).Parse(content, True)
    except (ExpatError, DocumentTypeError, LookupError, ValueError):
        raise Unreadable(DAMAGED) from None
    if b"<table:table " not in content or b"\0" in content:
        raise Unreadable(DAMAGED)
    return {**members, _CONTENT: _with_all_cells(content)}


class _Size:
    """Refuses a sheet that is too large. A row or a cell may be repeated, and each one counts when it has a value."""

    def __init__(self) -> None:
        self._rows = self._columns = 0
        self._row = self._column = self._last_column = 0
        self._row_times = self._cell_times = 1
        self._letters_of_row = self._letters_of_cell = self._letters = 0
        self._has_value = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        names = {key.rpartition("}")[2]: value for key, value in attributes.items()}
        match tag.rpartition("}")[2]:
            case "table":
                self._rows = self._columns = self._row = 0
            case "table-row":
                self._row_times = _times(names.get("number-rows-repeated"))
                self._column = self._last_column = self._letters_of_row = 0
            case "table-cell" | "covered-table-cell":
                self._cell_times = _times(names.get("number-columns-repeated"))
                self._has_value, self._letters_of_cell = "value-type" in names or "formula" in names, 0

    def data(self, text: str) -> None:
        self._letters_of_cell += len(text)

    def end(self, tag: str) -> None:
        match tag.rpartition("}")[2]:
            case "table-cell" | "covered-table-cell":
                self._column += self._cell_times
                if self._has_value or self._letters_of_cell:
                    self._last_column = self._column
                    self._letters_of_row += self._letters_of_cell * self._cell_times
            case "table-row":
                self._row += self._row_times
                if self._last_column:
                    self._rows, self._columns = self._row, max(self._columns, self._last_column)
                    self._letters += self._letters_of_row * self._row_times
                    require_size(self._rows, self._columns)
                    require_text(self._letters)

    def comment(self, text: str, /) -> None:
        """Nothing is to be done."""

    def pi(self, target: str, data: str, /) -> None:
        """Nothing is to be done."""


def _times(written: str | None) -> int:
    """Raises ValueError for another text than a number of a size that a sheet can have."""
    times = 1 if written is None else int(written)
    if not 0 <= times <= MOST_CELLS:
        raise ValueError
    return times


def _with_all_cells(content: bytes) -> bytes:
    if b"table:formula=" in content:
        content = _FORMULA.sub(_told, content)
    return _TIME.sub(_as_made_date, content)


def _told(cell: re.Match[bytes]) -> bytes:
    """A cell with a formula: an error is the text that it shows, and what has no result is said."""
    attributes, end = cell[1], cell[2]
    if b"table:formula=" not in attributes:
        return cell[0]
    if b'calcext:value-type="error"' in attributes:
        return b"<table:table-cell%b%b>" % (_TEXT.sub(b"", attributes), end)
    if b"office:value-type=" in attributes:
        return cell[0]
    told = b' office:value-type="string" office:string-value="%b"' % NO_RESULT.encode()
    return b"<table:table-cell%b%b%b>" % (attributes, told, end)


def _as_made_date(cell: re.Match[bytes]) -> bytes:
    """The library gives a time as a text of ISO 8601, which nobody could tell from a text that was written."""
    return b'%b"string" office:string-value="%b"%b%b>' % (cell[1], MADE_DATE.encode(), cell[2], cell[3])
