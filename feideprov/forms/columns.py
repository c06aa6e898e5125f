"""The columns of the sheets as data: which column of a list each one is, its heading, and what is said above it.

The heading is one that the readers know. An explanation never is, and has no line break: a file that a spreadsheet
saves as CSV has the explanations in its first row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from feideprov.messages import Sentence
from feideprov.sheets.form import Cells

_YES_NO: Final = (Sentence("yes"), Sentence("no"))
_ROLES: Final = (
    Sentence("pupil"),
    Sentence("student"),
    Sentence("teacher"),
    Sentence("staff"),
)
_GRADES: Final = tuple(Sentence("{grade}", grade=grade) for grade in (*range(1, 11), "vg1", "vg2", "vg3"))
_EVIDENCE: Final = (
    Sentence("register"),
    Sentence("letter"),
    Sentence("card"),
    Sentence("authority"),
)
NO_NUMBER_YET: Final = Sentence("has no number yet")
"""What a cell for a number may say; `feideprov.no_value.no_number_yet` reads it."""
_NO_NUMBER: Final = (NO_NUMBER_YET,)


@dataclass(frozen=True)
class SheetColumn:
    """A column of a sheet.

    Parameters:
        name: the canonical name of the column.
        heading: its heading.
        explanation: what stands above it.
        width: in characters.
        cells: what its cells are to a spreadsheet.
        choices: the words to choose from.
        schools: the schools of the configuration are what to choose from.
        others: something else may be written too.
    """

    name: str
    heading: Sentence
    explanation: Sentence
    width: int = 16
    cells: Cells = Cells.TEXT
    choices: tuple[Sentence, ...] = ()
    schools: bool = False
    others: bool = False


_GIVEN_NAME: Final = SheetColumn(
    "given_name",
    Sentence("Given name"),
    Sentence("As in the passport. One of the two names is enough."),
    18,
)
_FAMILY_NAME: Final = SheetColumn(
    "family_name",
    Sentence("Family name"),
    Sentence("As in the passport."),
    18,
)
_BIRTH_DATE: Final = SheetColumn(
    "birth_date",
    Sentence("Birth date"),
    Sentence("Year, month, day: 2008-12-31. Empty if it is not known."),
    cells=Cells.DATE,
)

PEOPLE: Final = (
    SheetColumn(
        "source_id",
        Sentence("Source id"),
        Sentence("The key of the person. Do not change it, and keep it in later sheets. Never an identity number."),
        26,
    ),
    _GIVEN_NAME,
    _FAMILY_NAME,
    _BIRTH_DATE,
    SheetColumn(
        "school",
        Sentence("School"),
        Sentence("Choose from the list. Several schools: write “|” between them, the first one is the main school."),
        26,
        schools=True,
        others=True,
    ),
    SheetColumn(
        "role",
        Sentence("Role"),
        Sentence("Choose from the list. Student is adult education."),
        13,
        choices=_ROLES,
    ),
    SheetColumn(
        "grade",
        Sentence("Grade"),
        Sentence("1 to 10, or vg1 to vg3. Pupils only."),
        11,
        choices=_GRADES,
    ),
    SheetColumn(
        "groups",
        Sentence("Groups"),
        Sentence("The class, such as 6A."),
        13,
    ),
    SheetColumn(
        "mobile",
        Sentence("Mobile"),
        Sentence("With + and the country code. Eight digits are Norwegian."),
    ),
    SheetColumn(
        "mail",
        Sentence("Mail"),
        Sentence("The address of the person."),
        24,
    ),
    SheetColumn(
        "language",
        Sentence("Language"),
        Sentence("Two letters, such as uk, ar or nb."),
        11,
    ),
    SheetColumn(
        "national_number",
        Sentence("National identity number"),
        Sentence("Eleven digits. If there is none: leave it empty, or choose “has no number yet”. Never invent one."),
        29,
        choices=_NO_NUMBER,
        others=True,
    ),
    SheetColumn(
        "duf_number",
        Sentence("DUF no"),
        Sentence("Twelve digits, from the card."),
        choices=_NO_NUMBER,
        others=True,
    ),
    SheetColumn(
        "protected",
        Sentence("Protected"),
        Sentence("Yes if the address is protected. Otherwise empty."),
        12,
        choices=_YES_NO,
    ),
)
NUMBERS: Final = (
    SheetColumn(
        "source_id",
        Sentence("Source id"),
        Sentence("The key of the person in your own system. Or the Feide name in the next column."),
        18,
    ),
    SheetColumn(
        "user",
        Sentence("Feide name"),
        Sentence("Such as name@municipality.no."),
        30,
    ),
    _GIVEN_NAME,
    _FAMILY_NAME,
    _BIRTH_DATE,
    SheetColumn(
        "national_number",
        Sentence("National identity number"),
        Sentence(
            "The eleven digits that have arrived. If there are none: leave it empty, or choose “has no number yet”."
        ),
        29,
        choices=_NO_NUMBER,
        others=True,
    ),
    SheetColumn(
        "old_number",
        Sentence("Old number"),
        Sentence("Only when another number replaces it, or it was wrong."),
    ),
    SheetColumn(
        "evidence",
        Sentence("Evidence"),
        Sentence("Where the number was seen. Choose from the list."),
        17,
        choices=_EVIDENCE,
    ),
    SheetColumn(
        "seen_by",
        Sentence("Seen by"),
        Sentence("The name of who saw it."),
        18,
    ),
    SheetColumn(
        "seen_on",
        Sentence("Seen on"),
        Sentence("The day when it was seen."),
        12,
        cells=Cells.DATE,
    ),
)
SERVICES: Final = (
    SheetColumn(
        "id",
        Sentence("Service id"),
        Sentence("The id at Feide. Empty if it is not known."),
        13,
    ),
    SheetColumn(
        "name",
        Sentence("Name"),
        Sentence("As the customer portal shows it."),
        26,
    ),
    SheetColumn(
        "provider",
        Sentence("Provider"),
        Sentence("Who offers the service."),
        24,
    ),
    SheetColumn(
        "mail",
        Sentence("Mail"),
        Sentence("Where the provider is asked and told. Several: “|” between them."),
        28,
    ),
    SheetColumn(
        "gets_number",
        Sentence("Gets number"),
        Sentence("Does the service get the number? The portal shows it under Verktøy."),
        18,
        choices=_YES_NO,
    ),
    SheetColumn(
        "activated",
        Sentence("Activated"),
        Sentence("Is it activated for you?"),
        12,
        choices=_YES_NO,
    ),
    SheetColumn(
        "schools",
        Sentence("Schools"),
        Sentence("Only if it is for some schools. Several: “|” between them."),
        26,
        schools=True,
        others=True,
    ),
    SheetColumn(
        "roles",
        Sentence("Roles"),
        Sentence("Only if it is for some roles. Several: “|” between them."),
        16,
        choices=_ROLES,
        others=True,
    ),
    SheetColumn(
        "reason",
        Sentence("Reason"),
        Sentence("Why the provider says that it needs the number."),
        40,
    ),
)
