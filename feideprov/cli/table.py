"""A list of rows: a table in a terminal; elsewhere lines with tabs, complete and undecorated, for programs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Final, TypeVar

import typer

from feideprov.cli.call import Tone, is_coloured, is_terminal, painted
from feideprov.cli.language import said
from feideprov.cli.screen import Toned, terminal_width, toned, units, wrapped
from feideprov.text import shown

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

Row = Sequence[str]
TonedRow = Sequence[str | Toned]
_T = TypeVar("_T")
_Tones = Sequence[Tone | None]
_STYLES: Final = {None: "", Tone.STOPS: "red", Tone.WAITS: "yellow"}
"""Of rich."""
_READABLE: Final = 16
"""A column that takes more than one line is at least this wide, or the rows are shown one below the other."""


def show_rows(heading: Row, rows: Iterable[TonedRow], *, folded: Collection[str], most: int | None = None) -> int:
    """Print rows under a heading, in a terminal not more than `most`. Returns how many are left out.

    The columns `folded` may take more than one line in a table. In a terminal that is too narrow for a table, each row
    is shown as lines, one for each column. No word is cut. Sentences are said in the language of the call. A cell
    may have a tone.
    """
    console = _terminal()
    rows = iter(rows)
    heading, folded = tuple(map(said, heading)), tuple(map(said, folded))
    listed = [tuple(map(toned, row)) for row in islice(rows, None if console is None else most)]
    lines = [tuple(printable(said(cell.text)) for cell in row) for row in listed]
    _show(heading, lines, [[cell.tone for cell in row] for row in listed], folded, console)
    return sum(1 for _ in rows)


def _show(
    heading: Row, lines: Sequence[Row], tones: Sequence[_Tones], folded: Collection[str], console: Console | None
) -> None:
    if console is None:
        for row, of_row in ((heading, [None] * len(heading)), *zip(lines, tones, strict=True)):
            line = "\t".join(map(painted, row, of_row)).rstrip("\t")
            typer.echo(line, color=is_coloured() or None)
        return
    nameless = {place for place, name in enumerate(heading) if not name and not any(row[place] for row in lines)}
    if nameless:
        heading, *lines = (_others(row, nameless) for row in (heading, *lines))
        tones = [_others(row, nameless) for row in tones]
    if (widths := _widths(heading, lines, folded, console.width)) is not None:
        console.print(_table(heading, lines, tones, widths))
        return
    indent = 2 + max((len(name) for place, name in enumerate(heading) if any(row[place] for row in lines)), default=0)
    for row, of_row in zip(lines, tones, strict=True):
        shown_row = (*_one_below_the_other(heading, row, of_row, indent, console.width), "")
        typer.echo("\n".join(shown_row), color=is_coloured() or None)


def _others(row: Sequence[_T], left_out: Collection[int]) -> tuple[_T, ...]:
    """The cells of a row without some."""
    return tuple(cell for place, cell in enumerate(row) if place not in left_out)


def printable(text: str) -> str:
    """A line made of parts without numbers: its columns stay, and nothing in it moves the terminal's cursor."""
    return " ".join(shown(part, hide_numbers=False) for part in text.split(" "))


def _terminal() -> Console | None:
    """The terminal that standard output goes to; None when it goes elsewhere."""
    if not is_terminal():
        return None
    from rich.console import Console

    # without a height, TERM=dumb has 80 columns
    return Console(
        width=terminal_width(),
        height=1,
        highlight=False,
        force_terminal=True,
        color_system="standard" if is_coloured() else None,
    )


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


def _table(heading: Row, rows: Iterable[Row], tones: Iterable[_Tones], widths: Sequence[int]) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table()
    for name, width in zip(heading, widths, strict=True):
        table.add_column(name, width=width)
    for row, of_row in zip(rows, tones, strict=True):
        cells = ("\n".join(wrapped(cell, width)) for cell, width in zip(row, widths, strict=True))
        table.add_row(*(Text(cell, _STYLES[tone]) for cell, tone in zip(cells, of_row, strict=True)))
    return table


def _one_below_the_other(heading: Row, row: Row, tones: _Tones, indent: int, width: int) -> Iterator[str]:
    """The columns of a row that are not empty, each with its name in front."""
    for name, cell, tone in zip(heading, row, tones, strict=True):
        if cell:
            lines = (painted(line, tone) for line in wrapped(cell, max(width - indent, _READABLE)))
            yield f"{name:<{indent}}{next(lines)}"
            yield from (f"{'':{indent}}{line}" for line in lines)
