"""Mobile numbers in one form, with and without the extra."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feideprov import InputError
from feideprov.feide.phone import mobile_number


@pytest.fixture
def without_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "phonenumbers", None)


WRITTEN = {
    "Norwegian alone": ("90123456", "+4790123456"),
    "spaces": ("+47 901 23 456", "+4790123456"),
    "zeros": ("0047 90123456", "+4790123456"),
    "no-break spaces and an invisible mark": ("\u202a+47\u00a090\u00a012\u00a034\u00a056\u202c", "+4790123456"),
    "hyphens": ("+46 70-123 45 67", "+46701234567"),
    "parentheses": ("+380 (50) 123 45 67", "+380501234567"),
    "Arabic digits": ("\u0669\u0660\u0661\u0662\u0663\u0664\u0665\u0666", "+4790123456"),
}


@pytest.mark.parametrize(("text", "stored"), WRITTEN.values(), ids=WRITTEN)
def test_a_mobile_number_is_stored_with_its_country(text, stored):
    assert mobile_number(text) == stored


@pytest.mark.parametrize(("text", "stored"), WRITTEN.values(), ids=WRITTEN)
@pytest.mark.usefixtures("without_the_extra")
def test_the_extra_makes_no_difference_to_what_is_written_plainly(text, stored):
    assert mobile_number(text) == stored


@given(st.sampled_from(["+474", "+479", "+4670", "+38050", "+25191", "+96395"]), st.integers(1000000, 1999999))
def test_a_stored_number_stays_as_it_is(beginning, rest):
    text = f"{beginning}{rest}"
    assert mobile_number(text) == text


@pytest.mark.parametrize("text", ["12345", "ring far", "+", "00", "+0 123 456 78", "501234567", "+47901234567890123"])
def test_what_is_no_mobile_number_is_told_with_what_to_write(text):
    with pytest.raises(InputError, match="“\\+”, the country code"):
        mobile_number(text)


@pytest.mark.usefixtures("without_the_extra")
def test_where_the_extra_is_needed_the_sentence_names_it():
    assert mobile_number("+47 9012345") == "+479012345"
    with pytest.raises(InputError, match="add the extra “phone”"):
        mobile_number("+44 (0)7911 123456")
