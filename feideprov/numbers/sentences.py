"""What each code says, in English, bokmål and nynorsk: what it is, and what to do next.

The texts are fixed. Nothing of the number or of the person is ever put into them.
"""

from __future__ import annotations

from typing import Any, Final

from feideprov import messages


class Sentence(messages.Sentence):
    """One code's text: it is the English one, and carries its translations to bokmål (`nb`) and nynorsk (`nn`)."""

    nb: str
    nn: str

    def __new__(cls, en: str, nb: str, nn: str) -> Sentence:
        made = super().__new__(cls, en)
        made.nb, made.nn = nb, nn
        return made

    @property
    def en(self) -> str:
        return str(self)

    def in_language(self, language: str) -> str:
        """The text in `nb` or `nn`; in English for every other language."""
        return {"nb": self.nb, "nn": self.nn}.get(language, self.en)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.en, self.nb, self.nn)


SENTENCES: Final[dict[str, Sentence]] = {
    # accept
    "N-OK": Sentence(
        "The number has the right form and can be used.",
        "Nummeret har riktig form og kan brukes.",
        "Nummeret har rett form og kan brukast.",
    ),
    "N-OK-EVIDENCE": Sentence(
        "Form could not decide, but the recorded evidence supports the number: it can be used.",
        "Formen kunne ikke avgjøre det, men det registrerte grunnlaget støtter nummeret: det kan brukes.",
        "Forma kunne ikkje avgjere det, men det registrerte grunnlaget støttar nummeret: det kan brukast.",
    ),
    # needs evidence
    "N-EVIDENCE-FUTURE": Sentence(
        "The evidence is dated after today. Correct the day on which the number was seen.",
        "Grunnlaget har en dato fram i tid. Rett datoen da nummeret ble sett.",
        "Grunnlaget har ein dato fram i tid. Rett datoen då nummeret vart sett.",
    ),
    "N-EVIDENCE-OLD": Sentence(
        "The evidence is older than the number can be: it was not issued yet on that day. Correct the day on which "
        "the number was seen, or compare the number with its source again.",
        "Grunnlaget er eldre enn nummeret kan være: det var ikke tildelt den dagen. Rett datoen da nummeret ble "
        "sett, eller sammenlign nummeret med kilden på nytt.",
        "Grunnlaget er eldre enn nummeret kan vere: det var ikkje tildelt den dagen. Rett datoen då nummeret vart "
        "sett, eller samanlikn nummeret med kjelda på nytt.",
    ),
    "N-FILLER-VALID": Sentence(
        "The number ends like a filler, but the check digits hold, so it can be real. Look it up or see "
        "the letter, and record who saw it.",
        "Nummeret slutter som et fyllnummer, men kontrollsifrene stemmer, så det kan være ekte. Slå det "
        "opp eller se brevet, og registrer hvem som så det.",
        "Nummeret sluttar som eit fyllnummer, men kontrollsifra stemmer, så det kan vere ekte. Slå det "
        "opp eller sjå brevet, og registrer kven som såg det.",
    ),
    "N-DATE-PARENT": Sentence(
        "The number belongs to somebody a generation older than the recorded birth date: is it a "
        "parent's number? Compare with the person's own letter or card, and record who saw it.",
        "Nummeret hører til en som er en generasjon eldre enn den registrerte fødselsdatoen: er det "
        "nummeret til en forelder? Sammenlign med personens eget brev eller kort, og registrer hvem som "
        "så det.",
        "Nummeret høyrer til ein som er ein generasjon eldre enn den registrerte fødselsdatoen: er det "
        "nummeret til ein forelder? Samanlikn med brevet eller kortet til personen, og registrer kven "
        "som såg det.",
    ),
    "N-DATE": Sentence(
        "The date in the number differs from the recorded birth date. That happens with genuine numbers "
        "too. Compare with the letter, the card or the register, and record who saw it.",
        "Datoen i nummeret er en annen enn den registrerte fødselsdatoen. Det hender også med ekte "
        "numre. Sammenlign med brevet, kortet eller registeret, og registrer hvem som så det.",
        "Datoen i nummeret er ein annan enn den registrerte fødselsdatoen. Det hender òg med ekte "
        "nummer. Samanlikn med brevet, kortet eller registeret, og registrer kven som såg det.",
    ),
    "N-OLD": Sentence(
        "By this number the person is more than 110 years old. Check for a typing mistake; if the "
        "number is right, record who saw it.",
        "Etter dette nummeret er personen over 110 år. Se etter skrivefeil; er nummeret riktig, så "
        "registrer hvem som så det.",
        "Etter dette nummeret er personen over 110 år. Sjå etter skrivefeil; er nummeret rett, så "
        "registrer kven som såg det.",
    ),
    "N-D-900": Sentence(
        "This can be a real D-number, and such numbers are common for children, but the county's own "
        "numbers look the same. See the letter or the register, and record who saw it.",
        "Dette kan være et ekte D-nummer, og slike numre er vanlige for barn, men fylkeskommunens egne "
        "numre ser like ut. Se brevet eller registeret, og registrer hvem som så det.",
        "Dette kan vere eit ekte D-nummer, og slike nummer er vanlege for barn, men fylkeskommunen sine "
        "eigne nummer ser like ut. Sjå brevet eller registeret, og registrer kven som såg det.",
    ),
    "N-DUF-SWEDISH": Sentence(
        "This can be a DUF number, but it looks like a Swedish number (personnummer) too. See the asylum seeker's "
        "card or UDI's letter, and record who saw it.",
        "Dette kan være et DUF-nummer, men ser også ut som et svensk personnummer. Se asylsøkerbeviset eller "
        "brevet fra UDI, og registrer hvem som så det.",
        "Dette kan vere eit DUF-nummer, men ser òg ut som eit svensk personnummer. Sjå asylsøkjarprovet eller "
        "brevet frå UDI, og registrer kven som såg det.",
    ),
    "N-DUF-LOCAL": Sentence(
        "This can be a DUF number, but also a local number that begins with a birth date. See the "
        "asylum seeker's card or UDI's letter, and record who saw it.",
        "Dette kan være et DUF-nummer, men også et lokalt nummer som begynner med en fødselsdato. Se "
        "asylsøkerbeviset eller brevet fra UDI, og registrer hvem som så det.",
        "Dette kan vere eit DUF-nummer, men òg eit lokalt nummer som byrjar med ein fødselsdato. Sjå "
        "asylsøkjarprovet eller brevet frå UDI, og registrer kven som såg det.",
    ),
    "N-DUF-CHECK": Sentence(
        "This has the form of a DUF number, but its check digits do not hold. Compare with the asylum "
        "seeker's card or UDI's letter; if it is right, record who saw it.",
        "Dette har form som et DUF-nummer, men kontrollsifrene stemmer ikke. Sammenlign med "
        "asylsøkerbeviset eller brevet fra UDI; er det riktig, så registrer hvem som så det.",
        "Dette har form som eit DUF-nummer, men kontrollsifra stemmer ikkje. Samanlikn med "
        "asylsøkjarprovet eller brevet frå UDI; er det rett, så registrer kven som såg det.",
    ),
    # refuse: how it is written
    "N-EMPTY": Sentence(
        "No number is given. Leave the field empty until the person has one.",
        "Det står ikke noe nummer. La feltet stå tomt til personen har fått et.",
        "Det står ikkje noko nummer. Lat feltet stå tomt til personen har fått eit.",
    ),
    "N-LETTERS": Sentence(
        "This holds letters or signs, so it is no national identity number. Copy the digits from the letter or card.",
        "Dette inneholder bokstaver eller tegn og er ikke et nasjonalt identitetsnummer. Skriv av "
        "sifrene fra brevet eller kortet.",
        "Dette inneheld bokstavar eller teikn og er ikkje eit nasjonalt identitetsnummer. Skriv av "
        "sifra frå brevet eller kortet.",
    ),
    "N-DECIMAL": Sentence(
        "A spreadsheet has made a decimal number of this, and a leading zero may be lost. Format the "
        "column as text and enter the number again.",
        "Et regneark har gjort dette om til et desimaltall, og en null foran kan være borte. Formater "
        "kolonnen som tekst og skriv nummeret på nytt.",
        "Eit rekneark har gjort dette om til eit desimaltal, og ein null framme kan vere borte. "
        "Formater kolonnen som tekst og skriv nummeret på nytt.",
    ),
    "N-TEN-DIGITS": Sentence(
        "This has ten digits: has a spreadsheet dropped a leading zero? Look at the source, format the "
        "column as text and enter all eleven.",
        "Dette har ti sifre: har et regneark fjernet en null foran? Se i kilden, formater kolonnen som "
        "tekst og skriv alle elleve.",
        "Dette har ti siffer: har eit rekneark teke bort ein null framme? Sjå i kjelda, formater "
        "kolonnen som tekst og skriv alle elleve.",
    ),
    "N-RNOKPP": Sentence(
        "This looks like a Ukrainian taxpayer number (RNOKPP), which is no Norwegian number. Leave the field empty "
        "until the person has a D-number or fødselsnummer.",
        "Dette ser ut som et ukrainsk skattenummer (RNOKPP), som ikke er et norsk nummer. La feltet stå tomt til "
        "personen har fått D-nummer eller fødselsnummer.",
        "Dette ser ut som eit ukrainsk skattenummer (RNOKPP), som ikkje er eit norsk nummer. Lat feltet stå tomt "
        "til personen har fått D-nummer eller fødselsnummer.",
    ),
    "N-SWEDISH": Sentence(
        "This looks like a Swedish number (personnummer or samordningsnummer), which is no Norwegian number. Leave "
        "the field empty until the person has a D-number or fødselsnummer.",
        "Dette ser ut som et svensk nummer (personnummer eller samordningsnummer), som ikke er et norsk nummer. La "
        "feltet stå tomt til personen har fått D-nummer eller fødselsnummer.",
        "Dette ser ut som eit svensk nummer (personnummer eller samordningsnummer), som ikkje er eit norsk nummer. "
        "Lat feltet stå tomt til personen har fått D-nummer eller fødselsnummer.",
    ),
    "N-DANISH": Sentence(
        "This looks like a Danish number (CPR) or a Norwegian one that was cut. Neither can be used: see the letter "
        "or card, and leave the field empty if the person has no Norwegian number yet.",
        "Dette ser ut som et dansk nummer (CPR) eller et norsk som er kuttet. Ingen av dem kan brukes: se brevet "
        "eller kortet, og la feltet stå tomt hvis personen ikke har fått norsk nummer ennå.",
        "Dette ser ut som eit dansk nummer (CPR) eller eit norsk som er kutta. Ingen av dei kan brukast: sjå brevet "
        "eller kortet, og lat feltet stå tomt om personen ikkje har fått norsk nummer enno.",
    ),
    "N-LENGTH": Sentence(
        "This has the wrong number of digits: a fødselsnummer and a D-number have eleven, a DUF number "
        "twelve. Copy it again from the letter or card.",
        "Dette har feil antall sifre: et fødselsnummer og et D-nummer har elleve, et DUF-nummer tolv. "
        "Skriv det av på nytt fra brevet eller kortet.",
        "Dette har feil tal på siffer: eit fødselsnummer og eit D-nummer har elleve, eit DUF-nummer "
        "tolv. Skriv det av på nytt frå brevet eller kortet.",
    ),
    # refuse: something else
    "N-LOCAL-LONG": Sentence(
        "This looks like a birth date and a local serial number, made by a school system. Keep it out of this "
        "field and create the user without a number.",
        "Dette ser ut som en fødselsdato og et lokalt løpenummer, laget av et skolesystem. Hold det utenfor "
        "dette feltet og opprett brukeren uten nummer.",
        "Dette ser ut som ein fødselsdato og eit lokalt løpenummer, laga av eit skulesystem. Hald det utanfor "
        "dette feltet og opprett brukaren utan nummer.",
    ),
    "N-ALIKE": Sentence(
        "One digit repeated is no number. Leave the field empty until the person has one.",
        "Ett siffer gjentatt er ikke et nummer. La feltet stå tomt til personen har fått et.",
        "Eitt siffer gjenteke er ikkje eit nummer. Lat feltet stå tomt til personen har fått eit.",
    ),
    "N-FILLER": Sentence(
        "This is a birth date with a filler, used where the number is unknown. Leave the field empty "
        "until the person has a number.",
        "Dette er en fødselsdato med fyllsifre, brukt der nummeret er ukjent. La feltet stå tomt til "
        "personen har fått et nummer.",
        "Dette er ein fødselsdato med fyllsiffer, brukt der nummeret er ukjent. Lat feltet stå tomt til "
        "personen har fått eit nummer.",
    ),
    "N-H": Sentence(
        "This is a hospital's auxiliary number (H-number), a test number of NAV or a student number, "
        "not a national one. Ask for the person's D-number or fødselsnummer.",
        "Dette er et hjelpenummer (H-nummer) fra helsetjenesten, et testnummer fra NAV eller et "
        "studentnummer, ikke et nasjonalt nummer. Be om personens D-nummer eller fødselsnummer.",
        "Dette er eit hjelpenummer (H-nummer) frå helsetenesta, eit testnummer frå NAV eller eit "
        "studentnummer, ikkje eit nasjonalt nummer. Be om D-nummeret eller fødselsnummeret til "
        "personen.",
    ),
    "N-FH": Sentence(
        "This is a common auxiliary number of the health service (FH-number), not a national one. Ask "
        "for the person's D-number or fødselsnummer.",
        "Dette er et felles hjelpenummer fra helsetjenesten (FH-nummer), ikke et nasjonalt nummer. Be "
        "om personens D-nummer eller fødselsnummer.",
        "Dette er eit felles hjelpenummer frå helsetenesta (FH-nummer), ikkje eit nasjonalt nummer. Be "
        "om D-nummeret eller fødselsnummeret til personen.",
    ),
    "N-S": Sentence(
        "This is a student number (S-number) of Samordna opptak or FS, not a national one. Ask for the "
        "person's D-number or fødselsnummer.",
        "Dette er et S-nummer for studenter fra Samordna opptak eller FS, ikke et nasjonalt nummer. Be "
        "om personens D-nummer eller fødselsnummer.",
        "Dette er eit S-nummer for studentar frå Samordna opptak eller FS, ikkje eit nasjonalt nummer. "
        "Be om D-nummeret eller fødselsnummeret til personen.",
    ),
    "N-NPID": Sentence(
        "This is NAV's own number (NPID or BOST), not a national one. Ask for the person's D-number or fødselsnummer.",
        "Dette er NAVs eget nummer (NPID eller BOST), ikke et nasjonalt nummer. Be om personens "
        "D-nummer eller fødselsnummer.",
        "Dette er NAV sitt eige nummer (NPID eller BOST), ikkje eit nasjonalt nummer. Be om D-nummeret "
        "eller fødselsnummeret til personen.",
    ),
    "N-NHN": Sentence(
        "This is a synthetic test number of Norsk helsenett and belongs to nobody. Leave the field empty.",
        "Dette er et syntetisk testnummer fra Norsk helsenett og tilhører ingen. La feltet stå tomt.",
        "Dette er eit syntetisk testnummer frå Norsk helsenett og høyrer ikkje til nokon. Lat feltet stå tomt.",
    ),
    "N-TENOR": Sentence(
        "This is a synthetic number of Skatteetaten's test data (Tenor) and belongs to nobody. It may "
        "be used only in a directory that is declared as test.",
        "Dette er et syntetisk nummer fra Skatteetatens testdata (Tenor) og tilhører ingen. Det kan "
        "bare brukes i en katalog som er satt opp som test.",
        "Dette er eit syntetisk nummer frå testdataa til Skatteetaten (Tenor) og høyrer ikkje til "
        "nokon. Det kan berre brukast i ein katalog som er sett opp som test.",
    ),
    "N-REAL-IN-TEST": Sentence(
        "This can be a real person's number, and this directory is declared as test. Use a Tenor number instead.",
        "Dette kan være nummeret til en virkelig person, og denne katalogen er satt opp som test. Bruk "
        "et Tenor-nummer i stedet.",
        "Dette kan vere nummeret til ein verkeleg person, og denne katalogen er sett opp som test. Bruk "
        "eit Tenor-nummer i staden.",
    ),
    "N-DUF-CUT": Sentence(
        "This looks like a DUF number that has lost its last digit: the field was too short. Enter all "
        "twelve digits from the asylum seeker's card where DUF numbers belong.",
        "Dette ser ut som et DUF-nummer som har mistet det siste sifferet: feltet var for kort. Skriv "
        "alle tolv sifrene fra asylsøkerbeviset der DUF-numre hører hjemme.",
        "Dette ser ut som eit DUF-nummer som har mist det siste sifferet: feltet var for kort. Skriv "
        "alle tolv sifra frå asylsøkjarprovet der DUF-nummer høyrer heime.",
    ),
    "N-DUF-NOT-WRITTEN": Sentence(
        "This is a DUF number. The setting keeps DUF numbers out of norEduPersonNIN, so the user stays "
        "without a number there until a D-number or fødselsnummer comes.",
        "Dette er et DUF-nummer. Innstillingen holder DUF-numre utenfor norEduPersonNIN, så brukeren "
        "står uten nummer der til det kommer et D-nummer eller fødselsnummer.",
        "Dette er eit DUF-nummer. Innstillinga held DUF-nummer utanfor norEduPersonNIN, så brukaren "
        "står utan nummer der til det kjem eit D-nummer eller fødselsnummer.",
    ),
    # refuse: no number of its kind can look so
    "N-2032": Sentence(
        "The check digits hold only by the rule for numbers issued from 2032, and no such number exists "
        "yet. Look for a typing mistake.",
        "Kontrollsifrene stemmer bare etter regelen for numre som tildeles fra 2032, og slike finnes "
        "ikke ennå. Se etter skrivefeil.",
        "Kontrollsifra stemmer berre etter regelen for nummer som blir tildelte frå 2032, og slike "
        "finst ikkje enno. Sjå etter skrivefeil.",
    ),
    "N-CHECK": Sentence(
        "The check digits do not hold, so the number was mistyped or is no national number. Copy it "
        "again from the letter or card.",
        "Kontrollsifrene stemmer ikke, så nummeret er skrevet feil eller er ikke et nasjonalt nummer. "
        "Skriv det av på nytt fra brevet eller kortet.",
        "Kontrollsifra stemmer ikkje, så nummeret er skrive feil eller er ikkje eit nasjonalt nummer. "
        "Skriv det av på nytt frå brevet eller kortet.",
    ),
    "N-NO-DATE": Sentence(
        "The number does not begin with a date that exists. Copy it again from the letter or card.",
        "Nummeret begynner ikke med en dato som finnes. Skriv det av på nytt fra brevet eller kortet.",
        "Nummeret byrjar ikkje med ein dato som finst. Skriv det av på nytt frå brevet eller kortet.",
    ),
    "N-CENTURY": Sentence(
        "No number with this year has been issued in this series. Copy it again from the letter or card.",
        "Det er ikke tildelt numre med dette årstallet i denne serien. Skriv det av på nytt fra brevet eller kortet.",
        "Det er ikkje tildelt nummer med dette årstalet i denne serien. Skriv det av på nytt frå brevet eller kortet.",
    ),
    "N-FUTURE": Sentence(
        "By this number the person is not born yet. Copy it again from the letter or card.",
        "Etter dette nummeret er personen ikke født ennå. Skriv det av på nytt fra brevet eller kortet.",
        "Etter dette nummeret er personen ikkje fødd enno. Skriv det av på nytt frå brevet eller kortet.",
    ),
}
