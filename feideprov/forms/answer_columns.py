"""The columns of the sheets in which the rows are filled in and a person answers: who may have left, who is who."""

from __future__ import annotations

from typing import Final

from feideprov.forms.columns import SheetColumn
from feideprov.forms.words import Words
from feideprov.sheets.form import Cells

_SOURCE_ID: Final = Words("Source id", "Kilde-id", "Kjelde-id")
_FEIDE_NAME: Final = Words("Feide name", "Feide-navn", "Feide-namn")
_SCHOOL: Final = Words("School", "Skole", "Skule")
_ANSWERS: Final = (
    Words("same", "samme", "same"),
    Words("new", "ny", "ny"),
    Words("don't know", "vet ikke", "veit ikkje"),
)

LEAVERS: Final = (
    SheetColumn(
        "source_id",
        _SOURCE_ID,
        Words(
            "The key of the person in your own system. Delete the rows of those who have not left.",
            "Nøkkelen til personen i deres eget system. Slett radene til dem som ikke har sluttet.",
            "Nøkkelen til personen i dykkar eige system. Slett radene til dei som ikkje har slutta.",
        ),
        26,
    ),
    SheetColumn(
        "user",
        _FEIDE_NAME,
        Words("The user who is closed.", "Brukeren som blir stengt.", "Brukaren som blir stengd."),
        36,
    ),
    SheetColumn(
        "reason",
        Words("Reason", "Årsak", "Årsak"),
        Words("Why the user is in this list.", "Hvorfor brukeren er i listen.", "Kvifor brukaren er i lista."),
        72,
    ),
    SheetColumn(
        "last_day",
        Words("Last day", "Siste dag", "Siste dag"),
        Words(
            "The last day at the school. Empty: closed at once.",
            "Den siste dagen på skolen. Tomt: stenges straks.",
            "Den siste dagen på skulen. Tomt: blir stengd straks.",
        ),
        18,
        cells=Cells.ANY_DATE,
    ),
)
LEAVER_REASONS: Final = {
    "missing": Words(
        "not in the file; may be a shielded pupil",
        "ikke i filen; kan være en skjermet elev",
        "ikkje i fila; kan vere ein skjerma elev",
    ),
    "alone": Words(
        "the only user of the school who went missing in the file; may be a shielded pupil",
        "den eneste brukeren ved skolen som er blitt borte i filen; kan være en skjermet elev",
        "den einaste brukaren ved skulen som er blitt borte i fila; kan vere ein skjerma elev",
    ),
    "deleted": Words("deleted in the file", "slettet i filen", "sletta i fila"),
    "ended": Words(
        "the school has no pupils in the file", "skolen har ingen elever i filen", "skulen har ingen elevar i fila"
    ),
    "left": Words(
        "the school is no longer in the configuration",
        "skolen er ikke lenger i konfigurasjonen",
        "skulen er ikkje lenger i konfigurasjonen",
    ),
}
"""Why somebody is in the list, by what a plan calls it."""
QUESTIONS: Final = (
    SheetColumn(
        "question_id",
        Words("Question id", "Spørsmål-id", "Spørsmål-id"),
        Words("Do not change it.", "Ikke endre den.", "Ikkje endre han."),
        20,
    ),
    SheetColumn(
        "code", Words("Code", "Kode", "Kode"), Words("What is asked.", "Hva det gjelder.", "Kva det gjeld."), 18
    ),
    SheetColumn(
        "list",
        Words("List", "Liste", "Liste"),
        Words("The list that has the person.", "Listen som har personen.", "Lista som har personen."),
        18,
    ),
    SheetColumn("row", Words("Row", "Rad", "Rad"), Words("The row in it.", "Raden i den.", "Rada i ho."), 8),
    SheetColumn(
        "source_id",
        _SOURCE_ID,
        Words("The key in the list.", "Nøkkelen i listen.", "Nøkkelen i lista."),
        18,
    ),
    SheetColumn(
        "name",
        Words("Name", "Navn", "Namn"),
        Words("Of the person in the list.", "Til personen i listen.", "Til personen i lista."),
        24,
    ),
    SheetColumn(
        "birth_date",
        Words("Birth date", "Fødselsdato", "Fødselsdato"),
        Words("As in the list.", "Som i listen.", "Som i lista."),
        14,
    ),
    SheetColumn("school", _SCHOOL, Words("As in the list.", "Som i listen.", "Som i lista."), 24),
    SheetColumn(
        "user",
        _FEIDE_NAME,
        Words(
            "The user who may be the same person.",
            "Brukeren som kan være samme person.",
            "Brukaren som kan vere same person.",
        ),
        30,
    ),
    SheetColumn(
        "user_name",
        Words("User name", "Brukerens navn", "Namnet til brukaren"),
        Words("As in the directory.", "Som i katalogen.", "Som i katalogen."),
        24,
    ),
    SheetColumn(
        "user_school",
        Words("User school", "Brukerens skole", "Skulen til brukaren"),
        Words("As in the directory.", "Som i katalogen.", "Som i katalogen."),
        24,
    ),
    SheetColumn(
        "user_since",
        Words("User since", "Bruker siden", "Brukar sidan"),
        Words("When the user was made.", "Da brukeren ble laget.", "Då brukaren vart laga."),
        14,
    ),
    SheetColumn(
        "answer",
        Words("Answer", "Svar", "Svar"),
        Words(
            "Choose from the list. Same: one person. New: two people. Don't know: the row stays held.",
            "Velg fra listen. Samme: én person. Ny: to personer. Vet ikke: raden blir holdt tilbake.",
            "Vel frå lista. Same: éin person. Ny: to personar. Veit ikkje: rada blir halden tilbake.",
        ),
        26,
        choices=_ANSWERS,
        others=True,
    ),
)
