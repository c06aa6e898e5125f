"""Days in words, in bokmål, nynorsk and English."""

from __future__ import annotations

from datetime import date
from typing import Final

_NORWEGIAN_MONTHS: Final = (
    *("januar", "februar", "mars", "april", "mai", "juni"),
    *("juli", "august", "september", "oktober", "november", "desember"),
)
_MONTHS: Final = {
    "nb": _NORWEGIAN_MONTHS,
    "nn": _NORWEGIAN_MONTHS,
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}


def day_in_words(day: date, language: str) -> str:
    """A day as a letter writes it.

    >>> day_in_words(date(2026, 11, 3), "nb"), day_in_words(date(2026, 11, 3), "en")
    ('3. november 2026', '3 November 2026')
    """
    dot = "" if language == "en" else "."
    return f"{day.day}{dot} {_MONTHS[language][day.month - 1]} {day.year}"


def short_day(day: date, language: str) -> str:
    """A day as tables show it.

    >>> short_day(date(2026, 11, 3), "nb"), short_day(date(2026, 11, 3), "en")
    ('03.11.2026', '3 Nov 2026')
    """
    if language == "en":
        return f"{day.day} {_MONTHS['en'][day.month - 1][:3]} {day.year}"
    return f"{day:%d.%m.%Y}"
