"""Sentence for people, in English, bokmål and nynorsk: of fields, schemes, laws, verdicts and channels.

One table for all of the introduction register. Terms of art stay Norwegian in English, too, where it has no word.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from feideprov.messages import Language, Sentence
from feideprov.nir.model import Law, Scheme

FIELDS: Final[Mapping[str, Sentence]] = {
    "vedtak": Sentence("Decision (vedtak)"),
    "tilbud_eller_krav_dato": Sentence("Day of offer or claim"),
    "krav_dato": Sentence("Day of claim"),
    "tiltak": Sentence("Measures (tiltak)"),
    "tiltak.spraaktilbud_annet": Sentence("Measure: language offer, other"),
    "tiltak.spraaktilbud_engelsk": Sentence("Measure: language offer, English"),
    "sluttmaal": Sentence("Final goal (sluttmål)"),
    "integreringskontrakt": Sentence("Integration contract"),
    "foreldreveiledning_gjennomfoert": Sentence("Parental guidance done"),
    "livsmestring_gjennomfoert": Sentence("Life skills (livsmestring) done"),
    "kompetansekartlegging_gjennomfoert": Sentence("Skills assessment done"),
    "karriereveiledning_gjennomfoert": Sentence("Career guidance done"),
    "permisjon": Sentence("Days of leave"),
    "fravaer": Sentence("Days of absence"),
    "avslutningsaarsak": Sentence("Reason for ending (avslutningsårsak)"),
    "klage": Sentence("Day of complaint"),
    "morsmaal": Sentence("First language"),
    "opplaeringsspraak": Sentence("Language of the training"),
    "norskmaal": Sentence("Goal for Norwegian (norskmål)"),
    "utdanningsbakgrunn": Sentence("Upper secondary completed"),
    "timer": Sentence("Hours"),
    "timer_norsk": Sentence("Hours of Norwegian"),
    "timer_samfunnskunnskap": Sentence("Hours of social studies"),
    "omfang": Sentence("Extent of the training"),
    "omfang_under_omsorgspermisjon": Sentence("Extent during parental leave"),
    "fritak_opplaering": Sentence("Exemption from training"),
    "fritak_proeve": Sentence("Exemption from tests"),
    "fulltid_vgo": Sentence("Full-time upper secondary"),
    "vedtak_utvidet_norskopplaering": Sentence("Decision on extended Norwegian"),
    "reservasjon_forskning": Sentence("Reservation against research"),
    "settled": Sentence("Settlement day"),
    "number": Sentence("Number"),
}
SCHEMES: Final[Mapping[str, Sentence]] = {
    Scheme.INTRODUKSJONSPROGRAM: Sentence("Introduction programme"),
    Scheme.NORSK: Sentence("Norwegian and social studies"),
    Scheme.MOTTAK_OPPLAERING: Sentence("Training in reception centre"),
    Scheme.MOTTAK_KVALIFISERING: Sentence("Measures in reception centre"),
}
"""The names of the sheets of a workbook too, which have at most 31 characters."""
LAWS: Final[Mapping[str, Sentence]] = {
    Law.INTRODUKSJONSLOVEN: Sentence("introduksjonsloven"),
    Law.INTEGRERINGSLOVEN: Sentence("integreringsloven"),
    Law.KAP6A: Sentence("integreringsloven ch. 6A"),
    Law.NOT_KNOWN: Sentence("not known"),
}
KINDS: Final[Mapping[str, Sentence]] = {
    "forbidden": Sentence("Must not be registered"),
    "missing": Sentence("Missing"),
    "question": Sentence("Question"),
    "blocked": Sentence("Must wait"),
    "not_known": Sentence("Not known which law applies"),
    "settlement": Sentence("Settlement day missing"),
    "number": Sentence("Check the number"),
    "not_seen": Sentence("Not yet seen in NIR"),
}
"""Of verdicts, and of lines of the worklist that have none."""
CHANNELS: Final[Mapping[str, Sentence]] = {
    "ws4": Sentence("WS4"),
    "nir_web": Sentence("NIR web"),
    "hold": Sentence("wait for NIR"),
    "blocked": Sentence("not visible in NIR"),
    "history": Sentence("history"),
    "not_known": Sentence("not known"),
}


def in_words(table: Mapping[str, Sentence], key: str, language: Language) -> str:
    """What a key stands for, in a language. A field of a municipality's own rules has no words: its name is shown."""
    return table[key].in_language(language) if key in table else key
