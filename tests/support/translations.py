"""The catalogues of translations as the tests look at them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from feideprov.messages import LANGUAGES
from feideprov.reference.catalogues import catalogue_of

DATA: Final = Path(__file__).parents[1] / "data"
NORWEGIAN: Final = LANGUAGES[1:]
HOLE: Final = re.compile(r"\{\w+(?:![rsa])?(?::[^{}]*)?\}")
"""A placeholder, with how its value is written."""
LOOKED_AT: Final = ("feideprov/",)
"""Where the texts stand that these tests look at: the beginnings of their paths."""


class Entry(NamedTuple):
    """A text and its translation; with a plural, two of each."""

    english: tuple[str, ...]
    said: tuple[str, ...]
    """Empty where there is none."""

    @property
    def name(self) -> str:
        """The English text on one line, as the lists of these tests have it."""
        return self.english[0].replace("\n", "\\n")


@cache
def entries(language: str) -> tuple[Entry, ...]:
    """What the catalogue of a language has."""
    return tuple(_read(language))


def _read(language: str) -> Iterator[Entry]:
    for message in catalogue_of(language):
        if message.id and any(file.startswith(LOOKED_AT) for file, _ in message.locations):
            english, said = (_forms(text) for text in (message.id, message.string))
            yield Entry(english, said if all(said) else ())


def _forms(text: str | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def has_words(text: str) -> bool:
    """Whether there is a letter beside the placeholders."""
    return bool(re.search(r"[^\W\d_]", HOLE.sub("", text)))


def listed_in(name: str) -> set[str]:
    """The lines of a list in tests/data, without comments."""
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return {line for line in lines if line and not line.startswith("# ")}
