"""The time limit of the training, and what moves it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from nir_people import NORSK, PROGRAMME, RULES, record

from feideprov.nir.contents import Permisjon, Vedtak, VedtakKind
from feideprov.nir.model import Law, Value
from feideprov.nir.training import training_limit

START = date(2023, 1, 31)
DECISION = Vedtak(kind=VedtakKind.GRANT, date=date(2023, 1, 1), start=START)


def about(law: Law, values: dict[str, Any], scheme: Any = NORSK, start: date | None = None) -> date | None:
    limit = training_limit(record(scheme, values, law, start=start), law, RULES)
    return limit.about if limit else None


@pytest.mark.parametrize(
    ("law", "education", "limit"),
    [
        (Law.INTEGRERINGSLOVEN, True, date(2024, 7, 31)),
        (Law.INTEGRERINGSLOVEN, False, date(2026, 1, 31)),
        (Law.INTEGRERINGSLOVEN, None, None),
        (Law.INTEGRERINGSLOVEN, Decimal(1), None),
        (Law.KAP6A, None, date(2024, 1, 31)),
        (Law.KAP6A, False, date(2024, 1, 31)),
        (Law.INTRODUKSJONSLOVEN, True, None),
    ],
)
def test_the_limit_by_law_and_education(law: Law, education: bool | Decimal | None, limit: date | None) -> None:
    values = {"vedtak": DECISION, "utdanningsbakgrunn": Value(content=education)}
    assert about(law, values) == limit
    assert about(law, values, PROGRAMME) is None


def test_it_says_which_limit_it_is_and_where_it_comes_from() -> None:
    limit = training_limit(record(NORSK, {"vedtak": DECISION}, Law.KAP6A), Law.KAP6A, RULES)
    assert limit
    assert limit.rule == "P12M"
    assert limit.source == RULES.source_of("imdi-ukraina-2023")[0]


@pytest.mark.parametrize(
    ("decisions", "start", "limit"),
    [
        ((), None, None),
        ((), date(2023, 2, 1), date(2024, 2, 1)),
        ((DECISION,), date(2023, 2, 1), date(2024, 1, 31)),
        ((DECISION, Vedtak(date=date(2022, 1, 1), start=date(2022, 2, 1))), None, date(2023, 2, 1)),
        ((DECISION, Vedtak(kind=VedtakKind.OFFER, date=date(2022, 1, 1), start=START)), None, date(2024, 1, 31)),
        ((DECISION, Vedtak(date=date(2022, 1, 1))), None, None),
        ((DECISION, Vedtak(date=date(2022, 1, 1))), date(2022, 3, 1), date(2023, 3, 1)),
    ],
)
def test_it_counts_from_the_start_in_the_first_decision(decisions: Any, start: date | None, limit: date | None) -> None:
    assert about(Law.KAP6A, {"vedtak": Value(content=decisions)}, start=start) == limit


@pytest.mark.parametrize(
    ("leaves", "days"),
    [
        ([("2023-03-01", "2023-03-01")], 1),
        ([("2023-03-01", "2023-03-10")], 10),
        ([("2023-03-01", None)], 0),
        ([("2023-03-10", "2023-03-01")], 0),
        ([("2023-03-01", "2023-03-10"), ("2023-03-05", "2023-03-12")], 12),
        ([("2023-03-01", "2023-03-10"), ("2023-03-02", "2023-03-03"), ("2023-03-05", "2023-03-12")], 12),
        ([("2023-03-05", "2023-03-06"), ("2023-03-01", "2023-03-10")], 10),
        ([("2023-03-01", "2023-03-02"), ("2023-03-04", "2023-03-05")], 4),
        ([("2023-03-01", "2023-03-02"), ("2023-03-03", "2023-03-03")], 3),
    ],
)
def test_leave_moves_it_and_no_day_counts_twice(leaves: list[tuple[str, str | None]], days: int) -> None:
    contents = tuple(Permisjon.model_validate({"from": begin, "until": end}) for begin, end in leaves)
    limit = about(Law.KAP6A, {"vedtak": DECISION, "permisjon": contents})
    assert limit
    assert (limit - date(2024, 1, 31)).days == days


def test_a_limit_after_the_last_year_is_none() -> None:
    assert about(Law.KAP6A, {"vedtak": Vedtak(date=date.max, start=date.max)}) is None


def test_leave_moves_the_limits_of_which_the_table_says_so() -> None:
    values = {"vedtak": DECISION, "utdanningsbakgrunn": True}
    leave = {"permisjon": Permisjon(from_=date(2023, 3, 1), until=date(2023, 3, 10))}
    assert about(Law.KAP6A, values | leave) == date(2024, 2, 10)
    assert about(Law.INTEGRERINGSLOVEN, values | leave) == date(2024, 7, 31)
    rows = tuple(row.model_copy(update={"extended_by": ""}) for row in RULES.completion)
    limit = training_limit(record(NORSK, values | leave, Law.KAP6A), Law.KAP6A, replace(RULES, completion=rows))
    assert limit
    assert limit.about == date(2024, 1, 31)
