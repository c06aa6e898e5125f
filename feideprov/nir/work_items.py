"""The worklist: what is missing, forbidden or asked, by person key and day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from feideprov.messages import NOTHING, Sentence
from feideprov.nir.channels import ChannelDecision
from feideprov.nir.model import Law, Person, Record, Scheme, Setting
from feideprov.nir.rules import Rules
from feideprov.nir.verdict import Verdict


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
        due: the earliest last day; None if none is known.
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
        numbers: by person key, the day on which a number came or changed, where nobody has seen it in NIR since.

    Returns: the items, overdue ones first.
    """
    raise NotImplementedError


def year_end(rules: Rules, records: Iterable[Record], year: int) -> YearEnd:
    """The yearly close of a year, and the endings in it without a reason."""
    raise NotImplementedError
