"""A file of PIFU-IMS SAS or IMS Enterprise, as a list of people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final

from feideprov.errors import InputError
from feideprov.feide.group import Ended
from feideprov.feide.person import PersonRecord, Role
from feideprov.files import Largest, opened
from feideprov.intake.file_facts import Extent, FileFacts, Format, UnknownSchool
from feideprov.intake.ims.belonging import Belongings, LeftOut, Outside
from feideprov.intake.ims.collector import read_model
from feideprov.intake.ims.groups import Groups
from feideprov.intake.ims.keys import Keys, has_number, is_number
from feideprov.intake.ims.model import Enterprise, Membership, Person, SourcedId
from feideprov.intake.ims.notes import Told, notes_of
from feideprov.intake.ims.records import record_for
from feideprov.intake.ims.references import match_references
from feideprov.intake.ims.sources import source_in
from feideprov.intake.person_list import PersonList
from feideprov.intake.reading import Reading
from feideprov.issues import Origin, Refusal
from feideprov.messages import Sentence
from feideprov.programs.gc_paused import gc_paused
from feideprov.progress import READING_PEOPLE, steps
from feideprov.system_errors import reason_of
from feideprov.tables.day import day_in_norway
from feideprov.tables.text_file import shown_name

_EXTENTS: Final = {
    **{extent.value: extent for extent in Extent},
    "melding": Extent.EVENT,
}


def read_enterprise(path: Path, reading: Reading) -> PersonList:
    """The people in a file who become users, with what was understood of the file.

    Each record's `origin` is the line on which its person begins. Numbers are not judged. Raises InputError when the
    file cannot be read to its end: then nothing of it is used.
    """
    file = shown_name(path)
    try:
        stream = opened(path, Largest.LARGE_FILE)
    except OSError as error:
        raise InputError(
            Sentence("{file} cannot be read: {why}. Check the file.", file=file, why=reason_of(error))
        ) from None
    with stream, gc_paused():
        enterprise = read_model(stream, file)
        return _People(enterprise, reading, file).as_list()


@dataclass
class _People:
    enterprise: Enterprise
    reading: Reading
    file: str
    records: list[PersonRecord] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    left_out: Counter[LeftOut] = field(default_factory=Counter)
    at_other_schools: Counter[tuple[str, str]] = field(default_factory=Counter)
    deleted: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    former: dict[str, str] = field(default_factory=dict)
    ended: dict[str, Ended] = field(default_factory=dict)
    people: int = 0
    schools: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        said, reading = self.enterprise.properties, self.reading
        self.source = source_in(said.datasource, reading, self.file)
        self.groups = Groups(
            self.enterprise.groups, reading.organization, reading.key, are_typed=self.enterprise.is_pifu
        )
        self.extent = _EXTENTS.get(said.type.lower())
        self.is_part = self.extent is not None and self.extent.is_part
        self.keys = Keys(
            self.source.key if self.source else "sourcedid",
            reading.key,
            numbers_are_ids=not self.enterprise.is_pifu and _are_numbers_ids(self.enterprise.people),
        )

    def as_list(self) -> PersonList:
        belongings = Belongings(self.groups, self.reading.on)
        known = {one for person in self.enterprise.people for one in (person.id, *person.former, *person.also)}
        matched = match_references(self.enterprise, known)
        dangling = self._dangling(known)
        for origin, person in steps(self._in_order(), READING_PEOPLE, total=len(self.enterprise.lines)):
            what = belongings.of(person, self._memberships(person), is_contact=person.id in self.enterprise.contacts)
            if isinstance(what, Outside):
                self._leave_out(what, person)
                continue
            source_id = self.keys.of(person)
            self.people += 1
            if what.role in (Role.PUPIL, Role.STUDENT):
                self.schools.update(what.schools)
            if self.is_part and any(what.ended):
                self.ended[source_id] = what.ended
            record, refusal = record_for(person, source_id, what, origin, self.reading.on)
            if record is not None:
                self.records.append(record)
            if refusal is not None:
                self.refusals.append(refusal)
            for former in self.keys.former(person):
                self.former[source_id] = former
        facts = self._facts()
        unusable, made = len(self.groups.unusable), self.keys.made
        told = Told(self.file, self.enterprise, facts, self.reading, unusable, made, dangling, matched)
        return PersonList(tuple(self.records), tuple(self.refusals), (), tuple(notes_of(told)), facts)

    def _in_order(self) -> Iterator[tuple[Origin, Person]]:
        """Each person with its place. People are taken out of the list, so that they need no memory beside the
        records."""
        people, lines = self.enterprise.people, self.enterprise.lines
        by_line = len(set(lines)) == len(lines)
        people.reverse()
        for place, line in enumerate(lines, 1):
            yield (
                Origin(self.file, line, unit="line") if by_line else Origin(self.file, place, unit="person"),
                people.pop(),
            )

    def _memberships(self, person: Person) -> list[Membership]:
        found = self.enterprise.members.get(person.id, [])
        for other in (*person.former, *person.also):
            found = [*found, *self.enterprise.members.get(other, ())]
        return found

    def _dangling(self, known: Collection[SourcedId]) -> int:
        """How many memberships are of people or groups that are not in the file. `known` are the ids of its people."""
        return sum(
            len(of_person) if person not in known else sum(one.group not in self.enterprise.groups for one in of_person)
            for person, of_person in self.enterprise.members.items()
        )

    def _leave_out(self, what: Outside, person: Person) -> None:
        """Count somebody who becomes no user. A source id is made only for who may be a user of before."""
        self.left_out[what.reason] += 1
        if what.reason is LeftOut.OTHER_SCHOOL:
            if what.school:
                self.at_other_schools[what.school] += 1
            self.elsewhere += filter(None, [self.keys.of(person)])
        elif what.reason is LeftOut.DELETED and self.is_part:
            self.deleted += filter(None, [self.keys.of(person)])

    def _facts(self) -> FileFacts:
        said = self.enterprise.properties
        return FileFacts(
            Format.PIFU if self.enterprise.is_pifu else Format.IMS,
            datasource=said.datasource,
            source=self.source.name if self.source else None,
            extent=self.extent,
            made_on=_made_on(said.datetime),
            people=self.people,
            schools=frozenset(self.schools),
            unknown_schools=tuple(
                UnknownSchool(number, name, people) for (number, name), people in self.at_other_schools.items()
            ),
            left_out=MappingProxyType({str(reason): count for reason, count in self.left_out.items()}),
            deleted=tuple(self.deleted),
            elsewhere=tuple(self.elsewhere),
            former_keys=MappingProxyType(self.former),
            ended=MappingProxyType(self.ended),
            serials=frozenset(self.keys.serials),
        )


def _are_numbers_ids(people: Collection[Person]) -> bool:
    """Whether numbers stand as sourcedid: somebody has one there, or nobody has one anywhere."""
    return any(is_number(one.id.id) for one in people) or not any(map(has_number, people))


def _made_on(text: str) -> date | None:
    """The day in Norway: a time without an offset is Norway's."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return day_in_norway(moment) if moment.tzinfo else moment.date()
