"""The page's texts in English, bokmål and nynorsk: one phrase for each key.

A phrase whose key ends in `#1` is for a count of one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from feideprov.forms.words import Language, Words, same
from feideprov.nir.words import KINDS

PHRASES: Final[Mapping[str, Words]] = {
    "title": Words("To register in NIR", "Å registrere i NIR", "Å registrere i NIR"),
    "lead": Words(
        "What {organization} has not yet registered in the introduction register (NIR), must not register, or must "
        "decide. Status on {day}.",
        "Det {organization} ikke har registrert ennå i Nasjonalt introduksjonsregister (NIR), ikke skal registrere, "
        "eller må avgjøre. Status {day}.",
        "Det {organization} ikkje har registrert enno i Nasjonalt introduksjonsregister (NIR), ikkje skal registrere, "
        "eller må avgjere. Status {day}.",
    ),
    "skip": Words("Skip to the content", "Hopp til innholdet", "Hopp til innhaldet"),
    "contents": Words("On this page", "Innhold på siden", "Innhald på sida"),
    "figures": Words("In short", "Kort fortalt", "Kort fortalt"),
    "nothing": Words(
        "There is nothing to register, to check or to decide.",
        "Det er ingenting å registrere, kontrollere eller avgjøre.",
        "Det er ingenting å registrere, kontrollere eller avgjere.",
    ),
    "figure.overdue": Words("overdue", "over fristen", "over fristen"),
    "figure.overdue.more": Words("IMDi: within two months", "IMDi: innen to måneder", "IMDi: innan to månader"),
    "figure.soon": Words("due in 14 days", "med frist innen 14 dager", "med frist innan 14 dagar"),
    "figure.soon.more": Words("until {day}", "fram til {day}", "fram til {day}"),
    "figure.decide": Words("for a person to decide", "må avgjøres", "må avgjerast"),
    "figure.decide.more": Words(
        "forbidden, asked, must wait or not known",
        "forbudt, spørsmål, må vente eller ikke kjent",
        "forbode, spørsmål, må vente eller ikkje kjent",
    ),
    "figure.people": Words("people", "personer", "personar"),
    "figure.people#1": Words("person", "person", "person"),
    "figure.people.more": Words("have something here", "har noe her", "har noko her"),
    "settlement": KINDS["settlement"],
    "settlement.about": Words(
        "First of all: until the settlement day is in IMDinett, NIR does not show the schemes of the person. The "
        "other last days stay as they are. When the person is settled, write the day in the column Settled of the "
        "list, and read the list again.",
        "Først av alt: før bosettingsdatoen står i IMDinett, viser ikke NIR ordningene for personen. De andre fristene "
        "står som de er. Når personen er bosatt, så skriv datoen i kolonnen Bosatt i listen, og les listen på nytt.",
        "Først av alt: før busetjingsdatoen står i IMDinett, viser ikkje NIR ordningane for personen. Dei andre "
        "fristane står som dei er. Når personen er busett, så skriv datoen i kolonna Busett i lista, og les lista på "
        "nytt.",
    ),
    "overdue": Words("Overdue", "Over fristen", "Over fristen"),
    "overdue.about": Words(
        "Register these first. The last day is two months after the information was there.",
        "Registrer disse først. Fristen er to måneder etter at opplysningen forelå.",
        "Registrer desse først. Fristen er to månader etter at opplysninga låg føre.",
    ),
    "soon": Words("Due in 14 days", "Frist innen 14 dager", "Frist innan 14 dagar"),
    "soon.about": same(""),
    "later": Words("Due later", "Senere frist", "Seinare frist"),
    "later.about": same(""),
    "without_day": Words("Without a last day", "Uten frist", "Utan frist"),
    "without_day.about": Words(
        "It is not known since when the information has been there.",
        "Det er ikke kjent når opplysningen forelå.",
        "Det er ikkje kjent når opplysninga låg føre.",
    ),
    "forbidden": KINDS["forbidden"],
    "forbidden.about": Words(
        "The law that applies to the person has no such field. Write remove in its cell in the list, and read the list "
        "again: nothing of the record is sent before it is gone.",
        "Loven som gjelder for personen, har ikke et slikt felt. Skriv fjern i cellen i listen, og les listen på nytt: "
        "Ingenting sendes før det er borte.",
        "Lova som gjeld for personen, har ikkje eit slikt felt. Skriv fjern i cella i lista, og les lista på nytt: "
        "Ingenting blir sendt før det er borte.",
    ),
    "question": Words("Questions", "Spørsmål", "Spørsmål"),
    "question.about": Words(
        "No rule decides these: a person must.",
        "Ingen regel avgjør disse: et menneske må.",
        "Ingen regel avgjer desse: eit menneske må.",
    ),
    "blocked": KINDS["blocked"],
    "blocked.about": Words(
        "Something else comes first. The last days do not move.",
        "Noe annet kommer først. Fristene flytter seg ikke.",
        "Noko anna kjem først. Fristane flyttar seg ikkje.",
    ),
    "not_known": KINDS["not_known"],
    "not_known.about": Words(
        "No other rule is applied here. The two months are counted, also in the figures above.",
        "Ingen andre regler er brukt her. De to månedene teller likevel, også i tallene øverst.",
        "Ingen andre reglar er brukte her. Dei to månadene tel likevel, også i tala øvst.",
    ),
    "number": Words("Numbers to check", "Numre å kontrollere", "Nummer å kontrollere"),
    "number.about": Words(
        "A number came or changed. It reaches NIR by itself: check that NIR shows it.",
        "Et nummer kom eller ble endret. Det kommer til NIR av seg selv: kontroller at NIR viser det.",
        "Eit nummer kom eller vart endra. Det kjem til NIR av seg sjølv: kontroller at NIR viser det.",
    ),
    "year_end": Words("The yearly close", "Årsavslutningen", "Årsavslutninga"),
    "year_end.day": Words(
        "What belongs to {year} must be registered by {day}.",
        "Det som hører til {year}, skal være registrert innen {day}.",
        "Det som høyrer til {year}, skal vere registrert innan {day}.",
    ),
    "year_end.computed": Words(
        "The day is computed (two months after 31 December). Look whether IMDi has announced another one.",
        "Dagen er regnet ut (to måneder etter 31. desember). Se om IMDi har kunngjort en annen.",
        "Dagen er rekna ut (to månader etter 31. desember). Sjå om IMDi har kunngjort ein annan.",
    ),
    "year_end.source": Words("Source: {source}.", "Kilde: {source}.", "Kjelde: {source}."),
    "year_end.without": Words(
        "{n} people ended the introduction programme in {year} without a reason (avslutningsårsak):",
        "{n} personer avsluttet introduksjonsprogrammet i {year} uten avslutningsårsak:",
        "{n} personar avslutta introduksjonsprogrammet i {year} utan avslutningsårsak:",
    ),
    "year_end.without#1": Words(
        "{n} person ended the introduction programme in {year} without a reason (avslutningsårsak):",
        "{n} person avsluttet introduksjonsprogrammet i {year} uten avslutningsårsak:",
        "{n} person avslutta introduksjonsprogrammet i {year} utan avslutningsårsak:",
    ),
    "year_end.all": Words(
        "All who ended in {year} have a reason.",
        "Alle som avsluttet i {year}, har en årsak.",
        "Alle som avslutta i {year}, har ei årsak.",
    ),
    "channels": Words("Channels", "Kanaler", "Kanalar"),
    "channels.about": Words(
        "How it gets into NIR, and what that rests on.",
        "Hvordan det kommer inn i NIR, og hva det bygger på.",
        "Korleis det kjem inn i NIR, og kva det byggjer på.",
    ),
    "sources": Words("Rules and sources", "Regler og kilder", "Reglar og kjelder"),
    "notes": Words("Also", "I tillegg", "I tillegg"),
    "person": same("Person"),
    "scheme": Words("Scheme", "Ordning", "Ordning"),
    "field": Words("What", "Hva", "Kva"),
    "due": Words("Last day", "Frist", "Frist"),
    "on.settlement": Words("Arrived", "Kom", "Kom"),
    "on.number": Words("Came or changed", "Kom eller ble endret", "Kom eller vart endra"),
    "channel": Words("Channel", "Kanal", "Kanal"),
    "role": Words("Role", "Rolle", "Rolle"),
    "kind.not_seen": KINDS["not_seen"],
    "kind.missing": KINDS["missing"],
    "footer": Words(
        "Made with feideprov {version} on {day}. The page has keys, fields and days, and no contents: keep it as other "
        "personal data, and delete it when it is no longer needed. Not legal advice.",
        "Laget med feideprov {version} {day}. Siden har nøkler, felt og datoer, og ikke innhold: oppbevar den som "
        "andre personopplysninger, og slett den når den ikke trengs lenger. Ikke juridisk rådgivning.",
        "Laga med feideprov {version} {day}. Sida har nøklar, felt og datoar, og ikkje innhald: oppbevar henne som "
        "andre personopplysningar, og slett henne når ho ikkje trengst lenger. Ikkje juridisk rådgiving.",
    ),
}


def phrases_in(language: Language) -> Mapping[str, str]:
    """The phrases in a language, by key."""
    return {key: words.in_language(language) for key, words in PHRASES.items()}
