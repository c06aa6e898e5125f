"""Does a text that should be something else contain what looks like a person's number?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from feideprov.numbers.checks import ControlRule, control_rule, duf_check
from feideprov.numbers.forms import Written, is_duf_year
from feideprov.numbers.reading import ascii_digit, is_separator

LAST_DUF_YEAR: Final = 2100
"""Wider than the judge's, which knows the day: a text is looked at without one."""

_TEN_DIGITS: Final = re.compile(r"\d(?:\D*\d){9}")
"""What every number has, and nearly no other text."""
_RUN: Final = re.compile(r"[0-9]+")
_JOINED_RUN: Final = re.compile(r"[0-9](?: *[0-9])*")


def number_shaped(text: str) -> bool:
    """Whether a source id, a mail address, a file name contains what looks like a person's number.

    True when a whole run of 11 or 12 digits, with or without the spaces, dots and dashes inside it, begins
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
    """Every run of digits as it is, and every run without its separators."""
    plain = "".join(ascii_digit(c) or (" " if is_separator(c) else "x") for c in text)
    yield from _RUN.findall(plain)
    for run in _JOINED_RUN.findall(plain):
        yield run.replace(" ", "")


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
