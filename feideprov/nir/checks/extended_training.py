"""Decisions on extended training in Norwegian (integreringsloven § 43 g): how long, how many, and when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from feideprov.messages import Sentence
from feideprov.nir.checks.case import EDUCATION, EXTENDED, Case
from feideprov.nir.contents import Vedtak, VedtakKind
from feideprov.nir.deadlines import months_after, months_of
from feideprov.nir.model import Law, Scheme
from feideprov.nir.training import training_limit
from feideprov.nir.verdict import Verdict, VerdictKind

EDUCATION_FIRST: Final = "N6A-utdanningsbakgrunn-utvidet"
_A_DAY: Final = timedelta(days=1)
"""Whether the last day counts is not public, so a day more or less is not asked about."""


def verdicts_on_extended_training(case: Case) -> Iterator[Verdict]:
    """Questions about the decisions, and what must be registered before them."""
    if (case.law, case.record.scheme) != (Law.KAP6A, Scheme.NORSK) or not case.is_there(EXTENDED):
        return
    yield from _education_first(case)
    decisions = [one for one in case.record.parts(EXTENDED, Vedtak) if one.kind is VedtakKind.EXTENDED]
    if decisions:
        yield from _too_long(case, decisions)
        yield from _too_many(case, decisions)
        yield from _outside_the_window(case, min(one.date for one in decisions))


def _education_first(case: Case) -> Iterator[Verdict]:
    rule = next(
        (
            rule
            for rule in case.rules.about(case.record.scheme, case.law)
            if rule.id == EDUCATION_FIRST and rule.in_force(case.on)
        ),
        None,
    )
    if rule and not case.is_there(EDUCATION):
        sentence = Sentence(
            "Register {education} first: it decides how many decisions on extended training a person can get.",
            education=EDUCATION,
        )
        yield case.verdict(rule.id, VerdictKind.BLOCKED, EXTENDED, sentence, source=rule.source)


def _too_long(case: Case, decisions: list[Vedtak]) -> Iterator[Verdict]:
    months = months_of(case.rules.extended.length_max)
    count = sum(1 for one in decisions if one.start and one.end and one.end > _latest(one.start, months))
    if count:
        sentence = Sentence(
            "{count} decision on extended training is longer than {months} months. Check its days.",
            plural="{count} decisions on extended training are longer than {months} months. Check their days.",
            count=count,
            months=months,
        )
        yield _question(case, "EXTENDED-LENGTH", sentence)


def _too_many(case: Case, decisions: list[Vedtak]) -> Iterator[Verdict]:
    most = _most(case)
    if most is not None and len(decisions) > most:
        sentence = Sentence(
            "There are {number} decisions on extended training. With {education} as it is registered, the rules have "
            "room for {most}. Check both.",
            number=len(decisions),
            most=most,
            education=EDUCATION,
        )
        yield _question(case, "EXTENDED-COUNT", sentence)


def _most(case: Case) -> int | None:
    """How many decisions there can be; None where the answer about upper secondary education is not known."""
    value, extended = case.record.values.get(EDUCATION), case.rules.extended
    match value.content if value else None:
        case True:
            return extended.decisions_max_with_vgo
        case False:
            return extended.decisions_max_without_vgo
        case _:
            return None


def _outside_the_window(case: Case, first: date) -> Iterator[Verdict]:
    """The first decision alone: which limit the next ones are compared with is not public."""
    limit, extended = training_limit(case.record, case.law, case.rules), case.rules.extended
    if limit is None:
        return
    begin = months_after(limit.about, -months_of(extended.window_before)) - _A_DAY
    end = _latest(limit.about, months_of(extended.window_after))
    if not begin <= first <= end:
        sentence = Sentence(
            "The first decision on extended training is of {first}. It should be made at most {months} months before "
            "or after the time limit of the training, which is about {limit}. Check both days.",
            first=first,
            months=months_of(extended.window_before),
            limit=limit.about,
        )
        yield _question(case, "EXTENDED-WINDOW", sentence)


def _latest(day: date, months: int) -> date:
    try:
        return months_after(day, months) + _A_DAY
    except OverflowError:
        return date.max


def _question(case: Case, rule: str, sentence: Sentence) -> Verdict:
    return case.verdict(rule, VerdictKind.QUESTION, EXTENDED, sentence, source=case.rules.extended.source)
