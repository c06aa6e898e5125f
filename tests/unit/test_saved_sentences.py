"""A sentence that is kept in a file can be said in any language later."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from feideprov.messages import LANGUAGES, Sentence, as_saved, from_saved

words = st.text(st.characters(exclude_characters="{}", codec="utf-8"))
days = st.dates() | st.datetimes(timezones=st.just(UTC))
numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)


def sentences(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Sentence]:
    return st.builds(lambda text, value: Sentence(text + "{value}", value=value), words, values)


kept = st.recursive(words | days | numbers, sentences, max_leaves=5)


@given(kept)
def test_what_was_kept_in_json_is_what_it_was(thing: Any) -> None:
    again = from_saved(json.loads(json.dumps(as_saved(thing))))
    assert again == thing
    assert type(again) is type(thing)
    if isinstance(thing, Sentence):
        assert [again.in_language(one) for one in LANGUAGES] == [thing.in_language(one) for one in LANGUAGES]


def test_a_count_a_day_and_a_sentence_in_it_are_said_in_the_language() -> None:
    said = Sentence(
        "{count} row",
        plural="{count} rows: {place} {day} {at}",
        count=2,
        place=Sentence("row {row}", row=7),
        day=date(2026, 11, 3),
        at=datetime(2026, 11, 3, 12, 30, tzinfo=UTC),
    )
    again = from_saved(json.loads(json.dumps(as_saved(said))))
    assert again.in_language("en") == said == "2 rows: row 7 2026-11-03 2026-11-03 12:30:00+00:00"
    assert again.plural == said.plural
    assert again.in_language("nb") == said.in_language("nb")
    assert from_saved("A sentence that an earlier version kept.") == "A sentence that an earlier version kept."
