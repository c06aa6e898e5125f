"""What somebody has seen in NIR: only this closes a line of the worklist."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from feideprov.errors import InputError
from feideprov.messages import Sentence
from feideprov.nir.model import Record, SeenInNir, Value
from feideprov.nir.register.content import Content, Place, Seen
from feideprov.nir.rules import Rules
from feideprov.numbers import key_is_number

NUMBER: Final = "number"
SETTLED: Final = "settled"
OF_A_PERSON: Final = (NUMBER, SETTLED)
"""What is seen of the person, and not of a record."""


def with_seen(content: Content, seen: Sequence[Seen], *, rules: Rules | None = None) -> Content:
    """The content with what was seen in NIR; what was kept for an adapter of it is deleted. That it was handed over
    stays.

    A field that no list has told of can be seen as well, where the rules have it in the scheme of the record: most case
    workers write in NIR web, and nowhere else. What somebody saw later counts.

    Raises InputError when a person, scheme or field is not known, or the day is before the one on which it was there.
    """
    for one in seen:
        if (problem := why_not_seen(content, one, rules=rules)) is not None:
            raise InputError(problem)
        content = _with(content, one, list(seen_places(content, one, rules=rules)))
    return content


def why_not_seen(
    content: Content, seen: Seen, *, rules: Rules | None = None, today: date | None = None
) -> Sentence | None:
    """Why something cannot have been seen in NIR as somebody says; None when it can. `today`: no day after it can be
    the day of seeing."""
    shown: dict[str, Any] = {"key": _shown(seen.person), "on": seen.on}
    if today is not None and seen.on > today:
        return Sentence("{on} is in the future. Correct the day on which it was seen in NIR.", **shown)
    if seen.person not in content.people:
        return Sentence(
            "No person of the introduction register has the key {key}. Correct the key, or record the person with: "
            "feideprov nir records LIST --yes",
            **shown,
        )
    if seen.scheme is not None and (seen.person, seen.scheme) not in content.records:
        return Sentence(
            "{key} has no record in the scheme {scheme}. Correct the scheme, or record the person with: feideprov nir "
            "records LIST --yes",
            **shown,
            scheme=seen.scheme.value,
        )
    if not seen.fields:
        return _why_not_all(content, seen, shown)
    found = (_why_not(content, seen, name, rules or Rules.shipped(), shown) for name in seen.fields)
    return next(filter(None, found), None)


def seen_places(content: Content, seen: Seen, *, rules: Rules | None = None) -> Iterator[Place]:
    """The fields of records that were seen, without those of the person."""
    for record in _records(content, seen):
        for name in seen.fields or record.values:
            place = record.person.key, record.scheme, name
            if seen.fields:
                if name not in OF_A_PERSON and record in _records_with(content, seen, name, rules or Rules.shipped()):
                    yield place
            elif record.values[name].is_there and not _too_early(content, place, seen.on):
                yield place


def _why_not_all(content: Content, seen: Seen, shown: dict[str, Any]) -> Sentence | None:
    if any(seen_places(content, seen)):
        return None
    return Sentence(
        "No field of {key} was there on {on}, so none can have been seen in NIR. Correct the day, or name the fields.",
        **shown,
    )


def _why_not(content: Content, seen: Seen, name: str, rules: Rules, shown: dict[str, Any]) -> Sentence | None:
    if name == NUMBER:
        return None
    if name == SETTLED:
        return _why_not_settled(content.people[seen.person].settled, shown)
    shown = {**shown, "field": _shown(name)}
    records = _records_with(content, seen, name, rules)
    if not records:
        return Sentence("No record of {key} has the field {field}. Correct the field or the scheme.", **shown)
    if len(records) > 1 and not any(_is_there(record, name) for record in records):
        return Sentence("Several records of {key} can have the field {field}. Say which scheme it is.", **shown)
    for record in records:
        if (first := _too_early(content, (seen.person, record.scheme, name), seen.on)) is not None:
            return Sentence(
                "{field} of {key} was there, or was handed over, on {first}: after {on}. Correct the day on which it "
                "was seen in NIR.",
                **shown,
                first=first,
            )
    return None


def _why_not_settled(settled: date | None, shown: dict[str, Any]) -> Sentence | None:
    if settled is None:
        return Sentence(
            "No settlement day of {key} is recorded. Record it first, with: feideprov nir records LIST --yes", **shown
        )
    if settled > shown["on"]:
        return Sentence(
            "The settlement day of {key}, {settled}, is after {on}. Correct the day on which it was seen in NIR.",
            **shown,
            settled=settled,
        )
    return None


def _records(content: Content, seen: Seen) -> list[Record]:
    return [
        record
        for (person, scheme), record in content.records.items()
        if person == seen.person and seen.scheme in (None, scheme)
    ]


def _records_with(content: Content, seen: Seen, name: str, rules: Rules) -> list[Record]:
    """The records in which the field is there; where it is there in none, those that can have it."""
    records = _records(content, seen)
    if there := [record for record in records if _is_there(record, name)]:
        return there
    return [
        record
        for record in records
        if name in record.values
        or any(rule.field == name and rule.scheme in (record.scheme, "*") for rule in rules.rules)
    ]


def _is_there(record: Record, name: str) -> bool:
    return name in record.values and record.values[name].is_there


def _too_early(content: Content, place: Place, on: date) -> date | None:
    """The day from which a field can be seen in NIR, where that is after a day."""
    value = content.records[place[:2]].values.get(place[2])
    days = [value.available_on] if value is not None and value.available_on is not None else []
    days += [one.on for one in content.handed_over if one.place == place]
    return next((day for day in sorted(days, reverse=True) if day > on), None)


def _with(content: Content, seen: Seen, places: list[Place]) -> Content:
    records = dict(content.records)
    for person, scheme, name in places:
        record = records[person, scheme]
        value = record.values.get(name, Value())
        if value.seen_in_nir is None or value.seen_in_nir.on <= seen.on:
            told = value.model_copy(update={"seen_in_nir": SeenInNir(on=seen.on, by=seen.by)})
            records[person, scheme] = record.model_copy(update={"values": {**record.values, name: told}})
    of_person = dict(content.seen_of_person.get(seen.person, {}))
    for name in filter(OF_A_PERSON.__contains__, seen.fields):
        if name not in of_person or of_person[name].on <= seen.on:
            of_person[name] = Seen(seen.person, seen.on, seen.by, fields=(name,))
    gone = set(places)
    return replace(
        content,
        records=records,
        seen_of_person={**content.seen_of_person, **({seen.person: of_person} if of_person else {})},
        contents={place: text for place, text in content.contents.items() if place not in gone},
    )


def _shown(text: str) -> str:
    """A key or field for a message: what may be a number is not shown."""
    return "…" if key_is_number(text) else text
