"""What is looked at in an XLSX before the library reads it (ECMA-376, part 1, 18.3): how large its sheets are, and the
cells for which the library would give nothing: errors, and formulas without a stored result.

Most cells are written in one form, which a pattern finds fast. Only a sheet with other cells is read as XML.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from xml.parsers.expat import ExpatError

from feideprov.files.xml_parser import DocumentTypeError, xml_parser
from feideprov.no_value import NO_RESULT
from feideprov.tables.sheet_size import MOST_TEXT, column_number, require_size, require_text
from feideprov.tables.unpacked import DAMAGED, Unreadable

_ORDINARY_ROWS: Final = 99_999
_ORDINARY_COLUMNS: Final = 64
_ATTRIBUTES: Final = rb"""(?:[^"'<>]|"[^"]*"|'[^']*')*"""
_REST: Final = rb' (?!r="%s"(?: (?:s|t|cm|vm|ph)="[^"<>]*")*/?>)'
_OTHER_CELL: Final = re.compile(
    rb"<c(?:[\t\r\n/>]|" + _REST % rb"(?:[A-Z]|A[A-Z]|B[A-L])[0-9]{1,5}" + rb")[^>]{0,300}>?"
)
"""A cell that is written in another way, or is beyond the ordinary rows and columns."""
_PREFIXED_CELL: Final = re.compile(rb":c[\s/>]")
_FAR_CELL: Final = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"(?: (?:s|t|cm|vm|ph)="[^"<>]*")*/?>')
_ERROR_CELL: Final = re.compile(rb"(<(?:[\w.-]+:)?c\s(?:[^\"'<>]|\"[^\"]*\"|'[^']*')*?\bt\s*=\s*)(?:\"e\"|'e')")
_NO_RESULT_CELL: Final = re.compile(
    rb"<((?:[\w.-]+:)?)c(\s" + _ATTRIBUTES + rb")>\s*"
    rb"<\1f(?:\s" + _ATTRIBUTES + rb")?(?:/>|>[^<]*</\1f\s*>)\s*(?:<\1v\s*/>|<\1v\s*>\s*</\1v\s*>)?\s*</\1c\s*>"
)
_TYPE: Final = re.compile(rb"\st\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_STRINGS: Final = re.compile(rb"<(?:[\w.-]+:)?sst\s" + _ATTRIBUTES + rb">")
_COUNT: Final = re.compile(rb"\s(?:uniqueCount|count)\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_STRING: Final = re.compile(rb"<(?:[\w.-]+:)?si[\s/>]")
_VALUE: Final = re.compile(rb"<(?:[\w.-]+:)?v(?:\s[^>]*)?>\s*([0-9]{1,9})\s*<")
_REFERENCE: Final = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")


def prepared(members: Mapping[str, bytes]) -> dict[str, bytes]:
    """The members as the library gets them. Raises Unreadable when a sheet is too large or damaged."""
    for xml in members.values():
        if b"\0" in xml or b"<!DOCTYPE" in xml:
            raise Unreadable(DAMAGED)
        _require_size(xml)
    _require_text(members)
    return {name: _without_counts(_with_all_cells(xml)) for name, xml in members.items()}


def _require_size(xml: bytes) -> None:
    if _PREFIXED_CELL.search(xml):
        return require_size(*_Extent.of(xml))
    rows, columns = _ORDINARY_ROWS, _ORDINARY_COLUMNS
    for found in _OTHER_CELL.finditer(xml):
        far = _FAR_CELL.match(found[0])
        if far is None:
            return require_size(*_Extent.of(xml))
        row, column = int(far[2]), column_number(far[1].decode())
        if row > rows or column > columns:
            rows, columns = max(rows, row), max(columns, column)
            if rows * columns > _ORDINARY_ROWS * _ORDINARY_COLUMNS * 3 // 2:
                return require_size(*_Extent.of(xml))
    return None


class _Extent:
    """The last row and column of a sheet that have a value, counted from 1. A cell without a value, which only has a
    format, is no part of it."""

    def __init__(self) -> None:
        self.rows = self.columns = 0
        self._row = self._column = 0

    @classmethod
    def of(cls, xml: bytes) -> tuple[int, int]:
        """Raises Unreadable for what is not XML."""
        extent = cls()
        try:
            xml_parser(extent).Parse(xml, True)
        except (ExpatError, DocumentTypeError, LookupError, ValueError):
            raise Unreadable(DAMAGED) from None
        return extent.rows, extent.columns

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        name = tag.rpartition("}")[2]
        if name == "c":
            self._column += 1
            if "r" in attributes:
                self._row, self._column = _place(attributes["r"])
        elif name == "row":
            self._row, self._column = int(attributes.get("r", self._row + 1)), 0
        elif name in {"v", "is"}:
            self.rows, self.columns = max(self.rows, self._row), max(self.columns, self._column)
            require_size(self.rows, self.columns)

    def end(self, tag: str) -> None:
        """Nothing is to be done."""

    data = comment = end

    def pi(self, target: str, data: str, /) -> None:
        """Nothing is to be done."""


def _place(reference: str) -> tuple[int, int]:
    """Row and column of a reference such as B7. Raises ValueError."""
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        raise ValueError
    return int(found[2]), column_number(found[1])


def _require_text(members: Mapping[str, bytes]) -> None:
    """A text that many cells have is stored once (18.4.9), but the library keeps it for each of them."""
    strings = [xml for name, xml in members.items() if name.lower().endswith("sharedstrings.xml")]
    cells = [xml for name, xml in members.items() if name.lower().startswith("xl/worksheets/")]
    lengths = [len(part) for xml in strings for part in _STRING.split(xml)[1:]]
    if max(lengths, default=0) * sum(xml.count(b"</") for xml in cells) > 2 * MOST_TEXT:
        places = (int(found[1]) for xml in cells for found in _VALUE.finditer(xml))
        require_text(sum(lengths[place] for place in places if place < len(lengths)))


def _without_counts(xml: bytes) -> bytes:
    """Shared strings without the number that they say to have: the library sets memory aside for it."""
    if b"sst" not in xml[:2000]:
        return xml
    return _STRINGS.sub(lambda tag: _COUNT.sub(b"", tag[0]), xml)


def _with_all_cells(xml: bytes) -> bytes:
    """A sheet in which an error is a text, and so is what stands for a formula without a result."""
    if b'"e"' in xml or b"'e'" in xml:
        xml = _ERROR_CELL.sub(rb'\1"str"', xml)
    if b"f>" in xml or b"<f" in xml:
        xml = _NO_RESULT_CELL.sub(_told, xml)
    return xml


def _told(cell: re.Match[bytes]) -> bytes:
    prefix, attributes = cell[1], cell[2]
    kind = _TYPE.search(attributes)
    if kind and b"str" in (kind[1], kind[2]):  # the result is an empty text
        return cell[0]
    value = b"<%bv>%b</%bv>" % (prefix, NO_RESULT.encode(), prefix)
    return b'<%bc%b t="str">%b</%bc>' % (prefix, _TYPE.sub(b"", attributes), value, prefix)
