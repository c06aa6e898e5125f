"""What is wrong in a file in TOML, in sentences for people. Nothing of the file is quoted: a key may be a secret in the
wrong place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from feideprov.messages import Sentence

_PLACE: Final = re.compile(r"\(at line (\d+), column (\d+)\)$")
_TWICE: Final = Sentence("this key or section is there already. Keep one of them")
_NOT_CLOSED: Final = Sentence("a quotation mark is missing at the end of a text")
_LETTER: Final = Sentence("a character that is not allowed stands here. Remove it")
_AS_NUMBER: Final = Sentence("a character that is written as a number, after a backslash, is wrong")
_REASONS: Final[Mapping[str, Sentence]] = {
    "Invalid statement": Sentence("here, a section, a key with its value, or a comment must begin"),
    "Expected newline": Sentence("the line must end after a value"),
    "Expected '=' after a key": Sentence("after a key, “=” and a value are missing"),
    "Expected ']]'": Sentence("“]]” is missing at the end of a heading"),
    "Expected ']'": Sentence("“]” is missing at the end of a heading"),
    "Expected": _NOT_CLOSED,
    "Unterminated string": _NOT_CLOSED,
    r"Illegal character '\n'": _NOT_CLOSED,
    r"Illegal character '\r'": _NOT_CLOSED,
    "Illegal character": _LETTER,
    "Found invalid character": _LETTER,
    "Invalid initial character for a key": Sentence("a key is missing here, or has letters that need quotation marks"),
    "Cannot declare": _TWICE,
    "Cannot overwrite": _TWICE,
    "Cannot mutate": _TWICE,
    "Cannot redefine": _TWICE,
    "Duplicate": _TWICE,
    "Unclosed array": Sentence("“]” is missing at the end of a list, or a comma between two of its values"),
    "Unclosed inline table": Sentence("the brace is missing at the end of a section on one line, or a comma in it"),
    "Unescaped": Sentence("in quotation marks, a backslash must be written twice"),
    "Invalid hex value": _AS_NUMBER,
    "Escaped character": _AS_NUMBER,
    "Invalid date": Sentence("this is no day. Write it as 2026-08-31"),
    "Invalid value": Sentence("this is no value. Text must stand in quotation marks"),
}
"""By how the reader of Python begins its text; the longer ones come first."""
_OTHERWISE: Final = Sentence("something cannot be read here")


def reason_of_toml(error: ValueError) -> Sentence:
    """What the reader of TOML did not understand, and where."""
    text = str(error)
    reason = next((said for begins, said in _REASONS.items() if text.startswith(begins)), _OTHERWISE)
    place = _PLACE.search(text)
    if place is None:
        return Sentence("{reason} (at the end of the file)", reason=reason)
    return Sentence("{reason} (line {line}, column {column})", reason=reason, line=int(place[1]), column=int(place[2]))
