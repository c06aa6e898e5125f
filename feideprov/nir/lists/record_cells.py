"""What the cells of a row say of a record: its fields, its facts and its start."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from feideprov.nir.contents import Contents, Given, Part, Vedtak
from feideprov.nir.lists.asked import Cells
from feideprov.nir.lists.columns import fields_of, removed_by
from feideprov.nir.lists.field_cells import content_of, decision_kind, first_day, says_nothing
from feideprov.nir.lists.field_kinds import FACTS, field_row
from feideprov.nir.model import IN_NIR, SINCE, Person, Record, Scheme, SeenInNir, Value
from feideprov.nir.table.rules import Rules

_OF_BOTH = frozenset(FACTS)
"""Names that are those of a fact and of a field."""


class RecordCells:
    """Reads a record. `by`: who says that a field was seen in NIR."""

    def __init__(self, cells: Cells, rules: Rules, by: str) -> None:
        self._cells, self._rules, self._by = cells, rules, by
        self._start, self._end = cells.days_in_order("start", "end", planned=True)
        self._decided = cells.day("decision_date")
        self._said = {fact: said for fact in FACTS if (said := cells.since(fact)) is not None}

    def record(self, person: Person, scheme: Scheme) -> Record:
        """The record of the row."""
        values = {field: value for field in fields_of(self._rules) if (value := self._value(field)) is not None}
        return Record(
            person=person,
            scheme=scheme,
            values=values,
            facts=self._facts(),
            start=self._start,
            removed=removed_by(self._cells.removed),
        )

    def _facts(self) -> dict[str, date | None]:
        """What is so, and since when. The end of the training ends the record, unless the row says that it has not."""
        found = {fact: said if isinstance(said, date) else None for fact, said in self._said.items() if said}
        if (
            self._end is not None
            and self._said.get("ended", "ended" not in self._cells.removed)
            and found.get("ended") is None
        ):
            planned = "ended" in found and self._end > self._cells.on
            found["ended"] = None if planned else self._end
        return found

    def _value(self, field: str) -> Value | None:
        content = self._content(field)
        seen_on, since = self._cells.day(field + IN_NIR), self._cells.day(field + SINCE)
        if content is None and seen_on is None and since is None:
            return None
        return Value(
            content=content,
            available_on=since or self._available_on(field, content),
            seen_in_nir=None if seen_on is None else SeenInNir(on=seen_on, by=self._by),
        )

    def _content(self, field: str) -> Contents | None:
        if field in _OF_BOTH:
            return None if (said := self._said.get(field)) is None else bool(said)
        content = content_of(self._cells, field, self._known(field))
        if field != "vedtak" or (decision := self._decision()) is None:
            return content
        more = content if isinstance(content, tuple) else (content,) if isinstance(content, Vedtak) else ()
        parts: tuple[Part, ...] = tuple(dict.fromkeys((decision, *more)))
        return parts if len(parts) > 1 else decision

    def _decision(self) -> Part | None:
        """The decision of the columns of its own. One without a day is given, and not known any further."""
        text = self._cells.text("decision")
        kind = decision_kind(self._cells, text, "decision") if text else None
        if self._decided is None:
            return Given() if text and not says_nothing(text) else None
        return Vedtak(kind=kind, date=self._decided, start=self._start, end=self._end)

    def _available_on(self, field: str, content: Contents | None) -> date | None:
        """Since when a value was there, where nobody says it: by its own day, or by that of what it rests on."""
        if content is None:
            return None
        rests_on = {"decision_date": self._decided, "end": self._end}.get(field_row(field).rests_on)
        if isinstance(said := self._said.get(field), date):
            rests_on = said
        day = first_day(content) or rests_on
        return day if day is None or day <= self._cells.on else None

    def _known(self, field: str) -> Iterator[str]:
        """The codes that the rules have for a field: a rule on one kind of measure names it."""
        for rule in self._rules.rules:
            name, _, kind = rule.field.partition(".")
            if kind and name == field:
                yield kind
