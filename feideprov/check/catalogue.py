"""Every rule of a check, by chapter."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any, Final

from feideprov.check.attributes import ATTRIBUTES
from feideprov.check.belonging import BELONGING
from feideprov.check.group import GROUPS
from feideprov.check.naming import NAMING
from feideprov.check.number import NUMBERS
from feideprov.check.rule import Chapter, Rule
from feideprov.check.shared import SHARED
from feideprov.check.unit import UNITS

CHAPTERS: Final[tuple[Chapter[Any], ...]] = (NUMBERS, SHARED, NAMING, ATTRIBUTES, BELONGING, GROUPS, UNITS)
CATALOGUE: Final[tuple[Rule, ...]] = tuple(rule for chapter in CHAPTERS for rule in chapter.rules)
"""All rules; each code once, and for ever."""
CODES: Final[frozenset[str]] = frozenset(rule.code for rule in CATALOGUE)


def unknown_code(codes: Iterable[str]) -> str:
    """A sentence about the first code that there is not, with the nearest one; empty when all are known."""
    for code in codes:
        if code not in CODES:
            near = difflib.get_close_matches(code.upper(), sorted(CODES), n=1, cutoff=0.0)
            return f"There is no code “{code}”; the nearest one is {near[0]}."
    return ""
