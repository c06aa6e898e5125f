"""What is checked in an XLS before the library reads it: how large its sheets are, and the cells with errors, for
which the library gives nothing.

Sources: [MS-CFB] (the file as sectors and streams), [MS-XLS] (the records of the stream “Workbook”, 2.4).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final, NamedTuple

from feideprov.messages import Sentence
from feideprov.tables.sheet_size import require_size, require_text
from feideprov.tables.unpacked import DAMAGED, PASSWORD, Unreadable

_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_STREAMS: Final = ("Workbook", "Book")
_NO_SHEETS: Final = Sentence(
    "this is a document of an old Office program, but not a spreadsheet. Copy the list to a spreadsheet, save it as "
    "XLSX, then run again."
)
_MINI_SECTOR: Final = 64
_NO_SECTOR: Final = 0xFFFFFFF0
"""From here on, a number is not that of a sector: the end of a chain, or nothing ([MS-CFB] 2.1)."""

_BOUND_SHEET, _FILE_PASS, _END, _SHARED_STRINGS, _CONTINUE = 0x85, 0x2F, 0x0A, 0xFC, 0x3C
_LABEL_OF_SHARED, _BOOL_OR_ERROR, _MANY_NUMBERS = 0xFD, 0x205, 0xBD
_FORMULAS: Final = frozenset((0x06, 0x206, 0x406))
_CELLS: Final = (
    frozenset((0x203, 0x27E, 0x204, 0xD6, 0x02, 0x03, 0x04, 0x05))
    | _FORMULAS
    | {
        _LABEL_OF_SHARED,
        _BOOL_OR_ERROR,
        _MANY_NUMBERS,
    }
)
_ERRORS: Final = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
"""[MS-XLS] 2.5.10 BErr."""

Marks = dict[tuple[int, int], str]
"""By row and column of a cell, both from 0: the error that it shows."""


class _Record(NamedTuple):
    kind: int
    content: memoryview


def marks(data: bytes) -> list[Marks]:
    """The errors in each sheet, in the order of the sheets. Raises Unreadable when a sheet is too large, the file is
    damaged or no spreadsheet, or has a password."""
    if _ENCRYPTED in data:
        raise Unreadable(PASSWORD)
    try:
        stream = _workbook(data)
        starts, lengths = _sheets(stream), _lengths(stream)
        sheets = [_marks_of_sheet(stream, start, lengths) for start in starts]
        require_text(sum(letters for _, letters in sheets))
        return [errors for errors, _ in sheets]
    except (struct.error, IndexError):
        raise Unreadable(DAMAGED) from None


def _sheets(stream: memoryview) -> list[int]:
    """Where the sheets begin in the stream."""
    starts = []
    for kind, content in _records(stream, 0):
        if kind == _FILE_PASS:
            raise Unreadable(PASSWORD)
        if kind == _BOUND_SHEET:
            starts.append(struct.unpack_from("<I", content)[0])
    if len(set(starts)) < len(starts):
        raise Unreadable(DAMAGED)
    return starts


def _records(stream: memoryview, start: int) -> Iterator[_Record]:
    """The records up to the end of a part of the stream."""
    while start + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, start)
        yield _Record(kind, stream[start + 4 : start + 4 + length])
        if kind == _END:
            return
        start += 4 + length
    raise Unreadable(DAMAGED)


def _marks_of_sheet(stream: memoryview, start: int, lengths: list[int]) -> tuple[Marks, int]:
    """The errors of a sheet, and how many letters its cells have whose texts are stored once for all of them."""
    rows = columns = letters = 0
    found: Marks = {}
    for kind, content in _records(stream, start):
        if kind not in _CELLS:
            continue
        if kind == _LABEL_OF_SHARED and (place := struct.unpack_from("<I", content, 6)[0]) < len(lengths):
            letters += lengths[place]
        row, column = struct.unpack_from("<HH", content)
        last = struct.unpack_from("<H", content, len(content) - 2)[0] if kind == _MANY_NUMBERS else column
        if row >= rows or last >= columns:
            rows, columns = max(rows, row + 1), max(columns, last + 1)
            require_size(rows, columns)
        if kind == _BOOL_OR_ERROR and content[7]:
            found[row, column] = _ERRORS.get(content[6], "#N/A")
        elif kind in _FORMULAS and bytes(content[12:14]) == b"\xff\xff" and content[6] == 2:
            found[row, column] = _ERRORS.get(content[8], "#N/A")
    return found, letters


def _lengths(stream: memoryview) -> list[int]:
    """How many letters each of the shared texts has (2.4.265, 2.5.293)."""
    texts, lengths = _SharedTexts(stream), list[int]()
    texts.take(8)
    while header := texts.take(3):
        letters, form = struct.unpack("<HB", header)
        runs = struct.unpack("<H", texts.take(2))[0] if form & 8 else 0
        more = struct.unpack("<I", texts.take(4))[0] if form & 4 else 0
        texts.take_letters(letters, form & 1)
        texts.take(4 * runs + more)
        lengths.append(letters)
    return lengths


class _SharedTexts:
    """The octets of the shared texts, which go on from one record to the next."""

    def __init__(self, stream: memoryview) -> None:
        self._parts = _parts_of_shared(stream)
        self._part = memoryview(b"")

    def take(self, count: int) -> bytes:
        """So many octets; fewer where they end."""
        taken = bytearray()
        while len(taken) < count and self._more():
            taken += self._cut(count - len(taken))
        return bytes(taken)

    def take_letters(self, count: int, wide: int) -> None:
        """So many letters of one octet, or of two. The next record says anew which of the two they have."""
        while count and self._more():
            count -= len(self._cut(count << wide)) >> wide
            if count and self._more():
                wide = self._cut(1)[0] & 1

    def _more(self) -> bool:
        self._part = self._part or next(self._parts, self._part)
        return len(self._part) > 0

    def _cut(self, count: int) -> memoryview:
        cut, self._part = self._part[:count], self._part[count:]
        return cut


def _parts_of_shared(stream: memoryview) -> Iterator[memoryview]:
    within = False
    for kind, content in _records(stream, 0):
        within = kind == _SHARED_STRINGS or (within and kind == _CONTINUE)
        if within and len(content):
            yield content


class _File:
    """The sectors of a file, and which follows which."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._size = 1 << struct.unpack_from("<H", data, 30)[0]
        if self._size not in (512, 4096):
            raise Unreadable(DAMAGED)
        first_directory = struct.unpack_from("<I", data, 48)[0]
        self._smallest, first_mini = struct.unpack_from("<II", data, 56)
        places = list(struct.unpack_from("<109I", data, 76))
        further, count = struct.unpack_from("<II", data, 68)
        read = set[int]()
        while len(read) < count and further not in read:
            read.add(further)
            *more, further = self._numbers(self._sector(further))
            places += more
        used = [place for place in places if place < _NO_SECTOR]
        if len(read) < count or len(set(used)) < len(used):
            raise Unreadable(DAMAGED)  # each sector is in one place only, so their sum is not larger than the file
        self._next = [number for place in used for number in self._numbers(self._sector(place))]
        self._entries = self.chain(first_directory)
        self._mini_next = self._numbers(self.chain(first_mini)) if first_mini < _NO_SECTOR else []
        self._mini = self._entry_content(0)

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        if start >= len(self._data):
            raise Unreadable(DAMAGED)
        return self._data[start : start + self._size]

    @staticmethod
    def _numbers(octets: bytes) -> list[int]:
        count = len(octets) // 4
        return list(struct.unpack_from(f"<{count}I", octets))

    def chain(self, first: int) -> bytes:
        """The sectors from the first to the end of its chain."""
        return b"".join(map(self._sector, self._places(first, self._next, len(self._data) // self._size)))

    @staticmethod
    def _places(first: int, following: list[int], most: int) -> Iterator[int]:
        for _ in range(most + 1):
            if first >= _NO_SECTOR:
                return
            yield first
            first = following[first]
        raise Unreadable(DAMAGED)  # the chain is a ring

    def stream(self, name: str) -> bytes | None:
        """The stream of that name; None when there is none."""
        for number in range(len(self._entries) // 128):
            length = struct.unpack_from("<H", self._entries, number * 128 + 64)[0]
            written = self._entries[number * 128 : number * 128 + max(0, min(length, 64) - 2)]
            if written.decode("utf-16-le", "replace").casefold() == name.casefold():
                return self._entry_content(number)
        return None

    def _entry_content(self, number: int) -> bytes:
        first, size = struct.unpack_from("<II", self._entries, number * 128 + 116)
        if number == 0 or size >= self._smallest:
            return self.chain(first)[:size] if size else b""
        places = self._places(first, self._mini_next, len(self._mini) // _MINI_SECTOR + 1)
        return b"".join(self._mini[at * _MINI_SECTOR : (at + 1) * _MINI_SECTOR] for at in places)[:size]


def _workbook(data: bytes) -> memoryview:
    file = _File(data)
    for name in _STREAMS:
        if (stream := file.stream(name)) is not None:
            return memoryview(stream)
    raise Unreadable(_NO_SHEETS)
