"""What somebody has seen in NIR: only this closes a line of the worklist."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from feideprov.errors import InputError
from feideprov.issues import Refusal, code
from feideprov.messages import Sentence
from feideprov.nir.model import SEEN_OF_PERSON, Record, Scheme, SeenInNir, Value
from feideprov.nir.register.content import Content, Place, Seen, known_key
from feideprov.nir.table.rules import Rules
from feideprov.numbers import key_is_number
from feideprov.text import shown

R_NIR_SEEN: Final = code(
    "R-NIR-SEEN",
    Sentence(
        "What somebody saw in NIR cannot be recorded: the person, the record or the field is not known, or the day is "
        "in the future or before the day on which the field was there."
    ),
    Sentence("Correct the key, the scheme, the field or the day, as the sentence says."),
)
_LONGEST: Final = 100


@dataclass(frozen=True)
class SeenInRegister:
    """What was recorded of what somebody saw.

    Parameters:
        recorded: each field, with the person, the scheme (None for what is about the person), the day and by whom.
        unchanged: how many of them somebody had seen on the same day or later.
        refusals: what cannot have been seen, and why.
    """

    recorded: tuple[Seen, ...] = ()
    unchanged: int = 0
    refusals: tuple[Refusal, ...] = ()


def with_seen(content: Content, seen: Sequence[Seen], *, rules: Rules | None = None) -> Content:
    """The content with what was seen in NIR; what was kept for an adapter of it is deleted. That it was handed over
    stays.

    A field that no list has told of can be seen as well, where the rules have it in the scheme of the record: most case
    workers write in NIR web, and nowhere else. What somebody saw later counts.

    Raises InputError when a person, scheme or field is not known, or the day is before the one on which it was there.
    """
    found, after = recorded_seen(content, seen, rules or Rules.shipped(), date.max)
    for refusal in found.refusals:
        raise InputError(refusal.sentence)
    return after


def recorded_seen(content: Content, seen: Iterable[Seen], rules: Rules, today: date) -> tuple[SeenInRegister, Content]:
    """What is recorded of these, and the content with it. No day after `today` can be the day of seeing."""
    asked = _Asked(content, rules, today)
    new, refusals, unchanged = list[Seen](), list[Refusal](), 0
    known = known_key(content)
    for one in (replace(one, person=known(one.person)) for one in seen):
        if (problem := asked.why_not(one)) is not None:
            refusals.append(Refusal(R_NIR_SEEN, problem, origin=one.origin))
            continue
        fields = list(asked.single(one))
        not_yet = [each for each in fields if not _was_seen(content, each)]
        new += not_yet
        unchanged += len(fields) - len(not_yet)
    return SeenInRegister(tuple(new), unchanged, tuple(refusals)), _with(content, new)


class _Asked:
    """Whether something can have been seen in NIR, by what the register holds."""

    def __init__(self, content: Content, rules: Rules, today: date) -> None:
        self._content, self._rules, self._today = content, rules, today
        self._handed_over = {one.place: one.on for one in content.handed_over}

    def why_not(self, seen: Seen) -> Sentence | None:
        """Why it cannot; None when it can."""
        key = _shown(seen.person)
        if seen.on > self._today:
            return Sentence("{on} is in the future. Correct the day on which it was seen in NIR.", on=seen.on)
        if seen.person not in self._content.people:
            return Sentence(
                "No person of the introduction register has the key {key}. Correct the key, or record the person with: "
                "feideprov nir records LIST --yes",
                key=key,
            )
        if seen.scheme is not None and (seen.person, seen.scheme) not in self._content.records:
            return Sentence(
                "{key} has no record in the scheme {scheme}. Correct the scheme, or record the person with: feideprov "
                "nir records LIST --yes",
                key=key,
                scheme=seen.scheme.value,
            )
        if not seen.fields and not any(self.single(seen)):
            return Sentence(
                "No field of {key} was there on {on}, so none can have been seen in NIR. Correct the day, or name the "
                "fields.",
                key=key,
                on=seen.on,
            )
        problems = (self._why_not(seen, name) for name in seen.fields if name not in SEEN_OF_PERSON)
        return next(filter(None, problems), None)

    def single(self, seen: Seen) -> Iterator[Seen]:
        """Each field that was seen, by itself."""
        for name in seen.fields:
            if name in SEEN_OF_PERSON:
                yield replace(seen, scheme=None, fields=(name,))
            else:
                for record in self._records_with(seen, name):
                    yield replace(seen, scheme=record.scheme, fields=(name,))
        for record in self._records(seen) if not seen.fields else ():
            for name, value in record.values.items():
                if value.is_there and self._first_day(record, name, seen.on) is None:
                    yield replace(seen, scheme=record.scheme, fields=(name,))

    def _why_not(self, seen: Seen, name: str) -> Sentence | None:
        key, field = _shown(seen.person), _shown(name)
        records = self._records_with(seen, name)
        if not records:
            return Sentence(
                "No record of {key} has the field {field}. Correct the field or the scheme.", key=key, field=field
            )
        if len(records) > 1 and not any(_is_there(record, name) for record in records):
            return Sentence(
                "Several records of {key} can have the field {field}. Say which scheme it is.", key=key, field=field
            )
        days = (self._first_day(record, name, seen.on) for record in records)
        if (first := next(filter(None, days), None)) is None:
            return None
        return Sentence(
            "{field} of {key} was there, or was handed over, on {first}: after {on}. Correct the day on which it was "
            "seen in NIR.",
            key=key,
            field=field,
            first=first,
            on=seen.on,
        )

    def _records(self, seen: Seen) -> list[Record]:
        schemes = Scheme if seen.scheme is None else (seen.scheme,)
        found = (self._content.records.get((seen.person, scheme)) for scheme in schemes)
        return [record for record in found if record is not None]

    def _records_with(self, seen: Seen, name: str) -> list[Record]:
        """The records in which the field is there; where it is there in none, those that can have it."""
        records = self._records(seen)
        if there := [record for record in records if _is_there(record, name)]:
            return there
        return [record for record in records if name in record.values or self._can_have(record.scheme, name)]

    def _can_have(self, scheme: Scheme, name: str) -> bool:
        return any(rule.field == name and rule.scheme in (scheme, "*") for rule in self._rules.rules)

    def _first_day(self, record: Record, name: str, on: date) -> date | None:
        """The first day on which a field can be seen in NIR, where that is after a day."""
        value = record.values.get(name)
        days = (
            value.available_on if value is not None else None,
            self._handed_over.get((record.person.key, record.scheme, name)),
        )
        return max((day for day in days if day is not None and day > on), default=None)


def _is_there(record: Record, name: str) -> bool:
    return name in record.values and record.values[name].is_there


def _was_seen(content: Content, seen: Seen) -> bool:
    [name] = seen.fields
    if seen.scheme is None:
        before = content.seen_of_person.get(seen.person, {}).get(name)
        return before is not None and before.on >= seen.on
    value = content.records[seen.person, seen.scheme].values.get(name)
    return value is not None and value.seen_in_nir is not None and value.seen_in_nir.on >= seen.on


def _with(content: Content, seen: Iterable[Seen]) -> Content:
    """The content with these fields as seen; what was seen last counts."""
    values: dict[tuple[str, Scheme], dict[str, Value]] = {}
    of_person = {person: dict(fields) for person, fields in content.seen_of_person.items()}
    gone = set[Place]()
    for one in sorted(seen, key=lambda one: one.on):
        [name] = one.fields
        if one.scheme is None:
            of_person.setdefault(one.person, {})[name] = Seen(one.person, one.on, one.by, fields=(name,))
            continue
        place = one.person, one.scheme
        now = values.setdefault(place, dict(content.records[place].values))
        now[name] = now.get(name, Value()).model_copy(update={"seen_in_nir": SeenInNir(on=one.on, by=one.by)})
        gone.add((*place, name))
    changed = {place: content.records[place].model_copy(update={"values": now}) for place, now in values.items()}
    return replace(
        content,
        records={**content.records, **changed},
        seen_of_person=of_person,
        contents={place: text for place, text in content.contents.items() if place not in gone},
    )


def _shown(text: str) -> str:
    """A key or field for a message: what may be a number is not shown."""
    return "…" if key_is_number(text) else shown(text, _LONGEST)
