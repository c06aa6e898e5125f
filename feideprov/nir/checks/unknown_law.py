"""The verdict on a record of which it is not known which law applies: no other rule is applied to it."""

from __future__ import annotations

from datetime import date

from feideprov.messages import Sentence
from feideprov.nir.checks.case import VEDTAK, Case
from feideprov.nir.contents import Vedtak
from feideprov.nir.laws import law
from feideprov.nir.model import Law, Person
from feideprov.nir.table.rules import LawRow
from feideprov.nir.verdict import Verdict, VerdictKind


def law_not_known(case: Case, row: LawRow | None) -> Verdict:
    """The one verdict, with the earliest last day of the record: that day holds whichever law applies."""
    due = case.last_day(_earliest_day(case))
    if row is not None:
        sentence = Sentence(
            "The sources do not say which law applies on {on}, since {since}: look for a newer page than {source}, and "
            "add what it says as a row [[law]] to your own rules.",
            on=case.on,
            since=row.from_ or case.rules.scope_from,
            source=case.rules.source_of(row.source)[0],
        )
        return case.verdict(row.id, VerdictKind.NOT_KNOWN, "", sentence, source=row.source, due=due)
    rule, sentence = _why_no_row(case)
    return case.verdict(rule, VerdictKind.NOT_KNOWN, "", sentence, due=due)


def _why_no_row(case: Case) -> tuple[str, Sentence]:
    person = case.record.person
    if person.permit is None:
        return "L-PERMIT", Sentence(
            "The day of the residence permit is not known, and it decides which law applies. Find it in the decision "
            "of UDI, and add it to the list."
        )
    if person.arrived is None and _arrival_decides(case, person):
        return "L-ARRIVED", Sentence(
            "The day of arrival is not known, and with this permit it decides which law applies. Find it in the papers "
            "of UDI, and add it to the list."
        )
    return "L-NONE", Sentence(
        "No row of the rules says which law applies on {on}. Look for it at Lovdata and in IMDi's guide to "
        "integreringsloven, and add a row [[law]] to your own rules.",
        on=case.on,
    )


def _arrival_decides(case: Case, person: Person) -> bool:
    """Whether a law would be known, were the arrival on one of the days that the rows compare it with."""
    days = {day for row in case.rules.laws for day in (row.arrived_from, row.arrived_until) if day}
    days |= {date.fromordinal(day.toordinal() - 1) for day in days}
    return any(
        law(person.model_copy(update={"arrived": day}), case.on, case.rules, scheme=case.record.scheme)
        is not Law.NOT_KNOWN
        for day in days
    )


def _earliest_day(case: Case) -> date | None:
    """The earliest day from which something of the record counts: a value that is still to come, or the beginning.
    What was seen in NIR is done."""
    record = case.record
    open_ = {field: one for field, one in record.values.items() if one.seen_in_nir is None}
    decisions = record.parts(VEDTAK, Vedtak) if VEDTAK in open_ else []
    days = {
        record.start,
        *(one.available_on for field, one in open_.items() if one.content is None or field == VEDTAK),
        *(decision.start for decision in decisions),
        *(decision.date for decision in decisions),
    }
    return min(filter(None, days), default=None)
