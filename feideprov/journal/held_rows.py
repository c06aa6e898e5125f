"""The rows that were held in the last run of each list, so that nobody has to remember them.

The list, the row and the code are kept: nothing about a person. Only the list itself shows what has become of a row
since then, so the command that shows it again is kept too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa

from feideprov.issues import Refusal
from feideprov.journal.events import stamp
from feideprov.journal.journal import Journal
from feideprov.journal.tables import held_row as _held_row
from feideprov.tables.day import day_in_norway

_KEPT = timedelta(days=30)
"""A list that was not run again for so long is last year's."""


@dataclass(frozen=True)
class HeldRows:
    """How many rows were held when a list was last carried out, and the command that shows them again."""

    command: str
    on: date
    count: int


def keep_held(journal: Journal, listed: str, refusals: Iterable[Refusal]) -> None:
    """Write down which rows of a list were held. They replace the rows of the list that were held before.

    `listed` is the command and the list, such as `attach numbers.csv`.
    """
    now = datetime.now(UTC)
    at, ours = stamp(now), _held_row.c.realm == journal.realm
    same = {"realm": journal.realm, "listed": listed, "at": at}
    rows = [same | {"input_row": one.origin.row if one.origin else 0, "code": one.code} for one in refusals if one.held]
    with journal.writing() as connection:
        old = _held_row.c.at < stamp(now - _KEPT)
        connection.execute(_held_row.delete().where(ours, (_held_row.c.listed == listed) | old))
        if rows:
            connection.execute(journal.insert_if_absent(_held_row), rows)


def lists_with(journal: Journal, codes: Collection[str]) -> list[str]:
    """The lists (`plan people.csv`) of which rows with one of these codes are held."""
    query = sa.select(_held_row.c.listed).where(_held_row.c.realm == journal.realm, _held_row.c.code.in_(list(codes)))
    with journal.reading() as connection:
        return sorted(set(connection.execute(query).scalars()))


def held_rows(journal: Journal) -> list[HeldRows]:
    """The rows that are held, by list."""
    rows = sa.select(_held_row.c.listed, sa.func.max(_held_row.c.at), sa.func.count(_held_row.c.input_row.distinct()))
    query = rows.where(_held_row.c.realm == journal.realm).group_by(_held_row.c.listed).order_by(_held_row.c.listed)
    with journal.reading() as connection:
        found = connection.execute(query).all()
    return [HeldRows(f"feideprov {listed}", day_in_norway(at), count) for listed, at, count in found]
