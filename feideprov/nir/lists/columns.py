"""The columns of a list of participation records: those of every list, and those of each field and fact of the rules.

The sheet to fill in and the reader are both made from these rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from feideprov.forms.columns import PEOPLE, SheetColumn
from feideprov.forms.words import Words
from feideprov.messages import Sentence
from feideprov.nir.contents import VedtakKind
from feideprov.nir.lists.field_kinds import FACTS, FieldKind, field_row
from feideprov.nir.model import IN_NIR, SINCE, NumberKind, Scheme
from feideprov.nir.table.rules import Rules
from feideprov.nir.words import SCHEMES
from feideprov.sheets.form import Cells
from feideprov.tables.columns import Column, Layout, heading_key

SCHEME_OF: Final = {heading_key(name): scheme for scheme in Scheme for name in (scheme.value, *SCHEMES[scheme])}
"""The schemes by their names in every language."""
REMOVE: Final = Words("remove", "fjern", "fjern")
"""The word in a cell that takes away what was written down."""
_IN_NIR: Final = Words("{heading} in NIR", "{heading} i NIR", "{heading} i NIR")
_SINCE: Final = Words("{heading} known on", "{heading} forelå", "{heading} låg føre")

DECISIONS: Final = {
    VedtakKind.OFFER: Words("offer", "tilbud", "tilbod"),
    VedtakKind.GRANT: Words("grant", "tildeling", "tildeling"),
    VedtakKind.REFUSAL: Words("refusal", "avslag", "avslag"),
    VedtakKind.STOP: Words("stop", "stans", "stans"),
    VedtakKind.EXTENDED: Words("extended", "utvidet", "utvida"),
    VedtakKind.LEAVE: Words("leave", "permisjon", "permisjon"),
}
_NUMBERS: Final = {column.name: column for column in PEOPLE if column.name in ("national_number", "duf_number")}

GENERAL: Final = (
    SheetColumn(
        "key",
        Words("Key", "Nøkkel", "Nøkkel"),
        Words(
            "The key of the person in your own system. Never an identity number. An empty cell in the row says "
            "nothing; the word remove takes away what was read before.",
            "Nøkkelen til personen i deres eget system. Aldri et fødselsnummer. En tom celle i raden sier ingenting; "
            "ordet fjern tar bort det som er lest inn før.",
            "Nøkkelen til personen i dykkar eige system. Aldri eit fødselsnummer. Ei tom celle i rada seier ingenting; "
            "ordet fjern tek bort det som er lese inn før.",
        ),
        40,
    ),
    _NUMBERS["national_number"],
    _NUMBERS["duf_number"],
    SheetColumn(
        "reception_number",
        Words("Reception centre number", "Registreringsnummer i mottak", "Registreringsnummer i mottak"),
        Words(
            "The number that the reception centre has given.",
            "Nummeret som mottaket har gitt.",
            "Nummeret som mottaket har gitt.",
        ),
        29,
    ),
    SheetColumn(
        "passport_number",
        Words("Passport number", "Passnummer", "Passnummer"),
        Words("As in the passport.", "Som i passet.", "Som i passet."),
        18,
    ),
    SheetColumn(
        "number_source",
        Words("Source of number", "Kilde for nummer", "Kjelde for nummer"),
        Words("Where the number was seen.", "Hvor nummeret er sett.", "Kvar nummeret er sett."),
        20,
    ),
    SheetColumn(
        "number_seen_on",
        Words("Number seen on", "Nummer sett dato", "Nummer sett dato"),
        Words("The day when it was seen.", "Dagen det ble sett.", "Dagen det vart sett."),
        18,
        cells=Cells.DATE,
    ),
    SheetColumn(
        "permit_basis",
        Words("Permit basis", "Grunnlag for opphold", "Grunnlag for opphald"),
        Words(
            "The paragraph of utlendingsloven, such as 28 or 34. It decides which law applies.",
            "Paragrafen i utlendingsloven, for eksempel 28 eller 34. Den avgjør hvilken lov som gjelder.",
            "Paragrafen i utlendingslova, til dømes 28 eller 34. Han avgjer kva lov som gjeld.",
        ),
        22,
    ),
    SheetColumn(
        "permit_date",
        Words("Permit granted", "Oppholdstillatelse gitt", "Opphaldsløyve gitt"),
        Words("The day of the permit.", "Datoen for tillatelsen.", "Datoen for løyvet."),
        24,
        cells=Cells.DATE,
    ),
    SheetColumn(
        "arrived",
        Words("Arrived", "Ankomst", "Framkomst"),
        Words("The day of arrival in Norway.", "Dagen personen kom til Norge.", "Dagen personen kom til Noreg."),
        cells=Cells.DATE,
    ),
    SheetColumn(
        "settled",
        Words("Settled", "Bosatt", "Busett"),
        Words("The day of settlement.", "Dagen for bosetting.", "Dagen for busetjing."),
        cells=Cells.DATE,
    ),
    SheetColumn(
        "search_out",
        Words("Assigned", "Søkt ut", "Søkt ut"),
        Words(
            "The day when IMDi assigned the person to a municipality.",
            "Dagen IMDi søkte personen ut til en kommune.",
            "Dagen IMDi søkte personen ut til ein kommune.",
        ),
        cells=Cells.DATE,
    ),
    SheetColumn(
        "register_municipality",
        Words("Register municipality", "Kommune i Folkeregisteret", "Kommune i Folkeregisteret"),
        Words(
            "The municipality of the address there: four digits.",
            "Kommunen til adressen der: fire siffer.",
            "Kommunen til adressa der: fire siffer.",
        ),
        26,
    ),
    SheetColumn(
        "decision",
        Words("Decision kind", "Type vedtak", "Type vedtak"),
        Words("Choose from the list.", "Velg fra listen.", "Vel frå lista."),
        18,
        choices=tuple(DECISIONS.values()),
        others=True,
    ),
    SheetColumn(
        "decision_date",
        Words("Decision date", "Vedtaksdato", "Vedtaksdato"),
        Words("The day of the decision.", "Datoen for vedtaket.", "Datoen for vedtaket."),
        cells=Cells.DATE,
    ),
    SheetColumn(
        "start",
        Words("Start", "Startdato", "Startdato"),
        Words(
            "The first day. It may be planned.",
            "Den første dagen. Kan være planlagt.",
            "Den første dagen. Kan vere planlagd.",
        ),
        cells=Cells.ANY_DATE,
    ),
    SheetColumn(
        "end",
        Words("End", "Sluttdato", "Sluttdato"),
        Words(
            "The last day. It may be planned.",
            "Den siste dagen. Kan være planlagt.",
            "Den siste dagen. Kan vere planlagd.",
        ),
        cells=Cells.ANY_DATE,
    ),
    SheetColumn(
        "settled_in_nir",
        Words("Settled in NIR", "Bosatt i NIR", "Busett i NIR"),
        Words(
            "The day when the settlement day was registered there.",
            "Dagen bosettingsdatoen ble registrert der.",
            "Dagen busetjingsdatoen vart registrert der.",
        ),
        cells=Cells.DATE,
    ),
    SheetColumn(
        "number_in_nir",
        Words("Number in NIR", "Nummer i NIR", "Nummer i NIR"),
        Words(
            "The day when somebody saw the number of the person there.",
            "Dagen noen så nummeret til personen der.",
            "Dagen nokon såg nummeret til personen der.",
        ),
        cells=Cells.DATE,
    ),
)
"""The columns of every list, but the scheme."""
_ALSO: Final = {
    "key": ("source id", "kilde-id", "kjelde-id", "person-id", "personid", "personnøkkel", "klient-id", "klientnummer"),
    "national_number": ("fødselsnummer", "personnummer", "d-nummer", "fnr", "dnr"),
    "duf_number": ("duf number", "dufnummer", "duf"),
    "permit_basis": ("oppholdsgrunnlag", "opphaldsgrunnlag", "paragraf"),
    "permit_date": ("permit date", "vedtak om opphold", "tillatelsesdato"),
    "arrived": ("ankomstdato", "ankomst", "ankommet"),
    "settled": ("bosettingsdato", "bosattdato", "busetjingsdato"),
    "search_out": ("søkt ut dato", "utsøkt"),
    "register_municipality": ("folkeregistrert kommune", "kommunenummer"),
    "decision_date": ("dato for vedtak",),
    "start": ("start date", "oppstart"),
    "end": ("end date", "slutt"),
    "scheme": ("ordning", "type ordning"),
    "fulltid_vgo": ("fulltid videregående opplæring", "fulltid vidaregåande opplæring"),
}
"""Further headings that people have."""
_HOLD_NUMBERS: Final = frozenset(_NUMBERS)
_DATES: Final = (Cells.DATE, Cells.ANY_DATE)


_REMOVED: Final = {
    "national_number": (NumberKind.FNR, NumberKind.DNR),
    "duf_number": (NumberKind.DUF,),
    "reception_number": (NumberKind.MOTTAK,),
    "passport_number": (NumberKind.PASS,),
    "permit_basis": ("permit",),
    "permit_date": ("permit",),
    "decision": ("vedtak",),
    "decision_date": ("vedtak",),
    "end": ("ended",),
}
"""What the word in a column takes away, where that has another name than the column."""


_STAY: Final = frozenset(("key", "scheme", "number_source", "number_seen_on"))


def removes(column: str) -> bool:
    """Whether the word takes away what a column says. The key and the scheme say whose record it is, and two columns
    are about the numbers of the row."""
    return column not in _STAY


def removed_by(columns: Iterable[str]) -> frozenset[str]:
    """What is taken away by the word in these columns."""
    return frozenset(str(name) for column in columns for name in _REMOVED.get(column, (column,)))


def fields_of(rules: Rules, scheme: Scheme | None = None) -> list[str]:
    """The fields of a scheme under all laws, in the order of the rules; of all schemes, without one.

    A name with a dot is about one kind of measure, not a field of its own.
    """
    fields = (rule.field for rule in rules.rules if scheme is None or rule.scheme in (scheme, "*"))
    return list(dict.fromkeys(field for field in fields if "." not in field))


def facts_of(rules: Rules, scheme: Scheme) -> list[str]:
    """What can be so for a record of a scheme, and makes more fields required."""
    named = {rule.when for rule in rules.rules if rule.scheme in (scheme, "*")}
    return [fact for fact in FACTS if fact in named]


def of_field(template: Words, field: str) -> Words:
    """The heading of a further column of a field, such as the day of its registering."""
    return Words(*(one.format(heading=own) for one, own in zip(template, field_row(field).heading, strict=True)))


def in_nir(field: str) -> Words:
    """The heading of the day on which a field was registered."""
    return of_field(_IN_NIR, field)


def layout_of(rules: Rules) -> Layout:
    """The columns of a list of participation records, with all headings that mean them."""
    general = [_known(one.name, one.heading, holds_date=one.cells in _DATES) for one in GENERAL]
    facts = [_known(name, heading, holds_date=True) for name, heading in FACTS.items()]
    taken = {one.name for one in (*general, *facts)}
    fields = [one for field in fields_of(rules) for one in _of_field(field) if one.name not in taken]
    return Layout(
        Sentence("list of participation records"),
        (*general, Column("scheme", _ALSO["scheme"]), *facts, *fields),
        required=(("key",),),
        section="[nir.columns]",
    )


def _of_field(field: str) -> Iterator[Column]:
    row = field_row(field)
    yield _known(
        field,
        row.heading,
        holds_date=row.kind is FieldKind.DAY or row.kind.has_days,
        holds_words=row.kind in (FieldKind.WORDS, FieldKind.ANY),
    )
    yield _known(field + IN_NIR, in_nir(field), holds_date=True)
    yield _known(field + SINCE, of_field(_SINCE, field), holds_date=True)


def _known(name: str, heading: Iterable[str], *, holds_date: bool, holds_words: bool = False) -> Column:
    headings = dict.fromkeys((*heading, *_ALSO.get(name, ())))
    return Column(
        name, tuple(headings), holds_number=name in _HOLD_NUMBERS, holds_date=holds_date, holds_words=holds_words
    )
