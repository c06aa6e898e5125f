"""Whether two texts are the same number, whatever their spelling. They are compared in memory only."""

from __future__ import annotations

import hmac
import secrets

from feideprov.numbers.number import NationalNumber, NumberText

_THIS_PROCESS = secrets.token_bytes(32)


def same_number(number: NationalNumber | NumberText | str) -> bytes:
    """A digest that is the same for all spellings of one number, to compare numbers in memory.

    Its key is made anew in each process: what is kept while a plan is made shows no digit to a debugger or in an error
    report. The text is not judged.

    >>> same_number("128294 99914") == same_number(NumberText("12829499914"))
    True
    """
    text = number if isinstance(number, str) else number.reveal()
    return hmac.digest(_THIS_PROCESS, normal_digits(text).encode(), "sha256")


def normal_digits(text: str) -> str:
    """The number in the form in which two numbers are compared: without spaces and signs, digits of every script as
    ASCII, letters in lower case.

    >>> normal_digits("١٢٨٢٩٤-999 14")
    '12829499914'
    """
    if text.isascii() and text.isdigit():
        return text
    return "".join(str(int(c)) if c.isdecimal() else c for c in text if c.isalnum()).casefold()
