"""How messages name the columns of lists in Norwegian: by a heading that the reader knows."""

from __future__ import annotations

import pytest

from feideprov.intake import columns
from feideprov.messages import said_in
from feideprov.tables.columns import Layout, heading_key, in_words

LAYOUTS = [one for one in vars(columns).values() if isinstance(one, Layout)]


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_every_column_of_a_list_of_people_is_named_by_a_heading_that_is_known(language: str) -> None:
    for column in {column.name: column for layout in LAYOUTS for column in layout.columns}.values():
        assert in_words(column.name) == column.name
        said = said_in(in_words(column.name), language)
        assert heading_key(said) in map(heading_key, column.headings), column.name
