"""A list that came back with the days on which somebody saw something in NIR, such as the sheet of the worklist."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from feideprov.intake.cells import SOURCE_ID_NUMBER
from feideprov.issues import Refusal, in_row_order
from feideprov.messages import Sentence, listed
from feideprov.nir.lists.columns import SCHEME_OF
from feideprov.nir.model import Scheme
from feideprov.nir.register.content import Seen
from feideprov.nir.register.seen import R_NIR_SEEN
from feideprov.numbers import key_is_number, number_shaped
from feideprov.tables.columns import Column, Layout, heading_key
from feideprov.tables.day import as_date
from feideprov.tables.table import Row, read_table

SEEN_LIST: Final = Layout(
    Sentence("list of what was seen in NIR"),
    (
        Column("key", ("nøkkel", "personnøkkel", "person", "kilde-id", "kjelde-id")),
        Column("scheme", ("ordning",)),
        Column("field", ("fields", "felt", "felter", "felta")),
        Column("seen_on", ("seen in nir on", "sett i nir", "sett dato", "sett den"), holds_date=True),
        Column("seen_by", ("seen in nir by", "sett av"), holds_name=True),
    ),
    required=(("key",), ("seen_on",)),
    section="",
)
_BETWEEN: Final = re.compile(r"[\s,;|]+")


@dataclass(frozen=True)
class SeenList:
    """A list as it was read. `without_day`: how many rows have no day yet, and say nothing."""

    seen: tuple[Seen, ...]
    refusals: tuple[Refusal, ...] = ()
    without_day: int = 0
    notes: tuple[Sentence, ...] = ()


def read_seen_list(path: Path, on: date, *, by: str, encoding: str | None = None, sheet: str | None = None) -> SeenList:
    """What somebody saw in NIR.

    Parameters:
        path: the list, in any format that lists have.
        on: the day that counts as today: nothing was seen after it.
        by: who saw it, where the row does not say so.
        encoding, sheet: as for other lists.

    Raises InputError when the file cannot be read as such a list.
    """
    table = read_table(path, SEEN_LIST, mapped={}, encoding=encoding, sheet=sheet)
    seen, refusals, without_day = list[Seen](), list(table.refusals), 0
    for row in table.rows:
        if not row["seen_on"]:
            without_day += 1
        elif isinstance(one := _seen(row, on, by), Seen):
            seen.append(one)
        else:
            column, words = one
            sentence = Sentence("{column}: {words}", column=table.heading.where(column), words=words)
            refusals.append(Refusal(R_NIR_SEEN, sentence, origin=row.origin))
    return SeenList(tuple(seen), in_row_order(refusals), without_day, table.notes)


def _seen(row: Row, on: date, by: str) -> Seen | tuple[str, Sentence]:
    """What a row says; or the column that is wrong, and why."""
    for column, words in row.without_value.items():
        return column, words
    day = as_date(row["seen_on"], on)
    if isinstance(day, Sentence):
        return "seen_on", day
    if not row["key"]:
        return "key", Sentence("the row does not say whom it is about. Write the key of the person.")
    if key_is_number(row["key"]):
        return "key", SOURCE_ID_NUMBER
    scheme = SCHEME_OF.get(heading_key(row["scheme"]))
    if row["scheme"] and scheme is None:
        return "scheme", Sentence("this scheme is not known. Write one of these: {schemes}.", schemes=listed(Scheme))
    if number_shaped(row["seen_by"]) or number_shaped(row["field"]):
        return "seen_by" if number_shaped(row["seen_by"]) else "field", Sentence(
            "this looks like an identity number. Remove it."
        )
    fields = tuple(dict.fromkeys(filter(None, _BETWEEN.split(row["field"]))))
    return Seen(row["key"], day, row["seen_by"] or by, scheme, fields, row.origin)
