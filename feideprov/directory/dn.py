"""Distinguished names, parsed and written by RFC 4514.

ldap3's own parser is not used: it refuses legal names (`cn=a=b`, `cn=`), and its `escape_rdn` is wrong for an
empty value, for a single space and for NUL (ldap3 2.9.1).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Self

from feideprov.directory.attribute_description import attribute_key
from feideprov.errors import InputError, scrub
from feideprov.look_alikes import visible
from feideprov.messages import Sentence
from feideprov.text import shown

Ava = tuple[str, str]
"""An attribute type and its value, unescaped."""


class Hex(str):
    """A value that is written in a DN as `#` and the hex of its BER (RFC 4514, 2.4); kept unchanged."""

    __slots__ = ()


_LONGEST_SHOWN = 200  # characters of a text that is no DN, in a message
_SPECIAL = re.compile(r'([,+"\\<>;=])')
_TYPE = re.compile(r"[A-Za-z][A-Za-z0-9-]*|[0-9]+(\.[0-9]+)*")
_HEX_PAIR = re.compile(r"[0-9A-Fa-f]{2}")
_HEX_STRING = re.compile(r"#([0-9A-Fa-f]{2})+")


def escape_value(value: str) -> str:
    """An attribute value as it is written in a DN (RFC 4514, 2.4). An equals sign is escaped too, for Samba."""
    if isinstance(value, Hex):
        return str(value)
    if value.isalnum():
        return value
    escaped = _SPECIAL.sub(r"\\\1", value).replace("\0", "\\00")
    if escaped.startswith((" ", "#")):
        escaped = "\\" + escaped
    if escaped.endswith(" ") and len(value) > 1:
        escaped = escaped[:-1] + "\\ "
    return escaped


def fold(value: str) -> str:
    """A value as `caseIgnoreMatch` compares it: NFKC, case folded, insignificant spaces removed (RFC 4518)."""
    folded = value.lower() if value.isascii() else unicodedata.normalize("NFKC", value).casefold()
    return " ".join(folded.split())


def same_key(text: str) -> str:
    """What two keys have in common that are one key for a person who reads them: source ids, schools, roles, words.

    As `fold`, and characters that cannot be seen are set aside. No server does that, although RFC 4518 says so (2.2),
    so a key in the directory may have them.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.lower().split())  # nearly always
    return fold(visible(text))


@dataclass(frozen=True, eq=False)
class DN:
    """A distinguished name. Two are equal if a directory treats them as equal (case, spaces, escapes, `CN` or
    `commonName` for `cn`).

    Parameters:
        rdns: the RDNs, the entry's own first; each is a tuple of pairs of an attribute and its value, not escaped.

    Raises: nothing.
    """

    rdns: tuple[tuple[Ava, ...], ...] = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a DN from a text (RFC 4514).

        Parameters:
            text: the DN.

        Returns: the DN; the empty one for an empty text.

        Raises:
            InputError: the text is not a DN.
        """
        try:
            return cls(tuple(_parse_rdn(part) for part in _split(text, ","))) if text.strip() else cls(())
        except ValueError:
            told = scrub(shown(text, _LONGEST_SHOWN))
            raise InputError(Sentence("“{text}” is not a distinguished name (RFC 4514).", text=told)) from None

    def child(self, attribute: str, value: str) -> DN:
        """The name of an entry directly below this one.

        Parameters:
            attribute: the attribute that names the entry, such as `uid`.
            value: its value, not escaped.

        Returns: the DN.

        Raises: nothing.
        """
        return DN((((attribute, value),), *self.rdns))

    @property
    def parent(self) -> DN:
        """The name of the entry above this one."""
        return DN(self.rdns[1:])

    @cached_property
    def own(self) -> tuple[Ava, ...]:
        """The entry's own name: its attributes (`attribute_key`) and their values."""
        return tuple((attribute_key(kind), value) for kind, value in self.rdns[0]) if self.rdns else ()

    @cached_property
    def key(self) -> tuple[Ava | frozenset[Ava], ...]:
        """The same for all equal names; usable as a dictionary key."""
        return tuple(
            _comparable(*rdn[0]) if len(rdn) == 1 else frozenset(_comparable(kind, value) for kind, value in rdn)
            for rdn in self.rdns
        )

    def is_within(self, base: DN) -> bool:
        """Whether this is the base, or an entry below it.

        Parameters:
            base: the DN of the base; everything is within the empty one.

        Returns: True when it is.

        Raises: nothing.
        """
        depth = len(base.rdns)
        return depth == 0 or self.key[-depth:] == base.key

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DN) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    @cached_property
    def _text(self) -> str:
        return ",".join("+".join(f"{k}={escape_value(v)}" for k, v in rdn) for rdn in self.rdns)

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return f"DN({scrub(str(self))!r})"


@lru_cache(maxsize=256, typed=True)  # the DNs of a directory have the same end; typed, because a Hex equals a text
def _comparable(kind: str, value: str) -> Ava:
    # no type ends with #, so BER in hex is never equal to a text that looks the same
    return (attribute_key(kind) + "#" if isinstance(value, Hex) else attribute_key(kind)), fold(value)


def _split(text: str, separator: str) -> list[str]:
    if "\\" not in text:
        return text.split(separator)
    parts, current, escaped = [], "", False
    for character in text:
        if character == separator and not escaped:
            parts.append(current)
            current = ""
            continue
        current += character
        escaped = character == "\\" and not escaped
    return [*parts, current]


@lru_cache(maxsize=256)  # the DNs of a directory have the same end
def _parse_rdn(text: str) -> tuple[Ava, ...]:
    avas = []
    for part in _split(text, "+"):
        kind, equals, value = part.partition("=")
        if not equals or not _TYPE.fullmatch(kind.strip()):
            raise ValueError
        avas.append((kind.strip(), _unescape(value)))
    return tuple(avas)


def _unescape(text: str) -> str:
    text = text.lstrip(" ")
    if text.startswith("#"):
        text = text.rstrip(" ")
        if not _HEX_STRING.fullmatch(text):
            raise ValueError
        return Hex(text)
    if "\\" not in text:
        if any(c in text for c in '"<>;\0'):
            raise ValueError
        return text.rstrip(" ")
    octets, significant, position = bytearray(), 0, 0
    while position < len(text):
        character = text[position]
        pair = _HEX_PAIR.match(text, position + 1) if character == "\\" else None
        if pair:
            octets.append(int(pair[0], 16))
            position += 3
        elif character == "\\":
            octets += text[position + 1 : position + 2].encode() or _raise_value_error()
            position += 2
        else:
            octets += character.encode()
            position += 1
        if character != " ":  # a trailing space belongs to the value only if it is escaped
            significant = len(octets)
    return octets[:significant].decode()


def _raise_value_error() -> bytes:
    raise ValueError


def parsed(texts: Iterable[str]) -> list[DN]:
    """The DNs among these texts, without the empty one; what is none is left out."""
    found = []
    for text in filter(None, texts):
        with suppress(InputError):
            found.append(DN.parse(text))
    return found


def renamed_dn(dn: DN, old: str, new: str) -> DN:
    """The DN of an entry whose Feide name changes from `old` to `new`. A `cn` in it changes if it is the user name, and
    not if it is a person's name."""
    old_name, new_name = (feide_name.partition("@")[0] for feide_name in (old, new))

    def is_user_name(kind: str, value: str) -> bool:
        key = attribute_key(kind)
        return key == "uid" or (key == "cn" and fold(value) == old_name)

    first = tuple((kind, new_name if is_user_name(kind, value) else value) for kind, value in dn.rdns[0])
    return DN((first, *dn.rdns[1:]))
