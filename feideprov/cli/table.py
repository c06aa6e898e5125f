"""A list of rows: a table in a terminal; elsewhere lines with tabs, complete and undecorated, for programs."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Final

import typer

from feideprov.cli.language import said
from feideprov.cli.screen import terminal_width, units, wrapped
from feideprov.text import shown

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

Row = Sequence[str]
_READABLE: Final = 16
"""A column that takes more than one line is at least this wide, or the rows are shown one below the other."""


def show_rows(heading: Row, rows: Iterable[Row], *, folded: Collection[str], most: int | None = None) -> int:
    """Print rows under a heading, in a terminal not more than `most`. Returns how many are left out.

    The columns `folded` may take more than one line in a table. In a terminal that is too narrow for a table, each row
    is shown as lines, one for each column. No word is cut. Sentences are said in the language of the call.
    """
    console = _terminal()
    rows = iter(rows)
    heading, folded = tuple(map(said, heading)), tuple(map(said, folded))
    lines = [tuple(printable(said(cell)) for cell in row) for row in islice(rows, None if console is None else most)]
    _show(heading, lines, folded, console)
    return sum(1 for _ in rows)


def _show(heading: Row, lines: Sequence[Row], folded: Collection[str], console: Console | None) -> None:
    if console is None:
        for row in (heading, *lines):
            typer.echo("\t".join(row).rstrip("\t"))
        return
    if (widths := _widths(heading, lines, folded, console.width)) is not None:
        console.print(_table(heading, lines, widths))
        return
    for row in lines:
        typer.echo("\n".join((*_one_below_the_other(heading, row, console.width), "")))


def printable(text: str) -> str:
    """A line made of parts without numbers: its columns stay, and nothing in it moves the terminal's cursor."""
    return " ".join(shown(part, hide_numbers=False) for part in text.split(" "))


def _terminal() -> Console | None:
    """The terminal that standard output goes to; None when it goes elsewhere."""
    if not sys.stdout.isatty():
        return None
    from rich.console import Console

    width = terminal_width()
    return Console(
        file=sys.stdout, width=width, height=1, highlight=False
    )  # without a height, TERM=dumb has 80 columns


def _widths(heading: Row, rows: Iterable[Row], folded: Collection[str], width: int) -> list[int] | None:
    """The width of each column of a table; None when it would not fit without cutting words.

    A word that is wider than the terminal is cut in any case.
    """
    from rich.cells import cell_len

    columns = list(zip(heading, *rows, strict=True))
    natural = [max(map(cell_len, column)) for column in columns]
    least = [
        max(min(most, _READABLE), _longest_word(column, width)) if column[0] in folded else most
        for column, most in zip(columns, natural, strict=True)
    ]
    room = width - 3 * len(columns) - 1 - sum(least)
    if room < 0:
        return None
    wanted = [most - low for most, low in zip(natural, least, strict=True)]
    share = min(1.0, room / sum(wanted)) if any(wanted) else 0.0
    return [low + int(more * share) for low, more in zip(least, wanted, strict=True)]


def _longest_word(texts: Iterable[str], width: int) -> int:
    from rich.cells import cell_len

    words = (cell_len(word) for text in texts for _, word in units(text))
    return max((length for length in words if length <= width), default=0)


def _table(heading: Row, rows: Iterable[Row], widths: Sequence[int]) -> Table:
    from rich.markup import escape
    from rich.table import Table

    table = Table()
    for name, width in zip(heading, widths, strict=True):
        table.add_column(name, width=width)
    for row in rows:
        cells = ("\n".join(wrapped(cell, width)) for cell, width in zip(row, widths, strict=True))
        table.add_row(*map(escape, cells))
    return table


def _one_below_the_other(heading: Row, row: Row, width: int) -> Iterator[str]:
    """The columns of a row that are not empty, each with its name in front."""
    indent = 2 + max(map(len, heading))
    for name, cell in zip(heading, row, strict=True):
        if cell:
            first, *others = wrapped(cell, max(width - indent, _READABLE))
            yield f"{name:<{indent}}{first}"
            yield from (f"{'':{indent}}{line}" for line in others)
