"""Words that come from others (names of services and providers, reasons), as they may be shown anywhere."""

from __future__ import annotations

import re

from feideprov.errors import scrub
from feideprov.numbers import number_shaped
from feideprov.sheets import defused

_JOINERS = "\u200c\u200d"
"""Invisible, but letters of Persian and of Indic scripts look different with and without them."""
_FORMULA_AFTER_SEPARATOR = re.compile(r"([,;\t][\s\"]*)([=+\-@])")


def plain(text: str) -> str:
    """On one line, without what turns the direction of the text around it or moves a cursor (Unicode's control and
    format characters), and without digits that could be a person's number.

    >>> plain("Lexi\\u202en\\u2066 AS\\r\\nBcc: all"), plain("Lexin 128294-99914")
    ('Lexin AS Bcc: all', 'Lexin …')
    """
    kept = "".join(c if c.isprintable() or c in _JOINERS else " " if c.isspace() else "" for c in text)
    kept = " ".join(kept.split())
    return scrub(kept) if number_shaped(kept) else kept


def cell(text: str) -> str:
    """The same for a cell of a sheet, which no spreadsheet takes for a formula.

    Neither where it splits the lines at another separator than the one that was written: `,` in English, `;` in
    Norwegian.

    >>> cell("=HYPERLINK(1)"), cell("Lexin,=1+1"), cell("Lexin AS")
    ("'=HYPERLINK(1)", "Lexin,'=1+1", 'Lexin AS')
    """
    return defused(_FORMULA_AFTER_SEPARATOR.sub(r"\1'\2", plain(text)))
