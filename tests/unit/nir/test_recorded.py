"""What is kept of records: marks in place of numbers, days, yes and no, and what a rule reads."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pydantic import SecretStr

from feideprov import MarkKey
from feideprov.nir.contents import (
    Avslutning,
    Fravaer,
    Fritak,
    Given,
    Klage,
    Permisjon,
    Tiltak,
    Timer,
    Vedtak,
    VedtakKind,
)
from feideprov.nir.model import Number, NumberKind, Permit, Person, Record, Scheme, Value
from feideprov.nir.register.content import Content, HandedOver
from feideprov.nir.register.content import Seen as SeenByKari
from feideprov.nir.register.recorded import whole_content, with_receipts, with_records
from feideprov.nir.register.seen import with_seen
from feideprov.nir.register.stored import to_text
from feideprov.nir.register.written import hash_of

KEY = MarkKey(b"a key for examples and nothing else")
DAY, LATER = date(2026, 3, 2), date(2026, 5, 4)
NORSK, PROGRAM = Scheme.NORSK, Scheme.INTRODUKSJONSPROGRAM
SECRET = "a reason that nobody may read"
NOTHING: frozenset[str] = frozenset()


def record(values: dict[str, Any], *, scheme: Scheme = PROGRAM, **person: Any) -> Record:
    return Record(person=Person(key="k-1", **person), scheme=scheme, values=values)


def kept(values: dict[str, Any], keep: frozenset[str] = NOTHING, before: Content | None = None) -> Content:
    return with_records(before or Content(), [record(values)], KEY, keep=keep)


def value(content: Content, name: str, scheme: Scheme = PROGRAM) -> Value:
    return content.records["k-1", scheme].values[name]


@pytest.mark.parametrize(
    ("name", "given", "left"),
    [
        ("foreldreveiledning_gjennomfoert", False, False),
        ("utdanningsbakgrunn", True, True),
        ("krav_dato", DAY, DAY),
        ("timer", Decimal(0), Given()),
        ("norskmaal", "C1", "C1"),
        ("norskmaal", "B1", Given()),
        ("sluttmaal", SECRET, Given()),
        ("sluttmaal", "C1", Given()),
        (
            "vedtak",
            (Vedtak(kind=VedtakKind.REFUSAL, date=DAY, end=LATER, reason=SECRET),),
            (Vedtak(kind=VedtakKind.REFUSAL, date=DAY, end=LATER),),
        ),
        (
            "tiltak",
            (
                Tiltak(kind=SECRET, from_=DAY, extent=SECRET),
                Tiltak(kind="spraaktilbud_annet", from_=DAY, until=LATER),
            ),
            (Tiltak(kind="measure", from_=DAY), Tiltak(kind="spraaktilbud_annet", from_=DAY, until=LATER)),
        ),
        ("permisjon", Permisjon(from_=DAY, kind=SECRET, decided=DAY), Permisjon(from_=DAY)),
        ("fravaer", Fravaer(from_=DAY, until=LATER, allowed=True), Fravaer(from_=DAY, until=LATER)),
        ("fritak_opplaering", Fritak(kind=SECRET, rettsgrunnlag=SECRET, date=DAY), Fritak(date=DAY)),
        ("klage", Klage(date=DAY, outcome=SECRET), Klage(date=DAY)),
        ("avslutningsaarsak", Avslutning(date=DAY, code=SECRET), Avslutning(date=DAY)),
        ("timer_norsk", (Timer(hours=Decimal(3), from_=DAY),), (Given(),)),
        ("morsmaal", Given(), Given()),
    ],
)
def test_only_what_a_rule_reads_is_kept(name: str, given: Any, left: Any) -> None:
    content = kept({name: Value(content=given, available_on=DAY)})
    assert value(content, name) == Value(content=left, available_on=DAY)
    assert SECRET not in to_text(content, "") + repr(content)
    assert content.contents == {}


def test_a_content_is_kept_for_an_adapter_that_declares_it_until_its_receipt() -> None:
    reason = Permisjon(from_=DAY, kind=SECRET)
    place = ("k-1", PROGRAM, "permisjon")
    for declared in ("permisjon", "*"):
        content = kept({"permisjon": Value(content=reason), "klage": Value(content=DAY)}, frozenset((declared,)))
        assert set(content.contents) == {place}
        assert whole_content(content, *place) == reason
        assert SECRET not in repr(content)
        handed = HandedOver(*place, "ws4", LATER, hash_of(reason, KEY))
        after = with_receipts(content, [handed])
        assert (after.contents, after.handed_over) == ({}, (handed,))
        assert whole_content(after, *place) is None
        # the same list again keeps nothing; another content is kept again, and takes the place of what was seen
        assert kept({"permisjon": Value(content=reason)}, frozenset((declared,)), after) == after
        seen = with_seen(after, [SeenByKari("k-1", LATER, "Kari", fields=("permisjon",))])
        assert seen.handed_over == (handed,)
        other = Permisjon(from_=DAY, kind="another")
        corrected = kept({"permisjon": Value(content=other)}, frozenset((declared,)), seen)
        assert whole_content(corrected, *place) == other
        assert value(corrected, "permisjon").seen_in_nir is None


def test_a_content_is_gone_when_it_was_seen_in_nir() -> None:
    content = kept({"sluttmaal": Value(content=SECRET)}, frozenset(("sluttmaal",)))
    seen = with_seen(content, [SeenByKari("k-1", LATER, "Kari")])
    assert (seen.contents, value(seen, "sluttmaal").content) == ({}, Given())
    assert kept({"sluttmaal": Value(content=SECRET)}, frozenset(("sluttmaal",)), seen) == seen


def test_what_a_row_does_not_say_stays() -> None:
    first = Record(
        person=Person(key="k-1", permit=Permit(basis="34", granted=DAY), arrived=DAY),
        scheme=PROGRAM,
        values={"vedtak": Value(content=Vedtak(date=DAY), available_on=DAY, seen_in_nir=(LATER, "Kari"))},
        facts={"ended": DAY, "leave": None},
        start=DAY,
    )
    second = Record(
        person=Person(key="k-1", settled=LATER),
        scheme=PROGRAM,
        values={"vedtak": Value(entered_by="Per"), "klage": Value(content=DAY)},
        facts={"ended": None, "absent": LATER},
    )
    other = Record(person=Person(key="k-1", search_out=DAY), scheme=NORSK)
    content = with_records(Content(), [first], KEY, keep=NOTHING)
    content = with_records(content, [second, other], KEY, keep=NOTHING)
    person = Person(key="k-1", permit=Permit(basis="34", granted=DAY), arrived=DAY, settled=LATER, search_out=DAY)
    assert content.people == {"k-1": person}
    assert [one.person for one in content.records.values()] == [person, person]
    merged = content.records["k-1", PROGRAM]
    assert merged.facts == {"ended": DAY, "leave": None, "absent": LATER}
    assert merged.start == DAY
    assert merged.values["vedtak"] == first.values["vedtak"].model_copy(update={"entered_by": "Per"})
    assert merged.values["klage"].content == DAY
    assert with_records(content, [first, second, other], KEY, keep=NOTHING) == content


def test_what_changed_was_not_seen() -> None:
    before = kept({"krav_dato": Value(content=DAY, seen_in_nir=(LATER, "Kari"))})
    assert value(kept({"krav_dato": Value(content=LATER)}, before=before), "krav_dato").seen_in_nir is None
    again = kept({"krav_dato": Value(content=LATER, seen_in_nir=(LATER, "Per"))}, before=before)
    seen = value(again, "krav_dato").seen_in_nir
    assert seen is not None
    assert seen.by == "Per"
    only_seen = kept({"krav_dato": Value(seen_in_nir=(LATER, "Kari"))})
    assert value(kept({"krav_dato": Value(content=DAY)}, before=only_seen), "krav_dato").seen_in_nir is not None


def test_numbers_become_marks_with_the_day_of_the_last() -> None:
    canaries = {
        NumberKind.FNR: "45840375084",
        NumberKind.DNR: "52829400197",
        NumberKind.DUF: "202212345608",
        NumberKind.MOTTAK: "MOTTAK-CANARY",
        NumberKind.PASS: "PASS CANARY",
    }
    numbers = tuple(Number(kind=kind, value=SecretStr(text), source="list") for kind, text in canaries.items())
    content = with_records(Content(), [record({}, numbers=numbers)], KEY, keep=NOTHING)
    assert set(content.marks["k-1"]) == set(NumberKind)
    assert len({one.mark for one in content.marks["k-1"].values()}) == 5
    for text in canaries.values():
        assert text not in to_text(content, "") + repr(content)
    assert content.people["k-1"].numbers == ()
    changed = [Number(kind="dnr", value=SecretStr("12829499914"), source="letter", seen_on=LATER)]
    after = with_records(content, [record({}, numbers=tuple(changed))], KEY, keep=NOTHING)
    new = after.marks["k-1"][NumberKind.DNR]
    assert (new.mark, new.source, new.seen_on) == (KEY.of_register_number("12829499914"), "letter", LATER)
    spelled = [Number(kind="dnr", value=SecretStr("128294 99914"))]
    assert with_records(after, [record({}, numbers=tuple(spelled))], KEY, keep=NOTHING) == after


def test_a_mark_here_is_no_mark_of_the_journal() -> None:
    assert KEY.of_register_number("12829499914") not in (KEY.of_number("12829499914"), KEY.of_row("12829499914"))
