"""The yearly close: IMDi's own day where it was announced, a computed one elsewhere, and endings without a reason."""

from __future__ import annotations

from datetime import date

import pytest

from feideprov.nir.contents import Avslutning, Given
from feideprov.nir.model import Person, Record, Scheme, Value
from feideprov.nir.table.rules import Rules
from feideprov.nir.work_items import year_end

RULES = Rules.shipped()


@pytest.fixture(autouse=True)
def _sources(monkeypatch) -> None:
    monkeypatch.setattr(Rules, "source_of", lambda rules, key: (key, ""))


def ended(key, *, reason=None, facts=None, scheme=Scheme.INTRODUKSJONSPROGRAM):
    values = {"avslutningsaarsak": reason} if reason is not None else {}
    return Record(person=Person(key=key), scheme=scheme, values=values, facts=facts or {})


@pytest.mark.parametrize("row", RULES.annual, ids=lambda row: str(row.year))
def test_a_day_that_imdi_announced_is_taken(row) -> None:
    found = year_end(RULES, [], row.year)
    assert (found.year, found.last_day, found.computed, found.source) == (row.year, row.last_day, False, row.source)


@pytest.mark.parametrize(
    ("year", "last_day"),
    [(2019, date(2020, 2, 29)), (2021, date(2022, 2, 28)), (2026, date(2027, 2, 28)), (2027, date(2028, 2, 29))],
)
def test_a_day_that_was_not_found_is_computed_and_says_so(year, last_day) -> None:
    found = year_end(RULES, [], year)
    assert (found.last_day, found.computed, found.source) == (last_day, True, "")


def test_those_who_ended_in_the_year_without_a_reason_are_named_by_key() -> None:
    day = date(2025, 12, 31)
    records = [
        ended("z", facts={"ended": day}),
        ended("a", facts={"ended": date(2025, 1, 1)}),
        ended("other-year", facts={"ended": date(2026, 1, 1)}),
        ended("no-day", facts={"ended": None}),
        ended("reason", reason=Value(content=Avslutning(date=day, code="arbeid")), facts={"ended": day}),
        ended("code", reason=Value(content="arbeid"), facts={"ended": day}),
        ended("given", reason=Value(content=Given()), facts={"ended": day}),
        ended("seen", reason=Value(seen_in_nir=(day, "Kari")), facts={"ended": day}),
        ended("waits", reason=Value(available_on=day), facts={"ended": day}),
        ended("norwegian", facts={"ended": day}, scheme=Scheme.NORSK),
        ended("open"),
    ]
    assert year_end(RULES, records, 2025).without_reason == ("a", "waits", "z")
