"""What digits alone tell, on a given day: the kind, what is wrong, what is in doubt, the possible dates.

Nothing here knows of recorded birth dates, evidence or settings: those belong to the judge.
"""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple

from feideprov.numbers.checks import ControlRule, control_rule, duf_check
from feideprov.numbers.dates import (
    NEW_RULE_FROM,
    existing_dates,
    is_day,
    possible_years,
    years_of_any_century,
)
from feideprov.numbers.kinds import KINDS, NumberKind

FIRST_DUF_YEAR: Final = 1985

FILLER_ENDINGS: Final = frozenset(
    {
        "55555",
        "77777",
        "88888",
        "99999",
        *(f"00{x}00" for x in range(10)),
    }  # 00000, 00100, 00200 and SAP's 00X00
)

SHAPES: Final = tuple(
    (offset, row) for row in KINDS if row.month_offset and 0 not in row.month_offset for offset in row.month_offset
)
"""Month offset and row of each look-alike told by its month, in the order in which they are reported."""

REFUSAL_OF: Final = {row.kind: row.codes[0] for _, row in SHAPES}
NEEDS_CHECK: Final = frozenset(row.kind for row in KINDS if row.needs_check)
TENOR_OFFSET: Final = 80


class Form(NamedTuple):
    """What the digits tell. `refusal`: the code, if form alone refuses. `doubts`: *needs evidence* codes."""

    kind: NumberKind
    refusal: str | None = None
    birth_dates: tuple[date, ...] = ()
    doubts: tuple[str, ...] = ()


def form_of(digits: str, on: date) -> Form:
    """The form of ASCII digits on the day they are judged."""
    length = len(digits)
    if length == 11:
        return _eleven(digits, on)
    if length == 10:
        return Form(NumberKind.TEN_DIGITS, "N-TEN-DIGITS")
    if length == 0:
        return Form(NumberKind.WRONG_LENGTH, "N-EMPTY")
    if length < 12:
        return Form(NumberKind.WRONG_LENGTH, "N-LENGTH")
    return _twelve_or_more(digits, on)


def look_alikes(digits: str) -> tuple[NumberKind, ...]:
    """The kinds whose month and day fit the first six digits, in order of the table. Never F or D.

    >>> look_alikes("12829499914")
    (<NumberKind.TENOR: 'tenor'>,)
    """
    day, month, yy = _day(digits), int(digits[2:4]), int(digits[4:6])
    return tuple(row.kind for offset, row in SHAPES if is_day(day, month - offset, yy))


def national_shape(digits: str) -> NumberKind | None:
    """F or D, when the first six digits are a date with or without day + 40."""
    if not is_day(_day(digits), int(digits[2:4]), int(digits[4:6])):
        return None
    return NumberKind.D_NUMBER if digits[0] > "3" else NumberKind.FODSELSNUMMER


def is_duf_year(digits: str, last_year: int) -> bool:
    """Whether the first four digits can be the year UDI registered somebody."""
    return FIRST_DUF_YEAR <= int(digits[:4]) <= last_year


def _day(digits: str) -> int:
    day = int(digits[:2])
    return day - 40 if day > 40 else day


def _eleven(digits: str, on: date) -> Form:
    if digits == digits[0] * 11:
        # Only eleven zeros keep the check digits, by either rule, and they have no date.
        return Form(NumberKind.REPEATED, "N-ALIKE")
    rule = control_rule(digits)
    shape = national_shape(digits)
    if shape is None:
        return _no_national(digits, rule, on)
    form = _dated(digits, shape, 0, rule, on)
    if form.refusal is not None:
        return _refused_national(digits, form, on)
    doubts = _doubts(digits, shape, rule)
    return form._replace(doubts=doubts) if doubts else form


def _refused_national(digits: str, form: Form, on: date) -> Form:
    """The most telling reason why digits with the date of an F or a D cannot be one."""
    if digits[6:] in FILLER_ENDINGS:
        return Form(NumberKind.FILLER, "N-FILLER")
    if form.refusal in {"N-CHECK", "N-2032"}:
        if _is_cut_duf(digits, on):
            return Form(NumberKind.DUF_CUT, "N-DUF-CUT")
        if form.refusal == "N-CHECK":
            return Form(NumberKind.UNKNOWN, "N-CHECK")
    return form


def _no_national(digits: str, rule: ControlRule, on: date) -> Form:
    """Eleven digits without the date of an F or a D."""
    if rule is not ControlRule.OLD and _is_cut_duf(digits, on):
        return Form(NumberKind.DUF_CUT, "N-DUF-CUT")
    for kind in look_alikes(digits):
        if kind is NumberKind.TENOR:
            return _dated(digits, kind, TENOR_OFFSET, rule, on)
        if rule is ControlRule.OLD or kind not in NEEDS_CHECK:
            return Form(kind, REFUSAL_OF[kind])
    if rule is not ControlRule.OLD:
        return Form(NumberKind.UNKNOWN, "N-CHECK")
    if digits[0] in "89":
        return Form(NumberKind.FH_NUMBER, "N-FH")
    return Form(NumberKind.UNKNOWN, "N-NO-DATE")


def _dated(digits: str, kind: NumberKind, month_offset: int, rule: ControlRule, on: date) -> Form:
    """Control rule, century, calendar and future, for F, D and Tenor alike."""
    if rule is ControlRule.NEITHER:
        return Form(kind, "N-CHECK")
    yy = int(digits[4:6])
    if on >= NEW_RULE_FROM:
        # Also a number that keeps the old rule may have been issued by the new one, which is wider.
        years = years_of_any_century(yy, on.year)
    elif rule is ControlRule.NEW:
        return Form(kind, "N-2032")
    else:
        years = possible_years(int(digits[6:9]), yy, d_number=digits[0] > "3")
        if not years:
            return Form(kind, "N-CENTURY")
    dates = existing_dates(_day(digits), int(digits[2:4]) - month_offset, years)
    if not dates:
        return Form(kind, "N-NO-DATE")
    if dates[-1] > on:
        dates = tuple(day for day in dates if day <= on)
        if not dates:
            return Form(kind, "N-FUTURE")
    return Form(kind, None, dates)


def _doubts(digits: str, shape: NumberKind, rule: ControlRule) -> tuple[str, ...]:
    """What else a possible F or D can be. Counties' numbers keep the old rule: a D of the new one is none."""
    if digits[6:] in FILLER_ENDINGS:
        return ("N-FILLER-VALID",)
    if shape is NumberKind.D_NUMBER and digits[6] == "9" and rule is ControlRule.OLD:
        return ("N-D-900",)
    return ()


def _is_cut_duf(digits: str, on: date) -> bool:
    return is_duf_year(digits, on.year) and digits[10] == duf_check(digits[:10])[0]


def _twelve_or_more(digits: str, on: date) -> Form:
    local = is_day(int(digits[:2]), int(digits[2:4]), int(digits[4:6]))
    if len(digits) == 12 and is_duf_year(digits, on.year):
        doubts = ("N-DUF-LOCAL",) if local else ()
        if digits[10:] != duf_check(digits[:10]):
            doubts = (*doubts, "N-DUF-CHECK")
        return Form(NumberKind.DUF, None, (), doubts)
    if digits == digits[0] * len(digits):
        return Form(NumberKind.REPEATED, "N-ALIKE")
    if local:
        return Form(NumberKind.LOCAL_LONG, "N-LOCAL-LONG")
    return Form(NumberKind.WRONG_LENGTH, "N-LENGTH")
