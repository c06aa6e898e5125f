"""A list of rows: a table in a terminal; elsewhere lines with tabs, whole and without decoration, for programs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from feideprov.text import shown

Row = Sequence[str]


def show_rows(heading: Row, rows: Iterable[Row], console: Console, *, folded: Collection[str]) -> None:
    """Print rows under a heading. The columns `folded` may take more than one line in a table."""
    lines = [tuple(map(printable, row)) for row in rows]
    if not console.is_terminal:
        for row in (heading, *lines):
            typer.echo("\t".join(row).rstrip("\t"))
        return
    table = Table()
    for name in heading:
        table.add_column(name, overflow="fold", no_wrap=name not in folded)
    for row in lines:
        table.add_row(*map(escape, row))
    console.print(table)


def printable(text: str) -> str:
    """One line of our own, made of parts without numbers: its columns stay, and nothing in it moves the cursor."""
    return " ".join(shown(part, hide_numbers=False) for part in text.split(" "))
