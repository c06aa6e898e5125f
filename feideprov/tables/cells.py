"""The cells of a spreadsheet as text, for the column that they stand in."""

from __future__ import annotations

import math
from datetime import date, datetime, time
from typing import Any, Final

from feideprov.no_value import MADE_DATE
from feideprov.tables.columns import Column

_EXACT: Final = 10**15
"""From here on, a spreadsheet keeps only the first fifteen digits of a number."""
_WHOLE: Final = (11, 12)
"""How many digits an identity number or a DUF number has."""
_LOST_ZERO: Final = "{digits}.0"
"""How a number is written in CSV from which a spreadsheet has perhaps removed a zero (N-DECIMAL)."""
_NOT_FINITE: Final = "#NUM!"
"""The error of a spreadsheet whose result is no number: a file may also say “NaN”, or a number that is too large."""


def text_of(cell: Any, column: Column) -> str:
    """What stands in a cell, as a person would write it.

    A number that is whole has no decimals; one with more digits than a spreadsheet keeps is written with a power, which
    no column takes for a key. In a column for people's numbers, a number of other than eleven or twelve digits, or a
    date, is written so that the judge refuses it as one that a spreadsheet has changed.

    >>> text_of(40123.0, Column("source_id")), text_of(date(2009, 3, 14), Column("birth_date", holds_date=True))
    ('40123', '2009-03-14')
    """
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        return _of_number(cell, column)
    if column.holds_number:
        return _LOST_ZERO.format(digits=0)
    if not column.holds_date:
        return MADE_DATE
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def _of_number(number: float, column: Column) -> str:
    if not math.isfinite(number):
        return _NOT_FINITE
    if abs(number) >= _EXACT or number != int(number):
        return f"{number:.15G}"
    digits = str(int(number))
    if column.holds_number and len(digits) not in _WHOLE:
        return _LOST_ZERO.format(digits=digits)
    return digits
