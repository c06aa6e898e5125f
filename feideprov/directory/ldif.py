"""LDIF, the text form of directory entries (RFC 2849)."""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from feideprov.directory.attribute_description import ELSEWHERE, attribute_key
from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry
from feideprov.directory.referral import may_hold_people
from feideprov.errors import InputError
from feideprov.messages import Sentence
from feideprov.progress import READING_DIRECTORY, steps

_SAFE = re.compile(rb"(?![ :<])[\x01-\x09\x0b\x0c\x0e-\x7f]*(?<![ \t])")  # a tab at the end is easily lost
# Records are separated by empty lines. A line of spaces is one too, unless the next line is a continuation: then it is
# part of a folded value.
_SEPARATOR = re.compile(rb"(?:\A|(?<=\n))(?:(?:[ \t]+\r?\n)*(?:\r?\n)(?:[ \t]*\r?\n)*|(?:[ \t]+\r?\n)+(?! ))")
LINE = 76
_NAME_LINE = re.compile(rb"(?im)^dn:")
_VERSION_LINE = re.compile(rb"(?im)^version:.*\n")
_NEXT_EXPORT = re.compile(rb"(?m)^version:[ ]*1[ \t]*(?:\r?\n(?:\r?\n|#|dn:|\Z)|\Z)")
"""A version line after an entry: another export begins, without an empty line before it."""
_PREFACE = re.compile(rb"(?i)(?:#.*\n(?: .*\n)*|version:.*\n|\r?\n)*")
_BYTE_ORDER_MARK = re.compile(rb"(?m)^" + codecs.BOM_UTF8)
_TRAILER = {"search", "result", "text", "matcheddn", "control", "pagedresults"}  # how ldapsearch ends its output
_USER_ATTRIBUTES = ("norEduPersonNIN", "eduPersonPrincipalName", "uid")


Elsewhere = tuple[tuple[str, int], ...]
"""The attributes of an entry of which a value is in another file (`attribute:< URL`), each with its line."""


@dataclass(frozen=True)
class Record:
    """One section of an LDIF file: an entry, or (entry None) something that is kept unchanged: a comment, the version
    line, the end of ldapsearch's output, references, or an entry that was deleted, is a conflict of replication, or has
    a DN that cannot be parsed."""

    source: bytes = field(repr=False)
    entry: Entry | None
    elsewhere: Elsewhere = ()
    references: int = 0
    """How many references (`ref`) to parts of Active Directory there are that have no users."""
    is_conflict: bool = False
    """Is it an entry that 389 keeps beside another one, because both got the same name?"""

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
    if (
        content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in content[:2]
    ):  # with a mark, or without
        raise InputError(Sentence("This file is in UTF-16, but LDIF is UTF-8. Export it again (ldifde without -u)."))
    if b"\r" in content and b"\n" not in content:
        raise InputError(Sentence("The line ends of this file are not those of LDIF (CR alone). Export it again."))
    seen = set[DN]()
    sections = _sections(_BYTE_ORDER_MARK.sub(b"", content))
    for source, first_line in steps(sections, READING_DIRECTORY, total=content.count(b"\ndn:") or None):
        record = _record(source, first_line)
        if record.entry is not None:
            if record.entry.dn in seen:
                raise InputError(
                    Sentence(
                        "Line {line}: an earlier record has the same dn. Remove one of the two records.",
                        line=_own_line(source, first_line),
                    )
                )
            seen.add(record.entry.dn)
        yield record


def _sections(text: bytes) -> Iterator[tuple[bytes, int]]:
    """The sections between empty lines, each with the number of its first line."""
    line, start = 1, 0
    for end, following in [*((m.start(), m.end()) for m in _SEPARATOR.finditer(text)), (len(text), len(text))]:
        while text.find(b"version:", start, end) >= 0 and (found := _next_export(text, start, end)):
            yield text[start:found], line
            line += text.count(b"\n", start, found)
            start = found
        if (section := text[start:end]).strip():
            yield section, line
        line += text.count(b"\n", start, following)
        start = following


def _next_export(text: bytes, start: int, end: int) -> int | None:
    """Where, after an entry, another export begins."""
    name = _NAME_LINE.search(text, start, end)
    version = _NEXT_EXPORT.search(text, name.end(), end) if name else None
    return version.start() if version else None


def _own_line(section: bytes, first_line: int) -> int:
    """The line where the record itself begins, after comments and the version line."""
    preface = _PREFACE.match(section)
    return first_line + section.count(b"\n", 0, preface.end() if preface else 0)


def _record(section: bytes, first_line: int) -> Record:
    unfolded = section.replace(b"\r\n", b"\n").replace(b"\n ", b"")
    lines = [line for line in unfolded.split(b"\n") if line and not line.startswith(b"#")]
    if lines and lines[0].lower().startswith(b"version:"):
        lines = lines[1:]
    if not lines:
        return Record(section, None)
    line = _own_line(section, first_line)
    lines = _without_change(lines, line)
    attributes: dict[str, list[bytes]] = {}
    spelling: dict[str, str] = {}
    for one in lines:
        name, value = _attribute(one, line)
        if name in attributes:
            attributes[name].append(value)
        else:
            attributes.setdefault(spelling.setdefault(name.lower(), name), []).append(value)
    if spelling.keys() <= _TRAILER and "result" in spelling:
        _require_success(attributes[spelling["result"]][0], line)
        return Record(section, None)
    if spelling.keys() == {"ref"}:
        return _references(section, attributes[spelling["ref"]], line)
    if lines[0][:3].lower() != b"dn:" or len(attributes.get(spelling.get("dn", ""), ())) != 1:
        raise InputError(Sentence("Line {line}: an LDIF record must begin with its dn.", line=line))
    elsewhere = _elsewhere(section, attributes, first_line) if b":<" in section else ()
    return _of_entry(section, attributes.pop(spelling["dn"])[0], attributes, line, elsewhere)


def _without_change(lines: list[bytes], line: int) -> list[bytes]:
    """The lines of a record, without saying that the entry is to be added: ldifde exports every entry so (RFC 2849)."""
    at = 1
    while at < len(lines) and lines[at][:8].lower() == b"control:":
        at += 1
    if at == len(lines) or lines[at][:11].lower() != b"changetype:":
        return lines
    if _attribute(lines[at], line)[1].strip().lower() != b"add":
        raise InputError(
            Sentence("Line {line}: this LDIF contains changes, but a directory must contain only entries.", line=line)
        )
    return [lines[0], *lines[at + 1 :]]


def _references(section: bytes, urls: Sequence[bytes], line: int) -> Record:
    if any(may_hold_people([url.decode(errors="replace")]) for url in urls):
        raise InputError(
            Sentence(
                "Line {line}: the export refers to another server (ref), whose entries are not in this LDIF. "
                "Export that server too. If it has no users, delete these lines.",
                line=line,
            )
        )
    return Record(section, None, references=len(urls))


def _of_entry(
    section: bytes, name: bytes, attributes: dict[str, list[bytes]], line: int, elsewhere: Elsewhere
) -> Record:
    try:
        entry = Entry(DN.parse(name.decode(errors="replace")), attributes)
    except InputError:
        nameless = Entry(DN(()), attributes)
        if not _is_deleted(nameless) and any(one in nameless for one in _USER_ATTRIBUTES):
            raise InputError(
                Sentence(
                    "Line {line}: the dn of this user is not valid (RFC 4514), so the user could not be found. Export "
                    "the directory again, with DNs as in RFC 4514.",
                    line=line,
                )
            ) from None
        return Record(section, None)  # not a user (its DN may have quotes, as in RFC 2253): the file is not refused
    if _is_deleted(entry):
        return Record(section, None)
    if any(one.lower().startswith(b"namingconflict") for one in entry.values("nsds5ReplConflict")):
        return Record(section, None, is_conflict=True)
    return Record(section, entry, elsewhere)


def _is_deleted(entry: Entry) -> bool:
    """Is it an entry that 389 (nsTombstone) or Active Directory (isDeleted) keeps for a while after its deletion?"""
    classes, deleted = entry.values("objectClass"), entry.values("isDeleted")
    return any(one.lower() == b"nstombstone" for one in classes) or any(one.lower() == b"true" for one in deleted)


def _elsewhere(section: bytes, attributes: Iterable[str], first_line: int) -> Elsewhere:
    """The attributes of which a value is in another file. Raises InputError when it says what the entry is."""
    found = []
    for name in (one.removesuffix(ELSEWHERE) for one in attributes if one.endswith(ELSEWHERE)):
        at = re.search(rb"(?im)^" + re.escape(name.encode()) + rb":<", section)
        line = first_line + section.count(b"\n", 0, at.start() if at else 0)
        if attribute_key(name) == "objectclass":
            raise InputError(needed_elsewhere(name, line))
        found.append((name, line))
    return tuple(found)


def needed_elsewhere(attribute: str, line: int) -> Sentence:
    """The sentence about a value that is needed, but is in another file."""
    return Sentence(
        "Line {line}: a value of {attribute} is in another file (“attribute:< URL”), but is needed. Export the "
        "directory again, with all values in the LDIF (ldapsearch without -t).",
        line=line,
        attribute=attribute,
    )


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
    """The description and the value in a line. Where the value is in another file, its URL, with a description that
    nobody reads."""
    name, colon, rest = line.partition(b":")
    if not colon or not name.isascii():
        raise InputError(
            Sentence(
                "The LDIF record that begins at line {line} has a line that is not “attribute: value”. Export the "
                "directory again.",
                line=first_line,
            )
        )
    if rest.startswith(b"<"):
        return name.decode() + ELSEWHERE, rest[1:].strip()
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
    if name.endswith(ELSEWHERE):
        line = f"{name} {value.decode(errors='replace')}"
    else:
        line = f"{name}: {value.decode()}" if plain else f"{name}:: {base64.b64encode(value).decode()}"
    rest = [line[i : i + LINE - 1] for i in range(LINE, len(line), LINE - 1)]
    return [line[:LINE], *(f" {part}" for part in rest)]
