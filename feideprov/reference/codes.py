"""The tables of `docs/codes.md`: every code, what it means and what to do."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from functools import cache, partial
from importlib import import_module
from typing import Final

import feideprov
from feideprov.check.catalogue import CATALOGUE
from feideprov.check.rules.number import meaning_and_action
from feideprov.issues import REGISTERED, CodeRow
from feideprov.messages import Sentence
from feideprov.numbers import SENTENCES
from feideprov.reference.pages import Blocks, cell, markdown_table

LETTERS: Final = "NPODJRS"


@cache
def every_code() -> tuple[CodeRow, ...]:
    """All codes, in alphabetical order: those of numbers, of the rules of `check`, and those that modules register."""
    for module in pkgutil.walk_packages(feideprov.__path__, "feideprov."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    numbers = (CodeRow(code, *map(_sentence, meaning_and_action(code))) for code in SENTENCES)
    rules = (CodeRow(rule.code, rule.sentence, rule.action) for rule in CATALOGUE)
    return tuple(sorted((*numbers, *rules, *REGISTERED.values())))


def _sentence(text: str) -> Sentence:
    return Sentence("{text}", text=text)


def codes_table(letter: str) -> str:
    """The codes that begin with a letter."""
    return markdown_table(("code", "meaning", "what to do"), _rows(letter))


_KINDS_IN_NORWEGIAN: Final = {
    "N": "Numre",
    "P": "Personer i katalogen",
    "O": "Vertsorganisasjonen og skolene",
    "D": "Katalogen og oppsettet",
    "J": "Katalog og endringslogg",
    "R": "Rader og brukere",
    "S": "Tjenester",
}
_HEADING_IN_NORWEGIAN: Final = ("kode", "hva meldingen sier", "hva du gjør")


def tables_in_norwegian() -> str:
    """All codes in bokmål, with a heading for each kind."""
    tables = (
        f"### {title}: {letter}\n\n{markdown_table(_HEADING_IN_NORWEGIAN, _rows(letter, 'nb'))}"
        for letter, title in _KINDS_IN_NORWEGIAN.items()
    )
    return "\n".join(tables)


def _rows(letter: str, language: str = "en") -> Iterator[tuple[str, ...]]:
    for row in every_code():
        if row.code.startswith(f"{letter}-"):
            yield f"`{row.code}`", *(cell(said.in_language(language)) for said in (row.meaning, row.action))


BLOCKS: Final[Blocks] = {f"{letter}-": partial(codes_table, letter) for letter in LETTERS}
BLOCKS_IN_NORWEGIAN: Final[Blocks] = {"codes-nb": tables_in_norwegian}
