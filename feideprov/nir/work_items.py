"""The worklist: what is missing, forbidden or asked, by person key and day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from feideprov.messages import NOTHING, Sentence
from feideprov.nir.channels import Channel, ChannelDecision, channel
from feideprov.nir.deadlines import due
from feideprov.nir.laws import law
from feideprov.nir.model import Law, Person, Record, Scheme, Setting, Value
from feideprov.nir.requirements import verdicts
from feideprov.nir.roles import role_for
from feideprov.nir.table.rules import Rules
from feideprov.nir.verdict import Verdict, VerdictKind
from feideprov.programs.arguments import checked
from feideprov.progress import CHECKING_RECORDS, steps

_NO_DAY: Final = date.max


class ItemKind(StrEnum):
    """Why a person is on the worklist."""

    RECORD = "record"
    """A record with verdicts."""
    SETTLEMENT = "settlement"
    """Arrived, and without a settlement day: it comes before anything else."""
    NUMBER = "number"
    """A number has come or changed: check that NIR shows it."""
    NOT_SEEN = "not_seen"
    """Handed over or written down, and not yet seen in NIR."""


@dataclass(frozen=True)
class Item:
    """One line of the worklist. It has field names and days, never contents.

    Parameters:
        person: the key of the person.
        kind: why the person is listed.
        scheme: the scheme of the record; None for what is about the person alone.
        law: the law that applies.
        verdicts: what is the matter, the earliest day first.
        fields: the fields that it is about.
        channel: how it is registered; None where nothing is.
        role: the role that may register it; empty where none is needed.
        due: the earliest last day; None if none is known. Of a settlement, that of the records that wait for it.
        on: the day of what happened, such as a new number.
        sentence: what to do, where no verdict says it.
    """

    person: str
    kind: ItemKind
    scheme: Scheme | None = None
    law: Law | None = None
    verdicts: tuple[Verdict, ...] = ()
    fields: tuple[str, ...] = ()
    channel: ChannelDecision | None = None
    role: str = ""
    due: date | None = None
    on: date | None = None
    sentence: Sentence = NOTHING


@dataclass(frozen=True)
class YearEnd:
    """The last day for registering what belongs to a year. `computed`: IMDi's own day was not found, so it is two
    months after 31 December. `without_reason`: keys of people whose ending in that year has no reason."""

    year: int
    last_day: date
    computed: bool
    source: str = ""
    without_reason: tuple[str, ...] = ()


@checked
def worklist(
    people: Iterable[Person],
    records: Iterable[Record],
    rules: Rules,
    setting: Setting,
    on: date,
    *,
    numbers: Mapping[str, date] | None = None,
) -> Sequence[Item]:
    """What there is to do, the earliest day first.

    Parameters:
        people: the people.
        records: their records.
        rules: the rules.
        setting: the municipality's own settings.
        on: the day.
        numbers: by person key, the day on which a number came or changed, where nobody has seen it in NIR since;
            without them, the days on which people's newest numbers were seen, where they had another before.

    Returns: the items: overdue ones first, the oldest day first; those without a day last.

    Raises:
        InputError: an argument is of a wrong kind.
    """
    about = list(records)
    everyone = {person.key: person for person in people}
    for record in about:
        everyone.setdefault(record.person.key, record.person)
    of_records = [
        item
        for record in steps(about, CHECKING_RECORDS, total=len(about))
        for item in _of_record(record, rules, setting, on)
    ]
    items = [*_settlements(everyone.values(), about, of_records, on), *of_records]
    came = _numbers_that_came(everyone.values(), on) if numbers is None else numbers
    items += [_number(key, day) for key, day in came.items() if key in everyone]
    return sorted(items, key=lambda item: item.due or _NO_DAY)


def _of_record(record: Record, rules: Rules, setting: Setting, on: date) -> Iterator[Item]:
    """The lines of a record: what the rules say of it, and what nobody has seen in NIR; one for each channel."""
    if on < rules.scope_from:
        return
    found = verdicts(record, rules, on)
    forbidden = {verdict.field for verdict in found if verdict.kind is VerdictKind.FORBIDDEN}
    unseen = {field: value for field, value in record.values.items() if _to_see(value) and field not in forbidden}
    if not found and not unseen:
        return
    applied = law(record.person, on, rules, scheme=record.scheme)
    role = role_for(record.scheme, rules)

    def by_channel(fields: Iterable[str]) -> Iterator[tuple[ChannelDecision, list[str]]]:
        groups: dict[tuple[str, Channel], tuple[ChannelDecision, list[str]]] = {}
        for field in dict.fromkeys(fields):
            one = channel(setting, applied, field, on, rules, person=record.person, scheme=record.scheme)
            groups.setdefault((one.id, one.channel), (one, []))[1].append(field)
        yield from groups.values()

    about = Item(record.person.key, ItemKind.RECORD, record.scheme, applied, role=role)
    for way, fields in by_channel(verdict.field for verdict in found):
        some = tuple(verdict for verdict in found if verdict.field in fields)
        days = [verdict.due for verdict in some if verdict.due]
        names = tuple(filter(None, fields))
        yield replace(about, verdicts=some, fields=names, channel=way, due=min(days, default=None))
    for way, fields in by_channel(sorted(unseen)):
        days = [_last_day(day) for field in fields if (day := unseen[field].available_on)]
        yield replace(
            about,
            kind=ItemKind.NOT_SEEN,
            fields=tuple(fields),
            channel=way,
            due=min(days, default=None),
            sentence=Sentence("Nobody has seen it in NIR yet."),
        )


def _to_see(value: Value) -> bool:
    return value.content is not None and value.seen_in_nir is None


def _last_day(day: date) -> date:
    try:
        return due(day)
    except OverflowError:  # a register writes the last day of the year 9999 for “no day”
        return date.max


def _settlements(
    everyone: Iterable[Person], records: Iterable[Record], items: Iterable[Item], on: date
) -> Iterator[Item]:
    """Those who arrived and are not settled. Who is only registered in a reception centre does not wait for it."""
    schemes: dict[str, set[Scheme]] = {}
    for record in records:
        schemes.setdefault(record.person.key, set()).add(record.scheme)
    first: dict[str, date] = {}
    for item in items:
        if item.due:
            first[item.person] = min(first.get(item.person, _NO_DAY), item.due)
    for person in everyone:
        arrived = person.arrived is not None and person.arrived <= on
        settled = person.settled is not None and person.settled <= on
        of_person = schemes.get(person.key, set())
        in_centre = bool(of_person) and all(scheme.in_reception_centre for scheme in of_person)
        if arrived and not settled and not in_centre:
            yield Item(
                person.key,
                ItemKind.SETTLEMENT,
                fields=("settled",),
                due=first.get(person.key),
                on=person.arrived,
                sentence=Sentence(
                    "The person has arrived, and has no settlement day. Until there is one, the municipality does not "
                    "see the person in NIR."
                ),
            )


def _numbers_that_came(people: Iterable[Person], on: date) -> Mapping[str, date]:
    days = {person.key: {one.seen_on or date.min for one in person.numbers} for person in people}
    return {key: max(some) for key, some in days.items() if len(some) > 1 and max(some) <= on}


def _number(key: str, day: date) -> Item:
    sentence = Sentence("A number came or changed. It reaches NIR by itself: check that NIR shows it.")
    return Item(key, ItemKind.NUMBER, fields=("number",), on=day, sentence=sentence)


@checked
def year_end(rules: Rules, records: Iterable[Record], year: int) -> YearEnd:
    """The yearly close of a year, and the endings of introduction programmes in it without a reason.

    Parameters:
        rules: the rules.
        records: the records.
        year: the year.

    Returns: the last day, and whether it is computed or was announced.

    Raises:
        ValueError: there is no such year.
    """
    without = {
        record.person.key
        for record in records
        if record.scheme is Scheme.INTRODUKSJONSPROGRAM and _ended_without_reason(record, year)
    }
    announced = next((row for row in rules.annual if row.year == year), None)
    if announced is None:
        return YearEnd(year, due(date(year, 12, 31)), computed=True, without_reason=tuple(sorted(without)))
    source, _ = rules.source_of(announced.source)
    return YearEnd(year, announced.last_day, False, source, tuple(sorted(without)))


def _ended_without_reason(record: Record, year: int) -> bool:
    ended_on = record.facts.get("ended")
    reason = record.values.get("avslutningsaarsak", Value())
    return ended_on is not None and ended_on.year == year and not reason.is_there
