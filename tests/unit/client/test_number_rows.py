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


def test_a_row_is_public_and_needs_no_file() -> None:
    assert "NumberRow" in feideprov.__all__
    assert NumberRow(NumberText(TENOR), user=USER) == NumberRow(TENOR, user=USER)
    row = NumberRow(TENOR, source_id="p1", old_number=OTHER)
    assert (row.national_number, row.old_number) == (NumberText(TENOR), NumberText(OTHER))
    assert not any(text in repr(row) for text in (TENOR, OTHER, "p1"))


def test_numbers_are_attached_replaced_and_withdrawn_without_a_file(client: Client, person: Any) -> None:
    client.apply(client.plan([person(given_name="Olena", family_name="Kovalenko")]))
    numbers = client.numbers
    attach = numbers.plan_attach([NumberRow(NumberText(TENOR), source_id="p1", evidence=SEEN)])
    assert client.apply(attach).counts["updated"] == 1
    change = numbers.plan_replace(
        [NumberRow(NumberText(OTHER), user=USER, old_number=NumberText(TENOR), evidence=SEEN)]
    )
    assert client.apply(change).counts["updated"] == 1
    removal = numbers.plan_withdraw([NumberRow(NumberText(OTHER), user=USER)])
    assert client.apply(removal).counts["updated"] == 1


def test_a_refusal_has_the_place_and_the_source_id_of_its_row(client: Client, person: Any) -> None:
    client.apply(client.plan([person()]))
    plan = client.numbers.plan_attach(
        [
            NumberRow(NumberText(TENOR), source_id="p1", evidence=SEEN),
            NumberRow(NumberText(TENOR), source_id="p2", evidence=SEEN),
            NumberRow(NumberText(OTHER), source_id="p1"),
            NumberRow(NumberText(OTHER), user="nobody@skotthyll.kommune.no", evidence=SEEN),
        ]
    )
    found = [(one.code, one.origin and (one.origin.file, one.origin.row), one.source_id) for one in plan.refusals]
    assert [code for code, _, _ in found] == ["R-NO-USER", "R-EVIDENCE", "R-NO-USER"]
    assert [place for _, place, _ in found] == [("", 2), ("", 3), ("", 4)]
    assert [source_id for _, _, source_id in found] == ["p2", "p1", ""]
    assert plan.rows.read == 4


def test_a_refusal_of_a_record_without_a_file_has_its_source_id(client: Client, person: Any) -> None:
    plan = client.plan([person("p1"), person("p2", school="nowhere"), person("p3"), person("p3")])
    assert [one.source_id for one in plan.refusals] == ["p2", "p3", "p3"]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"national_number": 57912075186, "user": USER}, "argument national_number of NumberRow"),
        ({"national_number": TENOR, "user": USER, "evidence": "letter"}, "argument evidence of NumberRow"),
        ({"national_number": TENOR, "user": USER, "birth_date": "2020-11-17"}, "argument birth_date of NumberRow"),
    ],
)
def test_a_wrong_row_is_refused_and_nothing_is_quoted(wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError, match=told) as refused:
        NumberRow(**wrong)
    assert TENOR not in str(refused.value)


def test_a_row_that_no_list_can_have_is_refused(client: Client) -> None:
    made = [NumberRow(OTHER), NumberRow(OTHER, user=TENOR), NumberRow(OTHER, source_id=TENOR)]
    for plan in (client.numbers.plan_attach, client.numbers.plan_replace, client.numbers.plan_withdraw):
        refused = plan(made).refusals
        assert [one.code for one in refused] == ["R-SOURCE-ID", "R-NUMBER-MISPLACED", "R-SOURCE-ID"]
        assert [one.origin and one.origin.row for one in refused] == [1, 2, 3]
        assert not any(TENOR in repr(one) + one.sentence for one in refused)
