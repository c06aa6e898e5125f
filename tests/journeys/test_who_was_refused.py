"""Who was refused or held: the name stands on the screen, so that nobody has to open the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.journeys.conftest import Office

HEAD = "source_id;given_name;family_name;birth_date;school;role;protected\n"


def names(office: Office, *rows: str) -> list[str | None]:
    listed = office.write("people.csv", HEAD + "".join(f"{row}\n" for row in rows))
    return [refusal["name"] for refusal in office("plan", listed, "--json").json["refusals"]]


@pytest.mark.parametrize(
    "row",
    [
        "a-1;Åse;Dal;31.02.2010;hylla;pupil;",  # refused by the intake
        "a-1;Åse;Dal;;nowhere;pupil;nei",  # refused by the plan
        "a-1;Åse;Dal;;hylla;pope;no",
        ";Åse;Dal;;hylla;pupil;",
    ],
)
def test_a_refusal_says_who(office: Office, row: str) -> None:
    assert names(office, row) == ["Åse Dal"]
    assert "people.csv row 2, Åse Dal: " in office("plan", str(office.folder / "people.csv")).out


def test_a_held_row_says_who_also_from_a_saved_plan(office: Office) -> None:
    assert names(office, "a-1;Åse;Dal;;hylla;pupil;", "a-1;Kari;Lie;;hylla;pupil;") == ["Åse Dal", "Kari Lie"]
    saved = str(office.folder / "plan.json")
    office("plan", str(office.folder / "people.csv"), "-o", saved)
    assert "people.csv row 3, Kari Lie: " in office("apply", saved).out


@pytest.mark.parametrize(
    "row",
    [
        "a-1;Åse;Dal;;hylla;pupil;ja",  # held
        "a-1;Åse;Dal;;nowhere;pupil;ja",  # refused by the plan
        "a-1;Åse;Dal;31.02.2010;hylla;pupil;ja",  # refused by the intake
        "a-1;Åse;Dal;;hylla;pupil;kanskje",  # protected or not: nobody knows
        "a-1;13097248032;;;hylla;pupil;",  # a number
    ],
)
def test_a_protected_name_or_a_number_is_not_shown(office: Office, row: str) -> None:
    assert names(office, row) == [None]


def test_a_user_who_is_protected_is_not_named_by_a_list_without_that_column(office: Office) -> None:
    protected = office.write("one.csv", HEAD + "a-1;Åse;Dal;2010-01-01;hylla;pupil;ja\n")
    assert office("apply", protected, "--only", "a-1", "--yes").code == 0
    assert names(office, "a-1;Åse;Dal;2010-01-01;nowhere;pupil;") == [None]
    assert names(office, "b-1;Åse;Dal;2010-01-01;hylla;pupil;") == [None]
