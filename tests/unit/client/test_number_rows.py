"""A program makes rows of numbers without a file, and a refusal says which row it is about."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

import feideprov
from feideprov import Client, Evidence, InputError, NumberText
from feideprov.intake.number_list import NumberRow

TENOR, OTHER = "57912075186", "69822075096"
USER = "olenkova@skotthyll.kommune.no"
SEEN = Evidence("letter", "Kari Nordmann", date(2026, 11, 1))
rows = pytest.mark.xfail(strict=True, reason="a NumberRow needs the row of a file")


@rows
def test_a_row_is_public_and_needs_no_file() -> None:
    assert "NumberRow" in feideprov.__all__
    assert NumberRow(NumberText(TENOR), user=USER) == NumberRow(TENOR, user=USER)  # type: ignore[arg-type, call-arg]
    row = NumberRow(TENOR, source_id="p1", old_number=OTHER)  # type: ignore[arg-type, call-arg]
    assert (row.national_number, row.old_number) == (NumberText(TENOR), NumberText(OTHER))
    assert not any(text in repr(row) for text in (TENOR, OTHER, "p1"))


@rows
def test_numbers_are_attached_replaced_and_withdrawn_without_a_file(client: Client, person: Any) -> None:
    client.apply(client.plan([person(given_name="Olena", family_name="Kovalenko")]))
    numbers = client.numbers
    attach = numbers.plan_attach([NumberRow(NumberText(TENOR), source_id="p1", evidence=SEEN)])  # type: ignore[call-arg]
    assert client.apply(attach).counts["updated"] == 1
    change = numbers.plan_replace(
        [NumberRow(NumberText(OTHER), user=USER, old_number=NumberText(TENOR), evidence=SEEN)]  # type: ignore[call-arg]
    )
    assert client.apply(change).counts["updated"] == 1
    removal = numbers.plan_withdraw([NumberRow(NumberText(OTHER), user=USER)])  # type: ignore[call-arg]
    assert client.apply(removal).counts["updated"] == 1


@rows
def test_a_refusal_has_the_place_and_the_source_id_of_its_row(client: Client, person: Any) -> None:
    client.apply(client.plan([person()]))
    plan = client.numbers.plan_attach(
        [
            NumberRow(NumberText(TENOR), source_id="p1", evidence=SEEN),  # type: ignore[call-arg]
            NumberRow(NumberText(TENOR), source_id="p2", evidence=SEEN),  # type: ignore[call-arg]
            NumberRow(NumberText(OTHER), source_id="p1"),  # type: ignore[call-arg]
            NumberRow(NumberText(OTHER), user="nobody@skotthyll.kommune.no", evidence=SEEN),  # type: ignore[call-arg]
        ]
    )
    found = [(one.code, one.origin and (one.origin.file, one.origin.row), one.source_id) for one in plan.refusals]
    assert [code for code, _, _ in found] == ["R-NO-USER", "R-EVIDENCE", "R-NO-USER"]
    assert [place for _, place, _ in found] == [("", 2), ("", 3), ("", 4)]
    assert [source_id for _, _, source_id in found] == ["p2", "p1", ""]
    assert plan.rows.read == 4


@pytest.mark.xfail(strict=True, reason="the refusal of a record that comes from no file does not say whose it is")
def test_a_refusal_of_a_record_without_a_file_has_its_source_id(client: Client, person: Any) -> None:
    plan = client.plan([person("p1"), person("p2", school="nowhere"), person("p3"), person("p3")])
    assert [one.source_id for one in plan.refusals] == ["p2", "p3", "p3"]


@rows
@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"national_number": TENOR}, "NumberRow: .*user.*source_id"),
        ({"national_number": 57912075186, "user": USER}, "argument national_number of NumberRow"),
        ({"national_number": TENOR, "user": TENOR}, "NumberRow: user: .*identity number"),
        ({"national_number": TENOR, "source_id": TENOR}, "NumberRow: source_id: .*identity number"),
        ({"national_number": TENOR, "user": USER, "evidence": "letter"}, "argument evidence of NumberRow"),
        ({"national_number": TENOR, "user": USER, "birth_date": "2020-11-17"}, "argument birth_date of NumberRow"),
    ],
)
def test_a_wrong_row_is_refused_and_nothing_is_quoted(wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError, match=told) as refused:
        NumberRow(**wrong)
    assert TENOR not in str(refused.value)
