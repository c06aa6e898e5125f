"""Every rule of a check, by chapter."""

from __future__ import annotations

import difflib
from collections.abc import Collection
from typing import Any, Final

from feideprov.check.rule import Chapter, Rule
from feideprov.check.rules.attributes import ATTRIBUTES
from feideprov.check.rules.belonging import BELONGING
from feideprov.check.rules.group import GROUPS
from feideprov.check.rules.naming import NAMING
from feideprov.check.rules.number import NUMBERS
from feideprov.check.rules.shared import SHARED
from feideprov.check.rules.unit import UNITS
from feideprov.errors import InputError, scrub

CHAPTERS: Final[tuple[Chapter[Any], ...]] = (NUMBERS, SHARED, NAMING, ATTRIBUTES, BELONGING, GROUPS, UNITS)
CATALOGUE: Final[tuple[Rule, ...]] = tuple(rule for chapter in CHAPTERS for rule in chapter.rules)
"""All rules; each code once, and for ever."""
_CODES: Final = tuple(rule.code for rule in CATALOGUE)


def select_rules(only: Collection[str] = (), ignore: Collection[str] = ()) -> tuple[Rule, ...]:
    """The rules with these codes, or all; without those to ignore. Raises InputError for a code that there is not."""
    for code in (*only, *ignore):
        if sentence := unknown(code):
            raise InputError(sentence)
    return tuple(rule for rule in CATALOGUE if (not only or rule.code in only) and rule.code not in ignore)


def unknown(code: str) -> str:
    """A sentence with the nearest code when there is none of that name; empty when there is."""
    if code in _CODES:
        return ""
    near = difflib.get_close_matches(code.upper(), _CODES, n=1, cutoff=0.0)
    return f"There is no finding with the code “{scrub(code)}”; the nearest one is {near[0]}."
