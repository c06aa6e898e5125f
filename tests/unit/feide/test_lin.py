"""norEduPersonLIN: what is read, what is kept, and what is written nowhere."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feideprov import InputError, NumberKind, NumberText, judge_number
from feideprov.feide.lin import LocalNumber, local_number, read_local_number
from feideprov.testing.strategies import d_numbers, duf_numbers, fodselsnumre, invented_numbers, look_alikes

REALM = "skotthyll.kommune.no"
ON = date(2026, 11, 22)
LOCAL = (NumberKind.H_NUMBER, NumberKind.S_NUMBER, NumberKind.LOCAL_LONG)

values = st.builds(
    LocalNumber, st.just(REALM), st.sampled_from(["localnin", "employee"]), st.text(min_size=1).filter(str.strip)
) | st.builds(LocalNumber, st.just(REALM), st.just("fin"), st.text("0123456789", min_size=11, max_size=11))


@given(values)
def test_what_is_written_is_read_back_and_not_shown(value):
    assert LocalNumber.parse(str(value)) == value
    assert repr(value) == f"LocalNumber(realm='{REALM}', kind='{value.kind}')"


@given(st.sampled_from(["localnin", "fin", "employee"]), st.text("0123456789", min_size=11, max_size=11))
def test_what_is_read_is_written_back(kind, local_id):
    text = f"{REALM}:{kind}:{local_id}"
    assert str(LocalNumber.parse(text)) == text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "must begin with the realm"),
        (":fin:12345678901", "must begin with the realm"),
        (f"{REALM}:nin:123", "localnin, fin or employee"),
        (f"{REALM}:employee", "must have a number after the kind"),
        (f"{REALM}:employee: ", "must have a number after the kind"),
        (f"{REALM}:fin:1234567890", "eleven digits"),
    ],
    ids=["empty", "no-realm", "kind", "no-id", "blank-id", "short-fin"],
)
def test_what_is_no_local_number_is_told_without_quoting_it(text, sentence):
    with pytest.raises(InputError, match=sentence) as raised:
        LocalNumber.parse(text)
    assert "123" not in str(raised.value)
    assert read_local_number(text) is None


@given(st.sampled_from([NumberKind.H_NUMBER, NumberKind.S_NUMBER]).flatmap(look_alikes))
def test_a_number_that_is_local_by_nature_is_kept(text):
    assert local_number(NumberText(text), REALM, ON) == LocalNumber(REALM, "localnin", text)


def test_a_date_and_six_digits_is_kept_as_digits():
    assert str(local_number(NumberText("010203-000000"), REALM, ON)) == f"{REALM}:localnin:010203000000"


@given(look_alikes(NumberKind.COUNTY).map(NumberText))
def test_a_number_of_the_form_of_a_county_s_is_kept_where_the_school_is_a_county_s(number):
    assert local_number(number, REALM, ON, of_county=True) == LocalNumber(REALM, "fin", number.reveal())


def unseen(numbers: st.SearchStrategy[str]) -> st.SearchStrategy[NumberText]:
    """Hypothesis prints what fails, and some of these can equal a living person's number."""
    return numbers.map(NumberText)


@given(unseen(invented_numbers() | look_alikes(NumberKind.COUNTY) | look_alikes(NumberKind.TENOR)))
def test_no_other_invention_is_kept(number):
    assert judge_number(number, on=ON).kind in LOCAL or local_number(number, REALM, ON) is None


@given(
    unseen(fodselsnumre() | d_numbers() | duf_numbers() | fodselsnumre(synthetic=False) | d_numbers(synthetic=False))
)
def test_no_number_of_an_authority_is_kept(number):
    assert local_number(number, REALM, ON) is None
    kept = local_number(number, REALM, ON, of_county=True)
    assert kept is None or judge_number(number, on=ON).code == "N-D-900"


@given(unseen(d_numbers(synthetic=False) | fodselsnumre(synthetic=False)), st.integers(0, 999))
def test_what_may_be_a_real_number_is_not_kept_with_digits_behind_it(number, behind):
    assert local_number(NumberText(f"{number.reveal()}{behind}"), REALM, ON) is None
