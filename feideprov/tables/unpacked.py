"""A spreadsheet that is a ZIP archive (XLSX, ODS), unpacked in memory within limits and packed again.

The library that reads spreadsheets gets an archive of exactly what was looked at here. So it does not matter what else
the file says of itself: other sizes, members that overlap, a second directory.
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
_READ: Final = (".xml", ".rels", "mimetype")
"""How the names of the members end that are text. Pictures and programs are not unpacked."""
_ERRORS: Final = (zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, RuntimeError, EOFError, ValueError)

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
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            members = archive.infolist()
            _require_plain(members)
            return {one.filename: archive.read(one) for one in members if one.filename.lower().endswith(_READ)}
    except _ERRORS:  # what the library says of a member may quote the file
        raise Unreadable(DAMAGED) from None


def _require_plain(members: list[zipfile.ZipInfo]) -> None:
    if any(one.flag_bits & _ENCRYPTED for one in members):
        raise Unreadable(PASSWORD)
    if len(members) > _MOST_MEMBERS or sum(one.file_size for one in members) > LARGEST:
        raise Unreadable(TOO_MUCH)
    if len({one.filename.lower() for one in members}) < len(members):
        raise Unreadable(DAMAGED)


def packed(members: Mapping[str, bytes]) -> BytesIO:
    """An archive of these members, not compressed."""
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as written:
        for name, content in members.items():
            written.writestr(zipfile.ZipInfo(name), content)
    archive.seek(0)
    return archive
