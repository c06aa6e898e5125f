"""Why a person must look at a line: by the id of the rule, in three languages.

A field that is missing, or must not be registered, needs no more words than its name and its day.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from feideprov.messages import Language, Sentence
from feideprov.nir.verdict import Verdict, VerdictKind

_BY_RULE: Final[Mapping[str, Sentence]] = {
    "B-SETTLED": Sentence("NIR shows the scheme of a person only after settlement, and no settlement day is known."),
    "B-SEARCH-OUT": Sentence(
        "The settlement day is before the day on which the person was assigned (søkt ut). Which one is wrong?"
    ),
    "NO-RULE": Sentence("No rule names this field here. Does NIR take it?"),
    "L-PERMIT": Sentence("The day of the residence permit decides which law applies, and it is not known."),
    "L-ARRIVED": Sentence("The day of arrival decides which law applies, and it is not known."),
    "MO-PERMIT": Sentence(
        "The person has a permit. Training of those who have one is registered under Norwegian and social studies."
    ),
    "EXTENDED-LENGTH": Sentence(
        "A decision on extended Norwegian is longer than the rules have room for. Are its days right?"
    ),
    "EXTENDED-COUNT": Sentence(
        "There are more decisions on extended Norwegian than the rules have room for. Are all of them right?"
    ),
    "EXTENDED-WINDOW": Sentence(
        "The first decision on extended Norwegian is more than two months from the limit of the training. Is its "
        "day right?"
    ),
    "N6A-utdanningsbakgrunn-utvidet": Sentence(
        "Register upper secondary education first: it decides how many such decisions a person can get."
    ),
}
_LAW_OF_DECISION: Final = Sentence(
    "A decision was made under another law than the one that applies now. Must it be made and registered anew? Ask "
    "IMDi."
)
_OTHERWISE: Final[Mapping[VerdictKind, Sentence]] = {
    VerdictKind.QUESTION: Sentence(
        "The source does not say plainly whether this must be registered. A person must decide."
    ),
    VerdictKind.BLOCKED: Sentence("Something else must be registered first."),
    VerdictKind.NOT_KNOWN: Sentence(
        "The sources do not say which law applies. Look at Lovdata and in IMDi's guide, and add a row [[law]] to your "
        "own rules."
    ),
}


def why(verdict: Verdict, language: Language) -> str:
    """Why a person must look at it; empty where the field says it all."""
    words = _BY_RULE.get(verdict.rule) if verdict.kind in _OTHERWISE else None
    if words is None and verdict.kind is VerdictKind.QUESTION and verdict.rule == verdict.law_row:
        words = _LAW_OF_DECISION
    words = words or _OTHERWISE.get(verdict.kind)
    return words.in_language(language) if words else ""
