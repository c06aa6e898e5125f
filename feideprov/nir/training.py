"""The time limits of the training itself, which are not those of registering it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from feideprov.nir.contents import Permisjon, Vedtak, VedtakKind
from feideprov.nir.deadlines import months_after, months_of
from feideprov.nir.model import Law, Record
from feideprov.nir.table.rules import Completion, Rules

_LEAVE: Final = "permisjon"


@dataclass(frozen=True)
class TrainingLimit:
    """About when the training must be completed: whether the last day counts is not public.

    `rule` says which limit of the table it is.
    """

    about: date
    rule: str
    source: str


def training_limit(record: Record, law: Law, rules: Rules) -> TrainingLimit | None:
    """The limit of a record, later by the days of leave where the table says so; None where the record does not say
    enough."""
    row, start = _row(record, law, rules), _start(record)
    if row is None or start is None:
        return None
    try:
        days = _days_of_leave(record) if row.extended_by == _LEAVE else 0
        about = months_after(start, months_of(row.limit)) + timedelta(days=days)
    except OverflowError:
        return None
    return TrainingLimit(about, row.limit, rules.source_of(row.source)[0])


def _row(record: Record, law: Law, rules: Rules) -> Completion | None:
    """The limit for the law and the scheme; where education decides it, the one for the answer in the record."""
    value = record.values.get("utdanningsbakgrunn")
    education = value.content if value else None
    rows = [row for row in rules.completion if (row.law, row.scheme) == (law, record.scheme)]
    return next(
        (row for row in rows if row.if_utdanningsbakgrunn is None or row.if_utdanningsbakgrunn is education), None
    )


def _start(record: Record) -> date | None:
    """The start in the first decision that grants training; else the one of the record."""
    grants = [one for one in record.parts("vedtak", Vedtak) if one.kind in (VedtakKind.GRANT, None)]
    first = min(grants, key=lambda one: (one.date, one.start or date.max), default=None)
    return (first and first.start) or record.start


def _days_of_leave(record: Record) -> int:
    """The days on leave, each counted once. Leave without a last day is not counted."""
    count, counted = 0, date.min.toordinal() - 1
    for leave in sorted(record.parts("permisjon", Permisjon), key=lambda one: one.from_):
        if leave.until:
            count += max(0, leave.until.toordinal() - max(leave.from_.toordinal() - 1, counted))
            counted = max(counted, leave.until.toordinal())
    return count
