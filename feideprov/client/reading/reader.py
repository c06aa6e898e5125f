"""What is understood of a file: read, and compared with the configuration. Nothing is connected to or written."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

from feideprov.client.context import Context
from feideprov.client.lists.listed_people import rows_read
from feideprov.client.reading.file import ListKind, ReadFile
from feideprov.directory.dn import same_key
from feideprov.errors import InputError, Refused
from feideprov.feide.build import UsableNumber, build_user, judge
from feideprov.feide.person import PersonRecord
from feideprov.feide.user_name import UserNames
from feideprov.files import beginning_of, is_pipe
from feideprov.files.known_file import FileKind, known_file
from feideprov.intake.columns import FOLLOWING_LIST, NUMBER_LIST, REPLACEMENT_LIST, WITHDRAWAL_LIST
from feideprov.intake.file_facts import FileFacts
from feideprov.intake.ims.recognition import is_enterprise
from feideprov.intake.leaver_list import read_leaver_list
from feideprov.intake.number_list import NumberRow
from feideprov.intake.numbers import read_numbers
from feideprov.intake.people import read_people
from feideprov.intake.person_list import PersonList
from feideprov.intake.reading import Reading
from feideprov.issues import Refusal, in_row_order
from feideprov.journal.keys import MarkKey
from feideprov.journal.user.protected_keys import ProtectedKeys
from feideprov.journal.users import KnownUsers
from feideprov.messages import Sentence
from feideprov.numbers import Evidence, NumberText, judge_number
from feideprov.provision.plan.people.belonging_notes import grades_of_other_schools
from feideprov.provision.plan.people.planner import R_DUPLICATE
from feideprov.provision.plan.people.questions import Questions
from feideprov.tables.heading import HeadingError
from feideprov.tables.text_file import shown_name
from feideprov.wiring import source_of

_NUMBERS: Final = {
    ListKind.REPLACEMENTS: REPLACEMENT_LIST,
    ListKind.NUMBERS: NUMBER_LIST,
    ListKind.WITHDRAWALS: WITHDRAWAL_LIST,
}


def read(
    context: Context,
    path: Path,
    *,
    source: str | None,
    encoding: str | None,
    sheet: str | None,
    kind: str | None,
) -> ReadFile:
    """What is understood of a file; see `Client.read`."""
    if kind is not None and kind not in set(ListKind):
        raise InputError(
            Sentence("A list is one of these kinds: {kinds}. Correct the kind.", kinds=", ".join(ListKind))
        )
    reading = context.reading(source, encoding, sheet, key=context.existing_key() or MarkKey.fresh())
    read_as = _Reader(context, path, reading)
    return read_as.of_kind(ListKind(kind)) if kind is not None else read_as.of_any_kind()


class _Reader:
    """Reads one file as one kind of list, or as the kind that it is."""

    def __init__(self, context: Context, path: Path, reading: Reading) -> None:
        self.context, self.path, self.reading = context, path, reading

    def of_kind(self, kind: ListKind) -> ReadFile:
        """The file as this kind of list. Raises InputError when it is none."""
        if kind is ListKind.PEOPLE:
            return self._people()
        if kind is ListKind.SERVICES:
            return self._services()
        if kind is ListKind.LEAVERS:
            return self._leavers()
        if kind is ListKind.NIR:
            return self._participation()
        return self._numbers(kind)

    def of_any_kind(self) -> ReadFile:
        """The file as the kind of list of which it has most columns. Raises InputError when it is of no kind, and for a
        pipe, which can be read only once."""
        if is_pipe(self.path):
            raise InputError(
                Sentence(
                    "{file} is a pipe, which can be read only once. Say with --as what it is a list of, or give the "
                    "path of a file.",
                    file=shown_name(self.path),
                )
            )
        head = beginning_of(self.path)
        if is_enterprise(head):
            return self._people()
        known = known_file(head)
        if known is not None and known.kind in (FileKind.JSON, FileKind.SAML):
            return self._services()
        found, errors = list[ReadFile](), list[HeadingError]()
        for kind in ListKind:
            if kind is ListKind.NIR:
                continue
            try:
                found.append(self.of_kind(kind))
            except HeadingError as error:
                errors.append(error)
        if self.context.settings.nir is not None:
            with suppress(InputError):  # its headings are those of other lists too, and then it says no scheme
                found.append(self._participation())
        best = max(found, key=lambda one: (len(one.file.columns), _replaces(one)), default=None)
        nearest = max((error.known for error in errors), default=0)
        # Every list with keys could be one of leavers: it is none where something else is nearer.
        if best is None or (best.kind is ListKind.LEAVERS and len(best.file.columns) <= nearest):
            raise max(errors, key=lambda error: error.known)
        return best

    def _people(self) -> ReadFile:
        listed = read_people(self.path, self.reading)
        listed = self._without_names_of_protected(listed)
        organization = self.context.organization
        firsts = (organization.school(record.schools[0]) if record.schools else None for record in listed.records)
        numbers = (
            number
            for record in listed.records
            for number in (record.national_number, record.duf_number)
            if number is not None
        )
        refusals = (*listed.refusals, *self._refused_people(listed.records, self._evidence(listed.file)))
        return ReadFile(
            shown_name(self.path),
            ListKind.PEOPLE,
            listed.file,
            rows_read(listed.records, listed.refusals),
            listed.records,
            schools=tuple(school.id if school else "" for school in firsts),
            numbers=self._by_kind(numbers),
            refusals=in_row_order(refusals),
            ignored_columns=listed.ignored_columns,
            notes=(*listed.notes, *grades_of_other_schools(listed.records, organization)),
        )

    def _without_names_of_protected(self, listed: PersonList) -> PersonList:
        """The list, in which people are protected who are so by the journal, if there is one."""
        journal = self.context.existing_journal
        if journal is None:
            return listed
        marked, known = ProtectedKeys.read(journal), KnownUsers.read(journal)
        prefixes = [one.prefix_among_others for one in self.reading.sources]

        def is_protected(source_id: str) -> bool:
            names = (source_id, *(f"{prefix}:{source_id}" for prefix in prefixes))
            return any(
                name in marked or any(known.is_protected(user.feide_name) for user in known.made_for(name))
                for name in names
            )

        return replace(
            listed,
            records=tuple(
                one.model_copy(update={"protected": True}) if is_protected(one.source_id) else one
                for one in listed.records
            ),
            refusals=tuple(replace(one, name="") if is_protected(one.source_id) else one for one in listed.refusals),
        )

    def _refused_people(self, records: Sequence[PersonRecord], evidence: Evidence | None) -> Iterator[Refusal]:
        """What a plan will say about each row, whatever is in the directory."""
        options, twice = self.context.build_options, defaultdict[str, list[PersonRecord]](list)
        names = UserNames(frozenset(), options.names)
        for record in records:
            twice[same_key(record.source_id)].append(record)
        for record in records:
            same = twice[same_key(record.source_id)]
            name = "" if any(one.protected for one in same) else record.full_name
            if len(same) > 1:
                yield Refusal(R_DUPLICATE, Questions.twice(same), origin=record.origin, name=name)
                continue
            try:
                user = build_user(
                    record,
                    self.context.organization,
                    taken=names,
                    options=options,
                    evidence=evidence,
                    on=self.reading.on,
                    password=False,
                    user_name="user",
                )
            except Refused as refused:
                yield Refusal(refused.code, refused.sentence, refused.held, record.origin, name=name)
            else:
                for concern in user.concerns:
                    yield Refusal(concern.code, concern.sentence, concern.held, record.origin, name=name)

    def _numbers(self, kind: ListKind) -> ReadFile:
        follows = kind is ListKind.REPLACEMENTS and self.reading.source is not None
        listed = read_numbers(self.path, self.reading, FOLLOWING_LIST if follows else _NUMBERS[kind])
        evidence = self._evidence(listed.file)
        numbers = (
            number for row in listed.rows for number in (row.national_number, row.old_number) if number is not None
        )
        refusals = listed.refusals
        if kind is not ListKind.WITHDRAWALS:
            refusals = in_row_order((*refusals, *self._refused_numbers(listed.rows, evidence)))
        return ReadFile(
            shown_name(self.path),
            kind,
            listed.file,
            rows_read(listed.rows, listed.refusals) + listed.unanswered,
            number_rows=listed.rows,
            numbers=self._by_kind(numbers),
            refusals=refusals,
            ignored_columns=listed.ignored_columns,
            notes=listed.notes,
        )

    def _refused_numbers(self, rows: Iterable[NumberRow], evidence: Evidence | None) -> Iterator[Refusal]:
        for row in rows:
            judged = judge(
                row.national_number,
                self.context.build_options.numbers,
                birth_date=row.birth_date,
                evidence=row.evidence or evidence,
                on=self.reading.on,
            )
            if not isinstance(judged, UsableNumber):
                yield Refusal(judged.code, judged.sentence, judged.held, row.origin, row.user or None)

    def _services(self) -> ReadFile:
        from feideprov.services.sources import read_services

        listed = read_services(
            self.path, organization=self.context.organization, on=self.reading.on, sheet=self.reading.sheet
        )
        return ReadFile(
            listed.file,
            ListKind.SERVICES,
            listed.facts,
            len(listed.services) + len(listed.refusals),
            services=listed.services,
            refusals=listed.refusals,
            notes=listed.notes,
        )

    def _leavers(self) -> ReadFile:
        reading = self.reading
        listed = read_leaver_list(
            self.path, columns=reading.columns, encoding=reading.encoding, sheet=reading.sheet, key=reading.key
        )
        return ReadFile(
            shown_name(self.path),
            ListKind.LEAVERS,
            listed.file,
            rows_read(listed.rows, listed.refusals),
            refusals=listed.refusals,
            ignored_columns=listed.ignored_columns,
            notes=listed.notes,
        )

    def _participation(self) -> ReadFile:
        from feideprov.client.nir import introduction_register

        reading = self.reading
        listed = introduction_register(self.context).read(self.path, encoding=reading.encoding, sheet=reading.sheet)
        return ReadFile(
            shown_name(self.path),
            ListKind.NIR,
            listed.file,
            listed.rows,
            refusals=listed.refusals,
            ignored_columns=listed.ignored_columns,
            notes=listed.notes,
        )

    def _evidence(self, file: FileFacts) -> Evidence | None:
        source = self.reading.source or file.source
        return source_of(self.context.settings, source)[0] if source is not None else None

    def _by_kind(self, numbers: Iterable[NumberText]) -> dict[str, int]:
        """How many numbers there are of each kind."""
        policy, on = self.context.build_options.numbers, self.reading.on
        return dict(Counter(judge_number(number, on=on, policy=policy).kind.value for number in numbers).most_common())


def _replaces(read: ReadFile) -> bool:
    """Whether it is a list of replacements with an old number: a sheet of numbers may have that column, and leave it
    empty."""
    return read.kind is ListKind.REPLACEMENTS and any(row.old_number for row in read.number_rows)
