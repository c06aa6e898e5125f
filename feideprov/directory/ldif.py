"""LDIF, the text form of directory entries (RFC 2849)."""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry
from feideprov.errors import InputError

_SAFE = re.compile(rb"(?![ :<])[\x01-\x09\x0b\x0c\x0e-\x7f]*(?<![ \t])")  # a tab at the end would be easy to lose
# Records are parted by empty lines. A line of spaces is one too, unless the next line goes on: then it is a part of a
# folded value that holds nothing but spaces there.
_BETWEEN = re.compile(rb"(?:\A|(?<=\n))(?:(?:[ \t]+\r?\n)*(?:\r?\n)(?:[ \t]*\r?\n)*|(?:[ \t]+\r?\n)+(?! ))")
_LINE = 76
_NAME_LINE = re.compile(rb"(?im)^dn:")
_VERSION_LINE = re.compile(rb"(?im)^version:.*\n")
_TRAILER = {"search", "result", "text", "matcheddn", "control", "pagedresults"}  # how ldapsearch ends its output


_OF_A_USER = {"noredupersonnin", "edupersonprincipalname", "uid"}


@dataclass(frozen=True)
class Record:
    """One stretch of an LDIF file: an entry, or (entry None) a comment, the version line, the end of ldapsearch's
    output or an entry whose name is none that this program reads: all that is kept as it stands."""

    source: bytes = field(repr=False)
    entry: Entry | None

    @property
    def preamble(self) -> bytes:
        """What stands in front of the entry's name: comments, and the version line where it is glued on."""
        name = _NAME_LINE.search(self.source)
        return self.source[: name.start()] if name else b""

    @property
    def version(self) -> bytes:
        """The version line in the preamble: it is the file's, and stays when the entry goes."""
        found = _VERSION_LINE.search(self.preamble)
        return found[0] if found else b""


def line_end(content: bytes) -> bytes:
    """How the lines of a file end: as the first one does."""
    return b"\r\n" if content.partition(b"\n")[0].endswith(b"\r") else b"\n"


def records(content: bytes) -> Iterator[Record]:
    """The stretches of a file, each with its own octets, so that what is not changed can be written back as it was.

    Raises InputError, with the line, for anything that is no LDIF of entries.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise InputError("This file is in UTF-16, and LDIF is in UTF-8: export it again (ldifde without -u).")
    text = content.removeprefix(codecs.BOM_UTF8)
    line_number, seen, start = 1, set[DN](), 0
    for end, following in [*((m.start(), m.end()) for m in _BETWEEN.finditer(text)), (len(text), len(text))]:
        if (stretch := text[start:end]).strip():
            entry = _entry(stretch, line_number)
            if entry is not None and entry.dn in seen:
                raise InputError(f"Line {line_number}: there is a record of that dn already.")
            if entry is not None:
                seen.add(entry.dn)
            yield Record(stretch, entry)
        line_number += text.count(b"\n", start, following)
        start = following


def _entry(stretch: bytes, first_line: int) -> Entry | None:
    unfolded = re.sub(rb"\r?\n ", b"", stretch)
    lines = [line for line in unfolded.splitlines() if line and not line.startswith(b"#")]
    if lines and lines[0].lower().startswith(b"version:"):
        lines = lines[1:]
    if not lines:
        return None
    attributes: dict[str, list[bytes]] = {}
    spelling: dict[str, str] = {}
    for line in lines:
        name, value = _attribute(line, first_line)
        attributes.setdefault(spelling.setdefault(name.lower(), name), []).append(value)
    if spelling.keys() <= _TRAILER and "result" in spelling:
        _whole(attributes[spelling["result"]][0], first_line)
        return None
    if spelling.keys() == {"ref"}:
        raise InputError(
            f"Line {first_line}: the search that this LDIF comes from was referred to another server here (ref). "
            "Export what is there too, or take these lines out where no users are."
        )
    if lines[0][:3].lower() != b"dn:" or len(attributes[spelling["dn"]]) != 1:
        raise InputError(f"Line {first_line}: an LDIF record begins with its dn.")
    # An export of ldifde says of every entry that it is to be added (RFC 2849).
    if "changetype" in spelling and attributes.pop(spelling["changetype"]) != [b"add"]:
        raise InputError(f"Line {first_line}: this LDIF holds changes; a directory is a list of entries.")
    try:
        dn = DN.parse(attributes.pop(spelling["dn"])[0].decode(errors="replace"))
    except InputError:
        if not _OF_A_USER.isdisjoint(spelling):
            raise InputError(
                f"Line {first_line}: the dn of this user cannot be read, so nobody could find the user or see the "
                "number. Export the directory with names by RFC 4514, then run again."
            ) from None
        return None  # the name of something else, such as RFC 2253's with quotes: no reason to refuse all the others
    return Entry(dn, attributes)


def _whole(result: bytes, first_line: int) -> None:
    """Refuse the output of a search that was cut short: who is not in it may be in the directory all the same."""
    if not re.match(rb"0\b", result):
        raise InputError(
            f"Line {first_line}: the search that this LDIF comes from failed or was cut short. Export the directory "
            "whole, then run again."
        )


def _attribute(line: bytes, first_line: int) -> tuple[str, bytes]:
    name, colon, rest = line.partition(b":")
    if not colon or not name.isascii() or rest.startswith(b"<"):
        raise InputError(f"The LDIF record at line {first_line} has a line that is no attribute and value.")
    if not rest.startswith(b":"):
        return name.decode(), rest.lstrip(b" ")
    try:
        return name.decode(), base64.b64decode(rest[1:].strip(), validate=True)
    except binascii.Error:
        raise InputError(f"The LDIF record at line {first_line} has a value that is no base64.") from None


def dump(entry: Entry, *, comments: Iterable[str] = ()) -> str:
    """An entry as LDIF, with an empty line after it. Comments stand in front of the entry."""
    lines = [f"# {comment}" for comment in comments]
    lines += folded("dn", str(entry.dn).encode())
    for name, values in entry.items():
        for value in values:
            lines += folded(name, value)
    return "\n".join(lines) + "\n\n"


def folded(name: str, value: bytes) -> list[str]:
    plain = _SAFE.fullmatch(value)
    line = f"{name}: {value.decode()}" if plain else f"{name}:: {base64.b64encode(value).decode()}"
    rest = [line[i : i + _LINE - 1] for i in range(_LINE, len(line), _LINE - 1)]
    return [line[:_LINE], *(f" {part}" for part in rest)]
