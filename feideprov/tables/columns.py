"""Columns of a list as data: the canonical name, and the headings that mean it.

Headings are English, bokmål and nynorsk. They are compared by `heading_key`, so capitals, spaces, hyphens,
underscores and a mark such as `*` make no difference.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from feideprov.look_alikes import visible
from feideprov.messages import Sentence, by_text

_BETWEEN_WORDS: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Column:
    """One column. `headings` are further headings that mean it, beside its own name."""

    name: str
    headings: tuple[str, ...] = ()
    holds_number: bool = False
    """A person's number belongs here, and nothing of the column is ever looked at but by the judge."""
    holds_name: bool = False
    """A person's name, which may begin with an apostrophe (’t Hooft, ’Abd): it is not taken for a spreadsheet's."""
    holds_words: bool = False
    """Words of any language are in it, not a key: there, a zero-width joiner or non-joiner makes another letter."""
    holds_date: bool = False
    """Days belong here. Where they do not, a date in a spreadsheet is something else of which it made a date."""


@dataclass(frozen=True)
class Layout:
    """The columns of one kind of list. `required`: of each group at least one column must be there. `advice`: what else
    helps where all columns of a group are missing. `section`: where the configuration names headings of such a
    list; empty where it names none."""

    what: Sentence
    columns: tuple[Column, ...]
    required: tuple[tuple[str, ...], ...]
    advice: Mapping[tuple[str, ...], Sentence] = field(hash=False, default_factory=lambda: MappingProxyType({}))
    section: str = "[columns]"

    def column(self, name: str) -> Column:
        """The column of that canonical name. Raises KeyError."""
        return {column.name: column for column in self.columns}[name]


_IN_WORDS: Final = by_text(
    Sentence("source_id"),
    Sentence("user"),
    Sentence("given_name"),
    Sentence("family_name"),
    Sentence("legal_name"),
    Sentence("nickname"),
    Sentence("birth_date"),
    Sentence("school"),
    Sentence("role"),
    Sentence("grade"),
    Sentence("groups"),
    Sentence("mobile"),
    Sentence("mail"),
    Sentence("language"),
    Sentence("national_number"),
    Sentence("duf_number"),
    Sentence("protected"),
    Sentence("old_number"),
    Sentence("evidence"),
    Sentence("seen_by"),
    Sentence("seen_on"),
    Sentence("last_day"),
    Sentence("reason"),
    # of a list of services, of answers
    Sentence("id"),
    Sentence("name"),
    Sentence("provider"),
    Sentence("gets_number"),
    Sentence("activated"),
    Sentence("schools"),
    Sentence("roles"),
    Sentence("service"),
    Sentence("state"),
    Sentence("answer"),
    Sentence("source"),
    Sentence("question_id"),
    # of a list of the introduction register
    Sentence("key"),
    Sentence("scheme"),
    Sentence("field"),
    Sentence("number"),
    Sentence("ended"),
    Sentence("reception_number"),
    Sentence("passport_number"),
    Sentence("number_source"),
    Sentence("number_seen_on"),
    Sentence("permit_basis"),
    Sentence("permit_date"),
    Sentence("arrived"),
    Sentence("settled"),
    Sentence("search_out"),
    Sentence("register_municipality"),
    Sentence("decision"),
    Sentence("decision_date"),
    Sentence("start"),
    Sentence("end"),
)
"""The names of columns. In each language it is a heading that the readers know."""


def in_words(name: str) -> str:
    """The canonical name of a column as a message says it; in Norwegian, that is a heading of the column."""
    return _IN_WORDS.get(name, name)


def heading_key(text: str) -> str:
    """What two headings that mean the same have in common.

    >>> heading_key(" E-Post ") == heading_key("e_post*")
    True
    """
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", visible(text)).casefold())
    return _BETWEEN_WORDS.sub(" ", folded).strip()
