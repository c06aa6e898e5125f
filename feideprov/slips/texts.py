"""The text of a card, in nine languages: short, for a child and for a parent.

Bokmål, nynorsk and English stand in the catalogues of the program, the other six languages in `texts/LANGUAGE.toml`.
The page on which one logs in has its button in Norwegian, so every language names it so.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from feideprov.messages import Template
from feideprov.slips.languages import CHECKED

BUTTON: Final = "Logg inn med Feide"
"""What the button of Feide's login says on Norwegian pages."""
FOLDER: Final = Path(__file__).with_name("texts")

TEXTS: Final[Mapping[str, Template]] = {
    "feide_name": Template("Feide name"),
    "password": Template("Password"),
    "heading": Template("How to log in"),
    "open": Template("Open the page or the app that you will use, and choose “{button}”."),
    "open_at": Template("Go to {page}, and choose “{button}”."),
    "organization": Template("Choose: {organization}"),
    "type": Template(
        "Type the Feide name and the password exactly as they are written here, with capital letters and hyphens."
    ),
    "change": Template("Change your password here: {page}"),
    "help": Template("Do you need help? Ask: {contact}"),
    "help_at_school": Template("Do you need help? Ask at school."),
    "secret": Template("Do not show the password to anybody."),
}
"""The texts by key. Nothing in them says why somebody has a new user: every card has the same."""


@cache
def texts_in(language: str) -> Mapping[str, str]:
    """The texts in one of the nine languages, with their placeholders in braces."""
    if language in CHECKED:
        return {key: _template(text, language) for key, text in TEXTS.items()}
    found = tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    return {key: str(found[key]) for key in TEXTS}


def _template(text: Template, language: str) -> str:
    """A template in a language of the catalogues, not filled in: each placeholder stands for itself."""
    names = ("button", "page", "organization", "contact")
    return text.filled(**{name: f"{{{name}}}" for name in names}).in_language(language)
