"""Numbers of other countries that get typed in: Ukrainian, Swedish, Danish.

Each is told by form alone, so it is only likely: ten digits can be many things. The check digits are
python-stdnum's; the day is an argument here, so its validators, which ask the clock, are not used.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from stdnum import luhn
from stdnum.dk import cpr
from stdnum.exceptions import ValidationError
from stdnum.ua import rntrc

from feideprov.numbers.dates import can_live
from feideprov.numbers.kinds import NumberKind

_DAY_ZERO: Final = date(1899, 12, 31)
_COORDINATION: Final = 60


def foreign_kind(ten: str, on: date) -> NumberKind | None:
    """What ten ASCII digits look like, the form with the strongest check first; None for none of them."""
    if is_rnokpp(ten, on):
        return NumberKind.RNOKPP
    if is_swedish(ten, on):
        return NumberKind.SWEDISH
    if is_danish(ten, on):
        return NumberKind.DANISH
    return None


def is_rnokpp(ten: str, on: date) -> bool:
    """A Ukrainian taxpayer number: five digits count the days to the birth date, the last is a check digit.

    >>> is_rnokpp("2530414071", date(2026, 11, 22))  # the example of stdnum.ua.rntrc
    True
    """
    return can_live(_DAY_ZERO + timedelta(days=int(ten[:5])), on) and rntrc.is_valid(ten)


def is_swedish(digits: str, on: date) -> bool:
    """A Swedish number of ten digits (YYMMDD and four) or twelve (YYYYMMDD and four), with Luhn's check over ten.

    A samordningsnummer, for people who do not live in Sweden, has day + 60.

    >>> is_swedish("8803200016", date(2026, 11, 22))  # the example of stdnum.se.personnummer
    True
    """
    written = (digits,) if len(digits) == 12 else (f"19{digits}", f"20{digits}")
    return any(_is_birth_date(text, on) for text in written) and luhn.is_valid(digits[-10:])


def is_danish(ten: str, on: date) -> bool:
    """A Danish CPR number: DDMMYY and four digits, of which the first shows the century.

    >>> is_danish("2110620629", date(2026, 11, 22))  # the example of stdnum.dk.cpr
    True
    """
    try:
        return can_live(cpr.get_birth_date(ten), on)
    except ValidationError:
        return False


def _is_birth_date(yyyymmdd: str, on: date) -> bool:
    year, month, day = int(yyyymmdd[:4]), int(yyyymmdd[4:6]), int(yyyymmdd[6:8])
    try:
        return can_live(date(year, month, day - _COORDINATION if day > _COORDINATION else day), on)
    except ValueError:
        return False
