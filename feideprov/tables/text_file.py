"""From a path to text: what the file really is, and how its letters are stored.

Real lists come from Excel: UTF-8 with a byte order mark, or Windows-1252. Windows-1252 has a letter for almost
every byte, so it is tried only when the file is not UTF-8, and never for bytes that it leaves undefined
(0x81, 0x8D, 0x8F, 0x90, 0x9D; WHATWG Encoding Standard maps them, Microsoft's table does not).
"""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import Final

from feideprov.errors import InputError
from feideprov.text import shown

_SAVE: Final = "save it as “CSV UTF-8”, then run again."
_ODS: Final = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"
_OTHER_FILES: Final = (
    (b"\xd0\xcf\x11\xe0", f"is a spreadsheet (XLS, or one with a password). In Excel: {_SAVE}"),
    (b"%PDF", "is a PDF. Ask for the list as a spreadsheet or CSV file."),
    (b"\x1f\x8b", "is a compressed file (gzip). Unpack it, then run again."),
    (b"{\\rtf", f"is a text document (RTF). Put the list in a spreadsheet and {_SAVE}"),
)
_UTF_8_LETTER: Final = re.compile(rb"\xc3[\x80-\xbf]")
"""æ, ø, å and their like in UTF-8. In Windows-1252 the same bytes are Ã with a symbol, which no name holds."""


def shown_name(path: Path) -> str:
    """The file's name as messages and origins show it: without its folder, and without a person's number."""
    return shown(path.name.encode("utf-8", "replace").decode())


def read_text(path: Path) -> str:
    """The text of a CSV file, without a byte order mark.

    Raises InputError, with the next step, when the path is not a readable text file in UTF-8 or Windows-1252.
    """
    name, data = shown_name(path), octets(path)
    if not data.strip():
        raise InputError(f"{name} is empty. Check the export, then run again.")
    if what := _other_file(data):
        raise InputError(f"{name} {what}")
    text = _decoded(data)
    if text is None:
        raise InputError(
            f"{name} is neither UTF-8 nor Windows-1252, or a mix of both, so its letters cannot be read for "
            f"certain. In Excel: {_SAVE}"
        )
    if not text.strip():
        raise InputError(f"{name} is empty. Check the export, then run again.")
    return text


def octets(path: Path) -> bytes:
    """What a file holds. Raises InputError, with the next step, when it cannot be read."""
    name = shown_name(path)
    try:
        return path.read_bytes()
    except FileNotFoundError:
        sentence = f"There is no file {name} in that folder. Check the path."
    except IsADirectoryError:
        sentence = f"{name or 'The path'} is a folder. Name the file in it."
    except PermissionError:
        sentence = f"{name} may not be read by this user. Give read access to it, then run again."
    except OSError as error:
        sentence = f"{name} cannot be read: {error.strerror or 'input/output error'}."
    except ValueError:  # a NUL in the path
        sentence = "The path of the file is not a path. Check it."
    # Raised out here: the inner error holds the whole path.
    raise InputError(sentence)


def _other_file(data: bytes) -> str | None:
    """What is wrong with a file that is no CSV; None when it may be one."""
    for magic, sentence in _OTHER_FILES:
        if data.startswith(magic):
            return sentence
    if data.startswith(b"PK\x03\x04"):
        if _ODS in data[:200]:
            return f"is a spreadsheet (ODS). In LibreOffice: {_SAVE}"
        if b"xl/" in data or b"[Content_Types].xml" in data:
            return f"is a spreadsheet (XLSX). In Excel: {_SAVE}"
        return "is a ZIP archive. Unpack it, then run again."
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in data:
        return f"is “Unicode text” (UTF-16) or no text at all. In Excel: {_SAVE}"
    start = data.removeprefix(codecs.BOM_UTF8).lstrip()[:100].lower()
    if start.startswith(b"<"):
        page = start.startswith((b"<!doctype html", b"<html", b"<table", b"<meta", b"<head", b"<body"))
        return f"is {'a web page (HTML)' if page else 'XML'}, not a table. Export the list as CSV, or {_SAVE}"
    return None


def _decoded(data: bytes) -> str | None:
    marked = data.startswith(codecs.BOM_UTF8)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        if marked or _UTF_8_LETTER.search(data):
            return None  # UTF-8 with a wrong byte: read as Windows-1252 every name in it would be spoiled
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return None
