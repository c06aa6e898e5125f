"""A content with what lists say, and with what was handed over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Self

from feideprov.journal.keys import MarkKey
from feideprov.nir.contents import Contents, Given
from feideprov.nir.model import FACTS_OF_PERSON, IN_NIR, Number, NumberKind, Person, Record, Scheme, SeenInNir, Value
from feideprov.nir.register.content import Content, HandedOver, NumberMark, Place, Seen, known_key
from feideprov.nir.register.kept import ReadByRules, is_declared
from feideprov.nir.register.removal import person_without, values_without
from feideprov.nir.register.written import as_text, hash_of, of_text
from feideprov.nir.table.rules import Rules


def with_records(
    content: Content, records: Iterable[Record], key: MarkKey, *, keep: frozenset[str], rules: Rules | None = None
) -> Content:
    """The content with these records: what a row says replaces what was there, what it does not say stays, and what it
    removes is gone. That it was handed over stays.

    Of contents that no rule reads, only that they were given is kept, and the content itself where an adapter declares
    the field (`keep`) until it is handed over or seen in NIR. Numbers become marks. What was seen in NIR counts as seen
    until the content changes. Of a content that is not kept, a change is noticed only where it was handed over.

    Parameters:
        content: what was there.
        records: the records, with numbers and whole contents.
        key: the key of the register.
        keep: the fields whose contents an adapter needs.
        rules: the rules, which say what is read; without them, those of the package.
    """
    reads = ReadByRules.of(rules if rules is not None else Rules.shipped())
    draft = _Draft.of(content, key, keep, reads)
    for record in records:
        draft.add(record)
    return draft.content(content)


def of_known_people(content: Content, records: Iterable[Record]) -> list[Record]:
    """The records, each with the key that the file has for the same person."""
    known = known_key(content)
    return [
        one if (key := known(one.person.key)) == one.person.key else one.model_copy(update={"person": _named(one, key)})
        for one in records
    ]


def _named(record: Record, key: str) -> Person:
    return record.person.model_copy(update={"key": key})


def with_receipts(content: Content, handed_over: Iterable[HandedOver]) -> Content:
    """The content after an adapter has answered: that a field was handed over stays, and its content is deleted."""
    new = {one.place: one for one in handed_over}
    return replace(
        content,
        handed_over=tuple(({one.place: one for one in content.handed_over} | new).values()),
        contents={place: text for place, text in content.contents.items() if place not in new},
    )


def with_declared(content: Content, keep: frozenset[str]) -> Content:
    """The content without what is kept for an adapter that does not declare the field any more (`keep`)."""
    return replace(
        content, contents={place: text for place, text in content.contents.items() if is_declared(place[2], keep)}
    )


def whole_content(content: Content, person: str, scheme: Scheme, field: str) -> Contents | None:
    """The whole content of a field, for an adapter; None where no part of it, or only a part, was kept."""
    if (text := content.contents.get((person, scheme, field))) is not None:
        return of_text(text)
    record = content.records.get((person, scheme))
    kept = record.values[field].content if record is not None and field in record.values else None
    return kept if isinstance(kept, _KEPT_WHOLE) else None


_EMPTY: Final = Value()
_KEPT_WHOLE: Final = (bool, str, date)


@dataclass
class _Draft:
    """A content that is being changed."""

    people: dict[str, Person]
    records: dict[tuple[str, Scheme], Record]
    marks: dict[str, dict[NumberKind, NumberMark]]
    seen_of_person: dict[str, dict[str, Seen]]
    contents: dict[Place, str]
    hashes: dict[Place, str]
    key: MarkKey
    keep: frozenset[str]
    reads: ReadByRules

    @classmethod
    def of(cls, content: Content, key: MarkKey, keep: frozenset[str], reads: ReadByRules) -> Self:
        marks = {person: dict(some) for person, some in content.marks.items()}
        seen = {person: dict(some) for person, some in content.seen_of_person.items()}
        hashes = {one.place: one.hash for one in content.handed_over}
        people, records, contents = dict(content.people), dict(content.records), dict(content.contents)
        return cls(people, records, marks, seen, contents, hashes, key, keep, reads)

    def content(self, before: Content) -> Content:
        """The changed content. All records of a person say the same of the person."""
        records = {
            place: record
            if record.person is (person := self.people[record.person.key])
            else record.model_copy(update={"person": person})
            for place, record in self.records.items()
        }
        return replace(
            before,
            people=self.people,
            records=records,
            marks=self.marks,
            seen_of_person=self.seen_of_person,
            contents=self.contents,
        )

    def add(self, record: Record) -> None:
        if record.removed:
            self._remove(record.person.key, record.scheme, record.removed)
        person = _merged_person(self.people.get(record.person.key), record.person)
        self.people[person.key] = person
        for number in record.person.numbers:
            self._add_number(person.key, number)
        before = self.records.get((person.key, record.scheme))
        values = dict(before.values) if before is not None else {}
        for name, value in record.values.items():
            values[name] = self._value((person.key, record.scheme, name), values.get(name), value)
        facts = dict(before.facts) if before is not None else {}
        facts |= {name: day if day is not None else facts.get(name) for name, day in record.facts.items()}
        start = record.start or (before.start if before is not None else None)
        self.records[person.key, record.scheme] = Record(
            person=person, scheme=record.scheme, values=values, facts=facts, start=start
        )

    def _remove(self, person: str, scheme: Scheme, removed: frozenset[str]) -> None:
        """Take away what a row says is not so."""
        if person in self.people:
            self.people[person] = person_without(self.people[person], removed)
        if person in self.marks:
            self.marks[person] = {kind: mark for kind, mark in self.marks[person].items() if kind not in removed}
        if person in self.seen_of_person:
            seen = self.seen_of_person[person].items()
            self.seen_of_person[person] = {name: one for name, one in seen if name + IN_NIR not in removed}
        if (record := self.records.get((person, scheme))) is not None:
            facts = {name: day for name, day in record.facts.items() if name not in removed}
            start = None if "start" in removed else record.start
            update = {"values": values_without(record.values, removed), "facts": facts, "start": start}
            self.records[person, scheme] = record.model_copy(update=update)
        for name in removed:
            self.contents.pop((person, scheme, name), None)

    def _add_number(self, person: str, number: Number) -> None:
        mark = self.key.of_register_number(number.value.get_secret_value())
        marks = self.marks.setdefault(person, {})
        before = marks.get(number.kind)
        if before is None or before.mark != mark:
            marks[number.kind] = NumberMark(mark, number.source, number.seen_on)
        else:
            marks[number.kind] = NumberMark(mark, number.source or before.source, number.seen_on or before.seen_on)

    def _value(self, place: Place, before: Value | None, new: Value) -> Value:
        """A value as it is now, and its whole content where an adapter needs it."""
        before = before if before is not None else _EMPTY
        content = before.content
        changed = False
        if new.content is not None:
            content = self.reads.kept(place[2], new.content)
            handed = self.hashes.get(place)
            if handed is not None:
                changed = handed != hash_of(new.content, self.key)
            else:
                changed = before.content is not None and content != before.content
        seen = new.seen_in_nir if changed else _later(before.seen_in_nir, new.seen_in_nir)
        if new.content is not None and content is not None:
            done = seen is not None or (place in self.hashes and not changed)
            self._keep(place, new.content, content, done=done)
        elif seen is not None:
            self.contents.pop(place, None)
        return new.model_copy(
            update={
                "content": content,
                "available_on": new.available_on or before.available_on,
                "entered_by": new.entered_by or before.entered_by,
                "seen_in_nir": seen,
            }
        )

    def _keep(self, place: Place, whole: Contents, kept: Contents, *, done: bool) -> None:
        if is_declared(place[2], self.keep) and not done and not (whole == kept and _says_all(kept)):
            self.contents[place] = as_text(whole)
        else:
            self.contents.pop(place, None)


def _says_all(kept: Contents) -> bool:
    """Whether what is kept needs no other content beside it. Of parts, nobody can see whether they are whole."""
    parts = kept if isinstance(kept, tuple) else (kept,)
    return isinstance(kept, _KEPT_WHOLE) or any(isinstance(part, Given) for part in parts)


def _merged_person(before: Person | None, new: Person) -> Person:
    told = {name: value for name in FACTS_OF_PERSON if (value := getattr(new, name)) is not None}
    if before is not None and all(getattr(before, name) == value for name, value in told.items()):
        return before
    return (before or Person(key=new.key)).model_copy(update=told)


def _later(one: SeenInNir | None, other: SeenInNir | None) -> SeenInNir | None:
    """Who saw it last."""
    if one is None or other is None:
        return one or other
    return other if other.on >= one.on else one
