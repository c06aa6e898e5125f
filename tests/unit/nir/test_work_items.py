"""The worklist: which lines there are, through which channel, by when, and in which order."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from feideprov.messages import Sentence
from feideprov.nir import work_items
from feideprov.nir.channels import Channel, ChannelDecision
from feideprov.nir.model import Law, Person, Record, Scheme, Setting, Value
from feideprov.nir.table.rules import Rules
from feideprov.nir.verdict import DueState, Verdict, VerdictKind
from feideprov.nir.work_items import ItemKind, worklist

ON = date(2023, 5, 2)
RULES = Rules.shipped()
SETTING = Setting(transfers=True, municipality="9999")
SETTLED = {"arrived": date(2023, 1, 10), "settled": date(2023, 2, 1)}


def verdict(field, due=None, kind=VerdictKind.MISSING, rule="P20-tiltak"):
    state = None if due is None else DueState.OVERDUE if due < ON else DueState.OPEN
    return Verdict(rule, kind, field, due, state, "imdi.no", "", Sentence("…"), Law.INTEGRERINGSLOVEN, "L-2020-permit")


@pytest.fixture(autouse=True)
def said(monkeypatch):
    """What the rules say of a person's record, and the fields that NIR cannot take yet: the rules have tests of their
    own."""
    found, held = {}, set()

    def channel(setting, law, field, on, rules, *, person, scheme):
        if not scheme.in_reception_centre and person.settled is None:
            return ChannelDecision("C-BLOCKED", Channel.BLOCKED, Sentence("not seen"))
        if field in held:
            return ChannelDecision("C1", Channel.HOLD, Sentence("hold"))
        return ChannelDecision("C7", Channel.NIR_WEB, Sentence("web"))

    monkeypatch.setattr(work_items, "verdicts", lambda record, rules, on: tuple(found.get(record.person.key, ())))
    monkeypatch.setattr(work_items, "law", lambda person, on, rules, scheme: Law.INTEGRERINGSLOVEN)
    monkeypatch.setattr(work_items, "channel", channel)
    found["held"] = held
    return found


def record(key="r1", scheme=Scheme.INTRODUKSJONSPROGRAM, values=None, **person):
    return Record(person=Person(key=key, **(SETTLED | person)), scheme=scheme, values=values or {})


def listed(*records, people=(), on=ON, **more):
    return list(worklist(people, records, RULES, SETTING, on, **more))


def test_a_record_is_one_line_with_its_verdicts_role_and_earliest_day(said) -> None:
    later, earlier = verdict("tiltak", ON + timedelta(9)), verdict("vedtak", ON + timedelta(3))
    said["r1"] = [earlier, later]
    [item] = listed(record())
    assert (item.person, item.kind, item.scheme) == ("r1", ItemKind.RECORD, Scheme.INTRODUKSJONSPROGRAM)
    assert item.verdicts == (earlier, later)
    assert item.fields == ("vedtak", "tiltak")
    assert (item.role, item.law, item.due) == ("kommuneintrobruker", Law.INTEGRERINGSLOVEN, ON + timedelta(3))
    assert item.channel is not None
    assert item.channel.channel is Channel.NIR_WEB


def test_the_role_is_that_of_the_scheme(said) -> None:
    said["r1"] = [verdict("vedtak")]
    roles = {scheme: listed(record(scheme=scheme))[0].role for scheme in Scheme}
    assert roles == {scheme: RULES.schemes[scheme].role for scheme in Scheme}


def test_a_record_about_which_there_is_nothing_to_say_is_not_listed() -> None:
    seen = Value(content=True, seen_in_nir=(ON, "Kari"))
    assert listed(record(values={"klage": seen, "tiltak": Value(available_on=ON)})) == []


def test_fields_that_go_another_way_are_a_line_of_their_own(said) -> None:
    said["held"].add("klage")
    said["r1"] = [verdict("tiltak", ON), verdict("klage", ON + timedelta(1)), verdict("vedtak", ON + timedelta(2))]
    web, hold = listed(record())
    assert (web.fields, web.channel.channel, web.due) == (("tiltak", "vedtak"), Channel.NIR_WEB, ON)
    assert (hold.fields, hold.channel.channel, hold.due) == (("klage",), Channel.HOLD, ON + timedelta(1))


def test_a_verdict_on_the_whole_record_names_no_field(said) -> None:
    said["r1"] = [verdict("", kind=VerdictKind.NOT_KNOWN)]
    [item] = listed(record())
    assert (item.fields, len(item.verdicts)) == ((), 1)


def test_what_is_there_and_was_not_seen_in_nir_is_due_two_months_after_it_was_there() -> None:
    values = {
        "vedtak": Value(content=True, available_on=date(2023, 4, 30)),
        "tiltak": Value(content=False, available_on=date(2022, 12, 31)),
        "klage": Value(content=True),
        "norskmaal": Value(content=True, available_on=date(2022, 1, 1), seen_in_nir=(ON, "Kari")),
    }
    [item] = listed(record(values=values))
    assert (item.kind, item.fields) == (ItemKind.NOT_SEEN, ("klage", "tiltak", "vedtak"))
    assert item.due == date(2023, 2, 28)
    assert item.role == "kommuneintrobruker"


def test_a_day_at_the_end_of_time_is_no_reason_to_fail() -> None:
    [item] = listed(record(values={"klage": Value(content=True, available_on=date.max)}))
    assert item.due == date.max


def test_what_must_not_be_registered_is_not_waited_for(said) -> None:
    said["r1"] = [verdict("sluttmaal", kind=VerdictKind.FORBIDDEN)]
    [item] = listed(record(values={"sluttmaal": Value(content="x", available_on=ON)}))
    assert item.kind is ItemKind.RECORD


def test_who_arrived_and_is_not_settled_is_listed_once_with_a_record_or_without(said) -> None:
    said["r1"] = [verdict("settled", kind=VerdictKind.BLOCKED, rule="B-SETTLED"), verdict("vedtak", ON - timedelta(1))]
    both = [record(settled=None), record(scheme=Scheme.NORSK, settled=None)]
    alone = Person(key="r2", arrived=ON)
    first, one, other, last = listed(*both, people=[both[0].person, alone])
    assert (first.person, first.kind, first.fields) == ("r1", ItemKind.SETTLEMENT, ("settled",))
    assert first.due == ON - timedelta(1)
    assert [one.kind, other.kind] == [ItemKind.RECORD] * 2
    assert (last.person, last.kind, last.due, last.on) == ("r2", ItemKind.SETTLEMENT, None, ON)


@pytest.mark.parametrize(
    ("arrived", "settled", "listed_so"),
    [
        (None, None, False),
        (ON + timedelta(1), None, False),
        (ON, None, True),
        (ON, ON, False),
        (ON, ON + timedelta(1), True),
    ],
)
def test_a_settlement_day_counts_from_that_day_on(arrived, settled, listed_so) -> None:
    assert bool(listed(people=[Person(key="r1", arrived=arrived, settled=settled)])) is listed_so


def test_who_lives_in_a_reception_centre_does_not_wait_for_a_settlement_day() -> None:
    centre = record(scheme=Scheme.MOTTAK_OPPLAERING, settled=None)
    assert listed(centre) == []
    assert [item.kind for item in listed(centre, record(settled=None))] == [ItemKind.SETTLEMENT]


def test_a_block_moves_no_day_and_hides_no_verdict(said) -> None:
    said["r1"] = [verdict("vedtak", ON + timedelta(3))]
    [settlement, blocked], [open_] = listed(record(settled=None)), listed(record())
    assert blocked.channel.channel is Channel.BLOCKED
    assert settlement.due == blocked.due == open_.due
    assert blocked.verdicts == open_.verdicts


def test_numbers_are_asked_of_people_who_are_here() -> None:
    days = {"r1": ON, "r2": ON - timedelta(4), "stranger": ON}
    items = listed(record(), people=[Person(key="r2")], numbers=days)
    assert [(item.person, item.kind, item.on, item.due) for item in items] == [
        ("r1", ItemKind.NUMBER, ON, None),
        ("r2", ItemKind.NUMBER, ON - timedelta(4), None),
    ]


def test_overdue_lines_are_first_then_those_with_a_day_then_the_others(said) -> None:
    days = [None, ON + timedelta(30), ON - timedelta(1), None, ON, ON - timedelta(90)]
    for place, day in enumerate(days):
        said[f"r{place}"] = [verdict("vedtak", day)]
    items = listed(*(record(key=f"r{place}") for place in range(len(days))), numbers={"r0": ON})
    assert [item.person for item in items] == ["r5", "r2", "r4", "r1", "r0", "r3", "r0"]


def test_before_the_rules_begin_nothing_is_said_of_records(said) -> None:
    said["r1"] = [verdict("vedtak")]
    assert listed(record(values={"vedtak": Value(content=True)}), on=RULES.scope_from - timedelta(1)) == []


def test_nothing_of_a_content_is_in_a_line() -> None:
    [item] = listed(record(values={"fritak_opplaering": Value(content="helse", available_on=ON)}))
    assert "helse" not in repr(item)
