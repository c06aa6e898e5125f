"""What a program gives wrongly to the core of the introduction register: one sentence that quotes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from nir_people import RULES, person, record
from pydantic import ValidationError

from feideprov.errors import InputError
from feideprov.nir import Person, Scheme, Setting, worklist, year_end
from feideprov.settings.nir import NirSection

ON = date(2023, 5, 2)
ONE, RECORD = person(), record(Scheme.NORSK)
given: Any = worklist

WRONG: dict[str, tuple[Callable[[], Any], str]] = {
    "one person": (
        lambda: given(ONE, [], RULES, Setting(), ON),
        "people of worklist must be a list of Person, but Person",
    ),
    "one record": (
        lambda: given([], RECORD, RULES, Setting(), ON),
        "records of worklist must be a list of Record, but Re",
    ),
    "days as text": (
        lambda: given([], [], RULES, Setting(), ON, numbers={"p1": "2023-01-02"}),
        "a dict from text to a date or None, but a dict from str to str was given",
    ),
    "no year": (lambda: year_end(RULES, [], "2023"), "year of year_end must be a whole number, but str"),  # type: ignore[arg-type]
    "by place": (lambda: Person("p1"), "Person takes values by name alone"),  # type: ignore[misc]
    "empty key": (lambda: Person(key=" "), "key: the key is empty"),
    "closed in a wrong order": (lambda: Setting(closed=[(ON, ON, "IMDi")]), "closed.0: until must be after from"),  # type: ignore[arg-type,list-item]
    "one too many": (lambda: Setting(ready={"kap6a": (ON, "letter", "more")}), "ready.kap6a"),  # type: ignore[arg-type,dict-item]
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_given_wrongly_is_told_in_a_sentence(case: str) -> None:
    call, sentence = WRONG[case]
    with pytest.raises(InputError) as told:
        call()
    assert sentence in str(told.value)
    assert str(told.value).endswith(".")


def test_the_configuration_refuses_a_closed_time_that_ends_before_it_begins() -> None:
    """It would never be in force, and NIR's channel would be WS4 on these days."""
    section = {"municipality": "0301", "retention": "P5Y"}
    turned = {"from": date(2022, 6, 20), "until": date(2022, 6, 1), "who": "IMDi"}
    with pytest.raises(ValidationError, match="until must be after from"):
        NirSection.model_validate({**section, "closed": [turned]})
