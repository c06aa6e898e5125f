"""The serials that files had in place of a number: their marks, and the day of the first file with each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import sqlalchemy as sa

from feideprov.journal.journal import Journal
from feideprov.journal.tables import seen_serial as _seen_serial


def seen_serials(journal: Journal) -> Mapping[str, date]:
    """The day of the first file that was applied, by each mark."""
    query = sa.select(_seen_serial.c.mark, _seen_serial.c.day).where(_seen_serial.c.realm == journal.realm)
    with journal.reading() as connection:
        return {row.mark: row.day for row in connection.execute(query)}


def keep_serials(journal: Journal, marks: Iterable[str], day: date) -> None:
    """Keep the marks of the serials of a file that is applied on a day. A mark that is there keeps its day."""
    rows = [{"realm": journal.realm, "mark": mark, "day": day} for mark in sorted(marks)]
    if rows:
        with journal.writing() as connection:
            connection.execute(journal.insert_if_absent(_seen_serial), rows)
