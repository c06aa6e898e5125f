"""The command protect, as a person gives it: dry, done, from standard input, and what it never shows."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.journeys.conftest import Office

TENOR = "57912075186"
HEADING = "source_id;given_name;family_name;birth_date;school;role\n"


def test_protect_is_dry_until_it_is_meant(office: Office) -> None:
    answer = office("protect", "ref-77", "ref-78")
    assert (answer.code, "would be marked" in answer.out) == (0, True)
    assert office("protect", "ref-77", "ref-78", "--yes", "--json").json["counts"] == {
        "marked": 2,
        "removed": 0,
        "unchanged": 0,
    }
    again = office("protect", "ref-77", "--yes", "--json").json
    assert (again["counts"]["unchanged"], again["changes"], again["dry"]) == (1, [], False)
    listed = office.write("new.csv", f"{HEADING}ref-77;Sofie;Ekstrand;2012-03-04;hylla;pupil\n")
    answer = office("apply", listed, "--yes")
    assert (answer.code, "R-PROTECTED" in answer.out, "Sofie" in answer.out) == (1, True, False)
    assert office("protect", "ref-77", "--undo", "--yes", "--json").json["counts"]["removed"] == 1
    for words in (("--undo",), ("--undo", "--yes")):
        assert office("protect", "ref-77", *words).out.split() == ["1", "unchanged."]


def test_numbers_come_on_standard_input_alone(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = office("protect", TENOR, "--yes")
    assert (answer.code, "feideprov protect - --yes < FILE" in answer.err, TENOR in answer.err) == (2, True, False)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(f"\ufeff{TENOR}\n\nref-9\n".encode())))
    answer = office("protect", "-", "--yes")
    assert (answer.code, "2 source ids are marked" in answer.out, TENOR in answer.out) == (0, True, False)
    listed = office.write("new.csv", f"{HEADING}{TENOR};Sofie;Ekstrand;2012-03-04;hylla;pupil\n")
    assert "R-PROTECTED" in office("plan", listed).out
