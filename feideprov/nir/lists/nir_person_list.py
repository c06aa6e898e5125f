"""The person list that NIR lets one download as CSV, beside the own records and the Feide users.

A number is compared by its mark, and is in no difference and no refusal.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Final

from feideprov.directory.dn import same_key
from feideprov.issues import Refusal, code, in_row_order
from feideprov.messages import NOTHING, Sentence
from feideprov.nir.lists.nir_person_rows import R_NIR_LISTED_NUMBER, NirPersonList, NirPersonRow, read_nir_person_list
from feideprov.nir.model import NumberKind
from feideprov.nir.register.content import Content
from feideprov.numbers import NumberText, key_is_number
from feideprov.numbers.reading import digits_of

R_NIR_LISTED_TWICE: Final = code(
    "R-NIR-LISTED-TWICE",
    Sentence("NIR's person list has two rows about one person. Both are compared."),
    Sentence("Look in NIR whether the person is registered twice."),
)
KINDS: Final = {
    "only_in_nir": Sentence("NIR's list has this person. Neither the records nor the Feide users do."),
    "not_in_nir": Sentence("The records have this person, and NIR's list does not. Look the person up in NIR."),
    "not_a_user": Sentence("This person is no Feide user."),
    "not_in_records": Sentence("NIR's list has this Feide user, and the records do not."),
    "number_differs": NOTHING,
    "number_missing": NOTHING,
    "ending_without_reason": Sentence("Something has ended in NIR without a reason (avslutningsårsak). Register it."),
}
"""The kinds of differences, in the order in which they are shown. Two of them have several sentences."""


@dataclass(frozen=True)
class Difference:
    """What differs about one person. `kind`: `only_in_nir`, `not_in_nir`, `not_a_user`, `not_in_records`,
    `number_differs`, `number_missing`, `ending_without_reason`. `person` is the key, or the row of the list where it
    has none of ours."""

    kind: str
    person: str
    sentence: Sentence


@dataclass(frozen=True)
class Reconciliation:
    """The three lists side by side, by key; numbers by mark. `notes`: what of the file was not read."""

    differences: tuple[Difference, ...]
    refusals: tuple[Refusal, ...]
    in_nir: int
    in_records: int
    users: int
    agree: int
    notes: tuple[Sentence, ...] = ()


def reconcile(
    path: Path,
    columns: Mapping[str, str],
    content: Content,
    users: Mapping[str, NumberText | None],
    mark: Callable[[str], str],
    *,
    on: date | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
) -> Reconciliation:
    """Compare the person list with the own records and the Feide users.

    Parameters:
        path: the downloaded list.
        columns: its headings, by name (`key`, `number`, `ended`, `reason`; `[nir.person_list]`).
        content: the own records.
        users: by source id, the number of each Feide user.
        mark: makes the mark of a number.
        on: the day that counts as today: what ends later has not ended.
        encoding, sheet: as for other lists.

    Raises:
        ConfigurationError: the columns are not configured.
        InputError: the file cannot be read, or lacks a column.
    """
    listed = read_nir_person_list(path, columns, on, encoding=encoding, sheet=sheet)
    return _Comparison(listed, _Ours(content, users, mark)).result()


def _group(text: str) -> str:
    """Numbers of one group are compared: a D-number with the fødselsnummer that follows it, never with a DUF number."""
    digits, _wrong = digits_of(text)
    group = {11: NumberKind.FNR, 12: NumberKind.DUF}.get(len(digits))
    return group if group and key_is_number(digits) else ""


@dataclass
class _Ours:
    """The own records and the Feide users."""

    content: Content
    listed_users: Mapping[str, NumberText | None] = field(repr=False)
    mark: Callable[[str], str]

    @cached_property
    def users(self) -> Mapping[str, NumberText | None]:
        """By the key that the records have, where they have the person too."""
        return {self._own(key): number for key, number in self.listed_users.items()}

    @cached_property
    def recorded(self) -> frozenset[str]:
        return frozenset({*self.content.people, *(person for person, _ in self.content.records)})

    @cached_property
    def keys(self) -> Mapping[str, str]:
        return {same_key(key): key for key in (*self.listed_users, *self.recorded)}

    @cached_property
    def holders(self) -> Mapping[str, Set[str]]:
        """By mark, who has the number."""
        found = defaultdict[str, set[str]](set)
        for key, number in self.users.items():
            if number is not None:
                found[self.mark(number.reveal())].add(key)
        for key, marks in self.content.marks.items():
            for one in marks.values():
                found[one.mark].add(self._own(key))
        return found

    def _own(self, key: str) -> str:
        return self.keys.get(same_key(key), key)

    def marks_of_user(self, person: str) -> Mapping[str, Set[str]]:
        """By group, the mark of the number that the user has."""
        number = self.users.get(person)
        group = _group(number.reveal()) if number else ""
        return {group: {self.mark(number.reveal())}} if number and group else {}

    def marks_of_records(self, person: str) -> Mapping[str, Set[str]]:
        """By group, the marks of the numbers that the records have."""
        found = defaultdict[str, set[str]](set)
        for kind, one in self.content.marks.get(person, {}).items():
            found[NumberKind.FNR if kind is NumberKind.DNR else kind].add(one.mark)
        return found


@dataclass
class _Comparison:
    """The list beside what is ours."""

    listed: NirPersonList
    ours: _Ours
    found: dict[tuple[str, str], Difference] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)

    def result(self) -> Reconciliation:
        rows = self._rows_by_person()
        matched = [person for person in rows if person in self.ours.recorded or person in self.ours.users]
        for person in matched:
            for row in rows[person]:
                self._compare(person, row)
        for person in self.ours.recorded.difference(rows):
            self._tell("not_in_nir", person)
        for person in self.ours.recorded.union(matched).difference(self.ours.users):
            self._tell("not_a_user", person)
        order = {kind: place for place, kind in enumerate(KINDS)}
        different = {person for _, person in self.found}
        return Reconciliation(
            tuple(sorted(self.found.values(), key=lambda one: (order[one.kind], one.person))),
            in_row_order([*self.listed.refusals, *self.refusals]),
            in_nir=len(rows),
            in_records=len(self.ours.recorded),
            users=len(self.ours.users),
            agree=len(set(matched) - different),
            notes=self.listed.notes,
        )

    def _rows_by_person(self) -> Mapping[str, list[NirPersonRow]]:
        """The rows of each person of ours, by key, and those of the others, by what the row says."""
        found = defaultdict[str, list[NirPersonRow]](list)
        for row in self.listed.rows:
            mark = self.ours.mark(row.number) if row.number else ""
            if row.number and self._cannot_be_compared(row, mark) and not row.key:
                continue
            person = self._person(row, mark)
            if person is None:
                person = f"{same_key(row.key)}\n{mark}"  # no key has a line break
            if rows := found[person]:
                words = Sentence("This row is about the same person as {place}.", place=rows[0].origin.place)
                self.refusals.append(Refusal(R_NIR_LISTED_TWICE, words, held=True, origin=row.origin))
            elif "\n" in person:
                self._tell("only_in_nir", row.origin.place)
            rows.append(row)
        return found

    def _person(self, row: NirPersonRow, mark: str) -> str | None:
        if row.key and (person := self.ours.keys.get(same_key(row.key))):
            return person
        holders = self.ours.holders.get(mark, frozenset())
        return next(iter(holders)) if len(holders) == 1 else None

    def _cannot_be_compared(self, row: NirPersonRow, mark: str) -> bool:
        """Whether the number says nothing: nobody has it and it is formed like none, or several have it."""
        holders = len(self.ours.holders.get(mark, ()))
        if holders == 1 or (holders == 0 and _group(row.number)):
            return False
        if holders and row.key and same_key(row.key) in self.ours.keys:
            return False
        words = (
            Sentence("several of our people have this number. Find out whose it is.")
            if holders
            else Sentence(
                "this is no fødselsnummer, D-number or DUF number, and nobody of ours has it. Look it up in NIR."
            )
        )
        told = Sentence("{where}: {words}", where=self.listed.heading.where("number"), words=words)
        self.refusals.append(Refusal(R_NIR_LISTED_NUMBER, told, origin=row.origin))
        return True

    def _compare(self, person: str, row: NirPersonRow) -> None:
        if person not in self.ours.recorded:
            self._tell("not_in_records", person)
        if row.without_reason:
            self._tell("ending_without_reason", person)
        if "number" in self.listed.heading.places:
            for kind, sentence in self._numbers(person, row):
                self._tell(kind, person, sentence)

    def _numbers(self, person: str, row: NirPersonRow) -> Iterator[tuple[str, Sentence]]:
        user, records = self.ours.marks_of_user(person), self.ours.marks_of_records(person)
        if not row.number:
            if user or records:
                yield "number_missing", Sentence("NIR's list has no number, and we have one. Check what NIR shows.")
            return
        mark, group = self.ours.mark(row.number), _group(row.number)
        holders = self.ours.holders.get(mark, frozenset())
        if holders and person not in holders:
            yield (
                "number_differs",
                Sentence("The number in NIR's list is that of {other}. Find out whose it is.", other=min(holders)),
            )
        elif mark not in user.get(group, {mark}):
            yield (
                "number_differs",
                Sentence("The number in NIR's list is not that of the Feide user. Check what NIR shows."),
            )
        elif mark not in records.get(group, {mark}):
            yield (
                "number_differs",
                Sentence("The number in NIR's list is not the one in the records. Record the number that holds."),
            )
        if group == NumberKind.FNR and group not in user and person in self.ours.users:
            yield "number_missing", Sentence("NIR's list has a number, and the Feide user has none.")

    def _tell(self, kind: str, person: str, sentence: Sentence = NOTHING) -> None:
        self.found.setdefault((kind, person), Difference(kind, person, sentence or KINDS[kind]))
