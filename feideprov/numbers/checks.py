"""The check digits. The arithmetic of the two mod-11 digits is python-stdnum's; which rule counts is ours."""

from __future__ import annotations

from enum import Enum
from typing import Final

from stdnum.no.fodselsnummer import calc_check_digit1, calc_check_digit2

_DUF_WEIGHTS: Final = (4, 6, 3, 2, 4, 6, 3, 2, 7, 5)


class ControlRule(Enum):
    """Which rule of control digits an eleven-digit number keeps."""

    OLD = "the rule since 1964"
    NEW = "only the rule for numbers issued from 2032"
    NEITHER = "neither"


def control_rule(digits: str) -> ControlRule:
    """The rule these eleven ASCII digits keep.

    Old: both weighted sums are 0 mod 11. New: the first is 0, 1, 2 or 3, the second 0
    (Skatteetaten/folkeregisteret-api-dokumentasjon, src/om-tjenestene/nyttfnr2032.md). What keeps the old
    rule keeps the new one too.

    >>> control_rule("12829499914")
    <ControlRule.OLD: 'the rule since 1964'>
    >>> control_rule("30908299902")
    <ControlRule.NEW: 'only the rule for numbers issued from 2032'>
    """
    if digits[10] != calc_check_digit2(digits):  # "10" is nobody's last digit
        return ControlRule.NEITHER
    # The rest is (sum + k1) mod 11, and the calculated digit is -sum mod 11.
    rest = (int(digits[9]) - int(calc_check_digit1(digits))) % 11
    if rest == 0:
        return ControlRule.OLD
    return ControlRule.NEW if rest <= 3 else ControlRule.NEITHER


def duf_check(first_ten: str) -> str:
    """The two check digits of a DUF number, 00 to 10, from its first ten digits.

    No statement of the rule by UDI was found. Two independent public implementations agree on it
    (statisticsnorway/kostra-kontrollprogram; tonneask/norsk-nummer-validering, dufnummer.js).

    >>> duf_check("2010172382")
    '03'
    """
    return f"{sum(w * int(d) for w, d in zip(_DUF_WEIGHTS, first_ten, strict=True)) % 11:02d}"
