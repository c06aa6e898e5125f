"""`feide.numbers`: plans for lists of numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from feideprov.client.context import Context
from feideprov.client.lists.listed_people import ignored_columns, people_of, rows_read
from feideprov.feide.person import PersonRecord
from feideprov.intake.columns import FOLLOWING_LIST, NUMBER_LIST, REPLACEMENT_LIST, WITHDRAWAL_LIST
from feideprov.intake.number_list import NumberRow, rows_of_program
from feideprov.intake.numbers import read_numbers
from feideprov.issues import Refusal, in_row_order
from feideprov.journal.held_rows import shown_by
from feideprov.messages import Sentence
from feideprov.numbers import Evidence
from feideprov.programs.calls import public
from feideprov.provision.pending import PendingUser, query_rows, query_sheet
from feideprov.provision.plan.directory_state import R_NO_USER
from feideprov.provision.plan.numbers import plan_attaches, plan_replacements, plan_withdrawals
from feideprov.provision.plan.plan import ListedRows, Plan
from feideprov.tables.columns import Layout
from feideprov.wiring import keys_of, source_of

if TYPE_CHECKING:
    from feideprov.provision.birth_dates import BirthDates


@public
class Numbers:
    """The numbers that have arrived, changed or turned out to be wrong, in lists.

    A list is a path (see docs/files.md) or rows. A plan writes nothing: give it to `Client.apply`.
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
            numbers: rows, or the path of a number list: a spreadsheet or CSV; or of a file in PIFU-IMS or IMS
                Enterprise, whose people have numbers.
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
            numbers: rows with `old_number` too, or the path of such a list. It may be missing where a fødselsnummer
                with evidence follows the D-number that the user has: so a file in PIFU-IMS or IMS Enterprise can be
                given too, if there is evidence for it.
            source, evidence, encoding, sheet: as for `plan_attach`.

        Returns: the plan.

        Raises: as `plan_attach`.
        """
        layout = REPLACEMENT_LIST if source is None and evidence is None else FOLLOWING_LIST
        listed = self._read(numbers, layout, source=source, evidence=evidence, encoding=encoding, sheet=sheet)
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

    def query_sheet(
        self,
        waiting: Iterable[PendingUser],
        *,
        form: Literal["xlsx", "csv"] = "xlsx",
        language: Literal["en", "nb", "nn"] = "en",
    ) -> bytes:
        """A number list to be filled in by a person who can look numbers up. Protected people are never in it.

        Parameters:
            waiting: the users (`Client.pending`).
            form: a spreadsheet with lists to choose from, or CSV.
            language: the language of the spreadsheet; headings in CSV are the canonical names.

        Returns: the content of the file, which `plan_attach` reads when it is filled in.

        Raises:
            ConfigurationError: the extra `tables` is not installed.
        """
        if form == "csv":
            return query_sheet(waiting)
        from feideprov.forms import number_form
        from feideprov.sheets.workbook import xlsx_sheet

        return xlsx_sheet(number_form(language, list(query_rows(waiting))))

    def birth_dates(
        self,
        waiting: Iterable[PendingUser],
        people: Iterable[PersonRecord] | Path | str,
        *,
        source: str | None = None,
        encoding: str | None = None,
        sheet: str | None = None,
    ) -> BirthDates:
        """The birth dates of users who wait for a number, from a list of people. Nothing is written.

        Parameters:
            waiting: the users (`Client.pending`).
            people: person records, or the path of a person list. A row is of the user who has its source id, or has
                the source id as Feide name.
            source: the configured source whose source ids the list has.
            encoding, sheet: as for `plan_attach`.

        Returns: the birth dates by Feide name, who is protected, and a refusal for each row that cannot be read, or is
            of nobody, of two users or, by its name or birth year, of somebody else.

        Raises: as `plan_attach`.
        """
        from feideprov.provision.birth_dates import BirthDateFinder

        context = self._context
        listed, builder = people_of(context, people, source, encoding, sheet), context.builder()
        finder = BirthDateFinder(
            builder.state,
            builder.known_users.linked,
            context.known_people(),
            context.journal.key,
            frozenset(user.user.lower() for user in waiting),
            context.on,
        )
        found = finder.find(listed.people)
        return replace(found, refusals=in_row_order((*listed.refusals, *found.refusals)))

    def _finished(self, plan: Plan, listed: _NumberList) -> Plan:
        """The plan, with what was refused when the list was read, and the notes. Of a list of people, those who are no
        users yet are counted, and are no rows of it."""
        of_users = [one for one in plan.refusals if not (listed.of_people and one.code == R_NO_USER)]
        nobodies = len(plan.refusals) - len(of_users)
        return replace(
            plan,
            refusals=in_row_order((*listed.refusals, *of_users)),
            notes=(*listed.notes, *_no_users_yet(nobodies), *self._context.notes_for(plan.changes)),
            listed=listed.command,
            rows=ListedRows(rows_read(listed.rows, listed.refusals) + listed.empty - nobodies, listed.empty),
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
        command = {NUMBER_LIST: "attach", WITHDRAWAL_LIST: "withdraw"}.get(layout, "replace")
        shown_again_by = shown_by(command, numbers, source, encoding, sheet)
        refusals: tuple[Refusal, ...] = ()
        notes: tuple[str, ...] = ()
        empty, of_people = 0, False
        if isinstance(numbers, Path | str):
            listed = read_numbers(Path(numbers), self._context.reading(source, encoding, sheet), layout)
            numbers, refusals, empty = listed.rows, listed.refusals, listed.unanswered
            of_people = listed.of_people
            source = source or listed.file.source
            notes = (*ignored_columns(listed.ignored_columns), *listed.notes, *_without_number(listed.unanswered))
        else:
            numbers, refused = rows_of_program(numbers)
            refusals = tuple(refused)
        settings = self._context.settings
        of_source = source_of(settings, source)[0] if source is not None else None
        evidence = evidence or (None if layout is WITHDRAWAL_LIST else of_source)
        rows = [replace(row, evidence=row.evidence or evidence) for row in numbers]
        if source is not None:
            keys = keys_of(settings, source, source)
            rows = [
                replace(row, source_id=row.source_id and keys.with_prefix(keys.without_prefix(row.source_id)))
                for row in rows
            ]
        return _NumberList(rows, refusals, notes, shown_again_by, empty, of_people)


@dataclass(frozen=True)
class _NumberList:
    """The rows of a number list, the rows that were refused, and notes about the list.

    `command` is the command that shows the list again; `empty`: in how many rows no number was filled in yet;
    `of_people`: it is a list of people in XML."""

    rows: Sequence[NumberRow]
    refusals: tuple[Refusal, ...]
    notes: tuple[str, ...]
    command: str
    empty: int
    of_people: bool


def _no_users_yet(count: int) -> tuple[str, ...]:
    if not count:
        return ()
    return (
        Sentence(
            "{count} person with a number is no user yet. To create users, run: feideprov apply LIST",
            plural="{count} people with numbers are no users yet. To create users, run: feideprov apply LIST",
            count=count,
        ),
    )


def _without_number(count: int) -> tuple[str, ...]:
    if not count:
        return ()
    return (Sentence("{count} row has no number yet.", plural="{count} rows have no number yet.", count=count),)
