"""The slips as one HTML file that needs no other file, to be printed: one or four to an A4 page.

It has no script and fetches nothing, and its Content Security Policy allows nothing more. Fonts are named; where they
are missing, a browser takes others.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from feideprov.installation import missing_extra
from feideprov.messages import Sentence
from feideprov.pages.templating import environment
from feideprov.slips.card import Card
from feideprov.slips.languages import RIGHT_TO_LEFT
from feideprov.slips.texts import BUTTON, texts_in
from feideprov.text import shown

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

TEMPLATES: Final = Path(__file__).with_name("templates")
PerPage = Literal[1, 4]
_SIZES: Final = (20, 26, 32, 40)
"""So many characters fit on a line in the letters of the class of that name."""
_LEFT_TO_RIGHT: Final = frozenset(("button", "page"))
"""Values that are written from left to right in every language."""


@dataclass(frozen=True)
class LoginFacts:
    """What every card says: the organization as Feide's login lists it, the page on which users begin, and the one on
    which they change their password; empty where there is none."""

    organization: str
    login_url: str = ""
    change_url: str = ""


def slips_page(cards: Sequence[Card], facts: LoginFacts, per_page: PerPage = 4) -> str:
    """The slips as HTML. Raises ConfigurationError when Jinja2 is not installed."""
    return page_of(
        "slips",
        layout="four" if per_page == 4 else "one",
        title="Feide",
        language="nb",
        say=_saying(),
        size=_size,
        exactly=_exactly(),
        direction=direction,
        all=cards,
        per_page=per_page,
        organization=facts.organization,
        login_url=facts.login_url,
        change_url=facts.change_url,
    )


def page_of(name: str, **facts: Any) -> str:
    """A page of a template and the style of that name. Raises ConfigurationError when Jinja2 is not installed."""
    style = TEMPLATES.joinpath(f"{name}.css").read_text(encoding="utf-8").strip()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    template = _environment().get_template(f"{name}.html.j2")
    return template.render(style=style, digest=digest, **facts)


def direction(language: str) -> str:
    """The direction of writing, as HTML calls it."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


@cache
def _environment() -> Environment:
    try:
        import jinja2  # noqa: F401
    except ImportError:
        raise missing_extra("slips", Sentence("Making slips")) from None
    return environment([TEMPLATES], finalize=_clean, html=True)


def _clean(value: object) -> object:
    return shown(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


def _saying() -> Callable[..., Markup]:
    """A function that gives a text of a card with its values, each of which keeps its own direction of writing."""
    from markupsafe import Markup, escape

    def valued(name: str, value: str) -> Markup:
        way = Markup(' dir="ltr"') if name in _LEFT_TO_RIGHT else ""
        return Markup('<bdi class="{}"{}>{}</bdi>').format(name, way, shown(value))

    def say(key: str, language: str, **values: str) -> Markup:
        values["button"] = BUTTON
        return escape(texts_in(language)[key]).format(**{name: valued(name, text) for name, text in values.items()})

    return say


def _exactly() -> Callable[[str], Markup]:
    """A function that escapes a text and changes nothing else: a password is printed as it is."""
    from markupsafe import escape

    return escape


def _size(text: str) -> str:
    return next((f"s{most}" for most in _SIZES if len(text) <= most), "more")
