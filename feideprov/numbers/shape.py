"""Is a person's number in a text that should be something else?

`number_shaped` hides numbers in messages, so it sees more than there is. `key_is_number` refuses keys, so it asks for
the date and the check digits of a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from unicodedata import category

from feideprov.errors import ELEVEN_DIGITS, NUMBER_IN_GROUPS
from feideprov.numbers.checks import ControlRule, control_rule, duf_check
from feideprov.numbers.forms import Written, is_duf_year
from feideprov.numbers.kinds import NumberKind
from feideprov.numbers.reading import ascii_digit, is_separator

LAST_DUF_YEAR: Final = 2100
"""Wider than the judge's, which knows the day: a text is looked at without one."""

_TEN_DIGITS: Final = re.compile(r"\d(?:\D*\d){9}")
"""What every number has, and nearly no other text."""
_NO_DIGIT: Final = re.compile(r"[^0-9]")
_RUN: Final = re.compile(r"[0-9]+")
_JOINED_RUN: Final = re.compile(r"[0-9](?: *[0-9])*")

_SYNTHETIC: Final = frozenset((NumberKind.H_NUMBER, NumberKind.NHN, NumberKind.TENOR))
"""The series whose numbers are formed as those of the register. NAV's test numbers have the form of H-numbers."""
_YEARS: Final = range(2000, 2040)
_TWO_PARTS: Final = r"\d{6}[\W_]{0,3}\d{5}"
_GROUPS: Final = re.compile(rf"(?<!\d)(?=((?:{NUMBER_IN_GROUPS})(?!\d)))")
_KEY: Final = re.compile(rf"(?<![^\W_])(?=((?:\d{{11,12}}|{NUMBER_IN_GROUPS})(?![^\W_])))")
"""Eleven digits, or the twelve of a DUF number, as people write them, which begin and end where a word does."""
_BESIDE_LETTERS: Final = re.compile(rf"[^\W\d_]*({_TWO_PARTS}|\d{{12}})[^\W\d_]*")
_TEN_ALONE: Final = re.compile(r"\W*(\d{5}\W?\d{5})(?:[.,]0+)?\W*")


def number_shaped(text: str) -> bool:
    """Whether a source id, a mail address, a file name contains what looks like a person's number.

    True when a whole run of 11 or 12 digits, with or without the spaces, dots and dashes inside it, or in the groups
    that people write with other signs between them, begins
    with a date (as a fødselsnummer, a D-number or any look-alike writes it), keeps the check digits of an
    FH-number or of a DUF number (years 1985 to 2100), or is one digit repeated; or when a run of ten digits
    is a fødselsnummer or D-number once a leading zero is put before it. Never raises.

    >>> number_shaped("ola.12829499914@example.no"), number_shaped("128294-99914")
    (True, True)
    >>> number_shaped("elev-10000000001"), number_shaped("40123")
    (False, False)
    """
    return _TEN_DIGITS.search(text) is not None and any(_is_number(run) for run in _runs(text))


def _runs(text: str) -> Iterator[str]:
    """Every run of digits as it is, every run without its separators, and every number in groups."""
    plain = "".join(ascii_digit(c) or (" " if is_separator(c) else "x") for c in text)
    yield from _RUN.findall(plain)
    for run in _JOINED_RUN.findall(plain):
        yield run.replace(" ", "")
    for groups in _GROUPS.findall(text) if ELEVEN_DIGITS.search(text) else ():
        yield "".join(filter(None, map(ascii_digit, groups)))


def _is_number(run: str) -> bool:
    if len(run) == 10:
        padded = "0" + run
        return Written.of(padded).is_date and control_rule(padded) is ControlRule.OLD
    if len(run) not in (11, 12):
        return False
    written = Written.of(run)
    if run == run[0] * len(run) or written.is_date or written.look_alikes:
        return True
    if len(run) == 12:
        return is_duf_year(run, LAST_DUF_YEAR) and run[10:] == duf_check(run[:10])
    return run[0] in "89" and control_rule(run) is ControlRule.OLD


def key_is_number(key: str) -> bool:
    """Whether a key of another system is a person's number, or has one as a part between signs (`visma:…`).

    A number has a date and check digits, as a fødselsnummer, a D-number or a number of the synthetic series of
    Skatteetaten, NAV and Norsk helsenett, by both control rules; or it is a DUF number whose check holds. It may stand
    beside letters if the key is nothing else. It is never a part of a UUID, a hexadecimal key, or a case number with
    the year in front. A key of ten digits is one when a zero in front makes a fødselsnummer or D-number of it, unless
    it begins with a year (2000 to 2039). Never raises.

    >>> key_is_number("visma:128294-99914"), key_is_number("12829499915")
    (True, False)
    >>> key_is_number("56c11669-a4ba-4161-9309-0287a6ea2981"), key_is_number("2026-0012345")
    (False, False)
    """
    if not _TEN_DIGITS.search(key):
        return False
    marked = "".join(ascii_digit(c) or c for c in key)
    plain = "".join(c for c in marked if category(c) != "Cf")
    if ten := _TEN_ALONE.fullmatch(plain):
        digits = _NO_DIGIT.sub("", ten[1])
        return int(digits[:4]) not in _YEARS and _is_number(digits)
    found = _KEY.findall(plain)
    if marked != plain:  # without the invisible marks, its groups are others
        found += _KEY.findall(marked)
    if beside := _BESIDE_LETTERS.fullmatch(plain):
        found.append(beside[1])
    return any(_is_formed(_NO_DIGIT.sub("", one)) for one in found)


def _is_formed(digits: str) -> bool:
    """Whether eleven or twelve digits have the whole form of a number."""
    if len(digits) == 12:
        return is_duf_year(digits, LAST_DUF_YEAR) and digits[10:] == duf_check(digits[:10])
    written = Written.of(digits)
    has_date = written.is_date or not _SYNTHETIC.isdisjoint(written.look_alikes)
    return has_date and control_rule(digits) is not ControlRule.NEITHER
