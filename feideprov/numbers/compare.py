"""Whether two texts are the same number, compared in memory."""

from __future__ import annotations

import hmac
import secrets

from feideprov.numbers.number import NationalNumber, NumberText

_THIS_PROCESS = secrets.token_bytes(32)


def same_number(number: NationalNumber | NumberText | str) -> bytes:
    """What all spellings of one number have in common, for comparing them in memory.

    Keyed for this process alone: what is kept while a plan is made shows no digit to a debugger or an error report.
    """
    text = number if isinstance(number, str) else number.reveal()
    return hmac.digest(_THIS_PROCESS, normal_digits(text).encode(), "sha256")


def normal_digits(text: str) -> str:
    """A number as two of them are compared: without spaces and signs, digits of any script as ASCII."""
    if text.isascii() and text.isdigit():
        return text
    return "".join(str(int(c)) if c.isdecimal() else c for c in text if c.isalnum()).casefold()
