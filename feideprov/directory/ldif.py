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
from feideprov.messages import Sentence

_SAFE = re.compile(rb"(?![ :<])[\x01-\x09\x0b\x0c\x0e-\x7f]*(?<![ \t])")  # a tab at the end is easily lost
# Records are separated by empty lines. A line of spaces is one too, unless the next line is a continuation: then it is
# part of a folded value.
_SEPARATOR = re.compile(rb"(?:\A|(?<=\n))(?:(?:[ \t]+\r?\n)*(?:\r?\n)(?:[ \t]*\r?\n)*|(?:[ \t]+\r?\n)+(?! ))")
_LINE = 76
_NAME_LINE = re.compile(rb"(?im)^dn:")
_VERSION_LINE = re.compile(rb"(?im)^version:.*\n")
_TRAILER = {"search", "result", "text", "matcheddn", "control", "pagedresults"}  # how ldapsearch ends its output
_USER_ATTRIBUTES = {"noredupersonnin", "edupersonprincipalname", "uid"}


@dataclass(frozen=True)
class Record:
    """One section of an LDIF file: an entry, or (entry None) something that is kept unchanged: a comment, the version
    line, the end of ldapsearch's output, or an entry whose DN cannot be parsed."""

    source: bytes = field(repr=False)
    entry: Entry | None

    @property
    def preamble(self) -> bytes:
        """What precedes the dn line: comments, and the version line if no empty line follows it."""
        name = _NAME_LINE.search(self.source)
        return self.source[: name.start()] if name else b""

    @property
    def version(self) -> bytes:
        """The version line in the preamble: it belongs to the file, and is kept when the entry is deleted."""
        found = _VERSION_LINE.search(self.preamble)
        return found[0] if found else b""


def line_end(content: bytes) -> bytes:
    """The line ending of a file: that of its first line."""
    return b"\r\n" if content.partition(b"\n")[0].endswith(b"\r") else b"\n"


def records(content: bytes) -> Iterator[Record]:
    """The sections of a file, each with its octets, so that what is not changed can be written back unchanged.

    Raises InputError, with the line, for anything that is not LDIF with entries.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise InputError(Sentence("This file is in UTF-16, but LDIF is UTF-8. Export it again (ldifde without -u)."))
    text = content.removeprefix(codecs.BOM_UTF8)
    line_number, seen, start = 1, set[DN](), 0
    for end, following in [*((m.start(), m.end()) for m in _SEPARATOR.finditer(text)), (len(text), len(text))]:
        if (section := text[start:end]).strip():
            entry = _entry(section, line_number)
            if entry is not None and entry.dn in seen:
                raise InputError(
                    Sentence(
                        "Line {line}: an earlier record has the same dn. Remove one of the two records.",
                        line=line_number,
                    )
                )
            if entry is not None:
                seen.add(entry.dn)
            yield Record(section, entry)
        line_number += text.count(b"\n", start, following)
        start = following


def _entry(section: bytes, first_line: int) -> Entry | None:
    unfolded = re.sub(rb"\r?\n ", b"", section)
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
        _require_success(attributes[spelling["result"]][0], first_line)
        return None
    if spelling.keys() == {"ref"}:
        raise InputError(
            Sentence(
                "Line {line}: the export refers to another server (ref), whose entries are not in this LDIF. "
                "Export that server too. If it has no users, delete these lines.",
                line=first_line,
            )
        )
    if lines[0][:3].lower() != b"dn:" or len(attributes[spelling["dn"]]) != 1:
        raise InputError(Sentence("Line {line}: an LDIF record must begin with its dn.", line=first_line))
    # ldifde exports every entry with changetype add (RFC 2849).
    if "changetype" in spelling and attributes.pop(spelling["changetype"]) != [b"add"]:
        raise InputError(
            Sentence(
                "Line {line}: this LDIF contains changes, but a directory must contain only entries.", line=first_line
            )
        )
    try:
        dn = DN.parse(attributes.pop(spelling["dn"])[0].decode(errors="replace"))
    except InputError:
        if not _USER_ATTRIBUTES.isdisjoint(spelling):
            raise InputError(
                Sentence(
                    "Line {line}: the dn of this user is not valid (RFC 4514), so the user could not be found. Export "
                    "the directory again, with DNs as in RFC 4514.",
                    line=first_line,
                )
            ) from None
        return None  # not a user (its DN may have quotes, as in RFC 2253): no reason to refuse the whole file
    return Entry(dn, attributes)


def _require_success(result: bytes, first_line: int) -> None:
    """Refuse the output of a search that ended early: users who are not in it may be in the directory."""
    if not re.match(rb"0\b", result):
        raise InputError(
            Sentence(
                "Line {line}: the search that made this LDIF failed or ended too early. Export the whole "
                "directory, then run again.",
                line=first_line,
            )
        )


def _attribute(line: bytes, first_line: int) -> tuple[str, bytes]:
    name, colon, rest = line.partition(b":")
    if not colon or not name.isascii() or rest.startswith(b"<"):
        raise InputError(
            Sentence(
                "The LDIF record that begins at line {line} has a line that is not “attribute: value”, or a value in "
                "another file (“attribute:< URL”). Export the directory again, with all values in the file.",
                line=first_line,
            )
        )
    if not rest.startswith(b":"):
        return name.decode(), rest.lstrip(b" ")
    try:
        return name.decode(), base64.b64decode(rest[1:].strip(), validate=True)
    except binascii.Error:
        raise InputError(
            Sentence("The LDIF record at line {line} has a value that is not valid base64.", line=first_line)
        ) from None


def dump(entry: Entry, *, comments: Iterable[str] = ()) -> str:
    """An entry as LDIF, followed by an empty line. Comments precede the entry."""
    lines = [f"# {comment}" for comment in comments]
    lines += folded("dn", str(entry.dn).encode())
    for name, values in entry.items():
        for value in values:
            lines += folded(name, value)
    return "\n".join(lines) + "\n\n"


def folded(name: str, value: bytes) -> list[str]:
    """The lines of one attribute and value, in base64 if necessary, at most 76 characters each."""
    plain = _SAFE.fullmatch(value)
    line = f"{name}: {value.decode()}" if plain else f"{name}:: {base64.b64encode(value).decode()}"
    rest = [line[i : i + _LINE - 1] for i in range(_LINE, len(line), _LINE - 1)]
    return [line[:_LINE], *(f" {part}" for part in rest)]
