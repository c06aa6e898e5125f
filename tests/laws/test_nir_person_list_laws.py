"""NIR's person list beside the records and the users: each person is where the three lists say, whatever they are."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from feideprov import MarkKey
from feideprov.nir.lists.nir_person_list import Reconciliation, reconcile
from feideprov.nir.model import NumberKind, Person
from feideprov.nir.register.content import Content, NumberMark
from feideprov.numbers import NumberText
from feideprov.testing.numbers import d_numbers, fodselsnumre

KEY = MarkKey(b"a key for examples and nothing else")
COLUMNS = {"key": "Id", "number": "Fnr"}
KEYS = [f"p-{n}" for n in range(6)]
ON = date(2026, 11, 24)


@st.composite
def lists(draw: st.DrawFn) -> dict[str, Any]:
    """Some people, each with a number of their own, in some of the three lists."""
    numbers = draw(st.lists(fodselsnumre() | d_numbers(), min_size=6, max_size=6, unique=True))
    some = st.sets(st.sampled_from(KEYS))
    own = dict(zip(KEYS, numbers, strict=True))
    return {
        "number": own,
        "nir": draw(some),
        "records": draw(some),
        "users": draw(some),
        "by_key": draw(some),
        "by_number": draw(some),
        "marked": draw(some),
    }


def compared(path: Path, made: dict[str, Any]) -> Reconciliation:
    number = made["number"]
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, delimiter=";")
        rows.writerow(["Id", "Fnr", "Navn"])
        for key in sorted(made["nir"]):
            with_key = key in made["by_key"] or key not in made["by_number"]
            rows.writerow([key if with_key else "", number[key] if key in made["by_number"] else "", "X"])
    marks = {
        key: {NumberKind.FNR: NumberMark(KEY.of_register_number(number[key]))}
        for key in made["records"] & made["marked"]
    }
    content = Content(people={key: Person(key=key) for key in made["records"]}, marks=marks)
    users = {key: NumberText(number[key]) for key in made["users"]}
    return reconcile(path, COLUMNS, content, users, KEY.of_register_number, on=ON)


def is_found(key: str, made: dict[str, Any]) -> bool:
    """Whether the row of a person leads to somebody of ours."""
    by_key = key in made["by_key"] or key not in made["by_number"]
    known = key in made["records"] | made["users"]
    return known and (by_key or key in made["users"] | (made["records"] & made["marked"]))


@given(made=lists())
def test_each_person_is_told_as_the_three_lists_say(tmp_path_factory: Any, made: dict[str, Any]) -> None:
    found = compared(tmp_path_factory.getbasetemp() / "nir.csv", made)
    in_nir = {key for key in made["nir"] if is_found(key, made)}
    told: dict[str, set[str]] = {}
    for one in found.differences:
        told.setdefault(one.kind, set()).add(one.person)
    assert len(told.pop("only_in_nir", set())) == len(made["nir"] - in_nir)
    assert told.pop("not_in_nir", set()) == made["records"] - in_nir
    assert told.pop("not_a_user", set()) == (made["records"] | in_nir) - made["users"]
    assert told.pop("not_in_records", set()) == in_nir - made["records"]
    told.pop("number_missing", None)
    assert told == {}  # everybody has one number alone
    assert found.refusals == ()
    assert (found.in_nir, found.in_records, found.users) == tuple(
        map(len, (made["nir"], made["records"], made["users"]))
    )
    assert not any(number in repr(found) for number in made["number"].values())
