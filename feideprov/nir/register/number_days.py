"""On which day a number came or changed, by the Feide journal: all that the two purposes share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from feideprov.journal.journal import Journal


def number_days(journal: Journal) -> Mapping[str, date]:
    """By source id, the day on which the user's number was last registered or replaced, here or outside this tool."""
    raise NotImplementedError
