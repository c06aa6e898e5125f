"""What a list says of each field of a record: its kind, its heading, and what it rests on.

A kind is what the rules need to know: a day, yes or no, the days of a measure. NIR's own codes are not public, so words
are those of the municipality. A field of a municipality's own rule has no row here: it takes yes, no or words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from feideprov.messages import Sentence
from feideprov.nir import words


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
    heading: Sentence
    rests_on: str = ""


_KINDS: Final[Mapping[str, FieldKind]] = {
    "tilbud_eller_krav_dato": FieldKind.DAY,
    "krav_dato": FieldKind.DAY,
    "vedtak": FieldKind.DECISIONS,
    "vedtak_utvidet_norskopplaering": FieldKind.DECISIONS,
    "sluttmaal": FieldKind.CODE,
    "norskmaal": FieldKind.CODE,
    "integreringskontrakt": FieldKind.YES_NO,
    "tiltak": FieldKind.MEASURES,
    "foreldreveiledning_gjennomfoert": FieldKind.YES_NO,
    "livsmestring_gjennomfoert": FieldKind.YES_NO,
    "kompetansekartlegging_gjennomfoert": FieldKind.YES_NO,
    "karriereveiledning_gjennomfoert": FieldKind.YES_NO,
    "permisjon": FieldKind.LEAVE,
    "fravaer": FieldKind.ABSENCE,
    "avslutningsaarsak": FieldKind.CODE,
    "klage": FieldKind.COMPLAINT,
    "morsmaal": FieldKind.WORDS,
    "opplaeringsspraak": FieldKind.WORDS,
    "utdanningsbakgrunn": FieldKind.YES_NO,
    "timer": FieldKind.HOURS,
    "timer_norsk": FieldKind.HOURS,
    "timer_samfunnskunnskap": FieldKind.HOURS,
    "omfang": FieldKind.WORDS,
    "omfang_under_omsorgspermisjon": FieldKind.WORDS,
    "fritak_opplaering": FieldKind.EXEMPTION,
    "fritak_proeve": FieldKind.EXEMPTION,
    "fulltid_vgo": FieldKind.YES_NO,
    "reservasjon_forskning": FieldKind.YES_NO,
}
_RESTS_ON: Final = {"vedtak": "decision_date", "avslutningsaarsak": "end", "omfang": "decision_date"}


def field_row(field: str) -> FieldRow:
    """The row of a field. One of a municipality's own rules has its name as its heading."""
    if field in _KINDS:
        return FieldRow(_KINDS[field], words.FIELDS[field], _RESTS_ON.get(field, ""))
    return FieldRow(FieldKind.ANY, Sentence("{field}", field=field.replace("_", " ").capitalize()))


FACTS: Final = {
    "ended": Sentence("Ended"),
    "leave": Sentence("On leave"),
    "absent": Sentence("Absent"),
    "complaint": Sentence("Has complained"),
    "exempted_training": Sentence("Exempted from training"),
    "exempted_test": Sentence("Exempted from test"),
    "claimed": Sentence("Has claimed"),
    "care_leave_training": Sentence("Training during care leave"),
    "fulltid_vgo": words.FIELDS["fulltid_vgo"],
    "in_programme": Sentence("In the programme"),
    "extended": Sentence("Has extended training"),
}
"""What can be so for a record: its heading. `fulltid_vgo` is a fact and a field: one column is for both."""
