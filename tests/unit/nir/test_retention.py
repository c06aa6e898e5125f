"""Whose records ended longer ago than they are kept, and what is left of them when they are forgotten."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from feideprov import MarkKey
from feideprov.nir.contents import Avslutning
from feideprov.nir.model import Number, Person, Record, Scheme, Value
from feideprov.nir.register.content import Content, HandedOver, Seen
from feideprov.nir.register.recorded import with_receipts, with_records
from feideprov.nir.register.retention import forget, kept_too_long
from feideprov.nir.register.seen import with_seen
from feideprov.nir.register.stored import to_text
from feideprov.nir.register.written import hash_of

END = date(2021, 5, 31)
KEY = MarkKey(b"a key for examples and nothing else")


def content(*records: dict[str, Any], key: str = "k-1") -> Content:
    made = [Record(person=Person(key=key), scheme=scheme, **one) for scheme, one in zip(Scheme, records, strict=False)]
    return with_records(Content(), made, KEY, keep=frozenset())


ENDED = {"facts": {"ended": END}}
REASON = {"values": {"avslutningsaarsak": Value(content=Avslutning(date=END, code="work"))}}


@pytest.mark.parametrize("end", [ENDED, REASON, ENDED | REASON])
def test_kept_until_the_last_day_of_the_time(end: dict[str, Any]) -> None:
    assert kept_too_long(content(end), "P5Y", date(2026, 5, 31)) == ()
    assert kept_too_long(content(end), "P5Y", date(2026, 6, 1)) == ("k-1",)
    assert kept_too_long(content(end), "P1M", date(2021, 6, 30)) == ()
    assert kept_too_long(content(end), "P1M", date(2021, 7, 1)) == ("k-1",)


def test_a_time_that_ends_after_all_years_has_not_passed() -> None:
    assert kept_too_long(content({"facts": {"ended": date(9500, 1, 1)}}), "P999Y", date.max) == ()


@pytest.mark.parametrize(
    "records",
    [
        (),
        ({},),
        (ENDED, {}),
        ({"facts": {"ended": None}},),
        (ENDED, {"facts": {"ended": date(2026, 1, 1)}}),
    ],
)
def test_whose_records_have_not_all_ended_is_not_among_them(records: tuple[dict[str, Any], ...]) -> None:
    assert kept_too_long(content(*records), "P5Y", date(2026, 11, 24)) == ()


def test_nothing_is_left_of_who_is_forgotten() -> None:
    number = Number(kind="dnr", value="12829499914")
    people = [Person(key=key, numbers=(number,)) for key in ("k-gone", "k-stays")]
    records = [
        Record(person=person, scheme=Scheme.NORSK, values={name: Value(content="x") for name in ("morsmaal", "klage")})
        for person in people
    ]
    whole = with_records(Content(), records, KEY, keep=frozenset("*"))
    handed = [HandedOver(one.key, Scheme.NORSK, "klage", "ws4", END, hash_of("x", KEY)) for one in people]
    seen = [Seen(one.key, END, "Kari", fields=("number",)) for one in people]
    whole = with_seen(with_receipts(whole, handed), seen)
    left = to_text(forget(whole, ["k-gone", "nobody"]), "")
    assert "k-gone" not in left
    assert left.count("k-stays") == to_text(whole, "").count("k-stays")
    assert forget(whole, []) == whole
