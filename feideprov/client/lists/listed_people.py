"""The people of a list, or those that a program gave, with the source ids that they have as users."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from feideprov.client.context import Context
from feideprov.directory.dn import same_key
from feideprov.errors import InputError
from feideprov.feide.group import Ended
from feideprov.feide.person import PersonRecord
from feideprov.intake.file_facts import FileFacts
from feideprov.intake.key_cell import of_a_new_key
from feideprov.intake.people import read_people
from feideprov.issues import Listed, Refusal
from feideprov.journal.user.protected_keys import ProtectedKeys
from feideprov.messages import Sentence, joined
from feideprov.provision.plan.linking.source_keys import SourceKeys
from feideprov.provision.protect import ProtectedRows
from feideprov.tables.text_file import shown_name
from feideprov.wiring import is_full, keys_of


@dataclass(frozen=True)
class ListedPeople:
    """The people of a list or a program. Who was marked as protected is protected."""

    people: list[PersonRecord]
    keys: SourceKeys
    source: str | None
    """The configured source, which a person or the file has named."""
    full: bool
    """The configuration says that the lists of the source have everybody of it."""
    marked: ProtectedKeys
    """The marks of protected people."""
    refusals: tuple[Refusal, ...] = ()
    notes: tuple[str, ...] = ()
    file: FileFacts = field(default_factory=FileFacts)
    name: str = ""
    """Of the file, as it may be shown; empty for people whom a program gave."""

    @property
    def former_keys(self) -> Mapping[str, str]:
        """By source id: the one that the person had before, as the file says."""
        with_prefix = self.keys.with_prefix
        return {with_prefix(new): with_prefix(old) for new, old in self.file.former_keys.items()}

    @property
    def ended(self) -> Mapping[str, Ended] | None:
        """Of a file that has only what changed: what people are no longer in, by source id. None for other files."""
        if self.file.extent is None or not self.file.extent.is_part:
            return None
        return {self.keys.with_prefix(key): ended for key, ended in self.file.ended.items()}

    def chosen(self, only: str | None) -> list[PersonRecord]:
        """The people with one source id, which is given as the list has it or as users have it; None: all.

        Raises InputError when no row has it.
        """
        if only is None:
            return self.people
        wanted = same_key(self.keys.with_prefix(self.keys.without_prefix(only)))
        found = [one for one in self.people if same_key(one.source_id) == wanted]
        if not found:
            raise InputError(Sentence("No row has the source id that you gave with --only. Correct the source id."))
        return found


def people_of(
    context: Context,
    records: Iterable[PersonRecord] | Path | str,
    source: str | None,
    encoding: str | None,
    sheet: str | None,
) -> ListedPeople:
    """Read a list of people, if it is one. Raises as `Client.plan`."""
    named, refusals, notes, file, name = source, tuple[Refusal, ...](), tuple[str, ...](), FileFacts(), ""
    if isinstance(records, Path | str):
        path = Path(records)
        listed = read_people(path, context.reading(source, encoding, sheet))
        records, refusals, file, name = listed.records, listed.refusals, listed.file, shown_name(path)
        source = source or file.source
        of_key = () if context.key_is_kept else of_a_new_key(record.source_id for record in records)
        notes = (*ignored_columns(listed.ignored_columns), *listed.notes, *of_key)
    keys, people = keys_of(context.settings, source, named), list(records)
    if keys.prefix is not None:
        people = [one.model_copy(update={"source_id": keys.with_prefix(one.source_id)}) for one in people]
    marked = ProtectedKeys.read(context.journal)
    protected = ProtectedRows(marked, keys.prefix, source)
    full = is_full(context.settings, source)
    people, refusals = protected.people(people), protected.refusals(refusals)
    return ListedPeople(people, keys, source, full, marked, refusals, notes, file, name)


def ignored_columns(columns: Iterable[str]) -> tuple[Sentence, ...]:
    """A note about the columns that were not read."""
    names = list(columns)
    if not names:
        return ()
    return (
        Sentence(
            "The column {names} is not known and was not read.",
            plural="These columns are not known and were not read: {names}.",
            count=len(names),
            names=joined(names, ", "),
        ),
    )


def rows_read(listed: Iterable[Listed], refusals: Iterable[Refusal]) -> int:
    """How many rows a list has: those that were read, and those that were refused as a whole."""
    origins = [row.origin for row in listed]
    return len(origins) + len({refusal.origin for refusal in refusals} - {None, *origins})
