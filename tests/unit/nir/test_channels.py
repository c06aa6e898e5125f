"""The table of channels: each row, the days on which the answer changes, and what is said in each language."""

from __future__ import annotations

import pickle
import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from nir_people import A_DAY, NORSK, PROGRAMME, RULES, person

from feideprov.nir.channels import Channel, ChannelDecision, channel
from feideprov.nir.model import Law, Person, Scheme, Setting
from feideprov.nir.table.rules import Availability

OLD, NEW, KAP6A = Law.INTRODUKSJONSLOVEN, Law.INTEGRERINGSLOVEN, Law.KAP6A
SETTING = Setting(
    transfers=True,
    ready={OLD: (date(2021, 3, 1), "Vendor"), NEW: (date(2022, 6, 1), "Vendor, letter"), KAP6A: (date(2024, 1, 1), "")},
    closed=[(date(2025, 6, 1), date(2025, 6, 20), "IMDi")],
    municipality="3020",
)
UNREADY = Setting(transfers=True)
ON_PAPER = Setting()


def ask(law: Law, on: date, field: str = "vedtak", setting: Setting = SETTING, **more: Any) -> ChannelDecision:
    return channel(setting, law, field, on, RULES, **more)


ROWS = [
    ("C0", Channel.HISTORY, ask(OLD, date(2021, 6, 10))),
    ("C-NOT-KNOWN", Channel.NOT_KNOWN, ask(Law.NOT_KNOWN, date(2026, 7, 1))),
    ("C-BLOCKED", Channel.BLOCKED, ask(NEW, date(2023, 1, 1), person=person(register_municipality="0301"))),
    ("C1", Channel.HOLD, ask(KAP6A, date(2022, 6, 14))),
    ("C1", Channel.NIR_WEB, ask(KAP6A, date(2022, 6, 15))),
    ("C2", Channel.NIR_WEB, ask(NEW, date(2025, 6, 1))),
    ("C3", Channel.NIR_WEB, ask(NEW, date(2023, 1, 1), setting=ON_PAPER)),
    ("C4", Channel.WS4, ask(OLD, date(2021, 9, 15))),
    ("C5", Channel.NIR_WEB, ask(OLD, date(2021, 9, 15), setting=UNREADY)),
    ("C6", Channel.WS4, ask(NEW, date(2023, 1, 1))),
    ("C7", Channel.NIR_WEB, ask(NEW, date(2023, 1, 1), setting=UNREADY)),
]


@pytest.mark.parametrize(("row", "result", "decision"), ROWS, ids=[f"{row} {result}" for row, result, _ in ROWS])
def test_each_row_of_the_table(row: str, result: Channel, decision: ChannelDecision) -> None:
    assert (decision.id, decision.channel) == (row, result)
    assert bool(decision.warning) is (row in ("C5", "C7"))
    assert decision.source or row == "C-NOT-KNOWN"
    said = {language: decision.sentence.in_language(language) for language in ("en", "nb", "nn")}
    assert len(set(said.values())) == 3
    assert (
        said["en"] == decision.sentence == decision.sentence.in_language("se") == decision.sentence.in_language("count")
    )
    assert not re.search(r"[{}]", "".join(said.values()))


def test_every_row_of_the_table_is_among_them() -> None:
    assert {row for row, _, _ in ROWS} >= set(RULES.channels)


def test_the_day_on_which_the_vendor_is_ready() -> None:
    """Worked example 3."""
    assert (ask(NEW, date(2022, 5, 31)).id, ask(NEW, date(2022, 6, 1)).id) == ("C7", "C6")
    for transfers_nothing in (ON_PAPER, Setting(ready=SETTING.ready)):
        for on in (date(2022, 5, 31), date(2022, 6, 1)):
            decision = ask(NEW, on, setting=transfers_nothing)
            assert (decision.id, decision.channel, decision.warning) == ("C3", Channel.NIR_WEB, "")
    closed = SETTING.model_copy(
        update={"closed": Setting(closed=[(date(2022, 6, 1), date(2022, 6, 20), "IMDi")]).closed}
    )
    assert [ask(NEW, date(2022, 6, day), setting=closed).id for day in (1, 10, 19, 20)] == ["C2", "C2", "C2", "C6"]


@pytest.mark.parametrize("law", [OLD, NEW, KAP6A])
def test_each_law_has_its_own_day(law: Law) -> None:
    """A vendor that is ready for the other two laws is not ready for this one."""
    others = {one: (date(2021, 1, 1), "Vendor") for one in (OLD, NEW, KAP6A) if one is not law}
    on = date(2023, 10, 28)
    assert ask(law, on, setting=Setting(transfers=True, ready=others)).channel is Channel.NIR_WEB
    both = {**others, law: (on, "Vendor")}
    assert ask(law, on, setting=Setting(transfers=True, ready=both)).channel is Channel.WS4
    assert ask(law, on - A_DAY, setting=Setting(transfers=True, ready=both)).channel is Channel.NIR_WEB


def test_who_said_so_and_since_when_is_in_the_sentence_that_it_decided() -> None:
    ready = ask(NEW, date(2023, 1, 1)).sentence
    assert "2022-06-01" in ready
    assert "Vendor, letter" in ready
    assert "fra 01.06.2022 (opplyst av Vendor, letter)" in ready.in_language("nb")
    assert "opplyst av ingen nevnt" in ask(KAP6A, date(2024, 2, 1)).sentence.in_language("nb")
    early = ask(NEW, date(2022, 5, 31)).sentence
    assert "2022-06-01" in early
    closed = ask(NEW, date(2025, 6, 10)).sentence
    assert "2025-06-01" in closed
    assert "2025-06-20" in closed
    assert "IMDi" in closed


def test_a_time_without_an_end_stays_closed() -> None:
    setting = Setting(transfers=True, closed=[(date(2024, 1, 1), None, "IMDi")])
    decisions = [ask(NEW, on, setting=setting) for on in (date(2023, 12, 31), date(2024, 1, 1), date(2030, 1, 1))]
    assert [one.id for one in decisions] == ["C7", "C2", "C2"]
    assert "No day is set" in decisions[1].sentence


@pytest.mark.parametrize(
    ("scheme", "who", "blocked"),
    [
        (NORSK, person(settled=None), True),
        (NORSK, person(settled=date(2023, 1, 2)), True),
        (NORSK, person(settled=date(2023, 1, 1)), False),
        (Scheme.MOTTAK_OPPLAERING, person(settled=None), False),
        (Scheme.MOTTAK_KVALIFISERING, person(settled=None, register_municipality="0301"), True),
        (None, person(settled=None), False),
        (None, person(settled=None, register_municipality="0301"), True),
        (PROGRAMME, person(register_municipality="3020"), False),
        (PROGRAMME, person(register_municipality=None), False),
        (PROGRAMME, None, False),
    ],
)
def test_a_person_whom_the_municipality_does_not_see(scheme: Scheme | None, who: Person | None, blocked: bool) -> None:
    decision = ask(NEW, date(2023, 1, 1), person=who, scheme=scheme)
    assert (decision.channel is Channel.BLOCKED) is blocked


def test_a_municipality_without_a_number_blocks_nobody() -> None:
    assert ask(NEW, date(2023, 1, 1), setting=UNREADY, person=person(register_municipality="0301")).id == "C7"


def test_the_law_that_is_not_known_comes_before_the_person() -> None:
    """And the sentence names the last source, where the person's own days say which one that is."""
    protected = person(KAP6A, register_municipality="0301")
    decision = ask(Law.NOT_KNOWN, date(2026, 7, 1), person=protected, scheme=NORSK)
    assert (decision.id, decision.source) == ("C-NOT-KNOWN", RULES.source_of("prop-81-l")[0])
    assert decision.source in decision.sentence
    assert "2026-07-01" in decision.sentence
    unknown = ask(Law.NOT_KNOWN, date(2023, 7, 1), person=person(permit=None))
    assert "Lovdata" in unknown.sentence


@pytest.mark.parametrize(
    ("fields", "field", "held"),
    [
        (("*",), "vedtak", True),
        (("vedtak",), "vedtak", True),
        (("vedtak",), "vedtak_utvidet_norskopplaering", False),
        (("timer",), "timer_norsk", True),
        (("timer",), "timer_samfunnskunnskap", True),
        (("timer_norsk",), "timer", False),
        (("tiltak",), "tiltak.spraaktilbud_annet", True),
        (("norskmaal C1",), "norskmaal", False),
        (("norskmaal C1",), "norskmaal C1", True),
    ],
)
def test_which_fields_a_row_of_availability_names(fields: tuple[str, ...], field: str, held: bool) -> None:
    row = Availability(law=NEW, fields=fields, not_before=date(2027, 1, 1), known_by=date(2027, 2, 1), source="seed")
    rules = replace(RULES, availability=(row,))
    days = (date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 31), date(2027, 2, 1))
    found = [channel(SETTING, NEW, field, on, rules).channel for on in days]
    web = Channel.NIR_WEB if held else Channel.WS4
    assert found == [Channel.HOLD if held else Channel.WS4, web, web, Channel.WS4]


def test_of_two_rows_for_a_field_the_one_that_holds_it_longer_decides() -> None:
    on = [date(2023, 6, 30), date(2023, 7, 1), date(2023, 10, 27), date(2023, 10, 28)]
    found = [ask(KAP6A, day, "vedtak_utvidet_norskopplaering") for day in on]
    assert [(one.id, one.channel) for one in found] == [
        ("C1", Channel.HOLD),
        ("C1", Channel.NIR_WEB),
        ("C1", Channel.NIR_WEB),
        ("C7", Channel.NIR_WEB),
    ]


def test_the_table_begins_on_the_day_on_which_the_older_service_ended() -> None:
    assert [ask(OLD, RULES.scope_from + days * A_DAY).id for days in (-1, 0)] == ["C0", "C4"]


def test_what_nir_cannot_take_is_held_although_transfer_is_closed() -> None:
    closed = Setting(transfers=True, closed=[(date(2022, 1, 1), None, "IMDi")])
    assert ask(KAP6A, date(2022, 6, 14), setting=closed).channel is Channel.HOLD
    assert ask(KAP6A, date(2022, 9, 7), setting=closed).id == "C1"
    assert ask(KAP6A, date(2022, 9, 8), setting=closed).id == "C2"


def test_a_law_may_be_named_as_text() -> None:
    assert channel(SETTING, "introduksjonsloven", "vedtak", date(2021, 9, 15)).id == "C4"


def test_a_sentence_survives_a_pickle() -> None:
    said = ask(NEW, date(2023, 1, 1)).sentence
    again = pickle.loads(pickle.dumps(said))
    assert (again, again.in_language("nn")) == (said, said.in_language("nn"))


def test_a_day_is_written_as_people_write_it_in_the_language() -> None:
    sentence = ask(OLD, date(2021, 6, 10)).sentence
    assert sentence.startswith("2021-06-10 is before 2021-06-11.")
    assert sentence.in_language("nb").startswith("10.06.2021 er før 11.06.2021.")
    assert sentence.in_language("nn").startswith("10.06.2021 er før 11.06.2021.")
