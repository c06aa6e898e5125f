"""Texts that look the same: characters that nobody sees, and letters that look like others.

A key may be copied with a character in it that cannot be seen, and a letter may come from another alphabet. The first
is set aside when keys are compared. The second makes another key, so it is told where the two differ.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Final

from feideprov.messages import NOTHING, Sentence

INVISIBLE: Final = re.compile(
    "[\0-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Control characters, what Unicode says is shown as nothing (DerivedCoreProperties.txt 15.0,
Default_Ignorable_Code_Point), interlinear annotations and the empty Braille pattern. White space is not among them."""


def visible(text: str) -> str:
    """The text without characters that cannot be seen. White space stays.

    >>> visible("ref\\u200b-1\\u00ad")
    'ref-1'
    """
    return text if text.isascii() and text.isprintable() else INVISIBLE.sub("", text)


def look(text: str) -> str:
    """What texts that look the same have in common (Unicode's UTS 39, data: confusable-homoglyphs).

    >>> look("ref–а1") == look("ref-a1")
    True
    """
    decomposed = unicodedata.normalize("NFD", visible(unicodedata.normalize("NFKC", text)))
    return "".join(map(_looks_like().__getitem__, decomposed))


def told_apart(text: str, known: Iterable[str]) -> Sentence:
    """What stands behind a text in a sentence when it looks like one of the known texts but is another: where the two
    differ, in parentheses. Nothing where none looks the same.

    >>> print(told_apart("skоle", ["skule", "skole"]))
     (character 3 is U+043E CYRILLIC SMALL LETTER O, not U+006F LATIN SMALL LETTER O)
    """
    looks = _looks(text)
    others = (one for one in known if one.casefold() != text.casefold() and not looks.isdisjoint(_looks(one)))
    other = next(others, None)
    return NOTHING if other is None else Sentence(" ({difference})", difference=_difference(text, other))


def _looks(text: str) -> frozenset[tuple[int, str]]:
    """How a text looks as it is, in small letters and in capitals: Н looks like H, and н does not look like h."""
    return frozenset(enumerate(map(look, (text, text.casefold(), text.upper()))))


def _difference(text: str, other: str) -> Sentence:
    at = _first_difference(text, other)
    here, there = text[at : at + 1], other[at : at + 1]
    if here and (INVISIBLE.match(here) or not there):
        return Sentence("character {number}, {here}, is too much", number=at + 1, here=named(here))
    if there and (INVISIBLE.match(there) or not here):
        return Sentence("after character {number}, {there} is missing", number=at, there=named(there))
    return Sentence("character {number} is {here}, not {there}", number=at + 1, here=named(here), there=named(there))


def _first_difference(text: str, other: str) -> int:
    """Where two texts differ, if possible in more than small letters and capitals, which everybody sees."""
    pairs = list(zip(text, other, strict=False))
    differing = [at for at, (one, two) in enumerate(pairs) if one != two]
    if len(text) != len(other):
        differing.append(len(pairs))
    return next((at for at in differing if text[at : at + 1].casefold() != other[at : at + 1].casefold()), differing[0])


def named(character: str) -> str:
    """A character as it is told: its code point and its name in Unicode."""
    return f"U+{ord(character):04X} {unicodedata.name(character, '')}".rstrip()


class _Letters(dict[str, str]):
    """What each character looks like; by default, itself."""

    def __missing__(self, character: str) -> str:
        return character


@cache
def _looks_like() -> _Letters:
    """One character for each group of characters that look the same."""
    found = _Letters()
    for text, alikes in look_alike_data().items():
        [first, *others] = (visible(alike["c"]) for alike in alikes)
        if len(text) == 1 and not others:  # in a group, all but one name that one alone
            found[text] = first
    for text, alike in list(found.items()):
        if found.get(alike) == text:  # a group of two
            found[text] = min(text, alike)
    return found


def look_alike_data() -> dict[str, list[dict[str, str]]]:
    """The data of the library alone: to import the library takes twice the time."""
    import json
    from importlib.resources import files

    content = files("confusable_homoglyphs").joinpath("confusables.json").read_bytes()
    data: dict[str, list[dict[str, str]]] = json.loads(content)
    return data
