"""What holds for whatever record: rules of the table are changed, and the verdicts follow."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from nir_people import A_DAY, RULES, person
from size import size

from feideprov.nir.contents import Tiltak, Vedtak, VedtakKind
from feideprov.nir.model import FACTS, Law, Record, Scheme, Value
from feideprov.nir.requirements import verdicts
from feideprov.nir.table.rules import DatedBy, Effect, Rule, Rules
from feideprov.nir.verdict import Verdict, VerdictKind

lawful = settings(deadline=None, max_examples=size(40, 2000))
LAWS = (Law.INTRODUKSJONSLOVEN, Law.INTEGRERINGSLOVEN, Law.KAP6A)
FIRST, LAST = date(2022, 6, 15), date(2026, 6, 30)
days = st.dates(FIRST, LAST)
maybe_days = st.none() | days
decisions = st.builds(Vedtak, kind=st.sampled_from(VedtakKind) | st.none(), date=days, start=maybe_days, end=maybe_days)
measures = st.builds(
    lambda kind, day: Tiltak(kind=kind, from_=day), st.sampled_from(["spraaktilbud_annet", "praksis"]), days
)
contents = st.one_of(st.none(), st.booleans(), decisions, st.lists(decisions, max_size=3).map(tuple), measures)
values = st.builds(lambda content, day: Value(content=content, available_on=day), contents, maybe_days)
FIELDS = sorted({rule.field for rule in RULES.rules} | {"hobby", "tiltak.praksis"})


@st.composite
def records(draw: Any) -> Record:
    """A record of a person whose law is known, with any fields and facts."""
    someone = person(draw(st.sampled_from(LAWS)), settled=draw(maybe_days), search_out=draw(maybe_days))
    facts = draw(st.dictionaries(st.sampled_from(FACTS), maybe_days, max_size=5))
    return Record(
        person=someone,
        scheme=draw(st.sampled_from(Scheme)),
        values=draw(st.dictionaries(st.sampled_from(FIELDS), values, max_size=8)),
        facts=facts,
        start=draw(maybe_days),
    )


def with_rules(*rules: Rule) -> Rules:
    return replace(RULES, rules=rules)


def with_one(rule: Rule) -> Rules:
    """The table with another row in place of the one with that id."""
    return with_rules(*(rule if row.id == rule.id else row for row in RULES.rules))


def whats(found: tuple[Verdict, ...]) -> set[tuple[Any, ...]]:
    return {(v.rule, v.kind, v.field, v.due, v.state) for v in found}


@lawful
@given(records(), days, st.randoms(use_true_random=False))
def test_the_order_of_rows_values_and_facts_does_not_matter(record: Record, on: date, chance: Random) -> None:
    rows, laws = list(RULES.rules), list(RULES.laws)
    chance.shuffle(rows)
    chance.shuffle(laws)
    turned = record.model_copy(
        update={
            "values": dict(reversed(record.values.items())),
            "facts": dict(reversed(record.facts.items())),
        }
    )
    other = replace(RULES, rules=tuple(rows), laws=tuple(laws))
    assert verdicts(turned, other, on) == verdicts(record, RULES, on)


@lawful
@given(records(), days)
def test_nothing_is_removed_and_each_value_is_accounted_for(record: Record, on: date) -> None:
    """A value that is there is forbidden, asked about, or named by a rule."""
    before = record.model_copy(deep=True)
    found = verdicts(record, RULES, on)
    assert record == before
    laws = {found_.law for found_ in found}
    assume(laws)
    (law,) = laws
    allowed = {law, Law.INTEGRERINGSLOVEN} if law is Law.KAP6A else {law}
    named = {r.field for r in RULES.rules if r.law in allowed and r.scheme in ("*", record.scheme)}
    told = {v.field for v in found}
    for field, value in record.values.items():
        if value.is_there:
            assert field in told or {field, field.split(".")[0]} & named
    missing = {v.field for v in found if v.kind is VerdictKind.MISSING}
    assert not any(record.values[field].is_there for field in missing & set(record.values))


@lawful
@given(records(), days, maybe_days)
def test_a_block_moves_no_day_and_hides_no_verdict(record: Record, on: date, settled: date | None) -> None:
    other = record.model_copy(update={"person": record.person.model_copy(update={"settled": settled})})
    about_settlement = {"B-SETTLED", "B-SEARCH-OUT"}
    found, same = ({v for v in verdicts(one, RULES, on) if v.rule not in about_settlement} for one in (record, other))
    assert found == same


@lawful
@given(records(), days, st.sampled_from(RULES.rules), st.integers(1, 60), st.booleans())
def test_a_change_of_a_day_of_a_rule_moves_exactly_what_lies_between(
    record: Record, on: date, rule: Rule, count: int, of_end: bool
) -> None:
    near = on + timedelta(days=Random(count).randint(-70, 70))
    bounds = {"from_": near, "until": None} if not of_end else {"from_": None, "until": near}
    moved = {key: day + timedelta(days=count) if day else None for key, day in bounds.items()}
    one, other = (with_one(rule.model_copy(update=update)) for update in (bounds, moved))
    between = [near + timedelta(days=number) for number in range(count)]
    things = [on]
    if rule.dated_by is DatedBy.FACT:
        things += [part.from_ for field in record.values for part in record.parts(field, Tiltak)]
        things += [value.available_on for value in record.values.values() if value.available_on]
    if verdicts(record, one, on) != verdicts(record, other, on):
        assert set(things) & set(between)


@lawful
@given(records(), days, st.sampled_from(RULES.rules))
def test_forbidden_beats_required_beats_allowed(record: Record, on: date, rule: Rule) -> None:
    """Three rows of one field that all apply: what the strongest says is said, whatever the ids."""
    usual = {"from_": None, "until": None, "when": "always", "dated_by": DatedBy.REGISTRATION, "confidence": "direct"}
    others = tuple(row for row in RULES.rules if row.field != rule.field)
    for effects, strongest in (
        ((Effect.ALLOWED, Effect.REQUIRED, Effect.FORBIDDEN), Effect.FORBIDDEN),
        ((Effect.ALLOWED, Effect.REQUIRED), Effect.REQUIRED),
        ((Effect.ALLOWED,), Effect.ALLOWED),
    ):
        rows = [
            rule.model_copy(update={**usual, "id": f"{number}", "effect": effect})
            for number, effect in enumerate(effects)
        ]
        alone = rule.model_copy(update={**usual, "id": f"{len(rows) - 1}", "effect": strongest})
        assert verdicts(record, with_rules(*others, *rows), on) == verdicts(record, with_rules(*others, alone), on)


@lawful
@given(records(), days)
def test_chapter_6a_inherits_what_it_has_no_row_for(record: Record, on: date) -> None:
    """Without rows of its own, its verdicts are those of the ordinary rules."""
    record = record.model_copy(update={"person": person(Law.KAP6A), "values": {**record.values}})
    ordinary = tuple(row for row in RULES.rules if row.law is Law.INTEGRERINGSLOVEN)
    copied = tuple(row.model_copy(update={"law": Law.KAP6A}) for row in ordinary)
    assert verdicts(record, with_rules(*ordinary), on) == verdicts(record, with_rules(*copied), on)


@lawful
@given(records(), days)
def test_a_day_later_nothing_is_due_earlier(record: Record, on: date) -> None:
    """While the same rules are in force, a later day only turns open into overdue."""
    today, tomorrow = verdicts(record, RULES, on), verdicts(record, RULES, on + A_DAY)
    days_of = {(v.rule, v.kind, v.field): v.due for v in today}
    assert all(days_of.get((v.rule, v.kind, v.field), v.due) == v.due for v in tomorrow)
