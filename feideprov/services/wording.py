"""What messages, sheets and the page share: the Jinja environment, days and names in a language, and clean text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from feideprov.installation import missing_extra
from feideprov.messages import Sentence
from feideprov.sheets import defused
from feideprov.text import shown

if TYPE_CHECKING:
    from jinja2 import Environment

_NORWEGIAN_MONTHS: Final = (
    *("januar", "februar", "mars", "april", "mai", "juni"),
    *("juli", "august", "september", "oktober", "november", "desember"),
)
MONTHS: Final = {
    "nb": _NORWEGIAN_MONTHS,
    "nn": _NORWEGIAN_MONTHS,
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}
_AND: Final = {"nb": "og", "nn": "og", "en": "and"}
_FORMULA_AFTER_SEPARATOR: Final = re.compile(r"([,;\t][\s\"]*)([=+\-@])")


def environment(folders: Sequence[Path], *, finalize: Callable[[Any], Any], html: bool = False) -> Environment:
    """A sandbox for templates, which are searched for in these folders, in this order.

    `finalize` cleans each value that a template inserts; `html` also escapes it. Raises ConfigurationError when Jinja2
    is not installed.
    """
    try:
        import jinja2
        from jinja2.sandbox import ImmutableSandboxedEnvironment
    except ImportError:
        raise missing_extra("services", Sentence("Writing messages or the page")) from None
    return ImmutableSandboxedEnvironment(
        loader=jinja2.FileSystemLoader(folders, encoding="utf-8-sig"),  # Windows editors write a byte order mark
        undefined=jinja2.StrictUndefined,
        autoescape=html,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=finalize,
    )


def day_in_words(day: date, language: str) -> str:
    """A day as a letter writes it.

    >>> day_in_words(date(2026, 11, 3), "nb"), day_in_words(date(2026, 11, 3), "en")
    ('3. november 2026', '3 November 2026')
    """
    dot = "" if language == "en" else "."
    return f"{day.day}{dot} {MONTHS[language][day.month - 1]} {day.year}"


def names_in_words(names: Iterable[str], language: str) -> str:
    """Names in one sentence.

    >>> names_in_words(["Kikora", "Salto", "Creaza"], "nb")
    'Kikora, Salto og Creaza'
    """
    *most, last = list(names) or [""]
    return f"{', '.join(most)} {_AND[language]} {last}" if most else last


def cell(text: str) -> str:
    """A foreign text for a cell of a sheet, cleaned as by `text.shown`. No spreadsheet takes it for a formula, even
    if it splits the lines at another separator than the one written: `,` in English, `;` in Norwegian.

    >>> cell("=HYPERLINK(1)"), cell("Lexin,=1+1"), cell("Lexin AS")
    ("'=HYPERLINK(1)", "Lexin,'=1+1", 'Lexin AS')
    """
    return defused(_FORMULA_AFTER_SEPARATOR.sub(r"\1'\2", shown(text)))
