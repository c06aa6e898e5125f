"""Every rule of a check, by chapter."""

from __future__ import annotations

from typing import Any, Final

from feideprov.check.rule import Chapter, Rule
from feideprov.check.rules.attributes import ATTRIBUTES
from feideprov.check.rules.belonging import BELONGING
from feideprov.check.rules.group import GROUPS
from feideprov.check.rules.login import LOGIN
from feideprov.check.rules.naming import NAMING
from feideprov.check.rules.number import NUMBERS
from feideprov.check.rules.shared import SHARED
from feideprov.check.rules.unit import UNITS

CHAPTERS: Final[tuple[Chapter[Any], ...]] = (NUMBERS, SHARED, NAMING, ATTRIBUTES, LOGIN, BELONGING, GROUPS, UNITS)
CATALOGUE: Final[tuple[Rule, ...]] = tuple(rule for chapter in CHAPTERS for rule in chapter.rules)
"""All rules. Each code is used once, and never changes."""
