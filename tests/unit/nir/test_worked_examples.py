"""Cases worked out by hand from the sources before they were run: each says in a line why the answer is what it is."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable
from datetime import date as Day  # noqa: N812 - short, because there are many
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from feideprov import nir
from feideprov.errors import FeideProvError
from feideprov.nir import (
    Fritak,
    Klage,
    Law,
    Number,
    Permisjon,
    Person,
    Record,
    Rules,
    Setting,
    Tiltak,
    Timer,
    Value,
    Vedtak,
    channel,
    due,
    law,
    verdicts,
    worklist,
    year_end,
)
from feideprov.nir.table.rules import SHIPPED

RULES = Rules.shipped()
EXTENDED = "vedtak_utvidet_norskopplaering"
READY = Setting(
    transfers=True,
    municipality="4601",
    ready={name: (Day(2021, 3, 1), "letter of the vendor") for name in ("introduksjonsloven", "integreringsloven")},
)


def person(basis: str = "28", permit: Day | None = Day(2021, 3, 1), **given: Any) -> Person:
    known: dict[str, Any] = {
        "key": "c-1",
        "arrived": Day(2021, 4, 10),
        "settled": Day(2021, 4, 20),
        "register_municipality": "4601",
    }
    if permit:
        known["permit"] = {"basis": basis, "granted": permit}
    return Person(**{**known, **given})


def protected(**given: Any) -> Person:
    return person("§ 34", Day(2022, 4, 4), **{"arrived": Day(2022, 3, 20), "settled": Day(2022, 6, 20), **given})


def filled(who: Person, scheme: str, contents: dict[str, Any], facts: Any = (), start: Day | None = None) -> Record:
    values = {field: {"content": content} for field, content in contents.items()}
    return Record(person=who, scheme=scheme, values=values, facts=facts, start=start)


def told(record: Record, on: Day, rules: Rules = RULES) -> list[tuple[str, str, str, Day | None]]:
    return [(one.rule, one.kind.value, one.field, one.due) for one in verdicts(record, rules, on)]


PROGRAMME = {
    "vedtak": [
        Vedtak(kind="tilbud", date=Day(2021, 6, 1)),
        Vedtak(kind="tildeling", date=Day(2021, 6, 15), start=Day(2021, 7, 1)),
    ],
    "sluttmaal": "the municipality's word",
    "integreringskontrakt": True,
    "kompetansekartlegging_gjennomfoert": True,
    "karriereveiledning_gjennomfoert": True,
    "tiltak": {Tiltak(kind="praksis", from_=Day(2021, 7, 1), until=Day(2021, 12, 31), extent="10 hours")},
    "foreldreveiledning_gjennomfoert": False,
    "livsmestring_gjennomfoert": True,
}
NORWEGIAN = {
    "vedtak": Vedtak(kind="tildeling", date=Day(2022, 6, 25), start=Day(2022, 7, 1)),
    "morsmaal": "ukrainsk",
    "norskmaal": "B1",
    "opplaeringsspraak": "norsk",
    "timer_norsk": 0,
}


# The law of 2020


def test_a_whole_programme_has_no_verdict() -> None:
    """All eight fields that the law of 2020 asks of everyone are there; that guidance was not given is an answer."""
    assert told(filled(person(), "introduksjonsprogram", PROGRAMME), Day(2021, 9, 1)) == []


def test_a_programme_with_gaps_has_one_verdict_for_each() -> None:
    """The grant starts on 1 July, so two months end on 1 September; the ending of 31 July has its own day."""
    gaps = {field: content for field, content in PROGRAMME.items() if field not in ("sluttmaal", "tiltak")}
    record = filled(person(), "introduksjonsprogram", gaps, {"ended": Day(2021, 7, 31), "leave": None})
    assert told(record, Day(2021, 9, 1)) == [
        ("P20-sluttmaal", "missing", "sluttmaal", Day(2021, 9, 1)),
        ("P20-tiltak", "missing", "tiltak", Day(2021, 9, 1)),
        ("P20-avslutningsaarsak", "missing", "avslutningsaarsak", Day(2021, 9, 30)),
        ("P20-permisjon", "missing", "permisjon", None),
    ]
    states = {one.field: one.state for one in verdicts(record, RULES, Day(2021, 9, 2))}
    assert states == {"sluttmaal": "overdue", "tiltak": "overdue", "avslutningsaarsak": "open", "permisjon": None}


def test_a_vendor_that_is_not_ready_for_one_law() -> None:
    """Ready for the law of 2003 alone: NIR web with advice for the others (C7), WS4 for that one (C4)."""
    setting = Setting(transfers=True, ready={"introduksjonsloven": (Day(2021, 3, 1), "vendor")})
    for name in ("integreringsloven", "kap6a"):
        found = channel(setting, name, "tiltak", Day(2023, 1, 10))
        assert (found.id, found.channel, bool(found.warning)) == ("C7", "nir_web", True)
    assert channel(setting, "introduksjonsloven", "tiltak", Day(2023, 1, 10)).channel == "ws4"
    waiting = channel(Setting(transfers=True), Law.INTRODUKSJONSLOVEN, "tiltak", Day(2023, 1, 10))
    assert (waiting.id, waiting.channel, bool(waiting.warning)) == ("C5", "nir_web", True)


@pytest.mark.parametrize("hours", [0, Decimal(0), Timer(hours=0)])
def test_no_and_none_are_answers_and_absent_is_a_gap(hours: Any) -> None:
    """False, 0 hours and an empty answer that was entered are registered; a value with a day alone is a gap."""
    contents = {**NORWEGIAN, "utdanningsbakgrunn": False, "timer_norsk": hours, "timer_samfunnskunnskap": hours}
    record = filled(person(), "norsk_og_samfunnskunnskap", contents)
    assert told(record, Day(2022, 8, 1)) == []
    values = {**record.values, "timer_norsk": Value(available_on=Day(2022, 7, 31))}
    gap = Record(person=person(), scheme="norsk_og_samfunnskunnskap", values=values)
    assert told(gap, Day(2022, 8, 1)) == [("N20-timer_norsk", "missing", "timer_norsk", Day(2022, 9, 30))]


def test_exemption_and_complaint_are_asked_for_by_their_own_day() -> None:
    """Each counts from the day of its fact, and neither from the start; one that is still to come does not count."""
    contents = {**NORWEGIAN, "utdanningsbakgrunn": True, "timer_samfunnskunnskap": Decimal(10)}
    facts = {"exempted_test": Day(2022, 8, 31), "complaint": Day(2022, 12, 31), "exempted_training": Day(2023, 3, 1)}
    record = filled(person(), "norsk_og_samfunnskunnskap", contents, facts)
    assert told(record, Day(2023, 2, 28)) == [
        ("N20-fritak_proeve", "missing", "fritak_proeve", Day(2022, 10, 31)),
        ("N20-klage", "missing", "klage", Day(2023, 2, 28)),
    ]
    answers = {
        "fritak_proeve": Fritak(kind="proeve", rettsgrunnlag="a word", date=Day(2022, 8, 31)),
        "klage": Klage(date=Day(2022, 12, 31)),
    }
    assert told(filled(person(), "norsk_og_samfunnskunnskap", contents | answers, facts), Day(2023, 2, 28)) == []


def test_the_law_of_2003_forbids_four_answers_of_the_new_law() -> None:
    """They are forbidden one by one, “no” too; the contract and the aim of the other scheme are of the programme."""
    who = person(permit=Day(2020, 2, 1), arrived=Day(2020, 3, 1))
    contents = {
        "vedtak": Vedtak(kind="tilbud", date=Day(2020, 4, 1)),
        "morsmaal": "dari",
        "timer": [Timer(hours="12.5")],
        "norskmaal": "A2",
        "utdanningsbakgrunn": False,
        "fulltid_vgo": True,
    }
    assert told(filled(who, "norsk_og_samfunnskunnskap", contents), Day(2021, 9, 1)) == [
        ("N03-fulltid_vgo", "forbidden", "fulltid_vgo", None),
        ("N03-norskmaal", "forbidden", "norskmaal", None),
        ("N03-utdanningsbakgrunn", "forbidden", "utdanningsbakgrunn", None),
    ]


# Chapter 6A


def test_upper_secondary_education_in_may_and_in_july_2023() -> None:
    """Forbidden until 30 June; from 1 July allowed, and not asked for without extended training."""
    given = filled(protected(), "norsk_og_samfunnskunnskap", {**NORWEGIAN, "utdanningsbakgrunn": True})
    without = filled(protected(), "norsk_og_samfunnskunnskap", NORWEGIAN)
    forbidden = [("N6A-utdanningsbakgrunn-2022", "forbidden", "utdanningsbakgrunn", None)]
    for on, expected in ((Day(2023, 5, 2), forbidden), (Day(2023, 6, 30), forbidden), (Day(2023, 7, 1), [])):
        assert told(given, on) == expected
        assert told(without, on) == []


def test_a_family_member_has_the_ordinary_rules() -> None:
    """Only a permit under § 34 itself is of chapter 6A: for the family the question is required on the same day."""
    for basis in ("40", "familie av § 34", "34 a"):
        relative = person(basis, Day(2023, 2, 1), arrived=Day(2023, 2, 20), settled=Day(2023, 3, 1))
        assert law(relative, Day(2023, 5, 2)) == "integreringsloven"
        found = told(filled(relative, "norsk_og_samfunnskunnskap", NORWEGIAN), Day(2023, 5, 2))
        assert ("N20-utdanningsbakgrunn", "missing", "utdanningsbakgrunn", Day(2022, 9, 1)) in found


@pytest.mark.parametrize(
    "basis",
    ["34", "§34", "§ 34", "utlendingsloven § 34", "utl. § 34 (1)", "§ 34 første ledd", "34 andre ledd bokstav a"],
)
def test_the_paragraph_may_be_written_in_any_usual_way(basis: str) -> None:
    """A part of § 34 is § 34."""
    assert law(person(basis, Day(2022, 3, 11)), Day(2022, 6, 15)) is Law.KAP6A
    assert law(person(basis, Day(2022, 3, 10)), Day(2022, 6, 15)) is Law.INTEGRERINGSLOVEN


def test_a_language_offer_other_than_english_is_judged_by_its_own_day() -> None:
    """Begun on 30 June 2023 it stays as it is; begun on 1 July it is forbidden, whenever it is registered."""
    for begun, forbidden in ((Day(2023, 6, 30), False), (Day(2023, 7, 1), True), (Day(2024, 7, 1), False)):
        for kind in ("spraaktilbud_annet", "spraaktilbud_engelsk"):
            measures = [Tiltak(kind="praksis", from_=Day(2022, 7, 1)), Tiltak(kind=kind, **{"from": begun})]
            record = filled(protected(), "introduksjonsprogram", {**PROGRAMME, "tiltak": measures})
            found = [one for one in told(record, Day(2024, 8, 1)) if one[2].startswith("tiltak")]
            other = kind == "spraaktilbud_annet" and forbidden
            named = ("P6A-spraaktilbud_annet-2023", "forbidden", "tiltak.spraaktilbud_annet", None)
            assert found == ([named] if other else [])


def test_mapping_of_competence_was_a_right_and_became_a_duty() -> None:
    """Not asked for on 1 June 2023; from 2 June asked of those in the programme, from the day they are in it."""
    contents = {key: one for key, one in PROGRAMME.items() if key != "kompetansekartlegging_gjennomfoert"}
    record = filled(protected(), "introduksjonsprogram", contents, {"in_programme": Day(2023, 4, 15)})
    named = ("P6A-kompetansekartlegging-2023", "missing", "kompetansekartlegging_gjennomfoert", Day(2023, 6, 15))
    assert named not in told(record, Day(2023, 6, 1))
    assert named in told(record, Day(2023, 6, 2))


def test_hours_of_social_studies_are_never_missing_for_a_right_to_norwegian() -> None:
    """The right is to Norwegian; but other fields that chapter 6A does not speak of are inherited."""
    found = told(filled(protected(), "norsk_og_samfunnskunnskap", {}, start=Day(2022, 7, 1)), Day(2022, 9, 8))
    fields = {field for _, kind, field, _ in found if kind == "missing"}
    assert fields == {"vedtak", "morsmaal", "norskmaal", "opplaeringsspraak", "timer_norsk"}


# Extended training (§ 43 g)


def extended(*days: Day, months: int = 6, **more: Any) -> Record:
    """A person whose training started on 2022-07-01; about 12 months are over on 2023-07-01."""
    ends = [Day(day.year + (day.month + months > 12), (day.month + months - 1) % 12 + 1, day.day) for day in days]
    decisions = [Vedtak(kind="utvidet", date=day, start=day, end=end) for day, end in zip(days, ends, strict=True)]
    return filled(protected(), "norsk_og_samfunnskunnskap", {**NORWEGIAN, EXTENDED: decisions, **more})


def test_upper_secondary_education_comes_before_extended_training() -> None:
    """Until it is registered the decision waits, and the answer is missing two months after the decision."""
    assert told(extended(Day(2023, 8, 10)), Day(2023, 8, 15)) == [
        ("N6A-utdanningsbakgrunn-utvidet", "missing", "utdanningsbakgrunn", Day(2023, 10, 10)),
        ("N6A-utdanningsbakgrunn-utvidet", "blocked", EXTENDED, None),
    ]
    assert told(extended(Day(2023, 8, 10), utdanningsbakgrunn=False), Day(2023, 8, 15)) == []


@pytest.mark.parametrize(
    ("education", "decisions", "asked"), [(True, 1, False), (True, 2, True), (False, 4, False), (False, 5, True)]
)
def test_how_many_decisions_fit(education: bool, decisions: int, asked: bool) -> None:
    """18 months in all with upper secondary education are one decision; three years without are four."""
    days = [Day(2023, 8, 1), Day(2024, 2, 1), Day(2024, 8, 1), Day(2025, 2, 1), Day(2025, 8, 1)][:decisions]
    found = told(extended(*days, utdanningsbakgrunn=education), Day(2025, 9, 1))
    assert found == ([("EXTENDED-COUNT", "question", EXTENDED, None)] if asked else [])


def test_a_decision_has_six_months_at_most() -> None:
    """Six months and a day are about six months; seven are a question."""
    assert told(extended(Day(2023, 8, 1), utdanningsbakgrunn=True), Day(2023, 8, 15)) == []
    found = told(extended(Day(2023, 8, 1), months=7, utdanningsbakgrunn=True), Day(2023, 8, 15))
    assert found == [("EXTENDED-LENGTH", "question", EXTENDED, None)]


@pytest.mark.parametrize(
    ("day", "leave", "asked"),
    [
        (Day(2023, 9, 2), None, False),
        (Day(2023, 9, 3), None, True),
        (Day(2023, 9, 12), (Day(2023, 1, 1), Day(2023, 1, 10)), False),
        (Day(2023, 9, 13), (Day(2023, 1, 1), Day(2023, 1, 10)), True),
        (Day(2023, 4, 30), None, False),
        (Day(2023, 4, 29), None, True),
    ],
)
def test_the_first_decision_is_within_two_months_of_the_twelve(day: Day, leave: Any, asked: bool) -> None:
    """1 July 2023, two months and a day to each side; ten days on leave move it by ten."""
    more: dict[str, Any] = {}
    if leave:
        more = {"permisjon": Permisjon(from_=leave[0], until=leave[1], kind="velferd")}
    found = told(extended(day, utdanningsbakgrunn=False, **more), Day(2023, 11, 1))
    assert found == ([("EXTENDED-WINDOW", "question", EXTENDED, None)] if asked else [])


def test_nir_takes_extended_training_some_time_in_2023() -> None:
    """Kept before 1 July, tried from then, and certain from 28 October; the rest of chapter 6A was there before."""
    days = {
        Day(2023, 6, 30): "hold",
        Day(2023, 7, 1): "nir_web",
        Day(2023, 10, 27): "nir_web",
        Day(2023, 10, 28): "ws4",
    }
    setting = Setting(transfers=True, ready={"kap6a": (Day(2023, 1, 1), "vendor")})
    assert {day: channel(setting, "kap6a", EXTENDED, day).channel for day in days} == days
    assert channel(setting, "kap6a", "vedtak", Day(2023, 6, 30)).channel == "ws4"
    first = [channel(setting, "kap6a", "vedtak", day) for day in (Day(2022, 6, 14), Day(2022, 9, 7), Day(2022, 9, 8))]
    assert [(one.id, one.channel) for one in first] == [("C1", "hold"), ("C1", "nir_web"), ("C7", "nir_web")]


# The end of the sources, and what is not known


OWN = """
[[law]]
id = "K-34"
law = "integreringsloven"
basis = "§ 34"
from = 2026-07-01
source = "letter of IMDi"
source_date = 2026-08-20
seen_by = "Kari"
seen_on = 2026-08-21
"""


def test_after_june_2026_only_the_municipality_can_say_which_law(tmp_path: Path) -> None:
    """Without a row of its own there is one line, with the day two months later; with one, each verdict names it."""
    record = Record(person=protected(), scheme="norsk_og_samfunnskunnskap", start=Day(2026, 6, 15))
    (only,) = verdicts(record, RULES, Day(2026, 7, 1))
    assert (only.kind, only.rule, only.field, only.due) == ("not_known", "L-6A-end", "", Day(2026, 8, 15))
    assert channel(READY, law(protected(), Day(2026, 7, 1)), "vedtak", Day(2026, 7, 1)).channel == "not_known"
    (tmp_path / "own.toml").write_text(OWN, encoding="utf-8")
    for rules in (Rules.load(tmp_path / "own.toml"), Rules.load(str(tmp_path / "own.toml"))):
        found = verdicts(record, rules, Day(2026, 7, 1))
        assert {(one.law_row, one.law) for one in found} == {("K-34", Law.INTEGRERINGSLOVEN)}
        assert {one.due for one in found} == {Day(2026, 8, 15)}
        assert {one.law for one in verdicts(record, rules, Day(2026, 6, 30))} == {Law.KAP6A}


TABLE = """
schema = 1
[[rule]]
id = "P20-tiltak"
scheme = "introduksjonsprogram"
law = "integreringsloven"
field = "tiltak"
effect = "required"
from = 2021-08-01
source = "page"
source_date = 2021-01-18
[[availability]]
law = "kap6a"
fields = "vedtak, timer"
not_before = 2022-06-15
known_by = 2022-09-08
source = "seed"
[source.page]
url = "https://example.no/page"
updated = 2021-01-18
"""


def test_a_table_in_place_of_the_packages(tmp_path: Path) -> None:
    """It has the rules that it names and no others; laws and channels, which it does not name, are the package's."""
    assert Rules.load(SHIPPED) == RULES
    (tmp_path / "table.toml").write_text(TABLE, encoding="utf-8")
    rules = Rules.load(tmp_path / "table.toml")
    record = Record(person=person(), scheme="introduksjonsprogram", start=Day(2021, 7, 1))
    assert told(record, Day(2021, 7, 31), rules) == []
    (only,) = verdicts(record, rules, Day(2021, 8, 1))
    assert (only.rule, only.due, only.source) == (
        "P20-tiltak",
        Day(2021, 9, 1),
        "https://example.no/page, 2021-01-18",
    )
    assert channel(READY, "kap6a", "timer_norsk", Day(2022, 6, 14), rules).channel == "hold"


def test_without_the_permit_nothing_is_guessed_from_the_arrival() -> None:
    """One line: the two months from the decision are known all the same, until it was seen in NIR."""
    who = person(permit=None, arrived=Day(2020, 11, 1))
    decision = Vedtak(kind="tildeling", date=Day(2021, 12, 1), start=Day(2022, 1, 3))
    record = filled(who, "introduksjonsprogram", {"vedtak": decision, "sluttmaal": "a word"})
    assert told(record, Day(2022, 1, 10)) == [("L-PERMIT", "not_known", "", Day(2022, 2, 1))]
    seen = {"vedtak": Value(content=decision, seen_in_nir=(Day(2022, 1, 5), "Kari"))}
    record = Record(person=who, scheme="introduksjonsprogram", values=seen)
    assert told(record, Day(2022, 1, 10)) == [("L-PERMIT", "not_known", "", None)]


# Endings and the year


@pytest.mark.parametrize(
    ("ended", "last"),
    [
        (Day(2021, 12, 31), Day(2022, 2, 28)),
        (Day(2023, 12, 31), Day(2024, 2, 29)),
        (Day(2023, 12, 29), Day(2024, 2, 29)),
        (Day(2022, 7, 31), Day(2022, 9, 30)),
    ],
)
def test_two_months_after_an_ending(ended: Day, last: Day) -> None:
    """The last day of a shorter month; the end of the year gives the end of February."""
    record = filled(person(), "introduksjonsprogram", PROGRAMME, {"ended": ended})
    assert told(record, ended) == [("P20-avslutningsaarsak", "missing", "avslutningsaarsak", last)]
    assert due(ended) == last


def test_an_ending_that_was_opened_again() -> None:
    """The fact is gone, so nothing is missing; the reason that is there is not forbidden, it can be edited."""
    again = filled(person(), "introduksjonsprogram", {**PROGRAMME, "avslutningsaarsak": "arbeid"})
    assert told(again, Day(2022, 5, 1)) == []


def test_the_yearly_close_names_who_ended_without_a_reason() -> None:
    """2023 was announced; 2024 is computed. Who ended in another year, or has a reason, is not named."""
    without = filled(person(key="a"), "introduksjonsprogram", PROGRAMME, {"ended": Day(2023, 12, 31)})
    earlier = filled(person(key="b"), "introduksjonsprogram", PROGRAMME, {"ended": Day(2022, 12, 31)})
    contents = {**PROGRAMME, "avslutningsaarsak": "arbeid"}
    complete = filled(person(key="c"), "introduksjonsprogram", contents, {"ended": Day(2023, 3, 1)})
    close = year_end(RULES, [without, earlier, complete], 2023)
    assert (close.last_day, close.computed, close.without_reason) == (Day(2024, 2, 29), False, ("a",))
    later = year_end(RULES, [without], 2024)
    assert (later.last_day, later.computed, later.without_reason) == (Day(2025, 2, 28), True, ())


# Numbers, addresses and settlement


@pytest.mark.parametrize("numbers", [(), ({"kind": "duf", "value": "some duf number"},)])
def test_numbers_do_not_matter_to_the_rules(numbers: Any) -> None:
    """NIR may have somebody by a DUF number alone; only an adapter can need one."""
    record = filled(person(numbers=numbers), "introduksjonsprogram", PROGRAMME)
    assert told(record, Day(2021, 9, 1)) == []
    assert worklist([record.person], [], RULES, READY, Day(2021, 9, 1)) == []


def test_a_new_number_is_to_be_looked_for_in_nir() -> None:
    """From D to F: it reaches NIR by itself, so one line with the day, and the number is shown nowhere."""
    who = person(numbers=[Number(kind="fnr", value="some number", source="Folkeregisteret", seen_on=Day(2021, 8, 1))])
    (item,) = worklist([who], [], RULES, READY, Day(2021, 9, 1), numbers={"c-1": Day(2021, 8, 1)})
    assert (item.kind, item.person, item.on) == ("number", "c-1", Day(2021, 8, 1))
    assert "some number" not in repr(who)
    before = Number(kind="dnr", value="another number", seen_on=Day(2021, 4, 1))
    both = person(numbers=[before, *who.numbers])
    (item,) = worklist([both], [], RULES, READY, Day(2021, 9, 1))
    assert (item.kind, item.on) == ("number", Day(2021, 8, 1))
    assert worklist([both], [], RULES, READY, Day(2021, 7, 31)) == []
    assert worklist([both], [], RULES, READY, Day(2021, 9, 1), numbers={}) == []


def test_who_moved_is_blocked_and_no_ending_is_invented() -> None:
    """The address is another municipality's: no channel; the verdicts are the same, with the same days."""
    at_home = filled(person(), "introduksjonsprogram", {}, start=Day(2021, 7, 1))
    moved = at_home.model_copy(update={"person": person(register_municipality="0301")})
    assert verdicts(moved, RULES, Day(2021, 8, 1)) == verdicts(at_home, RULES, Day(2021, 8, 1))
    (item,) = worklist([moved.person], [moved], RULES, READY, Day(2021, 8, 1))
    assert item.channel
    assert (item.channel.channel, item.role, item.due) == ("blocked", "kommuneintrobruker", Day(2021, 9, 1))
    assert "avslutningsaarsak" not in item.fields


def test_settlement_comes_first_and_moves_no_day() -> None:
    """Not settled yet: blocked beside what is missing. Settled before the day of being assigned: a question."""
    contents = {key: one for key, one in PROGRAMME.items() if key != "tiltak"}
    missing = ("P20-tiltak", "missing", "tiltak", Day(2021, 9, 1))
    waiting = filled(person(settled=None), "introduksjonsprogram", contents)
    assert told(waiting, Day(2021, 8, 1)) == [missing, ("B-SETTLED", "blocked", "settled", None)]
    early = filled(person(search_out=Day(2021, 4, 21)), "introduksjonsprogram", contents)
    assert told(early, Day(2021, 8, 1)) == [missing, ("B-SEARCH-OUT", "question", "settled", None)]


def test_transfer_that_is_closed_for_a_time() -> None:
    """NIR web while it is closed, also for who does not transfer; the first day after it is as before."""
    closed = [(Day(2022, 6, 1), Day(2022, 6, 20), "IMDi")]
    setting = READY.model_copy(update={"closed": Setting(closed=closed).closed})
    for on, row in ((31, "C6"), (32, "C2"), (50, "C2"), (51, "C6")):
        day = Day.fromordinal(Day(2022, 4, 30).toordinal() + on)
        assert channel(setting, "integreringsloven", "klage", day).id == row
    assert channel(Setting(closed=closed), "integreringsloven", "klage", Day(2022, 6, 5)).id == "C2"


# Reception centres


def test_asylum_seekers_have_neither_permit_nor_settlement() -> None:
    """There is one law in reception centres; with a permit, Norwegian is registered elsewhere: asked."""
    contents = {"vedtak": Vedtak(kind="tildeling", date=Day(2022, 5, 2), start=Day(2022, 5, 9)), "morsmaal": "dari"}
    missing = [
        ("MO-omfang", "missing", "omfang", Day(2022, 7, 9)),
        ("MO-opplaeringsspraak", "missing", "opplaeringsspraak", Day(2022, 7, 9)),
    ]
    nobody_yet = person(permit=None, settled=None)
    assert told(filled(nobody_yet, "mottak_opplaering", contents), Day(2022, 7, 9)) == missing
    permitted = person(permit=Day(2022, 7, 1), settled=None)
    asked = [*missing, ("MO-PERMIT", "question", "", None)]
    assert told(filled(permitted, "mottak_opplaering", contents), Day(2022, 7, 9)) == asked
    course = Tiltak(kind="kurs", from_=Day(2022, 5, 9))
    done = {"foreldreveiledning_gjennomfoert": False, "livsmestring_gjennomfoert": True, "tiltak": [course]}
    assert told(filled(permitted, "mottak_kvalifisering", done), Day(2022, 7, 9)) == []
    found = channel(
        READY, "integreringsloven", "omfang", Day(2022, 7, 9), person=nobody_yet, scheme="mottak_opplaering"
    )
    assert found.channel == "ws4"


def test_the_reservation_against_research_is_of_every_scheme_of_the_new_law() -> None:
    """Allowed in each of the four, under chapter 6A too; nothing names it for the law of 2003, so it is asked."""
    for scheme in ("introduksjonsprogram", "norsk_og_samfunnskunnskap", "mottak_opplaering", "mottak_kvalifisering"):
        for who in (person(), protected()):
            found = told(filled(who, scheme, {"reservasjon_forskning": True}), Day(2022, 9, 8))
            assert "reservasjon_forskning" not in {field for _, _, field, _ in found}
    old = person(permit=Day(2020, 2, 1), arrived=Day(2020, 3, 1))
    found = told(filled(old, "introduksjonsprogram", {"reservasjon_forskning": False}), Day(2022, 9, 8))
    assert ("NO-RULE", "question", "reservasjon_forskning", None) in found


# What a program may give, and get


def test_facts_may_be_a_text_a_set_or_a_dict() -> None:
    """A set has no days; True is a fact without one, False is no fact."""
    for facts in ("ended", {"ended"}, ["ended"], {"ended": None}, {"ended": True, "leave": False}):
        found = told(filled(person(), "introduksjonsprogram", PROGRAMME, facts), Day(2022, 1, 1))
        assert found == [("P20-avslutningsaarsak", "missing", "avslutningsaarsak", None)]


def test_a_record_may_be_made_of_dicts() -> None:
    """The field says which content a dict is."""
    values = {
        "vedtak": {"content": [{"kind": "tildeling", "date": Day(2021, 6, 15), "start": Day(2021, 7, 1)}]},
        "timer_norsk": {"content": {"hours": 0}},
        EXTENDED: {"content": {"kind": "utvidet", "date": Day(2023, 6, 15)}, "seen_in_nir": (Day(2023, 7, 1), "Kari")},
        "klage": {"available_on": Day(2021, 7, 2)},
    }
    record = Record(person=person(), scheme="norsk_og_samfunnskunnskap", values=values)
    given = {field: value.content for field, value in record.values.items()}
    assert given == {
        "vedtak": (Vedtak(kind="tildeling", date=Day(2021, 6, 15), start=Day(2021, 7, 1)),),
        "timer_norsk": Timer(hours=0),
        EXTENDED: Vedtak(kind="utvidet", date=Day(2023, 6, 15)),
        "klage": None,
    }


ANYTHING: Any = "a text"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Value(content={"kind": "utvidet", "date": Day(2023, 6, 15)}), "Vedtak(…)"),
        (lambda: filled(person(), "introduksjonsprogram", {}, {"finished"}), "in_programme"),
        (lambda: law(person(), Day(2022, 1, 1), scheme="norsk"), "mottak_opplaering"),
        (lambda: channel(READY, "introloven", "vedtak", Day(2022, 1, 1)), "introduksjonsloven"),
        (lambda: channel(READY, "kap6a", "vedtak", ANYTHING), "must be a date"),
        (lambda: due(datetime(2022, 1, 1)), "must be a date"),
        (lambda: verdicts(ANYTHING, RULES, Day(2022, 1, 1)), "must be Record"),
        (lambda: worklist([], [], RULES, ANYTHING, Day(2022, 1, 1)), "must be Setting"),
        (lambda: Rules.load("no such file.toml"), "no such file.toml"),
        (lambda: Rules.load(ANYTHING.encode()), "must be text or a path"),
    ],
)
def test_what_cannot_be_taken_is_said_in_a_sentence(make: Callable[[], object], words: str) -> None:
    """It says what is wanted."""
    with pytest.raises(FeideProvError) as refused:
        make()
    assert words in str(refused.value)


def test_numbers_are_hours_and_never_yes_or_no() -> None:
    """Hours given as whole numbers stay hours: 1 hour is not “yes”."""
    one = Value(content=1).content
    assert isinstance(one, Decimal)
    assert Value(content=True).content is True


def test_verdicts_and_items_can_be_written_as_json() -> None:
    """As the dataclasses that they are, with days as texts; no content of a field is among them."""
    record = filled(person(), "introduksjonsprogram", {"sluttmaal": "secret aim"}, start=Day(2021, 7, 1))
    items = worklist([record.person], [record], RULES, READY, Day(2021, 8, 1))
    text = json.dumps([dataclasses.asdict(one) for one in items], default=str)
    assert "secret aim" not in text
    assert json.loads(text)[0]["verdicts"][0]["due"] == "2021-09-01"


def test_the_core_reads_neither_a_clock_nor_a_file() -> None:
    """What it says depends on what it is given alone: the same tomorrow."""
    folder = Path(nir.__file__).parent
    core = ("model", "contents", "deadlines", "laws", "channels", "requirements", "training", "roles", "work_items")
    for path in (*(folder / f"{name}.py" for name in core), *folder.glob("checks/*.py")):
        source = path.read_text(encoding="utf-8")
        assert not re.search(
            r"\b(today|now|open|read_\w+)\(|\b(os|time|pathlib)\b import|import (os|time|pathlib)\b", source
        ), path
