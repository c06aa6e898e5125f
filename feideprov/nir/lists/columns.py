"""The columns of a list of participation records: those of every list, and those of each field and fact of the rules.

The sheet to fill in and the reader are both made from these rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from feideprov.forms.columns import PEOPLE, SheetColumn
from feideprov.messages import Sentence, Template
from feideprov.nir.contents import VedtakKind
from feideprov.nir.lists.field_kinds import FACTS, FieldKind, field_row
from feideprov.nir.model import IN_NIR, SINCE, NumberKind, Scheme
from feideprov.nir.table.rules import Rules
from feideprov.nir.words import SCHEMES
from feideprov.sheets.form import Cells
from feideprov.tables.columns import Column, Layout, heading_key

SCHEME_OF: Final = {
    heading_key(name): scheme for scheme in Scheme for name in (scheme.value, *SCHEMES[scheme].in_every_language())
}
"""The schemes by their names in every language."""
REMOVE: Final = Sentence("remove")
"""The word in a cell that takes away what was written down."""
_IN_NIR: Final = Template("{heading} in NIR")
_SINCE: Final = Template("{heading} known on")

DECISIONS: Final = {
    VedtakKind.OFFER: Sentence("offer"),
    VedtakKind.GRANT: Sentence("grant"),
    VedtakKind.REFUSAL: Sentence("refusal"),
    VedtakKind.STOP: Sentence("stop"),
    VedtakKind.EXTENDED: Sentence("extended"),
    VedtakKind.LEAVE: Sentence("leave"),
}
_NUMBERS: Final = {column.name: column for column in PEOPLE if column.name in ("national_number", "duf_number")}

GENERAL: Final = (
    SheetColumn(
        "key",
        Sentence("Key"),
        Sentence(
            "The key of the person in your own system. Never an identity number. An empty cell in the row says "
            "nothing; the word remove takes away what was read before."
        ),
        40,
    ),
    _NUMBERS["national_number"],
    _NUMBERS["duf_number"],
    SheetColumn(
        "reception_number",
        Sentence("Reception centre number"),
        Sentence("The number that the reception centre has given."),
        29,
    ),
    SheetColumn(
        "passport_number",
        Sentence("Passport number"),
        Sentence("As in the passport."),
        18,
    ),
    SheetColumn(
        "number_source",
        Sentence("Source of number"),
        Sentence("Where the number was seen."),
        20,
    ),
    SheetColumn(
        "number_seen_on",
        Sentence("Number seen on"),
        Sentence("The day when it was seen."),
        18,
        cells=Cells.DATE,
    ),
    SheetColumn(
        "permit_basis",
        Sentence("Permit basis"),
        Sentence("The paragraph of utlendingsloven, such as 28 or 34. It decides which law applies."),
        22,
    ),
    SheetColumn(
        "permit_date",
        Sentence("Permit granted"),
        Sentence("The day of the permit."),
        24,
        cells=Cells.DATE,
    ),
    SheetColumn(
        "arrived",
        Sentence("Arrived"),
        Sentence("The day of arrival in Norway."),
        cells=Cells.DATE,
    ),
    SheetColumn(
        "settled",
        Sentence("Settled"),
        Sentence("The day of settlement."),
        cells=Cells.DATE,
    ),
    SheetColumn(
        "search_out",
        Sentence("Assigned"),
        Sentence("The day when IMDi assigned the person to a municipality."),
        cells=Cells.DATE,
    ),
    SheetColumn(
        "register_municipality",
        Sentence("Register municipality"),
        Sentence("The municipality of the address there: four digits."),
        26,
    ),
    SheetColumn(
        "decision",
        Sentence("Decision kind"),
        Sentence("Choose from the list."),
        18,
        choices=tuple(DECISIONS.values()),
        others=True,
    ),
    SheetColumn(
        "decision_date",
        Sentence("Decision date"),
        Sentence("The day of the decision."),
        cells=Cells.DATE,
    ),
    SheetColumn(
        "start",
        Sentence("Start"),
        Sentence("The first day. It may be planned."),
        cells=Cells.ANY_DATE,
    ),
    SheetColumn(
        "end",
        Sentence("End"),
        Sentence("The last day. It may be planned."),
        cells=Cells.ANY_DATE,
    ),
    SheetColumn(
        "settled_in_nir",
        Sentence("Settled in NIR"),
        Sentence("The day when the settlement day was registered there."),
        cells=Cells.DATE,
    ),
    SheetColumn(
        "number_in_nir",
        Sentence("Number in NIR"),
        Sentence("The day when somebody saw the number of the person there."),
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


def of_field(template: Template, field: str) -> Sentence:
    """The heading of a further column of a field, such as the day of its registering."""
    return template.filled(heading=field_row(field).heading)


def in_nir(field: str) -> Sentence:
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


def _known(name: str, heading: Sentence, *, holds_date: bool, holds_words: bool = False) -> Column:
    headings = dict.fromkeys((*heading.in_every_language(), *_ALSO.get(name, ())))
    return Column(
        name, tuple(headings), holds_number=name in _HOLD_NUMBERS, holds_date=holds_date, holds_words=holds_words
    )
