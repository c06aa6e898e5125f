"""Norwegian words that lead to a command. They are no names of commands: a script has one name for each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple


class Words(NamedTuple):
    """What people may type, parted by commas."""

    nb: str
    nn: str


COMMANDS: Final[Mapping[str, Words]] = {
    "today": Words("i dag, idag, dagens, gjøremål", "i dag, idag, dagens, gjeremål"),
    "pending": Words("venter, uten nummer, mangler", "ventar, utan nummer, manglar"),
    "history": Words("historikk, historie", "historikk, historie, soge"),
    "slips": Words("lapp, lapper, passordlapper, skriv ut", "lapp, lappar, passordlappar, skriv ut"),
    "password": Words("passord, førstegangspassord", "passord, førstegongspassord"),
    "plan": Words(
        "forhåndsvis, forhåndsvisning, planlegg, planlegge", "førehandsvis, førehandsvising, planlegg, planleggje"
    ),
    "apply": Words("utfør, utføre, gjennomfør, opprett", "utfør, utføre, gjennomfør, opprett"),
    "resolve": Words("avklar, avklare, avklaring", "avklar, avklare, avklaring"),
    "protect": Words("skjerm, skjerme, beskytt", "skjerm, skjerme, verne"),
    "read": Words("les, lese, les fil", "les, lese, les fil"),
    "sheet": Words("ark, skjema, regneark", "ark, skjema, rekneark"),
    "services": Words("tjenester, tjeneste", "tenester, teneste"),
    "services list": Words("vis tjenester, liste", "vis tenester, liste"),
    "services matrix": Words("matrise, oversikt", "matrise, oversyn"),
    "services import": Words("importer, importere, importer tjenester", "importer, importere, importer tenester"),
    "services ask": Words("spør, spørre, spør leverandører", "spør, spørje, spør leverandørar"),
    "services answer": Words("svar, svare, registrer svar", "svar, svare, registrer svar"),
    "attach": Words(
        "registrer, registrere, registrer nummer, nummer", "registrer, registrere, registrer nummer, nummer"
    ),
    "replace": Words("bytt, bytte, bytt nummer, erstatt", "byt, byte, byt nummer, erstatt"),
    "withdraw": Words("fjern, fjerne, fjern nummer, trekk", "fjern, fjerne, fjern nummer, trekk"),
    "checklist": Words("sjekkliste, huskeliste", "sjekkliste, hugseliste"),
    "judge": Words("vurder, vurdere, bedøm", "vurder, vurdere, døm"),
    "notify": Words("varsle, varsel, varsler", "varsle, varsel, varslar"),
    "check": Words("kontroll, kontroller, sjekk", "kontroll, kontroller, sjekk"),
    "observe": Words("endringer, observer, se etter", "endringar, observer, sjå etter"),
    "journal": Words("endringslogg, logg", "endringslogg, logg"),
    "journal verify": Words("verifiser, kontroller logg, sjekk logg", "verifiser, kontroller logg, sjekk logg"),
    "journal gone": Words("borte, slettet", "borte, sletta"),
    "journal begin": Words("begynn, ny logg", "byrje, ny logg"),
    "doctor": Words("oppsettskontroll, kontroll, sjekk, lege", "oppsettskontroll, kontroll, sjekk, lege"),
    "close": Words("steng, stenge, avslutt", "steng, stenge, avslutt"),
    "reopen": Words("gjenåpne, åpne, åpne igjen", "opne, opne att, gjenopne"),
    "rename": Words("nytt navn, endre navn, omdøp", "nytt namn, endre namn, omdøyp"),
    "link": Words("knytt, knytte, koble", "knytt, knyte, kople"),
    "release": Words("overlat, overlate, frigi", "overlat, overlate, frigje"),
    "nir": Words("introduksjonsregister, introduksjonsregisteret", "introduksjonsregister, introduksjonsregisteret"),
    "nir today": Words("i dag, idag", "i dag, idag"),
    "nir worklist": Words("arbeidsliste, gjøremål", "arbeidsliste, gjeremål"),
    "nir records": Words("deltakelser, opplysninger", "deltakingar, opplysningar"),
    "nir seen": Words("sett, registrert", "sett, registrert"),
    "nir reconcile": Words("avstem, sammenlign", "avstem, samanlikn"),
    "nir channel": Words("kanal, kanaler", "kanal, kanalar"),
    "demo": Words("vis frem, prøv", "vis fram, prøv"),
    "init": Words("start, ny konfigurasjon, konfigurer", "start, ny konfigurasjon, konfigurer"),
    "setup": Words("oppsett, sett opp", "oppsett, set opp"),
    "completion": Words("fullføring, fullfør", "fullføring, fullfør"),
}
OPTIONS: Final[Mapping[str, str]] = {
    "--hjelp": "--help",
    "--ja": "--yes",
    "--språk": "--lang",
    "--skole": "--school",
    "--skule": "--school",
    "--rolle": "--role",
    "--kilde": "--source",
    "--kjelde": "--source",
    "--konfigurasjon": "--config",
    "--bare": "--only",
    "--berre": "--only",
    "--ark": "--sheet",
}


def words_of(path: str) -> Iterator[str]:
    """The Norwegian words for a command."""
    for words in COMMANDS.get(path, ()):
        yield from words.split(", ")
