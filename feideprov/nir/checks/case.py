"""One record on one day, under the law that applies: what the rules are compared with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from feideprov.messages import Sentence
from feideprov.nir.contents import Tiltak, Vedtak, VedtakKind
from feideprov.nir.deadlines import months_after, months_of
from feideprov.nir.model import Law, Record
from feideprov.nir.table.rows import ALWAYS
from feideprov.nir.table.rules import Rules
from feideprov.nir.verdict import DueState, Verdict, VerdictKind

VEDTAK: Final = "vedtak"
EXTENDED: Final = "vedtak_utvidet_norskopplaering"
EDUCATION: Final = "utdanningsbakgrunn"


@dataclass(frozen=True)
class Case:
    """A record, the day of registering, and the law of that day with the id of the row that says so."""

    record: Record
    rules: Rules
    on: date
    law: Law
    law_row: str

    def is_there(self, field: str) -> bool:
        """Whether a field is answered. `tiltak.KIND` is answered by a measure of that kind, too."""
        value = self.record.values.get(field)
        return (value is not None and value.is_there) or bool("." in field and self._measures(field))

    def is_answered(self, field: str) -> bool:
        """Whether a field, or a part of it such as `tiltak.KIND`, is there: then it is not missing."""
        parts = (name for name in self.record.values if name.startswith(f"{field}."))
        return self.is_there(field) or any(map(self.is_there, parts))

    def applies(self, when: str) -> bool:
        """Whether the fact is so that a rule needs. A decision on extended training is the fact `extended`."""
        facts = self.record.facts
        if when == ALWAYS or (when == "extended" and self.is_there(EXTENDED)):
            return True
        return when in facts and ((day := facts[when]) is None or day <= self.on)

    def days_of(self, field: str) -> list[date]:
        """The days of the things that a field holds; the day of registering where no other is known."""
        value, days = self.record.values.get(field), [measure.from_ for measure in self._measures(field)]
        other = value is not None and value.is_there and not self.record.parts(field, Tiltak)
        if other or not days:
            days.append(self._available_on(field) or self.on)
        return days

    def _measures(self, field: str) -> list[Tiltak]:
        """The measures of a field; for `tiltak.KIND`, those of that kind among all measures, too."""
        whole, _, kind = field.partition(".")
        among = [one for one in self.record.parts(whole, Tiltak) if one.kind == kind] if kind else []
        return [*self.record.parts(field, Tiltak), *among]

    def there_since(self, field: str, when: str) -> date | None:
        """The day on which a missing field was there to be registered: from it the time counts. None: not known."""
        return next((day for day in (self._available_on(field), *self._so_since(when)) if day), None)

    def _so_since(self, when: str) -> tuple[date | None, ...]:
        """The days since when a rule with this fact applies, the best one first. A fact has no day but its own: only
        the beginning of a programme and a decision on extended training are days of the record, too."""
        if when == ALWAYS:
            known = (one.available_on for one in self.record.values.values() if one.available_on)
            return *self._beginning(), min(known, default=None)
        day = self.record.facts.get(when)
        since = day if day is not None and day <= self.on else None
        if when == "in_programme":
            return since, *self._beginning()
        return since, *(self._first_extended() if when == "extended" else ())

    def _beginning(self) -> tuple[date | None, ...]:
        decisions = self.record.parts(VEDTAK, Vedtak)
        return (
            self.record.start,
            min((one.start for one in decisions if one.start), default=None),
            min((one.date for one in decisions), default=None),
            self._available_on(VEDTAK),
        )

    def _first_extended(self) -> tuple[date | None, ...]:
        decisions = (one for one in self.record.parts(EXTENDED, Vedtak) if one.kind is VedtakKind.EXTENDED)
        return min((one.date for one in decisions), default=None), self._available_on(EXTENDED)

    def _available_on(self, field: str) -> date | None:
        value = self.record.values.get(field)
        return value.available_on if value else None

    def last_day(self, since: date | None, length: str | None = None) -> date | None:
        """The last day for registering what was there since a day; None where that day is not known."""
        if since is None:
            return None
        try:
            return months_after(since, months_of(length or self.rules.deadline_default))
        except OverflowError:
            return date.max

    def verdict(
        self,
        rule: str,
        kind: VerdictKind,
        field: str,
        sentence: Sentence,
        *,
        source: str = "",
        due: date | None = None,
    ) -> Verdict:
        """A verdict on this record. `source` is a key of the table of sources."""
        words, url = self.rules.source_of(source) if source else ("", "")
        state = None if due is None else DueState.OVERDUE if self.on > due else DueState.OPEN
        return Verdict(rule, kind, field, due, state, words, url, sentence, self.law, self.law_row)
