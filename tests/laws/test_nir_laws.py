"""Laws of the introduction register, for whatever course of life and whatever table."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st
from nir_lives import Stage, stages

from feideprov.messages import NOTHING
from feideprov.nir.laws import law
from feideprov.nir.model import Law, Number, NumberKind, Record, SeenInNir, Value
from feideprov.nir.requirements import verdicts
from feideprov.nir.table.rules import DatedBy, Rule, Rules
from feideprov.nir.verdict import Verdict, VerdictKind

SHIPPED_RULES = Rules.shipped()
A_DAY = timedelta(days=1)
STAGES = stages()


@given(STAGES, st.randoms(use_true_random=False))
def test_verdicts_do_not_depend_on_the_order_of_rows_values_or_facts(stage: Stage, chance) -> None:
    record, expected = stage.record, verdicts(stage.record, SHIPPED_RULES, stage.on)
    rows, laws = list(SHIPPED_RULES.rules), list(SHIPPED_RULES.laws)
    values, facts = list(record.values.items()), list(record.facts.items())
    for several in (rows, laws, values, facts):
        chance.shuffle(several)
    values = [(field, _shuffled(value, chance)) for field, value in values]
    other = record.model_copy(update={"values": dict(values), "facts": dict(facts)})
    assert verdicts(other, replace(SHIPPED_RULES, rules=tuple(rows), laws=tuple(laws)), stage.on) == expected


def _shuffled(value: Value, chance) -> Value:
    content = value.content
    if not isinstance(content, tuple):
        return value
    return value.model_copy(update={"content": tuple(chance.sample(content, len(content)))})


@st.composite
def _moved_rules(draw: st.DrawFn) -> tuple[Stage, Rule, Rule, bool]:
    """A stage, a rule that can be about it, the same with another first or last day, and whether it is the last one."""
    stage = draw(STAGES)
    applied = {law(stage.record.person, stage.on, SHIPPED_RULES, scheme=stage.record.scheme)}
    applied |= {Law.INTEGRERINGSLOVEN} if Law.KAP6A in applied else set()
    rules = [rule for rule in SHIPPED_RULES.rules if rule.scheme in (stage.record.scheme, "*") and rule.law in applied]
    assume(rules)
    rule = draw(st.sampled_from(rules))
    bound = draw(st.sampled_from(("from_", "until")))
    day = getattr(rule, bound) if draw(st.booleans()) and getattr(rule, bound) else stage.on
    moved = day + draw(st.integers(min_value=-20, max_value=20)) * A_DAY
    assume(bound == "until" or rule.until is None or moved < rule.until)
    assume(bound == "from_" or rule.from_ is None or moved > rule.from_)
    return stage, rule, rule.model_copy(update={bound: moved}), day


def _with(rule: Rule | None, instead_of: Rule) -> Rules:
    others = tuple(one for one in SHIPPED_RULES.rules if one.id != instead_of.id)
    return replace(SHIPPED_RULES, rules=(*others, rule) if rule else others)


@given(_moved_rules())
def test_a_rule_with_other_days_holds_on_those_days_and_on_no_other(made: tuple[Stage, Rule, Rule, date]) -> None:
    """On each of its days, the verdicts are those of a rule without bounds; on other days, those without the rule."""
    stage, rule, moved, day = made
    assume(rule.dated_by is DatedBy.REGISTRATION)
    changed, never = _with(moved, rule), _with(None, rule)
    always = _with(rule.model_copy(update={"from_": None, "until": None}), rule)
    for on in (day + distance * A_DAY for distance in range(-25, 26)):
        alike = always if moved.in_force(on) else never
        assert verdicts(stage.record, changed, on) == verdicts(stage.record, alike, on)
        if moved.in_force(on) == rule.in_force(on):
            assert verdicts(stage.record, changed, on) == verdicts(stage.record, SHIPPED_RULES, on)


@given(STAGES, st.integers(min_value=-20, max_value=20))
def test_a_law_with_another_last_day_holds_on_those_days_and_on_no_other(stage: Stage, days: int) -> None:
    """The law of chapter 6A ends later or earlier: nothing changes but between the two days."""
    end = next(row.until for row in SHIPPED_RULES.laws if row.id == "L-6A")
    moved = end + days * A_DAY
    new = {"L-6A": {"until": moved}, "L-6A-end": {"from_": moved}}
    rows = tuple(row.model_copy(update=new.get(row.id, {})) for row in SHIPPED_RULES.laws)
    changed = replace(SHIPPED_RULES, laws=rows)
    for on in (end + distance * A_DAY for distance in range(-25, 26)):
        once, now = (
            law(stage.record.person, on, rules, scheme=stage.record.scheme) for rules in (SHIPPED_RULES, changed)
        )
        if not min(end, moved) <= on < max(end, moved):
            assert once == now
        elif stage.record.person.permit and stage.record.person.permit.basis == "34":
            assert {once, now} in ({Law.KAP6A, Law.NOT_KNOWN}, {once})


@given(STAGES)
def test_a_block_removes_and_moves_nothing(stage: Stage) -> None:
    """Who is not settled has the same verdicts with the same days, and one more."""
    person = stage.record.person.model_copy(update={"search_out": None, "settled": None})
    settled = person.model_copy(update={"settled": stage.on - A_DAY})
    found, free = (
        verdicts(stage.record.model_copy(update={"person": one}), SHIPPED_RULES, stage.on) for one in (person, settled)
    )
    assert [one for one in found if one.rule != "B-SETTLED"] == list(free)


@given(STAGES, st.lists(st.sampled_from(NumberKind), max_size=3))
def test_a_number_that_comes_or_changes_changes_no_verdict(stage: Stage, kinds: list[NumberKind]) -> None:
    numbers = tuple(Number(kind=kind, value="another number") for kind in kinds)
    person = stage.record.person.model_copy(update={"numbers": numbers})
    changed = stage.record.model_copy(update={"person": person})
    assert verdicts(changed, SHIPPED_RULES, stage.on) == verdicts(stage.record, SHIPPED_RULES, stage.on)


@given(STAGES)
def test_nothing_is_removed_silently(stage: Stage) -> None:
    """What is there is named by the table, or it is told; and the record stays as it was."""
    before = stage.record.model_copy(deep=True)
    found = verdicts(stage.record, SHIPPED_RULES, stage.on)
    assert stage.record == before
    if not found or found[0].kind is VerdictKind.NOT_KNOWN or stage.on < SHIPPED_RULES.scope_from:
        return
    named = {rule.field for rule in SHIPPED_RULES.rules if rule.scheme in (stage.record.scheme, "*")}
    told = {one.field for one in found}
    for field, value in stage.record.values.items():
        if value.is_there:
            assert {field, field.partition(".")[0]} & named or field in told


@given(STAGES, st.data())
def test_to_be_seen_in_nir_closes_what_was_missing_and_nothing_else(stage: Stage, data: st.DataObject) -> None:
    found = verdicts(stage.record, SHIPPED_RULES, stage.on)
    missing = sorted({one.field for one in found if one.kind is VerdictKind.MISSING})
    assume(missing)
    field = data.draw(st.sampled_from(missing))
    after = verdicts(_seen(stage, field), SHIPPED_RULES, stage.on)
    assert [_told(one) for one in found if not _closed(one, field)] == [_told(one) for one in after]


@given(STAGES)
def test_to_be_seen_in_nir_changes_nothing_of_what_is_there(stage: Stage) -> None:
    found = verdicts(stage.record, SHIPPED_RULES, stage.on)
    for field, value in stage.record.values.items():
        if value.is_there:
            after = verdicts(_seen(stage, field), SHIPPED_RULES, stage.on)
            assert [_without_day(one) for one in after] == [_without_day(one) for one in found]
            assert all(_day(then) >= _day(now) for now, then in zip(found, after, strict=True))


def _without_day(one: Verdict) -> Verdict:
    """Where no law is known, what was seen in NIR has no last day any more."""
    return replace(one, due=None, state=None, sentence=NOTHING) if one.kind is VerdictKind.NOT_KNOWN else one


def _day(one: Verdict) -> date:
    return one.due or date.max


def _seen(stage: Stage, field: str) -> Record:
    value = stage.record.values.get(field, Value())
    seen = value.model_copy(update={"seen_in_nir": SeenInNir(on=stage.on, by="kari")})
    return stage.record.model_copy(update={"values": {**stage.record.values, field: seen}})


def _closed(verdict: Verdict, field: str) -> bool:
    """Missing, or waiting for the field: extended training waits for the education."""
    waits = verdict.kind is VerdictKind.BLOCKED and verdict.rule.endswith(f"{field}-utvidet")
    return waits or (verdict.kind is VerdictKind.MISSING and verdict.field == field)


def _told(verdict: Verdict) -> tuple[object, ...]:
    return verdict.rule, verdict.kind, verdict.field, verdict.due, verdict.state, verdict.law, verdict.law_row
