"""The page: an organization's situation as one HTML file that needs nothing beside it.

No script, no font, no picture and no address to fetch: what the file may do is held to that by its own policy (Content
Security Policy, level 3). What others wrote (names of services and providers) is escaped, and shown as `feideprov.text`
tells. It holds Feide names, and never a protected user's.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial
from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING

from feideprov.errors import ConfigurationError
from feideprov.services.owed import Happening
from feideprov.services.register.service import Service
from feideprov.services.report.matrix import CELL_OF, Cell, Matrix
from feideprov.services.report.page_words import WORDS, phrases, short_day, written_day
from feideprov.services.report.situation import Age, Situation
from feideprov.text import shown

if TYPE_CHECKING:
    from jinja2 import Environment

AT_ONCE = 40
"""Services beside each other in one table: as many as an A4 sheet takes across."""


@dataclass(frozen=True)
class Part:
    """Some neighbouring services of the matrix, by their places from 1 on."""

    first: int
    last: int
    services: tuple[Service, ...]


def parts_of(matrix: Matrix, at_once: int = AT_ONCE) -> Iterator[Part]:
    """The services of a matrix, as many at once as a table takes."""
    for start in range(0, len(matrix.services), at_once):
        some = matrix.services[start : start + at_once]
        yield Part(start + 1, start + len(some), some)


def page(situation: Situation, language: str = "nb") -> str:
    """The page in bokmål or English; for nynorsk (`nn`) in bokmål.

    Raises ConfigurationError where Jinja2 is not installed.
    """
    language = language if language in WORDS else "nb"
    environment = _environment()
    style = files(__package__).joinpath("templates/page.css").read_text(encoding="utf-8").strip()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()

    return environment.get_template("page.html.j2").render(
        language=language,
        say=phrases(language),
        day=partial(written_day, language=language),
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
        kinds=list(Happening),
        version=version("feideprov"),
    )


@cache
def _environment() -> Environment:
    try:
        from jinja2 import Environment, PackageLoader, StrictUndefined
        from markupsafe import Markup
    except ImportError:
        raise ConfigurationError("The page needs the extra “services”: pip install 'feideprov[services]'.") from None

    def put_out(value: object) -> object:
        return shown(value) if isinstance(value, str) and not isinstance(value, Markup) else value

    return Environment(
        loader=PackageLoader(__package__),
        autoescape=True,
        finalize=put_out,  # whatever a template puts out, so that none forgets it
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
