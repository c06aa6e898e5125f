"""The introduction register of one organization: the methods of `Client.nir`. Each uses a module of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from feideprov.errors import scrub_path
from feideprov.messages import Language
from feideprov.nir import work_items
from feideprov.nir.channels import ChannelDecision, channel
from feideprov.nir.lists.participation import Participation, read_participation
from feideprov.nir.lists.recording import Recorded, recorded, stored
from feideprov.nir.lists.seen_list import SeenList, read_seen_list
from feideprov.nir.model import Law, Record, Scheme, named
from feideprov.nir.municipality import Municipality
from feideprov.nir.outbox.completed import completed
from feideprov.nir.outbox.selection import HandOver
from feideprov.nir.outbox.sending import Sending
from feideprov.nir.outbox.sending import send as hand_over
from feideprov.nir.register.content import Content, Seen
from feideprov.nir.register.recorded import of_known_people, with_receipts
from feideprov.nir.register.retention import kept_too_long
from feideprov.nir.register.seen import SeenInRegister, recorded_seen, with_seen
from feideprov.programs.calls import public

if TYPE_CHECKING:
    from feideprov.nir.lists.nir_person_list import Reconciliation
    from feideprov.nir.report.today import NirToday
    from feideprov.nir.report.worklist import Worklist


@public
class IntroductionRegister(Municipality):
    """What the municipality registers in NIR: by when, in which channel, who may, and what is missing.

    The wire format of WS4 is not public, so nothing is sent to NIR by this tool itself. A program gets this object from
    `Client.nir`.
    """

    def channel(self, law: Law | str, field: str = "vedtak", *, on: date | None = None) -> ChannelDecision:
        """Through which channel a field is registered.

        Parameters:
            law: the law: `introduksjonsloven`, `integreringsloven` or `kap6a`.
            field: the field.
            on: the day of registering; without it, today.

        Returns: the decision, with the sentence that it rests on.

        Raises:
            ConfigurationError: there is no section `[nir]`.
            InputError: there is no such law.
        """
        return channel(self.setting, law, field, on or self.on, self.rules)

    def worklist(self) -> Worklist:
        """What is missing, forbidden or asked, whose number has come, and the yearly close.

        Returns: the worklist of the day. It has keys, fields and days, never contents.

        Raises:
            ConfigurationError: there is no section `[nir]`, or the file was made with another key.
            InputError: the file of the register is damaged.
            JournalError: the journal cannot be read.
        """
        from feideprov.nir.report.notes import notes_on_open_files
        from feideprov.nir.report.worklist import worklist_of

        content, rules = self.register.read(), self.rules
        people, records = content.people.values(), content.records.values()
        numbers = self._days_of_numbers(content)
        items = work_items.worklist(people, records, rules, self.setting, self.on, numbers=numbers)
        organization = self.settings.organization.name
        found = worklist_of(items, records, rules, told=content.told, organization=organization, on=self.on)
        files = (self.settings.path(path) for path in (self.section.file, self.section.key_file))
        return replace(found, notes=(*found.notes, *notes_on_open_files(files)))

    def read(
        self,
        path: str | Path,
        *,
        scheme: Scheme | str | None = None,
        encoding: str | None = None,
        sheet: str | None = None,
    ) -> Participation:
        """Read a list of participation records: a spreadsheet or CSV, one row for a person in a scheme.

        Nothing is recorded. Of a workbook, each sheet with known headings is read, and its name says the scheme.

        Parameters:
            path: the list.
            scheme: the scheme of a list that does not say it.
            encoding: the encoding of a CSV file; without it, UTF-8 or Windows-1252.
            sheet: the name of one sheet, where only that one is to be read.

        Returns: the records, and what was refused or is asked.

        Raises:
            ConfigurationError: there is no section `[nir]`, or it names a column or a source that there is not.
            InputError: the file cannot be read as such a list, or there is no such scheme.
        """
        self.source_id("")  # [nir] source that is not configured is told before anything is written
        return read_participation(
            Path(path),
            self.setting,
            self.rules,
            self.on,
            columns=self.section.columns,
            scheme=None if scheme is None else named(Scheme, scheme),
            encoding=encoding,
            sheet=sheet,
            test=self.settings.numbers.test,
            sources=[one.prefix_among_others for one in self.settings.sources if one.name == self.section.source],
            by=self.actor,
        )

    def record(self, read: Participation, *, dry_run: bool = False) -> Recorded:
        """Write down what a list says. What it does not say stays as it was; the same list twice changes nothing.

        Numbers are kept as marks, and contents that no rule reads only as given.

        Parameters:
            read: the list, as `read` gave it.
            dry_run: nothing is written, and it is told what would be.

        Returns: how many records are new, changed and unchanged, and the verdicts on them.

        Raises:
            ConfigurationError: there is no section `[nir]`, or its key is another one.
            InputError: the file of the register is damaged.
            JournalError: the file of the register cannot be read or written.
        """
        records = [one.record for one in read.records]
        before = Content()

        def changed(content: Content) -> Content:
            nonlocal before
            before = content
            return with_seen(self._with_records(content, records), read.seen, rules=self.rules)

        after = self._change(changed, dry_run=dry_run)
        return recorded(before, after, of_known_people(after, records), self._verdicts)

    def recorded(self) -> Recorded:
        """What is written down.

        Returns: how many records there are, all of them unchanged, and the verdicts on them.

        Raises:
            ConfigurationError: there is no section `[nir]`, or its key is another one.
            InputError: the file of the register is damaged.
            JournalError: the file of the register cannot be read.
        """
        return stored(self.register.read(), self._verdicts)

    def send(self, records: Iterable[Record], *, dry_run: bool = False) -> Sending:
        """Hand records over to the outbox adapter that the configuration names (`[nir] outbox`).

        The records are recorded first. Only fields that are registered by WS4 today are handed over, and only where the
        actor has the role (`[nir.roles]`). What was handed over is not registered yet: the worklist shows it until
        somebody has seen it in NIR (`seen`).

        Parameters:
            records: records as a list has them, with numbers and contents (`read`): the file keeps neither.
            dry_run: nothing is written or handed over, and it is told what would be.

        Returns: what became of each field: receipts, refusals, what is held, and failures of the adapter.

        Raises:
            ConfigurationError: there is no section `[nir]`, or its adapter is not installed or cannot be used.
            InputError: the file of the register is damaged.
            JournalError: the file of the register cannot be read or written.
        """
        outbox, register, several = self._outbox, self.register, list(records)
        content = self._change(lambda before: self._with_records(before, several), dry_run=dry_run)
        whole = completed(of_known_people(content, several), content)
        given = HandOver(
            adapter=outbox,
            setting=self.setting,
            rules=self.rules,
            roles=self._roles,
            actor=self.actor,
            key=register.key,
            on=self.on,
            before={one.place: one.hash for one in content.handed_over},
            parts=whole.parts,
        )
        sending = hand_over(whole.records, given, dry_run=dry_run)
        if sending.handed_over:
            self._change(lambda before: with_receipts(before, sending.handed_over))
        return sending

    def read_seen(self, path: Path | str, *, encoding: str | None = None, sheet: str | None = None) -> SeenList:
        """Read a list that came back with the days on which something was seen in NIR, such as the worklist's sheet.

        Nothing is recorded. Rows without a day say nothing.

        Parameters:
            path: the list, with the columns key, scheme, field, seen_on and seen_by.
            encoding: the encoding of a CSV file; without it, UTF-8 or Windows-1252.
            sheet: the name of the sheet, where a spreadsheet has several.

        Returns: what was seen, and the rows that were refused.

        Raises:
            InputError: the file cannot be read as such a list.
        """
        return read_seen_list(Path(path), self.on, by=self.actor, encoding=encoding, sheet=sheet)

    def seen(self, seen: Iterable[Seen], *, dry_run: bool = False) -> SeenInRegister:
        """Record what somebody saw in NIR. Only this closes a line about something missing; what was seen later counts.

        What cannot have been seen is refused (R-NIR-SEEN), and the rest is recorded.

        Parameters:
            seen: what was seen, by whom and when.
            dry_run: nothing is written, and it is told what would be.

        Returns: what was recorded, what was known before, and what was refused.

        Raises:
            ConfigurationError: there is no section `[nir]`, or its key is another one.
            InputError: the file of the register is damaged.
            JournalError: the file of the register cannot be read or written.
        """
        found, told = SeenInRegister(), list(seen)

        def changed(content: Content) -> Content:
            nonlocal found
            found, after = recorded_seen(content, told, self.rules, self.on)
            return after

        self._change(changed, dry_run=dry_run)
        return found

    def kept_too_long(self) -> tuple[str, ...]:
        """The people whose records have all ended, the last one longer ago than `[nir] retention`.

        Returns: their keys.

        Raises:
            ConfigurationError: there is no section `[nir]`, or its key is another one.
            InputError: the file of the register is damaged.
            JournalError: the file of the register cannot be read.
        """
        return kept_too_long(self.register.read(), self.section.retention, self.on)

    def reconcile(self, path: Path | str, *, encoding: str | None = None, sheet: str | None = None) -> Reconciliation:
        """Compare the person list that NIR lets one download with the records and the Feide users.

        Parameters:
            path: the downloaded list. Its columns are not public: `[nir.person_list]` names them.
            encoding: the encoding of a CSV file that is neither in UTF-8 nor in Windows-1252.
            sheet: the sheet of a spreadsheet that has several with these headings.

        Returns: who is in one and not in the other, numbers that differ, and endings without a reason.

        Raises:
            ConfigurationError: there is no section `[nir]`, or it does not name the columns.
            InputError: the list cannot be read, or lacks a column; or the file of the register is damaged.
            DirectoryError: the directory cannot be read.
        """
        from feideprov.nir.lists.nir_person_list import reconcile

        columns, register = self.section.person_list, self.register
        return reconcile(
            Path(path),
            columns,
            register.read(),
            self.users(),
            register.mark,
            on=self.on,
            encoding=encoding,
            sheet=sheet,
        )

    def told(self, worklist: Worklist) -> None:
        """Keep that its notes on old rules were told: they are told once.

        Parameters:
            worklist: the worklist whose notes somebody has read.

        Raises:
            JournalError: the file of the register cannot be written.
        """
        if worklist.old_rules:
            self._change(lambda content: replace(content, told=content.told | worklist.old_rules))

    def page(self, language: Language = "nb") -> str:
        """The worklist as a web page for the case workers.

        Parameters:
            language: `nb`, `nn` or `en`.

        Returns: one HTML file that needs no other file.

        Raises:
            ConfigurationError: as `worklist`, or the extra `services` is not installed.
        """
        from feideprov.nir.report.page import page

        return page(self.worklist(), language)

    def worklist_sheet(self, language: Language = "nb") -> bytes:
        """The worklist as a sheet (XLSX) in which a person writes what was seen in NIR.

        Parameters:
            language: `nb`, `nn` or `en`.

        Returns: the workbook. `read_seen` reads it when its days are filled in.

        Raises:
            ConfigurationError: as `worklist`, or the extra `tables` is not installed.
        """
        from feideprov.nir.report.sheet import worklist_xlsx

        return worklist_xlsx(self.worklist(), language)

    def today(self) -> NirToday:
        """What there is to register today: how many lines there are of each kind, with the next command each.

        Returns: what there is to do, as a screen and a mail of its own say it.

        Raises:
            ConfigurationError: as `worklist`.
        """
        from feideprov.nir.report.today import nir_today

        file = self.settings.file
        return nir_today(self.worklist(), scrub_path(file) if file is not None else None)
