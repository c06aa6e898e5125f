"""How a message names a column."""

from __future__ import annotations

from feideprov.messages import Sentence
from feideprov.tables.columns import Column, Layout
from feideprov.tables.heading import HeadingReader


def test_a_long_heading_is_said_once_where_it_is_the_canonical_name() -> None:
    name = "kompetansekartlegging_gjennomfoert_in_nir"
    layout = Layout(Sentence("list"), (Column("key"), Column(name, ("Kartlagt",))), required=(("key",),))
    assert HeadingReader(layout, {}).read(["key", name], "list.csv").where(name) == f"Column {name}"
    assert HeadingReader(layout, {}).read(["key", "Kartlagt"], "list.csv").where(name) == f"Column {name} (“Kartlagt”)"
