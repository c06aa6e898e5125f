"""The holders of numbers show no digit, whatever is done to them."""

from __future__ import annotations

import copy
import dataclasses
import json
import pickle
import re
import traceback
from datetime import date

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from feideprov.numbers import NationalNumber, NumberKind, NumberPolicy, NumberText, Verdict, judge_number

ON = date(2026, 11, 22)
TENOR = "12829499914"
HELD = NumberText(TENOR)
VERDICT = judge_number(TENOR, on=ON, policy=NumberPolicy(test=True))
NUMBER = VERDICT.number


def silent(shown: object) -> bool:
    return re.search(r"\d{5}", str(shown)) is None


@dataclasses.dataclass
class Row:
    number: NumberText
    judged: NationalNumber | None


class Model(BaseModel):
    number: NumberText
    judged: NationalNumber | None = None


@pytest.mark.parametrize("value", [HELD, NUMBER, VERDICT], ids=["text", "number", "verdict"])
def test_nothing_shows_a_digit(value):
    ways = [
        repr(value),
        str(value),
        f"{value}",
        f"{value!r}",
        f"{value!s:>40}",
        "%s %r" % (value, value),  # noqa: UP031
        repr([value]),
        repr({value: value}) if value is not VERDICT else "",
        repr(pickle.dumps(value)),
        repr(Row(HELD, NUMBER)),
        repr(dataclasses.asdict(Row(HELD, NUMBER))),
    ]
    assert all(silent(way) for way in ways)


@pytest.mark.parametrize(
    ("kind", "shown"),
    [("f", "<fødselsnummer>"), ("d", "<D-number>"), ("duf", "<DUF number>"), ("tenor", "<Tenor number>")],
)
def test_the_placeholders(make, kind, shown):
    born = date(2009, 3, 14)
    text = {"f": make.f(born, range(500, 900)), "d": make.d(born, range(500, 900)), "duf": make.duf(2022, 1)}
    policy = NumberPolicy(duf="nin", test=kind == "tenor")
    number = judge_number(text.get(kind, TENOR), on=ON, policy=policy).number
    assert (str(number), repr(number), f"{number}") == (shown, shown, shown)
    assert str(NumberText("x")) == repr(NumberText("x")) == "<number as written>"


def test_only_reveal_gives_the_digits():
    assert HELD.reveal() == TENOR
    assert NUMBER.reveal() == TENOR


def test_they_are_values(make):
    assert NumberText(TENOR) == HELD
    assert hash(NumberText(TENOR)) == hash(HELD)
    assert NumberText("1") != HELD
    assert HELD != TENOR
    assert NUMBER != HELD
    others = [make.f(date(1994, 2, day), range(500), plus_month=80) for day in (11, 13)]
    smaller, greater = (judge_number(n, on=ON, policy=NumberPolicy(test=True)).number for n in others)
    assert NUMBER not in (smaller, greater)
    assert smaller != NUMBER != greater
    assert NumberText(others[0]) != HELD != NumberText(others[1])
    assert NumberText(others[0]) not in (HELD, NumberText(others[1]))
    assert NumberText(others[1]) not in (HELD, NumberText(others[0]))
    again = judge_number(TENOR, on=ON, policy=NumberPolicy(test=True)).number
    assert again == NUMBER
    assert len({again, NUMBER}) == 1


@pytest.mark.parametrize("value", [HELD, NUMBER], ids=["text", "number"])
def test_they_are_frozen(value):
    with pytest.raises(AttributeError, match="is frozen"):
        value._text = "1"
    with pytest.raises(AttributeError, match="is frozen"):
        del value._text
    assert not hasattr(value, "__dict__")


@pytest.mark.parametrize("value", [HELD, NUMBER, VERDICT], ids=["text", "number", "verdict"])
def test_they_copy_and_pickle(value):
    for made in (copy.copy(value), copy.deepcopy(value), pickle.loads(pickle.dumps(value))):
        assert made == value
    odd = NumberText("\ud800é１")
    assert pickle.loads(pickle.dumps(odd)) == odd


def test_a_pickled_number_keeps_what_it_is():
    made = pickle.loads(pickle.dumps(NUMBER))
    assert (made.kind, made.possible_birth_dates) == (NumberKind.TENOR, (date(1994, 2, 12),))


def test_nobody_but_the_judge_makes_a_number():
    with pytest.raises(TypeError, match="judge_number") as caught:
        NationalNumber(TENOR)
    assert silent(caught.value)


def test_only_text_is_a_number_as_written():
    with pytest.raises(TypeError, match="not int") as caught:
        NumberText(int(TENOR))
    assert silent(caught.value)


def test_pydantic_takes_text_and_dumps_the_placeholder():
    model = Model(number=TENOR, judged=NUMBER)
    assert model.number == HELD
    assert model.judged is NUMBER
    assert Model(number=HELD).number is HELD
    assert Model.model_validate_json(json.dumps({"number": TENOR})).number == HELD
    dumped = {"number": "<number as written>", "judged": "<Tenor number>"}
    assert model.model_dump() == dumped
    assert json.loads(model.model_dump_json()) == dumped
    assert all(silent(way) for way in (repr(model), str(model), vars(model), dict(model)))
    assert silent(Model.model_json_schema())
    assert Model.model_json_schema()["properties"]["number"] == {"title": "Number", "type": "string", "writeOnly": True}
    assert silent(TypeAdapter(Verdict | None).dump_python(None))


@pytest.mark.parametrize(
    "wrong",
    [{"number": int(TENOR)}, {"number": [TENOR]}, {"number": HELD, "judged": TENOR}],
    ids=["an int", "a list", "text where a judged number belongs"],
)
def test_pydantic_errors_quote_nothing(wrong):
    with pytest.raises(ValidationError) as caught:
        Model.model_validate(wrong)
    shown = "".join(traceback.format_exception_only(caught.value))
    assert all(silent(way) for way in (shown, caught.value.errors(), caught.value.json()))


def test_a_verdict_shows_no_dates_either():
    assert "date" not in repr(VERDICT)
    assert VERDICT.birth_dates
