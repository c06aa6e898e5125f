"""The sheets of participation records to fill in: one for each scheme, with headings that the reader knows.

A cell that stays empty says nothing, and a word takes away what was written down. There is no list of NIR's codes to
choose from: the words are those that the configuration maps.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from feideprov.messages import Language, Sentence
from feideprov.nir.lists.columns import GENERAL, REMOVE, facts_of, fields_of, in_nir, removes
from feideprov.nir.lists.field_kinds import FACTS, FieldKind, field_row
from feideprov.nir.model import Scheme
from feideprov.nir.table.rules import Rules
from feideprov.nir.words import SCHEMES
from feideprov.sheets.form import Cells, Form, FormColumn

_REFUSED: Final = Sentence(
    "This column does not take that. Write it as the explanation above the heading says. What was read before is taken "
    "away with the word remove."
)
_YES_NO: Final = (Sentence("yes"), Sentence("no"))
_SETTLEMENT: Final = frozenset(("settled", "search_out", "register_municipality", "settled_in_nir"))
"""Columns that say nothing of somebody who lives in a reception centre."""
_NARROWEST: Final = 16
"""Characters."""
_DECISION: Final = "vedtak"
"""The field that the columns of the decision say."""
_IN_NIR: Final = Sentence("The day when it was registered there. Then nothing else has to be written of it.")
_SINCE: Final = Sentence("Yes if it is so, or the day since when: 2026-01-31.")
_DAYS: Final = Sentence(
    "The days, such as 2026-01-01/2026-03-31. Several: “|” between them. In front, a word of [nir.codes], if you like."
)
_EVENT: Final = Sentence("The day. In front, a word of [nir.codes], if you like. Several: “|” between them.")
_EXPLANATIONS: Final[Mapping[FieldKind, Sentence]] = {
    FieldKind.DAY: Sentence("The day, such as 2026-01-31."),
    FieldKind.YES_NO: Sentence("Yes or no. No is an answer too. Empty: not known."),
    FieldKind.HOURS: Sentence("A number, such as 120 or 37,5. Empty is not zero."),
    FieldKind.CODE: Sentence("A word of your own that [nir.codes] maps to a code."),
    FieldKind.WORDS: Sentence("In words."),
    FieldKind.DECISIONS: Sentence(
        "The day of the decision and the days that it grants: 2026-01-01 2026-02-01/2026-07-31. Several: “|” between."
    ),
    FieldKind.MEASURES: _DAYS,
    FieldKind.LEAVE: _DAYS,
    FieldKind.ABSENCE: _DAYS,
    FieldKind.EXEMPTION: _EVENT,
    FieldKind.COMPLAINT: _EVENT,
    FieldKind.ANY: Sentence("Yes, no or words."),
}


_OF_FIELD: Final = {
    "utdanningsbakgrunn": Sentence(
        "Yes if the person has completed upper secondary education, otherwise no. Empty: not known."
    ),
}
"""Where the kind of a field does not say enough."""


def participation_forms(language: Language, rules: Rules, codes: Mapping[str, Mapping[str, str]]) -> list[Form]:
    """An empty sheet for each scheme. `codes`: by field, the municipality's words, which can be chosen."""
    return [
        Form(
            SCHEMES[scheme].in_language(language),
            list(_columns(scheme, rules, codes, language)),
            _REFUSED.in_language(language),
        )
        for scheme in Scheme
    ]


def _columns(
    scheme: Scheme, rules: Rules, codes: Mapping[str, Mapping[str, str]], language: Language
) -> Iterator[FormColumn]:
    for one in GENERAL:
        if not (scheme.in_reception_centre and one.name in _SETTLEMENT):
            choices = dict.fromkeys((*_words(one.choices, language), *codes.get(one.name, ())))
            others = one.others or not one.choices
            word = removes(one.name)
            yield _column(
                *(one.heading, one.explanation, language, one.cells, choices),
                others=others,
                removes=word,
                width=one.width,
            )
    fields = fields_of(rules, scheme)
    for field in fields:
        if field != _DECISION:
            yield _of_field(field, codes, language)
        yield _column(in_nir(field), _IN_NIR, language, Cells.DATE)
    for fact in facts_of(rules, scheme):
        if fact not in fields:
            yield _column(FACTS[fact], _SINCE, language, choices=_words(_YES_NO, language), others=True)


def _of_field(field: str, codes: Mapping[str, Mapping[str, str]], language: Language) -> FormColumn:
    row = field_row(field)
    if field in FACTS:
        return _column(row.heading, _SINCE, language, choices=_words(_YES_NO, language), others=True)
    cells = Cells.DATE if row.kind is FieldKind.DAY else Cells.TEXT
    is_yes_no = row.kind is FieldKind.YES_NO
    own = () if row.kind.has_days else codes.get(field, ())
    choices = _words(_YES_NO, language) if is_yes_no else own
    explanation = _OF_FIELD.get(field, _EXPLANATIONS[row.kind])
    return _column(row.heading, explanation, language, cells, choices, others=not is_yes_no)


def _words(choices: Iterable[Sentence], language: Language) -> list[str]:
    return [one.in_language(language) for one in choices]


def _column(
    heading: Sentence,
    explanation: Sentence,
    language: Language,
    cells: Cells = Cells.TEXT,
    choices: Iterable[str] = (),
    *,
    others: bool = False,
    removes: bool = True,
    width: int = 0,
) -> FormColumn:
    name, some = heading.in_language(language), tuple(choices)
    word = REMOVE.in_language(language) if removes else ""
    return FormColumn(
        name,
        explanation.in_language(language),
        max(_NARROWEST, len(name) + 2, width),
        cells,
        (*some, word) if some and word else some,
        others,
        word,
    )
