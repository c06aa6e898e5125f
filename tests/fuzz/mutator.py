"""Inputs that are a little or very wrong, drawn from a whole one. The same number gives the same input."""

from __future__ import annotations

import io
import random
import re
import warnings
import zipfile
from xml.sax.saxutils import escape

WHOLE_EVERY = 10
"""One input in so many is left whole, and must be read."""
TOKENS = (
    *(b"\0", b"\xff", b"\xfe\xff", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xc3", b"\r", b"\n", b"\r\n\r\n", b"\n ", b"\t"),
    *(b'"', b"'", b'"""', b"\\", b"\\u0000", b"\\ud800", b"\\N", b"${x}", b"{{", b"}}", b"{%", b"%}", b"%s", b"%00"),
    *(
        b";",
        b",",
        b":",
        b"::",
        b":<",
        b"=",
        b"==",
        b"#",
        b"|",
        b"-",
        b"--",
        b"<",
        b">",
        b"<!--",
        b"<![CDATA[",
        b"&#x0;",
    ),
    *(b"&amp;", b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"[" * 2_000, b"{" * 2_000, b"]" * 50, b"a." * 500, b"(" * 500),
    *(b"NaN", b"nan", b"inf", b"-inf", b"Infinity", b"null", b"None", b"true", b"NULL", b"0", b"-1", b"1e999", b"-0.0"),
    *(b"9" * 5_000, b"0x" + b"f" * 300, b"18446744073709551616", b"2147483648", b"-9223372036854775809", b"1e-999"),
    *(b"0000-00-00", b"9999-12-31", b"10000-01-01", b"0001-01-01", b"2026-02-30", b"99991231235959Z", b"31.02.2026"),
    *(
        "\u202e".encode(),
        "\u2028".encode(),
        "\u0130".encode(),
        "²".encode(),
        "٣".encode(),
        "𝟘".encode(),
        "\ufdfa".encode(),
    ),
    *(b"x" * 140_000, b"A" * 300, b" " * 300, b"../../etc/passwd", b"file:///etc/passwd", b"=HYPERLINK(1)"),
)
LONGEST = 400_000
_LEAF = re.compile(rb"<([\w.:-]+)[^<>/]*>[^<]*</\1>")
_LINE = re.compile(rb"^<(\w+)[ >].*</\1>$", re.MULTILINE)
_PACKED = (zipfile.ZIP_DEFLATED, zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED)


def mutated(whole: bytes, name: str, number: int) -> bytes:
    """The input of a kind with this number."""
    if number % WHOLE_EVERY == 0:
        return whole
    drawn = random.Random(f"{name} {number}")
    if whole.startswith(b"PK") and drawn.randrange(5):
        return _with_other_members(whole, drawn)
    return _changed(whole, drawn)


def _changed(whole: bytes, drawn: random.Random) -> bytes:
    if whole.startswith(b"<?xml") and drawn.randrange(2):
        return _with_other_elements(whole, drawn)
    content = bytearray(whole)
    for _ in range(drawn.choice((1, 1, 1, 2, 3, 8, 30))):
        drawn.choice(_STEPS)(content, drawn)
        if len(content) > LONGEST:
            break
    return bytes(content)


def _with_other_members(whole: bytes, drawn: random.Random) -> bytes:
    """An archive in which a member or two are changed, missing or there twice. It can still be opened."""
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        members = [(one.filename, archive.read(one)) for one in archive.infolist()]
    for _ in range(drawn.choice((1, 1, 1, 2, 3))):
        place = drawn.randrange(len(members))
        name, content = members[place]
        match drawn.randrange(12):
            case 0:
                del members[place]
            case 1:
                members.append((name, _changed(content, drawn)))
            case 2:
                members[place] = _changed(name.encode(), drawn).decode("latin-1"), content
            case _:
                members[place] = name, _changed(content, drawn)
        if not members:
            break
    packed = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(packed, "w", drawn.choice(_PACKED)) as archive:
        warnings.simplefilter("ignore")  # of a name that is there twice
        for name, content in members:
            how = zipfile.ZIP_STORED if name == "mimetype" else archive.compression
            archive.writestr(zipfile.ZipInfo(name[:1_000]), content, how)
    return packed.getvalue()


def _with_other_elements(whole: bytes, drawn: random.Random) -> bytes:
    """Well-formed XML in which elements have other texts, are missing, there twice, or elsewhere."""
    content = whole
    for _ in range(drawn.choice((1, 1, 2, 5))):
        found = list(drawn.choice((_LEAF, _LINE)).finditer(content))
        if not found:
            break
        one, other = drawn.choice(found), drawn.choice(found)
        element, token = one[0], escape(drawn.choice(TOKENS).decode("utf-8", "replace").replace("\0", "")).encode()
        text = element[: element.index(b">") + 1] + token + element[element.rindex(b"<") :]
        new = drawn.choice((b"", element * 2, element * 50, other[0], text, text, text, text))
        content = content[: one.start()] + new + content[one.end() :]
        if len(content) > LONGEST:
            break
    return content


def _place(content: bytearray, drawn: random.Random) -> int:
    return drawn.randrange(len(content) + 1)


def _part(content: bytearray, drawn: random.Random) -> slice:
    start = _place(content, drawn)
    return slice(start, start + drawn.choice((1, 2, 4, 8, 20, 100, 1_000)))


def _flip_bit(content: bytearray, drawn: random.Random) -> None:
    if content:
        content[drawn.randrange(len(content))] ^= 1 << drawn.randrange(8)


def _other_octet(content: bytearray, drawn: random.Random) -> None:
    if content:
        content[drawn.randrange(len(content))] = drawn.randrange(256)


def _cut_off(content: bytearray, drawn: random.Random) -> None:
    del content[_place(content, drawn) :]


def _take_out(content: bytearray, drawn: random.Random) -> None:
    del content[_part(content, drawn)]


def _repeat(content: bytearray, drawn: random.Random) -> None:
    part = _part(content, drawn)
    content[part.start : part.start] = content[part] * drawn.choice((1, 2, 3, 50))


def _splice(content: bytearray, drawn: random.Random) -> None:
    """A part of it in another place."""
    part = content[_part(content, drawn)]
    content[_part(content, drawn)] = part


def _insert(content: bytearray, drawn: random.Random) -> None:
    place = _place(content, drawn)
    content[place:place] = drawn.choice(TOKENS)


def _overwrite(content: bytearray, drawn: random.Random) -> None:
    content[_part(content, drawn)] = drawn.choice(TOKENS)


def _other_word(content: bytearray, drawn: random.Random) -> None:
    """A whole word or number, in place of which something special comes."""
    separators = b" \t\r\n;,:=\"'<>{}[]()|/"
    start = end = _place(content, drawn)
    while start and content[start - 1] not in separators:
        start -= 1
    while end < len(content) and content[end] not in separators:
        end += 1
    content[start:end] = drawn.choice(TOKENS)


_STEPS = (
    *(_flip_bit, _flip_bit, _other_octet, _other_octet, _cut_off, _take_out, _take_out),
    *(_repeat, _splice, _splice, _insert, _insert, _overwrite, _other_word, _other_word, _other_word),
)
