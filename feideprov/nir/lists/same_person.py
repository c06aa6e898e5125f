"""The rows of one person: two of one scheme, and what they say of the person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from feideprov.directory.dn import same_key
from feideprov.issues import Origin, Refusal, code, places
from feideprov.messages import Sentence
from feideprov.nir.model import FACTS_OF_PERSON, Number, NumberKind, Person, Record, Scheme

R_NIR_TWICE: Final = code(
    "R-NIR-TWICE",
    Sentence("Two rows of participation records are of one person in one scheme, and do not say the same."),
    Sentence("Find out which row is right, and delete the other."),
)
R_NIR_PERSON: Final = code(
    "R-NIR-PERSON",
    Sentence(
        "The rows of one person say different things of the person, such as two days of arrival. Neither is used, and "
        "the rest of the rows is."
    ),
    Sentence("Find out what is right, and write it in each row of the person, or in one of them alone."),
)
_COLUMNS: Final = {
    "permit": "permit_date",
    NumberKind.FNR: "national_number",
    NumberKind.DNR: "national_number",
    NumberKind.DUF: "duf_number",
    NumberKind.MOTTAK: "reception_number",
    NumberKind.PASS: "passport_number",
}
"""The columns of what has another name."""


@dataclass(frozen=True)
class ListedRecord:
    """A record, and the row that it was read from."""

    record: Record
    origin: Origin


def together(listed: Sequence[ListedRecord]) -> tuple[tuple[ListedRecord, ...], list[Refusal]]:
    """The records of a list, each with all that the list says of its person, and what is asked or refused."""
    kept, refusals = _once(listed)
    by_person = defaultdict[str, list[ListedRecord]](list)
    for one in kept:
        by_person[same_key(one.record.person.key)].append(one)
    people: dict[str, tuple[Person, frozenset[str]]] = {}
    for key, rows in by_person.items():
        person, contradicted, questions = _person(rows)
        people[key] = person, contradicted
        refusals += questions
    return tuple(_with_person(one, *people[same_key(one.record.person.key)]) for one in kept), refusals


def _with_person(one: ListedRecord, person: Person, contradicted: frozenset[str]) -> ListedRecord:
    update = {"person": person, "removed": one.record.removed - contradicted}
    return replace(one, record=one.record.model_copy(update=update))


def _once(listed: Sequence[ListedRecord]) -> tuple[list[ListedRecord], list[Refusal]]:
    """The rows without those that are of one person and scheme; of equal ones, the first is kept."""
    rows = defaultdict[tuple[str, Scheme], list[ListedRecord]](list)
    for one in listed:
        rows[same_key(one.record.person.key), one.record.scheme].append(one)
    kept: list[ListedRecord] = []
    refusals: list[Refusal] = []
    for same in rows.values():
        if all(one.record == same[0].record for one in same):
            kept.append(same[0])
        else:
            refusals += (Refusal(R_NIR_TWICE, _twice(one, same), origin=one.origin) for one in same)
    return kept, refusals


def _twice(one: ListedRecord, same: Sequence[ListedRecord]) -> Sentence:
    others = [other.origin for other in same if other is not one]
    return Sentence(
        "This row and {others} are of the same person and scheme, and do not say the same. Keep the right one.",
        others=places(others, 3),
    )


def _person(rows: Sequence[ListedRecord]) -> tuple[Person, frozenset[str], list[Refusal]]:
    """A person as all rows say, without what they do not agree on, of which the names are given too. A row that takes
    something away does not agree with one that says it."""
    first = rows[0].record.person
    said_of_all = {fact: dict(_said(rows, fact)) for fact in (*FACTS_OF_PERSON, *NumberKind)}
    contradicted = frozenset(fact for fact, said in said_of_all.items() if len(_different(said.values())) > 1)
    refusals = [one for fact in said_of_all if fact in contradicted for one in _contradictions(said_of_all[fact], fact)]
    agreed = {
        fact: next(filter(None, said.values()), None) if fact not in contradicted else None
        for fact, said in said_of_all.items()
    }
    numbers = tuple(
        max((number for one in rows for number in one.record.person.numbers if number.kind is kind), key=_day_seen)
        for kind in NumberKind
        if agreed[kind] is not None
    )
    return (
        first.model_copy(update={**{fact: agreed[fact] for fact in FACTS_OF_PERSON}, "numbers": numbers}),
        contradicted,
        refusals,
    )


def _said(rows: Iterable[ListedRecord], fact: str) -> Iterator[tuple[Origin, Any]]:
    """What each row says; None where it takes it away."""
    for one in rows:
        numbers = (number.value for number in one.record.person.numbers if number.kind == fact)
        value = next(numbers, None) if fact in tuple(NumberKind) else getattr(one.record.person, fact)
        if value is not None or fact in one.record.removed:
            yield one.origin, value


def _different(values: Iterable[Any]) -> list[Any]:
    found: list[Any] = []
    for value in values:
        if value not in found:
            found.append(value)
    return found


def _day_seen(number: Number) -> str:
    return number.seen_on.isoformat() if number.seen_on else ""


def _contradictions(said: Iterable[Origin], what: str) -> Iterator[Refusal]:
    rows = list(said)
    for row in rows:
        others = places([other for other in rows if other != row], 3)
        sentence = Sentence(
            "Column {column}: {others} of the same person says something else. Correct the row that is wrong.",
            plural="Column {column}: {others} of the same person say something else. Correct the row that is wrong.",
            count=len(rows) - 1,
            column=_COLUMNS.get(what, what),
            others=others,
        )
        yield Refusal(R_NIR_PERSON, sentence, held=True, origin=row)
