"""One HTML file that needs no other file: `layout.html.j2`, in which the template of each page stands.

It has no script, font or picture and fetches nothing; its own Content Security Policy (level 3) allows nothing more.
What others wrote is escaped and cleaned.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from feideprov.messages import Sentence, Template, filled
from feideprov.pages.days import day_in_words, short_day
from feideprov.pages.templating import environment
from feideprov.text import shown

if TYPE_CHECKING:
    from jinja2 import Environment

SHARED: Final = Path(__file__).parent


def written(folder: Path, template: str, language: str, table: Mapping[str, Sentence | Template], **facts: Any) -> str:
    """A page.

    Parameters:
        folder: where its template and its own style (`page.css`, after the shared one) are.
        template: the name of the template.
        language: its language.
        table: its phrases, by key; `phrases` says how they are found.
        facts: what the template shows; `organization` (a name) and `on` (a day) at least, for the layout.

    Raises ConfigurationError when Jinja2 is not installed.
    """
    style = "\n".join((one / "page.css").read_text(encoding="utf-8").strip() for one in (SHARED, folder))
    return (
        _environment(folder)
        .get_template(template)
        .render(
            language=language,
            say=phrases(table, language),
            day=partial(day_in_words, language=language),
            short=partial(short_day, language=language),
            style=style,
            digest=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
            version=version("feideprov"),
            **facts,
        )
    )


def phrases(table: Mapping[str, Sentence | Template], language: str) -> Callable[..., str]:
    """A function that returns a phrase in a language: by its key, with a count and other values."""

    def say(key: str, count: int | None = None, **values: object) -> str:
        return filled(table[key], count=count, **values).in_language(language)

    return say


@cache
def _environment(folder: Path) -> Environment:
    return environment([folder, SHARED], finalize=_clean, html=True)


def _clean(value: object) -> object:
    """Foreign text cleaned; HTML that is escaped already (`Markup`) as it is."""
    return shown(value) if isinstance(value, str) and not hasattr(value, "__html__") else value
