"""Each table belongs to one package, whose modules alone read and write it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import sqlalchemy as sa
from sources import PACKAGE, Trees

from feideprov.journal import tables
from feideprov.observe.snapshot import Seen, Snapshot

TABLES = {name: table for name, table in vars(tables).items() if isinstance(table, sa.Table)}
OTHERS = {
    "seen": "observe",
    "observation": "observe",
    "night": "nightly",
    "told": "nightly",
    **dict.fromkeys(("service", "feide_organization", "notice", "delivery"), "services"),
}
COUNTED = {("journal/presence.py", "seen")}
"""Of these only the rows are counted, by a module that those of the owner are above."""


def imported(tree: ast.Module) -> Iterator[str]:
    """The tables that a module can reach."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == tables.__name__:
            yield from (alias.name for alias in node.names if alias.name in TABLES)
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
        whole = isinstance(node, ast.ImportFrom) and node.module == "feideprov.journal" and "tables" in names
        if whole or (isinstance(node, ast.Import) and tables.__name__ in names):
            yield from TABLES


def test_every_table_has_an_owner():
    assert {name: table.info["owner"] for name, table in TABLES.items()} == dict.fromkeys(TABLES, "journal") | OTHERS
    assert {table.name for table in TABLES.values()} == set(TABLES) == set(tables.metadata.tables)


def test_a_table_is_imported_by_its_owner_alone(trees: Trees):
    by_others = {
        (path.relative_to(PACKAGE).as_posix(), name)
        for path, tree in trees.items()
        for name in imported(tree)
        if TABLES[name].info["owner"] != path.relative_to(PACKAGE).parts[0]
    }
    assert by_others == COUNTED


def test_a_forgotten_user_leaves_every_table_that_has_its_name(journal):
    """By what is registered with the table: the journal imports no module of the owner."""
    with_a_name = {name for name, table in TABLES.items() if "feide_name" in table.c}
    registered = {name: table.info["forgets"] for name, table in TABLES.items() if table.info["forgets"]}
    assert registered == dict.fromkeys(with_a_name - {"change"}, "feide_name")
    gone, stays = "olenkova@skotthyll.kommune.no", "anna@skotthyll.kommune.no"
    with journal.writing() as connection:
        Snapshot().write(connection, journal.realm, "2026-11-23T10:00:00+00:00", {gone: Seen(), stays: Seen()})
    journal.forget(gone)
    assert set(Snapshot.read(journal, []).users) == {stays}
