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

from feideprov.pages.days import day_in_words, short_day
from feideprov.pages.templating import environment
from feideprov.text import shown

if TYPE_CHECKING:
    from jinja2 import Environment

SHARED: Final = Path(__file__).parent


def written(folder: Path, template: str, language: str, words: Mapping[str, str], **facts: Any) -> str:
    """A page.

    Parameters:
        folder: where its template and its own style (`page.css`, after the shared one) are.
        template: the name of the template.
        language: its language.
        words: its phrases, by key; `phrases` says how they are found.
        facts: what the template shows; `organization` (a name) and `on` (a day) at least, for the layout.

    Raises ConfigurationError when Jinja2 is not installed.
    """
    style = "\n".join((one / "page.css").read_text(encoding="utf-8").strip() for one in (SHARED, folder))
    return (
        _environment(folder)
        .get_template(template)
        .render(
            language=language,
            say=phrases(words),
            day=partial(day_in_words, language=language),
            short=partial(short_day, language=language),
            style=style,
            digest=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
            version=version("feideprov"),
            **facts,
        )
    )


def phrases(words: Mapping[str, str]) -> Callable[..., str]:
    """A function that returns a phrase: by its key, with a count `n` and other values. A phrase whose key ends in `#1`
    is for a count of one."""

    def say(key: str, n: int | None = None, **values: object) -> str:
        one = words.get(f"{key}#1") if n == 1 else None
        return (one or words[key]).format(n=n, **values)

    return say


@cache
def _environment(folder: Path) -> Environment:
    return environment([folder, SHARED], finalize=_clean, html=True)


def _clean(value: object) -> object:
    """Foreign text cleaned; HTML that is escaped already (`Markup`) as it is."""
    return shown(value) if isinstance(value, str) and not hasattr(value, "__html__") else value
