"""Text that others wrote, made fit to be stored as a name (`normal_name`) or to be shown (`shown`).

Both give one line with single spaces, without control characters and without the invisible marks that turn the
direction of writing. Both keep the zero-width joiner and non-joiner: letters of Persian and of Indic scripts look
different with and without them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Final

from feideprov.errors import scrub
from feideprov.numbers import number_shaped

_JOINERS: Final = "\u200c\u200d"


def normal_name(text: str) -> str:
    """A name as it is stored: in Unicode's composed form (NFC), with single spaces. Empty when nothing can be seen.

    Characters that this version of Python does not know are kept: they may be letters.
    Feide's validator reports two spaces in a row (docs.feide.no, reference/ldap_validator).

    >>> normal_name("  A\\u030ase\\u200f  Lie ")
    'Åse Lie'
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    if text.isprintable():
        return _on_one_line(unicodedata.normalize("NFC", text))
    seen = (c for c in text if c.isspace() or c in _JOINERS or unicodedata.category(c) not in {"Cc", "Cf"})
    return _on_one_line(unicodedata.normalize("NFC", "".join(seen)))


def shown(text: str, longest: int | None = None, *, hide_numbers: bool = True) -> str:
    """A text as it is shown to a person: on a screen, in a message, in a file. Empty when nothing can be seen.

    `longest` is the greatest number of characters; a longer text is cut and ends with “…”. What looks like an identity
    number is taken out; `hide_numbers=False` is for lines that were made of parts without one.

    >>> shown("Lexi\\u202en\\u2066 AS\\r\\nBcc: all"), shown("Lexin 128294-99914"), shown("Leksebanken", 6)
    ('Lexin AS Bcc: all', 'Lexin …', 'Lekse…')
    """
    if text.isascii() and text.isprintable():
        line = " ".join(text.split())
    else:
        if hide_numbers:
            text = _without_number(text)  # without the invisible marks, its groups are others
        line = _on_one_line("".join(c for c in text if c.isprintable() or c.isspace() or c in _JOINERS))
    if hide_numbers:
        line = _without_number(line)  # before it is cut: a part of a number is no longer recognized
    if longest is not None and len(line) > longest:
        line = f"{line[: longest - 1].rstrip()}…"
        if hide_numbers:
            line = _without_number(line)  # a long run of digits may look like a number once it is cut
    return line


def holds_number(text: str) -> bool:
    """Whether a text holds what looks like an identity number: `number_shaped`, fast for texts with few digits."""
    return sum(map(str.isdecimal, text)) >= 10 and number_shaped(text)


def _on_one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if line.strip(_JOINERS + " ") else ""


def _without_number(line: str) -> str:
    if not holds_number(line):
        return line
    line = scrub(line)
    if holds_number(line):  # a number with signs between the digits that `scrub` does not know
        line = "".join("…" if c.isdecimal() else c for c in line)
    return line


class Addresses:
    """Feide names, or other texts with “@”, that are looked for in many texts: however many they are, a text is looked
    at around its own “@”.

    >>> Addresses({"ola@x.no"}).stand_in("The user ola@x.no was closed."), Addresses({"ola@x.no"}).stand_in("ola@y.no")
    (True, False)
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = frozenset(texts)
        self._others = [text for text in self._texts if "@" not in text]
        self._around = {(text.index("@"), len(text) - text.index("@")) for text in self._texts if "@" in text}
        """How many characters stand before “@”, and how many from there on."""

    def stand_in(self, text: str) -> bool:
        """Whether one of them is a part of the text."""
        places = [place for place, sign in enumerate(text) if sign == "@"] if self._around else ()
        return any(
            place >= before and text[place - before : place + after] in self._texts
            for place in places
            for before, after in self._around
        ) or any(other in text for other in self._others)
