"""What somebody saw in NIR closes a line, if it can have been seen."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from feideprov import InputError
from feideprov.nir.contents import Given
from feideprov.nir.lists.seen_list import SeenList, read_seen_list
from feideprov.nir.model import Person, Record, Scheme, Value
from feideprov.nir.register.content import Content, HandedOver, Seen
from feideprov.nir.register.seen import recorded_seen, with_seen
from feideprov.nir.table.rules import Rules

BEFORE, DAY, LATER = date(2026, 3, 1), date(2026, 3, 2), date(2026, 5, 4)
NORSK, PROGRAM = Scheme.NORSK, Scheme.INTRODUKSJONSPROGRAM
PERSON = Person(key="k-1")
CONTENT = Content(
    {"k-1": PERSON},
    {
        ("k-1", PROGRAM): Record(
            person=PERSON,
            scheme=PROGRAM,
            values={
                "vedtak": Value(content=Given(), available_on=DAY),
                "tiltak": Value(content=Given(), available_on=LATER),
                "klage": Value(available_on=DAY),
            },
        ),
        ("k-1", NORSK): Record(person=PERSON, scheme=NORSK, values={"vedtak": Value(content=Given())}),
    },
    handed_over=(HandedOver("k-1", NORSK, "vedtak", "ws4", DAY, "ab"),),
    contents={("k-1", PROGRAM, "vedtak"): "text", ("k-1", PROGRAM, "tiltak"): "text"},
)


def seen_fields(content: Content) -> set[tuple[Scheme, str]]:
    return {
        (scheme, name)
        for (_, scheme), record in content.records.items()
        for name, value in record.values.items()
        if value.seen_in_nir is not None
    }


@pytest.mark.parametrize(
    ("seen", "fields"),
    [
        (Seen("k-1", DAY, "Kari"), {(PROGRAM, "vedtak"), (NORSK, "vedtak")}),
        (Seen("k-1", LATER, "Kari", PROGRAM), {(PROGRAM, "vedtak"), (PROGRAM, "tiltak")}),
        (Seen("k-1", DAY, "Kari", fields=("vedtak",)), {(PROGRAM, "vedtak"), (NORSK, "vedtak")}),
        (Seen("k-1", DAY, "Kari", NORSK, ("vedtak",)), {(NORSK, "vedtak")}),
        (Seen("k-1", DAY, "Kari", fields=("sluttmaal",)), {(PROGRAM, "sluttmaal")}),
        (Seen("k-1", DAY, "Kari", NORSK, ("morsmaal", "fravaer")), {(NORSK, "morsmaal"), (NORSK, "fravaer")}),
        (Seen("k-1", DAY, "Kari", PROGRAM, ("klage",)), {(PROGRAM, "klage")}),
    ],
)
def test_fields_are_seen(seen: Seen, fields: set[tuple[Scheme, str]]) -> None:
    after = with_seen(CONTENT, [seen])
    assert seen_fields(after) == fields
    for scheme, name in fields:
        value = after.records["k-1", scheme].values[name]
        assert value.is_there
        assert value.seen_in_nir is not None
        assert (value.seen_in_nir.on, value.seen_in_nir.by) == (seen.on, "Kari")
        assert ("k-1", scheme, name) not in after.contents
    assert after.handed_over == CONTENT.handed_over
    assert with_seen(after, [seen]) == after


def test_number_and_settlement_day_are_seen_of_the_person() -> None:
    after = with_seen(CONTENT, [Seen("k-1", DAY, "Kari", fields=("number", "settled"))])
    assert {name: one.on for name, one in after.seen_of_person["k-1"].items()} == {"number": DAY, "settled": DAY}
    assert (after.records, after.contents) == (CONTENT.records, CONTENT.contents)


@pytest.mark.parametrize(
    ("seen", "sentence"),
    [
        (Seen("k-2", DAY, "Kari"), "No person .* has the key k-2"),
        (Seen("52829400197", DAY, "Kari"), "No person .* has the key …"),
        (Seen("k-1", DAY, "Kari", Scheme.MOTTAK_OPPLAERING), "k-1 has no record in the scheme mottak_opplaering"),
        (Seen("k-1", DAY, "Kari", fields=("moon",)), "No record of k-1 has the field moon"),
        (Seen("k-1", DAY, "Kari", NORSK, ("sluttmaal",)), "No record of k-1 has the field sluttmaal"),
        (Seen("k-1", DAY, "Kari", fields=("fravaer",)), "Several records .* Say which scheme"),
        (Seen("k-1", BEFORE, "Kari", PROGRAM), "No field of k-1 was there on 2026-03-01"),
        (
            Seen("k-1", BEFORE, "Kari", PROGRAM, ("vedtak",)),
            "vedtak of k-1 was there.* on 2026-03-02: after 2026-03-01",
        ),
        (Seen("k-1", BEFORE, "Kari", NORSK, ("vedtak",)), "was handed over, on 2026-03-02"),
        (Seen("k-1", DAY, "Kari", fields=("vedtak", "tiltak")), "tiltak of k-1 was there"),
    ],
)
def test_what_cannot_have_been_seen_is_refused_with_the_next_step(seen: Seen, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence) as raised:
        with_seen(CONTENT, [seen])
    assert "52829400197" not in str(raised.value)


def test_a_day_in_the_future_is_refused_and_the_rest_is_recorded() -> None:
    asked = [Seen("k-1", LATER, "Kari", NORSK, ("vedtak",)), Seen("k-1", DAY, "Kari", PROGRAM, ("vedtak",))]
    found, after = recorded_seen(CONTENT, asked, Rules.shipped(), DAY)
    assert [one.code for one in found.refusals] == ["R-NIR-SEEN"]
    assert seen_fields(after) == {(PROGRAM, "vedtak")}
    again, unchanged = recorded_seen(after, asked, Rules.shipped(), DAY)
    assert (again.recorded, again.unchanged, unchanged) == ((), 1, after)


def test_what_was_seen_last_counts_in_any_order() -> None:
    first, last = Seen("k-1", DAY, "Kari", NORSK), Seen("k-1", LATER, "Per", NORSK)
    assert with_seen(CONTENT, [first, last]) == with_seen(CONTENT, [last, first])
    assert with_seen(with_seen(CONTENT, [last]), [first]) == with_seen(CONTENT, [last])


def read(tmp_path: Path, text: str) -> SeenList:
    path = tmp_path / "seen.csv"
    path.write_text(text, encoding="utf-8")
    return read_seen_list(path, LATER, by="Kari")


@pytest.mark.parametrize(
    "heading",
    [
        "key;scheme;field;seen_on;seen_by",
        "Key;Scheme;Field;Seen on;Seen by",
        "Nøkkel;Ordning;Felt;Sett dato;Sett av",
        "nøkkel;ordning;felter;sett i NIR;sett av",
    ],
)
def test_a_sheet_that_came_back_says_what_was_seen(tmp_path: Path, heading: str) -> None:
    found = read(
        tmp_path,
        f"{heading};what\nk-1;Norsk og samfunnskunnskap;vedtak;2026-03-02;Per;…\nk-1;;number;02.03.2026;;\nk-2;;;;;\n"
        "k-3;Introduksjonsprogram;vedtak, tiltak;2026-03-02;;\n",
    )
    assert found.seen == (
        Seen("k-1", DAY, "Per", NORSK, ("vedtak",)),
        Seen("k-1", DAY, "Kari", None, ("number",)),
        Seen("k-3", DAY, "Kari", PROGRAM, ("vedtak", "tiltak")),
    )
    assert (found.refusals, found.without_day) == ((), 1)
    assert [one.origin.row for one in found.seen if one.origin] == [2, 3, 5]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("k-1;;vedtak;2026-05-05;", "seen_on"),
        ("k-1;;vedtak;1/2/2026;", "seen_on"),
        ("k-1;;vedtak;#N/A;", "seen_on"),
        (";;vedtak;2026-03-02;", "key"),
        ("52829400197;;vedtak;2026-03-02;", "key"),
        ("k-1;the moon;vedtak;2026-03-02;", "scheme"),
        ("k-1;;52829400197;2026-03-02;", "field"),
        ("k-1;;vedtak;2026-03-02;52829400197", "seen_by"),
    ],
)
def test_a_row_that_is_wrong_is_refused_by_its_column(tmp_path: Path, row: str, column: str) -> None:
    found = read(tmp_path, f"key;scheme;field;seen_on;seen_by\n{row}\nk-1;;vedtak;2026-03-02;\n")
    [refusal] = found.refusals
    assert (refusal.code, refusal.origin and refusal.origin.row) == ("R-NIR-SEEN", 2)
    assert column in refusal.sentence
    assert "52829400197" not in str(refusal)
    assert len(found.seen) == 1
