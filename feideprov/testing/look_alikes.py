"""Hypothesis strategies: texts that are in the place of a number, but are not one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from typing import Final

from hypothesis import strategies as st
from stdnum import luhn
from stdnum.ua import rntrc

from feideprov.errors import InputError
from feideprov.messages import Sentence
from feideprov.numbers import KINDS, NumberKind, judge_number
from feideprov.numbers.kinds import FILLER_ENDINGS
from feideprov.testing.numbers import (
    birth_dates,
    d_numbers,
    duf_numbers,
    fodselsnumre,
    prefix_of,
    with_check_digits,
)

JUDGED_AS: Final = {NumberKind.COUNTY: NumberKind.D_NUMBER, NumberKind.NAV_TEST: NumberKind.H_NUMBER}
"""Kinds that have exactly the form of another kind, which the judge reports."""

_CODES: Final = {row.kind: row.codes for row in KINDS}
_WORDS: Final = ("mangler", "ukjent", "?", "vet ikke", "D-nummer", "har ikke", "немає", "søkt")
_DIGITS: Final = "0123456789"


def look_alikes(kind: NumberKind) -> st.SearchStrategy[str]:
    """Texts that the judge reports as this kind: `look_alikes(NumberKind.H_NUMBER)`.

    All are refused by default, except county numbers: they have the form of D-numbers with 900–999 after the date, and
    need evidence (N-D-900). The judge reports those as D-numbers, and NAV's test numbers as H-numbers.

    County numbers and the numbers of other countries **can equal a living person's: never print one**. Skatteverket
    publishes single test numbers, but for none of these countries was a rule found that identifies a test series.

    Raises InputError for fødselsnummer, D-number and DUF number, which have strategies of their own.
    """
    if kind not in FORMS:
        raise InputError(
            Sentence(
                "There are no look-alikes of the kind {kind}. Use fodselsnumre(), d_numbers() or duf_numbers().",
                kind=kind.value,
            )
        )
    return FORMS[kind].filter(partial(_is_judged_as, kind))


def invented_numbers() -> st.SearchStrategy[str]:
    """What people write in a number field when they have no number: refused by every policy, whatever the evidence.

    All look-alikes except Tenor numbers, which a test directory accepts, and county numbers, which can be real. Among
    them are fillers, truncated and too long numbers, words, correct birth dates with five invented digits, and the
    numbers of other countries: those can equal a living person's there, so never print one.
    """
    kinds = [kind for kind in FORMS if kind not in (NumberKind.TENOR, NumberKind.COUNTY)]
    return st.sampled_from(kinds).flatmap(look_alikes)


def _is_judged_as(kind: NumberKind, text: str) -> bool:
    """If two kinds fit the same digits, which is rare, the judge decides."""
    verdict = judge_number(text)
    return verdict.kind is JUDGED_AS.get(kind, kind) and verdict.code in _CODES[kind]


@st.composite
def _by_month(draw: st.DrawFn, offset: int, months: Sequence[int] = range(1, 13)) -> str:
    """Numbers with an offset added to the month, and sometimes 40 to the day. The check digits are valid."""
    born = date(draw(birth_dates()).year, draw(st.sampled_from(months)), draw(st.integers(1, 28)))
    prefix = prefix_of(born, draw(st.sampled_from([0, 40])), offset)
    return with_check_digits(prefix, range(1000), draw(st.integers(0, 999)))


def _any_digits(length: int) -> st.SearchStrategy[str]:
    return st.integers(0, 10**length - 1).map(lambda number: f"{number:0{length}d}")


@st.composite
def _fh_number(draw: st.DrawFn) -> str:
    prefix = draw(st.sampled_from("89")) + draw(_any_digits(5))
    return with_check_digits(prefix, range(1000), draw(st.integers(0, 999)))


@st.composite
def _county_number(draw: st.DrawFn) -> str:
    series = range(900, 1000)
    return with_check_digits(prefix_of(draw(birth_dates()), 40), series, draw(st.sampled_from(series)))


@st.composite
def _dated(draw: st.DrawFn, ending: st.SearchStrategy[str]) -> str:
    """A birth date, with or without the 40 of a D-number, and another ending."""
    return prefix_of(draw(birth_dates()), draw(st.sampled_from([0, 40]))) + draw(ending)


@st.composite
def _mistyped(draw: st.DrawFn) -> str:
    """A valid birth date and individual number, with a wrong last digit."""
    number = draw(fodselsnumre(synthetic=False) | d_numbers(synthetic=False))
    return number[:10] + str((int(number[10]) + draw(st.integers(1, 9))) % 10)


@st.composite
def _without_date(draw: st.DrawFn) -> str:
    """Valid check digits, but a month that no kind of number uses."""
    month = draw(st.sampled_from([0, *range(13, 21), *range(33, 41), 79, 80, *range(93, 100)]))
    prefix = f"{draw(st.integers(0, 79)):02d}{month:02d}{draw(_any_digits(2))}"
    return with_check_digits(prefix, range(1000), draw(st.integers(0, 999)))


@st.composite
def _rnokpp(draw: st.DrawFn) -> str:
    nine = f"{(draw(birth_dates()) - date(1899, 12, 31)) // timedelta(days=1):05d}{draw(_any_digits(4))}"
    return nine + rntrc.calc_check_digit(nine)


@st.composite
def _swedish(draw: st.DrawFn) -> str:
    """Ten digits, or twelve for people born before 1985: later ones have the form of a DUF number."""
    born = draw(birth_dates())
    day = born.day + draw(st.sampled_from([0, 60]))
    nine = f"{born:%y%m}{day:02d}{draw(st.integers(1, 999)):03d}"
    century = draw(st.sampled_from(["", "19"])) if born.year < 1985 else ""
    return f"{century}{nine[:6]}{draw(st.sampled_from(['', '-']))}{nine[6:]}{luhn.calc_check_digit(nine)}"


@st.composite
def _danish(draw: st.DrawFn) -> str:
    """The seventh digit gives the century (stdnum.dk.cpr); no check digits since 2007."""
    born = draw(birth_dates())
    century = draw(st.sampled_from("012349" if born.year < 2000 else "456789"))
    return f"{born:%d%m%y}{draw(st.sampled_from(['', '-']))}{century}{draw(_any_digits(3))}"


def _wrong_length() -> st.SearchStrategy[str]:
    """One to nine digits, or twelve and more; those do not begin with a date or a year, and are not all the same."""
    long = st.text(_DIGITS, min_size=10, max_size=18).map("98".__add__)
    return st.text(_DIGITS, min_size=1, max_size=9) | long


FORMS: Final[dict[NumberKind, st.SearchStrategy[str]]] = {
    NumberKind.H_NUMBER: _by_month(40),
    NumberKind.NAV_TEST: _by_month(40),
    # the judge reports 51 and 52 as an H-number
    NumberKind.S_NUMBER: _by_month(50, range(3, 13)),
    NumberKind.NHN: _by_month(65),
    # The test series is + 60, but the judge reports 61 and 62 as an S-number, 66 to 72 as one of Norsk helsenett
    NumberKind.NPID: _by_month(20) | _by_month(60, range(3, 6)),
    NumberKind.TENOR: fodselsnumre() | d_numbers(),
    NumberKind.FH_NUMBER: _fh_number(),
    NumberKind.COUNTY: _county_number(),
    NumberKind.FILLER: _dated(st.sampled_from(sorted(FILLER_ENDINGS))),
    NumberKind.REPEATED: st.builds(str.__mul__, st.sampled_from(_DIGITS), st.integers(11, 14)),
    NumberKind.DUF_CUT: duf_numbers(st.integers(1985, date.today().year)).map(lambda number: number[:11]),  # noqa: DTZ011
    NumberKind.LOCAL_LONG: st.builds(
        lambda born, rest: prefix_of(born) + rest, birth_dates(), st.text(_DIGITS, min_size=6, max_size=9)
    ),
    # without the zero that a spreadsheet removed; synthetic, so nobody has it with the zero either
    NumberKind.TEN_DIGITS: fodselsnumre(birth_dates().map(lambda born: born.replace(day=born.day % 9 + 1))).map(
        lambda number: number[1:]
    ),
    NumberKind.RNOKPP: _rnokpp(),
    NumberKind.SWEDISH: _swedish(),
    NumberKind.DANISH: _danish(),
    NumberKind.LETTERS: st.sampled_from(_WORDS) | _dated(st.sampled_from(["XXXXX", "?????", " ukjent", "00000.0"])),
    NumberKind.WRONG_LENGTH: _wrong_length(),
    NumberKind.UNKNOWN: _mistyped() | _without_date(),
}
"""The strategy for each kind; the judge reports nearly all of its texts as that kind."""
