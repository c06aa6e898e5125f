"""`feide.users`: users who are there become ours, and users of ours are handed to another system."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from feideprov.client.context import Context
from feideprov.client.lists.listed_people import people_of, rows_read
from feideprov.client.plans import apply
from feideprov.errors import InputError
from feideprov.feide.person import PersonRecord
from feideprov.journal.held_rows import shown_by
from feideprov.messages import Sentence
from feideprov.programs.calls import public
from feideprov.provision.plan.linking.handing_over import plan_release
from feideprov.provision.plan.plan import Outcome, Plan


def plan_link(
    context: Context,
    records: Iterable[PersonRecord] | Path | str | None,
    *,
    source: str | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
) -> Plan:
    """The plan to link users; see `Users.plan_link`."""
    from feideprov.provision.plan.linking.taking_over import TakeOverPlanner

    if records is None and source is None:
        raise InputError(
            Sentence("Say whom to link: give a list of people, or --source NAME for all users of a source.")
        )
    listed = people_of(context, () if records is None else records, source, encoding, sheet)
    context.journal.require_current()
    planner = TakeOverPlanner(
        context.organization, context.builder(), context.journal.key, listed.keys, context.known_people
    )
    if records is None:
        return planner.of_source()
    plan = planner.of_list(listed.people, listed.refusals)
    return replace(
        plan,
        notes=(*listed.notes, *plan.notes),
        listed=shown_by("link", records, source, encoding, sheet),
        rows=replace(plan.rows, read=rows_read(listed.people, listed.refusals)),
        source=source,
        encoding=encoding,
        sheet=sheet,
    )


@public
class LinkedUsers:
    """Which users are ours."""

    _context: Context

    def plan_link(
        self,
        records: Iterable[PersonRecord] | Path | str | None = None,
        *,
        source: str | None = None,
        encoding: str | None = None,
        sheet: str | None = None,
    ) -> Plan:
        """Plan to make users ours who are in the directory already, as `link` does.

        Parameters:
            records: person records, or the path of a list of people; None: all users whose source id is one of
                `source`, whatever their names.
            source: the configured source (`[[sources]]`) of the records.
            encoding: the encoding of a list; without it, UTF-8 or Windows-1252.
            sheet: the sheet of a spreadsheet; without it, the one that has known headings.

        Returns: the plan. A row is linked where its source id or its number is that of a user and the names agree;
            where there is a doubt, the row is held, and is among the `questions` of the plan.

        Raises:
            InputError: the list cannot be read, or neither a list nor a source is given.
            ConfigurationError: there is no such source, or the journal is older than the last run.
            DirectoryError, JournalError: the directory or the journal cannot be read.
        """
        return plan_link(self._context, records, source=source, encoding=encoding, sheet=sheet)

    def link(self, records: Iterable[PersonRecord] | Path | str | None = None, *, source: str | None = None) -> Outcome:
        """Make users ours who are in the directory already. From then on, lists update them.

        Parameters: as `plan_link`.

        Returns: the outcome.

        Raises:
            InputError, ConfigurationError, DirectoryError, JournalError: as `plan_link`; also when the mode is watch.
        """
        return apply(self._context, self.plan_link(records, source=source))

    def plan_release(self, users: Iterable[str] | None) -> Plan:
        """Plan to hand users to another system, as `release` does.

        Parameters:
            users: Feide names; None: all users of ours.

        Returns: the plan; users that cannot be released are among its refusals.

        Raises:
            ConfigurationError: the journal is older than the last run.
            DirectoryError, JournalError: the directory or the journal cannot be read.
        """
        self._context.journal.require_current()
        return plan_release(self._context.builder(), users)

    def release(self, users: Iterable[str] | None, *, allow_changes: int | None = None) -> Outcome:
        """Hand users to another system. Nothing changes in the directory: they are no longer ours, so no list changes
        them. Their names are never given to anybody else, and notices that are owed are still sent.

        Parameters:
            users: as for `plan_release`.
            allow_changes: how many users may be released, where `[caps]` allows fewer.

        Returns: the outcome.

        Raises:
            ConfigurationError, DirectoryError, JournalError: as `plan_release`; also when the mode is watch.
        """
        return apply(self._context, self.plan_release(users), allow_changes=allow_changes)
