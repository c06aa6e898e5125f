"""Language tags (RFC 5646)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feideprov import InputError
from feideprov.language import language_tag


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("nb", "nb"),
        ("UK", "uk"),
        ("nb_NO", "nb-NO"),
        ("zh-hans", "zh-Hans"),
        ("ZH-HANT-tw", "zh-Hant-TW"),
        ("es-419", "es-419"),
        ("zh-yue-HK", "zh-yue-HK"),
        ("sl-ROZAJ-biske-1994", "sl-rozaj-biske-1994"),
        ("de-DE-u-CO-phonebk", "de-DE-u-co-phonebk"),
        ("ar-x-AB-cdef", "ar-x-ab-cdef"),
        ("Bokmål", "nb"),
        ("nynorsk", "nn"),
    ],
)
def test_a_tag_is_written_by_convention(text, tag):
    assert language_tag(text) == tag
    assert language_tag(tag) == tag


@pytest.mark.parametrize(
    "text", ["", "n", "norsk", "ukrainsk", "nb-", "-nb", "nb,en", "nb NO", "nb-N", "en-x", "de-u", "nb\n", "ئا"]
)
def test_what_is_no_tag_is_refused_with_a_sentence(text):
    with pytest.raises(InputError, match="such as uk, ar or nb"):
        language_tag(text)


LETTERS = st.characters(codec="ascii", categories=["Ll", "Lu"])
parts = st.tuples(
    st.text(LETTERS, min_size=2, max_size=3),
    st.sampled_from(["", "-cyrl", "-ARAB"]),
    st.sampled_from(["", "-no", "-UA", "-001"]),
    st.sampled_from(["", "-1996", "-rozaj"]),
    st.sampled_from(["", "-t-en-latn", "-U-nu-arab"]),
)


@given(parts)
def test_every_well_formed_tag_is_taken_and_stays_as_it_is_written(made):
    tag = language_tag("".join(made))
    assert tag.lower() == "".join(made).lower()
    assert language_tag(tag) == tag
