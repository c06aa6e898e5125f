"""Each name that a rule has, has words in three languages."""

from __future__ import annotations

from typing import get_args

import pytest

from feideprov.messages import Language
from feideprov.nir import model, words
from feideprov.nir.channels import Channel
from feideprov.nir.lists.columns import fields_of
from feideprov.nir.lists.field_kinds import FACTS, FieldKind, field_row
from feideprov.nir.table.rules import Rules
from feideprov.nir.verdict import VerdictKind
from feideprov.nir.work_items import ItemKind


def test_each_field_of_the_rules_has_words() -> None:
    assert {rule.field for rule in Rules.shipped().rules} <= words.FIELDS.keys(), "add it to nir/words.py"


def test_it_is_said_what_the_cells_of_each_field_hold() -> None:
    said = {field for field in fields_of(Rules.shipped()) if field_row(field).kind is not FieldKind.ANY}
    assert said == set(fields_of(Rules.shipped())), "add it to nir/lists/field_kinds.py"


def test_each_fact_scheme_law_verdict_and_channel_has_words() -> None:
    assert list(FACTS) == list(model.FACTS)
    assert list(words.SCHEMES) == list(model.Scheme)
    assert list(words.LAWS) == list(model.Law)
    assert words.KINDS.keys() == {*VerdictKind, *ItemKind} - {ItemKind.RECORD}
    assert words.CHANNELS.keys() == set(Channel)


@pytest.mark.parametrize("table", ["FIELDS", "SCHEMES", "LAWS", "KINDS", "CHANNELS"])
def test_no_text_is_empty_and_no_two_fields_are_called_the_same(table) -> None:
    for language in get_args(Language):
        said = [words.in_words(getattr(words, table), key, language) for key in getattr(words, table)]
        assert all(said)
        assert len(set(said)) == len(said)


def test_a_sheet_calls_a_field_and_a_scheme_as_the_worklist_does() -> None:
    assert all(field_row(field).heading == words.FIELDS[field] for field in fields_of(Rules.shipped()))
    assert all(len(name) <= 31 for names in words.SCHEMES.values() for name in names.in_every_language())


def test_a_field_without_words_is_shown_by_its_name() -> None:
    assert words.in_words(words.FIELDS, "praksis", "nb") == "praksis"
