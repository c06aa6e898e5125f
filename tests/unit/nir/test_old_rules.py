"""Rules that nobody has compared with their sources for a year are told: once for each time that they become old."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from feideprov.nir.report.notes import notes_on_old_rules
from feideprov.nir.report.worklist import worklist_of
from feideprov.nir.table.rules import Rules

COMPILED = Rules.shipped().compiled
OWN = """
[source.circular]
title = "A circular"
url = "https://www.imdi.no/circular"
updated = 2026-11-01

[[law]]
id = "Own-34"
law = "integreringsloven"
basis = "34"
from = 2026-07-01
source = "circular"
seen_by = "Kari"
seen_on = {}
"""


@pytest.fixture
def compared(tmp_path: Path) -> Callable[[date], Rules]:
    """Gives the rules with a row of one's own that was compared with its source on a day."""

    def rules(on: date) -> Rules:
        path = tmp_path / "own.toml"
        path.write_text(OWN.format(on), encoding="utf-8")
        return Rules.shipped().with_own(path)

    return rules


def test_a_row_of_ones_own_is_told_with_the_address_of_its_source(compared: Callable[[date], Rules]) -> None:
    rules = compared(date(2026, 11, 10))
    assert notes_on_old_rules(rules, date(2027, 11, 10)) == {}
    [note] = notes_on_old_rules(rules, date(2027, 11, 11)).values()
    assert note == (
        "Your own row Own-34 of the rules was last compared with its source on 2026-11-10, more than a year ago. Look "
        "there: A circular, 2026-11-01 (https://www.imdi.no/circular). Then correct the row, or write the new day into "
        "its seen_on."
    )
    assert note.in_language("nb").startswith(
        "Raden Own-34 i deres egne regler ble sist sammenlignet med kilden 10.11.2026"
    )
    assert note.in_language("nn").endswith(
        "(https://www.imdi.no/circular). Rett så rada, eller skriv den nye dagen i seen_on."
    )


def test_the_rows_of_the_package_are_told_together(compared: Callable[[date], Rules]) -> None:
    on = date(COMPILED.year + 2, 1, 1)
    [note] = notes_on_old_rules(Rules.shipped(), on).values()
    assert note.startswith(f"The rules of feideprov were last compared with their sources on {COMPILED}")
    assert "nir-rules.md" in note
    assert len(notes_on_old_rules(compared(date(2026, 1, 1)), on)) == 2


def test_a_row_that_was_compared_again_is_told_again_a_year_later(compared: Callable[[date], Rules]) -> None:
    def told(rules: Rules, on: date, before: frozenset[str]) -> frozenset[str]:
        return worklist_of((), (), rules, told=before, organization="x", on=on).old_rules

    first = told(compared(date(2026, 1, 1)), date(2027, 2, 1), frozenset())
    assert len(first) == 1
    assert not told(compared(date(2026, 1, 1)), date(2027, 3, 1), first)
    again = compared(date(2027, 2, 2))
    assert not told(again, date(2027, 3, 1), first)
    assert "Own-34 2027-02-02" in told(again, date(2028, 3, 1), first)
