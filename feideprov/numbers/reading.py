"""From what somebody wrote to ASCII digits, without ever padding, cutting or guessing."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from feideprov.no_value import no_value

# What people and programs write between the digits: spaces of every width, hyphens and dashes of every
# length, and invisible marks (byte order, direction, zero width) that ride along when text is copied.
_SEPARATOR_CATEGORIES: Final = frozenset({"Zs", "Pd", "Cf"})
_SEPARATORS: Final = frozenset(".\t\N{MINUS SIGN}")

_EXCEL_FORMULA: Final = re.compile(r'\A="(.*)"\Z', re.DOTALL)
_DECIMAL_TAIL: Final = re.compile(r"\d\.0{1,2}\Z")


def ascii_digit(character: str) -> str | None:
    """The ASCII digit of any decimal digit (full-width, Arabic-Indic, …); None for every other character.

    A superscript or circled digit is not a decimal digit of Unicode, and nobody writes a number so.
    """
    value = unicodedata.decimal(character, None)
    return None if value is None else str(value)


def is_separator(character: str) -> bool:
    """Whether people write this character inside a number."""
    return character in _SEPARATORS or unicodedata.category(character) in _SEPARATOR_CATEGORIES


def digits_of(text: str) -> tuple[str, str | None]:
    """The digits, and the code of the refusal if the text is no plain number: `N-LETTERS`, `N-NO-VALUE` or `N-DECIMAL`.

    Surrounding white space, a spreadsheet's leading apostrophe and its `="…"` wrapper go.

    >>> digits_of(" 128294 99914 ")
    ('12829499914', None)
    >>> digits_of('="12829499914"')
    ('12829499914', None)
    >>> digits_of("12829499914.0")
    ('', 'N-DECIMAL')
    """
    if text.isascii() and text.isdigit():
        return text, None
    text = text.strip()
    if wrapped := _EXCEL_FORMULA.match(text):
        text = wrapped.group(1).strip()
    text = text.removeprefix("'").removeprefix("\N{RIGHT SINGLE QUOTATION MARK}")
    digits: list[str] = []
    for character in text:
        digit = ascii_digit(character)
        if digit is not None:
            digits.append(digit)
        elif not is_separator(character):
            return "", "N-NO-VALUE" if no_value(text) else "N-LETTERS"
    # A spreadsheet's decimal would add a false last digit: ten digits with ".0" make eleven.
    if _DECIMAL_TAIL.search(text):
        return "", "N-DECIMAL"
    return "".join(digits), None
