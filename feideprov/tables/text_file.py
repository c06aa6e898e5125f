"""From a path to text: what the file really is, and how its letters are encoded.

Real lists come from Excel: UTF-8 with a byte order mark, or Windows-1252. Windows-1252 has a letter for almost
every byte, so it is tried only when the file is not UTF-8, and never for bytes that it leaves undefined
(0x81, 0x8D, 0x8F, 0x90, 0x9D; WHATWG Encoding Standard maps them, Microsoft's table does not). Then its words must make
sense (`feideprov.tables.encoding`). Another encoding is read only when a person named it.
"""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import Final, Literal

from feideprov.errors import InputError, scrub
from feideprov.files import Largest, content_of
from feideprov.files.known_file import known_file
from feideprov.messages import Sentence, joined
from feideprov.system_errors import reason_of
from feideprov.text import holds_number, shown

_ODS: Final = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"
_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_AS_XLSX: Final = Sentence("Open it in Excel or LibreOffice, save it as XLSX, then run again.")
_IN_ARCHIVE: Final = (
    (b"xl/workbook.bin", Sentence("this is a binary spreadsheet (XLSB). {next}", next=_AS_XLSX)),
    (
        b"Index/Document.iwa",
        Sentence("this is a spreadsheet of Numbers. In Numbers, export it as XLSX. Then run again."),
    ),
    (
        b"word/document.xml",
        Sentence("this is a text document (Word). Copy the list to a spreadsheet and save it. Then run again."),
    ),
)
"""By the name of a member that only such an archive has."""
_EMPTY: Final = Sentence("the file is empty. Check the export, then run again.")
_UNREADABLE: Final = Sentence(
    "some letters in the file cannot be read: its character set is not UTF-8 or Windows-1252, or it mixes the two. In "
    "Excel, save the file as “CSV UTF-8”. Then run again."
)
_UTF_8_LETTER: Final = re.compile(rb"\xc3[\x80-\xbf]")
"""æ, ø, å and similar in UTF-8. In Windows-1252 the same bytes are Ã and a symbol, which no name contains."""


def shown_name(path: Path) -> str:
    """The file's name as messages and origins show it: without its folder, and without a person's number, or the part
    of one that begins in the name of the folder."""
    folder, name = (part.encode("utf-8", "replace").decode() for part in (path.parent.name, path.name))
    return scrub(shown(name)) if holds_number(f"{folder}/{name}") else shown(name)


def require_no_lock_file(path: Path, file: str) -> None:
    """Raise InputError for the file by which a spreadsheet program says that another file is open."""
    if path.name.startswith(("~$", ".~lock.")):
        raise InputError(
            Sentence(
                "{file} is not the list: a spreadsheet program has made it because the list is open there. Give the "
                "path of the list itself.",
                file=file,
            )
        )


def require_no_choice(path: Path, *, encoding: str | None = None, sheet: str | None = None) -> None:
    """Raise InputError when a person named the encoding or the sheet of a file that is no table."""
    for option, value in (("--encoding", encoding), ("--sheet", sheet)):
        if value is not None:
            raise InputError(
                Sentence(
                    "{file} is not a table, so {option} cannot be used for it. Run again without {option}.",
                    file=shown_name(path),
                    option=option,
                )
            )


def spreadsheet_kind(data: bytes) -> Literal["xlsx", "xls", "ods"] | None:
    """Which spreadsheet a file is that can be read; None for another file."""
    if data.startswith(_OLE):
        return "xls"
    if not data.startswith(_ZIP) or any(member in data for member, _ in _IN_ARCHIVE):
        return None
    if _ODS in data[:200]:
        return "ods"
    return "xlsx" if b"xl/" in data or b"[Content_Types].xml" in data else None


def read_text(
    data: bytes, file: str, encoding: str | None = None, *, sheet: str | None = None, can_be_told: bool = True
) -> tuple[str, str]:
    """The text of a CSV file, without a byte order mark, and its encoding. `encoding` is the one that a person named,
    and `can_be_told` says whether the command has an option for it.

    Raises InputError, with the next step, when the file is not readable text in UTF-8 or Windows-1252, or in
    `encoding`, and when a person named a sheet.
    """
    if encoding is not None:
        from feideprov.tables.encoding import chosen  # here and below: a list in UTF-8 needs none of its patterns

        encoding = chosen(encoding)
    text, used, what = None, encoding or "utf-8", _other_file(data)
    if not data.strip():
        what = _EMPTY
    elif what is None and sheet is not None:
        what = Sentence("this is a CSV file, which has no sheets. Run again without --sheet.")
    elif what is None:
        text = _as_utf_8(data) if encoding is None else _as_told(data, encoding)
        if text is None and encoding is None and not _has_utf_8(data):
            text, used = _as_told(data, "cp1252"), "cp1252"
        what = (
            _unreadable(data, encoding, can_be_told=can_be_told) if text is None else None if text.strip() else _EMPTY
        )
    if text is None or what is not None:
        raise InputError(Sentence("{file}: {what}", file=file, what=what))
    return text, used


def octets(path: Path) -> bytes:
    """What a file contains. Raises InputError, with the next step, when it cannot be read."""
    name = shown_name(path)
    try:
        return content_of(path, Largest.LIST)
    except FileNotFoundError:
        sentence = Sentence("There is no file {file} in that folder. Check the path.", file=name)
    except IsADirectoryError:
        sentence = Sentence("{file} is a folder. Give the path of a file.", file=name or Sentence("The path"))
    except PermissionError:
        sentence = Sentence(
            "The user who runs this program has no right to read {file}. Give the user that right, then run again.",
            file=name,
        )
    except OSError as error:
        sentence = Sentence(
            "{file} cannot be read: {why}. Check the file and the disk.", file=name, why=reason_of(error)
        )
    except ValueError:  # a NUL in the path
        sentence = Sentence("The path contains a character that is not allowed. Check the path.")
    # Raised out here: the inner error contains the whole path.
    raise InputError(sentence)


def _other_file(data: bytes) -> Sentence | None:
    """What a file is that is not CSV; None when it may be one."""
    if data.startswith(_ZIP):
        for member, what in _IN_ARCHIVE:
            if member in data:
                return what
        return Sentence("this is a ZIP archive. Unpack it, then run again.")
    if known := known_file(data):
        return known.sentence
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in data:
        return Sentence(
            "this is “Unicode text” (UTF-16), or not text at all. In Excel, save it as “CSV UTF-8”. Then run again."
        )
    return None


def _as_utf_8(data: bytes) -> str | None:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def _has_utf_8(data: bytes) -> bool:
    """Whether a file is UTF-8 with a wrong byte: as Windows-1252, every name in it would be wrong."""
    return data.startswith(codecs.BOM_UTF8) or _UTF_8_LETTER.search(data) is not None


def _as_told(data: bytes, encoding: str) -> str | None:
    """The text in this encoding; None when that is not its encoding."""
    from feideprov.tables.encoding import makes_sense

    try:
        text = data.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError:
        return None
    return text if encoding == "utf-8" or makes_sense(text) else None


def _unreadable(data: bytes, told: str | None, *, can_be_told: bool) -> Sentence:
    """What is wrong with the letters of a file, with the encoding that it probably has."""
    from feideprov.tables.encoding import CHOICES, likely

    if told is not None:
        return Sentence(
            "some letters in the file cannot be read: its character set is not {told}. Run again without --encoding.",
            told=told,
        )
    found = None if _UTF_8_LETTER.search(data) else likely(data)
    if found is None:
        return _UNREADABLE
    encoding, shown = found
    sentence = Sentence(
        "some letters in the file cannot be read: its character set is not UTF-8 or Windows-1252, but probably "
        "{likely}. Open the file in a spreadsheet with that character set, and save it as “CSV UTF-8”. Then run again.",
        likely=shown,
    )
    if encoding not in CHOICES or not can_be_told:
        return sentence
    return joined([sentence, Sentence("Or run again with --encoding {encoding}", encoding=encoding)])
