"""What the days of the person say about the whole record, whatever its fields."""

from __future__ import annotations

from collections.abc import Iterator

from feideprov.messages import Sentence
from feideprov.nir.checks.case import VEDTAK, Case
from feideprov.nir.contents import Vedtak
from feideprov.nir.laws import law
from feideprov.nir.model import Law, Scheme
from feideprov.nir.verdict import Verdict, VerdictKind


def verdicts_on_person(case: Case) -> Iterator[Verdict]:
    """Settlement, decisions under an earlier law, and a permit of someone in training for asylum seekers."""
    yield from _settlement(case)
    yield from _decided_under_another_law(case)
    yield from _permit_in_reception_centre(case)


def _settlement(case: Case) -> Iterator[Verdict]:
    person = case.record.person
    if not case.record.scheme.in_reception_centre and (person.settled is None or person.settled > case.on):
        sentence = Sentence(
            "NIR shows the scheme of a person only after settlement, and no settlement day up to {on} is known. "
            "Register that day in IMDinett first. The last days of the fields do not move.",
            on=case.on,
        )
        yield case.verdict("B-SETTLED", VerdictKind.BLOCKED, "settled", sentence, source="imdi-ukraina-2022")
    if person.settled and person.search_out and person.settled < person.search_out:
        sentence = Sentence(
            "The settlement day {settled} is before {search_out}, the day on which the person was assigned to the "
            "municipality (søkt ut). Find out which of the two is wrong.",
            settled=person.settled,
            search_out=person.search_out,
        )
        yield case.verdict("B-SEARCH-OUT", VerdictKind.QUESTION, "settled", sentence, source="imdi-bosatte-2023")


def _decided_under_another_law(case: Case) -> Iterator[Verdict]:
    """Whether decisions made under an earlier law must be made anew: no source says it."""
    record = case.record
    days = sorted(one.date for one in record.parts(VEDTAK, Vedtak) if one.date < case.on)
    laws = {day: law(record.person, day, case.rules, scheme=record.scheme) for day in days}
    day = next((day for day in days if laws[day] not in (case.law, Law.NOT_KNOWN)), None)
    if day:
        sentence = Sentence(
            "The decision of {day} was made under {before}, and now {law} applies. Ask IMDi whether the decision must "
            "be made and registered anew; leave it as it is until then.",
            day=day,
            before=laws[day].value,
            law=case.law.value,
        )
        yield case.verdict(case.law_row, VerdictKind.QUESTION, VEDTAK, sentence, source="imdi-ukraina-2022")


def _permit_in_reception_centre(case: Case) -> Iterator[Verdict]:
    permit = case.record.person.permit
    if case.record.scheme is Scheme.MOTTAK_OPPLAERING and permit and permit.granted <= case.on:
        sentence = Sentence(
            "The person has had a permit since {granted}. Norwegian for residents with a permit is registered under "
            "{scheme}: find out which part of the training belongs there.",
            granted=permit.granted,
            scheme=Scheme.NORSK.value,
        )
        yield case.verdict("MO-PERMIT", VerdictKind.QUESTION, "", sentence, source="imdi-mottak-2022")
