"""What a list says of each field of a record: one row a field, with its kind, its headings, and what it rests on.

A kind is what the rules need to know: a day, yes or no, the days of a measure. NIR's own codes are not public, so words
are those of the municipality. A field of a municipality's own rule has no row here: it takes yes, no or words.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from feideprov.forms.words import Words


class FieldKind(StrEnum):
    """What the cells of a field hold."""

    DAY = "day"
    YES_NO = "yes or no"
    HOURS = "hours"
    CODE = "code"
    """A word that the configuration maps."""
    WORDS = "words"
    DECISIONS = "decisions"
    """The day of each decision, before it its kind, and after it the days that it grants."""
    MEASURES = "measures"
    """The days of each measure, and before them its kind: a word that the configuration maps."""
    LEAVE = "leave"
    """The days of each leave, and before them its kind: a word that the configuration maps."""
    ABSENCE = "absence"
    """The days of each absence."""
    EXEMPTION = "exemption"
    """The day of each exemption, and before it its legal basis: a word that the configuration maps."""
    COMPLAINT = "complaint"
    """The day of each complaint, and before it its outcome: a word that the configuration maps."""
    ANY = "any"
    """Yes, no or words."""

    @property
    def has_days(self) -> bool:
        """Whether a cell has days, of one thing or of several."""
        return self in _WITH_DAYS

    @property
    def spans(self) -> bool:
        """Whether it is about a time with a beginning and an end, which may be planned."""
        return self in (FieldKind.MEASURES, FieldKind.LEAVE, FieldKind.ABSENCE)


_WITH_DAYS: Final = frozenset(
    (
        FieldKind.DECISIONS,
        FieldKind.MEASURES,
        FieldKind.LEAVE,
        FieldKind.ABSENCE,
        FieldKind.EXEMPTION,
        FieldKind.COMPLAINT,
    )
)


@dataclass(frozen=True)
class FieldRow:
    """A field: its kind, its heading, and the column on whose day it was there when nobody says since when."""

    kind: FieldKind
    heading: Words
    rests_on: str = ""


FIELDS: Final = {
    "tilbud_eller_krav_dato": FieldRow(
        FieldKind.DAY, Words("Day of offer or claim", "Dato for tilbud eller krav", "Dato for tilbod eller krav")
    ),
    "krav_dato": FieldRow(FieldKind.DAY, Words("Day of claim", "Dato for krav", "Dato for krav")),
    "vedtak": FieldRow(FieldKind.DECISIONS, Words("Decisions", "Vedtak", "Vedtak"), "decision_date"),
    "vedtak_utvidet_norskopplaering": FieldRow(
        FieldKind.DECISIONS,
        Words("Decisions on extended training", "Vedtak om utvidet norskopplæring", "Vedtak om utvida norskopplæring"),
    ),
    "sluttmaal": FieldRow(FieldKind.CODE, Words("Final goal", "Sluttmål", "Sluttmål")),
    "norskmaal": FieldRow(FieldKind.CODE, Words("Norwegian goal", "Norskmål", "Norskmål")),
    "integreringskontrakt": FieldRow(
        FieldKind.YES_NO, Words("Integration contract", "Integreringskontrakt", "Integreringskontrakt")
    ),
    "tiltak": FieldRow(FieldKind.MEASURES, Words("Measures", "Tiltak", "Tiltak")),
    "foreldreveiledning_gjennomfoert": FieldRow(
        FieldKind.YES_NO,
        Words("Parental guidance done", "Foreldreveiledning gjennomført", "Foreldrerettleiing gjennomført"),
    ),
    "livsmestring_gjennomfoert": FieldRow(
        FieldKind.YES_NO, Words("Life skills done", "Livsmestring gjennomført", "Livsmeistring gjennomført")
    ),
    "kompetansekartlegging_gjennomfoert": FieldRow(
        FieldKind.YES_NO,
        Words("Skills mapping done", "Kompetansekartlegging gjennomført", "Kompetansekartlegging gjennomført"),
    ),
    "karriereveiledning_gjennomfoert": FieldRow(
        FieldKind.YES_NO,
        Words("Career guidance done", "Karriereveiledning gjennomført", "Karriererettleiing gjennomført"),
    ),
    "permisjon": FieldRow(FieldKind.LEAVE, Words("Days of leave", "Permisjon", "Permisjon")),
    "fravaer": FieldRow(FieldKind.ABSENCE, Words("Days of absence", "Fravær", "Fråvær")),
    "avslutningsaarsak": FieldRow(
        FieldKind.CODE, Words("Reason of ending", "Avslutningsårsak", "Avslutningsårsak"), "end"
    ),
    "klage": FieldRow(FieldKind.COMPLAINT, Words("Day of complaint", "Klage", "Klage")),
    "morsmaal": FieldRow(FieldKind.WORDS, Words("Mother tongue", "Morsmål", "Morsmål")),
    "opplaeringsspraak": FieldRow(FieldKind.WORDS, Words("Language of training", "Opplæringsspråk", "Opplæringsspråk")),
    "utdanningsbakgrunn": FieldRow(
        FieldKind.YES_NO,
        Words("Upper secondary completed", "Utdanningsbakgrunn", "Utdanningsbakgrunn"),
    ),
    "timer": FieldRow(FieldKind.HOURS, Words("Hours", "Timer", "Timar")),
    "timer_norsk": FieldRow(FieldKind.HOURS, Words("Hours of Norwegian", "Timer norsk", "Timar norsk")),
    "timer_samfunnskunnskap": FieldRow(
        FieldKind.HOURS, Words("Hours of social studies", "Timer samfunnskunnskap", "Timar samfunnskunnskap")
    ),
    "omfang": FieldRow(FieldKind.WORDS, Words("Extent", "Omfang", "Omfang"), "decision_date"),
    "omfang_under_omsorgspermisjon": FieldRow(
        FieldKind.WORDS,
        Words("Extent during care leave", "Omfang under omsorgspermisjon", "Omfang under omsorgspermisjon"),
    ),
    "fritak_opplaering": FieldRow(
        FieldKind.EXEMPTION, Words("Exemption from training", "Fritak fra opplæring", "Fritak frå opplæring")
    ),
    "fritak_proeve": FieldRow(
        FieldKind.EXEMPTION, Words("Exemption from test", "Fritak fra prøve", "Fritak frå prøve")
    ),
    "fulltid_vgo": FieldRow(
        FieldKind.YES_NO,
        Words("Full-time upper secondary", "Fulltid videregående opplæring", "Fulltid vidaregåande opplæring"),
    ),
    "reservasjon_forskning": FieldRow(
        FieldKind.YES_NO,
        Words("Reservation against research", "Reservasjon mot forskning", "Reservasjon mot forsking"),
    ),
}


def field_row(field: str) -> FieldRow:
    """The row of a field. One of a municipality's own rules has its name as its heading."""
    name = field.replace("_", " ").capitalize()
    return FIELDS.get(field) or FieldRow(FieldKind.ANY, Words(name, name, name))


FACTS: Final = {
    "ended": Words("Ended", "Avsluttet", "Avslutta"),
    "leave": Words("On leave", "I permisjon", "I permisjon"),
    "absent": Words("Absent", "Har fravær", "Har fråvær"),
    "complaint": Words("Has complained", "Har klaget", "Har klaga"),
    "exempted_training": Words("Exempted from training", "Fritatt fra opplæring", "Friteken frå opplæring"),
    "exempted_test": Words("Exempted from test", "Fritatt fra prøve", "Friteken frå prøve"),
    "claimed": Words("Has claimed", "Har satt fram krav", "Har sett fram krav"),
    "care_leave_training": Words(
        "Training during care leave", "Opplæring under omsorgspermisjon", "Opplæring under omsorgspermisjon"
    ),
    "fulltid_vgo": FIELDS["fulltid_vgo"].heading,
    "in_programme": Words("In the programme", "I programmet", "I programmet"),
    "extended": Words("Has extended training", "Har utvidet opplæring", "Har utvida opplæring"),
}
"""What can be so for a record: its heading. `fulltid_vgo` is a fact and a field: one column is for both."""
