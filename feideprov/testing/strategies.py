"""Hypothesis strategies for the tests of programs that use feideprov: numbers, people, and lists of both.

    from feideprov.testing.strategies import d_numbers, person_lists

    @given(person_lists(schools=["hylla", "berg"]), d_numbers())
    def test_my_import(records, number): ...

`fodselsnumre`, `d_numbers` and `duf_numbers` make numbers; `with_birth_date` makes them together with the birth date.
`look_alikes` and `invented_numbers` make what stands in a number field and is no number. All else makes people,
`person_lists` for `Client.plan` and `number_lists` for what arrives later; `user_entries` makes users as a directory
holds them.

Fødselsnumre and D-numbers are synthetic unless you say `synthetic=False`. Where a text can equal a living person's
number, the docstring of the strategy says so: Hypothesis prints the example that fails, and keeps it in its database.
People and rows of number lists show no digit of a number, there or anywhere.
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
