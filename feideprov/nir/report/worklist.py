"""The worklist of a day, as it is shown: each line once, in the part that it belongs to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Final

from feideprov.messages import Language, Sentence
from feideprov.nir import words
from feideprov.nir.model import Record, Scheme
from feideprov.nir.report.notes import notes_on_old_rules
from feideprov.nir.table.rules import Rules
from feideprov.nir.verdict import Verdict, VerdictKind
from feideprov.nir.work_items import Item, ItemKind, YearEnd, year_end

SOON: Final = timedelta(days=14)
_DECEMBER: Final = 12


class Part(StrEnum):
    """The parts of the worklist, in the order in which they are shown."""

    SETTLEMENT = "settlement"
    OVERDUE = "overdue"
    SOON = "soon"
    """Due in 14 days."""
    LATER = "later"
    WITHOUT_DAY = "without_day"
    FORBIDDEN = "forbidden"
    QUESTION = "question"
    BLOCKED = "blocked"
    NOT_KNOWN = "not_known"
    NUMBER = "number"


_BY_DAY: Final = {VerdictKind.MISSING, ItemKind.NOT_SEEN}
"""What is told by its day, and not by its kind."""
_OF_A_PERSON: Final = {ItemKind.SETTLEMENT, ItemKind.NUMBER}
_NOT_SETTLED: Final = "B-SETTLED"
"""The rule by which all fields of a record wait for the settlement day."""


@dataclass(frozen=True)
class Line:
    """One thing to do. `verdict` is None where no rule says it; `kind` is the verdict's, or the item's."""

    item: Item
    kind: str
    fields: tuple[str, ...]
    due: date | None
    verdict: Verdict | None = None

    @property
    def rule(self) -> str:
        """The rule that says it; empty where none does."""
        return self.verdict.rule if self.verdict is not None else ""

    @property
    def said(self) -> str:
        """The kind that the text names: a settlement day that others wait for does not wait, but is missing."""
        return ItemKind.SETTLEMENT.value if self.rule == _NOT_SETTLED else self.kind

    def text(self, language: Language) -> str:
        """What there is to do, in words, with the fields that the kind does not name itself."""
        kind = words.in_words(words.KINDS, self.said, language)
        names = () if self.said in _OF_A_PERSON else self.fields
        fields = ", ".join(words.in_words(words.FIELDS, field, language) for field in names)
        return f"{kind}: {fields}" if fields else kind

    def part(self, on: date) -> Part:
        """The part that it belongs to on a day."""
        if self.kind not in _BY_DAY:
            return Part(self.kind)
        if self.due is None:
            return Part.WITHOUT_DAY
        return Part.OVERDUE if self.overdue(on) else Part.SOON if self.soon(on) else Part.LATER

    def overdue(self, on: date) -> bool:
        """Whether its last day has passed."""
        return self.due is not None and self.due < on

    def soon(self, on: date) -> bool:
        """Whether its last day is one of the next 14, or today."""
        return self.due is not None and on <= self.due <= on + SOON


def lines_of(items: Iterable[Item]) -> Iterator[Line]:
    """The lines of the items: one for each verdict. That somebody is not settled is said once of a person."""
    items = list(items)
    unsettled = {item.person for item in items if item.kind is ItemKind.SETTLEMENT}
    for item in items:
        for verdict in item.verdicts:
            if verdict.rule != _NOT_SETTLED or item.person not in unsettled:
                fields = (verdict.field,) if verdict.field else ()
                yield Line(item, verdict.kind.value, fields, verdict.due, verdict)
        if item.kind is not ItemKind.RECORD:
            yield Line(item, item.kind.value, item.fields, item.due)


@dataclass(frozen=True)
class Worklist:
    """What there is to do on a day.

    Parameters:
        on: the day.
        organization: the name of the municipality.
        items: the items, overdue ones first.
        year_ends: the yearly closes that are near.
        notes: what else a person should know, such as rules that nobody has compared with their sources for a year.
        old_rules: what is kept of these notes when they were told.
        own_laws: the rows of the municipality's own on the law that a verdict rests on: by id, source and address.
    """

    on: date
    organization: str
    items: tuple[Item, ...] = ()
    year_ends: tuple[YearEnd, ...] = ()
    notes: tuple[Sentence, ...] = ()
    old_rules: frozenset[str] = frozenset()
    own_laws: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @cached_property
    def lines(self) -> Sequence[Line]:
        """Each thing to do, once, in the order of the items."""
        return tuple(lines_of(self.items))

    @property
    def counts(self) -> dict[str, int]:
        """How many items, people, lines whose day has passed, and lines of each kind there are."""
        lines = self.lines
        kinds = Counter(line.kind for line in lines)
        found = {
            "items": len(self.items),
            "people": len({item.person for item in self.items}),
            "overdue": sum(line.overdue(self.on) for line in lines if line.kind != ItemKind.SETTLEMENT),
            "soon": sum(line.soon(self.on) for line in lines if line.kind != ItemKind.SETTLEMENT),
        }
        found |= {kind.value: kinds[kind.value] for kind in (*VerdictKind, *ItemKind) if kind is not ItemKind.RECORD}
        return found | {"without_reason": len({key for end in self.year_ends for key in end.without_reason})}

    @property
    def to_do(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.items) or any(end.without_reason for end in self.year_ends)

    def only(self, *, person: str | None = None, scheme: Scheme | None = None, overdue: bool = False) -> Worklist:
        """The part of it that is about one person, or one scheme, or is overdue."""

        def wanted(item: Item) -> bool:
            return person in (None, item.person) and scheme in (None, item.scheme)

        if person is None and scheme is None and not overdue:
            return self
        items = filter(wanted, self.items)
        return replace(self, items=tuple(_overdue(items, self.on) if overdue else items), year_ends=())


def _overdue(items: Iterable[Item], on: date) -> Iterator[Item]:
    """The items that are overdue; of a record, the verdicts that are."""
    for item in items:
        if item.due is not None and item.due < on:
            late = tuple(one for one in item.verdicts if one.due is not None and one.due < on)
            fields = tuple(dict.fromkeys(one.field for one in late if one.field)) if item.verdicts else item.fields
            yield replace(item, verdicts=late, fields=fields)


def near_year_ends(rules: Rules, records: Iterable[Record], on: date) -> tuple[YearEnd, ...]:
    """The yearly closes that are near: that of last year until its last day, that of this year from December on."""
    about = list(records)
    before = year_end(rules, about, on.year - 1)
    found = [before] if on <= before.last_day else []
    return (*found, year_end(rules, about, on.year)) if on.month == _DECEMBER else tuple(found)


def worklist_of(
    items: Sequence[Item],
    records: Collection[Record],
    rules: Rules,
    *,
    told: Collection[str],
    organization: str,
    on: date,
) -> Worklist:
    """The worklist of a day. `told`: what was told before of old rules."""
    old = {key: note for key, note in notes_on_old_rules(rules, on).items() if key not in told}
    return Worklist(
        on,
        organization,
        tuple(items),
        near_year_ends(rules, records, on),
        tuple(old.values()),
        frozenset(old),
        _own_laws(items, rules),
    )


def _own_laws(items: Iterable[Item], rules: Rules) -> Mapping[str, tuple[str, str]]:
    named = {verdict.law_row for item in items for verdict in item.verdicts}
    return {row.id: rules.source_of(row.source) for row in rules.laws if row.own and row.id in named}
