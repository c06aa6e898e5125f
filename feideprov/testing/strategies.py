"""Hypothesis strategies for the tests of programs that use feideprov: numbers, people, and lists of both.

    from feideprov.testing.strategies import d_numbers, person_lists

    @given(person_lists(schools=["hylla", "berg"]), d_numbers())
    def test_my_import(records, number): ...

`fodselsnumre`, `d_numbers` and `duf_numbers` make numbers; `with_birth_date` makes them together with the birth date.
`look_alikes` and `invented_numbers` make texts in a number field that are not numbers. The others make people:
`person_lists` for `Client.plan`, `number_lists` for numbers that arrive later, and `user_entries` for users as a
directory has them.

Fødselsnumre and D-numbers are synthetic without `synthetic=False`. If a text can equal a living person's number, the
docstring of the strategy says so: Hypothesis prints the example that fails, and keeps it in its database. The repr of
people and of rows of number lists shows no digit of a number.
"""

from __future__ import annotations

from feideprov.testing.entries import user_entries
from feideprov.testing.look_alikes import invented_numbers, look_alikes
from feideprov.testing.numbers import Born, birth_dates, d_numbers, duf_numbers, fodselsnumre, with_birth_date
from feideprov.testing.people import (
    SCRIPTS,
    evidence,
    groups,
    names,
    number_lists,
    person_lists,
    person_records,
)

__all__ = [
    "SCRIPTS",
    "Born",
    "birth_dates",
    "d_numbers",
    "duf_numbers",
    "evidence",
    "fodselsnumre",
    "groups",
    "invented_numbers",
    "look_alikes",
    "names",
    "number_lists",
    "person_lists",
    "person_records",
    "user_entries",
    "with_birth_date",
]
