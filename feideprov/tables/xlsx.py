"""What is checked in an XLSX before the library reads it (ECMA-376, part 1, 18.3): how large its sheets are, and the
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
from feideprov.tables.sheet_size import MOST_CELLS, MOST_TEXT, column_number, require_size, require_text
from feideprov.tables.unpacked import DAMAGED, Unreadable

_ORDINARY_ROWS: Final = 99_999
_ORDINARY_COLUMNS: Final = 78
_SHORTEST_CELL: Final = len("<c t='s'><v>1</v></c>")
_ATTRIBUTES: Final = rb"""(?:[^"'<>]|"[^"]*"|'[^']*')*"""
_PLAIN: Final = rb"""(?: s="[0-9]*")?(?: t="(?:s|n|b|str|inlineStr)")?/?>"""
_OTHER_CELL: Final = re.compile(
    rb'<c(?:[\t\r\n/>]| (?!r="[AB]?[A-Z][0-9]{1,5}"(?: t="s"><v>|' + _PLAIN + rb"(?!\s*<f))))"
)
"""A cell that is written in another way, has an error or a formula, or is beyond the ordinary rows and columns."""
_PREFIXED_CELL: Final = re.compile(rb":c[\s/>]")
_CELL: Final = re.compile(
    rb'<c r="([A-Z]{1,3})([0-9]{1,7})"(?:(' + _PLAIN + rb')(?!\s*<f)|(?: (?:s|t|cm|vm|ph)="[^"<>]*")*/?>)'
)
"""A cell as programs write it: its column, its row, and whether it has neither an error nor a formula."""
_ERROR_CELL: Final = re.compile(rb"(<(?:[\w.-]+:)?c\s(?:[^\"'<>]|\"[^\"]*\"|'[^']*')*?\bt\s*=\s*)(?:\"e\"|'e')")
_NO_RESULT_CELL: Final = re.compile(
    rb"<((?:[\w.-]+:)?)c(\s" + _ATTRIBUTES + rb")>\s*"
    rb"<\1f(?:\s" + _ATTRIBUTES + rb")?(?:/>|>[^<]*</\1f\s*>)\s*(?:<\1v\s*/>|<\1v\s*>\s*</\1v\s*>)?\s*</\1c\s*>"
)
_TYPE: Final = re.compile(rb"\st\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_STRINGS: Final = re.compile(rb"sst\s" + _ATTRIBUTES + rb">")
_COUNT: Final = re.compile(rb"\s(?:uniqueCount|count)\s*=\s*[\"']([^\"']*)[\"']")
_STRING: Final = re.compile(rb"<(?:[\w.-]+:)?si[\s/>]")
_VALUE: Final = re.compile(rb"<(?:[\w.-]+:)?v(?:\s[^>]*)?>\s*([0-9]{1,9})\s*<")
_REFERENCE: Final = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")


def prepared(members: Mapping[str, bytes]) -> dict[str, bytes]:
    """The members as the library gets them. Raises Unreadable when a sheet is too large or damaged."""
    if any(b"\0" in xml for xml in members.values()):
        raise Unreadable(DAMAGED)
    _require_text(members)
    return {
        name: _checked(xml) if _is_sheet(name) else _without_counts(xml)  # the library knows them by these names too
        for name, xml in members.items()
    }


def _is_sheet(name: str) -> bool:
    return not name.lower().endswith("sharedstrings.xml")


def _checked(xml: bytes) -> bytes:
    """A sheet that is not too large, in which an error is a text, and so is what stands for a formula without a
    result."""
    if _PREFIXED_CELL.search(xml):
        return _checked_as_xml(xml)
    rows, columns = _ORDINARY_ROWS, _ORDINARY_COLUMNS
    parts, end = list[bytes](), 0
    for found in _OTHER_CELL.finditer(xml):
        start, cell = found.start(), _CELL.match(xml, found.start())
        if cell is None:
            return _checked_as_xml(xml)
        rows, columns = max(rows, int(cell[2])), max(columns, column_number(cell[1].decode()))
        if cell[3] is None and start >= end:
            parts.append(xml[end:start])
            end = _end_of_cell(xml, cell)
            parts.append(_with_all_cells(xml[start:end]))
    if rows * columns > MOST_CELLS:
        require_size(*_Extent.of(xml))
    return b"".join([*parts, xml[end:]]) if parts else xml


def _end_of_cell(xml: bytes, tag: re.Match[bytes]) -> int:
    """Where the cell ends that begins with this tag. Raises Unreadable when it has no end."""
    if tag[0].endswith(b"/>"):
        return tag.end()
    end = xml.find(b"</c>", tag.end())
    if end < 0:
        raise Unreadable(DAMAGED)
    return end + len(b"</c>")


def _checked_as_xml(xml: bytes) -> bytes:
    require_size(*_Extent.of(xml))
    return _with_all_cells(xml)


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
    strings = [xml for name, xml in members.items() if not _is_sheet(name)]
    cells = [xml for name, xml in members.items() if _is_sheet(name)]
    longest = max((len(part) for xml in strings for part in xml.split(b"<si>")), default=0)
    if longest * sum(map(len, cells)) > 2 * MOST_TEXT * _SHORTEST_CELL:
        lengths = [len(part) for xml in strings for part in _STRING.split(xml)[1:]]
        places = (int(found[1]) for xml in cells for found in _VALUE.finditer(xml))
        require_text(sum(lengths[place] for place in places if place < len(lengths)))


def _without_counts(xml: bytes) -> bytes:
    """Shared strings without a number of them that cannot be: the library sets memory aside for it."""
    told = (count for tag in _STRINGS.findall(xml) for count in _COUNT.findall(tag))
    if all(count.isdigit() and int(count[:20]) <= len(xml) for count in told):
        return xml
    return _STRINGS.sub(lambda tag: _COUNT.sub(b"", tag[0]), xml)


def _with_all_cells(xml: bytes) -> bytes:
    return _NO_RESULT_CELL.sub(_told, _ERROR_CELL.sub(rb'\1"str"', xml))


def _told(cell: re.Match[bytes]) -> bytes:
    prefix, attributes = cell[1], cell[2]
    kind = _TYPE.search(attributes)
    if kind and b"str" in (kind[1], kind[2]):  # the result is an empty text
        return cell[0]
    value = b"<%bv>%b</%bv>" % (prefix, NO_RESULT.encode(), prefix)
    return b'<%bc%b t="str">%b</%bc>' % (prefix, _TYPE.sub(b"", attributes), value, prefix)
