"""The list of `close LIST`, with the source ids that users have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from feideprov.client.context import Context
from feideprov.client.lists.listed_people import ignored_columns, rows_read
from feideprov.intake.leaver_list import LeaverRow, read_leaver_list
from feideprov.issues import Refusal, in_row_order
from feideprov.journal.held_rows import shown_by
from feideprov.provision.plan.plan import ListedRows, Plan
from feideprov.wiring import keys_of


@dataclass(frozen=True)
class ClosingList:
    """The rows of such a list."""

    rows: Sequence[LeaverRow]
    refusals: tuple[Refusal, ...]
    notes: tuple[str, ...]
    command: str
    """The command that shows the list again."""

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
) -> ClosingList:
    """Read such a list. Raises as `Users.plan_close`."""
    reading = context.reading(source, encoding, sheet)
    listed = read_leaver_list(Path(path), columns=reading.columns, encoding=encoding, sheet=sheet, key=reading.key)
    rows, notes = listed.rows, (*ignored_columns(listed.ignored_columns), *listed.notes)
    if source is not None:
        with_prefix = keys_of(context.settings, source, source).with_prefix
        rows = tuple(replace(row, source_id=row.source_id and with_prefix(row.source_id)) for row in rows)
    return ClosingList(rows, listed.refusals, notes, shown_by("close", path, source, encoding, sheet))
