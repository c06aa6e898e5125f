"""Verdicts: the worked examples, the days on which they change, and what no row of the table says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from nir_people import A_DAY, NORSK, PROGRAMME, RULES, person, record

from feideprov.nir.channels import channel
from feideprov.nir.contents import Permisjon, Tiltak, Vedtak, VedtakKind
from feideprov.nir.deadlines import due
from feideprov.nir.model import Law, Permit, Person, Record, Scheme, SeenInNir, Setting, Value
from feideprov.nir.requirements import verdicts
from feideprov.nir.roles import role_for
from feideprov.nir.table.rules import DatedBy, Effect, Rules
from feideprov.nir.verdict import DueState, Verdict, VerdictKind

OLD, NEW, KAP6A = Law.INTRODUKSJONSLOVEN, Law.INTEGRERINGSLOVEN, Law.KAP6A
MISSING, FORBIDDEN, QUESTION = VerdictKind.MISSING, VerdictKind.FORBIDDEN, VerdictKind.QUESTION
BLOCKED, NOT_KNOWN = VerdictKind.BLOCKED, VerdictKind.NOT_KNOWN
EXTENDED = "vedtak_utvidet_norskopplaering"
ON = date(2023, 9, 1)


def told(record: Record, on: date, rules: Rules = RULES) -> dict[str, Verdict]:
    """The verdicts by rule and kind, as “RULE kind”."""
    return {f"{verdict.rule} {verdict.kind.value}": verdict for verdict in verdicts(record, rules, on)}


def with_row(rule: str, **changes: Any) -> Rules:
    """The table with changes in one of its rules."""
    changed = (row.model_copy(update=changes) if row.id == rule else row for row in RULES.rules)
    return replace(RULES, rules=tuple(changed))


def extended(*days: date) -> Value:
    return Value(content=tuple(Vedtak(kind=VedtakKind.EXTENDED, date=day, start=day) for day in days))


# The worked examples


def test_introduksjonsloven_two_fields_too_many_and_one_too_few() -> None:
    """Worked example 1."""
    there = date(2021, 7, 30)
    decision = Vedtak(kind=VedtakKind.GRANT, date=there, start=date(2021, 8, 2))
    values = {
        "tilbud_eller_krav_dato": date(2021, 7, 20),
        "vedtak": decision,
        "sluttmaal": "arbeid",
        "integreringskontrakt": True,
        "tiltak": Value(available_on=date(2021, 8, 2)),
    }
    someone = person(OLD, arrived=date(2019, 6, 1))
    one = record(PROGRAMME, values, person=someone)
    setting = Setting(transfers=True, ready={OLD: (date(2021, 3, 1), "Vendor")})
    found = verdicts(one, RULES, date(2021, 9, 15))
    assert [(v.rule, v.kind, v.field, v.due, v.state) for v in found] == [
        ("P03-tiltak", MISSING, "tiltak", date(2021, 10, 2), DueState.OPEN),
        ("P03-integreringskontrakt", FORBIDDEN, "integreringskontrakt", None, None),
        ("P03-sluttmaal", FORBIDDEN, "sluttmaal", None, None),
    ]
    assert {v.law for v in found} == {OLD}
    states = [told(one, date(2021, 10, day))["P03-tiltak missing"].state for day in (2, 3)]
    assert states == [DueState.OPEN, DueState.OVERDUE]
    assert channel(setting, OLD, "vedtak", date(2021, 9, 15), RULES, person=someone, scheme=PROGRAMME).id == "C4"
    assert role_for(PROGRAMME, RULES) == "kommuneintrobruker"
    assert verdicts(one, RULES, date(2021, 6, 10)) == ()
    without = record(PROGRAMME, {**values, "tiltak": Value()}, person=someone, start=None)
    assert told(without, date(2021, 9, 15))["P03-tiltak missing"].due == date(2021, 10, 2), (
        "by the start of the decision"
    )


def test_the_family_of_somebody_with_collective_protection() -> None:
    """Worked example 10 d: the ordinary law, so the question about upper secondary education is required."""
    someone = person(permit=Permit(basis="38", granted=date(2023, 2, 1)), arrived=date(2023, 2, 20))
    found = told(record(NORSK, person=someone), date(2023, 5, 2))
    assert found["N20-utdanningsbakgrunn missing"].law is NEW
    protected = record(NORSK, {"utdanningsbakgrunn": True}, KAP6A)
    assert told(protected, date(2023, 5, 2))["N6A-utdanningsbakgrunn-2022 forbidden"].law is KAP6A


def test_a_decision_of_another_law_is_a_question() -> None:
    """Worked example 10 f: neither “delete it” nor “it is fine”."""
    someone = person(KAP6A, arrived=date(2022, 3, 5))
    decided = record(NORSK, {"vedtak": Vedtak(date=date(2022, 6, 1))}, person=someone)
    assert not [v for v in verdicts(decided, RULES, date(2022, 6, 14)) if v.field == "vedtak"]
    (asked,) = [v for v in verdicts(decided, RULES, date(2022, 6, 15)) if v.field == "vedtak"]
    assert (asked.rule, asked.kind, asked.law, asked.law_row, asked.due) == ("L-6A", QUESTION, KAP6A, "L-6A", None)
    assert "2022-06-01" in asked.sentence
    several = record(NORSK, {"vedtak": (Vedtak(date=date(2022, 6, 1)), Vedtak(date=date(2022, 6, 2)))}, person=someone)
    assert len([v for v in verdicts(several, RULES, date(2022, 6, 15)) if v.field == "vedtak"]) == 1
    same_day = record(NORSK, {"vedtak": Vedtak(date=date(2022, 6, 15))}, person=someone)
    assert not [v for v in verdicts(same_day, RULES, date(2022, 6, 15)) if v.field == "vedtak"]


def test_a_decision_of_a_day_without_a_law_is_no_question() -> None:
    """A municipality's own row says which law applies from August on; about July nobody knows."""
    row = next(row for row in RULES.laws if row.id == "L-6A")
    own = row.model_copy(update={"id": "own", "from_": date(2026, 8, 1), "until": None, "law": NEW, "own": True})
    rules = replace(RULES, laws=(*RULES.laws, own))
    decided = record(NORSK, {"vedtak": Vedtak(date=date(2026, 7, 1))}, KAP6A)
    found = verdicts(decided, rules, date(2026, 8, 1))
    assert {(v.law, v.law_row) for v in found} == {(NEW, "own")}
    assert "own question" not in told(decided, date(2026, 8, 1), rules)
    earlier = record(NORSK, {"vedtak": Vedtak(date=date(2026, 6, 30))}, KAP6A)
    assert "own question" in told(earlier, date(2026, 8, 1), rules)


# Which law is not known


def test_after_the_sources_end_there_is_one_verdict_with_its_day() -> None:
    """Worked example 10 h and i."""
    values = {"sluttmaal": "arbeid", "tiltak": Value(available_on=date(2026, 5, 31))}
    one = record(PROGRAMME, values, KAP6A, start=date(2026, 6, 1))
    assert told(one, date(2026, 6, 30))["P20-tiltak missing"].due == date(2026, 7, 31)
    (only,) = verdicts(one, RULES, date(2026, 7, 1))
    assert (only.rule, only.kind, only.field, only.law_row) == ("L-6A-end", NOT_KNOWN, "", "L-6A-end")
    assert (only.law, only.due, only.state) == (Law.NOT_KNOWN, date(2026, 7, 31), DueState.OPEN)
    assert only.source in only.sentence
    assert only.url
    (later,) = verdicts(one, RULES, date(2026, 8, 1))
    assert later.state is DueState.OVERDUE


@pytest.mark.parametrize(
    ("someone", "rule"),
    [
        (person(permit=None, arrived=date(2020, 11, 1)), "L-PERMIT"),
        (Person(key="p1"), "L-PERMIT"),
        (person(OLD, arrived=None), "L-ARRIVED"),
        (person(NEW, arrived=None), None),
        (person(KAP6A, arrived=None), None),
    ],
)
def test_what_must_be_known_to_know_the_law(someone: Person, rule: str | None) -> None:
    found = verdicts(record(NORSK, person=someone), RULES, ON)
    if rule is None:
        assert NOT_KNOWN not in {v.kind for v in found}
    else:
        assert [(v.rule, v.kind, v.due, v.state) for v in found] == [(rule, NOT_KNOWN, None, None)]


def test_a_law_that_no_row_names_is_not_known_either() -> None:
    none = replace(RULES, laws=())
    assert [v.rule for v in verdicts(record(NORSK), none, ON)] == ["L-NONE"]
    assert [v.rule for v in verdicts(record(NORSK, person=person(arrived=None)), none, ON)] == ["L-NONE"]
    one = replace(RULES, laws=tuple(row for row in RULES.laws if row.id == "L-2003"))
    assert [v.rule for v in verdicts(record(NORSK, person=person(OLD, arrived=None)), one, ON)] == ["L-ARRIVED"]
    in_a_centre = record(Scheme.MOTTAK_OPPLAERING, person=Person(key="p1"))
    assert NOT_KNOWN not in {v.kind for v in verdicts(in_a_centre, RULES, ON)}


@pytest.mark.parametrize(
    ("values", "start", "first"),
    [
        ({}, None, None),
        ({"tiltak": Value(available_on=ON)}, None, ON),
        ({"tiltak": Value(content="x", available_on=ON)}, None, None),
        ({"tiltak": Value(available_on=ON)}, ON - A_DAY, ON - A_DAY),
        ({"vedtak": Vedtak(date=ON)}, None, date(2021, 6, 1)),
        ({"vedtak": Value(content=Vedtak(date=ON, start=ON - A_DAY))}, None, ON - A_DAY),
        ({"vedtak": Value(content=Vedtak(date=ON, start=ON + A_DAY))}, None, ON),
        ({"vedtak": Value(content=Vedtak(date=ON), seen_in_nir=(ON, "Kari"))}, None, None),
        ({"tiltak": Value(available_on=ON, seen_in_nir=(ON, "Kari"))}, None, None),
    ],
)
def test_the_earliest_last_day_is_given_without_a_law(values: dict[str, Any], start: Any, first: date | None) -> None:
    (only,) = verdicts(record(NORSK, values, person=person(permit=None), start=start), RULES, ON)
    assert only.due == (due(first) if first else None)


# What decides, and from which day


@pytest.mark.parametrize("content", [False, Decimal(0), "", (), date(2023, 1, 1), True])
def test_no_and_zero_are_answers(content: Any) -> None:
    field = "livsmestring_gjennomfoert"
    assert "P20-livsmestring missing" not in told(record(PROGRAMME, {field: Value(content=content)}), ON)
    assert "P20-livsmestring missing" in told(record(PROGRAMME, {field: Value()}), ON)
    seen = Value(seen_in_nir=SeenInNir(on=ON, by="Kari"))
    assert "P20-livsmestring missing" not in told(record(PROGRAMME, {field: seen}), ON)


def test_what_was_seen_in_nir_can_be_forbidden() -> None:
    seen = Value(seen_in_nir=SeenInNir(on=ON, by="Kari"))
    assert "P03-sluttmaal forbidden" in told(record(PROGRAMME, {"sluttmaal": seen}, OLD, person=person(OLD)), ON)


@pytest.mark.parametrize("scheme", list(Scheme))
def test_a_field_that_no_rule_names_is_a_question(scheme: Scheme) -> None:
    one = record(scheme, {"hobby": "sjakk"})
    asked = told(one, ON)["NO-RULE question"]
    assert (asked.field, asked.due, asked.source) == ("hobby", None, "")
    assert "sjakk" not in asked.sentence
    assert "NO-RULE question" not in told(record(scheme, {"hobby": Value()}), ON)


def test_a_measure_that_no_rule_names_is_one_question() -> None:
    """Also where the record has the kind of the measure as a field, with nothing in it."""
    values = {"tiltak": Tiltak(kind="praksis", from_=ON), "tiltak.praksis": Value(available_on=ON)}
    assert [v.field for v in verdicts(record(NORSK, values), RULES, ON) if v.rule == "NO-RULE"] == ["tiltak"]


def test_a_rule_whose_fact_is_not_so_names_its_field_all_the_same() -> None:
    assert "NO-RULE question" not in told(record(PROGRAMME, {"permisjon": "x"}), ON)


def test_a_forbidden_field_of_an_indirect_rule_is_a_question() -> None:
    rules = with_row("P03-sluttmaal", confidence="indirect")
    one = record(PROGRAMME, {"sluttmaal": "arbeid"}, person=person(OLD))
    assert told(one, ON, rules)["P03-sluttmaal question"].due is None


def test_an_indirect_rule_still_finds_what_is_missing() -> None:
    rules = with_row("P20-tiltak", confidence="indirect")
    assert "P20-tiltak missing" in told(record(PROGRAMME), ON, rules)


def test_the_measure_is_compared_with_its_own_day() -> None:
    other = "spraaktilbud_annet"
    days = (date(2023, 6, 30), date(2023, 7, 1), date(2024, 6, 30), date(2024, 7, 1))
    for on in (date(2022, 7, 1), date(2023, 9, 1), date(2025, 1, 1)):
        for day, forbidden in zip(days, (False, True, True, False), strict=True):
            measures = (Tiltak(kind="spraaktilbud_engelsk", from_=days[1]), Tiltak(kind=other, from_=day))
            for values in ({"tiltak": measures}, {f"tiltak.{other}": Tiltak(kind=other, from_=day)}):
                found = told(record(PROGRAMME, values, KAP6A, person=person(KAP6A)), on)
                assert ("P6A-spraaktilbud_annet-2023 forbidden" in found) is forbidden
                assert "NO-RULE question" not in found
    assert "NO-RULE question" in told(record(NORSK, {f"tiltak.{other}": "x"}), ON)


def test_a_measure_that_is_only_expected_has_no_day_that_counts() -> None:
    """The measure that is there began after the rule ended."""
    other = "spraaktilbud_annet"
    there = Value(content=Tiltak(kind=other, from_=date(2024, 7, 1)))
    values = {"tiltak": there, f"tiltak.{other}": Value(available_on=date(2023, 8, 1))}
    found = told(record(PROGRAMME, values, KAP6A, person=person(KAP6A)), date(2024, 8, 1))
    assert "P6A-spraaktilbud_annet-2023 forbidden" not in found


def test_the_deadline_is_that_of_the_rule() -> None:
    rules = with_row("P20-tiltak", deadline="P1Y")
    assert told(record(PROGRAMME, start=ON), ON, rules)["P20-tiltak missing"].due == date(2024, 9, 1)
    rules = replace(with_row("P20-tiltak", deadline=None), deadline_default="P1M")
    assert told(record(PROGRAMME, start=ON), ON, rules)["P20-tiltak missing"].due == date(2023, 10, 1)


def test_of_equal_rules_the_one_with_the_smallest_id_is_named() -> None:
    rule = next(rule for rule in RULES.rules if rule.id == "P20-tiltak")
    first = rule.model_copy(update={"id": "A-first", "when": "ended"})
    for more in ((first, *RULES.rules), (*RULES.rules, first)):
        found = told(record(PROGRAMME, facts={"ended"}), ON, replace(RULES, rules=more))
        assert "A-first missing" in found
        assert "P20-tiltak missing" not in found


def test_a_field_before_the_dot_that_is_forbidden_forbids_its_kinds() -> None:
    rules = with_row("P20-tiltak", effect=Effect.FORBIDDEN)
    found = told(record(PROGRAMME, {"tiltak.praksis": "x"}), ON, rules)
    assert found["P20-tiltak forbidden"].field == "tiltak.praksis"


def test_a_measure_under_the_key_of_its_kind_is_a_measure() -> None:
    measure = Tiltak(kind="praksis", from_=ON)
    assert "P20-tiltak missing" not in told(record(PROGRAMME, {"tiltak.praksis": measure}), ON)
    assert "P20-tiltak missing" in told(record(PROGRAMME, {"tiltak.praksis": Value(available_on=ON)}), ON)


def test_a_measure_of_a_kind_is_never_missing() -> None:
    rules = with_row("P6A-spraaktilbud_annet-2023", effect=Effect.REQUIRED, dated_by=DatedBy.REGISTRATION)
    assert not [v for v in verdicts(record(PROGRAMME, person=person(KAP6A)), rules, ON) if "." in v.field]


_DECIDED = (Vedtak(date=date(2022, 2, 1), start=date(2022, 5, 1)), Vedtak(date=date(2022, 1, 1)))
SINCE: list[tuple[dict[str, Any], date | None, date | None]] = [
    ({"sluttmaal": Value(available_on=date(2023, 1, 1))}, date(2022, 3, 1), date(2023, 1, 1)),
    ({"vedtak": _DECIDED}, date(2022, 3, 1), date(2022, 3, 1)),
    ({"vedtak": _DECIDED}, None, date(2022, 5, 1)),
    ({"vedtak": tuple(one.model_copy(update={"start": None}) for one in _DECIDED)}, None, date(2022, 1, 1)),
    ({"vedtak": Value(available_on=date(2022, 4, 1)), "tiltak": "x"}, None, date(2022, 4, 1)),
    ({"tiltak": "x"}, None, date(2021, 6, 1)),
    ({}, None, None),
]


@pytest.mark.parametrize(("values", "start", "since"), SINCE)
def test_the_day_to_count_from(values: dict[str, Any], start: date | None, since: date | None) -> None:
    """Each place where it can be, in their order: whatever stands in a later one does not matter."""
    missing = told(record(PROGRAMME, values, start=start), ON)["P20-sluttmaal missing"]
    assert missing.due == (due(since) if since else None)


FACT_SINCE: list[tuple[str, date | None, dict[str, Any], date | None]] = [
    ("ended", date(2023, 2, 1), {}, date(2023, 2, 1)),
    ("ended", date(2023, 2, 1), {"avslutningsaarsak": Value(available_on=date(2023, 1, 1))}, date(2023, 1, 1)),
    ("ended", None, {"vedtak": _DECIDED}, None),
    ("ended", None, {"avslutningsaarsak": Value(available_on=date(2023, 1, 1))}, date(2023, 1, 1)),
]


@pytest.mark.parametrize(("fact", "day", "values", "since"), FACT_SINCE)
def test_a_fact_has_no_day_but_its_own(fact: str, day: date | None, values: dict[str, Any], since: date | None) -> None:
    missing = told(record(PROGRAMME, values, facts={fact: day}, start=date(2022, 3, 1)), ON)
    found = missing["P20-avslutningsaarsak missing"]
    assert found.due == (due(since) if since else None)
    assert (fact in found.sentence) is (since is None)


@pytest.mark.parametrize(
    ("day", "values", "start", "since"),
    [
        (date(2023, 7, 1), {"vedtak": _DECIDED}, date(2022, 3, 1), date(2023, 7, 1)),
        (None, {"vedtak": _DECIDED}, date(2022, 3, 1), date(2022, 3, 1)),
        (None, {"vedtak": _DECIDED}, None, date(2022, 5, 1)),
        (None, {"tiltak": "x"}, None, None),
    ],
)
def test_who_is_in_the_programme_is_so_from_its_beginning(
    day: date | None, values: dict[str, Any], start: date | None, since: date | None
) -> None:
    one = record(PROGRAMME, values, person=person(KAP6A), facts={"in_programme": day}, start=start)
    found = told(one, ON)["P6A-kompetansekartlegging-2023 missing"]
    assert found.due == (due(since) if since else None)


@pytest.mark.parametrize(
    ("facts", "value", "since"),
    [
        ({"extended": date(2023, 7, 5)}, Value(available_on=date(2023, 8, 1)), date(2023, 7, 5)),
        ({"extended": ON + A_DAY}, extended(date(2023, 7, 9), date(2023, 7, 8)), date(2023, 7, 8)),
        ({}, Value(content=Vedtak(kind=VedtakKind.STOP, date=ON), available_on=date(2023, 8, 1)), date(2023, 8, 1)),
        ({"extended": None}, Value(), None),
    ],
)
def test_extended_training_is_so_from_its_decision(facts: Any, value: Value, since: date | None) -> None:
    """A day of the fact that is still to come is no day to count from, nor is the start of the training."""
    one = record(NORSK, {EXTENDED: value}, person=person(KAP6A), facts=facts, start=date(2022, 3, 1))
    found = told(one, ON)["N6A-utdanningsbakgrunn-utvidet missing"]
    assert found.due == (due(since) if since else None)


def test_days_at_the_end_of_the_calendar_are_no_error() -> None:
    last = date.max
    one = record(PROGRAMME, {"tiltak": Value(available_on=last)}, start=last)
    assert told(one, ON)["P20-tiltak missing"].due == last
    decision = Vedtak(kind=VedtakKind.EXTENDED, date=date.min, start=last, end=last)
    values = {EXTENDED: decision, "vedtak": Vedtak(date=date.min, start=date.min)}
    verdicts(record(NORSK, values, KAP6A), RULES, ON)
    verdicts(record(NORSK, {"vedtak": Vedtak(date=last, start=last)}, person=person(permit=None)), RULES, ON)


# Settlement, and a permit in a reception centre


def test_settlement_comes_first_and_moves_no_day() -> None:
    ordinary = record(PROGRAMME, start=date(2023, 1, 1))
    for settled, blocked in ((None, True), (ON + A_DAY, True), (ON, False), (ON - A_DAY, False)):
        one = ordinary.model_copy(update={"person": person(settled=settled)})
        found = verdicts(one, RULES, ON)
        assert (("B-SETTLED", BLOCKED, "settled", None) in {(v.rule, v.kind, v.field, v.due) for v in found}) is blocked
        others = [v for v in found if v.rule != "B-SETTLED"]
        assert others == [v for v in verdicts(ordinary, RULES, ON) if v.rule != "B-SETTLED"]
    centre = record(Scheme.MOTTAK_KVALIFISERING, person=person(settled=None))
    assert "B-SETTLED blocked" not in told(centre, ON)


def test_nobody_is_settled_before_they_were_assigned() -> None:
    for search_out, asked in ((ON - A_DAY, False), (ON, False), (ON + A_DAY, True), (None, False)):
        one = record(PROGRAMME, person=person(settled=ON, search_out=search_out))
        assert ("B-SEARCH-OUT question" in told(one, ON)) is asked


def test_a_permit_of_somebody_in_training_for_asylum_seekers_is_a_question() -> None:
    for granted, asked in ((ON - A_DAY, True), (ON, True), (ON + A_DAY, False)):
        someone = person(permit=Permit(basis="28", granted=granted))
        assert ("MO-PERMIT question" in told(record(Scheme.MOTTAK_OPPLAERING, person=someone), ON)) is asked
        assert "MO-PERMIT question" not in told(record(Scheme.MOTTAK_KVALIFISERING, person=someone), ON)


# Extended training


def protected(values: dict[str, Any], **more: Any) -> Record:
    start = Vedtak(kind=VedtakKind.GRANT, date=date(2022, 8, 1), start=date(2022, 9, 1))
    return record(NORSK, {"vedtak": Value(content=start), **values}, KAP6A, person=person(KAP6A), **more)


def test_education_is_registered_before_extended_training() -> None:
    rule = "N6A-utdanningsbakgrunn-utvidet"
    found = told(protected({EXTENDED: extended(date(2023, 9, 1))}), ON)
    assert found[f"{rule} blocked"].field == EXTENDED
    assert found[f"{rule} missing"].field == "utdanningsbakgrunn"
    answered = told(protected({EXTENDED: extended(date(2023, 9, 1)), "utdanningsbakgrunn": False}), ON)
    assert not {f"{rule} blocked", f"{rule} missing"} & set(answered)
    planned = told(protected({}, facts={"extended"}), ON)
    assert f"{rule} missing" in planned
    assert f"{rule} blocked" not in planned
    early = told(protected({EXTENDED: extended(date(2023, 6, 1))}), date(2023, 6, 30))
    assert f"{rule} blocked" not in early


@pytest.mark.parametrize(
    ("end", "asked"), [(date(2024, 3, 1), False), (date(2024, 3, 2), False), (date(2024, 3, 3), True), (None, False)]
)
def test_a_decision_on_extended_training_is_at_most_six_months(end: date | None, asked: bool) -> None:
    decision = Vedtak(kind=VedtakKind.EXTENDED, date=ON, start=date(2023, 9, 1), end=end)
    for content in (decision, (decision, decision)):
        assert ("EXTENDED-LENGTH question" in told(protected({EXTENDED: content}), ON)) is asked
    other = decision.model_copy(update={"kind": VedtakKind.STOP})
    assert "EXTENDED-LENGTH question" not in told(protected({EXTENDED: other}), ON)


@pytest.mark.parametrize(
    ("education", "count", "asked"),
    [(True, 1, False), (True, 2, True), (False, 4, False), (False, 5, True), (None, 9, False), (Decimal(1), 9, False)],
)
def test_how_many_decisions_there_can_be(education: Any, count: int, asked: bool) -> None:
    days = [date(2023, 9, 1) + number * A_DAY for number in range(count)]
    values = {EXTENDED: extended(*days), "utdanningsbakgrunn": Value(content=education)}
    assert ("EXTENDED-COUNT question" in told(protected(values), ON)) is asked


@pytest.mark.parametrize(
    ("day", "asked"),
    [
        (date(2023, 6, 29), True),
        (date(2023, 6, 30), False),
        (date(2023, 9, 1), False),
        (date(2023, 11, 2), False),
        (date(2023, 11, 3), True),
    ],
)
def test_the_first_decision_is_near_the_limit(day: date, asked: bool) -> None:
    """Twelve months after 2022-09-01, two months before and after; a day more is not asked about."""
    later = date(2024, 9, 1)
    for days in ((day,), (later, day)):
        assert ("EXTENDED-WINDOW question" in told(protected({EXTENDED: extended(*days)}), later)) is asked


def test_extended_training_is_of_chapter_6a_alone() -> None:
    decision = Vedtak(kind=VedtakKind.EXTENDED, date=ON, start=date(2022, 1, 1), end=ON)
    one = record(NORSK, {EXTENDED: (decision, decision), "utdanningsbakgrunn": True})
    assert [v.rule for v in verdicts(one, RULES, ON) if v.field == EXTENDED] == ["NO-RULE"]


def test_leave_moves_the_window() -> None:
    leave = Permisjon(from_=date(2023, 1, 1), until=date(2023, 1, 1))
    values = {EXTENDED: extended(date(2023, 11, 3)), "permisjon": leave}
    assert "EXTENDED-WINDOW question" not in told(protected(values), date(2024, 1, 1))


def test_extended_training_is_asked_about_in_norwegian_alone() -> None:
    values = {EXTENDED: extended(*[date(2030, 1, 1)] * 5), "utdanningsbakgrunn": True}
    one = record(PROGRAMME, values, person=person(KAP6A), start=date(2022, 9, 1))
    assert {v.rule for v in verdicts(one, RULES, ON) if v.field == EXTENDED} == {"NO-RULE"}


def test_without_a_start_there_is_no_window() -> None:
    one = record(NORSK, {EXTENDED: extended(date(2030, 1, 1))}, person=person(KAP6A))
    assert "EXTENDED-WINDOW question" not in told(one, ON)


# What every verdict has


def test_every_verdict_names_its_law_and_where_it_comes_from() -> None:
    one = protected({EXTENDED: extended(date(2023, 6, 1)), "hobby": "x"}, facts={"ended", "absent"})
    found = verdicts(one, RULES, ON)
    assert len(found) > 8
    assert {(v.law, v.law_row) for v in found} == {(KAP6A, "L-6A")}
    assert all(v.sentence.endswith(".") for v in found)
    assert [v.rule for v in found if not v.source] == ["NO-RULE"]


def test_a_missing_field_says_by_when() -> None:
    missing = "P20-tiltak missing"
    open_, overdue, without = (
        told(record(PROGRAMME, start=start), ON)[missing].sentence for start in (ON, date(2023, 6, 30), None)
    )
    assert "by 2023-11-01" in open_
    assert "2023-08-30" in overdue
    assert "now" in overdue
    assert "not known" in without
