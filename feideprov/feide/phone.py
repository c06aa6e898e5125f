"""Mobile numbers as they are stored: E.164, with `+` and the country in front."""

from __future__ import annotations

import re
from typing import Final

from feideprov.errors import InputError
from feideprov.installation import page
from feideprov.messages import Sentence
from feideprov.numbers.reading import ascii_digit, is_separator

_NORWEGIAN: Final = re.compile(r"[0-9]{8}")
_E164: Final = re.compile(r"\+[1-9][0-9]{6,14}")
_NORWEGIAN_MOBILE: Final = re.compile(r"\+47[49][0-9]{7}")
"""Nkom, the Norwegian numbering plan for telephony: mobile numbers have eight digits, and begin with 4 or 9."""


def mobile_number(text: str) -> str:
    """The number in E.164. Eight digits without a country are Norwegian.

    With the extra `phone` the length is compared with that of the country's numbers; without it any length of E.164
    is accepted. Raises InputError, without quoting anything.

    >>> mobile_number("90 12 34 56"), mobile_number("0046 70-123 45 67")
    ('+4790123456', '+46701234567')
    """
    if _NORWEGIAN_MOBILE.fullmatch(text):
        return text
    compact = "".join(ascii_digit(c) or c for c in text if not is_separator(c) and not c.isspace() and c not in "()/")
    if compact.startswith("00"):
        compact = f"+{compact[2:]}"
    elif _NORWEGIAN.fullmatch(compact):
        compact = f"+47{compact}"
    if not _E164.fullmatch(compact):
        raise InputError(
            Sentence(
                "This is not a mobile number. Write “+”, the country code (380 for Ukraine) and digits. For a "
                "Norwegian number, eight digits are enough."
            )
        )
    return _as_the_country_has_it(compact, trunk_zero="(0)" in text)


def is_mobile(number: str) -> bool:
    """Whether a number in E.164 is a mobile number in its country.

    Only the extra `phone` knows the numbers of other countries than Norway: without it they are taken for mobile
    numbers.

    >>> is_mobile("+4790123456"), is_mobile("+4722222222")
    (True, False)
    """
    if number.startswith("+47"):
        return bool(_NORWEGIAN_MOBILE.fullmatch(number))
    try:
        import phonenumbers
    except ImportError:
        return True
    try:
        kind = phonenumbers.number_type(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return False
    return kind in (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)


def _as_the_country_has_it(number: str, *, trunk_zero: bool) -> str:
    try:
        import phonenumbers
    except ImportError:
        if trunk_zero:
            raise InputError(
                Sentence(
                    "The mobile number contains “(0)”. Remove “(0)”, or add the extra “phone” ({page}), which knows "
                    "the mobile numbers of each country.",
                    page=page("commands.md", "Installation"),
                )
            ) from None
        return number
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        raise InputError(
            Sentence("No country has the code that this mobile number begins with. Correct the number.")
        ) from None
    if not phonenumbers.is_possible_number(parsed):
        raise InputError(Sentence("Mobile numbers of that country have another length. Correct the number."))
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
