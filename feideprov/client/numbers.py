"""`feide.numbers`: plans for lists of numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from feideprov.client.context import Context
from feideprov.client.plans import ignored_columns, rows_read
from feideprov.intake.columns import NUMBER_LIST, REPLACEMENT_LIST, WITHDRAWAL_LIST
from feideprov.intake.number_list import NumberRow, read_number_list, rows_of_program
from feideprov.issues import Refusal, in_row_order
from feideprov.journal.held_rows import shown_by
from feideprov.messages import Sentence
from feideprov.numbers import Evidence
from feideprov.programs.calls import public
from feideprov.provision.plan.numbers import plan_attaches, plan_replacements, plan_withdrawals
from feideprov.provision.plan.plan import ListedRows, Plan
from feideprov.tables.columns import Layout
from feideprov.wiring import source_of


@public
class Numbers:
    """The numbers that have arrived, changed or turned out to be wrong, in lists.

    A list is a path (CSV, see docs/files.md) or rows. A plan writes nothing: give it to `Client.apply`.
    """

    def __init__(self, context: Context) -> None:
        self._context = context

    def plan_attach(
        self,
        numbers: Iterable[NumberRow] | Path | str,
        *,
        source: str | None = None,
        evidence: Evidence | None = None,
        encoding: str | None = None,
        sheet: str | None = None,
    ) -> Plan:
        """Plan to register numbers that have arrived.

        Parameters:
            numbers: rows, or the path of a number list.
            source: the configured source (`[[sources]]`) of the list: its evidence holds for every number, and the
                source ids of the list are those of this source.
            evidence: evidence for the rows that have none of their own; it replaces that of the source.
            encoding: the encoding of the list: utf-8, cp1252, cp850 or cp865; without it, UTF-8 or Windows-1252.
            sheet: the sheet of a spreadsheet; without it, the one that has known headings.

        Returns: the plan.

        Raises:
            InputError: the file cannot be read.
            ConfigurationError: there is no such source, or the settings do not fit the directory.
            DirectoryError, JournalError: the directory or the journal cannot be read.
        """
        listed = self._read(numbers, NUMBER_LIST, source=source, evidence=evidence, encoding=encoding, sheet=sheet)
        return self._finished(
            plan_attaches(self._context.builder(), listed.rows, self._context.build_options.numbers), listed
        )

    def plan_replace(
        self,
        numbers: Iterable[NumberRow] | Path | str,
        *,
        source: str | None = None,
        evidence: Evidence | None = None,
        encoding: str | None = None,
        sheet: str | None = None,
    ) -> Plan:
        """Plan to replace numbers by others, such as a D-number by a national identity number.

        Parameters:
            numbers: rows with `old_number` too, or the path of such a list.
            source, evidence, encoding, sheet: as for `plan_attach`.

        Returns: the plan.

        Raises: as `plan_attach`.
        """
        listed = self._read(numbers, REPLACEMENT_LIST, source=source, evidence=evidence, encoding=encoding, sheet=sheet)
        return self._finished(
            plan_replacements(self._context.builder(), listed.rows, self._context.build_options.numbers), listed
        )

    def plan_withdraw(
        self,
        numbers: Iterable[NumberRow] | Path | str,
        *,
        source: str | None = None,
        evidence: Evidence | None = None,
        encoding: str | None = None,
        sheet: str | None = None,
    ) -> Plan:
        """Plan to remove wrong numbers. The users stay, and wait for the right numbers.

        Parameters:
            numbers: rows whose `national_number` is wrong, or the path of such a list.
            source: the configured source whose source ids the list has. Its evidence is not used: it says that
                numbers are right.
            evidence: where it was seen that the numbers are wrong; not required.
            encoding, sheet: as for `plan_attach`.

        Returns: the plan.

        Raises: as `plan_attach`.
        """
        listed = self._read(numbers, WITHDRAWAL_LIST, source=source, evidence=evidence, encoding=encoding, sheet=sheet)
        return self._finished(plan_withdrawals(self._context.builder(), listed.rows), listed)

    def _finished(self, plan: Plan, listed: _NumberList) -> Plan:
        """The plan, with what was refused when the list was read, and the notes."""
        return replace(
            plan,
            refusals=in_row_order((*listed.refusals, *plan.refusals)),
            notes=(*listed.notes, *self._context.notes_for(plan.changes)),
            listed=listed.command,
            rows=ListedRows(rows_read(listed.rows, listed.refusals) + listed.empty, listed.empty),
        )

    def _read(
        self,
        numbers: Iterable[NumberRow] | Path | str,
        layout: Layout,
        *,
        source: str | None,
        evidence: Evidence | None,
        encoding: str | None,
        sheet: str | None,
    ) -> _NumberList:
        """The rows of a list, each with its evidence, and with source ids as the directory has them."""
        command = "withdraw" if layout is WITHDRAWAL_LIST else "replace" if layout is REPLACEMENT_LIST else "attach"
        shown_again_by = shown_by(command, numbers, source, encoding, sheet)
        refusals: tuple[Refusal, ...] = ()
        notes: tuple[str, ...] = ()
        empty = 0
        if isinstance(numbers, Path | str):
            reading = self._context.reading(source, encoding, sheet)
            listed = read_number_list(
                Path(numbers),
                columns=reading.columns,
                on=reading.on,
                layout=layout,
                encoding=reading.encoding,
                sheet=reading.sheet,
            )
            numbers, refusals, empty = listed.rows, listed.refusals, listed.unanswered
            notes = (*ignored_columns(listed.ignored_columns), *listed.notes, *_without_number(listed.unanswered))
        else:
            numbers, refused = rows_of_program(numbers)
            refusals = tuple(refused)
        of_source, prefix = source_of(self._context.settings, source) if source is not None else (None, None)
        evidence = evidence or (None if layout is WITHDRAWAL_LIST else of_source)
        rows = [replace(row, evidence=row.evidence or evidence) for row in numbers]
        if prefix:
            rows = [replace(row, source_id=row.source_id and f"{prefix}:{row.source_id}") for row in rows]
        return _NumberList(rows, refusals, notes, shown_again_by, empty)


@dataclass(frozen=True)
class _NumberList:
    """The rows of a number list, the rows that were refused, and notes about the list.

    `command` is the command that shows the list again; `empty`: in how many rows no number was filled in yet."""

    rows: Sequence[NumberRow]
    refusals: tuple[Refusal, ...]
    notes: tuple[str, ...]
    command: str
    empty: int


def _without_number(count: int) -> tuple[str, ...]:
    if not count:
        return ()
    return (Sentence("{count} row has no number yet.", plural="{count} rows have no number yet.", count=count),)
