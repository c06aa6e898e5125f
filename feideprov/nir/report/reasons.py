"""Why a person must look at a line: by the id of the rule, in three languages.

A field that is missing, or must not be registered, needs no more words than its name and its day.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from feideprov.forms.words import Language, Words
from feideprov.nir.verdict import Verdict, VerdictKind

_BY_RULE: Final[Mapping[str, Words]] = {
    "B-SETTLED": Words(
        "NIR shows the scheme of a person only after settlement, and no settlement day is known.",
        "NIR viser ordningen for en person først etter bosetting, og ingen bosettingsdato er kjent.",
        "NIR viser ordninga for ein person først etter busetjing, og ingen busetjingsdato er kjend.",
    ),
    "B-SEARCH-OUT": Words(
        "The settlement day is before the day on which the person was assigned (søkt ut). Which one is wrong?",
        "Bosettingsdatoen er før dagen personen ble søkt ut. Hvilken av dem er feil?",
        "Busetjingsdatoen er før dagen personen vart søkt ut. Kva for ein av dei er feil?",
    ),
    "NO-RULE": Words(
        "No rule names this field here. Does NIR take it?",
        "Ingen regel nevner dette feltet her. Tar NIR imot det?",
        "Ingen regel nemner dette feltet her. Tek NIR imot det?",
    ),
    "L-PERMIT": Words(
        "The day of the residence permit decides which law applies, and it is not known.",
        "Datoen for oppholdstillatelsen avgjør hvilken lov som gjelder, og den er ikke kjent.",
        "Datoen for opphaldsløyvet avgjer kva lov som gjeld, og han er ikkje kjend.",
    ),
    "L-ARRIVED": Words(
        "The day of arrival decides which law applies, and it is not known.",
        "Ankomstdatoen avgjør hvilken lov som gjelder, og den er ikke kjent.",
        "Framkomstdatoen avgjer kva lov som gjeld, og han er ikkje kjend.",
    ),
    "MO-PERMIT": Words(
        "The person has a permit. Training of those who have one is registered under Norwegian and social studies.",
        "Personen har oppholdstillatelse. Opplæring for dem som har det, registreres under norsk og samfunnskunnskap.",
        "Personen har opphaldsløyve. Opplæring for dei som har det, blir registrert under norsk og samfunnskunnskap.",
    ),
    "EXTENDED-LENGTH": Words(
        "A decision on extended Norwegian is longer than the rules have room for. Are its days right?",
        "Et vedtak om utvidet norskopplæring er lengre enn reglene gir rom for. Er datoene riktige?",
        "Eit vedtak om utvida norskopplæring er lengre enn reglane gir rom for. Er datoane rette?",
    ),
    "EXTENDED-COUNT": Words(
        "There are more decisions on extended Norwegian than the rules have room for. Are all of them right?",
        "Det er flere vedtak om utvidet norskopplæring enn reglene gir rom for. Er alle riktige?",
        "Det er fleire vedtak om utvida norskopplæring enn reglane gir rom for. Er alle rette?",
    ),
    "EXTENDED-WINDOW": Words(
        "The first decision on extended Norwegian is more than two months from the limit of the training. Is its "
        "day right?",
        "Det første vedtaket om utvidet norskopplæring er mer enn to måneder fra grensen for opplæringen. Er "
        "datoen riktig?",
        "Det første vedtaket om utvida norskopplæring er meir enn to månader frå grensa for opplæringa. Er datoen "
        "rett?",
    ),
    "N6A-utdanningsbakgrunn-utvidet": Words(
        "Register upper secondary education first: it decides how many such decisions a person can get.",
        "Registrer utdanningsbakgrunnen først: den avgjør hvor mange slike vedtak en person kan få.",
        "Registrer utdanningsbakgrunnen først: han avgjer kor mange slike vedtak ein person kan få.",
    ),
}
_LAW_OF_DECISION: Final = Words(
    "A decision was made under another law than the one that applies now. Must it be made and registered anew? Ask "
    "IMDi.",
    "Et vedtak er gjort etter en annen lov enn den som gjelder nå. Må det gjøres og registreres på nytt? Spør IMDi.",
    "Eit vedtak er gjort etter ei anna lov enn den som gjeld no. Må det gjerast og registrerast på nytt? Spør IMDi.",
)
_OTHERWISE: Final[Mapping[VerdictKind, Words]] = {
    VerdictKind.QUESTION: Words(
        "The source does not say plainly whether this must be registered. A person must decide.",
        "Kilden sier ikke klart om dette skal registreres. Et menneske må avgjøre.",
        "Kjelda seier ikkje klart om dette skal registrerast. Eit menneske må avgjere.",
    ),
    VerdictKind.BLOCKED: Words(
        "Something else must be registered first.",
        "Noe annet må registreres først.",
        "Noko anna må registrerast først.",
    ),
    VerdictKind.NOT_KNOWN: Words(
        "The sources do not say which law applies. Look at Lovdata and in IMDi's guide, and add a row [[law]] to your "
        "own rules.",
        "Kildene sier ikke hvilken lov som gjelder. Se hos Lovdata og i IMDis veileder, og legg en rad [[law]] til "
        "egne regler.",
        "Kjeldene seier ikkje kva lov som gjeld. Sjå hos Lovdata og i rettleiaren frå IMDi, og legg ei rad [[law]] til "
        "eigne reglar.",
    ),
}


def why(verdict: Verdict, language: Language) -> str:
    """Why a person must look at it; empty where the field says it all."""
    words = _BY_RULE.get(verdict.rule) if verdict.kind in _OTHERWISE else None
    if words is None and verdict.kind is VerdictKind.QUESTION and verdict.rule == verdict.law_row:
        words = _LAW_OF_DECISION
    words = words or _OTHERWISE.get(verdict.kind)
    return words.in_language(language) if words else ""
