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
        "The number alone does not show whether it is right, but the recorded evidence does: it can be used.",
        "Nummeret alene viser ikke om det er riktig, men det registrerte grunnlaget gjør det: det kan brukes.",
        "Nummeret åleine viser ikkje om det er rett, men det registrerte grunnlaget gjer det: det kan brukast.",
    ),
    # needs evidence
    "N-EVIDENCE-FUTURE": Sentence(
        "The evidence has a date in the future. Correct the day on which the number was seen.",
        "Grunnlaget har en dato fram i tid. Rett datoen da nummeret ble sett.",
        "Grunnlaget har ein dato fram i tid. Rett datoen då nummeret vart sett.",
    ),
    "N-EVIDENCE-OLD": Sentence(
        "The evidence is older than the number can be: on that day, the number was not issued yet. "
        "Correct the day on which the number was seen, or compare the number with its source again.",
        "Grunnlaget er eldre enn nummeret kan være: den dagen var nummeret ikke tildelt ennå. Rett "
        "datoen da nummeret ble sett, eller sammenlign nummeret med kilden på nytt.",
        "Grunnlaget er eldre enn nummeret kan vere: den dagen var nummeret ikkje tildelt enno. Rett "
        "datoen då nummeret vart sett, eller samanlikn nummeret med kjelda på nytt.",
    ),
    "N-FILLER-VALID": Sentence(
        "The number ends with digits that are often used to fill the field, but the check digits are "
        "right, so the number can be real. Look the number up in the register or in "
        "the person's letter, and record who saw it.",
        "Nummeret slutter med sifre som ofte brukes til å fylle feltet, men kontrollsifrene stemmer, så "
        "nummeret kan være ekte. Slå det opp eller se brevet, og registrer hvem som så nummeret.",
        "Nummeret sluttar med siffer som ofte blir brukte til å fylle feltet, men kontrollsifra stemmer, "
        "så nummeret kan vere ekte. Slå det opp eller sjå brevet, og registrer kven som såg nummeret.",
    ),
    "N-DATE-PARENT": Sentence(
        "According to this number, the person is a generation older than the recorded birth date says: "
        "perhaps it is a parent's number. Compare the number with the person's own letter or card, and "
        "record who saw it.",
        "Etter dette nummeret er personen en generasjon eldre enn den registrerte fødselsdatoen sier: "
        "kanskje er det nummeret til en forelder. Sammenlign nummeret med personens eget brev eller "
        "kort, og registrer hvem som så det.",
        "Etter dette nummeret er personen ein generasjon eldre enn den registrerte fødselsdatoen seier: "
        "kanskje er det nummeret til ein forelder. Samanlikn nummeret med brevet eller kortet til "
        "personen, og registrer kven som såg det.",
    ),
    "N-DATE": Sentence(
        "The date in the number differs from the recorded birth date, as it sometimes does in genuine "
        "numbers. Compare the number with the person's letter or card, or the register, and record "
        "who saw it.",
        "Datoen i nummeret er en annen enn den registrerte fødselsdatoen, slik den av og til er i ekte "
        "numre. Sammenlign nummeret med brevet, kortet eller registeret, og registrer hvem som så det.",
        "Datoen i nummeret er ein annan enn den registrerte fødselsdatoen, slik han av og til er i ekte "
        "nummer. Samanlikn nummeret med brevet, kortet eller registeret, og registrer kven som såg det.",
    ),
    "N-OLD": Sentence(
        "According to this number, the person is more than 110 years old. Look for a typing mistake. If "
        "the number is right, record who saw it.",
        "Etter dette nummeret er personen over 110 år. Se etter skrivefeil. Hvis nummeret er riktig, "
        "registrer hvem som så det.",
        "Etter dette nummeret er personen over 110 år. Sjå etter skrivefeil. Om nummeret er rett, "
        "registrer kven som såg det.",
    ),
    "N-D-900": Sentence(
        "This can be a real D-number (such numbers are common for children) or one of the county's own "
        "numbers, which look the same. Compare it with the person's letter or the register, and record who "
        "saw it.",
        "Dette kan være et ekte D-nummer (slike numre er vanlige for barn) eller et av fylkeskommunens "
        "egne numre, som ser like ut. Se brevet eller registeret, og registrer hvem som så nummeret.",
        "Dette kan vere eit ekte D-nummer (slike nummer er vanlege for barn) eller eitt av "
        "fylkeskommunen sine eigne nummer, som ser like ut. Sjå brevet eller registeret, og registrer "
        "kven som såg nummeret.",
    ),
    "N-DUF-SWEDISH": Sentence(
        "This can be a DUF number, but it also looks like a Swedish number (personnummer). Compare it with the "
        "asylum seeker's card or UDI's letter, and record who saw it.",
        "Dette kan være et DUF-nummer, men ser også ut som et svensk personnummer. Se asylsøkerbeviset "
        "eller brevet fra UDI, og registrer hvem som så nummeret.",
        "Dette kan vere eit DUF-nummer, men ser òg ut som eit svensk personnummer. Sjå asylsøkjarprovet "
        "eller brevet frå UDI, og registrer kven som såg nummeret.",
    ),
    "N-DUF-LOCAL": Sentence(
        "This can be a DUF number, or a local number that begins with a birth date. Compare it with the asylum "
        "seeker's card or UDI's letter, and record who saw it.",
        "Dette kan være et DUF-nummer, eller et lokalt nummer som begynner med en fødselsdato. Se "
        "asylsøkerbeviset eller brevet fra UDI, og registrer hvem som så nummeret.",
        "Dette kan vere eit DUF-nummer, eller eit lokalt nummer som byrjar med ein fødselsdato. Sjå "
        "asylsøkjarprovet eller brevet frå UDI, og registrer kven som såg nummeret.",
    ),
    "N-DUF-CHECK": Sentence(
        "This has the form of a DUF number, but the check digits are wrong. Compare the number with the "
        "asylum seeker's card or UDI's letter. If the number is right, record who saw it.",
        "Dette har form som et DUF-nummer, men kontrollsifrene stemmer ikke. Sammenlign nummeret med "
        "asylsøkerbeviset eller brevet fra UDI. Hvis nummeret er riktig, registrer hvem som så det.",
        "Dette har form som eit DUF-nummer, men kontrollsifra stemmer ikkje. Samanlikn nummeret med "
        "asylsøkjarprovet eller brevet frå UDI. Om nummeret er rett, registrer kven som såg det.",
    ),
    # refuse: how it is written
    "N-EMPTY": Sentence(
        "There is no number here. Leave the field empty until the person has a number.",
        "Det står ikke noe nummer her. La feltet stå tomt til personen har fått et nummer.",
        "Det står ikkje noko nummer her. Lat feltet stå tomt til personen har fått eit nummer.",
    ),
    "N-LETTERS": Sentence(
        "This contains letters or signs, so it is not a national identity number. Copy the digits from "
        "the person's letter or card.",
        "Dette inneholder bokstaver eller tegn og er ikke et nasjonalt identitetsnummer. Skriv av "
        "sifrene fra brevet eller kortet.",
        "Dette inneheld bokstavar eller teikn og er ikkje eit nasjonalt identitetsnummer. Skriv av "
        "sifra frå brevet eller kortet.",
    ),
    "N-NO-VALUE": Sentence(
        "This is an error of a spreadsheet, such as #I/T or #N/A, or what a program writes where there is no value, "
        "such as NULL. Correct the formula, or leave the field empty until the person has a number.",
        "Dette er en feil fra et regneark, som #I/T eller #N/A, eller det som et program skriver der det ikke er noen "
        "verdi, som NULL. Rett formelen, eller la feltet stå tomt til personen har fått et nummer.",
        "Dette er ein feil frå eit rekneark, som #I/T eller #N/A, eller det som eit program skriv der det ikkje er "
        "nokon verdi, som NULL. Rett formelen, eller lat feltet stå tomt til personen har fått eit nummer.",
    ),
    "N-DECIMAL": Sentence(
        "A spreadsheet has changed this to a decimal number, and a zero at the beginning is perhaps "
        "lost. Format the column as text, and enter the number again.",
        "Et regneark har gjort dette om til et desimaltall, og en null foran er kanskje borte. Formater "
        "kolonnen som tekst, og skriv nummeret på nytt.",
        "Eit rekneark har gjort dette om til eit desimaltal, og ein null framme er kanskje borte. "
        "Formater kolonnen som tekst, og skriv nummeret på nytt.",
    ),
    "N-TEN-DIGITS": Sentence(
        "This has ten digits: perhaps a spreadsheet has removed a zero at the beginning. Look at the "
        "source, format the column as text, and enter all eleven digits.",
        "Dette har ti sifre: kanskje har et regneark fjernet en null foran. Se i kilden, formater "
        "kolonnen som tekst, og skriv alle elleve sifrene.",
        "Dette har ti siffer: kanskje har eit rekneark teke bort ein null framme. Sjå i kjelda, formater "
        "kolonnen som tekst, og skriv alle elleve sifra.",
    ),
    "N-RNOKPP": Sentence(
        "This looks like a Ukrainian taxpayer number (RNOKPP), which is not a Norwegian number. Leave "
        "the field empty until the person has a D-number or fødselsnummer.",
        "Dette ser ut som et ukrainsk skattenummer (RNOKPP), som ikke er et norsk nummer. La feltet stå tomt til "
        "personen har fått D-nummer eller fødselsnummer.",
        "Dette ser ut som eit ukrainsk skattenummer (RNOKPP), som ikkje er eit norsk nummer. Lat feltet stå tomt "
        "til personen har fått D-nummer eller fødselsnummer.",
    ),
    "N-SWEDISH": Sentence(
        "This looks like a Swedish number (personnummer or samordningsnummer), which is not a Norwegian "
        "number. Leave the field empty until the person has a D-number or fødselsnummer.",
        "Dette ser ut som et svensk nummer (personnummer eller samordningsnummer), som ikke er et norsk nummer. La "
        "feltet stå tomt til personen har fått D-nummer eller fødselsnummer.",
        "Dette ser ut som eit svensk nummer (personnummer eller samordningsnummer), som ikkje er eit norsk nummer. "
        "Lat feltet stå tomt til personen har fått D-nummer eller fødselsnummer.",
    ),
    "N-DANISH": Sentence(
        "This cannot be used: it looks like a Danish number (CPR), or like a Norwegian number that was "
        "cut. Look at the person's letter or card. If the person has no Norwegian number yet, leave the field empty.",
        "Dette kan ikke brukes: det ser ut som et dansk nummer (CPR), eller som et norsk nummer som er "
        "kuttet. Se brevet eller kortet. Hvis personen ikke har fått norsk nummer ennå, la feltet stå "
        "tomt.",
        "Dette kan ikkje brukast: det ser ut som eit dansk nummer (CPR), eller som eit norsk nummer som "
        "er kutta. Sjå brevet eller kortet. Om personen ikkje har fått norsk nummer enno, lat feltet stå "
        "tomt.",
    ),
    "N-LENGTH": Sentence(
        "This has the wrong number of digits: a fødselsnummer or a D-number has eleven, and a DUF number "
        "has twelve. Copy the number again from the person's letter or card.",
        "Dette har feil antall sifre: et fødselsnummer eller et D-nummer har elleve, og et DUF-nummer "
        "har tolv. Skriv nummeret av på nytt fra brevet eller kortet.",
        "Dette har feil tal på siffer: eit fødselsnummer eller eit D-nummer har elleve, og eit "
        "DUF-nummer har tolv. Skriv nummeret av på nytt frå brevet eller kortet.",
    ),
    # refuse: something else
    "N-LOCAL-LONG": Sentence(
        "This looks like a birth date and a local serial number that a school system has made. Leave the "
        "field empty, and create the user without a number.",
        "Dette ser ut som en fødselsdato og et lokalt løpenummer som et skolesystem har laget. La feltet "
        "stå tomt, og opprett brukeren uten nummer.",
        "Dette ser ut som ein fødselsdato og eit lokalt løpenummer som eit skulesystem har laga. Lat "
        "feltet stå tomt, og opprett brukaren utan nummer.",
    ),
    "N-ALIKE": Sentence(
        "One repeated digit is not an identity number. Leave the field empty until the person has a number.",
        "Ett siffer gjentatt er ikke et identitetsnummer. La feltet stå tomt til personen har fått et nummer.",
        "Eitt siffer gjenteke er ikkje eit identitetsnummer. Lat feltet stå tomt til personen har fått eit nummer.",
    ),
    "N-FILLER": Sentence(
        "This is a birth date followed by digits that only fill the field, because the number was "
        "unknown. Leave the field empty until the person has a number.",
        "Dette er en fødselsdato fulgt av sifre som bare fyller feltet, fordi nummeret var ukjent. La "
        "feltet stå tomt til personen har fått et nummer.",
        "Dette er ein fødselsdato følgd av siffer som berre fyller feltet, fordi nummeret var ukjent. "
        "Lat feltet stå tomt til personen har fått eit nummer.",
    ),
    "N-H": Sentence(
        "This is an auxiliary number of a hospital (H-number), a test number of NAV or a student number, "
        "not a national number. Ask for the person's D-number or fødselsnummer.",
        "Dette er et hjelpenummer (H-nummer) fra helsetjenesten, et testnummer fra NAV eller et "
        "studentnummer, ikke et nasjonalt nummer. Be om personens D-nummer eller fødselsnummer.",
        "Dette er eit hjelpenummer (H-nummer) frå helsetenesta, eit testnummer frå NAV eller eit "
        "studentnummer, ikkje eit nasjonalt nummer. Be om D-nummeret eller fødselsnummeret til "
        "personen.",
    ),
    "N-FH": Sentence(
        "This is an FH-number (felles hjelpenummer) of the health service, not a national number. Ask "
        "for the person's D-number or fødselsnummer.",
        "Dette er et FH-nummer (felles hjelpenummer) fra helsetjenesten, ikke et nasjonalt nummer. Be om "
        "personens D-nummer eller fødselsnummer.",
        "Dette er eit FH-nummer (felles hjelpenummer) frå helsetenesta, ikkje eit nasjonalt nummer. Be "
        "om D-nummeret eller fødselsnummeret til personen.",
    ),
    "N-S": Sentence(
        "This is a student number (S-number) from Samordna opptak or FS, not a national number. Ask for "
        "the person's D-number or fødselsnummer.",
        "Dette er et S-nummer for studenter fra Samordna opptak eller FS, ikke et nasjonalt nummer. Be "
        "om personens D-nummer eller fødselsnummer.",
        "Dette er eit S-nummer for studentar frå Samordna opptak eller FS, ikkje eit nasjonalt nummer. "
        "Be om D-nummeret eller fødselsnummeret til personen.",
    ),
    "N-NPID": Sentence(
        "This is NAV's own number (NPID or BOST), not a national number. Ask for the person's D-number "
        "or fødselsnummer.",
        "Dette er NAVs eget nummer (NPID eller BOST), ikke et nasjonalt nummer. Be om personens "
        "D-nummer eller fødselsnummer.",
        "Dette er NAV sitt eige nummer (NPID eller BOST), ikkje eit nasjonalt nummer. Be om D-nummeret "
        "eller fødselsnummeret til personen.",
    ),
    "N-NHN": Sentence(
        "This is a synthetic test number from Norsk helsenett and belongs to nobody. Leave the field empty.",
        "Dette er et syntetisk testnummer fra Norsk helsenett og tilhører ingen. La feltet stå tomt.",
        "Dette er eit syntetisk testnummer frå Norsk helsenett og høyrer ikkje til nokon. Lat feltet stå tomt.",
    ),
    "N-TENOR": Sentence(
        "This is a synthetic number from Skatteetaten's test data (Tenor) and belongs to nobody. It can "
        "be used only in a directory that is set up as a test directory.",
        "Dette er et syntetisk nummer fra Skatteetatens testdata (Tenor) og tilhører ingen. Det kan "
        "bare brukes i en katalog som er satt opp som test.",
        "Dette er eit syntetisk nummer frå testdataa til Skatteetaten (Tenor) og høyrer ikkje til "
        "nokon. Det kan berre brukast i ein katalog som er sett opp som test.",
    ),
    "N-REAL-IN-TEST": Sentence(
        "This can be a real person's number, but this directory is set up as a test directory. Use a "
        "Tenor number instead.",
        "Dette kan være nummeret til en virkelig person, men denne katalogen er satt opp som test. Bruk "
        "et Tenor-nummer i stedet.",
        "Dette kan vere nummeret til ein verkeleg person, men denne katalogen er sett opp som test. Bruk "
        "eit Tenor-nummer i staden.",
    ),
    "N-DUF-CUT": Sentence(
        "This looks like a DUF number that has lost its last digit, because the field was too short. "
        "Enter all twelve digits from the asylum seeker's card, in a field for DUF numbers.",
        "Dette ser ut som et DUF-nummer som har mistet det siste sifferet, fordi feltet var for kort. "
        "Skriv alle tolv sifrene fra asylsøkerbeviset, i et felt for DUF-numre.",
        "Dette ser ut som eit DUF-nummer som har mist det siste sifferet, fordi feltet var for kort. "
        "Skriv alle tolv sifra frå asylsøkjarprovet, i eit felt for DUF-nummer.",
    ),
    "N-DUF-NOT-WRITTEN": Sentence(
        "This is a DUF number, and with the setting duf in [numbers] it is not written to "
        "norEduPersonNIN. The user has no number there until the person gets a D-number or fødselsnummer.",
        "Dette er et DUF-nummer, og med innstillingen duf i [numbers] skrives det ikke til "
        "norEduPersonNIN. Brukeren har ikke noe nummer der før personen får et D-nummer eller "
        "fødselsnummer.",
        "Dette er eit DUF-nummer, og med innstillinga duf i [numbers] blir det ikkje skrive til "
        "norEduPersonNIN. Brukaren har ikkje noko nummer der før personen får eit D-nummer eller "
        "fødselsnummer.",
    ),
    # refuse: no number of its kind can look so
    "N-2032": Sentence(
        "The check digits are right only by the rule for numbers issued from 2032, and no such number "
        "exists yet. Look for a typing mistake.",
        "Kontrollsifrene stemmer bare etter regelen for numre som tildeles fra 2032, og slike finnes "
        "ikke ennå. Se etter skrivefeil.",
        "Kontrollsifra stemmer berre etter regelen for nummer som blir tildelte frå 2032, og slike "
        "finst ikkje enno. Sjå etter skrivefeil.",
    ),
    "N-CHECK": Sentence(
        "The check digits are wrong, so the number has a typing mistake or is not a national number. "
        "Copy the number again from the person's letter or card.",
        "Kontrollsifrene stemmer ikke, så nummeret har en skrivefeil eller er ikke et nasjonalt nummer. "
        "Skriv nummeret av på nytt fra brevet eller kortet.",
        "Kontrollsifra stemmer ikkje, så nummeret har ein skrivefeil eller er ikkje eit nasjonalt "
        "nummer. Skriv nummeret av på nytt frå brevet eller kortet.",
    ),
    "N-NO-DATE": Sentence(
        "The number does not begin with a date that exists. Copy the number again from the person's letter or card.",
        "Nummeret begynner ikke med en dato som finnes. Skriv nummeret av på nytt fra brevet eller kortet.",
        "Nummeret byrjar ikkje med ein dato som finst. Skriv nummeret av på nytt frå brevet eller kortet.",
    ),
    "N-CENTURY": Sentence(
        "No number in this series has been issued for this birth year. Copy the number again from the "
        "person's letter or card.",
        "Det er ikke tildelt numre i denne serien for dette fødselsåret. Skriv nummeret av på nytt fra "
        "brevet eller kortet.",
        "Det er ikkje tildelt nummer i denne serien for dette fødselsåret. Skriv nummeret av på nytt frå "
        "brevet eller kortet.",
    ),
    "N-FUTURE": Sentence(
        "According to this number, the person is not born yet. Copy the number again from the person's letter or card.",
        "Etter dette nummeret er personen ikke født ennå. Skriv nummeret av på nytt fra brevet eller kortet.",
        "Etter dette nummeret er personen ikkje fødd enno. Skriv nummeret av på nytt frå brevet eller kortet.",
    ),
}
