"""The columns of the sheets as data: which column of a list each one is, its heading, and what is said above it.

The heading is one that the readers know. An explanation never is, and has no line break: a file that a spreadsheet
saves as CSV has the explanations in its first row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from feideprov.forms.words import Words, same
from feideprov.sheets.form import Cells

_YES_NO: Final = (Words("yes", "ja", "ja"), Words("no", "nei", "nei"))
_ROLES: Final = (
    Words("pupil", "elev", "elev"),
    Words("student", "deltaker", "deltakar"),
    Words("teacher", "lærer", "lærar"),
    Words("staff", "ansatt", "tilsett"),
)
_GRADES: Final = tuple(map(same, (*map(str, range(1, 11)), "vg1", "vg2", "vg3")))
_EVIDENCE: Final = (
    Words("register", "folkeregisteret", "folkeregisteret"),
    Words("letter", "brev", "brev"),
    Words("card", "asylsøkerbevis", "asylsøkjarbevis"),
    Words("authority", "myndighet", "styresmakt"),
)
NO_NUMBER_YET: Final = Words("has no number yet", "har ikke nummer ennå", "har ikkje nummer enno")
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
    heading: Words
    explanation: Words
    width: int = 16
    cells: Cells = Cells.TEXT
    choices: tuple[Words, ...] = ()
    schools: bool = False
    others: bool = False


_GIVEN_NAME: Final = SheetColumn(
    "given_name",
    Words("Given name", "Fornavn", "Førenamn"),
    Words(
        "As in the passport. One of the two names is enough.",
        "Som i passet. Ett av de to navnene er nok.",
        "Som i passet. Eitt av dei to namna er nok.",
    ),
    18,
)
_FAMILY_NAME: Final = SheetColumn(
    "family_name",
    Words("Family name", "Etternavn", "Etternamn"),
    Words("As in the passport.", "Som i passet.", "Som i passet."),
    18,
)
_BIRTH_DATE: Final = SheetColumn(
    "birth_date",
    Words("Birth date", "Fødselsdato", "Fødselsdato"),
    Words(
        "Year, month, day: 2008-12-31. Empty if it is not known.",
        "Som 31.12.2008 eller 2008-12-31. Tomt hvis den ikke er kjent.",
        "Som 31.12.2008 eller 2008-12-31. Tomt viss han ikkje er kjend.",
    ),
    cells=Cells.DATE,
)

PEOPLE: Final = (
    SheetColumn(
        "source_id",
        Words("Source id", "Kilde-id", "Kjelde-id"),
        Words(
            "The key of the person. Do not change it, and keep it in later sheets. Never an identity number.",
            "Nøkkelen til personen. Ikke endre den, og behold den i senere ark. Aldri et fødselsnummer.",
            "Nøkkelen til personen. Ikkje endre han, og behald han i seinare ark. Aldri eit fødselsnummer.",
        ),
        26,
    ),
    _GIVEN_NAME,
    _FAMILY_NAME,
    _BIRTH_DATE,
    SheetColumn(
        "school",
        Words("School", "Skole", "Skule"),
        Words(
            "Choose from the list. Several schools: write “|” between them, the first one is the main school.",
            "Velg fra listen. Flere skoler: skriv «|» mellom dem, den første er hovedskolen.",
            "Vel frå lista. Fleire skular: skriv «|» mellom dei, den første er hovudskulen.",
        ),
        26,
        schools=True,
        others=True,
    ),
    SheetColumn(
        "role",
        Words("Role", "Rolle", "Rolle"),
        Words(
            "Choose from the list. Student is adult education.",
            "Velg fra listen. Deltaker er voksenopplæring.",
            "Vel frå lista. Deltakar er vaksenopplæring.",
        ),
        13,
        choices=_ROLES,
    ),
    SheetColumn(
        "grade",
        Words("Grade", "Trinn", "Årssteg"),
        Words(
            "1 to 10, or vg1 to vg3. Pupils only.",
            "1 til 10, eller vg1 til vg3. Bare elever.",
            "1 til 10, eller vg1 til vg3. Berre elevar.",
        ),
        11,
        choices=_GRADES,
    ),
    SheetColumn(
        "groups",
        Words("Groups", "Gruppe", "Gruppe"),
        Words("The class, such as 6A.", "Klassen, for eksempel 6A.", "Klassa, til dømes 6A."),
        13,
    ),
    SheetColumn(
        "mobile",
        Words("Mobile", "Mobil", "Mobil"),
        Words(
            "With + and the country code. Eight digits are Norwegian.",
            "Med + og landkode. Åtte siffer er et norsk nummer.",
            "Med + og landkode. Åtte siffer er eit norsk nummer.",
        ),
    ),
    SheetColumn(
        "mail",
        Words("Mail", "E-post", "E-post"),
        Words("The address of the person.", "Adressen til personen.", "Adressa til personen."),
        24,
    ),
    SheetColumn(
        "language",
        Words("Language", "Språk", "Språk"),
        Words(
            "Two letters, such as uk, ar or nb.",
            "To bokstaver, for eksempel uk, ar eller nb.",
            "To bokstavar, til dømes uk, ar eller nb.",
        ),
        11,
    ),
    SheetColumn(
        "national_number",
        Words("National identity number", "Fødselsnummer eller D-nummer", "Fødselsnummer eller D-nummer"),
        Words(
            "Eleven digits. If there is none: leave it empty, or choose “has no number yet”. Never invent one.",
            "Elleve siffer. Finnes det ikke: la cellen stå tom, eller velg «har ikke nummer ennå». Finn aldri på et.",
            "Elleve siffer. Finst det ikkje: la cella stå tom, eller vel «har ikkje nummer enno». Finn aldri på eit.",
        ),
        29,
        choices=_NO_NUMBER,
        others=True,
    ),
    SheetColumn(
        "duf_number",
        Words("DUF no", "DUF-nummer", "DUF-nummer"),
        Words(
            "Twelve digits, from the card.", "Tolv siffer, fra asylsøkerbeviset.", "Tolv siffer, frå asylsøkjarbeviset."
        ),
        choices=_NO_NUMBER,
        others=True,
    ),
    SheetColumn(
        "protected",
        Words("Protected", "Skjermet", "Skjerma"),
        Words(
            "Yes if the address is protected. Otherwise empty.",
            "Ja hvis adressen er sperret. Ellers tomt.",
            "Ja viss adressa er sperra. Elles tomt.",
        ),
        12,
        choices=_YES_NO,
    ),
)
NUMBERS: Final = (
    SheetColumn(
        "source_id",
        Words("Source id", "Kilde-id", "Kjelde-id"),
        Words(
            "The key of the person in your own system. Or the Feide name in the next column.",
            "Nøkkelen til personen i deres eget system. Eller Feide-navnet i neste kolonne.",
            "Nøkkelen til personen i dykkar eige system. Eller Feide-namnet i neste kolonne.",
        ),
        18,
    ),
    SheetColumn(
        "user",
        Words("Feide name", "Feide-navn", "Feide-namn"),
        Words("Such as name@municipality.no.", "For eksempel navn@kommune.no.", "Til dømes namn@kommune.no."),
        30,
    ),
    _GIVEN_NAME,
    _FAMILY_NAME,
    _BIRTH_DATE,
    SheetColumn(
        "national_number",
        Words("National identity number", "Fødselsnummer eller D-nummer", "Fødselsnummer eller D-nummer"),
        Words(
            "The eleven digits that have arrived. If there are none: leave it empty, or choose “has no number yet”.",
            "De elleve sifrene som er kommet. Finnes de ikke: la cellen stå tom, eller velg «har ikke nummer ennå».",
            "Dei elleve siffera som er komne. Finst dei ikkje: la cella stå tom, eller vel «har ikkje nummer enno».",
        ),
        29,
        choices=_NO_NUMBER,
        others=True,
    ),
    SheetColumn(
        "old_number",
        Words("Old number", "Gammelt nummer", "Gammalt nummer"),
        Words(
            "Only when another number replaces it, or it was wrong.",
            "Bare når et annet nummer erstatter det, eller det var feil.",
            "Berre når eit anna nummer erstattar det, eller det var feil.",
        ),
    ),
    SheetColumn(
        "evidence",
        Words("Evidence", "Grunnlag", "Grunnlag"),
        Words(
            "Where the number was seen. Choose from the list.",
            "Hvor nummeret er sett. Velg fra listen.",
            "Kvar nummeret er sett. Vel frå lista.",
        ),
        17,
        choices=_EVIDENCE,
    ),
    SheetColumn(
        "seen_by",
        Words("Seen by", "Sett av", "Sett av"),
        Words("The name of who saw it.", "Navnet på den som så det.", "Namnet på den som såg det."),
        18,
    ),
    SheetColumn(
        "seen_on",
        Words("Seen on", "Sett dato", "Sett dato"),
        Words("The day when it was seen.", "Dagen det ble sett.", "Dagen det vart sett."),
        12,
        cells=Cells.DATE,
    ),
)
SERVICES: Final = (
    SheetColumn(
        "id",
        Words("Service id", "Tjeneste-id", "Teneste-id"),
        Words(
            "The id at Feide. Empty if it is not known.",
            "Id-en hos Feide. Tomt hvis den ikke er kjent.",
            "Id-en hos Feide. Tomt viss han ikkje er kjend.",
        ),
        13,
    ),
    SheetColumn(
        "name",
        Words("Name", "Tjeneste", "Teneste"),
        Words("As the customer portal shows it.", "Slik Kundeportalen viser den.", "Slik Kundeportalen viser ho."),
        26,
    ),
    SheetColumn(
        "provider",
        Words("Provider", "Leverandør", "Leverandør"),
        Words("Who offers the service.", "Hvem som tilbyr tjenesten.", "Kven som tilbyr tenesta."),
        24,
    ),
    SheetColumn(
        "mail",
        Words("Mail", "E-post", "E-post"),
        Words(
            "Where the provider is asked and told. Several: “|” between them.",
            "Adressen som leverandøren får spørsmål og varsler på. Flere: «|» mellom dem.",
            "Adressa som leverandøren får spørsmål og varsel på. Fleire: «|» mellom dei.",
        ),
        28,
    ),
    SheetColumn(
        "gets_number",
        Words("Gets number", "Får fødselsnummer", "Får fødselsnummer"),
        Words(
            "Does the service get the number? The portal shows it under Verktøy.",
            "Får tjenesten nummeret? Kundeportalen viser det under Verktøy.",
            "Får tenesta nummeret? Kundeportalen viser det under Verktøy.",
        ),
        18,
        choices=_YES_NO,
    ),
    SheetColumn(
        "activated",
        Words("Activated", "Aktivert", "Aktivert"),
        Words("Is it activated for you?", "Er den aktivert hos dere?", "Er ho aktivert hos dykk?"),
        12,
        choices=_YES_NO,
    ),
    SheetColumn(
        "schools",
        Words("Schools", "Skoler", "Skular"),
        Words(
            "Only if it is for some schools. Several: “|” between them.",
            "Bare hvis den er for noen skoler. Flere: «|» mellom dem.",
            "Berre viss ho er for nokre skular. Fleire: «|» mellom dei.",
        ),
        26,
        schools=True,
        others=True,
    ),
    SheetColumn(
        "roles",
        Words("Roles", "Roller", "Roller"),
        Words(
            "Only if it is for some roles. Several: “|” between them.",
            "Bare hvis den er for noen roller. Flere: «|» mellom dem.",
            "Berre viss ho er for nokre roller. Fleire: «|» mellom dei.",
        ),
        16,
        choices=_ROLES,
        others=True,
    ),
    SheetColumn(
        "reason",
        Words("Reason", "Begrunnelse", "Grunngiving"),
        Words(
            "Why the provider says that it needs the number.",
            "Hvorfor leverandøren sier at den trenger nummeret.",
            "Kvifor leverandøren seier at han treng nummeret.",
        ),
        40,
    ),
)
