"""What the rules of the table say, field by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from feideprov.messages import Sentence
from feideprov.nir.checks.case import Case
from feideprov.nir.model import Law
from feideprov.nir.table.rows import ALWAYS
from feideprov.nir.table.rules import DatedBy, Effect, Rule
from feideprov.nir.verdict import Verdict, VerdictKind

_STRONGEST_FIRST: Final = (Effect.FORBIDDEN, Effect.REQUIRED, Effect.ALLOWED)
_Rows = Mapping[str, Sequence[Rule]]


def verdicts_on_fields(case: Case) -> Iterator[Verdict]:
    """The verdict on each field that a rule names, or that the record has. Chapter 6A inherits the ordinary rules."""
    own = _rows_that_count(case, case.law)
    inherited = _rows_that_count(case, Law.INTEGRERINGSLOVEN) if case.law is Law.KAP6A else {}
    for field in {*own, *inherited, *case.record.values}:
        if verdict := _on_field(case, field, _naming(field, own), _naming(field, inherited)):
            yield verdict


def _rows_that_count(case: Case, law: Law) -> _Rows:
    """By field, the rules of a law for the scheme of the record that are in force, whether or not their fact is so."""
    rows: dict[str, list[Rule]] = {}
    for rule in case.rules.about(case.record.scheme, law):
        if _in_force(case, rule):
            rows.setdefault(rule.field, []).append(rule)
    return rows


def _in_force(case: Case, rule: Rule) -> bool:
    if rule.dated_by is DatedBy.FACT:
        return any(map(rule.in_force, case.days_of(rule.field)))
    return rule.in_force(case.on)


def _naming(field: str, rows: _Rows) -> Sequence[Rule]:
    """The rules that name a field: one with a dot is named by those of the field before the dot, too."""
    whole, dot, _ = field.partition(".")
    return [*rows.get(field, ()), *rows.get(whole, ())] if dot else rows.get(field, ())


def _on_field(case: Case, field: str, own: Sequence[Rule], inherited: Sequence[Rule]) -> Verdict | None:
    if not own and not inherited:
        return _no_rule(case, field) if case.record.values[field].is_there else None
    applying = _applying(case, own) or _applying(case, inherited)
    rule = min(applying, key=lambda rule: (_STRONGEST_FIRST.index(rule.effect), rule.id), default=None)
    if rule is None:
        return None
    if rule.effect is Effect.FORBIDDEN and case.is_there(field):
        return _forbidden(case, field, rule)
    if rule.effect is Effect.REQUIRED and "." not in field and not case.is_answered(field):
        return _missing(case, field, rule)
    return None


def _applying(case: Case, rows: Sequence[Rule]) -> Sequence[Rule]:
    return [rule for rule in rows if case.applies(rule.when)]


def _no_rule(case: Case, field: str) -> Verdict:
    sentence = Sentence(
        "No rule names {field} in {scheme} under {law}. Find out whether NIR takes it; then add a row to your own "
        "rules, or correct the list.",
        field=field,
        scheme=case.record.scheme.value,
        law=case.law.value,
    )
    return case.verdict("NO-RULE", VerdictKind.QUESTION, field, sentence)


def _forbidden(case: Case, field: str, rule: Rule) -> Verdict:
    if rule.confidence == "indirect":
        kind = VerdictKind.QUESTION
        sentence = Sentence(
            "It seems that {field} must not be registered under {law}, but the source does not say it "
            "directly. Decide whether it stays in the record.",
            field=field,
            law=case.law.value,
        )
    else:
        kind = VerdictKind.FORBIDDEN
        sentence = Sentence(
            "{field} must not be registered under {law}. Write remove (fjern) in its cell in the list: until then, the "
            "record is not handed over.",
            field=field,
            law=case.law.value,
        )
    return case.verdict(rule.id, kind, field, sentence, source=rule.source)


def _missing(case: Case, field: str, rule: Rule) -> Verdict:
    due = case.last_day(case.there_since(field, rule.when), rule.deadline)
    sentence = Sentence(
        "{field} is missing: it must be registered under {law}. {until}",
        field=field,
        law=case.law.value,
        until=_until(case, due, rule.when),
    )
    return case.verdict(rule.id, VerdictKind.MISSING, field, sentence, source=rule.source, due=due)


def _until(case: Case, due: date | None, when: str) -> Sentence:
    if due is None and when != ALWAYS:
        return Sentence("The last day is not known, because the fact {fact} has no day: add it.", fact=when)
    if due is None:
        return Sentence("The last day is not known, because the record has no day to count from: add the start.")
    if case.on > due:
        return Sentence("The last day was {due}: register it now.", due=due)
    return Sentence("Register it by {due}.", due=due)
