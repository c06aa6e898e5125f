"""However people write a number in groups, it is seen wherever it must not be shown or used. Each name is the law."""

from __future__ import annotations

from datetime import datetime
from unicodedata import decimal
from uuid import UUID

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from size import size

from feideprov.errors import scrub, scrub_path
from feideprov.intake.key_cell import with_keys
from feideprov.issues import Origin
from feideprov.journal.keys import MarkKey
from feideprov.numbers import key_is_number, number_shaped
from feideprov.tables.table import Row
from feideprov.testing.strategies import d_numbers, duf_numbers, fodselsnumre
from feideprov.text import holds_number, shown

KEY = MarkKey(b"a key for examples and nothing else")
lawful = settings(deadline=None, max_examples=size(40, 500))
ELEVEN = ((6, 5), (2, 2, 2, 5), (6, 3, 2), (2, 2, 2, 3, 2), (1,) * 11)
TWELVE = ((4, 6, 2), (10, 2))
SIGNS = " ./_,:;-\N{EN DASH}\N{NO-BREAK SPACE}\N{FULLWIDTH SOLIDUS}\N{IDEOGRAPHIC SPACE}\N{MIDDLE DOT}|+'"
separators = st.text(SIGNS + "\u200b", min_size=1, max_size=3)


@st.composite
def spelled(draw: st.DrawFn) -> str:
    """A number in groups, with signs of one kind or of several between them, in digits of any script."""
    number = draw(fodselsnumre() | d_numbers() | duf_numbers(st.integers(1985, 2026)))
    sizes = draw(st.sampled_from(ELEVEN if len(number) == 11 else TWELVE))
    groups, at = [], 0
    for length in sizes:
        groups.append(number[at : at + length])
        at += length
    same = draw(separators)
    text = groups[0]
    for group in groups[1:]:
        text += (draw(separators) if draw(st.booleans()) else same) + group
    zero = ord(draw(st.sampled_from("00000٠０۰")))
    return "".join(chr(zero + int(c)) if c.isascii() and c.isdigit() else c for c in text)


def digits(text: str) -> str:
    return "".join(str(decimal(c)) for c in text if c.isdecimal())


@lawful
@given(spelled())
def test_every_recognizer_sees_it(text):
    assert number_shaped(text)
    assert number_shaped(f"ola {text}.csv")
    assert holds_number(text)
    assert key_is_number(text)
    assert key_is_number(f"visma:{text}")


@lawful
@given(
    spelled(), st.sampled_from(["{}", "value <{}> exists", "uid={},dc=no", "/home/ola/{}.csv", "line 3: {}", "«{}»"])
)
def test_no_scrubber_leaves_five_digits_of_it(text, place):
    for scrubber in (scrub, scrub_path, shown):
        left = scrubber(place.format(text))
        assert len(digits(left)) - len(digits(place)) < 5, scrubber


@lawful
@given(st.uuids())
@example(UUID("12345678-1234-1234-1234-123456789012"))
def test_a_uuid_is_no_number_as_a_key(uuid):
    assert not key_is_number(str(uuid))
    assert not key_is_number(uuid.urn)
    assert not key_is_number(f"{{{uuid}}}".upper())


MOMENTS = (
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M:%S",
    "%d.%m.%Y %H.%M",
    "%d/%m/%y %H:%M:%S",
    "%Y%m%d%H%M%SZ",
    "%d.%m.%Y, %H:%M",
)
"""As files, servers and people write a date with the time."""
moments = st.datetimes(datetime(1950, 1, 1), datetime(2060, 1, 1))


@lawful
@given(moments, st.sampled_from(MOMENTS))
def test_a_date_with_the_time_is_no_number_as_a_key(moment, form):
    assert not key_is_number(moment.strftime(form))


@lawful
@given(moments, st.sampled_from(("%Y-%m-%dT%H:%M:%S", "%d/%m/%y %H:%M:%S")))
def test_a_date_with_the_time_is_not_number_shaped_by_its_signs(moment, form):
    assert not number_shaped(moment.strftime(form))


@pytest.mark.parametrize(
    "path", ["/tmp/pytest-of-root/pytest-1114/x0", "/lists/2026-11-29/07.csv", "run-20261129/1.csv"]
)
def test_the_digits_of_folders_stay(path):
    assert scrub_path(path) == path


@pytest.mark.parametrize(
    "text",
    [
        "127.0.0.1:5432",
        "47 22 33 44 55",
        "974760673",
        "2026/0012345",
        "1.3.6.1.4.1.2428.90.1.5",
        "rows 12, 13, 14, 15, 16",
    ],
)
def test_other_texts_with_signs_between_digits_are_no_keys_of_people(text):
    assert not key_is_number(text)
    assert not number_shaped(text)


@lawful
@given(text=spelled())
def test_in_every_spelling_a_number_in_place_of_a_key_gives_the_same_letters_or_is_refused(text):
    [keyed] = with_keys([Row(Origin("people.csv", 2), {"source_id": text})], KEY)
    assert keyed.row["source_id"] == KEY.in_place_of_key(digits(text)) or key_is_number(keyed.row["source_id"])
    [beside] = with_keys([Row(Origin("people.csv", 2), {"duf_number": text})], KEY)
    assert beside.problem is not None or beside.row["source_id"] == KEY.in_place_of_key(digits(text))
