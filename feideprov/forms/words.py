"""Texts of the sheets in English, bokmål and nynorsk."""

from __future__ import annotations

from typing import Literal, NamedTuple

Language = Literal["en", "nb", "nn"]


class Words(NamedTuple):
    """One text in each language."""

    en: str
    nb: str
    nn: str

    def in_language(self, language: Language) -> str:
        """The text in this language."""
        return str(getattr(self, language))


def same(text: str) -> Words:
    """A text that is the same in all of them."""
    return Words(text, text, text)
