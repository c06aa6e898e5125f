"""The tables of `docs/model.md`, generated from the model."""

from __future__ import annotations

from functools import partial
from typing import Final

from feideprov.reference.pages import Blocks, markdown_table
from feideprov.schema import ATTRIBUTES, OBLIGATIONS, Attribute, Node

_EVERY: Final = tuple(dict.fromkeys(ATTRIBUTES.values()))


def node_table(node: Node) -> str:
    """What Feide requires of one kind of entry."""
    asked = ((ATTRIBUTES[name.lower()], obligation) for name, obligation in OBLIGATIONS[node].items())
    return markdown_table(
        ("attribute", "English", "bokmål", "obligation", "values", "rule", "source"),
        (
            (f"`{one.name}`", one.en, one.nb, obligation, _values(one), _rule(one), one.source)
            for one, obligation in asked
        ),
    )


def schema_table() -> str:
    """The definition of every attribute, by specification."""
    return markdown_table(
        ("attribute", "OID", "specification", "syntax", "equality", "ordering", "substring", "values"),
        (
            (
                ", ".join(f"`{name}`" for name in (one.name, *one.aliases)),
                one.oid,
                one.specification,
                one.syntax.name.lower().replace("_", " "),
                one.equality or "",
                one.ordering or "",
                one.substring or "",
                _values(one),
            )
            for one in _EVERY
        ),
    )


def group_table() -> str:
    """The known attribute groups, and the attributes that a service gets in each."""
    groups = sorted({group for one in _EVERY for group in one.groups})
    return markdown_table(
        ("attribute group", "attributes"),
        ((f"`{group}`", ", ".join(f"`{one.name}`" for one in _EVERY if group in one.groups)) for group in groups),
    )


BLOCKS: Final[Blocks] = {
    **{node.value: partial(node_table, node) for node in Node},
    "groups": group_table,
    "schema": schema_table,
}


def _values(one: Attribute) -> str:
    return "one" if one.single else "many"


def _rule(one: Attribute) -> str:
    exception = f" Can be absent when {one.exception}." if one.exception else ""
    return one.rule + exception
