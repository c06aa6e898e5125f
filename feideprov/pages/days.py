"""Days in words."""

from __future__ import annotations

from datetime import date
from typing import Final

_LOCALES: Final = {"en": "en_GB"}


def day_in_words(day: date, language: str) -> str:
    """A day as a letter writes it.

    >>> day_in_words(date(2026, 11, 3), "nb"), day_in_words(date(2026, 11, 3), "en")
    ('3. november 2026', '3 November 2026')
    """
    from babel.dates import format_date

    return format_date(day, "long", locale=_LOCALES.get(language, language))


def short_day(day: date, language: str) -> str:
    """A day as tables show it.

    >>> short_day(date(2026, 11, 3), "nb"), short_day(date(2026, 11, 3), "en")
    ('03.11.2026', '3 Nov 2026')
    """
    from babel.dates import format_date

    if language == "en":
        return format_date(day, "d MMM y", locale="en")  # British English writes “Sept”
    return format_date(day, "short", locale=language)
