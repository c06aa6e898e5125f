"""What digits alone show, on a given day: the kind, what is wrong, what is in doubt, the possible dates.

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
from feideprov.numbers.foreign import foreign_kind, is_swedish
from feideprov.numbers.kinds import FILLER_ENDINGS, KINDS, NumberKind

FIRST_DUF_YEAR: Final = 1985

SHAPES: Final = tuple((offset, row) for row in KINDS for offset in row.month_offset if offset)
"""Month offset and row of each look-alike recognized by its month, in the order in which they are reported."""

REFUSAL_OF: Final = {row.kind: row.codes[0] for row in KINDS}
NEEDS_CHECK: Final = frozenset(row.kind for row in KINDS if row.needs_check)
TENOR_OFFSET: Final = 80


class Form(NamedTuple):
    """What the digits show. `refusal`: the code, if form alone refuses. `doubts`: *needs evidence* codes."""

    kind: NumberKind
    refusal: str | None = None
    birth_dates: tuple[date, ...] = ()
    doubts: tuple[str, ...] = ()


class Written(NamedTuple):
    """Day, month and year as six digits write them; `d_number`: 40 is added to the day, and taken off here."""

    day: int
    month: int
    yy: int
    d_number: bool

    @classmethod
    def of(cls, digits: str) -> Written:
        """The first six of some ASCII digits."""
        day = int(digits[:2])
        d_number = day > 40
        return cls(day - 40 if d_number else day, int(digits[2:4]), int(digits[4:6]), d_number)

    @property
    def is_date(self) -> bool:
        """Whether an F or a D can begin so."""
        return is_day(self.day, self.month, self.yy)

    @property
    def look_alikes(self) -> tuple[NumberKind, ...]:
        """The kinds whose months and days fit, in order of the table. Never F or D.

        >>> Written.of("128294").look_alikes
        (<NumberKind.TENOR: 'tenor'>,)
        """
        return tuple(row.kind for offset, row in SHAPES if is_day(self.day, self.month - offset, self.yy))


def form_of(digits: str, on: date) -> Form:
    """The form of ASCII digits on the day they are judged."""
    length = len(digits)
    if length == 11:
        return _eleven(digits, on)
    if length == 10:
        return _ten(digits, on)
    if length == 0:
        return Form(NumberKind.WRONG_LENGTH, "N-EMPTY")
    if length < 12:
        return Form(NumberKind.WRONG_LENGTH, "N-LENGTH")
    return _twelve_or_more(digits, on)


def is_duf_year(digits: str, last_year: int) -> bool:
    """Whether the first four digits can be the year UDI registered somebody."""
    return FIRST_DUF_YEAR <= int(digits[:4]) <= last_year


def _eleven(digits: str, on: date) -> Form:
    if digits == digits[0] * 11:
        # Only eleven zeros keep the check digits, by either rule, and they have no date.
        return Form(NumberKind.REPEATED, "N-ALIKE")
    rule = control_rule(digits)
    written = Written.of(digits)
    if not written.is_date:
        return _no_national(digits, written, rule, on)
    kind = NumberKind.D_NUMBER if written.d_number else NumberKind.FODSELSNUMMER
    form = _dated(digits, written, kind, rule, on)
    if form.refusal is not None:
        return _refused_national(digits, form, on)
    doubts = _doubts(digits, written, rule)
    return form._replace(doubts=doubts) if doubts else form


def _refused_national(digits: str, form: Form, on: date) -> Form:
    """The most useful reason why digits with the date of an F or a D cannot be one."""
    if digits[6:] in FILLER_ENDINGS:
        return Form(NumberKind.FILLER, "N-FILLER")
    if form.refusal in {"N-CHECK", "N-2032"}:
        if _is_cut_duf(digits, on):
            return Form(NumberKind.DUF_CUT, "N-DUF-CUT")
        if form.refusal == "N-CHECK":
            return Form(NumberKind.UNKNOWN, "N-CHECK")
    return form


def _no_national(digits: str, written: Written, rule: ControlRule, on: date) -> Form:
    """Eleven digits without the date of an F or a D."""
    if rule is not ControlRule.OLD and _is_cut_duf(digits, on):
        return Form(NumberKind.DUF_CUT, "N-DUF-CUT")
    for kind in written.look_alikes:
        if kind is NumberKind.TENOR:
            true_month = written._replace(month=written.month - TENOR_OFFSET)
            return _dated(digits, true_month, kind, rule, on)
        if rule is ControlRule.OLD or kind not in NEEDS_CHECK:
            return Form(kind, REFUSAL_OF[kind])
    if rule is not ControlRule.OLD:
        return Form(NumberKind.UNKNOWN, "N-CHECK")
    if digits[0] in "89":
        return Form(NumberKind.FH_NUMBER, "N-FH")
    return Form(NumberKind.UNKNOWN, "N-NO-DATE")


def _dated(digits: str, written: Written, kind: NumberKind, rule: ControlRule, on: date) -> Form:
    """Control rule, century, calendar and future, for F, D and Tenor alike."""
    if rule is ControlRule.NEITHER:
        return Form(kind, "N-CHECK")
    day, month, yy, d_number = written
    if on >= NEW_RULE_FROM:
        # Also a number that follows the old rule may have been issued by the new one, which is wider.
        years = years_of_any_century(yy, on.year)
    elif rule is ControlRule.NEW:
        return Form(kind, "N-2032")
    else:
        years = possible_years(int(digits[6:9]), yy, d_number=d_number)
        if not years:
            return Form(kind, "N-CENTURY")
    dates = existing_dates(day, month, years)
    if not dates:
        return Form(kind, "N-NO-DATE")
    if dates[-1] > on:
        dates = tuple(born for born in dates if born <= on)
        if not dates:
            return Form(kind, "N-FUTURE")
    return Form(kind, None, dates)


def _doubts(digits: str, written: Written, rule: ControlRule) -> tuple[str, ...]:
    """What else a possible F or D can be. County numbers follow the old rule, so a D of the new rule is not one."""
    if digits[6:] in FILLER_ENDINGS:
        return ("N-FILLER-VALID",)
    if written.d_number and digits[6] == "9" and rule is ControlRule.OLD:
        return ("N-D-900",)
    return ()


def _is_cut_duf(digits: str, on: date) -> bool:
    return is_duf_year(digits, on.year) and digits[10] == duf_check(digits[:10])[0]


def _ten(digits: str, on: date) -> Form:
    """A national number that lost its leading zero, before what other countries write with ten digits."""
    if _eleven("0" + digits, on).refusal is not None and (kind := foreign_kind(digits, on)):
        return Form(kind, REFUSAL_OF[kind])
    return Form(NumberKind.TEN_DIGITS, "N-TEN-DIGITS")


def _twelve_or_more(digits: str, on: date) -> Form:
    written = Written.of(digits)
    local = written.is_date and not written.d_number
    swedish = len(digits) == 12 and is_swedish(digits, on)
    if len(digits) == 12 and is_duf_year(digits, on.year):
        doubts = (
            ("N-DUF-SWEDISH", swedish),
            ("N-DUF-LOCAL", local),
            ("N-DUF-CHECK", digits[10:] != duf_check(digits[:10])),
        )
        return Form(NumberKind.DUF, None, (), tuple(code for code, holds in doubts if holds))
    if digits == digits[0] * len(digits):
        return Form(NumberKind.REPEATED, "N-ALIKE")
    if swedish:
        return Form(NumberKind.SWEDISH, "N-SWEDISH")
    if local:
        return Form(NumberKind.LOCAL_LONG, "N-LOCAL-LONG")
    return Form(NumberKind.WRONG_LENGTH, "N-LENGTH")
