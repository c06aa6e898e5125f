"""A spreadsheet that is a ZIP archive (XLSX, ODS), unpacked in memory within limits, and packed again.

The library that reads spreadsheets gets exactly what was looked at here: the file itself when it is certain that every
reader finds the same in it, or else an archive of the members. So it does not matter what else a file says of itself:
other sizes, members that overlap, a second directory.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO
from typing import Final

from feideprov.messages import Sentence

LARGEST: Final = 250_000_000
"""Octets of text in a spreadsheet that is unpacked: 100,000 rows of ten cells have 45,000,000."""
_MOST_MEMBERS: Final = 5_000
_ENCRYPTED: Final = 0x1
_END: Final = struct.Struct("<4s4H2LH")
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_READ: Final = (".xml", ".rels", "mimetype")
"""How the names of the members end that are text. Pictures and programs are not unpacked."""
_LONGEST_NAME: Final = 0xFFFF
"""Octets of the name of a member: an archive has two octets for its length (APPNOTE.TXT of PKWARE, 4.4.10)."""
_OF_DIRECTORY: Final = (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError)
"""What `zipfile` raises for a damaged directory. NotImplementedError: a later version of ZIP; ValueError: a name that
is not in UTF-8, or a negative place; OverflowError: a place of 64 bits."""
_OF_MEMBER: Final = (zlib.error, struct.error, OverflowError)
"""A damaged member; one that begins after the end of the file; one whose place has 64 bits."""

DAMAGED: Final = Sentence(
    "the spreadsheet is damaged, or only a part of it was copied. Open it in Excel or LibreOffice, save it again, then "
    "run again. If it does not open there either, export it again."
)
PASSWORD: Final = Sentence(
    "the spreadsheet has a password. Open it in the spreadsheet program, remove the password, save it, then run again."
)
TOO_MUCH: Final = Sentence(
    "the spreadsheet has more content than {size} MB, which no list has. Copy the list alone into a new spreadsheet, "
    "save it, then run again.",
    size=LARGEST // 1_000_000,
)


class Unreadable(Exception):
    """Why a file cannot be read as a spreadsheet; `what` follows the name of the file in a message."""

    def __init__(self, what: Sentence) -> None:
        super().__init__(what)
        self.what = what


def unpacked(data: bytes) -> dict[str, bytes]:
    """The members that are text, by name. Raises Unreadable for a damaged archive, a password, and too much content."""
    members = _members(data)
    _require_plain(members)
    try:
        return {one.filename: _content(data, one) for one in members if one.filename.lower().endswith(_READ)}
    except _OF_MEMBER:
        raise Unreadable(DAMAGED) from None


def _members(data: bytes) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return archive.infolist()
    except _OF_DIRECTORY:  # what the library says of a member may quote the file
        raise Unreadable(DAMAGED) from None


def _content(data: bytes, member: zipfile.ZipInfo) -> bytes:
    """A member, unpacked to its end. The library for spreadsheets compares its checksum."""
    names = struct.unpack_from("<HH", data, member.header_offset + 26)
    start = member.header_offset + 30 + sum(names)
    written = data[start : start + member.compress_size]
    if member.compress_type == zipfile.ZIP_STORED:
        content, complete = written, True
    else:
        unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        content, complete = unpacker.decompress(written, member.file_size + 1), unpacker.eof
    if not complete or len(content) != member.file_size:
        raise Unreadable(DAMAGED)
    return content


def _is_plain(data: bytes, count: int) -> bool:
    """Whether an archive has one directory, at its end, so that every reader finds the same members in it, and so many
    members."""
    end = len(data) - _END.size
    if end < 0:
        return False
    signature, _, _, _, members, size, start, comment = _END.unpack_from(data, end)
    return signature == b"PK\5\6" and members == count and start + size == end and not comment


def _require_plain(members: list[zipfile.ZipInfo]) -> None:
    if any(one.flag_bits & _ENCRYPTED for one in members):
        raise Unreadable(PASSWORD)
    if len(members) > _MOST_MEMBERS or sum(one.file_size for one in members) > LARGEST:
        raise Unreadable(TOO_MUCH)
    if len({one.filename.lower() for one in members}) < len(members):
        raise Unreadable(DAMAGED)
    if any(one.compress_type not in _METHODS or len(one.filename.encode()) > _LONGEST_NAME for one in members):
        raise Unreadable(DAMAGED)


def packed(members: Mapping[str, bytes], data: bytes, found: Mapping[str, bytes]) -> BytesIO:
    """An archive of these members: not compressed, or `data`, in which they were found, when none has changed and it
    has no others, which nobody has looked at."""
    if _is_plain(data, len(found)) and all(members[name] is content for name, content in found.items()):
        return BytesIO(data)
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as written:
        for name, content in members.items():
            written.writestr(zipfile.ZipInfo(name), content)
    archive.seek(0)
    return archive
