"""Each rule of the table decides: a record is made from the row itself, and the verdict must name that row."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from nir_people import A_DAY, RULES, about, first_day

from feideprov.nir.deadlines import due
from feideprov.nir.model import Record, Value
from feideprov.nir.requirements import verdicts
from feideprov.nir.table.rules import DatedBy, Effect, Rule, Rules
from feideprov.nir.verdict import DueState, Verdict, VerdictKind


def of_effect(*effects: Effect) -> pytest.MarkDecorator:
    rows = [rule for rule in RULES.rules if rule.effect in effects]
    return pytest.mark.parametrize("rule", rows, ids=[rule.id for rule in rows])


def named(rule: Rule, record: Record, on: date, rules: Rules = RULES) -> list[Verdict]:
    return [verdict for verdict in verdicts(record, rules, on) if verdict.rule == rule.id]


def of_field(rule: Rule, record: Record, on: date, rules: Rules = RULES) -> list[Verdict]:
    told = (verdict for verdict in verdicts(record, rules, on) if verdict.kind is not VerdictKind.BLOCKED)
    return [verdict for verdict in told if verdict.field == rule.field]


@of_effect(Effect.REQUIRED)
def test_what_is_required_and_not_there_is_missing(rule: Rule) -> None:
    on = first_day(rule)
    (missing,) = [one for one in named(rule, about(rule, filled=False, on=on), on) if one.kind is VerdictKind.MISSING]
    assert (missing.field, missing.law, missing.due, missing.state) == (rule.field, rule.law, None, None)
    assert missing.source
    assert rule.field in missing.sentence
    assert not named(rule, about(rule, filled=True, on=on), on)


@of_effect(Effect.REQUIRED)
def test_it_is_due_two_months_after_it_was_there(rule: Rule) -> None:
    there = first_day(rule)
    empty = about(rule, filled=False, on=there)
    record = empty.model_copy(update={"values": {rule.field: Value(available_on=there)}})
    for on, state in ((due(there), DueState.OPEN), (due(there) + A_DAY, DueState.OVERDUE)):
        (missing,) = [one for one in of_field(rule, record, on) if one.kind is VerdictKind.MISSING]
        assert (missing.due, missing.state) == (due(there), state)


@pytest.mark.parametrize("rule", [row for row in RULES.rules if row.when != "always"], ids=lambda rule: rule.id)
def test_a_rule_with_a_fact_says_nothing_without_it(rule: Rule) -> None:
    on = first_day(rule)
    assert not named(rule, about(rule, filled=False, on=on, fact=False), on)
    record = about(rule, filled=False, on=on)
    for day, applies in ((on - A_DAY, True), (on, True), (on + A_DAY, False)):
        later = record.model_copy(update={"facts": {rule.when: day}})
        assert bool(named(rule, later, on)) is applies


@of_effect(Effect.FORBIDDEN)
def test_what_is_forbidden_and_there_is_told(rule: Rule) -> None:
    on = first_day(rule)
    record = about(rule, filled=True, on=on)
    before = record.model_copy(deep=True)
    (forbidden,) = named(rule, record, on)
    assert (forbidden.kind, forbidden.field, forbidden.due) == (VerdictKind.FORBIDDEN, rule.field, None)
    assert record == before
    assert not named(rule, about(rule, filled=False, on=on), on)


@of_effect(Effect.ALLOWED)
def test_what_is_allowed_is_neither_missing_nor_asked_about(rule: Rule) -> None:
    on = first_day(rule)
    records = [about(rule, filled=filled, on=on) for filled in (False, True)]
    assert not any(of_field(rule, record, on) for record in records)
    without = replace(RULES, rules=tuple(row for row in RULES.rules if row is not rule))
    assert any(of_field(rule, record, on, without) for record in records), "the rule decides nothing"


@pytest.mark.parametrize("rule", RULES.rules, ids=lambda rule: rule.id)
def test_a_rule_holds_from_its_first_day_to_the_one_before_the_day_after(rule: Rule) -> None:
    """With the row itself, moved to days that are within its law."""
    begin, end = first_day(rule) + 20 * A_DAY, first_day(rule) + 30 * A_DAY
    moved = rule.model_copy(update={"from_": begin, "until": end, "effect": Effect.FORBIDDEN})
    rules = replace(RULES, rules=tuple(moved if row is rule else row for row in RULES.rules))
    for day, holds in ((begin - A_DAY, False), (begin, True), (end - A_DAY, True), (end, False)):
        record = about(rule, filled=True, on=day)
        on = end + A_DAY if rule.dated_by is DatedBy.FACT else day
        found = [one for one in named(rule, record, on, rules) if one.field == rule.field]
        assert bool(found) is holds, day


def test_every_rule_has_a_source_with_words() -> None:
    assert all(RULES.source_of(rule.source)[0] for rule in RULES.rules)
