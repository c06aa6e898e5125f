"""What messages, sheets and the page share: names in a language, and clean text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from feideprov.messages import Sentence
from feideprov.sheets import defused
from feideprov.text import shown

_BY_QUESTIONS: Final = re.compile(r"(mail|draft) to (\S+)")
NO_ANSWER: Final = Sentence("no answer to a question and a reminder")
"""The source of the state “no answer”."""
_AND: Final = {"nb": "og", "nn": "og", "en": "and"}
_FORMULA_AFTER_SEPARATOR: Final = re.compile(r"([,;\t][\s\"]*)([=+\-@])")


def names_in_words(names: Iterable[str], language: str) -> str:
    """Names in one sentence.

    >>> names_in_words(["Kikora", "Salto", "Creaza"], "nb")
    'Kikora, Salto og Creaza'
    """
    *most, last = list(names) or [""]
    return f"{', '.join(most)} {_AND[language]} {last}" if most else last


def source_in_words(source: str) -> str:
    """Where an answer comes from, as a sentence if it is what the questions write down themselves.

    >>> source_in_words("mail to post@kikora.no").in_language("nb")
    'e-post til post@kikora.no'
    """
    if source == NO_ANSWER:
        return NO_ANSWER
    by_questions = _BY_QUESTIONS.fullmatch(source)
    if by_questions is None:
        return source
    to = by_questions[2]
    return Sentence("mail to {to}", to=to) if by_questions[1] == "mail" else Sentence("draft to {to}", to=to)


def cell(text: str) -> str:
    """A foreign text for a cell of a sheet, cleaned as by `text.shown`. No spreadsheet takes it for a formula, even
    if it splits the lines at another separator than the one written: `,` in English, `;` in Norwegian.

    >>> cell("=HYPERLINK(1)"), cell("Lexin,=1+1"), cell("Lexin AS")
    ("'=HYPERLINK(1)", "Lexin,'=1+1", 'Lexin AS')
    """
    return defused(_FORMULA_AFTER_SEPARATOR.sub(r"\1'\2", shown(text)))
