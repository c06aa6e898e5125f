"""CSV that Excel opens without an import dialogue, and in which no cell is a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Sequence
from typing import Final

_SIGNS: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""What a formula begins with, also after spaces; the last four in a spreadsheet in Japanese or Chinese."""


def csv_sheet(heading: Sequence[str], rows: Iterable[Sequence[str | None]], *, exact: Collection[str] = ()) -> bytes:
    """A CSV file: `;`, UTF-8 with BOM, CRLF. None is an empty cell.

    Cells are defused, except in the columns that `exact` names: what a program reads back, such as a password, must not
    change.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(heading)
    kept = {place for place, name in enumerate(heading) if name in exact}
    for row in rows:
        writer.writerow([cell if place in kept else defused(cell or "") for place, cell in enumerate(row)])
    return text.getvalue().encode("utf-8-sig")


def defused(text: str) -> str:
    """A cell that a spreadsheet does not take for a formula."""
    begins = text.startswith(("\t", "\r", "\n")) or text.lstrip().startswith(_SIGNS)
    return f"'{text}" if begins else text
