"""No number is in a text of the introduction register's models, and no refusal of one quotes it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from feideprov.errors import InputError
from feideprov.nir import Number, NumberKind, Permit, Person, Record, Scheme, SeenInNir, Value
from feideprov.nir.model import Closed, Ready

DAY = date(2026, 1, 1)
NUMBER = "57912075186"  # of Tenor
PERSON = Person(key="a-1")
SCHEME = Scheme.NORSK


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (Person, {"key": NUMBER}),
        (Person, {"key": f"visma:{NUMBER}"}),
        (Person, {"key": "a-1", "register_municipality": NUMBER}),
        (Permit, {"basis": NUMBER, "granted": DAY}),
        (Number, {"kind": NumberKind.FNR, "value": NUMBER, "source": f"letter {NUMBER}"}),
        (SeenInNir, {"on": DAY, "by": NUMBER}),
        (Value, {"entered_by": NUMBER}),
        (Value, {"seen_in_nir": (DAY, NUMBER)}),
        (Record, {"person": PERSON, "scheme": SCHEME, "values": {NUMBER: Value()}}),
        (Record, {"person": PERSON, "scheme": SCHEME, "facts": [NUMBER]}),
        (Ready, {"on": DAY, "who": NUMBER}),
        (Closed, {"from_": DAY, "who": NUMBER}),
    ],
    ids=range(12),
)
def test_a_number_is_refused_and_not_quoted(model: Any, values: dict[str, Any]) -> None:
    with pytest.raises(InputError) as raised:
        model(**values)
    assert NUMBER not in str(raised.value) + repr(raised.value.__context__)


def test_a_fact_that_is_not_known_is_not_quoted_and_those_that_are_known_are_named() -> None:
    with pytest.raises(InputError, match="there is no such fact; the facts are: ended, ") as raised:
        Record(person=PERSON, scheme=SCHEME, facts={"a secret": DAY})
    assert "secret" not in str(raised.value)
