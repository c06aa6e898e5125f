"""D-numbers, and the fødselsnummer that follows one."""

from __future__ import annotations

from datetime import date
from typing import Final

from feideprov.numbers.forms import Written, form_of
from feideprov.numbers.kinds import NumberKind
from feideprov.numbers.number import NationalNumber
from feideprov.numbers.reading import digits_of

_NATIONAL: Final = (NumberKind.FODSELSNUMMER, NumberKind.D_NUMBER, NumberKind.TENOR)


def is_d_number(text: str, on: date) -> bool:
    """Whether a text is a D-number with check digits and a date, one of Tenor too."""
    digits, unreadable = digits_of(text)
    if unreadable is not None:
        return False
    form = form_of(digits, on)
    return form.kind in _NATIONAL and form.refusal is None and Written.of(digits).d_number


def follows_d_number(number: NationalNumber, held: str, on: date) -> bool:
    """Whether an accepted number is a fødselsnummer, and the number that somebody has until now a D-number.

    Both are of Tenor or neither is. Birth dates are not compared: the date in a D-number may be the day of registration
    (udi.no, «D-nummer stemmer ikke med fødselsdato»).
    """
    if number.kind not in _NATIONAL or is_d_number(number.reveal(), on) or not is_d_number(held, on):
        return False
    return (number.kind is NumberKind.TENOR) == (form_of(digits_of(held)[0], on).kind is NumberKind.TENOR)
