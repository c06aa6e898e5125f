"""The lists of `close LIST` and `password LIST`, with the source ids that users have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from feideprov.client.context import Context
from feideprov.client.lists.listed_people import ignored_columns, rows_read
from feideprov.errors import InputError
from feideprov.intake.leaver_list import LeaverRow, read_leaver_list
from feideprov.issues import Refusal, in_row_order
from feideprov.journal.held_rows import shown_by
from feideprov.messages import Sentence
from feideprov.provision.plan.plan import ListedRows, Plan
from feideprov.tables.text_file import shown_name
from feideprov.wiring import keys_of

_PEOPLE: Final = Sentence(
    "this is a list of people with their roles, and everybody in it would be closed. Keep only the rows of those who "
    "have left, and add a column last_day (siste dag), which may be empty."
)


@dataclass(frozen=True)
class UserList:
    """The rows of such a list."""

    rows: Sequence[LeaverRow]
    refusals: tuple[Refusal, ...]
    notes: tuple[str, ...]
    command: str
    """The command that shows the list again."""
    is_of_people: bool
    """It is a list of people with their roles, and does not say who of them has left."""

    def finished(self, plan: Plan) -> Plan:
        """The plan for the rows, with what was refused when the list was read."""
        return replace(
            plan,
            refusals=in_row_order((*self.refusals, *plan.refusals)),
            notes=(*self.notes, *plan.notes),
            listed=self.command,
            rows=ListedRows(rows_read(self.rows, self.refusals)),
        )


def read_closing_list(
    context: Context, path: Path | str, source: str | None, encoding: str | None, sheet: str | None
) -> UserList:
    """Read a list of users to close. Raises as `Users.plan_close`."""
    listed = read_user_list(context, path, "close", source=source, encoding=encoding, sheet=sheet)
    if listed.is_of_people:
        raise InputError(Sentence("{file}: {what}", file=shown_name(Path(path)), what=_PEOPLE))
    return listed


def read_user_list(
    context: Context,
    path: Path | str,
    command: str,
    *,
    source: str | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
) -> UserList:
    """Read a list of users for a command. Raises as `Users.plan_close`."""
    reading = context.reading(source, encoding, sheet)
    listed = read_leaver_list(Path(path), columns=reading.columns, encoding=encoding, sheet=sheet, key=reading.key)
    rows, notes = listed.rows, (*ignored_columns(listed.ignored_columns), *listed.notes)
    if source is not None:
        keys = keys_of(context.settings, source, source)
        rows = tuple(
            replace(row, source_id=row.source_id and keys.with_prefix(keys.without_prefix(row.source_id)))
            for row in rows
        )
    shown = shown_by(command, path, source, encoding, sheet)
    return UserList(rows, listed.refusals, notes, shown, is_of_people=listed.is_of_people)
