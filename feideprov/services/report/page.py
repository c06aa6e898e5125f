"""The page: an organization's situation as one HTML file that needs no other file.

It has no script, font or picture and fetches nothing; its own Content Security Policy (level 3) allows nothing more.
What others wrote (names of services and providers) is escaped and cleaned. The page holds Feide names, but not those of
protected users.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final

from feideprov.services.owed import ChangeKind
from feideprov.services.register.service import Service
from feideprov.services.report.matrix import CELL_OF, Cell, Matrix
from feideprov.services.report.page_words import WORDS, phrases, short_day
from feideprov.services.report.situation import Age, Situation
from feideprov.services.wording import day_in_words, environment
from feideprov.text import shown

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES: Final = Path(__file__).parent / "templates"
AT_ONCE: Final = 40
"""Services beside each other in one table: as many as fit on an A4 sheet."""


@dataclass(frozen=True)
class Part:
    """Some services of the matrix, side by side. `first` and `last` are their places, counted from 1."""

    first: int
    last: int
    services: tuple[Service, ...]


def parts_of(matrix: Matrix, at_once: int = AT_ONCE) -> Iterator[Part]:
    """The services of a matrix in parts, as many as fit in one table."""
    for start in range(0, len(matrix.services), at_once):
        some = matrix.services[start : start + at_once]
        yield Part(start + 1, start + len(some), some)


def page(situation: Situation, language: str = "nb") -> str:
    """The page in bokmål or English; for nynorsk (`nn`) in bokmål.

    Raises ConfigurationError when Jinja2 is not installed.
    """
    language = language if language in WORDS else "nb"
    style = (TEMPLATES / "page.css").read_text(encoding="utf-8").strip()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    template = _environment().get_template("page.html.j2")
    return template.render(
        language=language,
        say=phrases(language),
        day=partial(day_in_words, language=language),
        short=partial(short_day, language=language),
        style=style,
        digest=digest,
        situation=situation,
        matrix=situation.matrix,
        parts=list(parts_of(situation.matrix)),
        due_by_service={due.service.id: due for due in situation.due},
        schools={school.id: school.name for school in situation.organization.schools},
        states=list(CELL_OF.items()),
        cells=list(Cell),
        ages=list(Age),
        kinds=list(ChangeKind),
        version=version("feideprov"),
    )


@cache
def _environment() -> Environment:
    return environment([TEMPLATES], finalize=_clean, html=True)


def _clean(value: object) -> object:
    """Foreign text cleaned; HTML that is escaped already (`Markup`) as it is."""
    return shown(value) if isinstance(value, str) and not hasattr(value, "__html__") else value
