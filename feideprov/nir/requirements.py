"""What is forbidden, missing or asked in a record, under the law that applies to the person."""

from __future__ import annotations

from datetime import date

from feideprov.nir.model import Record
from feideprov.nir.rules import Rules
from feideprov.nir.verdict import Verdict


def verdicts(record: Record, rules: Rules, on: date) -> tuple[Verdict, ...]:
    """The verdicts on a record.

    Parameters:
        record: one person in one scheme.
        rules: the rules.
        on: the day of registering.

    Returns: the verdicts, by field. A record of a day before the rules begin has none; one whose law is not known has a
        single one that says so.
    """
    raise NotImplementedError
