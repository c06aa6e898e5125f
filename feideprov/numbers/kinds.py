"""The table of kinds: what a person's number, or something that looks like one, can be.

Code, documentation and tests read this one table. Where two rows fit the same digits, the earlier row is
reported. That matters only for months that two schemes share (51 and 52: H before S; 61 and 62: S, if the
check digits hold, before NPID; 66 to 72: NHN before NPID), and all of them are refused.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple


class NumberKind(StrEnum):
    """What the digits are, or look like. The values are stable."""

    FODSELSNUMMER = "fodselsnummer"
    D_NUMBER = "d-number"
    DUF = "duf-number"
    H_NUMBER = "h-number"
    NAV_TEST = "nav-test"
    S_NUMBER = "s-number"
    NHN = "nhn-synthetic"
    NPID = "npid"
    TENOR = "tenor"
    FH_NUMBER = "fh-number"
    COUNTY = "county-number"
    FILLER = "filler"
    REPEATED = "repeated-digit"
    DUF_CUT = "duf-cut"
    LOCAL_LONG = "local-long"
    TEN_DIGITS = "ten-digits"
    RNOKPP = "rnokpp"
    SWEDISH = "swedish-number"
    DANISH = "danish-number"
    LETTERS = "letters"
    WRONG_LENGTH = "wrong-length"
    UNKNOWN = "unknown"


class Sureness(StrEnum):
    """How surely the kind can be determined. The form does not separate two national numbers of the same form."""

    CERTAIN = "certain"
    HIGH = "high"
    LIKELY = "likely"


class Kind(NamedTuple):
    """One row of the table.

    `month_offset`: what is added to the true month, when the month shows the kind. `needs_check`:
    whether such a look-alike is recognized only when the check digits hold. `endings`: the last five digits, when
    they show the kind. `codes`: the verdicts that it gets; for a look-alike the first is its refusal.
    """

    kind: NumberKind
    en: str
    nb: str
    nn: str
    told_by: str
    sure: Sureness
    codes: tuple[str, ...]
    source: str
    month_offset: tuple[int, ...] = ()
    needs_check: bool = False
    endings: frozenset[str] = frozenset()


_NATIONAL_CODES: Final = (
    "N-OK",
    "N-OK-EVIDENCE",
    "N-DATE",
    "N-DATE-PARENT",
    "N-OLD",
    "N-FILLER-VALID",
    "N-EVIDENCE-FUTURE",
    "N-EVIDENCE-OLD",
    "N-2032",
    "N-NO-DATE",
    "N-CENTURY",
    "N-FUTURE",
)

KINDS: Final = (
    Kind(
        NumberKind.FODSELSNUMMER,
        "fødselsnummer",
        "fødselsnummer",
        "fødselsnummer",
        "11 digits DDMMYY III KK, two check digits, a century by III and YY",
        Sureness.LIKELY,
        (*_NATIONAL_CODES, "N-REAL-IN-TEST"),
        "Skatteetaten, «Fødselsnummer»; regulation to the population register act, § 2-2",
        (0,),
    ),
    Kind(
        NumberKind.D_NUMBER,
        "D-number",
        "D-nummer",
        "D-nummer",
        "as fødselsnummer with day + 40, and a table of centuries of its own since 2021-11-16",
        Sureness.LIKELY,
        (*_NATIONAL_CODES, "N-D-900", "N-REAL-IN-TEST"),
        "Skatteetaten/folkeregisteret-api-dokumentasjon, src/nyheter/2021-06-24-Utvide-dnr-serie.md",
        (0,),
    ),
    Kind(
        NumberKind.DUF,
        "DUF number",
        "DUF-nummer",
        "DUF-nummer",
        "12 digits YYYY LLLLLL KK, the year 1985 or later, KK by weights mod 11",
        Sureness.LIKELY,
        (
            *("N-OK", "N-OK-EVIDENCE", "N-DUF-SWEDISH", "N-DUF-LOCAL", "N-DUF-CHECK", "N-DUF-NOT-WRITTEN"),
            *("N-EVIDENCE-FUTURE", "N-EVIDENCE-OLD"),
        ),
        "udi.no, «DUF-nummer»; the check: statisticsnorway/kostra-kontrollprogram, tonneask/norsk-nummer-validering",
    ),
    Kind(
        NumberKind.H_NUMBER,
        "hospital number (H-number)",
        "hjelpenummer (H-nummer)",
        "hjelpenummer (H-nummer)",
        "month 41–52 (day may be + 40); 51 and 52 can be a student number too",
        Sureness.HIGH,
        ("N-H",),
        "ehelse.no, HIS 1001:2010",
        (40,),
    ),
    Kind(
        NumberKind.NAV_TEST,
        "test number of NAV (Dolly)",
        "NAVs testnummer (Dolly)",
        "testnummer frå NAV (Dolly)",
        "month 41–52, as the H-number has it; the two cannot be distinguished, so the verdict names the kind H-number",
        Sureness.LIKELY,
        ("N-H",),
        "navikt/fnrvalidator issue 116, 2021-02-08",
    ),
    Kind(
        NumberKind.S_NUMBER,
        "student number (S-number)",
        "S-nummer for studenter",
        "S-nummer for studentar",
        "month 51–62 (day may be + 40), check digits hold",
        Sureness.HIGH,
        ("N-S",),
        "Samordna opptak: support.nmbu.no, «S-nummer (SNR)»; ansatt.oslomet.no, «Bestilling av SNR»",
        (50,),
        True,
    ),
    Kind(
        NumberKind.NHN,
        "synthetic number of Norsk helsenett",
        "syntetisk nummer fra Norsk helsenett",
        "syntetisk nummer frå Norsk helsenett",
        "month 66–77 (day may be + 40)",
        Sureness.HIGH,
        ("N-NHN",),
        "Norsk helsenett, synthetic test persons",
        (65,),
    ),
    Kind(
        NumberKind.NPID,
        "NAV's own number (NPID, BOST)",
        "NAVs eget nummer (NPID, BOST)",
        "NAV sitt eige nummer (NPID, BOST)",
        "month 21–32, as a test number 61–72 (day may be + 40)",
        Sureness.HIGH,
        ("N-NPID",),
        "NAV, navikt on GitHub (NavPersonIdent)",
        (20, 60),
    ),
    Kind(
        NumberKind.TENOR,
        "Tenor number (synthetic)",
        "Tenor-nummer (syntetisk)",
        "Tenor-nummer (syntetisk)",
        "month 81–92 (day may be + 40)",
        Sureness.CERTAIN,
        (*(code for code in _NATIONAL_CODES if code != "N-FILLER-VALID"), "N-TENOR", "N-CHECK"),
        "Skatteetaten, Tenor testdata; folkeregisteret-api-dokumentasjon, src/dokumenter/foedselsnummer.csv",
        (80,),
    ),
    Kind(
        NumberKind.FH_NUMBER,
        "common hospital number (FH-number)",
        "felles hjelpenummer (FH-nummer)",
        "felles hjelpenummer (FH-nummer)",
        "first digit 8 or 9, check digits hold, no date",
        Sureness.HIGH,
        ("N-FH",),
        "ehelse.no, HIS 1001:2010 (Felles H-nummer)",
    ),
    Kind(
        NumberKind.COUNTY,
        "county number (fin, VIGO)",
        "fylkeskommunalt nummer (fin, VIGO)",
        "fylkeskommunalt nummer (fin, VIGO)",
        "form of a D-number with III 900–999, check digits hold; a real D-number can have it too, "
        "so the verdict names the kind D-number",
        Sureness.LIKELY,
        ("N-D-900",),
        "docs.feide.no, info_go 2018-03 (norEduPersonLIN); Udir, Registreringshåndbok A01, 2017-05-05",
    ),
    Kind(
        NumberKind.FILLER,
        "filler (statistics, SAP)",
        "fyllnummer (statistikk, SAP)",
        "fyllnummer (statistikk, SAP)",
        "a date and then 55555, 77777, 88888, 99999 or, with any digit X, 00X00 (SAP; statistics use 00000, 00100 and "
        "00200); a real number can end so",
        Sureness.LIKELY,
        ("N-FILLER", "N-FILLER-VALID"),
        "statisticsnorway/kostra-kontrollprogram, SsnValidationUtilsTest.kt",
        endings=frozenset({"55555", "77777", "88888", "99999", *(f"00{x}00" for x in range(10))}),
    ),
    Kind(
        NumberKind.REPEATED,
        "one digit repeated",
        "ett siffer gjentatt",
        "eitt siffer gjenteke",
        "all digits alike",
        Sureness.CERTAIN,
        ("N-ALIKE",),
        "no date and check digits fit it by the rule of 1964",
    ),
    Kind(
        NumberKind.DUF_CUT,
        "DUF number cut to 11 digits",
        "DUF-nummer kuttet til 11 sifre",
        "DUF-nummer kutta til 11 siffer",
        "begins with a year from 1985, the last digit is the first check digit of a DUF number, "
        "the check digits of a fødselsnummer do not hold",
        Sureness.LIKELY,
        ("N-DUF-CUT",),
        "follows from the form of the DUF number",
    ),
    Kind(
        NumberKind.LOCAL_LONG,
        "long local number",
        "langt lokalt nummer",
        "langt lokalt nummer",
        "DDMMYY and six or more digits; one that also has the form of a DUF number asks for evidence",
        Sureness.LIKELY,
        ("N-LOCAL-LONG",),
        "vendors' advice to school owners",
    ),
    Kind(
        NumberKind.TEN_DIGITS,
        "ten digits",
        "ti sifre",
        "ti siffer",
        "ten digits: a spreadsheet drops a leading zero",
        Sureness.LIKELY,
        ("N-TEN-DIGITS",),
        "how spreadsheets read digits as a number",
    ),
    Kind(
        NumberKind.RNOKPP,
        "Ukrainian taxpayer number (RNOKPP)",
        "ukrainsk skattenummer (RNOKPP)",
        "ukrainsk skattenummer (RNOKPP)",
        "ten digits with the check digit of the RNOKPP; the first five count the days from 1899-12-31 to a birth "
        "date at most 110 years back; no number that lost a leading zero",
        Sureness.LIKELY,
        ("N-RNOKPP",),
        "Державна податкова служба України, «Реєстр фізичних осіб – платників податків»; stdnum.ua.rntrc",
    ),
    Kind(
        NumberKind.SWEDISH,
        "Swedish number (personnummer, samordningsnummer)",
        "svensk nummer (personnummer, samordningsnummer)",
        "svensk nummer (personnummer, samordningsnummer)",
        "YYMMDD and four digits, or YYYYMMDD and four, day + 60 in a samordningsnummer, the last ten keep Luhn's "
        "check; twelve digits from 1985 on also have the form of a DUF number and ask for evidence",
        Sureness.LIKELY,
        ("N-SWEDISH", "N-DUF-SWEDISH"),
        "Skatteverket, «Personnummer», «Samordningsnummer»; stdnum.luhn",
    ),
    Kind(
        NumberKind.DANISH,
        "Danish number (CPR)",
        "dansk nummer (CPR)",
        "dansk nummer (CPR)",
        "ten digits DDMMYY and four, the seventh shows the century; no check digit since 2007",
        Sureness.LIKELY,
        ("N-DANISH",),
        "cpr.dk, «Personnumre uden kontrolciffer (modulus 11 kontrol)»; stdnum.dk.cpr",
    ),
    Kind(
        NumberKind.LETTERS,
        "letters or signs",
        "bokstaver eller tegn",
        "bokstavar eller teikn",
        "something besides digits and the separators people write",
        Sureness.CERTAIN,
        ("N-LETTERS", "N-NO-VALUE", "N-DECIMAL"),
        "every national number is digits only",
    ),
    Kind(
        NumberKind.WRONG_LENGTH,
        "wrong length",
        "feil lengde",
        "feil lengd",
        "neither 10, 11 nor 12 digits, or 12 without the year of a DUF number",
        Sureness.CERTAIN,
        ("N-EMPTY", "N-LENGTH"),
        "a fødselsnummer and a D-number have 11 digits, a DUF number 12",
    ),
    Kind(
        NumberKind.UNKNOWN,
        "nothing known",
        "ukjent",
        "ukjend",
        "eleven digits that fit no row above",
        Sureness.CERTAIN,
        ("N-CHECK", "N-NO-DATE"),
        "—",
    ),
)

FILLER_ENDINGS: Final[frozenset[str]] = frozenset().union(*(row.endings for row in KINDS))
"""The last five digits of fillers."""
