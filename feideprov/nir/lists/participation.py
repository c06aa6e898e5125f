"""Participation records from a list: one row is one person in one scheme."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Final

from feideprov.directory.dn import same_key
from feideprov.errors import InputError
from feideprov.intake.cells import R_SOURCE_ID, SOURCE_ID_NUMBER, misplaced, without_value
from feideprov.intake.columns import check_mapping
from feideprov.intake.file_facts import FileFacts
from feideprov.issues import Refusal, code
from feideprov.messages import NOTHING, Sentence, listed
from feideprov.nir.lists.asked import Cells
from feideprov.nir.lists.columns import SCHEME_OF, layout_of
from feideprov.nir.lists.person_cells import person_of
from feideprov.nir.lists.record_cells import RecordCells
from feideprov.nir.lists.same_person import ListedRecord, together
from feideprov.nir.model import IN_NIR, SEEN_OF_PERSON, Scheme, Setting
from feideprov.nir.register.content import Seen
from feideprov.nir.table.rules import Rules
from feideprov.tables.columns import Column, Layout, heading_key
from feideprov.tables.table import Row, Table, read_tables
from feideprov.tables.text_file import shown_name

R_NIR_SCHEME: Final = code(
    "R-NIR-SCHEME",
    Sentence("A row of participation records does not say of which scheme it is, or says two."),
    Sentence("In the column scheme, write the name of the scheme. In a workbook, the name of the sheet can say it."),
)
_KEY_ALONE: Final = Layout(NOTHING, (Column("key"),), ())
_NO_KEY: Final = Sentence("the cell is empty. Write the key that the person has in your own system.")


@dataclass(frozen=True)
class Participation:
    """A list as it was read. Refused rows are in no record; a question (`held`) is about one cell, and the rest of its
    row is a record. `seen`: the settlement days and numbers that were seen in NIR. `rows`: how many rows there are."""

    records: tuple[ListedRecord, ...]
    refusals: tuple[Refusal, ...]
    notes: tuple[Sentence, ...] = ()
    seen: tuple[Seen, ...] = ()
    rows: int = 0
    ignored_columns: tuple[str, ...] = ()
    file: FileFacts = field(default_factory=FileFacts)


def read_participation(
    path: Path,
    setting: Setting,
    rules: Rules,
    on: date,
    *,
    columns: Mapping[str, str],
    scheme: Scheme | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    test: bool = False,
    sources: Sequence[str] = (),
    by: str = "",
) -> Participation:
    """Read a list of participation records, in any format that lists have (CSV, XLSX, XLS, ODS).

    Parameters:
        path: the list. Of a workbook, each sheet with known headings is read; its name says the scheme.
        setting: the municipality's own settings: what its code values stand for.
        rules: the rules: which fields a scheme has.
        on: the day that counts as today: nothing happened after it.
        columns: the list's own headings, by canonical name (`[nir.columns]`).
        scheme: the scheme of a list that does not say it.
        encoding, sheet: as for other lists.
        test: numbers of test persons are accepted, and real ones are not.
        sources: prefixes that keys may have; they are taken off.
        by: who says that something was seen in NIR, where the list has a day for it.

    Returns: the records, and what was refused or is asked.

    Raises:
        InputError: the file cannot be read as such a list.
        ConfigurationError: `columns` names a column that there is not.
    """
    layout = layout_of(rules)
    check_mapping(columns, [column.name for column in layout.columns], layout.section)
    tables = read_tables(path, layout, mapped=columns, encoding=encoding, sheet=sheet)
    if sheet is None:
        _require_all_schemes(tables[0].facts.unread, shown_name(path))
    reader = _Reader(layout, setting, rules, on, test=test, sources=tuple(sources), by=by)
    for table in tables:
        reader.read(table, scheme, shown_name(path))
    records, questions = together(reader.records)
    keys = {same_key(one.record.person.key): one.record.person.key for one in records}
    seen = (replace(one, person=keys[key]) for one in reader.seen if (key := same_key(one.person)) in keys)
    return Participation(
        records,
        tuple(sorted((*reader.refusals, *questions), key=_place)),
        tuple(note for table in tables for note in table.notes),
        tuple(dict.fromkeys(seen)),
        sum(len(table.rows) + len(table.refusals) for table in tables),
        tuple(dict.fromkeys(heading for table in tables for heading in table.heading.ignored)),
        FileFacts.of_table(tables[0]),
    )


def _require_all_schemes(unread: Sequence[str], file: str) -> None:
    """Raise InputError for a sheet that has the name of a scheme, and no column of keys: nobody in it was read."""
    for name in unread:
        if heading_key(name) in SCHEME_OF:
            raise InputError(
                Sentence(
                    "{file} sheet {sheet} has the name of a scheme, but no heading of the key. Write the heading key "
                    "above its keys, or your own heading in [nir.columns]; or name one sheet with --sheet.",
                    file=file,
                    sheet=name,
                )
            )


def _place(refusal: Refusal) -> tuple[str, int]:
    return (refusal.origin.sheet, refusal.origin.row) if refusal.origin else ("", 0)


class _Reader:
    """Reads the tables of one list, one after the other."""

    def __init__(
        self,
        layout: Layout,
        setting: Setting,
        rules: Rules,
        on: date,
        *,
        test: bool,
        sources: Sequence[str],
        by: str,
    ) -> None:
        self._layout, self._setting, self._rules, self._on = layout, setting, rules, on
        self._test, self._sources, self._by = test, sources, by
        self.records: list[ListedRecord] = []
        self.refusals: list[Refusal] = []
        self.seen: list[Seen] = []

    def read(self, table: Table, named: Scheme | None, file: str) -> None:
        """Read one table. Raises InputError when nothing says of which scheme it is."""
        of_sheet = SCHEME_OF.get(heading_key(table.facts.sheet))
        if of_sheet is None and named is None and "scheme" not in table.heading.places:
            raise InputError(
                Sentence(
                    "{file} does not say of which scheme it is. Add the column scheme, name the sheet as the scheme, "
                    "or run again with --scheme and one of these: {schemes}.",
                    file=Sentence("{file} sheet {sheet}", file=file, sheet=table.facts.sheet)
                    if table.facts.sheet
                    else file,
                    schemes=", ".join(Scheme),
                )
            )
        self.refusals += table.refusals
        for row in table.rows:
            self._row(row, table, of_sheet, named)

    def _row(self, row: Row, table: Table, of_sheet: Scheme | None, named: Scheme | None) -> None:
        cells = Cells(row, table.heading, self._on, self._setting.codes)
        key, scheme = self._key(cells), self._scheme(cells, of_sheet, named)
        if key and scheme:
            self.seen += self._seen_of_person(cells, key)
            person = person_of(cells, key, self._rules.laws, test=self._test)
            record = RecordCells(cells, self._rules, self._by).record(person, scheme)
            self.records.append(ListedRecord(record, row.origin))
        self.refusals += cells.asked

    def _key(self, cells: Cells) -> str:
        """The key of a row; empty, and refused, where it has none."""
        row = cells.row
        wrong = [*without_value(row, {"key": R_SOURCE_ID}), *misplaced(row, _KEY_ALONE)]
        if wrong or not row["key"] or cells.is_own_number(row["key"]):
            words = wrong[0].words if wrong else SOURCE_ID_NUMBER if row["key"] else _NO_KEY
            cells.ask(R_SOURCE_ID, words, "key", held=False)
            return ""
        prefixes = (f"{source}:" for source in self._sources if source)
        return next((row["key"].removeprefix(one) for one in prefixes if row["key"].startswith(one)), row["key"])

    def _scheme(self, cells: Cells, of_sheet: Scheme | None, named: Scheme | None) -> Scheme | None:
        """The scheme of a row: its own cell, the name of the sheet, or what a person named."""
        text = cells.text("scheme")
        said = SCHEME_OF.get(heading_key(text)) if text else None
        if text and said is None:
            words = Sentence("this is no scheme. Write one of these: {schemes}.", schemes=listed(Scheme))
        elif said and of_sheet and said is not of_sheet:
            words = Sentence("the row is of another scheme than its sheet. Move the row, or correct the cell.")
        elif found := said or of_sheet or named:
            return found
        else:
            words = Sentence("the cell is empty. Write one of these: {schemes}.", schemes=listed(Scheme))
        cells.ask(R_NIR_SCHEME, words, "scheme", held=False)
        return None

    def _seen_of_person(self, cells: Cells, key: str) -> Iterable[Seen]:
        for name in SEEN_OF_PERSON:
            if day := cells.day(name + IN_NIR):
                yield Seen(key, day, self._by, fields=(name,))
