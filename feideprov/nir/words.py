"""Words for people, in English, bokmål and nynorsk: of fields, schemes, laws, verdicts and channels.

One table for all of the introduction register. Terms of art stay Norwegian in English, too, where it has no word.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from feideprov.forms.words import Language, Words, same
from feideprov.nir.model import Law, Scheme

FIELDS: Final[Mapping[str, Words]] = {
    "vedtak": Words("Decision (vedtak)", "Vedtak", "Vedtak"),
    "tilbud_eller_krav_dato": Words(
        "Day of offer or claim", "Dato for tilbud eller krav", "Dato for tilbod eller krav"
    ),
    "krav_dato": Words("Day of claim", "Dato for krav", "Dato for krav"),
    "tiltak": Words("Measures (tiltak)", "Tiltak", "Tiltak"),
    "tiltak.spraaktilbud_annet": Words(
        "Measure: language offer, other", "Tiltak: språktilbud, annet", "Tiltak: språktilbod, anna"
    ),
    "tiltak.spraaktilbud_engelsk": Words(
        "Measure: language offer, English", "Tiltak: språktilbud, engelsk", "Tiltak: språktilbod, engelsk"
    ),
    "sluttmaal": Words("Final goal (sluttmål)", "Sluttmål", "Sluttmål"),
    "integreringskontrakt": Words("Integration contract", "Integreringskontrakt", "Integreringskontrakt"),
    "foreldreveiledning_gjennomfoert": Words(
        "Parental guidance done", "Foreldreveiledning gjennomført", "Foreldrerettleiing gjennomført"
    ),
    "livsmestring_gjennomfoert": Words(
        "Life skills (livsmestring) done", "Livsmestring gjennomført", "Livsmeistring gjennomført"
    ),
    "kompetansekartlegging_gjennomfoert": Words(
        "Skills assessment done", "Kompetansekartlegging gjennomført", "Kompetansekartlegging gjennomført"
    ),
    "karriereveiledning_gjennomfoert": Words(
        "Career guidance done", "Karriereveiledning gjennomført", "Karriererettleiing gjennomført"
    ),
    "permisjon": Words("Days of leave", "Permisjon", "Permisjon"),
    "fravaer": Words("Days of absence", "Fravær", "Fråvær"),
    "avslutningsaarsak": Words("Reason for ending (avslutningsårsak)", "Avslutningsårsak", "Avslutningsårsak"),
    "klage": Words("Day of complaint", "Klage", "Klage"),
    "morsmaal": Words("First language", "Morsmål", "Morsmål"),
    "opplaeringsspraak": Words("Language of the training", "Opplæringsspråk", "Opplæringsspråk"),
    "norskmaal": Words("Goal for Norwegian (norskmål)", "Norskmål", "Norskmål"),
    "utdanningsbakgrunn": Words("Upper secondary completed", "Utdanningsbakgrunn", "Utdanningsbakgrunn"),
    "timer": Words("Hours", "Timer", "Timar"),
    "timer_norsk": Words("Hours of Norwegian", "Timer norsk", "Timar norsk"),
    "timer_samfunnskunnskap": Words("Hours of social studies", "Timer samfunnskunnskap", "Timar samfunnskunnskap"),
    "omfang": Words("Extent of the training", "Omfang", "Omfang"),
    "omfang_under_omsorgspermisjon": Words(
        "Extent during parental leave", "Omfang under omsorgspermisjon", "Omfang under omsorgspermisjon"
    ),
    "fritak_opplaering": Words("Exemption from training", "Fritak fra opplæring", "Fritak frå opplæring"),
    "fritak_proeve": Words("Exemption from tests", "Fritak fra prøve", "Fritak frå prøve"),
    "fulltid_vgo": Words(
        "Full-time upper secondary", "Fulltid videregående opplæring", "Fulltid vidaregåande opplæring"
    ),
    "vedtak_utvidet_norskopplaering": Words(
        "Decision on extended Norwegian", "Vedtak om utvidet norskopplæring", "Vedtak om utvida norskopplæring"
    ),
    "reservasjon_forskning": Words(
        "Reservation against research", "Reservasjon mot forskning", "Reservasjon mot forsking"
    ),
    "settled": Words("Settlement day", "Bosettingsdato", "Busetjingsdato"),
    "number": Words("Number", "Nummer", "Nummer"),
}
SCHEMES: Final[Mapping[str, Words]] = {
    Scheme.INTRODUKSJONSPROGRAM: Words("Introduction programme", "Introduksjonsprogram", "Introduksjonsprogram"),
    Scheme.NORSK: Words("Norwegian and social studies", "Norsk og samfunnskunnskap", "Norsk og samfunnskunnskap"),
    Scheme.MOTTAK_OPPLAERING: Words("Training in reception centre", "Opplæring i mottak", "Opplæring i mottak"),
    Scheme.MOTTAK_KVALIFISERING: Words(
        "Measures in reception centre", "Kvalifisering i mottak", "Kvalifisering i mottak"
    ),
}
"""The names of the sheets of a workbook too, which have at most 31 characters."""
LAWS: Final[Mapping[str, Words]] = {
    Law.INTRODUKSJONSLOVEN: Words("introduksjonsloven", "introduksjonsloven", "introduksjonslova"),
    Law.INTEGRERINGSLOVEN: Words("integreringsloven", "integreringsloven", "integreringslova"),
    Law.KAP6A: Words("integreringsloven ch. 6A", "integreringsloven kap. 6A", "integreringslova kap. 6A"),
    Law.NOT_KNOWN: Words("not known", "ikke kjent", "ikkje kjend"),
}
KINDS: Final[Mapping[str, Words]] = {
    "forbidden": Words("Must not be registered", "Skal ikke registreres", "Skal ikkje registrerast"),
    "missing": Words("Missing", "Mangler", "Manglar"),
    "question": Words("Question", "Spørsmål", "Spørsmål"),
    "blocked": Words("Must wait", "Må vente", "Må vente"),
    "not_known": Words(
        "Not known which law applies", "Ikke kjent hvilken lov som gjelder", "Ikkje kjent kva lov som gjeld"
    ),
    "settlement": Words("Settlement day missing", "Bosettingsdato mangler", "Busetjingsdato manglar"),
    "number": Words("Check the number", "Kontroller nummeret", "Kontroller nummeret"),
    "not_seen": Words("Not yet seen in NIR", "Ikke sett i NIR ennå", "Ikkje sett i NIR enno"),
}
"""Of verdicts, and of lines of the worklist that have none."""
CHANNELS: Final[Mapping[str, Words]] = {
    "ws4": same("WS4"),
    "nir_web": same("NIR web"),
    "hold": Words("wait for NIR", "vent på NIR", "vent på NIR"),
    "blocked": Words("not visible in NIR", "ikke synlig i NIR", "ikkje synleg i NIR"),
    "history": Words("history", "historikk", "historikk"),
    "not_known": Words("not known", "ikke kjent", "ikkje kjend"),
}


def in_words(table: Mapping[str, Words], key: str, language: Language) -> str:
    """What a key stands for, in a language. A field of a municipality's own rules has no words: its name is shown."""
    return table[key].in_language(language) if key in table else key
