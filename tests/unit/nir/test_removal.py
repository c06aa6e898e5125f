"""What a list takes away: a wrong value, a day or a fact is gone, and a hand-over is not forgotten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest

from feideprov import MarkKey
from feideprov.nir import Rules, Scheme, Setting, verdicts
from feideprov.nir.lists.columns import GENERAL, fields_of, layout_of, removes
from feideprov.nir.lists.participation import Participation, read_participation
from feideprov.nir.lists.recording import recorded
from feideprov.nir.model import Record
from feideprov.nir.register.content import Content, HandedOver
from feideprov.nir.register.recorded import whole_content, with_receipts, with_records
from feideprov.nir.register.seen import with_seen
from feideprov.nir.register.written import hash_of

KEY: Final = MarkKey(b"a key for examples and nothing else")
RULES: Final = Rules.shipped()
ON, DAY = date(2026, 11, 24), date(2026, 10, 1)
NUMBER: Final = "57912075186"  # of Tenor
PLACE: Final = ("k-1", Scheme.INTRODUKSJONSPROGRAM)
KEPT: Final = frozenset({"sluttmaal"})
Listed = Callable[..., Participation]


@pytest.fixture
def listed(tmp_path: Path) -> Listed:
    def read(cells: dict[str, str], scheme: Scheme = PLACE[1]) -> Participation:
        path = tmp_path / "list.csv"
        path.write_text(f"key;{';'.join(cells)}\nk-1;{';'.join(cells.values())}\n", encoding="utf-8")
        codes = {"sluttmaal": {"jobb": "arbeid", "skole": "utdanning"}}
        return read_participation(
            path, Setting(codes=codes), RULES, ON, columns={}, scheme=scheme, test=True, by="Kari"
        )

    return read


def after(before: Content, read: Participation) -> Content:
    content = with_records(before, [one.record for one in read.records], KEY, keep=KEPT, rules=RULES)
    return with_seen(content, read.seen, rules=RULES)


def nothing(_: Record) -> tuple[()]:
    return ()


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("sluttmaal", "jobb"),
        ("sluttmaal_in_nir", "2026-10-01"),
        ("sluttmaal_since", "2026-10-01"),
        ("integreringskontrakt", "nei"),
        ("krav_dato", "2026-10-01"),
        ("tiltak", "2026-01-01/2026-03-31"),
        ("timer", "0"),
        ("fulltid_vgo", "ja"),
        ("leave", "2026-10-01"),
        ("ended", "ja"),
        ("end", "2026-10-01"),
        ("start", "2026-10-01"),
        ("decision", "stans"),
        ("decision_date", "2026-10-01"),
        ("arrived", "2026-10-01"),
        ("settled", "2026-10-01"),
        ("search_out", "2026-10-01"),
        ("register_municipality", "0301"),
        ("permit_date", "2026-10-01"),
        ("national_number", NUMBER),
        ("passport_number", "AB123"),
        ("settled_in_nir", "2026-10-01"),
        ("number_in_nir", "2026-10-01"),
    ],
)
def test_what_a_column_said_is_gone(listed: Listed, column: str, cell: str) -> None:
    empty = after(Content(), listed({"scheme": PLACE[1].value}))
    before = after(empty, listed({column: cell, "krav_dato_since": "2026-11-01"}))
    read = listed({column: "fjern"})
    [row] = read.records
    gone = after(before, read)
    rest = after(empty, listed({"krav_dato_since": "2026-11-01"}))
    if column == "krav_dato":  # with the value, the day since when it was there is gone
        rest = empty
    assert (gone.people, gone.records, gone.contents) == (rest.people, rest.records, rest.contents)
    assert not any((*gone.marks.values(), *gone.seen_of_person.values()))
    assert read.refusals == ()
    assert recorded(before, gone, [row.record], nothing).removed >= 1
    again = recorded(gone, after(gone, read), [row.record], nothing)
    assert (again.removed, again.unchanged) == (0, 1)


@pytest.mark.parametrize(("word", "taken"), [("remove", 1), (" Fjern", 1), ("fjernet", 0), ("remove it", 0)])
def test_the_word_stands_alone_in_its_cell(listed: Listed, word: str, taken: int) -> None:
    [row] = listed({"omfang": word}).records
    assert (len(row.record.removed), len(row.record.values)) == (taken, 1 - taken)


def test_an_empty_cell_and_no_take_nothing_away(listed: Listed) -> None:
    before = after(Content(), listed({"sluttmaal": "jobb", "leave": "ja", "settled": "2026-10-01"}))
    assert after(before, listed({"sluttmaal": "", "leave": "nei", "settled": ""})) == before


def test_what_the_row_says_beside_it_counts(listed: Listed) -> None:
    before = after(Content(), listed({"sluttmaal": "jobb", "sluttmaal_since": "2026-10-01", "ended": "ja"}))
    gone = after(
        before, listed({"sluttmaal": "fjern", "sluttmaal_in_nir": "2026-11-20", "ended": "fjern", "end": "2026-10-01"})
    )
    value = gone.records[PLACE].values["sluttmaal"]
    assert (value.content, value.available_on) == (None, None)
    assert value.seen_in_nir is not None
    assert value.seen_in_nir.on == date(2026, 11, 20)
    assert gone.records[PLACE].facts == {}


@pytest.mark.parametrize(
    ("column", "cell", "known"), [("settled", "2026-10-01", "settled"), ("national_number", NUMBER, "fnr")]
)
def test_rows_of_one_person_that_do_not_agree_take_nothing_away(
    tmp_path: Path, column: str, cell: str, known: str
) -> None:
    def read(first: str, second: str) -> Participation:
        path = tmp_path / "list.csv"
        path.write_text(f"key;scheme;{column}\nk-1;{PLACE[1]};{first}\nk-1;{Scheme.NORSK};{second}\n", encoding="utf-8")
        return read_participation(path, Setting(), RULES, ON, columns={}, test=True)

    before = after(Content(), read(cell, ""))
    one = read("fjern", cell)
    assert [(one.code, one.held) for one in one.refusals] == [("R-NIR-PERSON", True)] * 2
    assert after(before, one) == before
    for agreed in (read("fjern", ""), read("fjern", "fjern")):
        assert agreed.refusals == ()
        gone = after(before, agreed)
        assert getattr(gone.people["k-1"], known, None) is None
        assert not gone.marks.get("k-1")


def test_only_the_record_of_the_row_changes(listed: Listed) -> None:
    both = after(after(Content(), listed({"ended": "ja"})), listed({"ended": "ja"}, Scheme.NORSK))
    gone = after(both, listed({"ended": "fjern"}))
    assert gone.records[PLACE].facts == {}
    assert gone.records["k-1", Scheme.NORSK].facts == {"ended": None}


def test_a_forbidden_value_is_gone_and_nothing_is_forbidden(listed: Listed) -> None:
    person = {"permit_basis": "28", "permit_date": "2020-05-01", "arrived": "2020-06-01", "settled": "2020-08-01"}
    before = after(Content(), listed({**person, "sluttmaal": "jobb"}))
    forbidden = [one.field for one in verdicts(before.records[PLACE], RULES, ON) if one.kind == "forbidden"]
    assert forbidden == ["sluttmaal"]
    gone = after(before, listed({"sluttmaal": "fjern"}))
    assert not [one for one in verdicts(gone.records[PLACE], RULES, ON) if one.kind == "forbidden"]


def test_a_hand_over_stays_and_another_value_is_kept_for_the_adapter(listed: Listed) -> None:
    given = after(Content(), listed({"sluttmaal": "jobb"}))
    place = (*PLACE, "sluttmaal")
    handed = HandedOver(*place, "file", DAY, hash_of("arbeid", KEY))
    gone = after(with_receipts(given, [handed]), listed({"sluttmaal": "fjern"}))
    assert gone.handed_over == (handed,)
    assert whole_content(gone, *place) is None
    assert whole_content(after(gone, listed({"sluttmaal": "skole"})), *place) == "utdanning"
    assert after(gone, listed({"sluttmaal": "jobb"})).contents == {}  # it was handed over as it is


def test_what_is_kept_for_an_adapter_is_gone_too(listed: Listed) -> None:
    before = after(Content(), listed({"sluttmaal": "jobb"}))
    assert before.contents
    assert after(before, listed({"sluttmaal": "fjern"})).contents == {}


def test_where_a_number_was_seen_is_not_removed_by_itself(listed: Listed) -> None:
    read = listed({"number_source": "fjern", "number_seen_on": "fjern"})
    assert [one.code for one in read.refusals] == ["R-NIR-CELL", "R-NIR-CELL"]
    assert {name for name in ("key", "scheme", "number_source", "number_seen_on") if removes(name)} == set()


def test_every_column_takes_the_word(listed: Listed) -> None:
    """None of them asks, or keeps the word as a value."""
    columns = [one.name for one in layout_of(RULES).columns if removes(one.name)]
    read = listed(dict.fromkeys(columns, "fjern"))
    [row] = read.records
    assert read.refusals == read.seen == ()
    assert (dict(row.record.values), row.record.facts, row.record.start) == ({}, {}, None)
    assert set(fields_of(RULES)) <= row.record.removed
    full: dict[str, Any] = {"permit", "arrived", "fnr", "dnr", "duf", "mottak", "pass", "ended", "start", "settled"}
    assert full <= row.record.removed
    assert len(GENERAL) > len(full)
