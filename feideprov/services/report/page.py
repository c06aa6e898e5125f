"""The page: an organization's situation as one HTML file that needs no other file.

What others wrote (names of services and providers) is escaped and cleaned. The page holds Feide names, but not those of
protected users.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from feideprov.messages import Language
from feideprov.pages.page import written
from feideprov.services.owed import ChangeKind
from feideprov.services.register.service import Service
from feideprov.services.report.matrix import CELL_OF, Cell, Matrix
from feideprov.services.report.page_words import PHRASES
from feideprov.services.report.situation import Age, Situation
from feideprov.services.wording import source_in_words

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


def page(situation: Situation, language: Language = "nb") -> str:
    """The page in bokmål, nynorsk or English.

    Raises ConfigurationError when Jinja2 is not installed.
    """
    return written(
        TEMPLATES,
        "page.html.j2",
        language,
        PHRASES,
        organization=situation.organization.name,
        on=situation.on,
        parts=("steps", "ages", "services", "notices", "matrix"),
        situation=situation,
        matrix=situation.matrix,
        tables=list(parts_of(situation.matrix)),
        due_by_service={due.service.id: due for due in situation.due},
        schools={school.id: school.name for school in situation.organization.schools},
        states=list(CELL_OF.items()),
        cells=list(Cell),
        ages=list(Age),
        kinds=list(ChangeKind),
        sourced=source_in_words,
    )
