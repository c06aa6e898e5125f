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
from typing import Final

from feideprov.errors import InputError, scrub
from feideprov.files import Largest, content_of
from feideprov.files.known_file import known_file
from feideprov.messages import Sentence, joined
from feideprov.text import holds_number, shown

_ODS: Final = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"
_OTHER_FILES: Final = (
    (
        b"\xd0\xcf\x11\xe0",
        Sentence(
            "this is a spreadsheet (XLS, or a file with a password). In Excel, save it as “CSV UTF-8”. Then run again."
        ),
    ),
    (b"%PDF", Sentence("this is a PDF. Ask for the list as a spreadsheet or a CSV file.")),
    (b"\x1f\x8b", Sentence("this is a compressed file (gzip). Unpack it, then run again.")),
    (
        b"{\\rtf",
        Sentence(
            "this is a text document (RTF). Copy the list to a spreadsheet and save it as “CSV UTF-8”. Then run again."
        ),
    ),
)
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


def read_text(path: Path, encoding: str | None = None, *, can_be_told: bool = True) -> str:
    """The text of a CSV file, without a byte order mark. `encoding` is the one that a person named,
    and `can_be_told` says whether the command has an option for it.

    Raises InputError, with the next step, when the path is not a readable text file in UTF-8 or Windows-1252, or in
    `encoding`.
    """
    if encoding is not None:
        from feideprov.tables.encoding import chosen  # here and below: a list in UTF-8 needs none of its patterns

        encoding = chosen(encoding)
    name, data = shown_name(path), octets(path)
    text, what = None, _other_file(data)
    if not data.strip():
        what = _EMPTY
    elif what is None:
        text = _decoded(data) if encoding is None else _as_told(data, encoding)
        what = (
            _unreadable(data, encoding, can_be_told=can_be_told) if text is None else None if text.strip() else _EMPTY
        )
    if text is None or what is not None:
        raise InputError(Sentence("{file}: {what}", file=name, what=what))
    return text


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
        why = error.strerror or Sentence("input/output error")
        sentence = Sentence("{file} cannot be read: {why}. Check the file and the disk.", file=name, why=why)
    except ValueError:  # a NUL in the path
        sentence = Sentence("The path contains a character that is not allowed. Check the path.")
    # Raised out here: the inner error contains the whole path.
    raise InputError(sentence)


def _other_file(data: bytes) -> Sentence | None:
    """What a file is that is not CSV; None when it may be one."""
    for magic, what in _OTHER_FILES:
        if data.startswith(magic):
            return what
    if data.startswith(b"PK\x03\x04"):
        if _ODS in data[:200]:
            return Sentence(
                "this is a spreadsheet (ODS). In LibreOffice, save it as CSV with the character set UTF-8. Then run "
                "again."
            )
        if b"xl/" in data or b"[Content_Types].xml" in data:
            return Sentence("this is a spreadsheet (XLSX). In Excel, save it as “CSV UTF-8”. Then run again.")
        return Sentence("this is a ZIP archive. Unpack it, then run again.")
    if known := known_file(data):
        return known.sentence
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in data:
        return Sentence(
            "this is “Unicode text” (UTF-16), or not text at all. In Excel, save it as “CSV UTF-8”. Then run again."
        )
    return None


def _decoded(data: bytes) -> str | None:
    marked = data.startswith(codecs.BOM_UTF8)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        if marked or _UTF_8_LETTER.search(data):
            return None  # UTF-8 with a wrong byte: as Windows-1252, every name in it would be wrong
    return _as_told(data, "cp1252")


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
