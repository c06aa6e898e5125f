"""A list of rows: a table in a terminal; elsewhere lines with tabs, complete and undecorated, for programs."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

import typer

from feideprov.text import shown

if TYPE_CHECKING:
    from rich.console import Console


Row = Sequence[str]


def show_rows(heading: Row, rows: Iterable[Row], *, folded: Collection[str]) -> None:
    """Print rows under a heading. The columns `folded` may take more than one line in a table."""
    lines = [tuple(map(printable, row)) for row in rows]
    console = _terminal()
    if console is None:
        for row in (heading, *lines):
            typer.echo("\t".join(row).rstrip("\t"))
        return
    from rich.markup import escape
    from rich.table import Table

    table = Table()
    for name in heading:
        table.add_column(name, overflow="fold", no_wrap=name not in folded)
    for row in lines:
        table.add_row(*map(escape, row))
    console.print(table)


def printable(text: str) -> str:
    """A line made of parts without numbers: its columns stay, and nothing in it moves the terminal's cursor."""
    return " ".join(shown(part, hide_numbers=False) for part in text.split(" "))


def _terminal() -> Console | None:
    """The terminal that standard output goes to; None when it goes elsewhere."""
    if not sys.stdout.isatty():
        return None
    from rich.console import Console

    return Console()
